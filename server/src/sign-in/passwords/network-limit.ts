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

export function createNetworkLimit(perMinute: number, clock: Clock): NetworkLimit {
  let failures = new Map<string, number>();
  let minute = 0;

  function current(): Map<string, number> {
    const now = Math.floor(clock.now().getTime() / MINUTE);
    if (now !== minute) failures = new Map();
    minute = now;
    return failures;
  }

  return {
    take(ip) {
      const counts = current();
      const network = networkOf(ip);
      const used = counts.get(network) ?? 0;
      if (used >= perMinute) return Math.ceil(((minute + 1) * MINUTE - clock.now().getTime()) / 1000);
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
