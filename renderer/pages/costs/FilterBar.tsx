import { Popover } from '@mantine/core';
import { useState } from 'react';
import type { CallOutput } from '../../../shared/contract/contract.ts';
import type { Dimension, Filter } from '../../../shared/contract/values.ts';
import { useApi } from '../../data/useApi.ts';
import { choose, useChoices } from '../../stores/choices.ts';
import { setFilterOpen, useOverlays } from '../../stores/overlays.ts';
import type { Loaded } from '../../stores/period.ts';
import { dimensionName } from '../../../shared/domain/dimensions.ts';
import { valueName } from '../../stores/words.ts';
import { DimensionMenu, FilterEditor } from './FilterEditor.tsx';

interface FilterBarProps {
  dimensions: CallOutput<'costs.dimensions'>['dimensions'];
  loaded: Loaded;
}

/** Replaces `old` by `changed`; null adds or removes. */
function replaceFilter(old: Filter | null, changed: Filter | null): void {
  const { filters } = useChoices.getState();
  const at = old ? filters.indexOf(old) : -1;
  const rest = [...filters];
  if (at < 0) rest.push(...(changed ? [changed] : []));
  else rest.splice(at, 1, ...(changed ? [changed] : []));
  choose({ filters: rest });
}

/** The filters as a sentence: a chip each, and one more to add. */
export function FilterBar({ dimensions, loaded }: FilterBarProps) {
  const filters = useChoices((choices) => choices.filters);
  const adding = useOverlays((state) => state.filter);
  return (
    <div className="filter-bar">
      <span className="muted small">Filter</span>
      {filters.map((filter, index) => (
        // A filter is known by its place: its words and values change under the editor.
        // oxlint-disable-next-line react/no-array-index-key
        <Chip key={index} filter={filter} loaded={loaded} />
      ))}
      <Popover
        opened={adding}
        onChange={setFilterOpen}
        position="bottom-start"
        offset={4}
        width={340}
        trapFocus
        returnFocus
      >
        <Popover.Target>
          <button
            type="button"
            className="link-button small add-filter"
            onClick={() => setFilterOpen(!adding)}
          >
            Add filter
          </button>
        </Popover.Target>
        <Popover.Dropdown className="overlay-box filter-editor" aria-label="Add filter">
          {adding && <Adding dimensions={dimensions} loaded={loaded} />}
        </Popover.Dropdown>
      </Popover>
    </div>
  );
}

/** First the dimension, then its values; a dimension that is filtered already is changed. */
function Adding({ dimensions, loaded }: FilterBarProps) {
  const filters = useChoices((choices) => choices.filters);
  const [dimension, setDimension] = useState<Dimension | null>(null);
  const [filter, setFilter] = useState<Filter | null>(null);
  if (dimension === null) {
    return (
      <DimensionMenu
        dimensions={dimensions}
        onChoose={(name) => {
          setDimension(name);
          setFilter(filters.find((one) => one.dimension === name) ?? null);
        }}
      />
    );
  }
  return (
    <FilterEditor
      dimension={dimension}
      filter={filter}
      loaded={loaded}
      onChange={(changed) => {
        replaceFilter(filter, changed);
        setFilter(changed);
      }}
    />
  );
}

function Chip({ filter, loaded }: { filter: Filter; loaded: Loaded }) {
  const [open, setOpen] = useState(false);
  // Filters hold ids; the bill's names for them come with its values.
  const known = useApi('costs.values', { dimension: filter.dimension, limit: 200 }).data;
  const nameOf = (value: string | null) =>
    valueName(value, known?.values.find((one) => one.value === value)?.name ?? null);
  const words = `${dimensionName(filter.dimension)} is${filter.not ? ' not' : ''}`;
  const values = filter.values.map(nameOf).join(', ');
  return (
    <span className="chip">
      <Popover
        opened={open}
        onChange={setOpen}
        position="bottom-start"
        offset={4}
        width={340}
        trapFocus
        returnFocus
      >
        <Popover.Target>
          <button type="button" onClick={() => setOpen(!open)} title={values}>
            <span className="muted nowrap">{words}</span>
            <span className="cut">{values}</span>
          </button>
        </Popover.Target>
        <Popover.Dropdown className="overlay-box filter-editor" aria-label="Change filter">
          {open && (
            <FilterEditor
              dimension={filter.dimension}
              filter={filter}
              loaded={loaded}
              onChange={(changed) => replaceFilter(filter, changed)}
            />
          )}
        </Popover.Dropdown>
      </Popover>
      <button
        type="button"
        className="remove"
        aria-label={`Remove filter ${words} ${values}`}
        onClick={() => replaceFilter(filter, null)}
      >
        ×
      </button>
    </span>
  );
}
