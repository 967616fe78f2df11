/**
 * identity-providers: who may vouch for a person, and the connectors that ask them. Configuration through `/api/v1/idps`, compiled for the
 * sign-in; presets and their lint. It does not map, match, link or create anybody (sign-in does), and it holds no link (directory does).
 * Level 3: imports 0-2; schemas, mappings and links of a provider are made and removed through the ports of its Deps.
 */
export type { IdentityProvider } from './compile.ts';
export type {
  Assurance,
  Begun,
  CanLogOut,
  Connector,
  ExternalIdentity,
  FinishContext,
  Incoming,
  LogoutHandle,
  Outgoing,
  Refusal,
  SignInStart,
} from './connector.ts';
export type { CreatedProvider, DirectoryPort, IdentityProviders, IdentityProvidersDeps } from './deps.ts';
export { SEALED_SIGNING_KEYS } from './keys/store.ts';
export type { ClientKey, ClientKeys } from './oidc/client-authentication.ts';
export type { IdpPolicy } from './policy.ts';
export type { LintFinding, Preset, PresetWire } from './presets/index.ts';
export { identityProviderRoutes } from './routes.ts';
export type { SamlSettings } from './saml/settings.ts';
export type { IdentityProviderWire } from './schema.ts';
export { createIdentityProviders } from './service.ts';
export { SEALED_SECRETS } from './store.ts';
