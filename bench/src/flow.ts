/** One brokered sign-in as a browser and an application do it: authorize → provider → callback → token, with the ID token checked. */
import { createHash, createPublicKey, type KeyObject, randomBytes, verify } from 'node:crypto';
import { Pool } from 'undici';

export interface Client {
  hub: string;
  clientId: string;
  clientSecret: string;
  redirectUri: string;
  keys: Map<string, KeyObject>;
}

const pools = new Map<string, Pool>();
const poolOf = (origin: string) => {
  const known = pools.get(origin);
  if (known !== undefined) return known;
  const pool = new Pool(origin, { connections: 16, pipelining: 1 });
  pools.set(origin, pool);
  return pool;
};

async function send(
  url: URL,
  options: { method?: 'GET' | 'POST'; cookie?: string; form?: URLSearchParams; authorization?: string } = {},
) {
  const response = await poolOf(url.origin).request({
    path: url.pathname + url.search,
    method: options.method ?? 'GET',
    headers: {
      ...(options.cookie === undefined ? {} : { cookie: options.cookie }),
      ...(options.form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      ...(options.authorization === undefined ? {} : { authorization: options.authorization }),
    },
    ...(options.form === undefined ? {} : { body: options.form.toString() }),
  });
  const body = await response.body.text();
  const cookies = ([] as string[]).concat(response.headers['set-cookie'] ?? []);
  return { status: response.statusCode, body, location: response.headers.location as string | undefined, cookies };
}

function location(answer: { status: number; location: string | undefined; body: string }, step: string): URL {
  if (answer.location === undefined)
    throw new Error(`${step}: expected a redirect, found ${answer.status}: ${answer.body.slice(0, 300)}`);
  return new URL(answer.location);
}

/** Resolves with the number of HTTP requests that the hub answered. Throws when anything is not as it should be. */
export async function signIn(client: Client): Promise<number> {
  const nonce = randomBytes(9).toString('base64url');
  const verifier = randomBytes(32).toString('base64url');
  const authorize = new URL('/oauth2/v1/authorize', client.hub);
  authorize.search = new URLSearchParams({
    client_id: client.clientId,
    response_type: 'code',
    scope: 'openid profile email',
    redirect_uri: client.redirectUri,
    state: 'bench',
    nonce,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString();
  const started = await send(authorize);
  const cookie = started.cookies
    .filter((line) => !/max-age=0/i.test(line))
    .map((line) => line.split(';')[0])
    .join('; ');
  const atProvider = await send(location(started, 'authorize'));
  const returned = await send(location(atProvider, 'provider'), { cookie });
  const code = location(returned, 'callback').searchParams.get('code');
  if (code === null) throw new Error(`callback: expected a code, found ${returned.location}`);
  const form = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: client.redirectUri,
    code_verifier: verifier,
  });
  const basic = `Basic ${Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64')}`;
  const token = await send(new URL('/oauth2/v1/token', client.hub), { method: 'POST', form, authorization: basic });
  if (token.status !== 200) throw new Error(`token: expected 200, found ${token.status}: ${token.body.slice(0, 300)}`);
  checkIdToken(client, (JSON.parse(token.body) as { id_token: string }).id_token, nonce);
  return 3;
}

function checkIdToken(client: Client, token: string, nonce: string): void {
  const [header, payload, signature] = token.split('.') as [string, string, string];
  const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string };
  const key = client.keys.get(kid);
  if (
    key === undefined ||
    !verify(
      'sha256',
      Buffer.from(`${header}.${payload}`),
      { key, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    )
  )
    throw new Error('The ID token is not signed by the hub.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { aud: string; nonce: string };
  if (claims.aud !== client.clientId || claims.nonce !== nonce)
    throw new Error('The ID token is not for this sign-in.');
}

export async function readKeys(hub: string): Promise<Map<string, KeyObject>> {
  const answer = await send(new URL('/oauth2/v1/keys', hub));
  const { keys } = JSON.parse(answer.body) as { keys: (JsonWebKey & { kid: string })[] };
  return new Map(keys.map((jwk) => [jwk.kid, createPublicKey({ key: jwk as never, format: 'jwk' })]));
}

/** A call of the management API with the bench's token. */
export async function manage<T>(
  hub: string,
  token: string,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  body?: unknown,
): Promise<T> {
  const response = await fetch(new URL(path, hub), {
    method,
    headers: { authorization: `SSWS ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 500)}`);
  return (text === '' ? null : JSON.parse(text)) as T;
}
