/** The statements that reach the database outside transactions while something is done. */
import type { Database, Statement } from '../../src/database/index.ts';

export async function queriesDuring(database: Database, work: () => Promise<unknown>): Promise<Statement[]> {
  const seen: Statement[] = [];
  const { query } = database.pool;
  database.pool.query = ((...args: unknown[]) => {
    const [statement] = args as [Statement | string];
    seen.push(typeof statement === 'string' ? { text: statement, values: [] } : statement);
    return (query as (...all: unknown[]) => unknown).apply(database.pool, args);
  }) as never;
  try {
    await work();
  } finally {
    database.pool.query = query;
  }
  return seen;
}

/** The name of each, or its text. Work in the background counts too: compare what was done twice. */
export async function statementsDuring(database: Database, work: () => Promise<unknown>): Promise<string[]> {
  return (await queriesDuring(database, work)).map(({ name, text }) => name ?? text);
}
