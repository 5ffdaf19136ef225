import type { Handlers } from '../../../shared/contract/contract.ts';
import { queryCosts } from './query.ts';
import { findValues, listDimensions } from './values.ts';
import { type CostsDeps, viewCosts } from './view.ts';

type CostsCalls = 'costs.query' | 'costs.view' | 'costs.values' | 'costs.dimensions';

export function costsHandlers(deps: CostsDeps): Pick<Handlers, CostsCalls> {
  return {
    'costs.query': (input) => queryCosts(deps.cube, deps.axes, input),
    'costs.view': (input) => viewCosts(deps, input),
    'costs.values': (input) => findValues(deps, input),
    'costs.dimensions': () => listDimensions(deps),
  };
}
