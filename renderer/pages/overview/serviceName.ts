import { formatCount } from '../../../shared/domain/format.ts';
import { noValue } from '../../stores/words.ts';

/** The name of a stack or row: the service, or how many more there are. */
export function serviceName(service: {
  service: string | null;
  rest: boolean;
  values: number;
}): string {
  if (service.rest) return `${formatCount(service.values)} other`;
  return service.service ?? noValue;
}
