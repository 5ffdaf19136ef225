import { DuckDBInstance } from '@duckdb/node-api';

/**
 * What an import is held against: DuckDB in a process of its own, reading every value of a bill
 * and keeping none. Its one argument is what stands behind FROM; types are found out by DuckDB.
 */
const [from = ''] = process.argv.slice(2);
const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
const duck = await instance.connect();
await duck.run("SET TimeZone = 'UTC'");
const described = await duck.runAndReadAll(`DESCRIBE SELECT * FROM ${from}`);
const columns = described.getRowsJS().map(([name]) => `max("${name as string}")`);
await duck.run(`SELECT ${columns.join(', ')} FROM ${from}`);
