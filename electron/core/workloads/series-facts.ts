import type { ChargeFacts } from '../../../shared/workloads/facts.ts';
import type { MeterFacts } from '../../../shared/workloads/meters.ts';
import type { Cube } from '../store/cube.ts';
import { giveWay } from '../store/give-way.ts';
import type { SeriesDimension } from '../store/measures.ts';

/** What classification reads of a series; the order is that of `keyColumns`. */
const columns = [
  'provider',
  'service',
  'category',
  'charge',
  'sku',
  'instance',
  'resource',
  'tags',
  'unit',
  'commitment-status',
] as const satisfies SeriesDimension[];

/** The display name of a value id. */
export type NameOf = (dimension: 'sku' | 'resource', id: number) => string | undefined;

/** Series as the charges that classification knows, read from the ledger once. */
export interface SeriesFacts {
  count: number;
  facts: (series: number) => ChargeFacts;
  meterFacts: (series: number) => MeterFacts;
  /** Value ids that decide: series that agree in all of them are classified alike. */
  width: number;
  key: (series: number, into: Uint32Array) => void;
}

export function seriesFacts(cube: Cube, nameOf: NameOf): SeriesFacts {
  const count = cube.seriesCount();
  const ids = columns.map((name) => cube.series(name));
  const [provider, service, category, charge, sku, instance, resource, tags, unit, status] = ids;
  const commitment = cube.series('commitment');
  const texts = columns.map((name) => cube.values(name));
  const tagSets: (ChargeFacts['tags'] | undefined)[] = [];
  const at = (column: Uint32Array | undefined, series: number) => column?.[series] ?? 0;
  const text = (place: number, id: number) => texts[place]?.[id] ?? '';
  const tagsOf = (id: number) => {
    if (id === 0) return undefined;
    return (tagSets[id] ??= JSON.parse(text(7, id)) as NonNullable<ChargeFacts['tags']>);
  };
  return {
    count,
    facts: (series) => {
      const skuId = at(sku, series);
      const resourceId = at(resource, series);
      return {
        provider: text(0, at(provider, series)),
        service: text(1, at(service, series)),
        category: text(2, at(category, series)),
        charge: text(3, at(charge, series)),
        // A name that is the id itself is not kept beside it.
        meter: nameOf('sku', skuId) ?? text(4, skuId),
        instance: text(5, at(instance, series)),
        resourceId: text(6, resourceId),
        resourceName: nameOf('resource', resourceId) ?? '',
        tags: tagsOf(at(tags, series)),
      };
    },
    meterFacts: (series) => ({
      charge: text(3, at(charge, series)),
      unit: text(8, at(unit, series)),
      commitment: commitment[series] === 0 ? '' : 'yes',
      commitmentStatus: text(9, at(status, series)),
    }),
    width: columns.length + 1,
    key: (series, into) => {
      for (let c = 0; c < columns.length; c++) into[c] = at(ids[c], series);
      into[columns.length] = commitment[series] === 0 ? 0 : 1;
    },
  };
}

/**
 * The same for all of them: names are read at once, and what the cube reads from the store is read
 * column by column, others going first between them.
 */
export async function allSeriesFacts(cube: Cube): Promise<SeriesFacts> {
  for (const name of columns) {
    cube.series(name);
    await giveWay();
    cube.values(name);
    await giveWay();
  }
  const names = { sku: cube.names('sku'), resource: cube.names('resource') };
  await giveWay();
  return seriesFacts(cube, (dimension, id) => names[dimension].get(id));
}
