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

/** The statements of transactions that PostgreSQL ended because they and others waited for each other. */
export async function deadlocksDuring(database: Database, work: () => Promise<unknown>): Promise<string[]> {
  const seen: string[] = [];
  const { pool } = database;
  const connect = pool.connect.bind(pool);
  const observed = async () => {
    const client = await connect();
    const { query, release } = client;
    client.query = (async (statement: Statement | string) => {
      try {
        return await (query as (statement: Statement | string) => Promise<unknown>).call(client, statement);
      } catch (error) {
        if ((error as { code?: string }).code === '40P01')
          seen.push(typeof statement === 'string' ? statement : statement.text);
        throw error;
      }
    }) as never;
    client.release = (error) => {
      Object.assign(client, { query, release });
      release.call(client, error);
    };
    return client;
  };
  // The pool's own queries connect with a callback.
  pool.connect = ((callback?: never) => (callback === undefined ? observed() : connect(callback))) as never;
  try {
    await work();
  } finally {
    pool.connect = connect;
  }
  return seen;
}
