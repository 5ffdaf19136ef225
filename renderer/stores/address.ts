import type { Filter } from '../../shared/contract/values.ts';
import { isDay } from '../../shared/domain/calendar.ts';
import { type Purpose, purposes } from '../../shared/workloads/purposes.ts';
import {
  type Choices,
  choose,
  defaultChoices,
  type Page,
  pages,
  useChoices,
  type WhatIf,
  withPatch,
} from './choices.ts';
import { parsePeriod, periodText } from './period.ts';
import { isDimension, isMetric } from './words.ts';

/** The address of a view: "#/costs?period=2026-10&is=service=Compute+Engine". */
export function addressOf(choices: Choices): string {
  const parts = new URLSearchParams();
  const { period, metric, currency, by, granularity, compare, filters, table, lines } = choices;
  if (period.kind !== 'latest') parts.set('period', periodText(period));
  if (metric !== defaultChoices.metric) parts.set('metric', metric);
  if (currency !== undefined) parts.set('currency', currency ?? '');
  if (by.join() !== defaultChoices.by.join()) for (const name of by) parts.append('by', name);
  if (granularity !== 'auto') parts.set('each', granularity);
  if (!compare) parts.set('compare', 'no');
  if (table) parts.set('view', 'table');
  if (lines) parts.set('lines', lines.sort);
  if (lines && lines.line !== null) parts.set('line', String(lines.line + 1));
  if (choices.changes !== null) parts.set('changes', choices.changes);
  if (choices.purpose !== null) parts.set('purpose', choices.purpose);
  if (choices.workload !== null) parts.set('workload', choices.workload);
  if (choices.rules) parts.set('rules', 'edit');
  if (choices.provider !== null) parts.set('cloud', choices.provider);
  writeWhatIf(choices.whatIf, parts);
  if (choices.action !== null) parts.set('action', choices.action);
  for (const filter of filters) {
    for (const value of filter.values) {
      // A tag key may hold an equals sign, which ends the dimension here.
      const name = encodeURIComponent(filter.dimension);
      parts.append(filter.not ? 'not' : 'is', `${name}=${value ?? ''}`);
    }
  }
  const query = parts.toString();
  return `#/${choices.page}${query === '' ? '' : `?${query}`}`;
}

