import type { WorkloadRow } from '../../../shared/contract/workloads.ts';
import type { Exact } from '../../../shared/domain/exact.ts';
import { purposes } from '../../../shared/workloads/purposes.ts';
import type { Cube } from '../store/cube.ts';
import { giveWay } from '../store/give-way.ts';
import { gpuFigures, type GpuUse, plus, qualityOf, shareOf, text } from './gpu.ts';
import { byCost, groupSeries } from './groups.ts';
import type { ClassifiedLedger } from './ledger.ts';
import type { Reasons } from './reasons.ts';
import type { Scope } from './scope.ts';
import type { SplitAnswer } from './splits.ts';
import { type Span, sumSeries } from './sums.ts';
import type { DecidedWorkload } from './user-rules.ts';

export const notAi = purposes.indexOf('not-ai');

export interface FoundWorkload {
  place: number;
  id: string;
  kind: WorkloadRow['kind'];
  name: string;
  from: string;
  cost: Exact | null;
  shared: Exact | null;
  notAi: Exact | null;
  unknownRows: number;
  byPurpose: Map<number, Exact | null>;
  /** Groups of charges with one purpose and rule, for the reason. */
  groups: { purpose: number; series: number; cost: Exact | null }[];
}

/** AI cost by workload, with shares of split cost; what none has is unassigned. */
export async function workloadsIn(
  cube: Cube,
  ledger: ClassifiedLedger,
  scope: Scope,
  splits: SplitAnswer,
  span: Span = scope.now,
): Promise<{ workloads: Map<string, FoundWorkload>; unassigned: { cost: Exact | null } }> {
  const { base, decided } = ledger;
  const groups = groupSeries(
    decided.series,
    (series) => scope.mask[series] === 1 && (decided.split[series] as number) < 0,
    [
      (series) => decided.workload[series] as number,
      (series) => decided.purpose[series] as number,
      (series) => base.rule[series] as number,
      (series) => (decided.rule[series] as number) + 1,
    ],
  );
  await giveWay();
  const sums = await sumSeries(cube, span, scope.metric, groups, 'none');
  const workloads = new Map<string, FoundWorkload>();
  const unassigned: { cost: Exact | null } = { cost: null };
  const withAi = new Set<string>();
  const placeById = new Map<string, number>();
  const find = (place: number): FoundWorkload => {
    const { id, kind, name, from } = decided.workloads[place] as DecidedWorkload;
    let row = workloads.get(id);
    if (!row) {
      row = {
        place,
        id,
        kind,
        name,
        from,
        cost: null,
        shared: null,
        notAi: null,
        unknownRows: 0,
        byPurpose: new Map(),
        groups: [],
      };
      workloads.set(id, row);
      placeById.set(id, place);
    }
    return row;
  };
  for (let g = 0; g < groups.count; g++) {
    if (sums.rows(g, 0) === 0) continue;
    const series = groups.first[g] as number;
    const place = decided.workload[series] as number;
    const purpose = decided.purpose[series] as number;
    const cost = sums.exact(g, 0);
    if (place === 0) {
      if (purpose !== notAi) unassigned.cost = plus(unassigned.cost, cost);
      continue;
    }
    const row = find(place);
    if (purpose === notAi) {
      row.notAi = plus(row.notAi, cost);
      continue;
    }
    withAi.add(row.id);
    row.cost = plus(row.cost, cost);
    row.unknownRows += sums.unknownRows(g, 0);
    row.byPurpose.set(purpose, plus(row.byPurpose.get(purpose) ?? null, cost));
    row.groups.push({ purpose, series, cost });
  }
  for (const [id, share] of splits.shares) {
    const place = placeById.get(id) ?? decided.workloads.findIndex((one) => one.id === id);
    const row = place > 0 ? find(place) : ghost(workloads, id);
    for (const [purpose, amount] of share.byPurpose) {
      if (purpose === notAi) {
        row.notAi = plus(row.notAi, amount);
        continue;
      }
      withAi.add(id);
      row.cost = plus(row.cost, amount);
      row.shared = plus(row.shared, amount);
      row.byPurpose.set(purpose, plus(row.byPurpose.get(purpose) ?? null, amount));
    }
  }
  for (const [purpose, amount] of splits.left) {
    if (purpose !== notAi) unassigned.cost = plus(unassigned.cost, amount);
  }
  for (const id of workloads.keys()) if (!withAi.has(id)) workloads.delete(id);
  return { workloads, unassigned };
}

/** A workload that only a split rule names. */
function ghost(workloads: Map<string, FoundWorkload>, id: string): FoundWorkload {
  let row = workloads.get(id);
  if (!row) {
    const at = id.indexOf(':');
    row = {
      place: -1,
      id,
      kind: id.slice(0, at) as FoundWorkload['kind'],
      name: id.slice(at + 1),
      from: 'split rule',
      cost: null,
      shared: null,
      notAi: null,
      unknownRows: 0,
      byPurpose: new Map(),
      groups: [],
    };
    workloads.set(id, row);
  }
  return row;
}

/** What every view says of a workload; `before` are those of the range it is compared with. */
export function shownWorkload(
  row: FoundWorkload,
  {
    reasons,
    ai,
    before,
    use,
  }: {
    reasons: Reasons;
    ai: Exact | null;
    before: Pick<Awaited<ReturnType<typeof workloadsIn>>, 'workloads'> | null;
    use: GpuUse;
  },
): Omit<WorkloadRow, 'spark' | 'unit' | 'resources'> {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    from: row.from,
    ...purposeOfRow(row, reasons),
    purposes: partsOf(row),
    cost: text(row.cost),
    shared: text(row.shared),
    notAi: text(row.notAi),
    unknownRows: row.unknownRows,
    share: shareOf(row.cost, ai),
    previous: before ? text(before.workloads.get(row.id)?.cost ?? 0n) : null,
    gpu: gpuFigures(use),
    telemetry: qualityOf(use),
  };
}

/** The purpose with most of its cost, and why. */
function purposeOfRow(
  row: FoundWorkload,
  reasons: Reasons,
): Pick<WorkloadRow, 'purpose' | 'reason' | 'rule'> {
  const purpose = dearestPurpose(row.byPurpose) ?? notAi;
  const group = row.groups.filter((one) => one.purpose === purpose).sort(byCost)[0];
  return {
    purpose: purposes[purpose] ?? 'other-ai',
    reason: group ? reasons.reason(group.series) : 'A split rule gives it a share of this.',
    rule: group ? reasons.rule(group.series) : 'split',
  };
}

function partsOf(row: FoundWorkload): WorkloadRow['purposes'] {
  return [...row.byPurpose]
    .map(([purpose, cost]) => ({ purpose: purposes[purpose] ?? ('other-ai' as const), cost }))
    .sort(byCost)
    .map(({ purpose, cost }) => ({ purpose, cost: text(cost) }));
}

export function dearestPurpose(byPurpose: FoundWorkload['byPurpose']): number | null {
  const ranked = [...byPurpose].map(([purpose, cost]) => ({ purpose, cost })).sort(byCost);
  return ranked[0]?.purpose ?? null;
}
