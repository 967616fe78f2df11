/**
 * directory/users: the people of the org: their profiles, passwords, statuses and administrator roles. It is not who may sign in how
 * (sign-in), nor what their attributes are (profile-schemas), nor their groups and links. Level 3.
 */
export type { BulkUsers } from './bulk/bulk.ts';
export type { BulkDecision, BulkOptions, BulkOutcome, BulkProblem, BulkRow } from './bulk/decide.ts';
export type { BulkResult } from './bulk/write.ts';
export { type CanonicalProblem, canonicalEmail, canonicalLogin } from './canonical.ts';
export type { UsersDeps } from './changes.ts';
export { forgetUnusedCosts } from './credentials/store.ts';
export type { LifecycleOperation } from './lifecycle/operations.ts';
export type { LinkPurpose } from './password-links/links.ts';
export { purgeTokens } from './password-links/store.ts';
export { createPasswords, newPassword, type Passwords } from './passwords/passwords.ts';
export { type UserRoutesDeps, userRoutes } from './routes.ts';
export {
  type ChangeBody,
  type CreateBody,
  type User,
  type UserStatus,
  type UserWire,
  userTarget,
} from './schema.ts';
export { createUsers, type Users } from './service.ts';
export { type LossReason, type Resolution, resolveSources, type Say } from './sources/priority.ts';
export type { OriginWire, ProvenanceWire, SourceNames } from './sources/provenance.ts';
export type { Origin, SourceRow } from './sources/store.ts';
export type { AccessPort, GroupPort } from './write.ts';
