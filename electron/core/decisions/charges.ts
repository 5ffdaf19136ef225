import type { SavingsLever } from '../../../shared/contract/savings.ts';
import type { Meter } from '../../../shared/workloads/meters.ts';
import { textOf, type Axes } from '../costs/scope.ts';
import type { Cube } from '../store/cube.ts';
import type { ClassifiedLedger } from '../workloads/ledger.ts';
import type { ActionScope } from './planned.ts';

/** The charges an action changes: 1 for each series. Usage only: a credit or a tax is no saving. */
export function chargesOf(
  cube: Cube,
  { base, decided }: ClassifiedLedger,
  lever: SavingsLever,
  scope: ActionScope,
): Uint8Array {
  const mask = new Uint8Array(base.series);
  const resources = new Set(
    scope.resources.map((text) => cube.idOf('resource', text)).filter((id) => id > 0),
  );
  const workload =
    scope.workload === null ? -1 : decided.workloads.findIndex(({ id }) => id === scope.workload);
  // What replaces a machine has an id of its own; what is stopped is these very resources.
  const byResource = resources.size > 0 && (lever === 'stop' || workload < 0);
  const [resource, charge] = [cube.series('resource'), cube.series('charge')];
  const usage = cube.idOf('charge', 'Usage');
  const [category, storage] = [cube.series('category'), cube.idOf('category', 'Storage')];
  const instance = cube.series('instance');
  const place = (['account', 'region'] as const).flatMap((dimension) => {
    const id = cube.idOf(dimension, scope[dimension] ?? '');
    return id > 0 ? [{ id, ids: cube.series(dimension) }] : [];
  });
  const currencies = cube.series('currency');
  const currency = cube.idOf('currency', scope.currency ?? '');
  for (let i = 0; i < base.series; i++) {
    if (charge[i] !== usage || currencies[i] !== currency) continue;
    if (place.some(({ id, ids }) => ids[i] !== id)) continue;
    const own = byResource
      ? resources.has(resource[i] as number)
      : workload > 0 && decided.workload[i] === workload;
    if (!own) continue;
    const meter = base.meters[base.meter[i] as number] ?? null;
    const counts =
      lever === 'storage'
        ? category[i] === storage
        : lever === 'api'
          ? meter?.kind === 'tokens'
          : lever === 'stop' || instance[i] !== 0 || meter?.kind === 'gpu';
    if (counts) mask[i] = 1;
  }
  return mask;
}

/** How a series is counted for a lever: meters that take each other's place are one. */
export interface Counted {
  name: string;
  unit: string | null;
  /** Tokens a unit of quantity, where the meter says. */
  factor: readonly [number, number] | null;
}

export function countedBy(
  axes: Axes,
  { base }: ClassifiedLedger,
  lever: SavingsLever,
): (series: number) => Counted {
  const [instance, sku, unit] = [axes.axis('instance'), axes.axis('sku'), axes.axis('unit')];
  return (series) => {
    const ownUnit = textOf(unit, unit.ids[series] as number);
    const meter = base.meters[base.meter[series] as number] ?? null;
    if (lever === 'storage') return { name: ownUnit ?? 'no unit', unit: ownUnit, factor: null };
    if (meter?.kind === 'tokens') return tokens(meter, ownUnit);
    const machine = textOf(instance, instance.ids[series] as number);
    const skuId = sku.ids[series] as number;
    return {
      name:
        machine ??
        (meter?.kind === 'gpu' ? meter.accelerator : null) ??
        sku.name(skuId) ??
        textOf(sku, skuId) ??
        'no meter',
      unit: ownUnit,
      factor: null,
    };
  };
}

/** Batched and cached tokens take the place of others: a model's input is one, its output another. */
function tokens(meter: Extract<Meter, { kind: 'tokens' }>, unit: string | null): Counted {
  const name = `${meter.model ?? 'no model'}, ${meter.direction}`;
  return meter.perUnit
    ? { name, unit: 'tokens', factor: meter.perUnit }
    : { name, unit, factor: null };
}
