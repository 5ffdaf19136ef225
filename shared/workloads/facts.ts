import { type Accelerator, accelerator } from '../catalog/accelerators.ts';
import { type CloudProvider, type MachineType, machineType } from '../catalog/machines.ts';
import { isAiService, providerOf, type ServiceKey, serviceOf } from '../catalog/services.ts';
import { parseUsageType, type Usage } from '../catalog/usageTypes.ts';
import { answerOf, type Hint, hintOf } from './hints.ts';
import { tagRole } from './tagKeys.ts';

/** A charge as its bill has it; what is not known is left out or empty. */
export interface ChargeFacts {
  provider?: string | undefined;
  publisher?: string | undefined;
  service?: string | undefined;
  category?: string | undefined;
  /** FOCUS ChargeCategory. */
  charge?: string | undefined;
  operation?: string | undefined;
  /** Usage type, SKU description or meter name. */
  meter?: string | undefined;
  description?: string | undefined;
  instance?: string | undefined;
  resourceId?: string | undefined;
  resourceName?: string | undefined;
  resourceType?: string | undefined;
  tags?: Readonly<Record<string, string | null | undefined>> | undefined;
}

/** What rules ask for, derived once a charge. */
export interface Derived {
  facts: ChargeFacts;
  provider: CloudProvider | null;
  service: ServiceKey | null;
  /** An AI service by name, or by the category that the bill gives it. */
  ai: boolean;
  usage: Usage | null;
  machine: MachineType | null;
  /** Of the machine, or metered by itself. */
  accelerator: Accelerator | null;
  /** What a tag that asks for the purpose answers. */
  told: (Hint & { where: string }) | null;
  /** What names and the other tags say. */
  hint: (Hint & { where: string }) | null;
  /** Somebody else than the provider publishes it. */
  foreign: boolean;
}

/** Keeps what it has computed for texts that come again; a million distinct ones do not fill memory. */
export function remembered<T>(compute: (text: string) => T, most = 200_000): (text: string) => T {
  let seen = new Map<string, T>();
  return (text) => {
    const found = seen.get(text);
    if (found !== undefined) return found;
    if (seen.size >= most) seen = new Map();
    const value = compute(text);
    seen.set(text, value);
    return value;
  };
}

const noUsage = Symbol('no usage');
const noHint = Symbol('no hint');

/** A function that derives, with a memory of its own for the texts that repeat. */
export function createDerive(): (facts: ChargeFacts) => Derived {
  const provider = remembered(providerOf);
  const service = remembered((name) => serviceOf(name)?.service ?? null);
  const hint = createHints();
  const answer = remembered(answerOf);
  const usages = {
    aws: remembered((meter) => parseUsageType('aws', meter) ?? noUsage),
    google: remembered((meter) => parseUsageType('google', meter) ?? noUsage),
    azure: remembered((meter) => parseUsageType('azure', meter) ?? noUsage),
    none: remembered((meter) => parseUsageType(null, meter) ?? noUsage),
  };
  const machines = {
    aws: remembered((name) => machineType('aws', name) ?? noUsage),
    google: remembered((name) => machineType('google', name) ?? noUsage),
    azure: remembered((name) => machineType('azure', name) ?? noUsage),
  };

  return (facts) => {
    const cloud = provider(facts.provider ?? '');
    const key = service(facts.service ?? '');
    const measure = (text: string | undefined): Usage | null => {
      if (!text) return null;
      const found = usages[cloud ?? 'none'](text);
      return typeof found === 'symbol' ? null : found;
    };
    const usage = measure(facts.meter) ?? measure(facts.description);
    const named =
      facts.instance ||
      (usage?.kind === 'machine' || usage?.kind === 'sagemaker' ? usage.machine : null);
    const typed = named && cloud ? machines[cloud](named) : noUsage;
    const machine = typeof typed === 'symbol' ? null : typed;
    let told: Derived['told'] = null;
    let best: Derived['hint'] = null;
    const consider = (text: string | null | undefined, where: string) => {
      if (best && best.purpose !== 'other-ai') return;
      const next = text ? hint(text) : null;
      // A word that only says "AI" gives way to one that says what for.
      if (next && (!best || next.purpose !== 'other-ai')) best = { ...next, where };
    };
    const tags = facts.tags;
    if (tags) {
      for (const name in tags) {
        const value = tags[name];
        const role = value ? tagRole(name) : null;
        if (!role || !value) continue;
        const where = `tag ${name}=${value}`;
        if (role === 'purpose') {
          const found = answer(value);
          if (found && !told) told = { ...found, where };
        } else {
          consider(value, where);
        }
      }
    }
    consider(facts.resourceName, `resource ${facts.resourceName}`);
    const own = lastPart(facts.resourceId);
    if (own) consider(own, `resource ${own}`);
    const publisher = facts.publisher ?? '';
    return {
      facts,
      provider: cloud,
      service: key,
      ai: key !== null ? isAiService(key) : facts.category === 'AI and Machine Learning',
      usage,
      machine,
      accelerator:
        machine?.attached?.accelerator ??
        (usage?.kind === 'accelerator' ? accelerator(usage.accelerator) : null),
      told,
      hint: best,
      foreign:
        cloud !== null &&
        (publisher !== ''
          ? !publisherIs(cloud, publisher)
          : cloud === 'aws' && key === null && isProduct(facts.service ?? '')),
    };
  };
}

/** Names differ in their numbers most, and no word that is looked for has any: "trainer-07". */
function createHints(): (text: string) => Hint | null {
  const found = remembered((text) => hintOf(text) ?? noHint);
  return (text) => {
    const one = found(text.replaceAll(/\d+/g, '0'));
    if (typeof one === 'symbol') return null;
    return one.word.includes('0') ? hintOf(text) : one;
  };
}

/** The part of an id that people choose: behind its last separator. Ids of machines say nothing. */
function lastPart(id: string | undefined): string {
  if (!id) return '';
  const part = id.slice(Math.max(id.lastIndexOf('/'), id.lastIndexOf(':')) + 1);
  return /^(?:i|vol|eni|snap|nat|eipalloc|fs)-0?[0-9a-f]{8,}$|^\d+$/.test(part) ? '' : part;
}

const publishers: Record<CloudProvider, RegExp> = {
  aws: /amazon|^aws/i,
  google: /google/i,
  azure: /microsoft|azure/i,
};

/**
 * AWS bills what others sell under the product's name alone. Its own services carry its name, but for
 * a few old ones.
 */
function isProduct(service: string): boolean {
  return (
    service !== '' &&
    !/^(?:amazon|aws|elastic|ec2|cloud|code[abcdp]|savings|contact|data transfer|refund|tax|other)/i.test(
      service,
    )
  );
}

function publisherIs(cloud: CloudProvider, publisher: string): boolean {
  return publishers[cloud].test(publisher);
}
