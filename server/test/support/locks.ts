/** Two changes at the same moment, in an order that the test decides: a connection of its own holds what the first one needs. */
import { expect } from 'vitest';
import type { Database } from '../../src/database/index.ts';

const WAITING = `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;

/** How many statements wait for a lock at this moment. */
export const waiting = async (database: Database): Promise<number> =>
  (await database.query<{ n: number }>({ text: WAITING, values: [] })).rows[0]!.n;

/** Resolves when so many statements wait for a lock. */
export async function untilWaiting(database: Database, statements: number): Promise<void> {
  await expect.poll(() => waiting(database), { timeout: 5_000 }).toBe(statements);
}

/** Does the work while a transaction is open that has run the statement; it is rolled back afterwards. */
export async function whileHeld<T>(
  database: Database,
  statement: { text: string; values: unknown[] },
  work: () => Promise<T>,
): Promise<T> {
  const client = await database.pool.connect();
  try {
    await client.query('begin');
    await client.query(statement);
    return await work();
  } finally {
    await client.query('rollback');
    client.release();
  }
}
