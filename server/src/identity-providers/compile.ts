/** From a stored identity provider to what a running sign-in uses: its policy and its connector. */
import type { SecretBox } from '../shared/secret-box.ts';
import { compileSamlSettings } from './configuration/compile-saml.ts';
import type { Connector } from './connector.ts';
import type { SigningKey, TrustKey } from './keys/store.ts';
import { createOidcConnector, type OidcDeps } from './oidc/connector.ts';
import type { OidcSettings } from './oidc/settings.ts';
import { compilePolicy, type IdpPolicy } from './policy.ts';
import { presetOf } from './presets/index.ts';
import { createSamlConnector, type SamlDeps } from './saml/connector.ts';
import type { SamlProtocolConfig } from './saml/schema.ts';
import type { SamlSettings } from './saml/settings.ts';
import type { ProtocolConfig } from './schema.ts';
import type { StoredIdentityProvider } from './store.ts';

export interface IdentityProvider {
  id: string;
  orgId: string;
  type: 'OIDC' | 'SAML2';
  name: string;
  /** "Sign in with …" (rulings 45). */
  displayName: string;
  /** An inactive provider is compiled too, so that a sign-in that is under way can be refused by name. */
  status: 'ACTIVE' | 'INACTIVE';
  issuer: string;
  policy: IdpPolicy;
  transactionLifetimeMs: number;
  connector: Connector;
  preset: string | null;
  /** What SAML endpoints need before a connector is asked; null for other types. */
  saml: SamlSettings | null;
}

/** The keys of an org's providers. */
export interface Keys {
  trust: readonly TrustKey[];
  signing: readonly SigningKey[];
}

/** Where a provider's client secret is sealed for (shared/secret-box.ts). */
export const secretPlace = (id: string) => `identity_providers/${id}/client_secret`;

export function openSecret(stored: StoredIdentityProvider, box: SecretBox): string | null {
  const sealed = stored.secrets.client_secret;
  return sealed === undefined ? null : box.open(sealed, secretPlace(stored.id));
}

export function compile(
  stored: StoredIdentityProvider,
  box: SecretBox,
  deps: OidcDeps & SamlDeps,
  keys: Keys,
): IdentityProvider {
  const { protocol, policy: policyConfig, preset } = stored.config;
  const policy = compilePolicy(policyConfig);
  return {
    id: stored.id,
    orgId: stored.orgId,
    name: stored.name,
    displayName: stored.displayName ?? stored.name,
    status: stored.status,
    policy,
    transactionLifetimeMs: policyConfig.transactionLifetime,
    preset,
    ...(protocol.type === 'OIDC'
      ? oidc(stored, protocol, policy, box, deps)
      : saml(stored, protocol, policy, box, deps, keys)),
  };
}

type OfType = Pick<IdentityProvider, 'type' | 'issuer' | 'connector' | 'saml'>;

function saml(
  stored: StoredIdentityProvider,
  protocol: SamlProtocolConfig,
  policy: IdpPolicy,
  box: SecretBox,
  deps: SamlDeps,
  keys: Keys,
): OfType {
  const settings = compileSamlSettings(stored, protocol, policy, box, keys);
  return { type: 'SAML2', issuer: settings.issuer, connector: createSamlConnector(settings, deps), saml: settings };
}

function oidc(
  stored: StoredIdentityProvider,
  protocol: ProtocolConfig,
  policy: IdpPolicy,
  box: SecretBox,
  deps: OidcDeps,
): OfType {
  const settings = settingsOf(stored, protocol, policy, openSecret(stored, box));
  return { type: 'OIDC', issuer: protocol.issuer.url, connector: createOidcConnector(settings, deps), saml: null };
}

function settingsOf(
  stored: StoredIdentityProvider,
  protocol: ProtocolConfig,
  policy: IdpPolicy,
  clientSecret: string | null,
): OidcSettings {
  const { endpoints, settings, scopes, issuer, credentials } = protocol;
  return {
    orgId: stored.orgId,
    idpId: stored.id,
    issuer: issuer.url,
    authorizationUrl: endpoints.authorization.url,
    tokenUrl: endpoints.token.url,
    userInfoUrl: endpoints.userInfo?.url ?? null,
    jwksUrl: endpoints.jwks?.url ?? null,
    clientId: credentials.client.client_id,
    clientSecret,
    clientAuthentication: credentials.client.token_endpoint_auth_method ?? 'client_secret_post',
    scopes,
    pkce: credentials.client.pkce_required ?? true,
    responseMode: settings.responseMode,
    perIdpRedirectUri: settings.perIdpRedirectUri,
    requireIssParameter: settings.requireIssParameter,
    sendApplicationContext: settings.sendApplicationContext === true,
    userInfoForm: settings.parseUserInfo,
    idTokenAlgorithms: settings.idTokenAlgorithms,
    maxClockSkewSeconds: policy.maxClockSkewSeconds,
    groupsClaim: policy.provisioning.groups.sourceAttributeName ?? 'groups',
    hints: presetOf(stored.config.preset)?.hints ?? {},
  };
}
