import { Popover } from '@mantine/core';
import { useState } from 'react';
import { addDays } from '../../shared/domain/calendar.ts';
import { choose, useChoices } from '../stores/choices.ts';
import { type Loaded, periodLabel, periodText, presets, resolvePeriod } from '../stores/period.ts';
import './periodPicker.css';

const granularities = [
  ['auto', 'Automatic'],
  ['day', 'Days'],
  ['month', 'Months'],
] as const;

/** Presets, any days, and what one bar stands for. */
export function PeriodPicker({ loaded }: { loaded: Loaded }) {
  const [open, setOpen] = useState(false);
  const { period, granularity } = useChoices();
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      width={320}
      position="bottom-start"
      offset={4}
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <button type="button" className="select" onClick={() => setOpen(!open)}>
          <span className="name">Period</span>
          <span className="num">{periodLabel(period, loaded)}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown className="overlay-box period-picker" aria-label="Period">
        <div className="menu">
          {presets(loaded).map((preset) => (
            <button
              key={preset.label}
              type="button"
              className="menu-item"
              aria-pressed={periodText(preset.period) === periodText(period)}
              onClick={() => {
                choose({ period: preset.period });
                setOpen(false);
              }}
            >
              {preset.label}
            </button>
          ))}
        </div>
        <CustomDays loaded={loaded} />
        <div className="period-granularity">
          <span className="muted small">Bars</span>
          <span className="segmented">
            {granularities.map(([value, label]) => (
              <button
                key={value}
                type="button"
                aria-pressed={value === granularity}
                onClick={() => choose({ granularity: value })}
              >
                {label}
              </button>
            ))}
          </span>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function CustomDays({ loaded }: { loaded: Loaded }) {
  const period = useChoices((choices) => choices.period);
  const range = resolvePeriod(period, loaded);
  const from = range.from;
  const to = addDays(range.to, -1);
  function change(first: string, last: string) {
    // A cleared or half-typed field changes nothing; the end follows a later start.
    if (first === '' || last === '') return;
    choose({ period: { kind: 'days', from: first, to: last < first ? first : last } });
  }
  return (
    <div className="period-custom">
      <label>
        <span className="muted small">From</span>
        <input
          className="field"
          type="date"
          min={loaded.firstDay}
          max={loaded.lastDay}
          value={from}
          onChange={(event) => change(event.currentTarget.value, to)}
        />
      </label>
      <label>
        <span className="muted small">To</span>
        <input
          className="field"
          type="date"
          min={loaded.firstDay}
          max={loaded.lastDay}
          value={to > loaded.lastDay ? loaded.lastDay : to}
          onChange={(event) => change(from, event.currentTarget.value)}
        />
      </label>
      <p className="caption muted">Days are UTC, both included.</p>
    </div>
  );
}
