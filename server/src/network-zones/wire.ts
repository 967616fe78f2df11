/** A zone as `/api/v1/zones` sends it (contract §10.3). Pure. */
import type { EnhancedDefinition, IpDefinition, Location } from './schema.ts';
import type { Zone } from './store.ts';

export type ZoneWire = ReturnType<typeof zoneToWire>;

/** What the type brings: gateways and proxies of IP, the others of the dynamic types. */
type DefinitionWire = Partial<IpDefinition> & {
  proxyType?: string | null;
  locations?: Location[] | EnhancedDefinition['locations'];
  asns?: string[] | EnhancedDefinition['asns'];
  ipServiceCategories?: EnhancedDefinition['ipServiceCategories'];
};

export function zoneToWire(zone: Zone, baseUrl: string) {
  const self = `${baseUrl}/api/v1/zones/${zone.id}`;
  const verb = zone.status === 'ACTIVE' ? 'deactivate' : 'activate';
  return {
    type: zone.type,
    id: zone.id,
    name: zone.name,
    status: zone.status,
    usage: zone.usage,
    created: zone.created.toISOString(),
    lastUpdated: zone.lastUpdated.toISOString(),
    system: zone.system,
    ...(zone.definition as DefinitionWire),
    _links: {
      self: { href: self, hints: { allow: zone.system ? ['GET', 'PUT'] : ['GET', 'PUT', 'DELETE'] } },
      [verb]: { href: `${self}/lifecycle/${verb}`, hints: { allow: ['POST'] } },
    },
  };
}
