/** From what a client sent to the zone that is stored; what does not fit is refused by its field (contract §10.3). Pure. */
import { parseCidr, parseRange } from './addresses.ts';
import {
  type Definition,
  type IpDefinition,
  type Location,
  PROXY_TYPES,
  type SentAddress,
  USAGES,
  type Usage,
  ZONE_TYPES,
  type ZoneAddress,
  type ZoneBody,
  type ZoneType,
} from './schema.ts';

export interface ReadZone {
  name: string;
  type: ZoneType;
  usage: Usage;
  /** Null: the client leaves it as it is. */
  status: 'ACTIVE' | 'INACTIVE' | null;
  definition: Definition;
}

/** By what a zone is for; the built-in zones hold more (contract: 150, 1000, 5000). */
const MOST = { POLICY: 150, BLOCKLIST: 1000, SYSTEM: 5000 } as const;

/** Problems are `field: sentence`. `system`: the zone is a built-in one. */
export function readZone(body: ZoneBody, system = false): ReadZone | { problems: string[] } {
  const problems: string[] = [];
  const type = oneOf(ZONE_TYPES, body.type, 'type', problems) ?? 'IP';
  const usage = oneOf(USAGES, body.usage ?? 'POLICY', 'usage', problems) ?? 'POLICY';
  const status = body.status == null ? null : oneOf(['ACTIVE', 'INACTIVE'] as const, body.status, 'status', problems);
  const definition =
    type === 'IP'
      ? readAddresses(body, usage, system, problems)
      : type === 'DYNAMIC'
        ? readDynamic(body, problems)
        : readEnhanced(body, problems);
  return problems.length > 0 ? { problems } : { name: body.name.trim(), type, usage, status, definition };
}

function oneOf<T extends string>(allowed: readonly T[], value: string, field: string, problems: string[]): T | null {
  const found = allowed.find((item) => item === value) ?? null;
  if (found === null) problems.push(`${field}: "${value}" is not known; use ${allowed.join(', ')}`);
  return found;
}

function readAddresses(body: ZoneBody, usage: Usage, system: boolean, problems: string[]): IpDefinition {
  const most = system ? MOST.SYSTEM : MOST[usage];
  const read = (field: 'gateways' | 'proxies') => {
    const sent = body[field] ?? [];
    if (sent.length > most) problems.push(`${field}: at most ${most} are possible here, and ${sent.length} were sent`);
    return sent.slice(0, most).flatMap((address) => readAddress(address, field, problems));
  };
  const definition = { gateways: read('gateways'), proxies: read('proxies') };
  if (usage === 'BLOCKLIST' && definition.proxies.length > 0)
    problems.push('proxies: a blocklist has gateways only; put the addresses there');
  if (!system && definition.gateways.length + definition.proxies.length === 0)
    problems.push('gateways: at least one address is required, as a gateway or as a proxy');
  return definition;
}

function readAddress({ type: sent, value }: SentAddress, field: string, problems: string[]): ZoneAddress[] {
  const type = sent ?? (value.includes('-') ? 'RANGE' : 'CIDR');
  const shown = value.slice(0, 60);
  if (type === 'CIDR') {
    if (parseCidr(value) !== null) return [{ type, value }];
    problems.push(`${field}: "${shown}" is no network; write it as 192.0.2.0/24 or 2001:db8::/32`);
  } else if (type === 'RANGE') {
    if (parseRange(value) !== null) return [{ type, value }];
    problems.push(`${field}: "${shown}" is no range; write it as 192.0.2.10-192.0.2.20, the lower address first`);
  } else problems.push(`${field}: type "${type}" is not known; use CIDR or RANGE`);
  return [];
}

function readDynamic(body: ZoneBody, problems: string[]): Definition {
  const { proxyType: sent } = body;
  const proxyType = sent == null || sent === '' || sent === 'null' ? null : sent;
  if (proxyType !== null) oneOf(PROXY_TYPES, proxyType, 'proxyType', problems);
  return { locations: readLocations(listOf(body.locations), problems), proxyType, asns: readAsns(body.asns, problems) };
}

function readEnhanced(body: ZoneBody, problems: string[]): Definition {
  const [locations, asns, categories] = [body.locations, body.asns, body.ipServiceCategories].map(sidesOf);
  return {
    locations: both(locations!, (list) => readLocations(list as SentLocations, problems)),
    asns: both(asns!, (list) => readAsns(list, problems)),
    ipServiceCategories: both(categories!, (list) => list.map(String)),
  };
}

type SentLocations = { country?: string | null; region?: string | null }[];

const listOf = <T>(sent: T[] | object | null | undefined): T[] => (Array.isArray(sent) ? sent : []);
/** A bare list is what is included. */
const sidesOf = (sent: unknown) => {
  if (Array.isArray(sent)) return { include: sent as unknown[], exclude: [] };
  const { include, exclude } = (sent ?? {}) as { include?: unknown[] | null; exclude?: unknown[] | null };
  return { include: include ?? [], exclude: exclude ?? [] };
};
const both = <T>({ include, exclude }: { include: unknown[]; exclude: unknown[] }, read: (list: unknown[]) => T) => ({
  include: read(include),
  exclude: read(exclude),
});

function readLocations(sent: SentLocations, problems: string[]): Location[] {
  return sent.flatMap(({ country, region }) => {
    const known = /^[A-Z]{2}$/.test(country ?? '') && (region == null || /^(?:[A-Z]{2}-)?[A-Z0-9]{1,3}$/.test(region));
    if (known) return [{ country: country!, region: region ?? null }];
    problems.push('locations: expected a country like "US" and a region like "US-CA" or none');
    return [];
  });
}

function readAsns(sent: unknown, problems: string[]): string[] {
  const list = listOf<unknown>(sent as unknown[]).map(String);
  if (list.some((asn) => !/^\d{1,10}$/.test(asn))) problems.push('asns: expected numbers of networks, like "23457"');
  return list;
}
