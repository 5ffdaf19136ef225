import { useDeferredValue, useEffect, useState } from 'react';
import type { CallOutput } from '../../../shared/contract/contract.ts';
import { formatDuration, formatRange } from '../../../shared/domain/format.ts';
import { Failure } from '../../components/Failure.tsx';
import { Header } from '../../components/Header.tsx';
import { LastFailure } from '../../components/LastFailure.tsx';
import { MissingInputs } from '../../components/MissingInputs.tsx';
import { PlanScope } from '../../components/PlanScope.tsx';
import { exportPlan } from '../../data/exportSavings.ts';
import { useConnection } from '../../data/useApi.ts';
import { nothingElse, useChoices } from '../../stores/choices.ts';
import { setFailed } from '../../stores/overlays.ts';
import { planInput } from '../../stores/savingsInput.ts';
import { Actions } from './Actions.tsx';
import { CannotKnow } from './CannotKnow.tsx';
import { Decisions } from './Decisions.tsx';
import { Evidence } from './Evidence.tsx';
import { OverTime, Waterfall } from './PlanCharts.tsx';
import { PlanFigures } from './PlanFigures.tsx';
import { Basis, Kept, NothingToPlan, NothingWorthDoing, Outside, Withheld } from './States.tsx';
import { type Plan, usePlan } from './usePlan.ts';
import { WhatIfControls } from './WhatIf.tsx';
import '../../components/grid.css';
import './savings.css';
import './evidence.css';

type Data = NonNullable<CallOutput<'app.info'>['data']>;

/** The plan: from today's bill to the planned bill, by actions that can be decided on. */
export default function SavingsPage({ data }: { data: Data }) {
  const api = useConnection();
  const plan = usePlan();
  const choices = useChoices();
  const { answer, error } = plan;
  // The row is chosen at once; its evidence is drawn in slices, between which the window answers.
  const shown = useDeferredValue(choices.action);
  const opened = answer?.plan?.actions.find(({ id }) => id === shown) ?? null;
  return (
    <>
      <Header
        title="Savings"
        end={
          <button
            type="button"
            className="button"
            disabled={!answer?.plan}
            onClick={() => void exportPlan(api).then(setFailed)}
          >
            Export plan
          </button>
        }
      >
        <PlanScope
          providers={answer?.providers ?? []}
          currencies={answer?.currencies ?? []}
          currency={answer?.currency ?? null}
        />
        {answer?.window && (
          <span className="muted small num plan-window">
            from the bill of {formatRange(answer.window.from, answer.window.to, true)}
          </span>
        )}
      </Header>
      <div className={opened ? 'savings-body with-evidence' : 'savings-body'}>
        <main className="content savings">
          <LastFailure />
          {error && <Failure error={error} kept="What was loaded is unchanged." />}
          {!answer && !error && <Planning />}
          {answer && <Whole plan={plan} lastDay={data.lastDay} />}
        </main>
        {opened && (
          <Evidence
            key={opened.id}
            action={opened}
            item={plan.decisions.get(opened.id)}
            currency={answer?.currency ?? null}
            level={answer?.plan?.level ?? 0.8}
            today={plan.today}
            plan={planInput(choices)}
          />
        )}
      </div>
    </>
  );
}

/** The first plan of what is loaded takes some seconds. */
function Planning() {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((before) => before + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <>
      <PlanFigures figures={null} currency={null} />
      <p className="muted planning" role="status">
        The plan is being made: the bill is simulated hour by hour for every combination. This takes
        seconds to minutes the first time; other pages can be used meanwhile.
      </p>
      {seconds > 1 && (
        <p className="muted small num" aria-hidden="true">
          {formatDuration(seconds * 1000)} so far
        </p>
      )}
    </>
  );
}

function Whole({ plan, lastDay }: { plan: Plan; lastDay: string }) {
  const action = useChoices((choices) => choices.action);
  const { answer, figures } = plan;
  if (!answer) return null;
  if (!answer.plan || !figures) {
    return (
      <>
        {answer.status === 'withheld' ? (
          <Withheld answer={answer} />
        ) : (
          <NothingToPlan answer={answer} />
        )}
        <Decisions />
        <CannotKnowLink />
      </>
    );
  }
  const { actions } = answer.plan;
  const { currency } = answer;
  return (
    <div className="plan-layout">
      <PlanFigures figures={figures} currency={currency} />
      {actions.length === 0 && <NothingWorthDoing answer={answer} />}
      {actions.length > 0 && (
        <Waterfall figures={figures} planned={answer.plan} currency={currency} />
      )}
      <OverTime key={lastDay} />
      <WhatIfControls
        whatIf={plan.whatIf}
        currency={currency}
        onMove={plan.move}
        onReset={() => plan.settle({ ...nothingElse, ends: plan.whatIf.ends })}
        state={stateWords(plan)}
      />
      <div className="plan-rest">
        {actions.length > 0 && (
          <Actions
            plan={plan}
            actions={actions}
            figures={figures}
            currency={currency}
            opened={action}
          />
        )}
        <MissingInputs missing={answer.missing} currency={currency} />
        <Decisions />
        <Outside plan={answer.plan} />
        <Kept plan={answer.plan} />
        <Basis answer={answer} plan={answer.plan} />
        <CannotKnowLink />
      </div>
    </div>
  );
}

function CannotKnowLink() {
  const [open, setOpen] = useState(false);
  return (
    <p className="small">
      <button type="button" className="link-button" onClick={() => setOpen(true)}>
        What Outlay cannot know
      </button>
      {open && <CannotKnow onClose={() => setOpen(false)} />}
    </p>
  );
}

function stateWords({ live, planning }: Plan): string {
  if (live?.basis === 'resimulated') {
    return planning
      ? 'Re-simulated; the plan is being optimised anew.'
      : 'Re-simulated in full, not optimised anew.';
  }
  return planning ? 'The plan is being optimised anew.' : 'Optimised within these options.';
}
