import { lowBusy, percentOf } from './words.ts';

/** The busy share as a bar and in words; only what is hardly used stands out. */
export function BusyBar({ share }: { share: number | null }) {
  if (share === null) return <span className="muted">unknown</span>;
  const low = share < lowBusy;
  return (
    <>
      <span className={low ? 'share low' : 'share'} aria-hidden="true">
        <span style={{ width: `${Math.min(100, Math.max(0, share * 100))}%` }} />
      </span>
      <span className={low ? 'num risk' : 'num'}>{percentOf(share)}</span>
    </>
  );
}
