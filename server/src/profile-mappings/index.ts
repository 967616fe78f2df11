/**
 * profile-mappings: how the profile at one end becomes the profile at the other, as expressions per attribute. It is neither the
 * attributes themselves (profile-schemas) nor the decision whose profile it is (sign-in/account). Level 3.
 */
export type { CompiledMapping, CompiledProperty, MappingProblem, MappingResult, MappingSource } from './compile.ts';
export { type ProviderType, SOURCE_NAMES } from './defaults.ts';
export type { OutboundMapping, OutboundMappings } from './outbound/compile.ts';
export { mappingRoutes } from './routes.ts';
export type { MappingChangeBody, PreviewBody as MappingPreviewBody } from './schema.ts';
export { createMappings, type Mappings, type MappingsDeps, type UserTypeEnd } from './service.ts';
export { sourceProfile } from './source-profile.ts';
export type { ProfileRules, UpdatePorts } from './update/ports.ts';
export type { PreviewLine } from './update/preview.ts';
export type { ProfileUpdate, UpdateInput } from './update/profile-update.ts';
export type { Preview as MappingPreview } from './update/service.ts';
export type { MappingWire } from './wire.ts';
