import type { CallOutput } from '../../shared/contract/contract.ts';
import { formatCount, formatDay, formatDuration } from '../../shared/domain/format.ts';
import { importing, useImport } from '../data/imports.ts';
import { useOnline } from '../data/useOnline.ts';
import { useLink } from '../stores/address.ts';
import { pageNames, pages, useChoices } from '../stores/choices.ts';

type Info = CallOutput<'app.info'>;

/** The pages with their keys; at the foot how fresh the data is and whether it ties out. */
export function Navigation({ info }: { info: Info | null }) {
  const page = useChoices((choices) => choices.page);
  const link = useLink();
  return (
    <nav className="nav" aria-label="Pages">
      <div className="nav-head">
        <div className="nav-name">Outlay</div>
        <div className="nav-owner cut">{owner(info)}</div>
      </div>
      <ul>
        {pages.map((name, index) => (
          <li key={name}>
            <a
              className="nav-row"
              href={link({ page: name })}
              aria-current={name === page ? 'page' : undefined}
            >
              {pageNames[name]}
              <span className="nav-key" aria-hidden="true">
                {index + 1}
              </span>
            </a>
          </li>
        ))}
      </ul>
      <NavigationFoot info={info} />
    </nav>
  );
}

function owner(info: Info | null): string {
  if (!info) return '';
  const sources = info.data?.sources ?? [];
  if (sources.length === 0) return 'No data yet';
  return sources.length === 1 ? (sources[0] ?? '') : `${formatCount(sources.length)} sources`;
}

const readOnlyWords = {
  READ_ONLY: 'Read only: the data folder cannot be written',
  DISK_FULL: 'Read only: the disk is full',
} as const;

function NavigationFoot({ info }: { info: Info | null }) {
  const state = useImport();
  const online = useOnline();
  const data = info?.data ?? null;
  let first = data ? `Data to ${formatDay(data.lastDay)}` : info ? 'Nothing loaded yet' : '';
  if (importing(state)) {
    const left = state.kind === 'running' ? (state.progress?.etaMs ?? null) : null;
    first = left === null ? 'Importing' : `Importing, ${formatDuration(Math.max(1000, left))} left`;
  }
  return (
    <div className="nav-foot num">
      <div>{first}</div>
      {data && (
        <div className={data.tiedOut < data.periods ? 'risk' : undefined}>
          Ties out: {formatCount(data.tiedOut)} of {formatCount(data.periods)} months
        </div>
      )}
      {info?.readOnly && <div>{readOnlyWords[info.readOnly]}</div>}
      {!online && data && <div>Offline, all loaded data available</div>}
    </div>
  );
}
