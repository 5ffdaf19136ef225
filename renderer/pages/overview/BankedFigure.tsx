import type { CallOutput } from '../../../shared/contract/contract.ts';
import { addMonths } from '../../../shared/domain/calendar.ts';
import {
  formatCount,
  formatDecimal,
  formatHeadline,
  formatShare,
  monthName,
  placesOf,
} from '../../../shared/domain/format.ts';
import { Bar, Figure, ratio } from '../../components/Figure.tsx';
import { useApi } from '../../data/useApi.ts';
import { useLink } from '../../stores/address.ts';
import type { Overview } from './days.ts';

type Data = NonNullable<CallOutput<'app.info'>['data']>;

interface BankedProps {
  overview: Overview | null;
  data: Data;
}

/** What was saved in the month before, measured; while nothing was done, whether the files tie out. */
export function BankedFigure({ overview, data }: BankedProps) {
  if (!overview) return <TiesOut data={data} />;
  return <Banked overview={overview} data={data} />;
}

function Banked({ overview, data }: { overview: Overview; data: Data }) {
  const link = useLink();
  const before = addMonths(overview.month, -1);
  const banked = useApi('decisions.banked', { from: before, to: overview.month }).data;
  const total = banked?.totals.find(
    ({ currency, items }) => currency === overview.currency && items > 0,
  );
  if (!total) return <TiesOut data={data} />;
  const places = placesOf(total.promised);
  return (
    <Figure
      label={`Saved in ${monthName(before)}, measured`}
      href={link({ page: 'savings' })}
      value={<span className="save">{formatHeadline(total.banked, total.currency, places)}</span>}
      bar={<Bar filled={ratio(total.banked, total.promised)} save />}
      note={`of ${formatDecimal(total.promised, places)} promised, ${formatShare(total.banked, total.promised)} kept; ${formatCount(total.items)} ${total.items === 1 ? 'decision' : 'decisions'}`}
    />
  );
}

function TiesOut({ data }: { data: Data }) {
  const link = useLink();
  return (
    <Figure
      label="Ties out to the files"
      href={link({ page: 'sources' })}
      value={`${formatCount(data.tiedOut)} of ${formatCount(data.periods)}`}
      bar={<Bar filled={ratio(String(data.tiedOut), String(data.periods))} />}
      note={
        data.tiedOut === data.periods ? (
          'billing months, difference 0.00'
        ) : (
          <span className="risk">
            {formatCount(data.periods - data.tiedOut)} billing months differ from their files
          </span>
        )
      }
    />
  );
}
