/** The wire shapes of the management API, for whoever calls it from TypeScript (the console). Types only. */
export type {
  AppGroupWire,
  AppLink,
  ApplicationBody,
  ApplicationWire,
  AppUserWire,
  SecretWire,
} from '../applications/index.ts';
export type { IdentityProviderWire, LintFinding, PresetWire } from '../identity-providers/index.ts';
export type { MappingChangeBody, MappingWire } from '../profile-mappings/index.ts';
export type { PolicyWire, RuleBody, RuleWire } from '../routing-rules/index.ts';
