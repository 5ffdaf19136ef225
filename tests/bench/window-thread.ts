import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { findChromium, launchChromium } from '../hosts/chromium.ts';
import { type Line, timing } from './measure.ts';
import { figures, serve } from './window.ts';

/** Long enough for an answer over ten million rows and everything drawn after it. */
const settleMs = 1500;

const rounds = 3;

type Step = [what: string, act: (page: Page) => Promise<void>];

/** What someone does in the window, one after the other. */
const steps: Step[] = [
  ['Overview to Costs', (page) => go(page, '#/costs')],
  ['Costs by resource and sku', (page) => go(page, '#/costs?by=resource&by=sku')],
  ['a filter', (page) => go(page, '#/costs?by=resource&is=service=Service+3')],
  ['another filter', (page) => go(page, '#/costs?by=sku&is=region=region-5')],
  ['another month', (page) => go(page, '#/costs?period=2025-06')],
  ['Costs to Overview', (page) => go(page, '#/overview')],
  ['Overview to Sources', (page) => go(page, '#/sources')],
  [
    'the palette, typing',
    async (page) => {
      await page.keyboard.press('Control+k');
      await page.keyboard.type('node-1234', { delay: 60 });
      await page.waitForTimeout(settleMs);
      await page.keyboard.press('Escape');
    },
  ],
];

/** On the same ledger with the sample company beside it: the large bill is for no AI. */
const aiSteps: Step[] = [
  ['Overview to AI workloads', (page) => go(page, '#/workloads')],
  ['AI workloads by effective cost', (page) => go(page, '#/workloads?metric=effective')],
  ['AI workloads of a whole year', (page) => go(page, '#/workloads?period=last-12')],
  ['a workload', (page) => go(page, '#/workloads?workload=workload%3Allm-pretrain-b')],
  ['a workload of many resources', (page) => go(page, '#/workloads?workload=workload%3Aplatform')],
  ['the rules', (page) => go(page, '#/workloads?rules=edit')],
  ['AI workloads to Overview', (page) => go(page, '#/overview')],
];

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  tdur?: number;
  args?: { name?: string };
}

/** The longest task of the window's own thread while it is used on a ledger, from Chromium's trace. */
export async function benchWindowThread(root: string, dataFolder: string): Promise<Line[]> {
  const executablePath = findChromium();
  if (!executablePath) return [];
  const folder = mkdtempSync(join(tmpdir(), 'outlay-bench-thread-'));
  // A copy: the last step imports into it.
  const data = join(folder, 'data');
  cpSync(dataFolder, data, { recursive: true });
  const browser = await launchChromium(executablePath);
  const host = await serve(root, data);
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(host.url);
    await page.locator(figures).filter({ visible: true }).first().waitFor();
    // What is drawn first is compiled first; a person does each of these many times a day.
    for (const [, act] of steps) await act(page);
    const importing: Step = [
      'Sources while the sample is imported beside it',
      async () => {
        const args = ['build/outlay.js', 'sample', '--data', data];
        await once(spawn(process.execPath, args, { cwd: root, stdio: 'ignore' }), 'exit');
        await page.waitForTimeout(settleMs);
      },
    ];
    const longest = new Map<string, { wall: number[]; busy: number[] }>();
    const measure = async ([what, act]: Step) => {
      await browser.startTracing(page, { categories: ['toplevel', '__metadata'] });
      await act(page);
      const { wall, busy } = tasksOf(await browser.stopTracing());
      const own = longest.get(what) ?? { wall: [], busy: [] };
      longest.set(what, own);
      own.wall.push(Math.max(...wall));
      own.busy.push(Math.max(...busy));
    };
    for (let round = 0; round < rounds; round++) for (const step of steps) await measure(step);
    await measure(importing);
    for (const [, act] of aiSteps) await act(page);
    for (let round = 0; round < rounds; round++) for (const step of aiSteps) await measure(step);
    return [...longest].map(([what, { wall, busy }]) => ({
      what: `longest task of the window's thread, ${what} (processor ${timing(busy).median.toFixed(1)} ms)`,
      timing: timing(wall),
      against: { name: 'a frame', timing: timing([16.7]) },
    }));
  } finally {
    host.stop();
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Durations and processor times of the tasks of the page's main thread, in milliseconds. */
function tasksOf(trace: Buffer): { wall: number[]; busy: number[] } {
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] };
  const threads = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = traceEvents.filter(
    ({ name, ph, pid, tid }) =>
      ph === 'X' && name.endsWith('RunTask') && threads.has(`${pid} ${tid}`),
  );
  return {
    wall: [0, ...tasks.map(({ dur = 0 }) => dur / 1000)],
    busy: [0, ...tasks.map(({ tdur = 0 }) => tdur / 1000)],
  };
}

async function go(page: Page, hash: string): Promise<void> {
  await page.evaluate((address) => {
    location.hash = address;
  }, hash);
  await page.waitForTimeout(settleMs);
}
