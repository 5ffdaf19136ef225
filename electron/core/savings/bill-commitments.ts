import type { CommitmentKind } from '../../../shared/analysis/model.ts';
import { dayNumber, dayText } from '../../../shared/domain/calendar.ts';
import type { Cube } from '../store/cube.ts';
import { daysOf } from '../workloads/sums.ts';
import { type DaySpan, type Fleet, type GroupedUse, isPrepaid, type UseSums } from './bill-use.ts';
import { dayWords } from './describe.ts';

/** A commitment as the bill shows it. Money in the currency of the bill. */
export interface BillCommitment {
  id: string;
  name: string;
  provider: string;
  account: string | null;
  accountName: string | null;
  /** Null where the bill does not say what it is. */
  kind: CommitmentKind | null;
  type: string;
  /** Money an hour of plans, machines of reservations. */
  amount: number;
  /** Hourly, of one unit of the amount. */
  feePerUnit: number;
  family: string | null;
  region: string | null;
  sku: string | null;
  /** Days since 1970-01-01 UTC: the first charge, and the day after the last. */
  firstDay: number;
  /** The bill begins with it: when it really began is not known. */
  startsBefore: boolean;
  /** First day on which it is gone; null where nothing tells. */
  endDay: number | null;
  endReason: string;
  /** What it covered in the window. */
  covers: { fleet: Fleet; hours: number; effective: number; onDemand: number }[];
  /** Of the window. */
  used: number;
  unused: number;
  /** Commitment of the group in the ledger. */
  place: number;
}

/** Months of its term as names and meters say it: "1yr", "3 year", "36 months"; null: not said. */
export function termIn(text: string): number | null {
  const years = /(\d+)[\s-]?y(?:ea)?rs?\b|(\d+)yr/i.exec(text);
  if (years) return 12 * Number(years[1] ?? years[2]);
  const months = /(\d+)[\s-]?mo(?:nth)?s?\b/i.exec(text);
  return months ? Number(months[1]) : null;
}

/** What kind of commitment an id, name and meter speak of. */
export function kindIn(id: string, words: string): { kind: CommitmentKind | null; type: string } {
  const text = `${id} ${words}`;
  if (/savings[-_ ]?plan/i.test(id) || /\b(?:SP|savings plan)\b/i.test(words)) {
    if (/sagemaker|machine ?learning/i.test(text))
      return { kind: 'csp', type: 'SageMaker Savings Plan' };
    if (/ec2 ?instance/i.test(text)) return { kind: 'isp', type: 'EC2 Instance Savings Plan' };
    return {
      kind: 'csp',
      type: /azure|microsoft/i.test(text) ? 'Azure savings plan' : 'Compute Savings Plan',
    };
  }
  if (/flex/i.test(words) && /commitment/i.test(text)) return { kind: 'csp', type: 'Flexible CUD' };
  if (/compute\.googleapis\.com.*commitments\//i.test(id))
    return { kind: 'ri', type: 'Resource-based CUD' };
  if (/reserved-instances|\bRI\b/i.test(text)) return { kind: 'ri', type: 'Reserved Instance' };
  if (/reservation/i.test(text)) return { kind: 'ri', type: 'Reservation' };
  return { kind: null, type: 'Commitment' };
}

/** Adds whole months to a day, as terms run: 9 Dec 2025 and 12 months is 9 Dec 2026. */
export function addTerm(day: number, months: number): number {
  const text = dayText(day);
  const index = Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7)) - 1 + months;
  const month = `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`;
  const last = new Date(Date.UTC(Math.floor(index / 12), (index % 12) + 1, 0)).getUTCDate();
  return dayNumber(`${month}-${String(Math.min(Number(text.slice(8)), last)).padStart(2, '0')}`);
}

/**
 * The commitments that the window has charges of. Their size is what was used and left unused of
 * them; their end is the first charge plus the term where the bill says it, or what the owner states.
 */
