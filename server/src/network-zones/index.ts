/**
 * network-zones: addresses under a name. A zone is a condition that routing rules and API tokens refer to, or, as a blocklist, addresses
 * that get no answer at all. It is not who a client's real address belongs to (http, trusted proxies), nor what the hub may call
 * (http/egress). Level 3.
 */
export { type Blocking, createBlocking } from './blocking.ts';
export type { CompiledZone } from './compile.ts';
export { zoneRoutes } from './routes.ts';
export type { ZoneBody } from './schema.ts';
export { createNetworkZones, type NetworkZones } from './service.ts';
export type { ZoneWire } from './wire.ts';
