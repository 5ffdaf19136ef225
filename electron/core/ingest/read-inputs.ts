import { createHash } from 'node:crypto';
import { OutlayError } from '../../../shared/contract/errors.ts';
import { setLoadHash } from '../store/loads.ts';
import { giveWay } from '../store/give-way.ts';
import type { Registry } from '../store/registry.ts';
import { takeCells } from './cells.ts';
import type { Duck } from './duck.ts';
import type { ReadingOptions } from './formats/layout.ts';
import { healthOf } from './health.ts';
import { drop, type ImportContext, type Input, refuse } from './outcome.ts';
import { completeBill, groupBill, type GroupedBill } from './read-bill.ts';
import { shareOf } from './shares.ts';
import { assertUnchanged, makeReady, type ReadyFile } from './source-file.ts';

/**
 * Reads each input; one that is refused ends there, the others go on. Several files are on their
 * way at a time: one is unpacked and counted, one is grouped into cells, the series of one get their
 * texts and ids, and one may wait for that.
 */
export async function readInputs(
  context: ImportContext,
  duck: Duck,
  registry: Registry,
  inputs: Input[],
  reading: ReadingOptions,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const { workFolder, signal, progress } = context;
  const end = (input: Input, error: unknown) => {
    if (signal.aborted || !(error instanceof OutlayError)) throw error;
    drop(inputs, input);
    refuse(context, input.loadId, error, input.fromFolder);
  };
  const prepare = (input: Input | undefined) => {
    if (!input) return null;
    const hash = input.sha256 === '' ? createHash('sha256') : null;
    const ready = makeReady(input.file, workFolder, input.loadId, reading, {
      onBytes,
      hash,
      signal,
    });
    // It is awaited later; until then a refusal must not end the thread.
    ready.catch(() => {});
    return { ready, hash };
  };
  const all = inputs.slice();
  let prepared = prepare(all[0]);
  let finishing: Promise<void> = Promise.resolve();
  let finishingBefore = finishing;
  try {
    for (const [i, input] of all.entries()) {
      const { file, loadId } = input;
      const current = prepared;
      if (!current) break;
      try {
        progress({ step: 'reading', file: file.name });
        const ready = await current.ready;
        prepared = prepare(all[i + 1]);
        progress({ step: 'checking' });
        const bill = await groupBill(duck.connection, ready, file, workFolder, loadId, reading);
        if (current.hash) input.sha256 = current.hash.digest('hex');
        // One may wait for the one before it; more would take memory and no less time.
        await finishingBefore;
        finishingBefore = finishing;
        finishing = finishing
          .then(() => finish(input, bill, ready))
          .catch((error: unknown) => end(input, error));
        finishing.catch(() => {});
      } catch (error) {
        prepared = prepared === current ? prepare(all[i + 1]) : prepared;
        end(input, error);
      }
    }
  } finally {
    await prepared?.ready.catch(() => {});
    await finishing;
  }

  async function finish(input: Input, grouped: GroupedBill, ready: ReadyFile): Promise<void> {
    const bill = await completeBill(duck.beside, grouped, ready, input.file);
    await assertUnchanged(input.file);
    setLoadHash(context.db, input.loadId, input.sha256);
    const cells = await takeCells(duck.beside, bill, registry);
    input.bill = { ...bill, warnings: [...bill.warnings, ...cells.warnings] };
    await giveWay();
    input.health = healthOf(bill, cells);
    await giveWay();
    input.shares = await Promise.all(
      cells.parts.map((part) => shareOf(bill, cells, part, input.loadId)),
    );
    progress({ rows: bill.rows });
  }
}
