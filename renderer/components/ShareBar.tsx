import { divide } from '../../shared/domain/format.ts';

/** A bar of part in whole; the share in words stands beside it. */
export function ShareBar({ part, whole }: { part: string; whole: string }) {
  const share = Number(divide(part, whole, 4) ?? '0');
  const percent = Math.min(100, Math.max(0, share * 100));
  return (
    <span className="share" aria-hidden="true">
      <span style={{ width: `${percent}%` }} />
    </span>
  );
}
