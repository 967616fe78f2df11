import type { Clock } from '../../src/shared/clock.ts';

/** A clock that moves only when a test says so. */
export interface TestClock extends Clock {
  advance(milliseconds: number): void;
}

/** Starts at the machine's time, because independent clients that take part in a test have no other. */
export function testClock(start = new Date()): TestClock {
  let now = start.getTime();
  return {
    now: () => new Date(now),
    advance(milliseconds) {
      now += milliseconds;
    },
  };
}
