import { useMemo } from 'react';
import { type CostCurveData, costCurveUnit } from '../../../shared/charts/costCurve.ts';
import type { CommitmentsOverview } from '../../../shared/contract/commitments.ts';
import { CostCurve } from '../../charts/CostCurve.tsx';
import { Select } from '../../components/Select.tsx';
import { useLink } from '../../stores/address.ts';

type CurveOf = CommitmentsOverview['curves'][number];

interface CurveProps {
  curve: CurveOf;
  curves: readonly CurveOf[];
  currency: string | null;
  onChoose: (id: string) => void;
}

/** How much the bill depends on the size of one commitment, everything else as planned. */
export function Curve({ curve, curves, currency, onChoose }: CurveProps) {
  const link = useLink();
  const data = useMemo<CostCurveData>(
    () => ({
      currency,
      unit: curve.unit,
      kind: curve.kind,
      points: curve.points,
      chosen: curve.chosen,
      flat: curve.flat,
      ending: curve.ending,
    }),
    [curve, currency],
  );
  return (
    <section className="commitment-curve" aria-label="Monthly bill by the size of the commitment">
      <div className="section-head">
        <h2 className="cut">Monthly bill by size of the {curve.title}</h2>
        <span className="end curve-choice">
          {curve.action !== null && (
            <a className="link small" href={link({ page: 'savings', action: curve.action })}>
              Evidence
            </a>
          )}
          {curves.length > 1 && (
            <Select
              name="Commitment"
              value={curve.title}
              groups={[
                {
                  options: curves.map(({ id, title }) => ({
                    key: id,
                    label: title,
                    chosen: id === curve.id,
                    choose: () => onChoose(id),
                  })),
                },
              ]}
            />
          )}
        </span>
      </div>
      <p className="caption muted num">
        {costCurveUnit(data)}, commitment in {curve.unit}; {curve.termMonths} months, everything
        else as planned. Grey: 80% of scenarios.{belowWords(curve)}
      </p>
      <CostCurve key={curve.id} data={data} height={268} />
    </section>
  );
}

/** More would be cheaper by the forecast, but might lose in too many scenarios. */
function belowWords({ chosen, flat }: CurveOf): string {
  return flat && chosen.amount < flat.from
    ? ' Chosen below the cheapest amount, to keep within the chance of loss.'
    : '';
}
