import type { ECharts, EChartsCoreOption } from 'echarts/core';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';

interface ChartProps {
  option: EChartsCoreOption;
  /** Pixels, or that of the place, as the width always is. */
  height: number | '100%';
  /** The chart in a sentence. */
  summary: string;
  /** Positions along the axis, and what is read aloud at each. */
  count: number;
  readout: (index: number) => string;
  /** What is shown beside a position that is pointed at or walked to. */
  renderTip: (index: number) => ReactNode;
  /** Values of the positions where the axis is one of values; else they are categories. */
  positions?: readonly number[];
  /** Milliseconds over which a change is drawn; else it is drawn at once. */
  tween?: number;
  /** A stack was clicked: its place among the series. */
  onSeries?: (series: number) => void;
}

/**
 * The only owner of a chart instance: it creates, resizes and disposes it. The arrow keys walk the
 * positions, show each one's values and have them read aloud.
 */
export function Chart({
  option,
  height,
  summary,
  count,
  readout,
  renderTip,
  positions,
  tween = 0,
  onSeries,
}: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  const latest = useRef({ option, positions, onSeries });
  const size = useRef({ width: 0, height: 0 });
  const [at, setAt] = useState(-1);
  const [shown, setShown] = useState<{ index: number; x: number; width: number } | null>(null);

  useEffect(() => {
    latest.current = { option, positions, onSeries };
  }, [option, positions, onSeries]);

  useEffect(() => {
    // Tasks of their own, behind that which wrote the page around it; only the last one is drawn.
    let timer = setTimeout(() => {
      const instance = chart.current;
      instance?.setOption(option, taking);
      timer = setTimeout(() => {
        if (chart.current !== instance) return;
        instance?.resize({ ...size.current, animation: { duration: tween } });
      });
    });
    return () => clearTimeout(timer);
  }, [option, tween]);

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    let resizing: ReturnType<typeof setTimeout> | undefined;
    let state: 'unmeasured' | 'waiting' | 'drawn' | 'ended' = 'unmeasured';
    async function create(target: HTMLDivElement) {
      const { init } = await import('./library.ts');
      // Drawn text is measured once, so the font must be there first.
      await document.fonts.load("400 12px 'Inter Variable'").catch(() => []);
      await nextTask();
      if (state === 'ended') return;
      const instance = init(target, null, { renderer: 'canvas', ...size.current });
      chart.current = instance;
      instance.on('click', (event) => latest.current.onSeries?.(event.seriesIndex ?? -1));
      instance.on('updateAxisPointer', (event) => {
        const places = latest.current.positions;
        const index = pointedAt(event, places);
        const x =
          index === null ? 0 : instance.convertToPixel({ xAxisIndex: 0 }, places?.[index] ?? index);
        setShown(index === null ? null : { index, x, width: instance.getWidth() });
      });
      await nextTask();
      if (chart.current !== instance) return;
      instance.setOption(latest.current.option, taking);
      await nextTask();
      if (chart.current !== instance) return;
      instance.resize(size.current);
      state = 'drawn';
    }
    // Measured by the browser when it lays out the page: asking would make it do so at once.
    const observer = new ResizeObserver(([entry]) => {
      if (!entry || entry.contentRect.width === 0) return;
      const { width, height: high } = entry.contentRect;
      size.current = { width: Math.floor(width), height: Math.floor(high) };
      if (state === 'drawn') {
        // A task for each chart, so that two of them do not make a long one.
        clearTimeout(resizing);
        resizing = setTimeout(() => chart.current?.resize(size.current));
      }
      if (state !== 'unmeasured') return;
      state = 'waiting';
      void create(element);
    });
    observer.observe(element);
    return () => {
      state = 'ended';
      observer.disconnect();
      clearTimeout(resizing);
      chart.current?.dispose();
      chart.current = null;
    };
  }, []);

  function walk(event: KeyboardEvent) {
    const next = position(event.key, at, count);
    if (next === null) return;
    event.preventDefault();
    setAt(next);
    chart.current?.dispatchAction(
      next < 0 ? { type: 'hideTip' } : { type: 'showTip', seriesIndex: 0, dataIndex: next },
    );
  }

  return (
    // A chart is walked like a list; no element of HTML says that.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      className="chart"
      style={{ height }}
      role="application"
      aria-roledescription="chart"
      aria-label={`${summary} Arrow keys read the values.`}
      // The arrow keys need the focus.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      onKeyDown={walk}
      onBlur={() => {
        setAt(-1);
        chart.current?.dispatchAction({ type: 'hideTip' });
      }}
    >
      <div ref={place} className="chart-place" aria-hidden="true" />
      {shown && shown.index < count && (
        <div
          className="chart-tip"
          aria-hidden="true"
          style={
            shown.x > shown.width / 2
              ? { right: shown.width - shown.x + tipGap }
              : { left: shown.x + tipGap }
          }
        >
          {renderTip(shown.index)}
        </div>
      )}
      <div className="unseen" aria-live="polite">
        {at >= 0 && readout(at)}
      </div>
    </div>
  );
}

/**
 * All of the option is said each time; only series can be gone from it. Making the rest anew would
 * have the library measure the page. It is only taken in at first; saying the size then draws it,
 * in a task of its own (or the next frame does).
 */
const taking = { replaceMerge: ['series'], lazyUpdate: true };

function nextTask(): Promise<void> {
  return new Promise((done) => setTimeout(done));
}

/** Pixels between a position and what is shown beside it. */
const tipGap = 24;

/** The position in the library's event; null where the pointer has left. */
function pointedAt(event: unknown, positions: readonly number[] | undefined): number | null {
  const { axesInfo } = event as { axesInfo?: { value?: unknown }[] };
  const value = axesInfo?.[0]?.value;
  if (typeof value !== 'number') return null;
  if (!positions) return value;
  let nearest = 0;
  positions.forEach((place, index) => {
    if (Math.abs(place - value) < Math.abs((positions[nearest] ?? 0) - value)) nearest = index;
  });
  return nearest;
}

/** Where a key leads from a position; -1 is none, null a key that is not ours. */
function position(key: string, at: number, count: number): number | null {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowDown':
      return Math.min(count - 1, at + 1);
    case 'ArrowLeft':
    case 'ArrowUp':
      return at < 0 ? count - 1 : Math.max(0, at - 1);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    case 'Escape':
      return -1;
    default:
      return null;
  }
}
