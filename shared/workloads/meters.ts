import type { Purchase } from '../catalog/usageTypes.ts';
import type { Derived } from './facts.ts';

/** What a unit of a charge's quantity is worth, as a fraction: [1, 3600] of an hour for a second. */
export type Fraction = readonly [number, number];

/** What a charge counts that a unit cost can be made of. */
export type Meter =
  | {
      kind: 'gpu';
      /** Name in the catalogue of accelerators. */
      accelerator: string;
      /** Accelerators of the machine, or of one unit. */
      count: Fraction;
      /** Accelerator-hours a unit of quantity; null where the bill's unit is no time. */
      perUnit: Fraction | null;
    }
  | {
      kind: 'tokens';
      model: string | null;
      direction: 'input' | 'output';
      cache: 'none' | 'read' | 'write';
      batch: boolean;
      /** Tokens a unit of quantity; null where the unit does not say. */
      perUnit: Fraction | null;
    };

/** What the meter needs to know of a charge beside its facts. */
export interface MeterFacts {
  charge: string;
  unit: string;
  commitment: string;
  commitmentStatus: string;
}

/**
 * What a charge counts; null for one that counts neither GPU-hours nor tokens, or repeats what
 * another one counts: fees, unused commitments, and the negative of usage that a plan covers.
 */
export function meterOf(derived: Derived, facts: MeterFacts): Meter | null {
  if (facts.charge !== '' && facts.charge !== 'Usage') return null;
  if (facts.commitment !== '' && facts.commitmentStatus !== 'Used') return null;
  const { usage } = derived;
  if (usage?.kind === 'tokens') {
    const { model, direction, cache, batch } = usage.tokens;
    return {
      kind: 'tokens',
      model,
      direction,
      cache,
      batch,
      perUnit: tokensPerUnit(facts.unit, derived.facts.meter ?? ''),
    };
  }
  return gpuMeter(derived, facts.unit);
}

/** Hours of these are counted by another charge, or are no hours of a machine. */
const notRun: readonly Purchase[] = ['reservation', 'reserved'];

function gpuMeter({ usage, machine, accelerator, provider, facts }: Derived, unit: string) {
  if (!accelerator) return null;
  const hours = hoursPerUnit(unit);
  if (usage?.kind === 'accelerator') {
    return notRun.includes(usage.purchase)
      ? null
      : ({ kind: 'gpu', accelerator: accelerator.name, count: [1, 1], perUnit: hours } as const);
  }
  if (!machine?.attached) return null;
  if (usage?.kind === 'machine' && notRun.includes(usage.purchase)) return null;
  if (usage && usage.kind !== 'machine' && usage.kind !== 'sagemaker') return null;
  const meter = facts.meter ?? '';
  // Google bills cores, memory and accelerators of one machine as charges of their own.
  if (provider === 'google' && /\b(?:cores?|ram|cpus?|memory|licen[cs]\w+)\b/i.test(meter)) {
    return null;
  }
  if (/EBSOptimized|CPUCredits|Elastic IP|IdleAddress/i.test(meter)) return null;
  if (hours === null && otherUnit.test(unit)) return null;
  const [part, whole] = machine.attached.share;
  const devices = machine.attached.devices;
  return {
    kind: 'gpu',
    accelerator: accelerator.name,
    count: [devices * part, whole] as const,
    perUnit: hours && ([hours[0] * devices * part, hours[1] * whole] as const),
  } as const;
}

/** Units that are surely no time of a machine: disks and traffic beside it. */
const otherUnit = /byte|\bgi?b\b|gb[- ]|gib[- ]|request|credit|iops|quantity|key|count/i;

/** Hours a unit of quantity is worth: "Hrs", "instance-hour", "second"; null where it is no time. */
export function hoursPerUnit(unit: string): Fraction | null {
  const text = unit.trim().toLowerCase();
  if (
    /^(?:1 ?)?(?:instance[- ]?|accelerator[- ]?|gpu[- ]?|node[- ]?)?h(?:(?:ou)?rs?)?$/.test(text)
  ) {
    return [1, 1];
  }
  if (/^(?:1 ?)?(?:min(?:ute)?s?)$/.test(text)) return [1, 60];
  if (/^(?:1 ?)?s(?:ec(?:ond)?s?)?$/.test(text)) return [1, 3600];
  return null;
}

/** "1K tokens", "Tokens", "1M Tokens", "1000 tokens"; "1K" and "1M" alone where the meter says tokens. */
function tokensPerUnit(unit: string, meter: string): Fraction | null {
  const text = unit.trim().toLowerCase().replaceAll(',', '');
  const match =
    /^(\d+)? ?(k|m|thousand|million|mil)? ?(?:input |output )?(tokens?|token[- ]?count)?s?$/.exec(
      text,
    );
  if (!match || text === '')
    return /^count$/.test(text) && /predictions/i.test(meter) ? [1, 1] : null;
  const [, count, scale, word] = match;
  if (!word && !scale) return null;
  const factor = !scale ? 1 : scale.startsWith('m') ? 1_000_000 : 1000;
  return [Number(count ?? 1) * factor, 1];
}
