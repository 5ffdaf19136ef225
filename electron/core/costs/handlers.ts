import type { Handlers } from '../../../shared/contract/contract.ts';
import type { ReadableDb } from '../store/open.ts';
import { queryFirstPaint } from './first-paint.ts';
import { queryCosts } from './query.ts';
import type { ValueRanks } from './value-ranks.ts';
import { findValues, listDimensions } from './values.ts';
import { type CostsDeps, viewCosts } from './view.ts';

type CostsCalls = 'costs.query' | 'costs.view' | 'costs.values' | 'costs.dimensions';

export function costsHandlers(
  deps: CostsDeps & { db: ReadableDb; ranks: ValueRanks },
): Pick<Handlers, CostsCalls> {
  return {
    'costs.query': (input) =>
      queryFirstPaint(deps.db, input) ?? queryCosts(deps.cube, deps.axes, input),
    'costs.view': (input) => viewCosts(deps, input),
    'costs.values': (input) => findValues(deps.ranks, input),
    'costs.dimensions': () => listDimensions(deps.axes),
  };
}
