import { openTestCore } from './workspace.ts';

/**
 * Asks for the plan of a data folder and closes the core again, ten times and each time later, while
 * the lines of the bill are read: in a process of its own, which must outlive it.
 */
const [folder = ''] = process.argv.slice(2);
for (let wait = 0; wait <= 2700; wait += 300) {
  const core = openTestCore(folder);
  const plan = core.call('savings.plan', {});
  await new Promise((resolve) => setTimeout(resolve, wait));
  await core.close();
  const answer = await plan;
  if (!answer.ok && answer.error.code !== 'CANCELLED') throw new Error(answer.error.message);
}
console.log('closed');
