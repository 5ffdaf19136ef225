import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  accelerator,
  accelerators,
  relativeThroughput,
} from '../../shared/catalog/accelerators.ts';
import { acceleratorCount } from '../../shared/catalog/attached.ts';
import {
  cloudProviders,
  machineFamily,
  machineType,
  machineTypes,
} from '../../shared/catalog/machines.ts';
import { migSlice, migSlices } from '../../shared/catalog/migProfiles.ts';
import { sources } from '../../shared/catalog/sources.ts';
import { isDay } from '../../shared/domain/calendar.ts';
import { sampleDataPath, sampleDataTest } from '../builders/sampleData.ts';

const all = cloudProviders.flatMap((provider) => machineTypes(provider));
const withAccelerators = all.filter(({ attached }) => attached !== null);

describe('sources', () => {
  test.each(Object.entries(sources))(
    '%s has a title, an address and a day that exists',
    (_, source) => {
      expect(source.title.length).toBeGreaterThan(10);
      expect(new URL(source.url).protocol).toBe('https:');
      expect(isDay(source.date)).toBe(true);
      expect(source.date >= '2020-01-01' && source.date <= '2026-11-24').toBe(true);
    },
  );
});

describe('accelerators', () => {
  test.each(accelerators().map((found) => [found.name, found] as const))(
    '%s is whole',
    (name, found) => {
      expect(found.memoryGb).toBeGreaterThan(0);
      // As sold, or a little less where a program sees less; never more than GiB of that number.
      expect(found.memoryMib).toBeLessThanOrEqual(found.memoryGb * 1024);
      expect(found.memoryMib).toBeGreaterThanOrEqual(((found.memoryGb * 1e9) / 2 ** 20) * 0.99);
      expect(found.year).toBeGreaterThanOrEqual(2014);
      expect(found.year).toBeLessThanOrEqual(2026);
      for (const figure of [found.fp16Tflops, found.fp8Tflops, found.memoryBandwidth]) {
        if (figure !== null) expect(figure).toBeGreaterThan(0);
      }
      if (found.fp8Tflops !== null)
        expect(found.fp8Tflops).toBeGreaterThanOrEqual(found.fp16Tflops ?? 0);
      expect(Object.keys(sources)).toContain(found.source);
      expect([found.title, found.vendor, found.generation]).not.toContain('');
      expect(accelerator(name)).toBe(found);
    },
  );

  test('names are unique, and every machine refers to one of them', () => {
    const names = accelerators().map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { attached } of withAccelerators)
      expect(names).toContain(attached?.accelerator.name);
  });

  test('throughput is dense: the figures with sparsity, twice as much, are not here', () => {
    const peak = (name: string) => accelerator(name)?.fp16Tflops;
    expect([
      peak('h100'),
      peak('h200'),
      peak('a100-80gb'),
      peak('l4'),
      peak('l40s'),
      peak('b200'),
    ]).toEqual([989.5, 989.5, 312, 121, 362, 2250]);
    // The AWS variant is not the A10, whose 125 tables give it.
    expect([peak('a10g'), peak('a10')]).toEqual([70, 125]);
  });

  test('within a line a later generation is not slower, nor its memory', () => {
    for (const line of [
      ['v100', 'a100-40gb', 'h100', 'h200', 'b200', 'b300'],
      ['a100-80gb', 'h100-nvl', 'gb200', 'gb300'],
      ['t4', 'l4', 'l40s'],
      ['tpu-v2', 'tpu-v3', 'tpu-v4', 'tpu-v5p', 'tpu-v7x'],
      ['tpu-v5e', 'tpu-v6e', 'tpu-v7x'],
      ['inferentia', 'inferentia2'],
      ['trainium', 'trainium2'],
    ]) {
      const found = line.map((name) => accelerator(name));
      for (const [i, one] of found.entries()) {
        const next = found[i + 1];
        if (!one || !next) continue;
        expect(
          relativeThroughput(one, next) ?? 1,
          `${one.name} to ${next.name}`,
        ).toBeGreaterThanOrEqual(1);
        expect(next.memoryMib).toBeGreaterThanOrEqual(one.memoryMib);
        expect(next.year).toBeGreaterThanOrEqual(one.year);
      }
    }
  });

  test.each([
    ['NVIDIA H200', 'h200'],
    ['NVIDIA L40S', 'l40s'],
    ['NVIDIA A100-SXM4-80GB', 'a100-80gb'],
    ['NVIDIA A100 80GB PCIe', 'a100-80gb-pcie'],
    ['NVIDIA H100 80GB HBM3', 'h100'],
    ['NVIDIA H100 NVL', 'h100-nvl'],
    ['Tesla V100-SXM2-16GB', 'v100'],
    ['Tesla T4', 't4'],
    ['nvidia-l4-vws', 'l4'],
    ['nvidia-tesla-t4', 't4'],
    ['nvidia-h100-mega-80gb', 'h100'],
    ['tpu-v5-lite-podslice', 'tpu-v5e'],
    ['V100M32', 'v100-32gb'],
    ['AMD Instinct MI300X', 'mi300x'],
    ['NVIDIA GeForce RTX 4080 SUPER', null],
    // 40 or 80 GB: it does not say.
    ['NVIDIA A100', null],
    ['', null],
  ])('%s is %s', (written, name) => {
    expect(accelerator(written)?.name ?? null).toBe(name);
  });

  test('what is not published is unknown, not 0', () => {
    const [t4g, h100] = [accelerator('t4g'), accelerator('h100')];
    expect(t4g?.fp16Tflops).toBeNull();
    expect(t4g && h100 && relativeThroughput(t4g, h100)).toBeNull();
  });

  sampleDataTest('names and memory of the captured GPUs fit', async () => {
    for (const [file, name] of [
      ['linux-x86_64__nvidia-h200__590.48.01__load__query-gpu.csv', 'h200'],
      ['linux-x86_64__nvidia-l40s__595.80__load__query-gpu.csv', 'l40s'],
    ] as const) {
      const [head = '', row = ''] = readFileSync(
        sampleDataPath('gpu-metrics', 'nvidia-smi-csv', file),
        'utf8',
      ).split('\n');
      const cell = (column: string) =>
        row.split(',')[head.split(',').findIndex((text) => text.trim() === column)]?.trim() ?? '';
      const found = accelerator(cell('name'));
      expect(found?.name).toBe(name);
      const total = Number.parseInt(cell('memory.total [MiB]'), 10);
      expect(Math.abs((found?.memoryMib ?? 0) - total) / total).toBeLessThan(0.01);
    }
    const zones = readFileSync(sampleDataPath('gcp-catalog', 'acceleratortypes.csv'), 'utf8');
    const types = zones
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.replace(';', ''));
    expect(types.filter((type) => accelerator(type) === null)).toEqual([]);
  });
});

