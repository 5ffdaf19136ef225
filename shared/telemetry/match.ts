import type { Labels } from './identity.ts';

export interface Measured {
  id: number;
  labels: Labels;
}

export interface Match {
  measured: number;
  /** Id of the resource as the bill writes it. */
  billed: string;
  rule: MatchRule;
  /** In words, with the values that agreed. */
  reason: string;
}

export interface Unmatched {
  measured: number;
  reason: string;
}

export const matchRules = [
  'instance id',
  'volume id',
  'endpoint',
  'job',
  'pod',
  'node name',
  'host name',
] as const;
export type MatchRule = (typeof matchRules)[number];

/**
 * Which billed resource each measured one is, by what both are called: an instance id (the end of
 * an ARN too), an endpoint or job of that name, a pod, a node or host of that name, in this order.
 * The first rule for which the measurement says something and the bill knows it decides. Two billed
 * resources of one name leave it open: nothing is guessed.
 */
export function matchResources(
  measured: readonly Measured[],
  billed: readonly string[],
): { matches: Match[]; unmatched: Unmatched[] } {
  const index = indexOf(billed);
  const matches: Match[] = [];
  const unmatched: Unmatched[] = [];
  for (const { id, labels } of measured) {
    const questions = questionsOf(labels);
    let reason =
      questions.length === 0
        ? 'it names no instance, endpoint, job, pod, node or host'
        : `nothing in the bill is called ${[...new Set(questions.map(({ value }) => value))].join(' or ')}`;
    let match: Match | null = null;
    for (const { rule, key, value } of questions) {
      const found = index.get(key);
      if (!found) continue;
      const [first] = found;
      const only = oneThing.test(value) ? (found.has(value) ? value : first) : first;
      if (only === undefined || (found.size > 1 && !oneThing.test(value))) {
        reason = `${found.size} billed resources share the ${rule} ${value}`;
        break;
      }
      match = { measured: id, billed: only, rule, reason: `${rule} ${value}` };
      break;
    }
    if (match) matches.push(match);
    else unmatched.push({ measured: id, reason });
  }
  return { matches, unmatched };
}

/** AWS gives such an id once in the world: two spellings of it in a bill are one resource. */
const oneThing = /^(i|vol)-[0-9a-f]{8,17}$/;

interface Question {
  rule: MatchRule;
  key: string;
  value: string;
}

function questionsOf(labels: Labels): Question[] {
  const { instanceId, volume, endpoint, job, namespace, pod, node, host } = labels;
  const questions: Question[] = [];
  const ask = (rule: MatchRule, kind: string, value: string | undefined) => {
    if (value) questions.push({ rule, key: `${kind} ${value.toLowerCase()}`, value });
  };
  ask('instance id', 'name', instanceId);
  ask('volume id', 'name', volume);
  ask('endpoint', 'endpoint', endpoint);
  ask('job', 'job', job);
  if (namespace && pod) ask('pod', 'pod', `${namespace}/${pod}`);
  ask('node name', 'name', node);
  ask('node name', 'name', shortName(node));
  ask('host name', 'name', host);
  ask('host name', 'name', shortName(host));
  return questions;
}

/** A host name without its domain; an address has none. */
function shortName(host: string | undefined): string | undefined {
  if (!host || /^[\d.]+$/.test(host) || !host.includes('.')) return undefined;
  return host.slice(0, host.indexOf('.'));
}

/** What can be asked of the bill's resources -> those that answer to it. */
function indexOf(billed: readonly string[]): Map<string, Set<string>> {
  const index = new Map<string, Set<string>>();
  const put = (key: string, id: string) => {
    const known = index.get(key);
    if (known) known.add(id);
    else index.set(key, new Set([id]));
  };
  for (const id of billed) {
    const lower = id.toLowerCase();
    put(`name ${lower}`, id);
    const parts = lower.split(/[/:]/).filter((part) => part !== '');
    const tail = parts.at(-1) ?? '';
    const before = parts.at(-2) ?? '';
    if (/^endpoint$/.test(before) || /^endpoints$/.test(before)) put(`endpoint ${tail}`, id);
    else if (
      /^(training-job|processing-job|transform-job|customjobs|trainingpipelines|batchpredictionjobs)$/.test(
        before,
      )
    ) {
      put(`job ${tail}`, id);
    } else if (isMachine(before, tail)) put(`name ${tail}`, id);
    // arn:aws:eks:REGION:ACCOUNT:pod/CLUSTER/NAMESPACE/POD/UID
    const podAt = parts.indexOf('pod');
    if (podAt >= 0 && parts.length > podAt + 3)
      put(`pod ${parts[podAt + 2]}/${parts[podAt + 3]}`, id);
  }
  return index;
}

/** The end of a longer id names a machine only behind a word that says so. */
function isMachine(before: string, tail: string): boolean {
  return (
    /^(instance|instances|virtualmachines|nodes|volume|disks|mi)$/.test(before) ||
    /^(i|vol|mi)-[0-9a-f]{8,17}$/.test(tail)
  );
}
