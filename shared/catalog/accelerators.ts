import type { SourceId } from './sources.ts';

export const acceleratorKinds = ['gpu', 'tpu', 'neuron', 'other'] as const;
export type AcceleratorKind = (typeof acceleratorKinds)[number];

/** One device: a GPU, a TPU chip, a Trainium or Inferentia chip. */
export interface Accelerator {
  name: string;
  /** As its maker writes it. */
  title: string;
  vendor: string;
  kind: AcceleratorKind;
  generation: string;
  /** Year it was first offered. */
  year: number;
  /** Memory as it is sold, in GB or GiB, whichever its maker says. */
  memoryGb: number;
  /**
   * Memory that a program can count on, in MiB: as a provider's API states it, else the GB it is
   * sold with taken as 10^9 bytes, which is never too much.
   */
  memoryMib: number;
  /** Dense BF16 or FP16 matrix throughput, TFLOPS; null where its maker publishes none. */
  fp16Tflops: number | null;
  /** Dense FP8, TFLOPS; null where it has none or none is published. */
  fp8Tflops: number | null;
  /** GB/s. */
  memoryBandwidth: number | null;
  source: SourceId;
}

/**
 * Name, kind, vendor, generation, year, memory as sold, MiB, FP16, FP8, bandwidth, source, title.
 * Throughput is dense: makers print it with sparsity, which is twice as much. The A10G is not the
 * A10 (70, not 125 TFLOPS). A V100 has no BF16 and a T4 neither: theirs is FP16. Bandwidth of Neuron
 * chips is in GiB/s.
 */
