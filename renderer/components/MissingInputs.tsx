import { Fragment, useState } from 'react';
import type { MissingInput } from '../../shared/contract/savings.ts';
import { currencySign, formatCount, formatDecimal } from '../../shared/domain/format.ts';
import { ChooseFiles } from './ChooseFiles.tsx';
import { EndField } from './EndField.tsx';

interface MissingInputsProps {
  missing: readonly MissingInput[];
  currency: string | null;
}

/** Those that concern most come first. */
const shownAtFirst = 6;

/** The id of a missing end is followed by that of its commitment. */
const endOf = 'end:';

/** What is not loaded, what that does to the figures, and the button that loads it. */
export function MissingInputs({ missing, currency }: MissingInputsProps) {
  const [whole, setWhole] = useState(false);
  if (missing.length === 0) return null;
  const shown = whole ? missing : missing.slice(0, shownAtFirst);
  const left = missing.length - shown.length;
  return (
    <section className="missing-inputs" aria-label="What is missing">
      <div className="section-head">
        <h2>What is missing</h2>
        <span className="caption muted">asked for, never invented</span>
        <span className="end missing-buttons">
          <ChooseFiles primary={false} />
        </span>
      </div>
      <table className="table table-wide">
        <colgroup>
          <col style={{ width: '24%' }} />
          <col style={{ width: '33%' }} />
          <col />
          <col style={{ width: 104 }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Missing</th>
            <th scope="col">What that does to the figures</th>
            <th scope="col">What to import</th>
            <th scope="col" className="right">
              {currencySign(currency)} a month
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((one) => (
            <tr key={one.id}>
              <td className="wrap strong">{one.what}</td>
              <td className="wrap">
                {one.blocks && <span className="risk">No plan without it. </span>}
                {one.effect}
              </td>
              <td className="wrap">
                <WithCommands text={one.ask} />
                {one.id.startsWith(endOf) && (
                  <EndField commitment={one.id.slice(endOf.length)} name={one.what} />
                )}
              </td>
              <td className="right">
                {one.monthly === null ? (
                  <span className="muted">unknown</span>
                ) : (
                  formatDecimal(one.monthly)
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {left > 0 && (
        <button type="button" className="link-button small" onClick={() => setWhole(true)}>
          Show {formatCount(left)} more
        </button>
      )}
    </section>
  );
}

/** What stands between backticks is typed in a terminal. */
function WithCommands({ text }: { text: string }) {
  return text.split('`').map((part, index) =>
    index % 2 === 1 ? (
      // Parts of one sentence have no other identity than their place.
      // oxlint-disable-next-line react/no-array-index-key
      <code key={index}>{part}</code>
    ) : (
      // oxlint-disable-next-line react/no-array-index-key
      <Fragment key={index}>{part}</Fragment>
    ),
  );
}
