/** Prices and limits of one storage class. */
export interface StorageClass {
  gbMonth: number;
  retrievalGb: number;
  minDays: number;
  minObjectKb: number;
  overheadKb: number;
  monitorPer1000: number;
  getPer1000: number;
  transitionPer1000: number;
  firstByteS: number;
}

export interface StorageSet {
  id: string;
  gb: number;
  objects: number;
  readsGbPerMonth: number;
  readsPerMonth: number;
  current: string;
  months: number;
  /** Data is deleted after this many months; null: it stays. */
  deleteAfterMonths: number | null;
  maxFirstByteS: number;
  classes: ReadonlyMap<string, StorageClass>;
}

const kbPerGb = 1024 * 1024;
const daysPerMonth = 30;

/** What the set costs over its horizon in one class, a move from today's class included. */
export function storageCost(set: StorageSet, name: string): number {
  const to = set.classes.get(name);
  if (!to) throw new RangeError(`no storage class ${name}`);
  const moved = name !== set.current;
  const life = Math.min(set.months, set.deleteAfterMonths ?? set.months);
  const billedMonths = moved ? Math.max(life, to.minDays / daysPerMonth) : life;
  const gb =
    Math.max(set.gb, (set.objects * to.minObjectKb) / kbPerGb) +
    (set.objects * to.overheadKb) / kbPerGb;
  const thousands = set.objects / 1000;
  return (
    gb * to.gbMonth * billedMonths +
    thousands * to.monitorPer1000 * life +
    set.readsGbPerMonth * to.retrievalGb * life +
    (set.readsPerMonth / 1000) * to.getPer1000 * life +
    (moved ? thousands * to.transitionPer1000 : 0)
  );
}

/** Every class with its cost; those too slow for the set are left out, today's class never. */
export function storageChoices(set: StorageSet): { option: string; cost: number }[] {
  return [...set.classes.keys()]
    .filter(
      (name) =>
        name === set.current ||
        (set.classes.get(name)?.firstByteS ?? Infinity) <= set.maxFirstByteS,
    )
    .sort()
    .map((option) => ({ option, cost: storageCost(set, option) }));
}