export const acceleratorTable = `
k80|gpu|NVIDIA|Kepler|2014|12|12288|-|-|-|aws-earlier-types|NVIDIA K80 (one of its two GPUs)
m60|gpu|NVIDIA|Maxwell|2015|8|8192|-|-|-|aws-earlier-types|NVIDIA M60 (one of its two GPUs)
p4|gpu|NVIDIA|Pascal|2016|8|7629|-|-|192|google-gpu-machines|NVIDIA P4
p100|gpu|NVIDIA|Pascal|2016|16|16384|-|-|732|google-gpu-machines|NVIDIA P100
v100|gpu|NVIDIA|Volta|2017|16|16384|125|-|900|nvidia-datasheets|NVIDIA V100 SXM2 16 GB
v100-32gb|gpu|NVIDIA|Volta|2018|32|32768|125|-|900|nvidia-datasheets|NVIDIA V100 SXM2 32 GB
t4|gpu|NVIDIA|Turing|2018|16|16384|65|-|320|nvidia-datasheets|NVIDIA T4
t4g|gpu|NVIDIA|Turing|2021|16|16384|-|-|-|aws-instance-types|NVIDIA T4G
a10|gpu|NVIDIA|Ampere|2021|24|22888|125|-|600|nvidia-datasheets|NVIDIA A10
a10g|gpu|NVIDIA|Ampere|2021|24|22888|70|-|600|aws-a10g|NVIDIA A10G
a100-40gb|gpu|NVIDIA|Ampere|2020|40|40960|312|-|1555|nvidia-datasheets|NVIDIA A100 SXM4 40 GB
a100-80gb|gpu|NVIDIA|Ampere|2020|80|81920|312|-|2039|nvidia-datasheets|NVIDIA A100 SXM4 80 GB
a100-80gb-pcie|gpu|NVIDIA|Ampere|2021|80|81920|312|-|1935|nvidia-datasheets|NVIDIA A100 PCIe 80 GB
l4|gpu|NVIDIA|Ada Lovelace|2023|24|22888|121|242.5|300|nvidia-datasheets|NVIDIA L4
l40s|gpu|NVIDIA|Ada Lovelace|2023|48|45776|362|733|864|nvidia-datasheets|NVIDIA L40S
h100|gpu|NVIDIA|Hopper|2022|80|81920|989.5|1979|3350|nvidia-datasheets|NVIDIA H100 SXM5 80 GB
h100-nvl|gpu|NVIDIA|Hopper|2023|94|89645|835|1670|3900|nvidia-datasheets|NVIDIA H100 NVL 94 GB
h200|gpu|NVIDIA|Hopper|2024|141|144384|989.5|1979|4800|nvidia-datasheets|NVIDIA H200 SXM5
b200|gpu|NVIDIA|Blackwell|2025|180|183359|2250|4500|8000|nvidia-datasheets|NVIDIA B200
gb200|gpu|NVIDIA|Blackwell|2025|186|177383|2500|5000|8000|nvidia-datasheets|NVIDIA GB200 (one of its GPUs)
b300|gpu|NVIDIA|Blackwell Ultra|2025|288|275040|-|-|-|aws-instance-types|NVIDIA B300
gb300|gpu|NVIDIA|Blackwell Ultra|2025|288|274658|-|-|-|azure-gpu-sizes|NVIDIA GB300 (one of its GPUs)
rtx-pro-4500|gpu|NVIDIA|Blackwell|2026|32|32768|-|-|-|aws-instance-types|NVIDIA RTX PRO 4500 Blackwell
rtx-pro-6000|gpu|NVIDIA|Blackwell|2025|96|98304|-|-|1597|google-gpu-machines|NVIDIA RTX PRO 6000 Blackwell Server Edition
radeon-pro-v520|gpu|AMD|RDNA|2020|8|8192|-|-|-|aws-instance-types|AMD Radeon Pro V520
radeon-pro-v710|gpu|AMD|RDNA 3|2024|24|22888|-|-|-|azure-gpu-sizes|AMD Radeon Pro V710 (as Azure offers it)
mi25|gpu|AMD|Vega|2017|16|15258|-|-|-|azure-gpu-sizes|AMD Radeon Instinct MI25
mi300x|gpu|AMD|CDNA 3|2023|192|183105|1307.4|2614.9|5300|amd-mi300x|AMD Instinct MI300X
gaudi|other|Intel|Gaudi|2019|32|32768|-|-|-|aws-earlier-types|Habana Gaudi HL-205
qualcomm-ai100|other|Qualcomm|Cloud AI 100|2023|16|15258|-|-|-|aws-earlier-types|Qualcomm Cloud AI 100
inferentia|neuron|AWS|NeuronCore-v1|2019|8|8192|64|-|50|aws-neuron|AWS Inferentia
inferentia2|neuron|AWS|NeuronCore-v2|2023|32|32768|190|190|820|aws-neuron|AWS Inferentia2
trainium|neuron|AWS|NeuronCore-v2|2022|32|32768|190|190|820|aws-neuron|AWS Trainium
trainium2|neuron|AWS|NeuronCore-v3|2024|96|98304|667|1299|2900|aws-neuron|AWS Trainium2
tpu-v2|tpu|Google|TPU v2|2017|16|15258|45|-|-|google-tpu-chips|Cloud TPU v2 chip
tpu-v3|tpu|Google|TPU v3|2018|32|30517|123|-|900|google-tpu-chips|Cloud TPU v3 chip
tpu-v4|tpu|Google|TPU v4|2022|32|30517|275|-|1200|google-tpu-chips|Cloud TPU v4 chip
tpu-v5e|tpu|Google|TPU v5|2023|16|15258|197|-|819|google-tpu-chips|Cloud TPU v5e chip
tpu-v5p|tpu|Google|TPU v5|2023|95|90599|459|-|2765|google-tpu-chips|Cloud TPU v5p chip
tpu-v6e|tpu|Google|TPU v6|2024|32|30517|918|-|1638|google-tpu-chips|Cloud TPU v6e chip (Trillium)
tpu-v7x|tpu|Google|TPU v7|2025|192|196608|2307|4614|7380|google-tpu-chips|Cloud TPU7x chip (Ironwood)
`;

/**
 * Other names of the same device: what nvidia-smi and DCGM print, Google's accelerator types, what
 * Kubernetes labels say. In small letters, every other sign than a letter or digit as one hyphen.
 */
