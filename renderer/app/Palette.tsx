import {
  type KeyboardEvent,
  useDeferredValue,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import {
  formatCount,
  formatDecimal,
  formatDuration,
  placesOf,
} from '../../shared/domain/format.ts';
import { exportCosts, makeReport } from '../data/actions.ts';
import { exportFocus } from '../data/exports.ts';
import { exportCommitments, exportPlan } from '../data/exportSavings.ts';
import { exportWorkloads } from '../data/exportWorkloads.ts';
import { importSample } from '../data/imports.ts';
import { useApi, useConnection } from '../data/useApi.ts';
import { choose, nothingElse, pageNames, pages, useChoices, withValue } from '../stores/choices.ts';
import { closeOverlay, openKeys, setFailed } from '../stores/overlays.ts';
import type { Loaded } from '../stores/period.ts';
import { resolvePeriod } from '../stores/period.ts';
import { chooseTheme, useTheme } from '../stores/theme.ts';
import { dimensionName } from '../../shared/domain/dimensions.ts';
import { valueName } from '../stores/words.ts';

interface Item {
  id: string;
  label: string;
  note?: string;
  shortcut?: string;
  run: () => void;
}

interface Group {
  label: string;
  items: Item[];
}

/** Filters, goes and does: one field, one list, chosen with the arrow keys. */
export function Palette({ loaded }: { loaded: Loaded | null }) {
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState(0);
  const listId = useId();
  const searched = useValues(query, loaded);
  const groups = [
    ...(searched.items.length > 0 ? [{ label: 'Filter this view', items: searched.items }] : []),
    ...useCommands(query, loaded),
  ];
  const items = groups.flatMap((group) => group.items);
  const current = Math.min(chosen, items.length - 1);

  function run(item: Item | undefined) {
    if (!item) return;
    closeOverlay();
    item.run();
  }

  // At once: the dialog gives the focus a moment later, and what is typed until then would be lost.
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);

  function press(event: KeyboardEvent) {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && items.length > 0) {
      event.preventDefault();
      setChosen((current + step + items.length) % items.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(items[current]);
    }
  }

  return (
    <>
      <div className="palette-field">
        <input
          ref={field}
          data-autofocus
          role="combobox"
          aria-label="Search or command"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={items[current] && `${listId}-${items[current].id}`}
          placeholder="Search or command"
          value={query}
          onChange={(event) => {
            setQuery(event.currentTarget.value);
            setChosen(0);
          }}
          onKeyDown={press}
        />
        <kbd className="kbd">Esc</kbd>
      </div>
      <div className="palette-list" role="listbox" id={listId} aria-label="Results" tabIndex={-1}>
        {groups.map((group) => (
          <div key={group.label} role="group" aria-label={group.label}>
            <div className="palette-group" aria-hidden="true">
              {group.label}
            </div>
            {group.items.map((item) => (
              <Row
                key={item.id}
                item={item}
                id={`${listId}-${item.id}`}
                query={query}
                selected={item === items[current]}
                onPoint={() => setChosen(items.indexOf(item))}
                onRun={() => run(item)}
              />
            ))}
          </div>
        ))}
        {items.length === 0 && (
          <div className="palette-group" role="option" aria-selected="false" aria-disabled="true">
            Nothing is called “{query}”. Search for a service, account, region or tag value.
          </div>
        )}
      </div>
      <div className="palette-foot">
        <span>
          <kbd className="kbd">↑</kbd> <kbd className="kbd">↓</kbd> choose
        </span>
        <span>
          <kbd className="kbd">Enter</kbd> run
        </span>
        {searched.note !== null && <span className="end num">{searched.note}</span>}
      </div>
    </>
  );
}

interface RowProps {
  item: Item;
  id: string;
  query: string;
  selected: boolean;
  onPoint: () => void;
  onRun: () => void;
}

function Row({ item, id, query, selected, onPoint, onRun }: RowProps) {
  const shown = selected ? 'Enter' : item.shortcut;
  return (
    // The field keeps the focus and handles the keys; the row is for the pointer.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      className="palette-item"
      role="option"
      id={id}
      aria-selected={selected}
      onMouseMove={onPoint}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onRun}
      ref={(element) => {
        if (selected) element?.scrollIntoView({ block: 'nearest' });
      }}
    >
      <span className="cut">
        <Marked text={item.label} query={query.trim()} />
      </span>
      {item.note !== undefined && <span className="muted small cut num">{item.note}</span>}
      {shown !== undefined && <kbd className="kbd">{shown}</kbd>}
    </div>
  );
}

function Marked({ text, query }: { text: string; query: string }) {
  const at = query === '' ? -1 : text.toLowerCase().indexOf(query.toLowerCase());
  if (at < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <mark>{text.slice(at, at + query.length)}</mark>
      {text.slice(at + query.length)}
    </>
  );
}

