import { readFileSync } from 'node:fs';
import { exactDecimals, parseExact } from '../../shared/domain/exact.ts';
import { sampleDataPath } from './sampleData.ts';

/**
 * A small interpreter of the machine-readable requirements of FOCUS 1.2. It takes every provider
 * to support everything (the strictest reading), and a rule at its words where the model encodes
 * them; what the model says in prose alone is not evaluated.
 */
export interface Table {
  /** Column to its type as DuckDB names it. */
  types: ReadonlyMap<string, string>;
  /** Cells as text, null where there is no value. */
  rows: readonly Readonly<Record<string, string | null>>[];
}

export interface Verdict {
  rule: string;
  keyword: string;
  words: string;
  /** `void`: nothing in the table that the rule speaks of. `prose`: not machine-readable. */
  status: 'pass' | 'fail' | 'void' | 'prose';
  /** Rows (for a column, 1) that break the rule. */
  broken: number;
}

interface Check {
  CheckFunction: string;
  Items?: Check[];
  ModelRuleId?: string;
  ColumnName?: string;
  ColumnAName?: string;
  ColumnBName?: string;
  ResultColumnName?: string;
  Value?: string | number | null | undefined;
  ExpectedCount?: number;
}

interface Rule {
  Function: string;
  Reference: string;
  EntityType: string;
  Type: string;
  ValidationCriteria: {
    MustSatisfy: string;
    Keyword: string;
    Requirement: Partial<Check>;
    Condition: Partial<Check>;
  };
}

type Row = Table['rows'][number];

const numeric = /^-?(\d+(\.\d+)?|\.\d+)(E-?\d+)?$/;
const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

const is = (ColumnName: string, Value: Check['Value']): Check => ({
  CheckFunction: 'CheckValue',
  ColumnName,
  Value,
});
const isNot = (ColumnName: string, Value: Check['Value']): Check => ({
  CheckFunction: 'CheckNotValue',
  ColumnName,
  Value,
});
const all = (...Items: Check[]): Check => ({ CheckFunction: 'AND', Items });
const any = (...Items: Check[]): Check => ({ CheckFunction: 'OR', Items });

/**
 * Rules whose encoding in the model contradicts their own words: read by their words. Null is a
 * rule whose condition the model leaves out and no column tells.
 */
export const corrected: Record<string, { requirement: Check; condition?: Check } | null> = {
  // Encoded the other way round.
  'CommitmentDiscountStatus-C-003-C': {
    requirement: is('CommitmentDiscountStatus', null),
    condition: is('CommitmentDiscountId', null),
  },
  'CommitmentDiscountStatus-C-004-C': {
    requirement: isNot('CommitmentDiscountStatus', null),
    condition: all(isNot('CommitmentDiscountId', null), is('ChargeCategory', 'Usage')),
  },
  // Encoded with "Active", "Expired" and "Pending".
  'CommitmentDiscountStatus-C-005-M': {
    requirement: any(
      is('CommitmentDiscountStatus', 'Used'),
      is('CommitmentDiscountStatus', 'Unused'),
    ),
  },
  // Encoded for corrections, and without what the rule around it says.
  'ConsumedQuantity-C-006-C': {
    requirement: isNot('ConsumedQuantity', null),
    condition: all(
      is('ChargeCategory', 'Usage'),
      isNot('CommitmentDiscountStatus', 'Unused'),
      isNot('ChargeClass', 'Correction'),
    ),
  },
  // "When the charge is (not) associated with an invoice."
  'InvoiceId-C-004-C': null,
  'InvoiceId-C-005-C': null,
  // "And the purchase is intended to cover future eligible charges."
  'EffectiveCost-C-005-C': null,
};

export function readRules(): Record<string, Rule> {
  const path = sampleDataPath('focus-spec', 'requirements-model-1.2.json');
  return (JSON.parse(readFileSync(path, 'utf8')) as { ModelRules: Record<string, Rule> })
    .ModelRules;
}

function readCurrencies(): Set<string> {
  const text = readFileSync(sampleDataPath('focus-spec', 'currency-codes.csv'), 'utf8');
  return new Set(text.split(/\r?\n/).map((line) => line.split(',')[1] ?? ''));
}

