/** Which peers the hub may call (security.md §4.7). A peer is judged twice: by its URL, and by every address that its name has. */
import { BlockList, isIP } from 'node:net';
import { err, ok, type Result } from '../../shared/result.ts';
import { type EgressError, failures, refusals } from './errors.ts';

const PUBLIC_PORTS = [443, 8443];

const NOT_PUBLIC: readonly [network: string, bits: number, family: 'ipv4' | 'ipv6'][] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['224.0.0.0', 4, 'ipv4'],
  ['240.0.0.0', 4, 'ipv4'],
  ['::', 128, 'ipv6'],
  ['::1', 128, 'ipv6'],
  ['::ffff:0:0', 96, 'ipv6'],
  ['64:ff9b::', 96, 'ipv6'],
  ['64:ff9b:1::', 48, 'ipv6'],
  ['2001::', 32, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['fec0::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
];

/** What is known of a peer from its URL alone. */
export interface Peer {
  url: URL;
  /** For messages and allow entries: `host` or `host:port`. */
  name: string;
  /** The host is on the list: none of its addresses is judged. */
  listed: boolean;
  /** Set where scheme or port are allowed only if every address lies in a listed network. */
  needsNetwork: EgressError | null;
}

export interface EgressPolicy {
  /** Judges a URL without looking its name up. */
  peerOf(url: string): Result<Peer, EgressError>;
  /** Judges one address that the peer's name has; null when the hub may connect to it. */
  judge(peer: Peer, address: string): EgressError | null;
}

/**
 * @param allow `host`, `host:port`, `[ipv6]:port`, an address or a CIDR (rulings 5): lifts the rules on private addresses, ports and
 * https for that peer. Config has checked the spelling.
 */
export function createEgressPolicy(allow: readonly string[]): EgressPolicy {
  // A list per family: node:net would take every IPv4 address for a part of ::ffff:0:0/96.
  const blocked = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const [network, bits, family] of NOT_PUBLIC) blocked[family].addSubnet(network, bits, family);
  const networks = new BlockList();
  const hosts = new Set<string>();
  for (const entry of allow) {
    const [address = '', bits] = entry.split('/');
    const family = isIP(address);
    if (family === 0) hosts.add(entry.toLowerCase());
    else if (bits === undefined) networks.addAddress(address, familyOf(address));
    else networks.addSubnet(address, Number(bits), familyOf(address));
  }

  function judge(peer: Peer, address: string): EgressError | null {
    if (peer.listed || networks.check(address, familyOf(address))) return null;
    if (peer.needsNetwork !== null) return peer.needsNetwork;
    const family = familyOf(address);
    return blocked[family].check(address, family) ? refusals.blockedAddress(peer.name, address) : null;
  }

  function peerOf(text: string): Result<Peer, EgressError> {
    const url = URL.parse(text);
    if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return err(failures.urlInvalid());
    const name = url.host;
    if (url.username !== '' || url.password !== '') return err(failures.userinfo(name));
    const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
    const listed = hosts.has(url.hostname) || hosts.has(`${url.hostname}:${port}`);
    const peer: Peer = { url, name, listed, needsNetwork: null };
    if (!listed) {
      if (url.protocol === 'http:') peer.needsNetwork = refusals.notHttps(name);
      else if (!PUBLIC_PORTS.includes(port)) peer.needsNetwork = refusals.port(name, port);
      if (peer.needsNetwork !== null && networks.rules.length === 0) return err(peer.needsNetwork);
    }
    // An address in the URL is never looked up, so it is judged here; URL has already normalised its spelling.
    const literal = literalAddress(url);
    const refusal = literal === null ? null : judge(peer, literal);
    return refusal === null ? ok(peer) : err(refusal);
  }

  return { peerOf, judge };
}

/** The address that a URL names directly, in the spelling of node:net; null for a name. */
export function literalAddress(url: URL): string | null {
  const host = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
  return isIP(host) === 0 ? null : host;
}

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');
