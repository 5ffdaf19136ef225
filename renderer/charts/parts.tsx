interface TipData {
  head: string;
  lines: readonly { label: string; value: string }[];
}

/** What stands at a place of a chart. */
export function Tip({ tip }: { tip: TipData | null }) {
  if (!tip) return null;
  return (
    <>
      <div className="strong">{tip.head}</div>
      <table>
        <tbody>
          {tip.lines.map(({ label, value }) => (
            <tr key={label}>
              <td className="muted">{label}</td>
              <td className="num">{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

interface NumbersProps {
  /** What they are of. */
  name: string;
  height: number | '100%';
  head: readonly string[];
  /** The first cell names the row. */
  rows: readonly (readonly string[])[];
}

/** The numbers of a chart, where it is asked for as a table. */
export function Numbers({ name, height, head, rows }: NumbersProps) {
  return (
    <section
      className="numbers-scroll"
      style={{ height }}
      // Scrollable content must be reachable by keyboard.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      aria-label={`Values of ${name}`}
    >
      <table className="numbers">
        <thead>
          <tr>
            {head.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([label = '', ...cells], index) => (
            // Rows of a chart have no other identity than their place.
            // oxlint-disable-next-line react/no-array-index-key
            <tr key={index}>
              <th scope="row">{label}</th>
              {cells.map((cell, at) => (
                <td key={head[at + 1]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
