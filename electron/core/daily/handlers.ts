import type { Handlers } from '../../../shared/contract/contract.ts';
import type { Summarise } from '../costs/summary.ts';
import { findAnomalies } from './anomalies.ts';
import { forecastCosts } from './forecast.ts';
import type { DailyDeps } from './known-days.ts';

export function dailyHandlers(
  deps: DailyDeps & { summary: Summarise },
): Pick<Handlers, 'costs.forecast' | 'costs.anomalies'> {
  return {
    'costs.forecast': (input) => forecastCosts(deps, input),
    'costs.anomalies': (input) => findAnomalies(deps, input),
  };
}