describe('machine types', () => {
  test('names are unique and found in any spelling', () => {
    for (const provider of cloudProviders) {
      const names = machineTypes(provider).map(({ name }) => name.toLowerCase());
      expect(new Set(names).size).toBe(names.length);
    }
    expect(all.length).toBeGreaterThan(1500);
    expect(machineType('aws', 'ML.P5.48xlarge')?.name).toBe('p5.48xlarge');
    expect(machineType('azure', 'nd96isr_h100_V5')?.name).toBe('Standard_ND96isr_H100_v5');
    expect(machineType('azure', 'Standard_NC24ads_A100_v4')?.attached?.accelerator.name).toBe(
      'a100-80gb-pcie',
    );
    const link =
      'https://www.googleapis.com/compute/v1/projects/p/zones/z/machineTypes/a3-highgpu-8g';
    expect(machineType('google', link)?.name).toBe('a3-highgpu-8g');
    expect([
      machineType('aws', 'p9.48xlarge'),
      machineType('azure', ''),
      machineType('google', 'p5.48xlarge'),
    ]).toEqual([null, null, null]);
  });

  test('none has 0 or unknown vCPU or memory: rows of zeros are the known error of such tables', () => {
    for (const machine of all) {
      expect(machine.vcpu, machine.name).toBeGreaterThan(0);
      expect(machine.memoryGib, machine.name).toBeGreaterThan(0);
      expect(Object.keys(sources)).toContain(machine.source);
      // Between a third of a GiB and 100 GiB a core.
      const ratio = (machine.memoryGib ?? 0) / (machine.vcpu ?? 1);
      expect(ratio, machine.name).toBeGreaterThan(0.2);
      expect(ratio, machine.name).toBeLessThan(100);
    }
  });

  test('every attached accelerator has a count, a share and memory that fit together', () => {
    expect(withAccelerators.length).toBeGreaterThan(170);
    for (const { name, attached } of withAccelerators) {
      if (!attached) continue;
      const [part, whole] = attached.share;
      expect(attached.devices, name).toBeGreaterThanOrEqual(1);
      expect(Number.isInteger(attached.devices), name).toBe(true);
      expect(part, name).toBeLessThanOrEqual(whole);
      // A share is one device; its memory is that share of a whole one.
      if (whole > 1) expect(attached.devices, name).toBe(1);
      expect(attached.memoryMib, name).toBeGreaterThan(0);
      const wholeMemory = (attached.memoryMib * whole) / part;
      expect(
        Math.abs(wholeMemory - attached.accelerator.memoryMib) / attached.accelerator.memoryMib,
        name,
      ).toBeLessThan(0.01);
      expect(acceleratorCount(attached)).toBeLessThanOrEqual(16);
    }
  });

  test('fractional GPUs are fractions: not none, and not whole ones', () => {
    const share = (provider: 'aws' | 'google' | 'azure', name: string) =>
      acceleratorCount(machineType(provider, name)?.attached ?? null);
    expect(
      ['g6f.large', 'g6f.xlarge', 'g6f.2xlarge', 'g6f.4xlarge', 'gr6f.4xlarge'].map((name) =>
        share('aws', name),
      ),
    ).toEqual([0.125, 0.125, 0.25, 0.5, 0.5]);
    expect(
      ['6', '12', '18', '36', '72'].map((size) => share('azure', `Standard_NV${size}ads_A10_v5`)),
    ).toEqual([1 / 6, 1 / 3, 0.5, 1, 2]);
    expect([4, 8, 16, 32].map((size) => share('azure', `NV${size}as_v4`))).toEqual([
      0.125, 0.25, 0.5, 1,
    ]);
    expect([6, 12, 24, 48, 384].map((size) => share('google', `g4-standard-${size}`))).toEqual([
      0.125, 0.25, 0.5, 1, 8,
    ]);
    expect(machineType('azure', 'NV6ads_A10_v5')?.attached?.memoryMib).toBe(3814);
    expect(machineType('google', 'g4-standard-6')?.attached?.memoryMib).toBe(12_288);
    expect(share('aws', 'm5.large')).toBe(0);
  });

  test('memory that sources leave out or mix up is that of the accelerator', () => {
    const memory = (provider: 'aws' | 'azure', name: string) => {
      const found = machineType(provider, name)?.attached;
      return found && [acceleratorCount(found), found.memoryMib];
    };
    expect(memory('aws', 'trn1.32xlarge')).toEqual([16, 32_768]);
    expect(memory('aws', 'trn2.48xlarge')).toEqual([16, 98_304]);
    expect(memory('aws', 'inf1.24xlarge')).toEqual([16, 8192]);
    // One GPU's memory stands in a column of totals, a count is left out.
    expect(memory('azure', 'ND96amsr_A100_v4')).toEqual([8, 81_920]);
    expect(memory('azure', 'ND40rs_v2')).toEqual([8, 32_768]);
    // The V100 of a p3dn is the one with 32 GB, that of a p3 is not.
    expect(memory('aws', 'p3dn.24xlarge')).toEqual([8, 32_768]);
    expect(memory('aws', 'p3.16xlarge')).toEqual([8, 16_384]);
    expect(memory('aws', 'p4d.24xlarge')).toEqual([8, 40_960]);
    expect(memory('aws', 'p4de.24xlarge')).toEqual([8, 81_920]);
  });

  test('a family grows: more vCPU is never less memory, within one ratio of them', () => {
    for (const provider of cloudProviders) {
      const families = new Set(machineTypes(provider).map(({ family }) => family));
      for (const family of families) {
        const sizes = machineFamily(provider, family);
        expect(sizes.length).toBeGreaterThan(0);
        // Azure's letters stand for several series; the others have one ratio, or a few (m4-megamem).
        if (provider === 'azure') continue;
        const grown = sizes.every(
          (size, i) => i === 0 || (size.memoryGib ?? 0) >= (sizes[i - 1]?.memoryGib ?? 0),
        );
        expect(grown, `${provider} ${family}`).toBe(true);
      }
    }
    expect(
      machineFamily('aws', 'm7i')
        .map(({ name }) => name)
        .slice(0, 3),
    ).toEqual(['m7i.large', 'm7i.xlarge', 'm7i.2xlarge']);
  });

  test('accelerators of a family never get fewer as it grows, but for those that sell cores to one GPU', () => {
    const oddOnes = new Set([
      'g2-standard',
      'g4dn',
      'g5',
      'g6',
      'g6e',
      'gr6',
      'g6f',
      'g7',
      'g7e',
      'inf1',
      'inf2',
      'g5g',
      'p5',
      'g4ad',
    ]);
    for (const provider of ['aws', 'google'] as const) {
      for (const family of new Set(machineTypes(provider).map((machine) => machine.family))) {
        if (oddOnes.has(family)) continue;
        const counts = machineFamily(provider, family).map(({ attached }) =>
          acceleratorCount(attached),
        );
        expect(counts, family).toEqual(counts.toSorted((a, b) => a - b));
      }
    }
  });

  test('custom types say their own size', () => {
    expect(machineType('google', 'n2-custom-8-32768')).toMatchObject({
      family: 'n2-custom',
      vcpu: 8,
      memoryGib: 32,
      attached: null,
    });
    expect(machineType('google', 'custom-2-6656-ext')).toMatchObject({
      family: 'n1-custom',
      vcpu: 2,
      memoryGib: 6.5,
    });
    expect(machineType('google', 'e2-custom-small-2048')).toMatchObject({
      vcpu: 2,
      memoryGib: 2,
      shared: true,
    });
    expect(machineType('google', 'e2-custom-small-2048-1')).toBeNull();
  });

  test('TPU slices: cores for v2 to v4 and v5p, chips for v5e and v6e', () => {
    const chips = (name: string) => {
      const found = machineType('google', name)?.attached;
      return found ? `${found.devices} ${found.accelerator.name}` : null;
    };
    expect(['v2-8', 'v3-32', 'v4-8', 'v5p-8', 'tpu-v5p-12288'].map(chips)).toEqual([
      '4 tpu-v2',
      '16 tpu-v3',
      '4 tpu-v4',
      '4 tpu-v5p',
      '6144 tpu-v5p',
    ]);
    expect(['v5litepod-8', 'tpu-v6e-256', 'v6e-1'].map(chips)).toEqual([
      '8 tpu-v5e',
      '256 tpu-v6e',
      '1 tpu-v6e',
    ]);
    expect(['v6e-512', 'v5p-7', 'v9-8', 'v4-0', 'v4'].map(chips)).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
    expect(chips('ct6e-standard-8t')).toBe('8 tpu-v6e');
    // Its hosts have them, and which these are the slice does not say.
    expect(machineType('google', 'v6e-8')).toMatchObject({ vcpu: null, memoryGib: null });
  });
});

