/** From what is stored to the response of `/api/v1/idps`: the contract's whole tree, in its order (§2.1, §2.2). */
import { redirectUri } from './oidc/settings.ts';
import { acsUrl } from './saml/settings.ts';
import type { IdentityProviderWire, ProtocolConfig } from './schema.ts';
import type { StoredIdentityProvider } from './store.ts';

/** @param clientSecret shown only where it is given */
export function toWire(
  stored: StoredIdentityProvider,
  baseUrl: string,
  clientSecret: string | null,
): IdentityProviderWire {
  const { issuerMode, protocol, policy, preset } = stored.config;
  const common = {
    name: stored.name,
    displayName: stored.displayName,
    preset,
    status: stored.status,
    created: stored.created.toISOString(),
    lastUpdated: stored.lastUpdated.toISOString(),
  };
  if (protocol.type === 'SAML2') {
    return {
      id: stored.id,
      ...common,
      protocol,
      policy,
      type: 'SAML2',
      _links: samlLinks(stored, baseUrl, protocol.endpoints.acs.type),
    };
  }
  const { client_id, ...client } = protocol.credentials.client;
  return {
    id: stored.id,
    issuerMode,
    ...common,
    protocol: {
      ...protocol,
      settings: { ...SINCE_ADDED, ...protocol.settings },
      credentials: { client: { client_id, ...(clientSecret !== null && { client_secret: clientSecret }), ...client } },
    },
    policy,
    type: 'OIDC',
    _links: oidcLinks(stored.id, baseUrl, protocol),
  };
}

/** Settings that providers have not that were stored before there were any. */
const SINCE_ADDED = { participateSlo: false, sendApplicationContext: false };

function samlLinks({ id, status }: StoredIdentityProvider, baseUrl: string, acsType: 'INSTANCE' | 'ORG') {
  const self = `${baseUrl}/api/v1/idps/${id}`;
  const change = status === 'ACTIVE' ? 'deactivate' : 'activate';
  return {
    metadata: { href: `${self}/metadata.xml`, type: 'application/xml', hints: { allow: ['GET'] } },
    acs: { href: acsUrl(baseUrl, { idpId: id, acsType }), type: 'application/xml', hints: { allow: ['POST'] } },
    users: { href: `${self}/users`, hints: { allow: ['GET'] } },
    [change]: { href: `${self}/lifecycle/${change}`, hints: { allow: ['POST'] } },
  };
}

function oidcLinks(idpId: string, baseUrl: string, protocol: ProtocolConfig) {
  const parameters = [
    `idp=${idpId}`,
    'client_id={clientId}',
    'response_type={responseType}',
    'response_mode={responseMode}',
    'scope={scopes}',
    'redirect_uri={redirectUri}',
    'state={state}',
    'nonce={nonce}',
  ];
  const { perIdpRedirectUri } = protocol.settings;
  return {
    authorize: {
      href: `${baseUrl}/oauth2/v1/authorize?${parameters.join('&')}`,
      templated: true,
      hints: { allow: ['GET'] },
    },
    clientRedirectUri: {
      href: redirectUri(baseUrl, { idpId, perIdpRedirectUri }),
      hints: { allow: ['POST'] },
    },
  };
}
