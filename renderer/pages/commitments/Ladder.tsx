import { commitmentAmount } from '../../../shared/charts/costCurve.ts';
import type { CommitmentsOverview } from '../../../shared/contract/commitments.ts';
import { formatDay } from '../../../shared/domain/format.ts';
import { LadderChart } from '../../charts/LadderChart.tsx';
import { useChoices } from '../../stores/choices.ts';

interface LadderProps {
  overview: CommitmentsOverview;
  curve: CommitmentsOverview['curves'][number];
}

/** The steps in which the chosen commitment is bought. */
export function Ladder({ overview, curve }: LadderProps) {
  const table = useChoices((choices) => choices.table);
  const steps = overview.ladder.filter(({ action }) => action === curve.action);
  return (
    <section className="commitment-ladder" aria-label="Ladder">
      <div className="section-head">
        <h2>
          {steps.length === 0
            ? 'Ladder'
            : `Ladder, ${steps.length} ${steps.length === 1 ? 'tranche' : 'tranches'}`}
        </h2>
        {steps.length > 0 && <span className="caption muted">{curve.unit} committed</span>}
      </div>
      {steps.length === 0 ? (
        <p className="muted small">
          Nothing is bought of it: no amount lowers the bill within the chosen risk, term and cash.
        </p>
      ) : (
        <>
          {!table && <LadderChart tranches={steps} kind={curve.kind} height={172} />}
          <table className="table">
            <colgroup>
              <col />
              <col style={{ width: 76 }} />
              <col style={{ width: 76 }} />
              <col style={{ width: 96 }} />
            </colgroup>
            <thead>
              <tr>
                <th scope="col">Buy</th>
                <th scope="col" className="right">
                  Amount
                </th>
                <th scope="col" className="right">
                  In all
                </th>
                <th scope="col" className="right">
                  Ends
                </th>
              </tr>
            </thead>
            <tbody>
              {steps.map((step) => (
                <tr key={`${step.day} ${step.amount}`}>
                  <th scope="row" className="num">
                    {formatDay(step.day)}
                  </th>
                  <td className="right">{commitmentAmount(step.amount, curve.kind)}</td>
                  <td className="right">{commitmentAmount(step.total, curve.kind)}</td>
                  <td className="right">{formatDay(step.ends)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}
