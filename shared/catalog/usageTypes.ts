import { accelerator } from './accelerators.ts';
import { splitRegion } from './awsRegions.ts';
import type { CloudProvider } from './machines.ts';
import { type TokenMeter, tokenMeter } from './tokenMeters.ts';

/** How an hour of a machine was bought. */
export type Purchase =
  | 'on-demand'
  | 'spot'
  | 'reserved'
  | 'dedicated'
  | 'reservation-unused'
  | 'reservation'
  | 'capacity-block';

/** What SageMaker's machines do, by the word before "ml.". */
export const sagemakerParts = [
  'training',
  'hosting',
  'notebook',
  'processing',
  'transform',
  'cluster',
  'serverless',
  'other',
] as const;
export type SagemakerPart = (typeof sagemakerParts)[number];

/** What a meter measures. `region` is null where the meter does not say or the code is not known. */
export type Usage = { region: string | null } & (
  | { kind: 'machine'; machine: string; purchase: Purchase }
  | { kind: 'sagemaker'; part: SagemakerPart; machine: string | null }
  | { kind: 'accelerator'; accelerator: string; purchase: Purchase }
  | { kind: 'tokens'; tokens: TokenMeter }
  | { kind: 'provisioned-model' }
  | { kind: 'fine-tuning' }
  | { kind: 'storage'; of: 'block' | 'object' | 'file' | 'snapshot' }
  | { kind: 'transfer' }
);

/**
 * What a usage type (AWS), SKU description (Google Cloud) or meter name (Azure) measures; null where
 * it is none of the kinds that matter to AI spend.
 */
export function parseUsageType(provider: CloudProvider | null, text: string): Usage | null {
  switch (provider) {
    case 'aws':
      return awsUsage(text);
    case 'google':
      return googleUsage(text);
    case 'azure':
      return azureUsage(text);
    case null:
      return tokensOf(text, null);
    default:
      return provider satisfies never;
  }
}

export const ec2Purchases = new Map<string, Purchase>(
  Object.entries({
    BoxUsage: 'on-demand',
    SpotUsage: 'spot',
    HeavyUsage: 'reserved',
    DedicatedUsage: 'dedicated',
    HostBoxUsage: 'dedicated',
    UnusedBox: 'reservation-unused',
    UnusedDed: 'reservation-unused',
    Reservation: 'reservation',
    DedicatedRes: 'reservation',
    CapacityBlock: 'capacity-block',
  }),
);

export const sagemakerWords: readonly [RegExp, SagemakerPart][] = [
  [/^(?:Spot)?Train|^TrainDebug|^HPTuning/i, 'training'],
  [/^ServerlessInf|^Serverless/i, 'serverless'],
  [/^(?:Host|AsyncInf|Inference|MultiModel|Shadow)/i, 'hosting'],
  [/^(?:Notebk|Studio|UnifiedStudio|Rstudio|Canvas|CodeEditor)/i, 'notebook'],
  [/^(?:Processing|DataWrangler|FeatureStore|GroundTruth|Geospatial)/i, 'processing'],
  [/^(?:Tsform|Transform|BatchTransform)/i, 'transform'],
  [/^(?:Cluster|HyperPod)/i, 'cluster'],
];

function awsUsage(text: string): Usage | null {
  const { region, rest } = splitRegion(text);
  const ec2 = /^([A-Za-z]+?)(?::(\S+))?$/.exec(rest);
  const purchase = ec2Purchases.get(ec2?.[1] ?? '');
  if (purchase) {
    // Without a type it is the first one there ever was.
    const machine = ec2?.[2] ?? 'm1.small';
    return machine.startsWith('ml.')
      ? { kind: 'sagemaker', part: 'other', machine, region }
      : { kind: 'machine', region, machine, purchase };
  }
  const sagemaker = sagemakerUsage(rest, region);
  if (sagemaker) return sagemaker;
  if (/ProvisionedThroughput|ModelUnits|-PT-|ReservedCapacity_\d/i.test(rest)) {
    return { kind: 'provisioned-model', region };
  }
  if (/(?:Customization|FineTun|ModelCustom)/i.test(rest)) return { kind: 'fine-tuning', region };
  const tokens = tokensOf(text, region);
  if (tokens) return tokens;
  if (/SnapshotUsage/i.test(rest)) return { kind: 'storage', of: 'snapshot', region };
  if (/^EBS[:-]Volume|^EBS:/i.test(rest)) return { kind: 'storage', of: 'block', region };
  if (/^TimedStorage|^EarlyDelete|StorageObjectCount/i.test(rest)) {
    return { kind: 'storage', of: 'object', region };
  }
  if (/^Lustre|^(?:Storage-)?Throughput|^OpenZFS|^EFS/i.test(rest)) {
    return { kind: 'storage', of: 'file', region };
  }
  if (/DataTransfer|-Bytes$|^NatGateway/i.test(rest)) return { kind: 'transfer', region };
  return null;
}

