import { writeFileSync } from 'node:fs';
import type { CallName, CallOutput } from '../../shared/contract/contract.ts';
import type { ChromiumWindow } from '../builders/chromiumWindow.ts';
import { focusCsv, focusRow } from '../builders/focus.ts';
import { commitmentsAnswer } from './commitmentsAnswers.ts';
import * as answers from './savingsAnswers.ts';

/** A call that the page has made. */
export interface Asked {
  name: CallName;
  input: { policy?: { off?: string[]; mostLoss?: number } };
}

export interface FakedPlan {
  /** Every call of the plan, in order. */
  asked: Asked[];
  /** What `savings.plan` answers from now on. */
  plan: CallOutput<'savings.plan'>;
  commitments: CallOutput<'commitments.overview'>;
  /** Milliseconds until `savings.simulate` answers. */
  delay: number;
}

/** The last day of the bill that is loaded. */
export const lastDay = '2026-11-21';

/** Loads a small bill and has the calls of the plan answered by the test; others go to the core. */
export async function fakePlan({ page, core, folder }: ChromiumWindow): Promise<FakedPlan> {
  const file = `${folder}/small.csv`;
  const charge = focusRow({
    BillingPeriodStart: '2026-11-01T00:00:00Z',
    ChargePeriodStart: `${lastDay}T00:00:00Z`,
    ResourceId: 'i-1',
  });
  writeFileSync(file, focusCsv([charge]));
  const loaded = await core.call('import.run', { job: 'one', paths: [file], source: 'files' });
  if (!loaded.ok || loaded.value.loads[0]?.status !== 'loaded') {
    throw new Error(`not loaded: ${JSON.stringify(loaded)}`);
  }
  const state: FakedPlan = {
    asked: [],
    plan: answers.planAnswer(),
    commitments: commitmentsAnswer(lastDay),
    delay: 0,
  };
  await page.route('**/api/call', async (route) => {
    const call = route.request().postDataJSON() as Asked;
    const value = await answerOf(call);
    if (value === undefined) return route.continue();
    state.asked.push(call);
    return route.fulfill({ json: { ok: true, value } });
  });

  async function answerOf({ name, input }: Asked): Promise<unknown> {
    switch (name) {
      case 'savings.plan':
        return state.plan;
      case 'savings.simulate':
        await new Promise((resolve) => setTimeout(resolve, state.delay));
        return answers.simulated(input.policy?.off ?? []);
      case 'savings.series':
        return answers.seriesAnswer();
      case 'commitments.overview':
        return state.commitments;
      default:
        return undefined;
    }
  }

  await page.reload();
  await page.waitForSelector('.nav-foot');
  return state;
}
