import { commitmentAmount } from '../../shared/charts/costCurve.ts';
import { axisLabel, axisUnit, niceScale } from '../../shared/charts/axis.ts';
import { ladderBlocks, type Tranche } from '../../shared/charts/ladder.ts';
import {
  dayNumber,
  dayText,
  firstDayOf,
  monthOf,
  addMonths,
} from '../../shared/domain/calendar.ts';
import { monthShort } from '../../shared/domain/format.ts';
import './ladder.css';

/** Money committed, not saved, so in the colours of amounts: later tranches are darker. */
const shades = 4;

interface LadderChartProps {
  tranches: readonly Tranche[];
  kind: 'ri' | 'isp' | 'csp';
  height: number;
}

/** The steps that buy a commitment, piled up over time. Its figures are in the table below it. */
export function LadderChart({ tranches, kind, height }: LadderChartProps) {
  const { blocks, from, to, most } = ladderBlocks(tranches);
  if (blocks.length === 0) return null;
  const scale = niceScale(0, most);
  const unit = axisUnit(scale);
  const span = to - from;
  const across = (day: number) => `${((day - from) / span) * 100}%`;
  const up = (amount: number) => `${(amount / scale.max) * 100}%`;
  const ticks = Array.from(
    { length: Math.round(scale.max / scale.step) + 1 },
    (_, index) => index * scale.step,
  );
  return (
    <div className="ladder" style={{ height }} aria-hidden="true">
      <div className="ladder-plot">
        {ticks.map((tick) => (
          <div key={tick} className="ladder-tick caption muted num" style={{ bottom: up(tick) }}>
            <span>{axisLabel(tick, unit)}</span>
          </div>
        ))}
        {blocks.map((block) => (
          <div
            key={`${block.tranche} ${block.from}`}
            className={`ladder-block shade-${shadeOf(block.tranche, tranches.length)}`}
            title={commitmentAmount(block.top - block.bottom, kind)}
            style={{
              left: across(block.from),
              width: `${((block.to - block.from) / span) * 100}%`,
              bottom: up(block.bottom),
              height: up(block.top - block.bottom),
            }}
          />
        ))}
        {monthsOf(from, to).map((month) => (
          <span
            key={month}
            className="ladder-month caption muted"
            style={{ left: across(dayNumber(firstDayOf(month))) }}
          >
            {monthShort(month)}
          </span>
        ))}
      </div>
    </div>
  );
}

function shadeOf(tranche: number, count: number): number {
  return Math.min(shades - 1, Math.floor((tranche * shades) / count));
}

/** At most eight months that are named. */
function monthsOf(from: number, to: number): string[] {
  const months: string[] = [];
  for (let month = monthOf(dayText(from)); dayNumber(firstDayOf(month)) < to; ) {
    const at = dayNumber(firstDayOf(month));
    // A name at the right edge would stand outside.
    if (at >= from && at < to - (to - from) * 0.04) months.push(month);
    month = addMonths(month, 1);
  }
  const every = Math.ceil(months.length / 8);
  return months.filter((_, index) => index % every === 0);
}