export function commitmentsOf(
  cube: Cube,
  grouped: GroupedUse,
  sums: UseSums,
  window: DaySpan,
  ledger: DaySpan,
  stated: Readonly<Record<string, string>>,
): BillCommitment[] {
  const texts = cube.values('commitment');
  const names = cube.names('commitment');
  const seen = firstAndLast(cube, ledger);
  const meters = metersOf(cube);
  const found = new Map<number, BillCommitment & { daily: Float64Array; quantity: Float64Array }>();
  const one = (place: number, provider: string) => {
    let commitment = found.get(place);
    if (commitment) return commitment;
    const id = texts[place] ?? '';
    const name = names.get(place) ?? id.slice(id.lastIndexOf('/') + 1);
    const words = `${name} ${meters.get(place)?.text ?? ''}`;
    commitment = {
      id,
      name,
      provider,
      account: meters.get(place)?.account ?? null,
      accountName: meters.get(place)?.accountName ?? null,
      ...kindIn(id, words),
      amount: 0,
      feePerUnit: 1,
      family: null,
      region: null,
      sku: null,
      ...endOf(place, id, words),
      covers: [],
      used: 0,
      unused: 0,
      place,
      daily: new Float64Array(sums.days),
      quantity: new Float64Array(sums.days),
    };
    found.set(place, commitment);
    return commitment;
  };
  function endOf(place: number, id: string, words: string) {
    const { first = ledger.firstDay, last = ledger.lastDay } = seen.get(place) ?? {};
    const startsBefore = first <= ledger.firstDay;
    const own = { firstDay: first, startsBefore };
    const told = stated[id];
    if (told !== undefined)
      return { ...own, endDay: dayNumber(told), endReason: 'stated by its owner' };
    if (last < window.lastDay)
      return { ...own, endDay: last + 1, endReason: `its last charge is of ${dayWords(last)}` };
    const term = termIn(words);
    if (term === null)
      return { ...own, endDay: null, endReason: 'the bill does not say how long its term is' };
    if (startsBefore)
      return {
        ...own,
        endDay: null,
        endReason: `its term is ${term} months, but it began before the first day that is loaded`,
      };
    const endDay = addTerm(first, term);
    return {
      ...own,
      endDay,
      endReason: `first charge of ${dayWords(first)} and a term of ${term} months`,
    };
  }

  for (const [g, group] of grouped.groups.entries()) {
    if ((group.kind !== 'use' && group.kind !== 'unused') || group.commitment === 0) continue;
    const commitment = one(group.commitment, group.provider);
    let effective = 0;
    let hours = 0;
    let onDemand = 0;
    for (let day = 0; day < sums.days; day++) {
      const cost = Number(sums.effective(g, day)) / 1e27;
      effective += cost;
      commitment.daily[day] = (commitment.daily[day] as number) + cost;
      const units = sums.quantity(g, day);
      commitment.quantity[day] = (commitment.quantity[day] as number) + units;
      hours += units;
      onDemand += Number(sums.contracted(g, day) ?? 0n) / 1e27;
    }
    if (group.kind === 'unused') commitment.unused += effective;
    else commitment.used += effective;
    if (group.kind === 'use' && hours > 0)
      commitment.covers.push({ fleet: group.fleet, hours, effective, onDemand });
  }
  return [...found.values()]
    .filter(({ daily, id }) => !isPrepaid(id) && daily.some((cost) => cost !== 0))
    .map(({ daily, quantity, ...commitment }) => sized(commitment, daily, quantity))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The usual amount of the days on which it was in force. */
function sized(
  commitment: BillCommitment,
  daily: Float64Array,
  quantity: Float64Array,
): BillCommitment {
  const { covers, kind } = commitment;
  const skus = new Set(covers.map(({ fleet }) => fleet.sku));
  const families = new Set(covers.map(({ fleet }) => fleet.machine.family));
  const regions = new Set(covers.map(({ fleet }) => fleet.region));
  const only = <T>(set: Set<T>) => (set.size === 1 ? ([...set][0] as T) : null);
  const scope = {
    family: only(families),
    region: kind === 'csp' ? null : only(regions),
    sku: only(skus),
  };
  const active = [...daily].filter((cost) => cost !== 0);
  if (kind !== 'ri') {
    return { ...commitment, ...scope, amount: rounded(median(active) / 24, 3), feePerUnit: 1 };
  }
  const units = rounded(median([...quantity].filter((value) => value !== 0)) / 24, 4);
  const fee = units > 0 ? median(active) / 24 / units : 0;
  return { ...commitment, ...scope, amount: units, feePerUnit: fee };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** First and last day with a charge of each commitment, in all that is loaded. */
function firstAndLast(
  cube: Cube,
  { firstDay, lastDay }: DaySpan,
): Map<number, { first: number; last: number }> {
  const of = Int32Array.from(cube.series('commitment'), (id) => (id === 0 ? -1 : id));
  const count = cube.values('commitment').length;
  const span = { segments: cube.segments(), firstDay, lastDay };
  const { first, last } = daysOf(cube, span, { of, count });
  const found = new Map<number, { first: number; last: number }>();
  for (let id = 1; id < count; id++) {
    if (first[id] !== Infinity)
      found.set(id, { first: first[id] as number, last: last[id] as number });
  }
  return found;
}

/** The words of the fee rows of each commitment, and whose fee it is. */
function metersOf(
  cube: Cube,
): Map<number, { text: string; account: string; accountName: string | null }> {
  const commitment = cube.series('commitment');
  const charge = cube.series('charge');
  const status = cube.series('commitment-status');
  const sku = cube.series('sku');
  const account = cube.series('account');
  const purchase = cube.idOf('charge', 'Purchase');
  const unused = cube.idOf('commitment-status', 'Unused');
  const skuNames = cube.names('sku');
  const accounts = cube.values('account');
  const accountNames = cube.names('account');
  const found = new Map<
    number,
    { text: string; account: string; accountName: string | null; fee: boolean }
  >();
  for (let series = 0; series < commitment.length; series++) {
    const id = commitment[series] as number;
    if (id === 0) continue;
    const fee = charge[series] === purchase;
    if (!fee && status[series] !== unused) continue;
    if (found.get(id)?.fee === true && !fee) continue;
    const owner = account[series] as number;
    found.set(id, {
      text: skuNames.get(sku[series] as number) ?? '',
      account: accounts[owner] ?? '',
      accountName: accountNames.get(owner) ?? null,
      fee,
    });
  }
  return found;
}
