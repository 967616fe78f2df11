/** The statements that reach the database outside transactions while something is done. */
import type { Database } from '../../src/database/index.ts';

/** The name of each, or its text. Work in the background counts too: compare what was done twice. */
export async function statementsDuring(database: Database, work: () => Promise<unknown>): Promise<string[]> {
  const seen: string[] = [];
  const { query } = database.pool;
  database.pool.query = ((...args: unknown[]) => {
    const [statement] = args as [{ name?: string; text?: string }];
    seen.push(statement.name ?? statement.text ?? String(statement));
    return (query as (...all: unknown[]) => unknown).apply(database.pool, args);
  }) as never;
  try {
    await work();
  } finally {
    database.pool.query = query;
  }
  return seen;
}