const aliases = new Map<string, string>(
  Object.entries({
    'nvidia-tesla-k80': 'k80',
    'tesla-k80': 'k80',
    'tesla-m60': 'm60',
    'nvidia-tesla-p4': 'p4',
    'tesla-p4': 'p4',
    'nvidia-tesla-p100': 'p100',
    'tesla-p100-pcie-16gb': 'p100',
    'nvidia-tesla-v100': 'v100',
    'tesla-v100-sxm2-16gb': 'v100',
    v100m16: 'v100',
    'tesla-v100-sxm2-32gb': 'v100-32gb',
    'tesla-v100-sxm3-32gb': 'v100-32gb',
    v100m32: 'v100-32gb',
    'nvidia-tesla-t4': 't4',
    'tesla-t4': 't4',
    'nvidia-tesla-a100': 'a100-40gb',
    'a100-sxm4-40gb': 'a100-40gb',
    'nvidia-a100-sxm4-40gb': 'a100-40gb',
    'a100-sxm4-80gb': 'a100-80gb',
    'nvidia-a100-sxm4-80gb': 'a100-80gb',
    'nvidia-a100-80gb': 'a100-80gb',
    'nvidia-a100-80gb-pcie': 'a100-80gb-pcie',
    'a100-80gb-pcie': 'a100-80gb-pcie',
    'nvidia-h100-80gb': 'h100',
    'nvidia-h100-mega-80gb': 'h100',
    'nvidia-h100-80gb-hbm3': 'h100',
    'h100-sxm5': 'h100',
    'nvidia-h100-nvl': 'h100-nvl',
    'nvidia-h200-141gb': 'h200',
    'nvidia-b200': 'b200',
    'nvidia-gb200': 'gb200',
    'nvidia-b300-sxm6-ac': 'b300',
    'nvidia-gb300': 'gb300',
    'nvidia-rtx-pro-6000-blackwell-server-edition': 'rtx-pro-6000',
    'rtx-pro-server-6000': 'rtx-pro-6000',
    'nvidia-rtx-pro-4500-blackwell-server-edition': 'rtx-pro-4500',
    'amd-instinct-mi300x': 'mi300x',
    'amd-instinct-mi300x-oam': 'mi300x',
    'tpu-v5-lite-podslice': 'tpu-v5e',
    'tpu-v5-lite-device': 'tpu-v5e',
    'tpu-v5p-slice': 'tpu-v5p',
    'tpu-v6e-slice': 'tpu-v6e',
    'tpu-v4-podslice': 'tpu-v4',
    ct3: 'tpu-v3',
    ct3p: 'tpu-v3',
    ct5l: 'tpu-v5e',
    ct5lp: 'tpu-v5e',
    ct5p: 'tpu-v5p',
    ct6e: 'tpu-v6e',
    tpu7x: 'tpu-v7x',
  }),
);

let index: Map<string, Accelerator> | null = null;

/** All of them, in the order of the table. */
export function accelerators(): readonly Accelerator[] {
  return [...byName().values()];
}

/**
 * By the catalogue's name or any other that is known, however it is written ("NVIDIA H200",
 * "Tesla T4", "nvidia-l4-vws"). Null for one that is not known, also where a name says too little:
 * "NVIDIA A100" has 40 or 80 GB, and no guess is made.
 */
export function accelerator(name: string): Accelerator | null {
  const key = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$|-vws$/g, '');
  const names = byName();
  const bare = key.replace(/^(?:nvidia|aws|amd)-/, '');
  return (
    names.get(key) ??
    names.get(aliases.get(key) ?? '') ??
    names.get(bare) ??
    names.get(aliases.get(bare) ?? '') ??
    null
  );
}

/**
 * How much faster `to` is than `from` where compute binds: the ratio of their dense FP16 peaks. A
 * ceiling, not a measurement; null where either is not published.
 */
export function relativeThroughput(from: Accelerator, to: Accelerator): number | null {
  return from.fp16Tflops && to.fp16Tflops ? to.fp16Tflops / from.fp16Tflops : null;
}

function byName(): Map<string, Accelerator> {
  index ??= new Map(
    acceleratorTable
      .trim()
      .split('\n')
      .map((line) => {
        const found = read(line);
        return [found.name, found];
      }),
  );
  return index;
}

function read(line: string): Accelerator {
  const [name = '', kind, vendor = '', generation = '', year, gb, mib, fp16, fp8, band, ...rest] =
    line.split('|');
  const figure = (text: string | undefined) => (text === '-' ? null : Number(text));
  return {
    name,
    title: rest[1] ?? '',
    vendor,
    kind: kind as AcceleratorKind,
    generation,
    year: Number(year),
    memoryGb: Number(gb),
    memoryMib: Number(mib),
    fp16Tflops: figure(fp16),
    fp8Tflops: figure(fp8),
    memoryBandwidth: figure(band),
    source: rest[0] as SourceId,
  };
}
