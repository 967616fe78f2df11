/** A counter per key and minute, per process (rulings 30: only password guessing is counted in the database). Memory is bounded. */
import { isIPv4, isIPv6 } from 'node:net';
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

export interface RateLimiter {
  /** Counts one. @param limit of this key, where it is another one than the usual */
  hit(key: string, limit?: number): RateState;
  /** Whether one more would be allowed; counts nothing. */
  peek(key: string, limit?: number): RateState;
}

export function createRateLimiter(usual: number, clock: Clock): RateLimiter {
  let counts = new Map<string, number>();
  let window = 0;
  const usedBy = (key: string) => {
    const current = Math.floor(clock.now().getTime() / 1000 / WINDOW_SECONDS);
    if (current !== window || counts.size > MAX_KEYS) {
      counts = new Map();
      window = current;
    }
    return counts.get(key) ?? 0;
  };
  const state = (used: number, limit: number): RateState => ({
    allowed: used <= limit,
    limit,
    remaining: Math.max(0, limit - used),
    reset: (window + 1) * WINDOW_SECONDS,
  });
  return {
    hit(key, limit = usual) {
      const used = usedBy(key) + 1;
      counts.set(key, used);
      return state(used, limit);
    },
    peek(key, limit = usual) {
      const used = usedBy(key);
      return { ...state(used, limit), allowed: used < limit };
    },
  };
}

/** The /24 of an IPv4 address, the /64 of an IPv6 one (security.md §4.5); other text stands for itself. */
export function networkOf(ip: string): string {
  const mapped = ip.replace(/^::ffff:(?=[\d.]+$)/i, '');
  if (isIPv4(mapped)) return mapped.slice(0, mapped.lastIndexOf('.'));
  if (!isIPv6(ip)) return ip;
  const [head = '', tail] = ip.toLowerCase().replace(/%.*$/, '').split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? 0 : tail.split(':').length;
  const zeros = tail === undefined ? 0 : 8 - groups.length - after;
  const all = [
    ...groups,
    ...Array<string>(zeros).fill('0'),
    ...(tail === undefined || tail === '' ? [] : tail.split(':')),
  ];
  return all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
