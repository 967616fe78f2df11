/** Zones ready to be asked. Pure. A zone of the dynamic types contains nobody: the hub knows no place, network or proxy of an address. */
import { type Address, addressSet, parseAddress, parseCidr, parseRange } from './addresses.ts';
import type { IpDefinition, Usage, ZoneAddress, ZoneType } from './schema.ts';
import type { Zone } from './store.ts';

export const ALL_ZONES = 'ALL_ZONES';

export interface CompiledZone {
  id: string;
  name: string;
  type: ZoneType;
  usage: Usage;
  active: boolean;
  /** Of an inactive zone too: whether it counts is the caller's question. */
  contains(ip: string): boolean;
}

const rangeOf = ({ type, value }: ZoneAddress) => (type === 'CIDR' ? parseCidr(value) : parseRange(value));

/** Whom a zone contains: who comes from one of its gateways; where it names only proxies, who comes through one of them. */
export function compileZone(
  zone: Pick<Zone, 'id' | 'name' | 'type' | 'usage' | 'status' | 'definition'>,
): CompiledZone {
  const { gateways, proxies } = (zone.type === 'IP' ? zone.definition : { gateways: [], proxies: [] }) as IpDefinition;
  const set = addressSet((gateways.length > 0 ? gateways : proxies).flatMap((address) => rangeOf(address) ?? []));
  return {
    id: zone.id,
    name: zone.name,
    type: zone.type,
    usage: zone.usage,
    active: zone.status === 'ACTIVE',
    contains(ip) {
      const address = parseAddress(ip);
      return address !== null && set.has(address);
    },
  };
}

/** The zones that ids name: ALL_ZONES is every active zone for policies; what is inactive, a blocklist or gone is none. */
export function zonesNamed(zones: ReadonlyMap<string, CompiledZone>, ids: readonly string[]): CompiledZone[] {
  const counted = [...zones.values()].filter(({ active, usage }) => active && usage === 'POLICY');
  return ids.includes(ALL_ZONES) ? counted : counted.filter(({ id }) => ids.includes(id));
}

const LOOPBACK = addressSet([parseCidr('127.0.0.0/8')!, parseCidr('::1')!]);

/** This very computer: it is never shut out, so that its operator always reaches the console. */
export function isLoopback(ip: string): boolean {
  const address: Address | null = parseAddress(ip);
  return address !== null && LOOPBACK.has(address);
}
