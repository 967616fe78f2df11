import { expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../shared/clock.ts';
import { MOST_ATTEMPTS, nextAttempt, outcomeOf } from './schedule.ts';

const NOW = new Date('2026-01-01T00:00:00.000Z');
const pause = (attempts: number, chance: number) => {
  const next = nextAttempt(attempts, NOW, chance);
  return next === null ? null : next.getTime() - NOW.getTime();
};

it('pauses grow from seconds to half a day, and end after three days', () => {
  const pauses = Array.from({ length: MOST_ATTEMPTS - 1 }, (_, index) => pause(index + 1, 0.5)!);
  expect(pauses.slice(0, 4)).toEqual([5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE]);
  expect([...pauses].sort((a, b) => a - b)).toEqual(pauses);
  const whole = pauses.reduce((sum, each) => sum + each, 0);
  expect(whole).toBeGreaterThanOrEqual(72 * HOUR);
  expect(whole).toBeLessThan(84 * HOUR);
  expect(pause(MOST_ATTEMPTS, 0.5)).toBeNull();
});

it('what failed together comes back apart, by a fifth at most', () => {
  expect([pause(1, 0), pause(1, 1)]).toEqual([4 * SECOND, 6 * SECOND]);
});

it('only what begins with 2 is taken, and 410 is for good', () => {
  expect([200, 204, 301, 400, 404, 410, 429, 500].map(outcomeOf)).toEqual([
    ...['taken', 'taken'],
    ...['failed', 'failed', 'failed', 'gone', 'failed', 'failed'],
  ]);
});
