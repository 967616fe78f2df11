/** Applications that call the management API by their own key: made, given scopes and roles, and the assertions that they sign. */
import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import type { TestHub } from './app.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;

export interface ApiClient {
  id: string;
  clientId: string;
  privateKey: KeyObject;
  /** The private key as PEM (PKCS #8). */
  pem: string;
  kid: string;
}

export function newKey(kid: string = randomUUID()) {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' };
  return { jwk, privateKey, publicKey, kid, pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

/** An application of type API Services. */
export async function createApiClient(
  hub: TestHub,
  {
    scopes = [],
    roles = [],
    label = `Service ${randomUUID()}`,
  }: { scopes?: string[]; roles?: string[]; label?: string },
): Promise<ApiClient> {
  const { jwk, privateKey, kid, pem } = newKey();
  const app: Any = await hub.api('POST', '/api/v1/apps', {
    name: 'oidc_client',
    label,
    signOnMode: 'OPENID_CONNECT',
    credentials: { oauthClient: { token_endpoint_auth_method: 'private_key_jwt' } },
    settings: {
      oauthClient: { application_type: 'service', grant_types: ['client_credentials'], jwks: { keys: [jwk] } },
    },
  });
  for (const scopeId of scopes) await hub.api('POST', `/api/v1/apps/${app.id}/grants`, { issuer: hub.url, scopeId });
  for (const type of roles) await hub.api('POST', `/oauth2/v1/clients/${app.id}/roles`, { type });
  return { id: app.id, clientId: app.credentials.oauthClient.client_id, privateKey, kid, pem };
}

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A right client assertion, unless changes say otherwise. */
export function assertion(
  hub: TestHub,
  client: ApiClient,
  change: { claims?: object; header?: object; key?: KeyObject; signature?: string } = {},
): string {
  const now = Math.floor(hub.clock.now().getTime() / 1000);
  const claims = {
    aud: `${hub.url}/oauth2/v1/token`,
    iss: client.clientId,
    sub: client.clientId,
    iat: now,
    exp: now + 300,
    jti: randomUUID(),
    ...change.claims,
  };
  const input = `${part({ alg: 'RS256', kid: client.kid, ...change.header })}.${part(claims)}`;
  const signed =
    change.signature ?? sign('sha256', Buffer.from(input), change.key ?? client.privateKey).toString('base64url');
  return `${input}.${signed}`;
}

export async function askToken(
  hub: TestHub,
  scope: string | null,
  clientAssertion: string | null,
  more: Record<string, string> = {},
  path = '/oauth2/v1/token',
): Promise<{ status: number; body: Any }> {
  const form = {
    grant_type: 'client_credentials',
    ...(scope === null ? {} : { scope }),
    ...(clientAssertion === null
      ? {}
      : {
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: clientAssertion,
        }),
    ...more,
  };
  const response = await fetch(hub.url + path, { method: 'POST', body: new URLSearchParams(form) });
  return { status: response.status, body: await response.json() };
}

/** An access token for the scopes. */
export async function accessToken(hub: TestHub, client: ApiClient, scopes: string[]): Promise<string> {
  const { status, body } = await askToken(hub, scopes.join(' '), assertion(hub, client));
  if (status !== 200) throw new Error(`No access token: ${status} ${JSON.stringify(body)}`);
  return body.access_token;
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