/** What an address asks for; what it does not say or says wrongly is the default. */
export function readAddress(hash: string): Choices {
  const [path = '', query = ''] = splitOnce(hash.replace(/^#\/?/, ''), '?');
  const parts = new URLSearchParams(query);
  const page = (pages as readonly string[]).includes(path) ? (path as Page) : 'overview';
  const metric = parts.get('metric');
  const [first, second] = parts.getAll('by').filter(isDimension);
  const each = parts.get('each');
  const currency = parts.get('currency');
  const changes = parts.get('changes') ?? '';
  const purpose = parts.get('purpose') ?? '';
  return {
    page,
    period: parsePeriod(parts.get('period') ?? '') ?? defaultChoices.period,
    metric: isMetric(metric) ? metric : defaultChoices.metric,
    currency: currency === null ? undefined : currency === '' ? null : currency,
    by: first === undefined ? defaultChoices.by : second === undefined ? [first] : [first, second],
    granularity: each === 'day' || each === 'month' ? each : 'auto',
    compare: parts.get('compare') !== 'no',
    filters: readFilters(parts),
    table: parts.get('view') === 'table',
    lines: readLines(parts),
    changes: /^\d{4}-(0[1-9]|1[0-2])$/.test(changes) ? changes : null,
    purpose: (purposes as readonly string[]).includes(purpose) ? (purpose as Purpose) : null,
    workload: parts.get('workload') || null,
    rules: parts.get('rules') === 'edit',
    provider: parts.get('cloud') || null,
    whatIf: readWhatIf(parts),
    action: parts.get('action') || null,
  };
}

function writeWhatIf(whatIf: WhatIf, parts: URLSearchParams): void {
  const { mostLoss, maxTermMonths, maxCash, usage, off, ends } = whatIf;
  if (mostLoss !== null) parts.set('risk', String(mostLoss));
  if (maxTermMonths !== null) parts.set('term', String(maxTermMonths));
  if (maxCash !== null) parts.set('cash', String(maxCash));
  if (usage !== null) parts.set('usage', String(usage));
  for (const id of off) parts.append('off', id);
  for (const [id, day] of Object.entries(ends)) parts.append('ends', `${day} ${id}`);
}

/** Numbers outside what the plan takes are as good as not said. */
function readWhatIf(parts: URLSearchParams): WhatIf {
  const number = (name: string, least: number, most: number, whole: boolean) => {
    const text = parts.get(name) ?? '';
    if (!/^\d{1,12}(\.\d{1,6})?$/.test(text)) return null;
    const value = Number(text);
    return value >= least && value <= most && (!whole || Number.isInteger(value)) ? value : null;
  };
  return {
    mostLoss: number('risk', 0.01, 0.5, false),
    maxTermMonths: parts.get('term') === 'any' ? 'any' : number('term', 1, 60, true),
    maxCash: number('cash', 0, 1e12, false),
    usage: number('usage', 0.1, 10, false),
    off: [...new Set(parts.getAll('off').filter((id) => id !== ''))],
    ends: Object.fromEntries(
      parts.getAll('ends').flatMap((text) => {
        const [day = '', id = ''] = splitOnce(text, ' ');
        return isDay(day) && id !== '' ? [[id, day]] : [];
      }),
    ),
  };
}

function readLines(parts: URLSearchParams): Choices['lines'] {
  const sort = parts.get('lines');
  if (sort !== 'cost' && sort !== 'time') return null;
  const line = parts.get('line') ?? '';
  return { sort, line: /^[1-9]\d{0,8}$/.test(line) ? Number(line) - 1 : null };
}

function readFilters(parts: URLSearchParams): Filter[] {
  const filters: Filter[] = [];
  for (const [key, text] of parts) {
    if (key !== 'is' && key !== 'not') continue;
    const [name = '', value = ''] = splitOnce(text, '=');
    const dimension = decodeDimension(name);
    if (dimension === null) continue;
    const not = key === 'not';
    const found = filters.find((f) => f.dimension === dimension && (f.not ?? false) === not);
    const asked = value === '' ? null : value;
    if (found) found.values.push(asked);
    else filters.push(not ? { dimension, values: [asked], not } : { dimension, values: [asked] });
  }
  return filters;
}

function decodeDimension(text: string) {
  try {
    const name = decodeURIComponent(text);
    return isDimension(name) ? name : null;
  } catch {
    return null;
  }
}

function splitOnce(text: string, at: string): string[] {
  const index = text.indexOf(at);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}

/** The address that differs from the present view only in `patch`. */
export function useLink(): (patch: Partial<Choices>) => string {
  const choices = useChoices();
  return (patch) => addressOf(withPatch(choices, patch));
}

/**
 * Keeps choices and address the same, in both directions. A change of page, and a look at lines, at
 * one workload or at the rules, is a step that the window can go back from; other choices overwrite
 * the present step.
 */
export function mirrorAddress(): void {
  choose(readAddress(window.location.hash));
  history.replaceState(null, '', addressOf(useChoices.getState()));
  useChoices.subscribe((now, before) => {
    const address = addressOf(now);
    if (address === window.location.hash) return;
    const isStep =
      now.page !== before.page ||
      now.workload !== before.workload ||
      now.rules !== before.rules ||
      (now.lines === null) !== (before.lines === null);
    if (isStep) history.pushState(null, '', address);
    else history.replaceState(null, '', address);
  });
  window.addEventListener('hashchange', () => choose(readAddress(window.location.hash)));
}
