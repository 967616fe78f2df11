/**
 * Two calls in an order that the test holds: the first one has done all its work but the last statement when the second one begins. Every
 * change ends with its log event, so it stops where the System Log is held back.
 */
import { expect } from 'vitest';
import type { TestHub } from './app.ts';

export const HELD_LOG = 'lock table system_log in share mode';
/** What a change of configuration comes to last; a sign-in only reads it. */
export const HELD_CONFIGURATION = 'select 1 from orgs for no key update';

export interface Overlapping<A, B> {
  first: () => Promise<A>;
  second: () => Promise<B>;
  /** The statement that stops the first call. */
  held?: string;
}

/** The second call has been answered, or waits as well, when both are let go. */
export async function overlapping<A, B>(
  hub: Pick<TestHub, 'database'>,
  { first, second, held = HELD_LOG }: Overlapping<A, B>,
): Promise<[A, B]> {
  const holder = await hub.database.pool.connect();
  try {
    await holder.query('begin');
    await holder.query(held);
    const standing = async () => {
      const text = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      return (await holder.query(text)).rowCount ?? 0;
    };
    const one = begun(first);
    await expect.poll(async () => one.answered() || (await standing()) >= 1, { timeout: 10_000 }).toBe(true);
    expect(one.answered(), 'the first call was not stopped').toBe(false);
    const two = begun(second);
    await expect.poll(async () => two.answered() || (await standing()) >= 2, { timeout: 10_000 }).toBe(true);
    await holder.query('rollback');
    return [await one.answer, await two.answer];
  } finally {
    await holder.query('rollback');
    holder.release();
  }
}

function begun<T>(call: () => Promise<T>): { answer: Promise<T>; answered(): boolean } {
  let answered = false;
  const answer = call().finally(() => {
    answered = true;
  });
  answer.catch(() => {});
  return { answer, answered: () => answered };
}
