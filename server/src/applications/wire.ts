/** An application as `/api/v1/apps` sends it, in the order of contract §8.1. Pure. */

import { SIGN_ON_MODE } from './schema.ts';
import type { StoredApplication } from './store.ts';

export interface WireContext {
  orgId: string;
  baseUrl: string;
  /** The key that signs this application's ID tokens now. */
  signingKeyId: string | null;
  /** The org's access policy, which every application has. */
  accessPolicyId: string;
  /** Only right after it was made. */
  clientSecret?: string;
}

export type ApplicationWire = ReturnType<typeof applicationToWire>;

export function applicationToWire(row: StoredApplication, context: WireContext) {
  const { config } = row;
  return {
    id: row.id,
    orn: `orn:okta:idp:${context.orgId}:apps:${row.name}:${row.id}`,
    name: row.name,
    label: row.label,
    status: row.status,
    lastUpdated: row.lastUpdated.toISOString(),
    created: row.created.toISOString(),
    accessibility: { selfService: false, ...config.accessibility },
    visibility: { ...config.visibility, appLinks: { [`${row.name}_link`]: true } },
    features: [] as string[],
    signOnMode: SIGN_ON_MODE,
    credentials: {
      userNameTemplate: config.userNameTemplate,
      signing: context.signingKeyId === null ? {} : { kid: context.signingKeyId },
      oauthClient: {
        autoKeyRotation: config.autoKeyRotation,
        client_id: row.clientId,
        ...(context.clientSecret === undefined ? {} : { client_secret: context.clientSecret }),
        token_endpoint_auth_method: config.authMethod,
        pkce_required: config.pkceRequired,
      },
    },
    settings: {
      app: {},
      notifications: { vpn: { network: { connection: 'DISABLED' }, message: null, helpUrl: null } },
      manualProvisioning: false,
      implicitAssignment: false,
      notes: config.notes,
      oauthClient: clientToWire(config.oauthClient),
    },
    _links: linksOf(row, context),
  };
}

function clientToWire(client: StoredApplication['config']['oauthClient']) {
  return {
    client_uri: client.client_uri,
    logo_uri: client.logo_uri,
    redirect_uris: client.redirect_uris,
    ...(client.post_logout_redirect_uris.length === 0
      ? {}
      : { post_logout_redirect_uris: client.post_logout_redirect_uris }),
    response_types: client.response_types,
    grant_types: client.grant_types,
    ...(client.initiate_login_uri === null ? {} : { initiate_login_uri: client.initiate_login_uri }),
    application_type: client.application_type,
    ...(client.jwks === null ? {} : { jwks: client.jwks }),
    consent_method: client.consent_method,
    issuer_mode: client.issuer_mode,
    idp_initiated_login: client.idp_initiated_login,
    wildcard_redirect: 'DISABLED',
    dpop_bound_access_tokens: false,
    id_token_signed_response_alg: client.id_token_signed_response_alg,
    claims: client.claims,
    client_secret_shown_again: client.client_secret_shown_again,
  };
}

function linksOf(row: StoredApplication, { baseUrl, accessPolicyId }: WireContext) {
  const self = `${baseUrl}/api/v1/apps/${row.id}`;
  const policy = { href: `${baseUrl}/api/v1/policies/${accessPolicyId}` };
  const change = row.status === 'ACTIVE' ? 'deactivate' : 'activate';
  return {
    appLinks: [{ name: `${row.name}_link`, href: baseUrl + launchPath(row), type: 'text/html' }],
    profileEnrollment: policy,
    policies: { href: `${self}/policies`, hints: { allow: ['PUT'] } },
    groups: { href: `${self}/groups` },
    users: { href: `${self}/users` },
    clientCredentials: [{ name: 'secrets', href: `${self}/credentials/secrets` }],
    accessPolicy: policy,
    [change]: { href: `${self}/lifecycle/${change}` },
  };
}

/** Where a sign-in at the application can be begun; answered by `routes.ts`. */
export function launchPath({ id, name }: { id: string; name: string }): string {
  return `/home/${name}/${id}/aln${id.slice(3)}`;
}