/** Values of all dimensions that match, as filters of the Costs page. */
function useValues(query: string, loaded: Loaded | null): { items: Item[]; note: string | null } {
  const { period, metric } = useChoices();
  const typed = query.trim();
  const search = useDeferredValue(typed);
  const range = loaded ? resolvePeriod(period, loaded) : {};
  const asked = useApi('costs.values', { search, metric, ...range, limit: 6 });
  if (!loaded || typed === '' || asked.data === null) return { items: [], note: null };
  // While the answer to what was typed is on its way, Enter must not choose what no longer fits.
  const current = search === typed && !asked.pending;
  const fits = (text: string | null) => text?.toLowerCase().includes(typed.toLowerCase()) ?? false;
  const values = asked.data.values.filter(
    ({ value, name }) => current || fits(value) || fits(name),
  );
  const items = values.map(({ dimension, value, name, cost }) => ({
    id: `value-${dimension}-${value ?? ''}`.replace(/\W/g, '_'),
    label: valueName(value, name),
    note: `${dimensionName(dimension).toLowerCase()}${cost === null ? '' : `, ${formatDecimal(cost, placesOf(cost))}`}`,
    run: () =>
      choose({
        page: 'costs',
        filters: withValue(useChoices.getState().filters, dimension, value),
      }),
  }));
  const { searched, elapsedMs } = asked.data;
  return { items, note: `${formatCount(searched)} values searched, ${formatDuration(elapsedMs)}` };
}

/** Pages and actions whose words match. */
function useCommands(query: string, loaded: Loaded | null): Group[] {
  const api = useConnection();
  const dark = useTheme((theme) => theme.dark);
  const compare = useChoices((choices) => choices.compare);
  const page = useChoices((choices) => choices.page);
  const goTo: Item[] = pages.map((name, index) => ({
    id: `page-${name}`,
    label: pageNames[name],
    shortcut: String(index + 1),
    run: () => choose({ page: name }),
  }));
  const withData: Item[] = loaded
    ? [
        {
          id: 'report',
          label: 'Make report',
          note: 'one HTML file of the month',
          run: () => void makeReport(api, loaded).then(setFailed),
        },
        {
          id: 'compare',
          label: compare ? 'Stop comparing' : 'Compare with the same days before',
          shortcut: 'C',
          run: () => choose({ compare: !compare, page: 'costs' }),
        },
        {
          id: 'export',
          label: 'Export the rows of Costs',
          note: 'CSV',
          ...((page === 'costs' || page === 'overview' || page === 'settings') && {
            shortcut: 'E',
          }),
          run: () => void exportCosts(api, loaded).then(setFailed),
        },
        {
          id: 'export-workloads',
          label: 'Export the AI workloads',
          note: 'CSV',
          ...(page === 'workloads' && { shortcut: 'E' }),
          run: () => void exportWorkloads(api, loaded).then(setFailed),
        },
        {
          id: 'export-plan',
          label: 'Export the savings plan',
          note: 'CSV',
          ...(page === 'savings' && { shortcut: 'E' }),
          run: () => void exportPlan(api).then(setFailed),
        },
        {
          id: 'export-commitments',
          label: 'Export the commitments and the ladder',
          note: 'CSV',
          ...(page === 'commitments' && { shortcut: 'E' }),
          run: () => void exportCommitments(api).then(setFailed),
        },
        {
          id: 'what-if',
          label: 'Reset what if',
          note: 'the plan as it is advised',
          run: () => choose({ page: 'savings', whatIf: nothingElse }),
        },
        {
          id: 'rules',
          label: 'Edit the rules of AI workloads',
          note: 'purposes and workloads of your own',
          run: () => choose({ page: 'workloads', rules: true }),
        },
        {
          id: 'export-focus',
          label: 'Export all that is loaded as FOCUS',
          note: 'CSV, gzip',
          ...(page === 'sources' && { shortcut: 'E' }),
          run: () => {
            choose({ page: 'sources' });
            void exportFocus(api, 'csv.gz');
          },
        },
        {
          id: 'clear',
          label: 'Remove all filters',
          run: () => choose({ filters: [] }),
        },
      ]
    : [];
  const always: Item[] = [
    {
      id: 'theme',
      label: dark ? 'Light theme' : 'Dark theme',
      run: () => chooseTheme(dark ? 'light' : 'dark'),
    },
    {
      id: 'sample',
      label: 'Open the sample company',
      run: () => {
        choose({ page: 'sources' });
        void importSample(api);
      },
    },
    { id: 'keys', label: 'All keys', shortcut: '?', run: openKeys },
  ];
  const words = query.trim().toLowerCase();
  return [
    { label: 'Go to', items: goTo },
    { label: 'Do', items: [...withData, ...always] },
  ]
    .map((group) => ({
      ...group,
      items: group.items.filter((item) => item.label.toLowerCase().includes(words)),
    }))
    .filter((group) => group.items.length > 0);
}
