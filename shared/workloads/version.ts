import { acceleratorTable } from '../catalog/accelerators.ts';
import { awsAccelerated, awsEarlier } from '../catalog/awsAccelerated.ts';
import { azureAccelerated } from '../catalog/azureAccelerated.ts';
import { googleAttached, googleMachineTypes } from '../catalog/googleMachineTypes.ts';
import { serviceTable } from '../catalog/services.ts';
import { ec2Purchases, sagemakerWords } from '../catalog/usageTypes.ts';
import { hintWords, purposeAnswers } from './hints.ts';
import { purposes } from './purposes.ts';
import { purposeRules } from './rules.ts';
import { tagRoles } from './tagKeys.ts';
import { commitmentIds, resourceKinds, tagOrder } from './workload.ts';

/**
 * Raised where the code that reads rules, words and catalogue decides otherwise than before; a test
 * notices. Their own changes make another version by themselves.
 */
export const codeVersion = 2;

let version: string | null = null;

/** What was classified and stored with another version is classified anew. */
export function classificationVersion(): string {
  version ??= `${codeVersion} ${fingerprint([
    purposes,
    purposeRules,
    hintWords,
    [...purposeAnswers],
    tagRoles,
    tagOrder,
    resourceKinds,
    commitmentIds,
    serviceTable,
    [...ec2Purchases],
    sagemakerWords,
    acceleratorTable,
    awsAccelerated,
    awsEarlier,
    azureAccelerated,
    googleAttached,
    googleMachineTypes,
  ])}`;
  return version;
}

/** Two FNV-1a of 32 bits, from unlike beginnings, of data as JSON; patterns count with their flags. */
export function fingerprint(data: unknown): string {
  const text = JSON.stringify(data, (_, value: unknown) =>
    value instanceof RegExp ? String(value) : value,
  );
  let [one, other] = [0x811c_9dc5, 0x9e37_79b9];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    one = Math.imul(one ^ code, 0x0100_0193);
    other = Math.imul(other ^ code, 0x85eb_ca6b);
  }
  return [one, other].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
}
