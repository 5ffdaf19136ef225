import { closeOverlay } from '../stores/overlays.ts';

const keys: readonly (readonly [string, string])[] = [
  ['1 to 7', 'Pages'],
  ['Ctrl K', 'Search or command'],
  ['/', 'Filter the costs'],
  ['[ and ]', 'Previous and next period'],
  ['C', 'Compare with the same days before, on or off'],
  ['T', 'Charts as tables, on or off'],
  ['L', 'Lines behind the costs, or behind the chosen row'],
  [
    'E',
    'Export the rows as CSV, of Costs, AI workloads, Savings or Commitments; on Sources, all that is loaded as FOCUS',
  ],
  ['↑ and ↓', 'Rows of a table, values of a chart'],
  ['Enter', 'Filter by the chosen row; open the chosen workload or the evidence of an action'],
  ['Space', 'Savings: the chosen action in or out of the plan'],
  ['Esc', 'Close'],
  ['?', 'This list'],
];

export function KeysHelp() {
  return (
    <div className="dialog">
      <h2>Keys</h2>
      <table className="table">
        <colgroup>
          <col style={{ width: 120 }} />
          <col />
        </colgroup>
        <tbody>
          {keys.map(([key, does]) => (
            <tr key={key}>
              <td>
                <kbd className="kbd">{key}</kbd>
              </td>
              <td>{does}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="muted small">Keys work while no field has focus.</p>
      <div className="buttons">
        <button type="button" className="button" onClick={closeOverlay} data-autofocus>
          Close
        </button>
      </div>
    </div>
  );
}
