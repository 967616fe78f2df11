/** A zone as `/api/v1/zones` sends it (contract §10.3). Pure. */
import type { Definition, Usage, ZoneType } from './schema.ts';
import type { Zone } from './store.ts';

export type ZoneWire = ReturnType<typeof zoneToWire>;

export function zoneToWire(zone: Zone, baseUrl: string) {
  const self = `${baseUrl}/api/v1/zones/${zone.id}`;
  const verb = zone.status === 'ACTIVE' ? 'deactivate' : 'activate';
  return {
    type: zone.type as ZoneType,
    id: zone.id,
    name: zone.name,
    status: zone.status,
    usage: zone.usage as Usage,
    created: zone.created.toISOString(),
    lastUpdated: zone.lastUpdated.toISOString(),
    system: zone.system,
    ...(zone.definition as Partial<Record<keyof Definition, never>> & Definition),
    _links: {
      self: { href: self, hints: { allow: zone.system ? ['GET', 'PUT'] : ['GET', 'PUT', 'DELETE'] } },
      [verb]: { href: `${self}/lifecycle/${verb}`, hints: { allow: ['POST'] } },
    },
  };
}
