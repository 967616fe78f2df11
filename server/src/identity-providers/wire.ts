/** From what is stored to the response of `/api/v1/idps`: the contract's whole tree, in its order (§2.1). */
import { redirectUri } from './oidc/settings.ts';
import type { IdentityProviderWire } from './schema.ts';
import type { StoredIdentityProvider } from './store.ts';

/** @param clientSecret shown only where it is given */
export function toWire(
  stored: StoredIdentityProvider,
  baseUrl: string,
  clientSecret: string | null,
): IdentityProviderWire {
  const { issuerMode, protocol, policy, preset } = stored.config;
  const { client_id, ...client } = protocol.credentials.client;
  return {
    id: stored.id,
    issuerMode,
    name: stored.name,
    displayName: stored.displayName,
    preset,
    status: stored.status,
    created: stored.created.toISOString(),
    lastUpdated: stored.lastUpdated.toISOString(),
    protocol: {
      ...protocol,
      credentials: { client: { client_id, ...(clientSecret !== null && { client_secret: clientSecret }), ...client } },
    },
    policy,
    type: 'OIDC',
    _links: linksOf(stored, baseUrl),
  };
}

function linksOf(stored: StoredIdentityProvider, baseUrl: string) {
  const parameters = [
    `idp=${stored.id}`,
    'client_id={clientId}',
    'response_type={responseType}',
    'response_mode={responseMode}',
    'scope={scopes}',
    'redirect_uri={redirectUri}',
    'state={state}',
    'nonce={nonce}',
  ];
  const { perIdpRedirectUri } = stored.config.protocol.settings;
  return {
    authorize: {
      href: `${baseUrl}/oauth2/v1/authorize?${parameters.join('&')}`,
      templated: true,
      hints: { allow: ['GET'] },
    },
    clientRedirectUri: {
      href: redirectUri(baseUrl, { idpId: stored.id, perIdpRedirectUri }),
      hints: { allow: ['POST'] },
    },
  };
}
