import { useDeferredValue, useState } from 'react';
import type { CommitmentsOverview } from '../../../shared/contract/commitments.ts';
import type { CallOutput } from '../../../shared/contract/contract.ts';
import { formatRange } from '../../../shared/domain/format.ts';
import { Failure } from '../../components/Failure.tsx';
import { Header } from '../../components/Header.tsx';
import { LastFailure } from '../../components/LastFailure.tsx';
import { MissingInputs } from '../../components/MissingInputs.tsx';
import { PlanScope } from '../../components/PlanScope.tsx';
import { type Option, Select } from '../../components/Select.tsx';
import { exportCommitments } from '../../data/exportSavings.ts';
import { useApi, useConnection } from '../../data/useApi.ts';
import { choose, useChoices } from '../../stores/choices.ts';
import { setFailed } from '../../stores/overlays.ts';
import { advisedPolicy, planInput } from '../../stores/savingsInput.ts';
import { Curve } from './Curve.tsx';
import { Expiries } from './Expiries.tsx';
import { Ladder } from './Ladder.tsx';
import { Owned } from './Owned.tsx';
import { Rates } from './Rates.tsx';
import './commitments.css';

type Data = NonNullable<CallOutput<'app.info'>['data']>;

/** What is committed, how well it is used, when it ends, and what the next one should be. */
export default function CommitmentsPage({ data }: { data: Data }) {
  const api = useConnection();
  const choices = useChoices();
  const asked = useApi('commitments.overview', planInput(choices));
  // Drawn in slices, between which the window answers.
  const overview = useDeferredValue(asked.data);
  return (
    <>
      <Header
        title="Commitments"
        end={
          <button
            type="button"
            className="button"
            disabled={overview === null}
            onClick={() => void exportCommitments(api).then(setFailed)}
          >
            Export ladder
          </button>
        }
      >
        <PlanScope
          providers={overview ? providersOf(overview) : []}
          currencies={overview?.currencies ?? []}
          currency={overview?.currency ?? null}
        />
        <TermSelect />
        {overview?.window && (
          <span className="muted small num plan-window">
            from the bill of {formatRange(overview.window.from, overview.window.to, true)}
          </span>
        )}
      </Header>
      <main className="content commitments">
        <LastFailure />
        {asked.error && <Failure error={asked.error} kept="What was loaded is unchanged." />}
        <Rates overview={overview} />
        {overview && <Whole overview={overview} lastDay={data.lastDay} />}
      </main>
    </>
  );
}

function providersOf({ owned, curves }: CommitmentsOverview): string[] {
  const chosen = useChoices.getState().provider;
  const all = [...owned, ...curves].map(({ provider }) => provider);
  return [...new Set(chosen === null ? all : [...all, chosen])].sort();
}

const terms = [
  [12, 'up to 1 year'],
  [36, 'up to 3 years'],
  ['any', 'any'],
] as const;

function TermSelect() {
  const whatIf = useChoices((choices) => choices.whatIf);
  const maxTermMonths = whatIf.maxTermMonths ?? advisedPolicy.maxTermMonths;
  const options = terms.map(([months, label]): Option => {
    return {
      key: label,
      label,
      chosen: months === maxTermMonths,
      choose: () =>
        choose({
          whatIf: {
            ...whatIf,
            maxTermMonths: months === advisedPolicy.maxTermMonths ? null : months,
          },
        }),
    };
  });
  const named = terms.find(([months]) => months === maxTermMonths)?.[1];
  return (
    <Select name="Term" value={named ?? `up to ${maxTermMonths} months`} groups={[{ options }]} />
  );
}

function Whole({ overview, lastDay }: { overview: CommitmentsOverview; lastDay: string }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const { curves, currency, owned, missing, notes } = overview;
  const curve = curves.find(({ id }) => id === chosen) ?? curves[0] ?? null;
  const nothing = curves.length === 0 && owned.length === 0;
  return (
    <>
      {nothing && (
        <div className="no-commitments">
          <p className="strong">No commitment is owned, and none is worth buying.</p>
          <p className="muted">
            The bill shows no reservation, savings plan or committed use. Where usage could be
            committed, its curve would be here.
          </p>
        </div>
      )}
      {curve && (
        <div className="commitments-row">
          <Curve curve={curve} curves={curves} currency={currency} onChoose={setChosen} />
          <Ladder overview={overview} curve={curve} />
        </div>
      )}
      {owned.length > 0 && <Expiries overview={overview} lastDay={lastDay} />}
      {owned.length > 0 && <Owned overview={overview} />}
      <MissingInputs missing={missing} currency={currency} />
      {notes.length > 0 && (
        <ul className="commitment-notes muted small">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </>
  );
}
