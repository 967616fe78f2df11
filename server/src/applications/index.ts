/**
 * applications: the relying parties of the hub, how they may ask for a sign-in, and who may use them. It is neither their tokens
 * (authorization-server) nor their accounts elsewhere (provisioning). Level 3.
 *
 * A membership becomes rows here in the transaction that changes it (`membershipsChanged`), so that a sign-in needs no join.
 */
export { type AppLink, type Applications, createApplications } from './applications.ts';
export type { MembershipChange } from './assignments/membership.ts';
export type { AppGroupWire, AppUserWire } from './assignments/wire.ts';
export type { CompiledApplication, CompiledClaim } from './compile.ts';
export type { ApplicationPorts, AssignablePerson } from './ports.ts';
export { applicationRoutes } from './routes.ts';
export type { ApplicationBody } from './schema.ts';
export type { ApplicationsDeps, SecretWire } from './service.ts';
export { SEALED_SECRETS } from './store.ts';
export type { ApplicationWire } from './wire.ts';
