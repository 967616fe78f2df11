/** A counter per key and minute, per process (rulings 30: only password guessing is counted in the database). Memory is bounded. */
import type { Clock } from '../shared/clock.ts';

export interface RateState {
  allowed: boolean;
  limit: number;
  remaining: number;
  /** Epoch seconds at which the window ends. */
  reset: number;
}

const WINDOW_SECONDS = 60;
const MAX_KEYS = 10_000;

export function createRateLimiter(limit: number, clock: Clock): { hit(key: string): RateState } {
  let counts = new Map<string, number>();
  let window = 0;
  return {
    hit(key) {
      const current = Math.floor(clock.now().getTime() / 1000 / WINDOW_SECONDS);
      if (current !== window || counts.size > MAX_KEYS) {
        counts = new Map();
        window = current;
      }
      const used = (counts.get(key) ?? 0) + 1;
      counts.set(key, used);
      return {
        allowed: used <= limit,
        limit,
        remaining: Math.max(0, limit - used),
        reset: (current + 1) * WINDOW_SECONDS,
      };
    },
  };
}