export function evaluateRules(rules: Record<string, Rule>, table: Table): Map<string, Verdict> {
  const currencies = readCurrencies();
  const verdicts = new Map<string, Verdict>();
  const evaluate = (id: string): Verdict => {
    let verdict = verdicts.get(id);
    if (!verdict) {
      const rule = rules[id];
      if (!rule) throw new RangeError(`no rule ${id}`);
      const { Keyword: keyword, MustSatisfy: words } = rule.ValidationCriteria;
      verdict = { rule: id, keyword, words, ...judge(id, rule) };
      verdicts.set(id, verdict);
    }
    return verdict;
  };

  function judge(id: string, rule: Rule): Pick<Verdict, 'status' | 'broken'> {
    const { Requirement, Condition, Keyword } = rule.ValidationCriteria;
    const correction = corrected[id];
    if (correction === null) return { status: 'prose', broken: 0 };
    const condition = correction ? correction.condition : Condition;
    if (rule.Type === 'Dynamic' || Requirement.CheckFunction === 'FormatUnit') {
      return { status: 'prose', broken: 0 };
    }
    const requirement = correction?.requirement ?? (Requirement as Check);
    // A composite speaks of the same things as its parts, so it stands and falls with them.
    if (rule.Function === 'Composite') return judgeParts(requirement);
    // A permission cannot be broken.
    if (Keyword === 'MAY') return { status: 'void', broken: 0 };
    if (requirement.CheckFunction === 'ColumnPresent') {
      return outcome(1, table.types.has(requirement.ColumnName ?? '') ? 0 : 1);
    }
    if (columnsOf(requirement).some((column) => !table.types.has(column))) {
      return { status: 'void', broken: 0 };
    }
    const type = typeCheck(requirement);
    if (type)
      return outcome(1, type.test(table.types.get(requirement.ColumnName ?? '') ?? '') ? 0 : 1);
    const subject = columnsOf(requirement)[0] ?? '';
    const applies = table.rows.filter(
      (row) =>
        (condition?.CheckFunction === undefined || holds(condition as Check, row)) &&
        // What an empty cell may be is said by the rules on nulls alone.
        (rule.Function === 'Nullability' || (row[subject] ?? null) !== null),
    );
    if (requirement.CheckFunction === 'CheckDistinctCount') {
      return outcome(applies.length, surplusParents(requirement, applies));
    }
    return outcome(applies.length, applies.filter((row) => !holds(requirement, row)).length);
  }

  function judgeParts(requirement: Check): Pick<Verdict, 'status' | 'broken'> {
    const parts = (requirement.Items ?? []).map((item) => evaluate(item.ModelRuleId ?? ''));
    const judged = parts.filter(({ status }) => status === 'pass' || status === 'fail');
    if (judged.length === 0) return { status: 'void', broken: 0 };
    const failed = judged.filter(
      ({ status, keyword }) => status === 'fail' && keyword.startsWith('MUST'),
    );
    const broken =
      requirement.CheckFunction === 'OR' && failed.length < judged.length ? 0 : failed.length;
    return outcome(1, broken);
  }

  function holds(check: Check, row: Row): boolean {
    const cell = row[check.ColumnName ?? ''] ?? null;
    switch (check.CheckFunction) {
      case 'AND':
        return (check.Items ?? []).every((item) => holds(item, row));
      case 'OR':
        return (check.Items ?? []).some((item) => holds(item, row));
      case 'CheckValue':
        return same(cell, check.Value ?? null);
      case 'CheckNotValue':
        return !same(cell, check.Value ?? null);
      case 'CheckSameValue':
        return row[check.ColumnAName ?? ''] === row[check.ColumnBName ?? ''];
      case 'CheckNotSameValue': {
        // Two of which one is unknown are not known to differ.
        const [a, b] = [row[check.ColumnAName ?? ''] ?? null, row[check.ColumnBName ?? ''] ?? null];
        return a !== null && b !== null && a !== b;
      }
      case 'ColumnByColumnEqualsColumnValue': {
        const exact = (column = '') => parseExact(row[column] ?? '');
        const [a, b] = [exact(check.ColumnAName), exact(check.ColumnBName)];
        const product = exact(check.ResultColumnName);
        if (a === null || b === null || product === null) return false;
        return a * b === product * 10n ** BigInt(exactDecimals);
      }
      case 'CheckGreaterOrEqualThanValue':
        return Number(cell) >= Number(check.Value);
      case 'CheckDecimalValue':
      case 'FormatNumeric':
        return cell === null || numeric.test(cell);
      case 'FormatDateTime':
        return cell === null || (dateTime.test(cell) && !Number.isNaN(Date.parse(cell)));
      case 'FormatString':
        return cell === null || (cell.trim() !== '' && !cell.includes('\uFFFD'));
      case 'FormatCurrency':
      case 'CheckNationalCurrency':
        return cell === null || currencies.has(cell);
      case 'FormatKeyValue':
        return cell === null || isKeyValue(cell);
      default:
        throw new RangeError(`no such check: ${check.CheckFunction}`);
    }
  }

  for (const id of Object.keys(rules)) evaluate(id);
  return verdicts;
}

function outcome(applied: number, broken: number): Pick<Verdict, 'status' | 'broken'> {
  if (applied === 0) return { status: 'void', broken: 0 };
  return { status: broken === 0 ? 'pass' : 'fail', broken };
}

function columnsOf(check: Check): string[] {
  const { ColumnName, ColumnAName, ColumnBName, ResultColumnName } = check;
  const own = [ColumnName, ColumnAName, ColumnBName, ResultColumnName];
  return [
    ...own.filter((column) => column !== undefined),
    ...(check.Items ?? []).flatMap(columnsOf),
  ];
}

function typeCheck({ CheckFunction: name }: Check): RegExp | null {
  switch (name) {
    case 'TypeDecimal':
      return /^DECIMAL\(38,/;
    case 'TypeDateTime':
      return /^TIMESTAMP WITH TIME ZONE$/;
    case 'TypeString':
      return /^VARCHAR$/;
    default:
      return null;
  }
}

/** Rows whose value has more than the expected number of values of the other column. */
function surplusParents(check: Check, rows: readonly Row[]): number {
  const parents = new Map<string, Set<string>>();
  for (const row of rows) {
    const [child, parent] = [row[check.ColumnAName ?? ''], row[check.ColumnBName ?? '']];
    if (!child || !parent) continue;
    parents.set(child, (parents.get(child) ?? new Set()).add(parent));
  }
  return [...parents.values()].filter((set) => set.size > (check.ExpectedCount ?? 1)).length;
}

function same(cell: string | null, value: string | number | null): boolean {
  if (value === null || cell === null) return cell === value;
  return typeof value === 'number' ? Number(cell) === value : cell === value;
}

function isKeyValue(text: string): boolean {
  try {
    const parsed: unknown = JSON.parse(text);
    return (
      typeof parsed === 'object' &&
      parsed !== null &&
      !Array.isArray(parsed) &&
      Object.values(parsed).every((value) => value === null || typeof value !== 'object')
    );
  } catch {
    return false;
  }
}
