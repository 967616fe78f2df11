/** When a failed delivery is tried again (security.md §4.8): growing pauses over three days, then it is given up. Pure. */
import { after, HOUR, MINUTE, SECOND } from '../../shared/clock.ts';

const PAUSES = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR];
const LATER = 12 * HOUR;
const GIVEN_UP_AFTER = 72 * HOUR;
const JITTER = 0.2;

const WHOLE = PAUSES.reduce((sum, pause) => sum + pause, 0);

/** Attempts until the pauses add up to the three days. */
export const MOST_ATTEMPTS = PAUSES.length + Math.ceil((GIVEN_UP_AFTER - WHOLE) / LATER) + 1;

/**
 * The time of the next attempt; null when there is none.
 * @param attempts how many have failed
 * @param chance from 0 to 1: pauses differ by a fifth either way, so that what failed together does not come back together
 */
export function nextAttempt(attempts: number, now: Date, chance: number): Date | null {
  if (attempts >= MOST_ATTEMPTS) return null;
  const pause = PAUSES[attempts - 1] ?? LATER;
  return after(now, Math.round(pause * (1 - JITTER + 2 * JITTER * chance)));
}

const GONE = 410;

/** Whether an answer says that the event was taken; `gone`: the address says that it never will. */
export function outcomeOf(status: number): 'taken' | 'failed' | 'gone' {
  if (status >= 200 && status < 300) return 'taken';
  return status === GONE ? 'gone' : 'failed';
}
