import type { CallOutput } from '../../../shared/contract/contract.ts';
import type { RulesPreview } from '../../../shared/contract/rules.ts';
import { currencySign, formatAllDigits, formatCount } from '../../../shared/domain/format.ts';
import { purposeTitles } from '../../../shared/workloads/purposes.ts';
import { metricNames, noValue } from '../../stores/words.ts';
import { amount, purposeInSentence } from './words.ts';

interface PreviewProps {
  answer: CallOutput<'rules.set'> | null;
  /** The answer is of the text as it stands. */
  current: boolean;
  /** The text differs from the rules that hold. */
  changed: boolean;
}

const movesShown = 30;

/** What the text would move, before it is applied. */
export function Preview({ answer, current, changed }: PreviewProps) {
  const preview = answer?.preview ?? null;
  return (
    <div className={current ? 'rules-preview' : 'rules-preview waiting'} aria-busy={!current}>
      <div className="section-head">
        <h3 className="strong">{changed ? 'What it would move' : 'What the rules decide'}</h3>
        {preview && (
          <span className="caption muted num">
            {metricNames[preview.metric].toLowerCase()} cost, {preview.currency ?? noValue}, all
            that is loaded
          </span>
        )}
      </div>
      {answer && answer.problems.length > 0 && (
        <p className="muted small">
          Shown once the text is good. The rules that hold are unchanged until then.
        </p>
      )}
      {answer && answer.problems.length === 0 && preview === null && (
        <p className="muted small">Nothing is loaded, so nothing moves yet.</p>
      )}
      {preview && <Moves preview={preview} changed={changed} />}
      {preview && preview.effects.length > 0 && <Effects preview={preview} />}
    </div>
  );
}

function Moves({ preview, changed }: { preview: RulesPreview; changed: boolean }) {
  const { moves, moveCount, total, currency } = preview;
  const shown = moves.slice(0, movesShown);
  const left = moveCount - shown.length;
  return (
    <>
      <p className="small num">
        Total <b title={total === null ? undefined : formatAllDigits(total)}>{amount(total, 2)}</b>,
        the same before and after.
      </p>
      {moveCount === 0 ? (
        <p className="muted small">
          {changed ? 'It moves nothing.' : 'Nothing is waiting to move.'}
        </p>
      ) : (
        <table className="table">
          <colgroup>
            <col />
            <col />
            <col style={{ width: 116 }} />
            <col style={{ width: '17%' }} />
          </colgroup>
          <thead>
            <tr>
              <th scope="col">From</th>
              <th scope="col">To</th>
              <th scope="col" className="right">
                Cost {currencySign(currency)}
              </th>
              <th scope="col" className="apart">
                Rule
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((move) => (
              <tr key={JSON.stringify([move.from, move.to, move.rule])}>
                <Place {...move.from} />
                <Place {...move.to} />
                <td
                  className="right"
                  title={move.cost === null ? undefined : formatAllDigits(move.cost)}
                >
                  {amount(move.cost, 2)}
                </td>
                <td className="apart muted" title={move.rule}>
                  {move.rule}
                </td>
              </tr>
            ))}
            {left > 0 && (
              <tr className="muted">
                <td colSpan={4}>{formatCount(left)} more moves</td>
              </tr>
            )}
          </tbody>
        </table>
      )}
    </>
  );
}

type Side = RulesPreview['moves'][number]['from'];

function Place({ purpose, workload }: Side) {
  // As the table names it; its kind is in the title.
  const name = workload?.replace(/^[a-z]+:/, '') ?? 'no workload';
  return (
    <td title={`${workload ?? name}, ${purposeTitles[purpose]}`}>
      <span className={workload === null ? 'muted' : undefined}>{name}</span>
      <span className="muted">, {purposeInSentence(purpose)}</span>
    </td>
  );
}

function Effects({ preview }: { preview: RulesPreview }) {
  return (
    <table className="table">
      <colgroup>
        <col />
        <col style={{ width: 140 }} />
        <col style={{ width: 116 }} />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">Rule, in its order</th>
          <th scope="col" className="right">
            Charges it decides
          </th>
          <th scope="col" className="right">
            Cost {currencySign(preview.currency)}
          </th>
        </tr>
      </thead>
      <tbody>
        {preview.effects.map(({ rule, charges, cost }) => (
          <tr key={rule}>
            <td title={rule}>{rule}</td>
            <td className="right">
              {charges === 0 ? (
                <span className="muted">matches nothing</span>
              ) : (
                formatCount(charges)
              )}
            </td>
            <td className={charges === 0 ? 'right muted' : 'right'}>
              {charges === 0 ? 'n/a' : amount(cost, 2)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
