/**
 * profile-mappings: how the profile at one end becomes the profile at the other, as expressions per attribute. It is neither the
 * attributes themselves (profile-schemas) nor the decision whose profile it is (sign-in/account). Level 3.
 */
export type { CompiledMapping, CompiledProperty, MappingProblem, MappingResult, MappingSource } from './compile.ts';
export { type ProviderType, SOURCE_NAMES } from './defaults.ts';
export { mappingRoutes } from './routes.ts';
export type { MappingChangeBody } from './schema.ts';
export { createMappings, type Mappings, type MappingsDeps, type UserTypeEnd } from './service.ts';
export { sourceProfile } from './source-profile.ts';
export type { MappingWire } from './wire.ts';
