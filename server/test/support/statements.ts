/** The statements that reach the database outside transactions because something is done. */
import type { Database, Statement } from '../../src/database/index.ts';

/** What the hub asks and writes by itself, at moments of its own: the look for event hooks, and the traces of what went before. */
const BACKGROUND: ReadonlySet<string | undefined> = new Set(['event_hooks_delivering', 'sign_in_traces_write']);

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
  return seen.filter(({ name }) => !BACKGROUND.has(name));
}

/** The name of each, or its text. */
export async function statementsDuring(database: Database, work: () => Promise<unknown>): Promise<string[]> {
  return (await queriesDuring(database, work)).map(({ name, text }) => name ?? text);
}
