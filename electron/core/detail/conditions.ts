import type { Filter } from '../../../shared/contract/values.ts';
import { isClass, joinSame } from '../costs/scope.ts';
import { identifier, literal } from '../ingest/duck.ts';
import { canonicalTags } from '../ingest/tags.ts';
import type { OpenedDetail } from './charges.ts';
import { type ClassTuples, impliedFilters } from './class-tuples.ts';
import type { Asking } from './reader.ts';
import type { LoadInSlice, Slice } from './scope.ts';

/** A tag set as the store has it; what cannot be read is kept under a name of its own. */
export function tagSet(text: string | null): Record<string, string | null> {
  const canonical = canonicalTags(text);
  if (canonical === undefined) return { unreadable: text };
  return canonical === null ? {} : (JSON.parse(canonical) as Record<string, string | null>);
}

const ofBill = ({ dimension }: Filter) => !isClass(dimension);
const isTag = ({ dimension }: Filter) => dimension.startsWith('tag:');

/**
 * Conditions on the file's own columns without which no line can match. They leave out most of a
 * file unread; what they let through is looked at by `chargeConditions`.
 */
export function ownConditions(opened: OpenedDetail, { filters, classes }: Slice): OwnCondition[] {
  const implied = classes ? impliedFilters(classes).map((one) => ({ ...one, not: false })) : [];
  return [...joinSame(filters.filter(ofBill)), ...implied].flatMap((filter) => {
    const { dimension, values, not } = filter;
    const columns = isTag(filter) ? [] : opened.plain(dimension);
    if (not || columns.length === 0 || values.includes(null) || values.includes('')) return [];
    const list = values.map((value) => literal(value ?? '')).join(', ');
    const sql = `(${columns.map((column) => `${column} IN (${list})`).join(' OR ')})`;
    return [{ sql, filter, isExact: columns.length === 1 }];
  });
}

interface OwnCondition {
  sql: string;
  filter: Filter;
  /** It lets through what the filter does, and nothing else. */
  isExact: boolean;
}

/** The slice as conditions on canonical charges, tags compared as the store compares them. */
export async function chargeConditions(
  asking: Asking,
  only: LoadInSlice['only'],
  charges: () => string,
  { from, to, filters, classes }: Slice,
): Promise<string> {
  const conditions: string[] = [];
  const day = 'coalesce("start day", "period start day")';
  if (from !== undefined) conditions.push(`${day} >= DATE ${literal(from)}`);
  if (to !== undefined) conditions.push(`${day} < DATE ${literal(to)}`);
  if (only) conditions.push(keyCondition(only));
  const joined = joinSame(filters.filter(ofBill));
  for (const { dimension, values, not } of joined.filter((filter) => !isTag(filter))) {
    const list = values.map((value) => literal(value ?? '')).join(', ');
    conditions.push(`coalesce(${identifier(dimension)}, '') ${not ? 'NOT ' : ''}IN (${list})`);
  }
  const tags = joined.filter(isTag);
  if (tags.length > 0) {
    const rest = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
    const texts = await asking.rows(`SELECT DISTINCT tags FROM (${charges()}) ${rest}`);
    conditions.push(
      tagCondition(
        tags,
        texts.map((row) => row['tags'] as string | null),
      ),
    );
  }
  if (classes) conditions.push(await classCondition(asking, charges, classes));
  return conditions.length === 0 ? 'true' : conditions.join(' AND ');
}

function storedTags(text: string | null): string {
  const set = tagSet(text);
  return Object.keys(set).length === 0 ? '' : JSON.stringify(set);
}

/** Tags are spelled in ways of their own in each file: those spelled so are asked for first. */
async function classCondition(
  asking: Asking,
  charges: () => string,
  { dimensions, tuples }: ClassTuples,
): Promise<string> {
  const tags = dimensions.indexOf('tags');
  let all = tuples;
  if (tags >= 0) {
    const spelled = Map.groupBy(
      (await asking.rows(`SELECT DISTINCT tags FROM (${charges()})`)).map(
        (row) => row['tags'] as string | null,
      ),
      storedTags,
    );
    all = tuples.flatMap((tuple) =>
      (spelled.get(tuple[tags] ?? '') ?? []).map((text) => tuple.with(tags, text ?? '')),
    );
  }
  if (all.length === 0) return 'false';
  const columns = dimensions.map((name) => `coalesce(${identifier(name)}, '')`);
  const texts = dimensions.map((_, place) => `tuple[${place + 1}]`);
  const list = `SELECT ${texts.join(', ')} FROM
    (SELECT unnest(from_json(${literal(JSON.stringify(all))}, '[["VARCHAR"]]')) AS tuple)`;
  return `(${columns.join(', ')}) IN (${list})`;
}

function keyCondition(keys: NonNullable<LoadInSlice['only']>): string {
  const list = keys.map(
    ({ provider, billingAccount, billingPeriod }) =>
      `(${[provider, billingAccount, billingPeriod].map(literal).join(', ')})`,
  );
  return `(coalesce(provider, ''), coalesce("billing-account", ''),
    strftime("period start day", '%Y-%m')) IN (${list.join(', ')})`;
}

/** A file spells few tag sets, so they are compared here and their spellings asked for. */
function tagCondition(
  filters: readonly (Filter & { not: boolean })[],
  texts: readonly (string | null)[],
): string {
  const matching = texts.filter((text) => {
    const set = tagSet(text);
    return filters.every(({ dimension, values, not }) => {
      const key = dimension.slice(4);
      const value = (Object.hasOwn(set, key) ? set[key] : null) ?? '';
      return values.some((wanted) => (wanted ?? '') === value) !== not;
    });
  });
  const spelled = matching.filter((text) => text !== null);
  const list = `SELECT unnest(from_json(${literal(JSON.stringify(spelled))}, '["VARCHAR"]'))`;
  const isSpelled = spelled.length === 0 ? 'false' : `coalesce(tags IN (${list}), false)`;
  return matching.includes(null) ? `(tags IS NULL OR ${isSpelled})` : isSpelled;
}
