/** Wrong passwords per network and minute, counted in this process (rulings 30). Memory is bounded. */
import { networkOf } from '../../http/index.ts';
import { type Clock, MINUTE } from '../../shared/clock.ts';

const MAX_NETWORKS = 10_000;

export interface NetworkLimit {
  /** Takes one attempt: counted as a failure until it is returned. Seconds to wait where there is none left, else null. */
  take(ip: string): number | null;
  /** The password was right, or was not looked at. */
  giveBack(ip: string): void;
}

/** `limit` attempts per network and window; the window is a minute unless stated (milliseconds). */
export function createNetworkLimit(limit: number, clock: Clock, window = MINUTE): NetworkLimit {
  let failures = new Map<string, number>();
  let minute = 0;

  function current(): Map<string, number> {
    const now = Math.floor(clock.now().getTime() / window);
    if (now !== minute) failures = new Map();
    minute = now;
    return failures;
  }

  return {
    take(ip) {
      const counts = current();
      const network = networkOf(ip);
      const used = counts.get(network) ?? 0;
      if (used >= limit) return Math.ceil(((minute + 1) * window - clock.now().getTime()) / 1000);
      const oldest = counts.size >= MAX_NETWORKS && used === 0 ? counts.keys().next().value : undefined;
      if (oldest !== undefined) counts.delete(oldest);
      counts.set(network, used + 1);
      return null;
    },
    giveBack(ip) {
      const counts = current();
      const network = networkOf(ip);
      const used = counts.get(network) ?? 0;
      if (used > 1) counts.set(network, used - 1);
      else counts.delete(network);
    },
  };
}
