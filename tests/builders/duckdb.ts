import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';

export interface Duck {
  connection: DuckDBConnection;
  /** Rows of a statement as JSON values; DECIMAL and HUGEINT must be cast to text in it. */
  rows: (sql: string) => Promise<Record<string, unknown>[]>;
  close: () => void;
}

/** A DuckDB of the test's own, to make files and to check answers by another program. */
export async function openDuckDb(): Promise<Duck> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  return {
    connection,
    rows: async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJS(),
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
