import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { join } from 'node:path';
import { amountMacros } from './amount-sql.ts';

export interface Duck {
  connection: DuckDBConnection;
  /** A second way to the same tables, which works while the first is busy. */
  beside: DuckDBConnection;
  interrupt: () => void;
  close: () => void;
}

/** A private reader in memory: UTC, two threads, spills into `folder`, never fetches anything. */
export async function openDuck(folder: string): Promise<Duck> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: '1GB',
    temp_directory: join(folder, 'spill'),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  const beside = await instance.connect();
  await beside.run("SET TimeZone = 'UTC'");
  await connection.run(["SET TimeZone = 'UTC'", ...amountMacros].join('; '));
  return {
    connection,
    beside,
    interrupt: () => {
      connection.interrupt();
      beside.interrupt();
    },
    close: () => {
      connection.closeSync();
      beside.closeSync();
      instance.closeSync();
    },
  };
}

/** SQL text literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export type Row = Record<string, unknown>;

export async function queryRows(connection: DuckDBConnection, sql: string): Promise<Row[]> {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRowObjectsJS();
}
