/** The conditions of a rule that need more than a comparison: each is read from a body, stored as it is sent back, and compiled. */
export {
  type CompiledIdentifier,
  compileIdentifier,
  type IdentifierCondition,
  readIdentifier,
} from './identifier.ts';
export { type CompiledPlatform, compilePlatform, type PlatformCondition, readPlatform } from './platform.ts';
