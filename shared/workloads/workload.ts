import type { ChargeFacts } from './facts.ts';
import { type TagRole, tagRole } from './tagKeys.ts';

export const workloadKinds = [
  'workload',
  'job',
  'endpoint',
  'pipeline',
  'cluster',
  'app',
  'project',
  'fleet',
] as const;
export type WorkloadKind = (typeof workloadKinds)[number];

/** What a charge belongs to. */
export interface Workload {
  kind: WorkloadKind;
  name: string;
  /** For people: the tag or resource that says so. */
  from: string;
}

/** Tags from the one that says most to the one that says least. */
export const tagOrder: readonly Exclude<TagRole, 'purpose' | 'name'>[] = [
  'workload',
  'job',
  'endpoint',
  'pipeline',
  'app',
  'project',
  'cluster',
];

/** Resources whose names people give, by the word before the name in an id. */
export const resourceKinds: readonly [RegExp, WorkloadKind][] = [
  [
    /[:/](?:training-job|processing-job|transform-job|hyper-parameter-tuning-job|customJobs|trainingPipelines|jobs?)\/([^/:]+)/i,
    'job',
  ],
  [
    /[:/](?:endpoint|endpoints|onlineEndpoints|batchEndpoints|inference-component)\/([^/:]+)/i,
    'endpoint',
  ],
  [/[:/](?:pipeline|pipelineJobs|pipelines)\/([^/:]+)/i, 'pipeline'],
  [/[:/](?:cluster|clusters|managedClusters)\/([^/:]+)/i, 'cluster'],
];

/** Commitments and reservations: what is called so is bought for others to run on. */
export const commitmentIds =
  /[:/](?:capacity-block|capacity-reservation|reserved-instances?|savings-?plans?|commitments?|reservation(?:order)?s?)\//i;

/**
 * The workload of a charge: a tag that names it, a job, endpoint, pipeline or cluster of a resource's
 * id, else the fleet its resource's name belongs to ("trainer-07" is one of "trainer"). Null where
 * nothing names one: that cost is untagged and goes to the split rules.
 */
export function workloadOf(facts: ChargeFacts): Workload | null {
  const byRole = new Map<TagRole, { name: string; from: string }>();
  for (const key in facts.tags ?? {}) {
    const value = facts.tags?.[key]?.trim();
    const role = value ? tagRole(key) : null;
    if (role && value && !byRole.has(role)) byRole.set(role, { name: value, from: `tag ${key}` });
  }
  const tagged = byRole.get('workload');
  if (tagged) return { kind: 'workload', ...tagged };
  const id = facts.resourceId ?? '';
  for (const [pattern, kind] of resourceKinds) {
    const name = pattern.exec(id)?.[1];
    // A number is no name that anybody gave.
    if (name && !/^\d+$/.test(name)) return { kind, name, from: 'resource id' };
  }
  for (const role of tagOrder) {
    const found = byRole.get(role);
    if (found) return { kind: role, ...found };
  }
  if (commitmentIds.test(id)) return null;
  const name = byRole.get('name')?.name ?? facts.resourceName ?? '';
  const fleet = fleetOf(name);
  return fleet === '' ? null : { kind: 'fleet', name: fleet, from: 'resource name' };
}

/** The job that a charge is of, by tag or resource id; null where nothing names one. */
export function jobOf(facts: ChargeFacts): string | null {
  const [pattern] = resourceKinds[0] ?? [];
  const name = pattern?.exec(facts.resourceId ?? '')?.[1];
  if (name) return name;
  for (const key in facts.tags ?? {}) {
    const value = facts.tags?.[key]?.trim();
    if (value && tagRole(key) === 'job') return value;
  }
  return null;
}

/** Without a running number, hash or "-disk" at its end. */
function fleetOf(name: string): string {
  if (/^(?:i|vol|snap|eni)-[0-9a-f]+$|^\d+$/.test(name)) return '';
  return name
    .replace(/[-_](?:os)?[-_]?disks?(?=[-_]?\d*$)/i, '')
    .replace(/(?:[-_][0-9a-f]{8,}(?:[-_][a-z0-9]{5})?|[-_.]?\d+)$/i, '')
    .replace(/[-_.]$/, '');
}
