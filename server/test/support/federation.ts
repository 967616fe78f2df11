/** An org as the guide of ID.me by OpenID Connect leaves it, with a stub provider in the provider's place. */
import { createHash, randomBytes } from 'node:crypto';
import type { TestHub } from './app.ts';
import type { Answer, Browser } from './browser.ts';
import type { StubProvider } from './stub-openid-provider.ts';

/** A hub in this process or in another one. */
export type AnyHub = Pick<TestHub, 'url' | 'api'>;

export const REDIRECT_URI = 'http://localhost:4010/callback';

export interface Federation {
  idpId: string;
  clientId: string;
  clientSecret: string;
  ruleId: string;
  policyId: string;
}

type Wire = Record<string, unknown> & { id: string };

export const CLAIMS = {
  email: 'gary@example.com',
  email_verified: true,
  fname: 'Gary',
  lname: 'Twinkle',
  phone: '12069827345',
  uuid: '7e9bdcc2c79247fda1e4973e24c9dcaf',
};

export function idpBody(
  provider: StubProvider,
  more: {
    name?: string;
    policy?: Record<string, unknown>;
    protocol?: Record<string, unknown>;
    displayName?: string;
  } = {},
) {
  return {
    type: 'OIDC',
    name: more.name ?? 'ID.me IdP - OIDC',
    displayName: more.displayName ?? 'ID.me',
    protocol: {
      type: 'OIDC',
      scopes: ['openid', 'nist_aal2_ial2'],
      issuer: { url: provider.issuer },
      endpoints: {
        authorization: { url: `${provider.url}/authorize`, binding: 'HTTP-REDIRECT' },
        token: { url: `${provider.url}/token`, binding: 'HTTP-POST' },
        jwks: { url: `${provider.url}/keys`, binding: 'HTTP-REDIRECT' },
      },
      credentials: { client: { client_id: provider.clientId, client_secret: provider.clientSecret } },
      ...more.protocol,
    },
    policy: {
      accountLink: { action: 'AUTO' },
      provisioning: { action: 'AUTO', profileMaster: true, groups: { action: 'NONE' } },
      subject: { matchType: 'USERNAME_OR_EMAIL', userNameTemplate: { template: 'idpuser.email' } },
      ...more.policy,
    },
  };
}

export async function createClient(
  hub: AnyHub,
  oauthClient: Record<string, unknown> = {},
  credentials: Record<string, unknown> = {},
  label = `Application ${randomBytes(3).toString('hex')}`,
) {
  const app = await hub.api<Wire & { credentials: { oauthClient: { client_id: string; client_secret: string } } }>(
    'POST',
    '/api/v1/apps',
    {
      name: 'oidc_client',
      label,
      signOnMode: 'OPENID_CONNECT',
      credentials: { oauthClient: { token_endpoint_auth_method: 'client_secret_basic', ...credentials } },
      settings: {
        oauthClient: {
          application_type: 'web',
          grant_types: ['authorization_code', 'implicit', 'refresh_token'],
          response_types: ['code', 'id_token'],
          redirect_uris: [REDIRECT_URI],
          ...oauthClient,
        },
      },
    },
  );
  const [everyone] = await hub.api<Wire[]>('GET', '/api/v1/groups?q=Everyone');
  await hub.api('PUT', `/api/v1/apps/${app.id}/groups/${everyone!.id}`, {});
  return { clientId: app.credentials.oauthClient.client_id, clientSecret: app.credentials.oauthClient.client_secret };
}

export async function federate(
  hub: AnyHub,
  provider: StubProvider,
  more: Parameters<typeof idpBody>[1] = {},
): Promise<Federation> {
  provider.claims = { ...CLAIMS };
  await hub.api('POST', '/api/v1/meta/schemas/user/default', {
    definitions: {
      custom: { id: '#custom', type: 'object', properties: { idme_uuid: { title: 'ID.me UUID', type: 'string' } } },
    },
  });
  const idp = await hub.api<Wire>('POST', '/api/v1/idps', idpBody(provider, more));
  const [mapping] = await hub.api<Wire[]>('GET', `/api/v1/mappings?sourceId=${idp.id}`);
  const push = (expression: string) => ({ expression, pushStatus: 'PUSH' });
  await hub.api('POST', `/api/v1/mappings/${mapping!.id}`, {
    properties: {
      firstName: push('appuser.fname'),
      lastName: push('appuser.lname'),
      mobilePhone: push('appuser.phone'),
      idme_uuid: push('appuser.uuid'),
    },
  });
  const client = await createClient(hub, {}, {}, 'Portal of tests');
  const [policy] = await hub.api<Wire[]>('GET', '/api/v1/policies?type=IDP_DISCOVERY');
  const rule = await hub.api<Wire>('POST', `/api/v1/policies/${policy!.id}/rules`, {
    type: 'IDP_DISCOVERY',
    name: 'ID.me IdP - Okta App Portal',
    conditions: { network: { connection: 'ANYWHERE' } },
    actions: { idp: { providers: [{ type: 'OIDC', id: idp.id }], idpSelectionType: 'SPECIFIC' } },
  });
  return { idpId: idp.id, ...client, ruleId: rule.id, policyId: policy!.id };
}

export interface Authorize {
  url: string;
  verifier: string;
  nonce: string;
}

export function authorizeUrl(hub: AnyHub, clientId: string, more: Record<string, string | null> = {}): Authorize {
  const verifier = randomBytes(32).toString('base64url');
  const nonce = randomBytes(9).toString('base64url');
  const url = new URL('/oauth2/v1/authorize', hub.url);
  const parameters: Record<string, string | null> = {
    client_id: clientId,
    response_type: 'code',
    scope: 'openid profile email',
    redirect_uri: REDIRECT_URI,
    state: 'abc123',
    nonce,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...more,
  };
  for (const [name, value] of Object.entries(parameters)) if (value !== null) url.searchParams.set(name, value);
  return { url: url.href, verifier, nonce };
}

/** At the provider and back: the answer of the hub's callback. */
export async function atProvider(
  hub: AnyHub,
  provider: StubProvider,
  browser: Browser,
  away: Answer,
  extra: Record<string, string> = {},
): Promise<Answer> {
  if (away.location === null)
    throw new Error(`Expected a redirect to the provider, found ${away.status}: ${away.body.slice(0, 500)}`);
  return browser.get(`${hub.url}/oauth2/v1/authorize/callback?${provider.answer(away.location, extra)}`);
}

export async function redeem(
  hub: AnyHub,
  federation: { clientId: string; clientSecret: string },
  code: string,
  verifier: string,
  more: Record<string, string> = {},
) {
  const response = await fetch(`${hub.url}/oauth2/v1/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${federation.clientId}:${federation.clientSecret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT_URI,
      code_verifier: verifier,
      ...more,
    }).toString(),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;
}
