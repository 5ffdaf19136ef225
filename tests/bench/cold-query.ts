import { openCore } from '../../electron/core/api.ts';
import { inputs } from '../../shared/contract/inputs.ts';

/**
 * A process of its own for the bench: from opening the ledger to the cost of every resource,
 * which takes all arrays of one metric. Prints the milliseconds; the loading of code is apart.
 */
const [dataFolder = '', workerUrl = ''] = process.argv.slice(2);
await inputs['costs.query']();
const started = performance.now();
const core = openCore({
  dataFolder,
  workerUrl: new URL(workerUrl),
  appVersion: 'bench',
  now: () => new Date(),
  log: console.error,
});
const answer = await core.call('costs.query', { by: ['resource'] });
const took = performance.now() - started;
if (!answer.ok) throw new Error(answer.error.message);
console.log(took);
await core.close();
