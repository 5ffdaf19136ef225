import type {
  CommitmentsOverview,
  OwnedCommitmentRow,
} from '../../../shared/contract/commitments.ts';
import { formatCount } from '../../../shared/domain/format.ts';
import { ExpiryCalendar, soonDays } from '../../charts/ExpiryCalendar.tsx';

/** When what is owned ends, and the last day to decide on it. */
export function Expiries({
  overview,
  lastDay,
}: {
  overview: CommitmentsOverview;
  lastDay: string;
}) {
  const { owned } = overview;
  const soon = owned.filter(({ daysLeft }) => daysLeft !== null && daysLeft <= soonDays).length;
  return (
    <section className="expiries" aria-label="Expiry calendar">
      <div className="section-head">
        <h2>Expiry calendar</h2>
        <span className="caption muted">
          owned commitments; the mark is the last day to decide.
          {soon > 0 &&
            ` ${soon === 1 ? 'One ends' : `${formatCount(soon)} end`} within ${soonDays} days.`}
        </span>
      </div>
      <ExpiryCalendar
        from={lastDay}
        rows={owned.map((row) => ({
          id: row.id,
          name: row.name,
          detail: `${row.type}, ${row.id}, ${row.covers}. ${row.endReason}`,
          provider: row.provider,
          ends: row.ends,
          decideBy: row.decideBy,
          note: usedWords(row),
        }))}
      />
    </section>
  );
}

function usedWords({ utilisation }: OwnedCommitmentRow): string {
  return utilisation === null ? 'use unknown' : `${Math.round(utilisation * 100)}% used`;
}
