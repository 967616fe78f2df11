/** From a stored identity provider to what a running sign-in uses: its policy and its connector. */
import type { SecretBox } from '../shared/secret-box.ts';
import type { Connector } from './connector.ts';
import { createOidcConnector, type OidcDeps } from './oidc/connector.ts';
import type { OidcSettings } from './oidc/settings.ts';
import { compilePolicy, type IdpPolicy } from './policy.ts';
import { presetOf } from './presets/index.ts';
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
}

/** Where a provider's client secret is sealed for (shared/secret-box.ts). */
export const secretPlace = (id: string) => `identity_providers/${id}/client_secret`;

export function openSecret(stored: StoredIdentityProvider, box: SecretBox): string | null {
  const sealed = stored.secrets.client_secret;
  return sealed === undefined ? null : box.open(sealed, secretPlace(stored.id));
}

export function compile(stored: StoredIdentityProvider, box: SecretBox, deps: OidcDeps): IdentityProvider {
  const policy = compilePolicy(stored.config.policy);
  return {
    id: stored.id,
    orgId: stored.orgId,
    type: 'OIDC',
    name: stored.name,
    displayName: stored.displayName ?? stored.name,
    status: stored.status,
    issuer: stored.config.protocol.issuer.url,
    policy,
    transactionLifetimeMs: stored.config.policy.transactionLifetime,
    connector: createOidcConnector(settingsOf(stored, policy, openSecret(stored, box)), deps),
    preset: stored.config.preset,
  };
}

function settingsOf(stored: StoredIdentityProvider, policy: IdpPolicy, clientSecret: string | null): OidcSettings {
  const { endpoints, settings, scopes, issuer, credentials } = stored.config.protocol;
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
    userInfoForm: settings.parseUserInfo,
    idTokenAlgorithms: settings.idTokenAlgorithms,
    maxClockSkewSeconds: policy.maxClockSkewSeconds,
    groupsClaim: policy.provisioning.groups.sourceAttributeName ?? 'groups',
    hints: presetOf(stored.config.preset)?.hints ?? {},
  };
}