function sagemakerUsage(rest: string, region: string | null): Usage | null {
  const machine = /\b(ml\.[a-z0-9-]+\.[a-z0-9-]+)$/i.exec(rest)?.[1] ?? null;
  const part = sagemakerWords.find(([word]) => word.test(rest))?.[1];
  if (machine) return { kind: 'sagemaker', part: part ?? 'other', machine, region };
  if (!part) return null;
  // Volumes of training jobs, endpoints and notebooks are metered beside their machines.
  const beside = /^[A-Za-z]+:(?:VolumeUsage|StudioVolume|Data-Bytes|.*Mem-\d)/i.test(rest);
  return beside || part === 'serverless'
    ? { kind: 'sagemaker', part, machine: null, region }
    : null;
}

function googleUsage(text: string): Usage | null {
  const region = null;
  if (/provisioned throughput|\bGSU\b/i.test(text)) return { kind: 'provisioned-model', region };
  if (/\btun(?:ed|ing)\b|supervised tuning|training.*tokens?/i.test(text)) {
    return { kind: 'fine-tuning', region };
  }
  const tokens = tokensOf(text, region);
  if (tokens) return tokens;
  const purchase: Purchase = /preemptible|spot|\bdws\b.*flex/i.test(text)
    ? 'spot'
    : /commitment/i.test(text)
      ? 'reserved'
      : /reserved|reservation/i.test(text)
        ? 'reservation'
        : 'on-demand';
  const found = googleAccelerator(text);
  if (found) return { kind: 'accelerator', accelerator: found, purchase, region };
  if (/snapshot/i.test(text)) return { kind: 'storage', of: 'snapshot', region };
  if (/\bPD\b.*capacity|hyperdisk|persistent disk|local ssd/i.test(text)) {
    return { kind: 'storage', of: 'block', region };
  }
  if (/(?:standard|nearline|coldline|archive) storage/i.test(text)) {
    return { kind: 'storage', of: 'object', region };
  }
  if (/egress|data transfer/i.test(text)) return { kind: 'transfer', region };
  return null;
}

/** "Nvidia Tesla A100 GPU running in Americas", "Nvidia H100 80GB Mega GPU", "TPU v6e chip". */
function googleAccelerator(text: string): string | null {
  const tpu = /\b(?:tpu[- ]?(v\d\w*|7x)|(v\d\w*) tpu|trillium)\b/i.exec(text);
  if (tpu) {
    const version = (tpu[1] ?? tpu[2] ?? 'v6e').toLowerCase().replace(/^7x$/, 'v7x');
    return accelerator(`tpu-${version}`)?.name ?? null;
  }
  const [, model = ''] = /\bnvidia\s+(?:tesla\s+)?(.+?)\s+(?:v?gpu|virtual)\b/i.exec(text) ?? [];
  const gpu = model.replace(/\s+(?:plus|mega)\b/i, '').replace(/\s+attached.*$/i, '');
  if (!gpu) return null;
  // "A100" alone is the first one, of 40 GB; the other has its size in the name.
  const name = /^a100$/i.test(gpu) ? 'a100-40gb' : gpu;
  return (accelerator(name) ?? accelerator(name.replace(/\s*\d+\s*GB$/i, '')))?.name ?? null;
}

function azureUsage(text: string): Usage | null {
  const region = null;
  if (/provisioned managed|\bPTU\b|provisioned throughput/i.test(text)) {
    return { kind: 'provisioned-model', region };
  }
  if (/\b(?:ft|fine[- ]?tun\w*)\b.*\b(?:train\w*|host\w*|grader)/i.test(text)) {
    return { kind: 'fine-tuning', region };
  }
  const tokens = tokensOf(text, region);
  if (tokens) return tokens;
  const machine = azureMachine(text);
  if (machine) {
    const purchase: Purchase = /\bspot\b|low priority/i.test(text) ? 'spot' : 'on-demand';
    return { kind: 'machine', machine, purchase, region };
  }
  if (/snapshot/i.test(text)) return { kind: 'storage', of: 'snapshot', region };
  if (/\bdisks?\b|\bP\d\d? (?:LRS|ZRS)/i.test(text))
    return { kind: 'storage', of: 'block', region };
  if (/data stored|write operations|read operations/i.test(text)) {
    return { kind: 'storage', of: 'object', region };
  }
  if (/data transfer|bandwidth/i.test(text)) return { kind: 'transfer', region };
  return null;
}

/** "ND96isr H100 v5", "NC4as T4 v3 Spot", "Standard_NC24ads_A100_v4 instance hours". */
function azureMachine(text: string): string | null {
  const [, size] =
    /\b(?:Standard_)?((?:N[CDGV]|[A-FHLM][A-Z]?)\d+[a-z-]*(?:[ _](?:[A-Z][A-Za-z0-9]+))*[ _]v\d)\b/.exec(
      text,
    ) ?? [];
  return size ? `Standard_${size.replaceAll(' ', '_')}` : null;
}

function tokensOf(text: string, region: string | null): Usage | null {
  const tokens = tokenMeter(text);
  return tokens && { kind: 'tokens', tokens, region };
}
