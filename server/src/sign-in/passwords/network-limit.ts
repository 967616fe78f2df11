/** Wrong passwords per network and minute, counted in this process (rulings 30). Memory is bounded. */
import { isIPv4, isIPv6 } from 'node:net';
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
