/**
 * IP addresses as numbers, and sets of ranges of them. Pure. An IPv4 address that is written as a part of ::ffff:0:0/96 is the IPv4
 * address, so that a client is found in a zone whatever kind of socket it came through.
 */
import { isIP } from 'node:net';

export interface Address {
  family: 4 | 6;
  value: bigint;
}

export interface AddressRange {
  family: 4 | 6;
  first: bigint;
  last: bigint;
}

const BITS = { 4: 32, 6: 128 } as const;
const MAPPED = 0xffffn << 32n;

/** Null for what is no address. A scope (`%eth0`) says through which card, not which address, and is left out. */
export function parseAddress(text: string): Address | null {
  const bare = text.replace(/%.*$/s, '');
  const family = isIP(bare);
  if (family === 0) return null;
  return family === 4 ? { family: 4, value: numberOf4(bare) } : unmapped({ family: 6, value: numberOf6(bare) });
}

const numberOf4 = (text: string) => text.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);

function numberOf6(text: string): bigint {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const low = dotted === null ? null : numberOf4(dotted[2]!);
  const plain = low === null ? text : `${dotted![1]}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}`;
  const [head = '', tail] = plain.split('::');
  const before = head === '' ? [] : head.split(':');
  const behind = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array<string>(8 - before.length - behind.length).fill('0');
  return [...before, ...zeros, ...behind].reduce((sum, part) => (sum << 16n) | BigInt(`0x${part}`), 0n);
}

const unmapped = (address: Address): Address =>
  address.value >> 32n === 0xffffn ? { family: 4, value: address.value - MAPPED } : address;

/** `192.0.2.0/24`, or one address; bits behind the prefix may be set, and do not count. Null for anything else. */
export function parseCidr(text: string): AddressRange | null {
  const [network = '', prefix, ...rest] = text.split('/');
  const family = isIP(network);
  if (family === 0 || network.includes('%') || rest.length > 0) return null;
  const width = BITS[family as 4 | 6];
  if (prefix !== undefined && !/^\d{1,3}$/.test(prefix)) return null;
  const bits = prefix === undefined ? width : Number(prefix);
  if (bits > width) return null;
  const value = family === 4 ? numberOf4(network) : numberOf6(network);
  const size = 1n << BigInt(width - bits);
  const first = (value / size) * size;
  return narrowed({ family: family as 4 | 6, first, last: first + size - 1n });
}

/** `192.0.2.10-192.0.2.20`, both ends in it. Null where an end is no address, or the ends do not fit together. */
export function parseRange(text: string): AddressRange | null {
  const ends = text.split('-').map((end) => end.trim());
  if (ends.length !== 2 || ends.some((end) => end.includes('%'))) return null;
  const [first, last] = ends.map(parseAddress);
  if (!first || !last || first.family !== last.family || first.value > last.value) return null;
  return { family: first.family, first: first.value, last: last.value };
}

/** A network of IPv6 that lies within the mapped IPv4 addresses is one of IPv4. */
function narrowed(range: AddressRange): AddressRange {
  if (range.family === 4 || range.first >> 32n !== 0xffffn || range.last >> 32n !== 0xffffn) return range;
  return { family: 4, first: range.first - MAPPED, last: range.last - MAPPED };
}

/** Whether an address lies in any of the ranges: they are joined and sorted once, and searched by halves. */
export function addressSet(ranges: readonly AddressRange[]): { has(address: Address): boolean } {
  const joined = { 4: join(ranges, 4), 6: join(ranges, 6) };
  return {
    has({ family, value }) {
      const all = joined[family];
      let [low, high] = [0, all.length - 1];
      while (low <= high) {
        const middle = (low + high) >> 1;
        const range = all[middle]!;
        if (value < range.first) high = middle - 1;
        else if (value > range.last) low = middle + 1;
        else return true;
      }
      return false;
    },
  };
}

function join(ranges: readonly AddressRange[], family: 4 | 6): AddressRange[] {
  const sorted = ranges.filter((range) => range.family === family).sort((a, b) => (a.first < b.first ? -1 : 1));
  const joined: AddressRange[] = [];
  for (const range of sorted) {
    const last = joined.at(-1);
    if (last === undefined || range.first > last.last + 1n) joined.push({ ...range });
    else if (range.last > last.last) last.last = range.last;
  }
  return joined;
}
