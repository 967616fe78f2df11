/**
 * Two calls in an order that the test holds: the first one has done all its work but the last statement when the second one begins. Every
 * change ends with its log event, so it stops where the System Log is held back.
 */
import { expect } from 'vitest';
import type { Database } from '../../src/database/index.ts';
import type { TestHub } from './app.ts';
import { waiting, whileHeld } from './locks.ts';

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
  { database }: Pick<TestHub, 'database'>,
  { first, second, held = HELD_LOG }: Overlapping<A, B>,
): Promise<[A, B]> {
  const [one, two] = await whileHeld(database, { text: held, values: [] }, async () => {
    const one = begun(first);
    await untilAnsweredOrWaiting(database, one, 1);
    expect(one.answered(), 'the first call was not stopped').toBe(false);
    const two = begun(second);
    await untilAnsweredOrWaiting(database, two, 2);
    return [one, two] as const;
  });
  return [await one.answer, await two.answer];
}

interface Begun<T> {
  answer: Promise<T>;
  answered(): boolean;
}

async function untilAnsweredOrWaiting(database: Database, call: Begun<unknown>, statements: number): Promise<void> {
  const reached = async () => call.answered() || (await waiting(database)) >= statements;
  await expect.poll(reached, { timeout: 20_000 }).toBe(true);
}

function begun<T>(call: () => Promise<T>): Begun<T> {
  let answered = false;
  const answer = call().finally(() => {
    answered = true;
  });
  answer.catch(() => {});
  return { answer, answered: () => answered };
}
