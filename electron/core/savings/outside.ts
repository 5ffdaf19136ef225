import { gateOf } from '../../../shared/analysis/gates.ts';
import { paidPerUsefulHour } from '../../../shared/analysis/interruption.ts';
import type { SavingsPlanned } from '../../../shared/contract/savings.ts';
import type { Cube } from '../store/cube.ts';
import { countWords, dayWords, fleetDetail, fleetMonthly, moneyWords } from './describe.ts';
import type { MeasuredUse } from './measured.ts';
import { skuOf } from './measured.ts';
import type { KnownFleet } from './model.ts';
import { moneyText } from './money.ts';
import type { Prepared } from './planner.ts';
import { usualRestartH } from './spot-facts.ts';

type Outside = SavingsPlanned['outside'][number];

/** Hours between interruptions that are thought possible where nobody has measured them. */
const interruptedEvery = { often: 6, seldom: 168 };

/** What may be worth doing and is not proved: spot without an own history, machines idle for days only. */
export function outsideOf(prepared: Prepared, measured: MeasuredUse, cube: Cube): Outside[] {
  const fleets = prepared.gathered.models.flatMap(({ fleets: own, windowDays }) =>
    own.map((known) => ({ known, windowDays })),
  );
  return fleets
    .filter(({ known }) => !known.use.ended)
    .flatMap(({ known, windowDays }) => [
      ...spotRange(known, windowDays),
      ...idleLately(known, windowDays, measured, cube),
    ])
    .sort((a, b) => Number(b.high ?? 0) - Number(a.high ?? 0));
}

function spotRange(known: KnownFleet, windowDays: number): Outside[] {
  const { use, rates, spot } = known;
  const onDemand = rates.onDemand === null ? null : Number(rates.onDemand.amount);
  const price = rates.spot === null ? null : Number(rates.spot.amount);
  if (!spot || spot.terms !== null || use.spotUsage !== null || onDemand === null || price === null)
    return [];
  const best = Math.min(
    onDemand,
    ...rates.offers.filter(({ termMonths }) => termMonths <= 12).map(({ rate }) => rate),
  );
  const hours = (use.hours / (windowDays * 24)) * 730;
  const saving = (mttpH: number) => {
    const terms = {
      eligible: true,
      mttpH,
      checkpointH: spot.checkpointH ?? 1,
      restartH: usualRestartH,
      noticeSaves: true,
      nodes: 1,
      maxFraction: 1,
    };
    return hours * (best - price * paidPerUsefulHour(terms));
  };
  const [low, high] = [saving(interruptedEvery.often), saving(interruptedEvery.seldom)];
  if (high <= 0) return [];
  const { fleet } = use;
  return [
    {
      id: `spot:${fleet.id}`,
      title: `${fleet.name} on spot`,
      advice: `${fleet.name} may be interrupted. On spot at ${price.toFixed(4)} an hour instead of ${best.toFixed(4)}, its best other rate, it would save between ${moneyWords(Math.max(0, low))} and ${moneyWords(high)} a month.`,
      low: moneyText(low),
      high: moneyText(high),
      reason: `How often its machines would be interrupted is not measured: once in ${interruptedEvery.often} hours is the lower end, once a week the higher. Two weeks of a few machines on spot bring it into the plan.`,
    },
  ];
}

/** Machines without any work that were not measured for long enough to be advised on. */
function idleLately(
  known: KnownFleet,
  windowDays: number,
  measured: MeasuredUse,
  cube: Cube,
): Outside[] {
  const { use, live, rates } = known;
  const { fleet } = use;
  if (fleet.idle || fleet.machine.attached === null) return [];
  const lately = [...live].filter((id) => measured.isIdleLately(id, fleet.machine));
  if (lately.length === 0) return [];
  const stop = gateOf(
    { workload: '', option: 'stop', sku: '', ratio: 0 },
    { current: skuOf('', fleet.machine), target: null },
    {},
  );
  const names = cube.names('resource');
  const own = lately
    .map((id) => names.get(id) ?? '')
    .filter((name) => name !== '')
    .sort();
  const which = own.length > 3 ? `${own[0]} to ${own.at(-1)}` : own.join(', ');
  const onDemand = rates.onDemand === null ? null : Number(rates.onDemand.amount);
  const monthly = onDemand === null ? null : lately.length * 730 * onDemand;
  const days = measured.idleDays;
  return [
    {
      id: `idle:${fleet.id}`,
      title: `${which}: no work for ${countWords(days, 'day')}`,
      advice: `${countWords(lately.length, 'machine')} of ${fleet.name} (${fleetDetail(known)}) did nothing in the last ${countWords(days, 'day')} measured, to ${dayWords(measured.lastDay)}. Ask whether the run has ended${monthly === null ? '.' : `: left on, they cost ${moneyWords(monthly)} a month on demand.`}`,
      low: moneyText(0),
      high: monthly === null ? moneyText(fleetMonthly(known, windowDays)) : moneyText(monthly),
      reason: `Advice to stop needs ${stop.checks[0]?.limit ?? 14} days without work.`,
    },
  ];
}
