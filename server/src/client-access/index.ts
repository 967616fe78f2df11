/**
 * client-access: what applications may do at the management API: the scopes that they may ask for, and the administrator roles of those
 * that act by themselves. It is neither their tokens (authorization-server) nor the table of scope and route (http). Level 3.
 */
export { clientAccessRoutes } from './routes.ts';
export { type ClientAccess, createClientAccess } from './service.ts';
export type { ClientRoleWire, ScopeGrantWire } from './wire.ts';
