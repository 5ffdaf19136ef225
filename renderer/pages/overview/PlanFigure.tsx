import { useEffect, useState } from 'react';
import { formatCompact, formatCount, formatHeadline } from '../../../shared/domain/format.ts';
import { Figure } from '../../components/Figure.tsx';
import { decidedActions, setAside } from '../../data/decided.ts';
import { useApi } from '../../data/useApi.ts';
import { useSimulated } from '../../data/useSimulated.ts';
import { useLink } from '../../stores/address.ts';
import { defaultChoices, nothingElse } from '../../stores/choices.ts';
import { planInput, simulateInput } from '../../stores/savingsInput.ts';
import { chance, levelWords } from '../../stores/words.ts';

/** The plan is asked for when the page's own figures stand. */
const afterMs = 400;

/** The plan's one number, with how sure it is. Undefined: the currency is not known yet. */
export function PlanFigure({ currency }: { currency: string | null | undefined }) {
  const [wanted, setWanted] = useState(false);
  useEffect(() => {
    if (currency === undefined) return;
    const timer = setTimeout(() => setWanted(true), afterMs);
    return () => clearTimeout(timer);
  }, [currency]);
  if (currency === null) return <Empty value="n/a" note="charges without a currency" />;
  if (currency === undefined || !wanted) return <Empty value={null} note="" />;
  return <Asked currency={currency} />;
}

const label = 'Savings plan, a month';

function Empty({ value, note }: { value: string | null; note: string }) {
  const link = useLink();
  return (
    <Figure label={label} href={link({ page: 'savings' })} value={value} bar={null} note={note} />
  );
}

function Asked({ currency }: { currency: string }) {
  const link = useLink();
  const choices = { ...defaultChoices, currency };
  const { data: answer, error } = useApi('savings.plan', planInput(choices));
  const decided = useApi('decisions.list', {}).data;
  const off = setAside(decidedActions(answer, decided?.items ?? [])).sort();
  const live = useSimulated(
    answer?.plan && off.length > 0
      ? simulateInput({ ...choices, whatIf: { ...nothingElse, off } })
      : null,
    answer?.inputs ?? null,
  );
  if (error) return <Empty value="unknown" note={error.message} />;
  if (!answer) return <Empty value={null} note="being planned" />;
  if (answer.status === 'withheld') {
    return <Empty value="withheld" note="the simulated bill is not the bill" />;
  }
  if (!answer.plan) return <Empty value="unknown" note="what it needs is not loaded" />;
  const figures = live ?? answer.plan;
  const { savings, low, high, level, pLoss, baseline } = figures;
  const count = answer.plan.actions.length - off.length;
  return (
    <Figure
      label={label}
      state={
        <span>
          {formatCount(count)} {count === 1 ? 'action' : 'actions'}
        </span>
      }
      href={link({ page: 'savings', currency })}
      value={<span className="save">{formatHeadline(savings, currency)}</span>}
      bar={<IntervalTrack low={low} high={high} value={savings} whole={baseline} />}
      note={
        count === 0
          ? 'nothing is worth doing'
          : `${levelWords(level)}: ${formatCompact(low)} to ${formatCompact(high)}; P(loss) ${chance(pLoss)}`
      }
    />
  );
}

interface TrackProps {
  low: string;
  high: string;
  value: string;
  whole: string;
}

/** The interval on the scale of half the bill, beyond which no plan goes. */
function IntervalTrack({ low, high, value, whole }: TrackProps) {
  const scale = Math.max(Number(whole) / 2, Number(high), 1e-9);
  const place = (text: string) => Math.min(100, Math.max(0, (Number(text) / scale) * 100));
  return (
    <div className="figure-bar interval-track" aria-hidden="true">
      <span style={{ left: `${place(low)}%`, width: `${place(high) - place(low)}%` }} />
      <i style={{ left: `${place(value)}%` }} />
    </div>
  );
}