describe('MIG slices', () => {
  test('slices of a GPU do not add up to more than it is', () => {
    const cut = accelerators().filter(({ name }) => migSlices(name).length > 0);
    expect(cut.length).toBeGreaterThanOrEqual(9);
    for (const { name, memoryGb } of cut) {
      for (const slice of migSlices(name)) {
        const [part, whole] = slice.compute;
        expect(part * slice.most, slice.profile).toBeLessThanOrEqual(whole + 1);
        // Profile names round each slice's memory up or down to whole GB.
        expect(slice.memoryGb * slice.most, `${name} ${slice.profile}`).toBeLessThanOrEqual(
          memoryGb * 1.03 + 4,
        );
        expect(part).toBeGreaterThanOrEqual(1);
      }
      expect(migSlices(name).at(-1)?.most).toBe(1);
    }
  });

  test('by the names that tools print; a card that cannot be cut has none', () => {
    expect(migSlice('NVIDIA H200', 'MIG 1g.18gb')).toEqual({
      accelerator: 'h200',
      profile: '1g.18gb',
      compute: [1, 7],
      memoryGb: 18,
      most: 7,
    });
    expect(migSlice('a100-80gb', 'nvidia.com/mig-3g.40gb')?.compute).toEqual([3, 7]);
    expect(migSlice('h100', '1g.10gb+me')?.profile).toBe('1g.10gb');
    expect(migSlice('rtx-pro-6000', '2g.48gb')?.compute).toEqual([2, 4]);
    expect([
      migSlice('h100', '1g.18gb'),
      migSlice('l4', '1g.10gb'),
      migSlice('h100', 'all'),
    ]).toEqual([null, null, null]);
  });
});

