import { Fragment } from 'react';
import type { Line } from '../../../shared/contract/lines.ts';
import type { Dimension } from '../../../shared/contract/values.ts';
import { dimensionName } from '../../../shared/domain/dimensions.ts';
import { currencySign, formatAllDigits, formatCount } from '../../../shared/domain/format.ts';
import { metricNames, noValue, valueName } from '../../stores/words.ts';

interface LineSheetProps {
  line: Line;
  currency: string | null;
  onClose: () => void;
}

/** One line as its file states it: the cells of its row, else the charge it was read as. */
export function LineSheet({ line, currency, onClose }: LineSheetProps) {
  return (
    <aside className="line-sheet" aria-label={`Row ${line.row} of ${line.file}`}>
      <div className="section-head">
        <h3 className="cut" title={line.file}>
          Row {formatCount(line.row)} of {line.file}
        </h3>
        <button
          type="button"
          className="link-button small end"
          aria-label="Close the row"
          onClick={onClose}
        >
          Close
        </button>
      </div>
      <p className="caption muted">
        {line.cells
          ? 'The cells of the file, as it writes them'
          : 'The charge as it was read; its record holds more than one, or has no columns'}
      </p>
      {/* Scrolled by the keyboard too. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="line-cells" tabIndex={0} role="region" aria-label="Cells">
        <dl>
          {(line.cells ?? chargeCells(line, currency)).map(({ name, value }) => (
            <div key={name}>
              <dt>
                <ColumnName name={name} />
              </dt>
              <dd className={value === null ? 'muted' : undefined}>{value ?? noValue}</dd>
            </div>
          ))}
        </dl>
      </div>
    </aside>
  );
}

/** Long names of columns break between their words, which are not set apart by blanks. */
function ColumnName({ name }: { name: string }) {
  const words = name.split(/(?<=[a-z])(?=[A-Z])|(?<=[/_.:])/);
  // A word stands for its place: the same one may come twice.
  // oxlint-disable-next-line react/no-array-index-key
  return words.map((word, i) => (
    <Fragment key={i}>{i > 0 ? [<wbr key="break" />, word] : word}</Fragment>
  ));
}

function chargeCells(line: Line, currency: string | null): NonNullable<Line['cells']> {
  const sign = currencySign(currency);
  return [
    { name: 'Start', value: line.start },
    ...(['billed', 'effective', 'list', 'contracted'] as const).map((metric) => {
      const amount = line[metric];
      const value = amount === null ? null : formatAllDigits(amount);
      return { name: `${metricNames[metric]} ${sign}`, value };
    }),
    { name: 'Quantity', value: line.quantity },
    ...Object.entries(line.dimensions).map(([dimension, value]) => {
      const name = line.names[dimension] ?? null;
      return {
        name: dimensionName(dimension as Dimension),
        value: name === null || value === null ? value : `${valueName(value, name)}, ${value}`,
      };
    }),
    ...Object.entries(line.tags).map(([key, value]) => ({ name: `Tag ${key}`, value })),
  ];
}
