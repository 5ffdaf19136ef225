import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { openCore } from '../../electron/core/api.ts';
import { elapsed, inTurn, type Line } from './measure.ts';

const runs = 7;

/**
 * From one resource to its lines, cold: a whole command beside a process in which DuckDB takes the
 * same rows out of the same detail files; and the question alone, in a core that has DuckDB open.
 */
export async function benchLines(root: string, data: string): Promise<Line[]> {
  const core = openCore({
    dataFolder: data,
    workerUrl: pathToFileURL(join(root, 'electron/core/jobs/worker.ts')),
    appVersion: 'bench',
    now: () => new Date(),
    log: console.error,
  });
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const duck = await instance.connect();
  try {
    const costs = await core.call('costs.query', { by: ['resource'], limit: runs + 1 });
    const resources = costs.ok ? costs.value.rows.map(({ keys }) => keys['resource'] ?? '') : [];
    const filesOf = new Map<string, string[]>();
    for (const resource of resources) filesOf.set(resource, await findFiles(resource));
    const rowsOf = (resource: string) =>
      `SELECT * FROM read_parquet([${filesOf.get(resource)?.join(', ') ?? ''}]) WHERE ResourceId = '${resource}'`;
    const ask = async (resource: string) => {
      const filters = [{ dimension: 'resource' as const, values: [resource] }];
      const answer = await core.call('costs.lines', { filters });
      if (!answer.ok || !answer.value.tiesOut) throw new Error('the lines are not there');
    };
    // Each run asks for another resource, so that none is known already.
    let turn = 0;
    const [first = ''] = resources;
    const [cold, coldDuck] = await inTurn(
      runs,
      () => command(['build/outlay.js', 'lines', '--filter', `resource=${first}`, '--data', data]),
      () => command(['--input-type=module', '-e', duckProgram(rowsOf(first))]),
    );
    await ask(first);
    const [warm, warmDuck] = await inTurn(
      runs,
      () => elapsed(() => ask(resources[++turn] ?? '')),
      () =>
        elapsed(async () => (await duck.runAndReadAll(rowsOf(resources[turn] ?? ''))).getRows()),
    );
    if (!cold || !coldDuck || !warm || !warmDuck) throw new Error('nothing was measured');
    return [
      {
        what: 'one resource to its lines, whole command',
        timing: cold,
        against: { name: 'DuckDB on the same files, whole process', timing: coldDuck },
      },
      {
        what: 'one resource to its lines, DuckDB open',
        timing: warm,
        against: { name: 'DuckDB on the same files', timing: warmDuck },
      },
    ];
  } finally {
    await core.close();
    duck.closeSync();
    instance.closeSync();
  }

  /** As SQL texts. */
  async function findFiles(resource: string): Promise<string[]> {
    const files: string[] = [];
    for (const name of readdirSync(join(data, 'detail'))) {
      const file = `'${join(data, 'detail', name)}'`;
      const found = await duck.runAndReadAll(
        `SELECT 1 FROM read_parquet(${file}) WHERE ResourceId = '${resource}' LIMIT 1`,
      );
      if (found.currentRowCount > 0) files.push(file);
    }
    if (files.length === 0) throw new Error(`no lines of ${resource}`);
    return files;
  }

  function command(args: readonly string[]): Promise<number> {
    return elapsed(() => {
      const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
      if (status !== 0) throw new Error(stderr);
    });
  }
}

function duckProgram(sql: string): string {
  return `import { DuckDBInstance } from '@duckdb/node-api';
    const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
    const connection = await instance.connect();
    const rows = await connection.runAndReadAll(${JSON.stringify(sql)});
    console.log(JSON.stringify(rows.getRowObjectsJson()));`;
}