describe('against the source files', () => {
  const table = (...path: string[]) =>
    readFileSync(sampleDataPath(...path), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.replace('\r', '').split(/[,;]/));

  sampleDataTest('every accelerated EC2 type is here with what the file says of it', async () => {
    const [, ...rows] = table('prices', 'aws-ec2-accelerated-us-east-1.csv');
    expect(rows).toHaveLength(83);
    for (const [name = '', family, vcpu, memory, , , count, each] of rows) {
      const machine = machineType('aws', name);
      expect(machine).toMatchObject({
        name,
        family,
        vcpu: Number(vcpu),
        memoryGib: Number(memory) / 1024,
      });
      const attached = machine?.attached;
      if (count !== '0') expect(attached && acceleratorCount(attached), name).toBe(Number(count));
      if (each) expect(attached?.memoryMib, name).toBe(Number(each));
    }
  });

  sampleDataTest('every Google machine type is here with its cores and memory', async () => {
    const [, ...rows] = table('gcp-catalog', 'machinetypes.csv');
    expect(rows).toHaveLength(568);
    for (const [name = '', vcpu, shared, memory] of rows) {
      expect(machineType('google', name)).toMatchObject({
        name,
        vcpu: Number(vcpu),
        memoryGib: Number(memory),
        shared: shared === 'True',
      });
    }
  });

  sampleDataTest('sizes of the other EC2 types are those of the Spot Advisor', async () => {
    const { instance_types: types } = JSON.parse(
      readFileSync(sampleDataPath('prices', 'aws-spot-advisor-2025-06.json'), 'utf8'),
    ) as {
      instance_types: Record<string, { cores: number; ram_gb: number }>;
    };
    const wrong = Object.entries(types).filter(([name, { cores, ram_gb: memory }]) => {
      const machine = machineType('aws', name);
      return (
        machine?.vcpu !== cores || Math.abs((machine.memoryGib ?? 0) - memory) > 0.001 * memory
      );
    });
    expect(wrong).toEqual([]);
  });

  test('the tables hold no path of a machine and no registry', () => {
    for (const file of ['sources', 'awsAccelerated', 'googleMachineTypes', 'azureAccelerated']) {
      const path = new URL(`../../shared/catalog/${file}.ts`, import.meta.url);
      expect(existsSync(path)).toBe(true);
      expect(readFileSync(path, 'utf8')).not.toMatch(/\/work\/|\/home\/|\/tmp\//);
    }
  });
});
