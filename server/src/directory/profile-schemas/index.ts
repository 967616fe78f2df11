/**
 * directory/profile-schemas: which attributes the profiles of users, identity providers and applications have, and what counts as a
 * valid value. It is not the profiles themselves (users, external-identities) nor how one becomes the other (profile-mappings). Level 3.
 */
export type { Attribute, AttributeType, CompiledSchema, Definition, Master, OwnerKind } from './attribute.ts';
export { type ChangePorts, compileSchema, type Duplicates, type ProfileHolders, type UsedAttribute } from './change.ts';
export { coerce } from './coerce.ts';
export type { ValueHolders } from './removal/removal.ts';
export { schemaRoutes } from './routes.ts';
export type { SchemaWire } from './schema.ts';
export { createSchemas, type SchemaKey, type Schemas, type SchemasDeps } from './service.ts';
export { type UserTypeRoutesDeps, userTypeRoutes } from './user-types/routes.ts';
export type { UserTypeBody, UserTypeSummaryWire, UserTypeWire } from './user-types/schema.ts';
export { createUserTypes, type UserTypes, type UserTypesDeps } from './user-types/service.ts';
export { type Violation, type ViolationRule, validateProfile } from './validate.ts';
export type { ValueRow } from './values.ts';
