import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { openCore } from '../../electron/core/api.ts';
import { writeSample } from '../../electron/core/sample/write.ts';
import { elapsed, type Line, repeat } from './measure.ts';

const runs = 5;

/** Import and queries of the sample company, beside DuckDB on the same rows. */
export async function benchCore(root: string, folder: string, data: string): Promise<Line[]> {
  const files = await writeSample(join(folder, 'files'));
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const duck = await instance.connect();
  const from = `read_csv([${files.map((file) => `'${file}'`).join(', ')}], all_varchar = true)`;
  const columns = (await duck.runAndReadAll(`DESCRIBE SELECT * FROM ${from}`))
    .getRowsJS()
    .map(([name]) => `max("${name as string}")`);
  const readAll = await repeat(runs, () =>
    elapsed(() => duck.run(`SELECT ${columns.join(', ')} FROM ${from}`)),
  );
  let made = 0;
  const imports = await repeat(runs, async () => {
    const target = made++ === 0 ? data : join(folder, `data-${made}`);
    return elapsed(() => outlay(root, ['import', ...files, '--data', target]));
  });
  await duck.run(`CREATE TABLE charge AS SELECT ServiceName, SubAccountId, ResourceId,
    CAST(ChargePeriodStart AS TIMESTAMPTZ) AS day, CAST(BilledCost AS DECIMAL(38, 16)) AS cost
    FROM ${from}`);
  const core = openCore({
    dataFolder: data,
    workerUrl: pathToFileURL(join(root, 'electron/core/jobs/worker.ts')),
    appVersion: 'bench',
    now: () => new Date(),
    log: () => {},
  });
  await core.call('costs.query', { by: ['service', 'account'], granularity: 'month' });
  const slice = await repeat(runs * 4, () =>
    elapsed(() => core.call('costs.query', { by: ['service', 'account'], granularity: 'month' })),
  );
  const native = await repeat(runs * 4, () =>
    elapsed(() =>
      duck.runAndReadAll(`SELECT date_trunc('month', day), ServiceName, SubAccountId, sum(cost)
        FROM charge GROUP BY ALL ORDER BY ALL`),
    ),
  );
  await core.close();
  duck.closeSync();
  instance.closeSync();
  return [
    {
      what: 'import of the sample, whole command',
      timing: imports,
      against: { name: 'DuckDB reading every column', timing: readAll },
    },
    {
      what: 'a slice by service, account and month',
      timing: slice,
      against: { name: 'DuckDB on its own table', timing: native },
    },
  ];
}

function outlay(root: string, args: string[]): void {
  const { status, stderr } = spawnSync(process.execPath, ['build/outlay.js', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
}
