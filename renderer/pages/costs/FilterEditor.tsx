import { useDeferredValue, useState } from 'react';
import type { CallOutput } from '../../../shared/contract/contract.ts';
import type { Dimension, Filter } from '../../../shared/contract/values.ts';
import { formatCount, formatDecimal, placesOf } from '../../../shared/domain/format.ts';
import { useApi } from '../../data/useApi.ts';
import { useChoices } from '../../stores/choices.ts';
import { type Loaded, resolvePeriod } from '../../stores/period.ts';
import { dimensionName } from '../../../shared/domain/dimensions.ts';
import { valueName } from '../../stores/words.ts';

interface MenuProps {
  dimensions: CallOutput<'costs.dimensions'>['dimensions'];
  onChoose: (dimension: Dimension) => void;
}

/** The dimensions with the number of their values. */
export function DimensionMenu({ dimensions, onChoose }: MenuProps) {
  return (
    <div className="menu" role="menu" aria-label="Dimension">
      {dimensions.map(({ id, label, values }) => (
        <button
          key={id}
          type="button"
          role="menuitem"
          className="menu-item"
          onClick={() => onChoose(id)}
        >
          {label} {values !== null && <span className="muted num">{formatCount(values)}</span>}
        </button>
      ))}
    </div>
  );
}

interface EditorProps {
  dimension: Dimension;
  /** Null while no value is chosen. */
  filter: Filter | null;
  loaded: Loaded;
  /** Null: the filter asks for nothing any more. */
  onChange: (filter: Filter | null) => void;
}

/** The values of a dimension by cost; every tick applies at once. */
export function FilterEditor({ dimension, filter, loaded, onChange }: EditorProps) {
  const [search, setSearch] = useState('');
  const [not, setNot] = useState(filter?.not ?? false);
  const { period, metric } = useChoices();
  const asked = useApi('costs.values', {
    dimension,
    search: useDeferredValue(search.trim()),
    metric,
    ...resolvePeriod(period, loaded),
  });
  const chosen = filter?.values ?? [];
  const offered = asked.data?.values ?? [];
  const places = placesOf(offered[0]?.cost ?? null);
  const more = (asked.data?.matched ?? 0) - offered.length;

  function apply(values: (string | null)[], inverted: boolean) {
    if (values.length === 0) onChange(null);
    else onChange(inverted ? { dimension, values, not: true } : { dimension, values });
  }

  function toggle(value: string | null) {
    const without = chosen.filter((one) => one !== value);
    apply(without.length < chosen.length ? without : [...chosen, value], not);
  }

  function invert(inverted: boolean) {
    setNot(inverted);
    if (chosen.length > 0) apply([...chosen], inverted);
  }

  return (
    <>
      <div className="bar">
        <span>{dimensionName(dimension)}</span>
        <span className="segmented">
          <button type="button" aria-pressed={!not} onClick={() => invert(false)}>
            is
          </button>
          <button type="button" aria-pressed={not} onClick={() => invert(true)}>
            is not
          </button>
        </span>
        <input
          className="field"
          type="search"
          data-autofocus
          placeholder="Search"
          aria-label={`Search ${dimensionName(dimension)}`}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      </div>
      <div className="values">
        {offered.map(({ value, name, cost }) => (
          <label key={value ?? '\u0000'}>
            <input
              type="checkbox"
              checked={chosen.includes(value)}
              onChange={() => toggle(value)}
            />
            <span className={value === null ? 'cut muted' : 'cut'}>{valueName(value, name)}</span>
            <span className="num">{cost === null ? 'unknown' : formatDecimal(cost, places)}</span>
          </label>
        ))}
        {asked.data !== null && offered.length === 0 && (
          <p className="menu-label">
            {search === ''
              ? 'No value in this period.'
              : `No value contains “${search}”. Try a part of it.`}
          </p>
        )}
        {asked.error && <p className="menu-label">{asked.error.message}</p>}
      </div>
      <div className="foot num">
        {more > 0
          ? `${formatCount(offered.length)} of ${formatCount(offered.length + more)} values; search for the rest`
          : `${formatCount(offered.length)} ${offered.length === 1 ? 'value' : 'values'}`}
      </div>
    </>
  );
}
