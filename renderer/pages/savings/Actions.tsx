import { type KeyboardEvent, memo, useId, useState } from 'react';
import type { SavingsAction } from '../../../shared/contract/savings.ts';
import {
  currencySign,
  formatAllDigits,
  formatCompact,
  formatCount,
  formatDecimal,
} from '../../../shared/domain/format.ts';
import { nextRow } from '../../components/virtualRows.ts';
import { type DecisionItem, isAside } from '../../data/decided.ts';
import { choose, type WhatIf } from '../../stores/choices.ts';
import { DecisionTag } from './DecisionTag.tsx';
import type { Plan } from './usePlan.ts';
import { chance, levelWords } from '../../stores/words.ts';
import { effortNames, type Figures, intervalWords, leverNames } from './words.ts';

interface ActionsProps {
  plan: Plan;
  actions: readonly SavingsAction[];
  figures: Figures;
  currency: string | null;
  /** The one whose evidence is shown. */
  opened: string | null;
}

/** Rows shown before the rest is asked for. */
const shownAtFirst = 60;

/** The actions in the order in which their marginals are counted, and their sum. */
export function Actions({ plan, actions, figures, currency, opened }: ActionsProps) {
  const [chosen, setChosen] = useState(-1);
  const [whole, setWhole] = useState(false);
  const tableId = useId();
  const { whatIf, live, decisions } = plan;
  const shown = whole ? actions : actions.slice(0, shownAtFirst);
  const left = actions.length - shown.length;
  const lives = new Map(live?.actions.map((action) => [action.id, action]));
  const scale = scaleOf(actions);
  const sign = currencySign(currency);
  const at = opened === null ? chosen : shown.findIndex(({ id }) => id === opened);

  function point(index: number) {
    setChosen(index);
    const action = shown[index];
    // With the evidence open, the rows are walked together with it.
    if (opened !== null && action) choose({ action: action.id });
  }

  function toggle(id: string) {
    plan.settle(toggled(whatIf, id));
  }

  function press(event: KeyboardEvent) {
    if (event.target !== event.currentTarget) return;
    const action = shown[at];
    const next = nextRow(event.key, at, shown.length, 10);
    if (event.key === 'Escape') {
      if (opened !== null) return;
      event.preventDefault();
      setChosen(-1);
    } else if (next !== null) {
      event.preventDefault();
      point(next);
      document.getElementById(`${tableId}-${next}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter' && action) {
      event.preventDefault();
      choose({ action: action.id });
    } else if (event.key === ' ' && action) {
      event.preventDefault();
      if (!isAside(decisions.get(action.id)?.state)) toggle(action.id);
    }
  }

  return (
    <section className="plan-actions" aria-label="Actions">
      <div className="section-head">
        <h2>
          {formatCount(actions.length)} {actions.length === 1 ? 'action' : 'actions'}
        </h2>
        <span className="caption muted">
          {currency} a month; {levelWords(figures.level)} interval. Marginals add up to the joint
          savings.
        </span>
      </div>
      <div
        className="grid plan-grid"
        role="grid"
        aria-label="Actions"
        aria-rowcount={actions.length + 2}
        aria-activedescendant={at >= 0 ? `${tableId}-${at}` : undefined}
        tabIndex={0}
        onKeyDown={press}
      >
        <div role="rowgroup">
          <div className="grid-row fixed head" role="row">
            <div role="columnheader">
              <span className="unseen">In the plan</span>
            </div>
            <div role="columnheader">Action</div>
            <div role="columnheader">Kind</div>
            <div role="columnheader" className="right">
              Marginal {sign}
            </div>
            <div role="columnheader" className="apart">
              {levelWords(figures.level)} interval
            </div>
            <div role="columnheader" className="right">
              P(loss)
            </div>
            <div role="columnheader" className="apart">
              Effort
            </div>
            <div role="columnheader">Status</div>
          </div>
        </div>
        <div role="rowgroup">
          {shown.map((action, index) => {
            const item = decisions.get(action.id);
            const of = lives.get(action.id);
            return (
              <Row
                key={action.id}
                id={`${tableId}-${index}`}
                index={index}
                action={action}
                item={item}
                on={of ? of.on : !isAside(item?.state) && !whatIf.off.includes(action.id)}
                why={of?.why ?? null}
                marginal={of?.marginal ?? action.marginal}
                scale={scale}
                selected={index === at}
                onPoint={point}
                onToggle={toggle}
              />
            );
          })}
          {left > 0 && (
            <div className="grid-row fixed" role="row">
              <div role="gridcell" className="span">
                <button type="button" className="link-button" onClick={() => setWhole(true)}>
                  Show {formatCount(left)} more
                </button>
              </div>
            </div>
          )}
          <div className="grid-row fixed total" role="row">
            <div role="gridcell" />
            <div role="gridcell">Joint savings</div>
            <div role="gridcell" />
            <div role="gridcell" className="right save" title={formatAllDigits(figures.savings)}>
              {formatDecimal(figures.savings)}
            </div>
            <div role="gridcell" className="apart num muted" title={intervalWords(figures)}>
              {formatCompact(figures.low)} to {formatCompact(figures.high)}
            </div>
            <div role="gridcell" className="right">
              {chance(figures.pLoss)}
            </div>
            <div role="gridcell" className="apart" />
            <div role="gridcell" />
          </div>
        </div>
      </div>
    </section>
  );
}

function toggled(whatIf: WhatIf, id: string): WhatIf {
  const off = whatIf.off.includes(id)
    ? whatIf.off.filter((one) => one !== id)
    : [...whatIf.off, id].sort();
  return { ...whatIf, off };
}

interface Scale {
  from: number;
  to: number;
}

/** One scale for the whole column, so that the bars can be compared. */
function scaleOf(actions: readonly SavingsAction[]): Scale {
  const values = actions.flatMap(({ low, high, marginal }) => [
    Number(low),
    Number(high),
    Number(marginal),
  ]);
  return { from: Math.min(0, ...values), to: Math.max(1e-9, ...values) };
}

interface RowProps {
  id: string;
  index: number;
  action: SavingsAction;
  item: DecisionItem | undefined;
  on: boolean;
  /** Why it is not in the figures. */
  why: string | null;
  marginal: string;
  scale: Scale;
  selected: boolean;
  onPoint: (index: number) => void;
  onToggle: (id: string) => void;
}

const Row = memo(
  function Row(props: RowProps) {
    const { id, index, action, item, on, why, marginal, scale, selected } = props;
    const aside = isAside(item?.state);
    return (
      // The grid has the focus and the keys; a row is for the pointer.
      // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
      <div
        id={id}
        role="row"
        aria-rowindex={index + 2}
        aria-selected={selected}
        className={on ? 'grid-row fixed' : 'grid-row fixed off'}
        onClick={() => props.onPoint(index)}
      >
        <div role="gridcell">
          <input
            type="checkbox"
            tabIndex={-1}
            checked={on}
            disabled={aside}
            title={why ?? (aside ? 'Set aside by a decision' : undefined)}
            aria-label={`${action.title}, in the plan`}
            onChange={() => props.onToggle(action.id)}
          />
        </div>
        <div role="gridcell" className="key">
          <button
            type="button"
            tabIndex={-1}
            className="cut"
            title={`${action.title}, ${action.detail}. ${action.advice}`}
            onClick={() => choose({ action: action.id })}
          >
            {action.title}
            <span className="muted">, {action.detail}</span>
          </button>
        </div>
        <div role="gridcell">{leverNames[action.lever]}</div>
        <div
          role="gridcell"
          className={on ? 'right strong save' : 'right muted'}
          title={on ? formatAllDigits(marginal) : (why ?? undefined)}
        >
          {on ? formatDecimal(marginal) : 'off'}
        </div>
        <div role="gridcell" className="apart" title={intervalWords(action)}>
          <span className="unseen">{intervalWords(action)}</span>
          {on && (
            <IntervalBar
              scale={scale}
              value={marginal}
              // The interval is that of the plan's own figure.
              interval={isSame(marginal, action.marginal) ? action : null}
            />
          )}
        </div>
        <div role="gridcell" className={action.pLoss === null ? 'right muted' : 'right'}>
          {action.pLoss === null && action.commitment === null ? 'n/a' : chance(action.pLoss)}
        </div>
        <div role="gridcell" className="apart">
          {effortNames[action.effort]}
        </div>
        <div role="gridcell">
          <DecisionTag item={item} />
        </div>
      </div>
    );
  },
  (before, after) =>
    before.action === after.action &&
    before.item === after.item &&
    before.on === after.on &&
    before.why === after.why &&
    before.marginal === after.marginal &&
    before.selected === after.selected &&
    before.index === after.index &&
    before.scale.to === after.scale.to &&
    before.scale.from === after.scale.from,
);

/** Within 1%: other actions left out move it a little. */
function isSame(a: string, b: string): boolean {
  return Math.abs(Number(a) - Number(b)) <= Math.abs(Number(b)) * 0.01;
}

interface IntervalBarProps {
  scale: Scale;
  value: string;
  interval: { low: string; high: string } | null;
}

function IntervalBar({ scale, value, interval }: IntervalBarProps) {
  const span = scale.to - scale.from;
  const place = (text: string) =>
    `${Math.min(100, Math.max(0, ((Number(text) - scale.from) / span) * 100))}%`;
  const width = interval
    ? `${Math.min(100, Math.max(0, ((Number(interval.high) - Number(interval.low)) / span) * 100))}%`
    : '0';
  return (
    <span className="interval" aria-hidden="true">
      {interval && <span style={{ left: place(interval.low), width }} />}
      <i style={{ left: place(value) }} />
    </span>
  );
}
