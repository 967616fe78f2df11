/** An OpenID provider for tests: it signs what it is told to sign and answers what it is told to answer. Every deviation is a field. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';

export interface Answer {
  status?: number;
  type?: string;
  headers?: Record<string, string>;
  body: string;
}

export interface StubProvider {
  /** Base URL; the issuer is `${url}/oidc`. */
  url: string;
  issuer: string;
  clientId: string;
  clientSecret: string;
  keys: { kid: string; publicJwk: Record<string, unknown>; privateKey: CryptoKey };
  /** Claims beside the ordinary ones, or in their place; undefined removes one. */
  claims: Record<string, unknown>;
  /** In place of the signed ID token: from the claims that it would have had. */
  idToken: ((claims: Record<string, unknown>) => string | Promise<string>) | null;
  token: (() => Answer) | null;
  userInfo: (() => Answer | Promise<Answer>) | null;
  keySet: (() => Answer) | null;
  /** What arrived, by endpoint. */
  received: {
    token: { parameters: URLSearchParams; headers: IncomingHttpHeaders }[];
    userInfo: IncomingHttpHeaders[];
    keySet: number;
  };
  sign(claims: Record<string, unknown>, header?: { alg?: string; kid?: string }): Promise<string>;
  /** What the person's browser is sent back with, for a request that the hub made. */
  answer(authorizationUrl: string, extra?: Record<string, string>): URLSearchParams;
  /** Forgets every deviation and what arrived. */
  reset(): void;
  close(): Promise<void>;
}

/** `now` is the time of the tokens. */
export async function startStubProvider(now: () => Date): Promise<StubProvider> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const publicJwk = { ...(await exportJWK(publicKey)), kid: 'key-1', use: 'sig' };
  const requests = new Map<string, { nonce: string | null; challenge: string | null; redirectUri: string | null }>();
  let codes = 0;

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', async () => {
      const answer = await respond(
        (request.url ?? '/').split('?')[0] ?? '/',
        request.headers,
        Buffer.concat(chunks).toString(),
      );
      response
        .writeHead(answer.status ?? 200, { 'content-type': answer.type ?? 'application/json', ...answer.headers })
        .end(answer.body);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const provider: StubProvider = {
    url,
    issuer: `${url}/oidc`,
    clientId: 'client-1',
    clientSecret: 'a client secret with enough bytes for HS256',
    keys: { kid: 'key-1', publicJwk, privateKey },
    claims: {},
    idToken: null,
    token: null,
    userInfo: null,
    keySet: null,
    received: { token: [], userInfo: [], keySet: 0 },
    sign: (claims, header = {}) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'key-1', ...header }).sign(privateKey),
    answer(authorizationUrl, extra = {}) {
      const sent = new URL(authorizationUrl).searchParams;
      const code = `code-${++codes}`;
      requests.set(code, {
        nonce: sent.get('nonce'),
        challenge: sent.get('code_challenge'),
        redirectUri: sent.get('redirect_uri'),
      });
      return new URLSearchParams({ code, state: sent.get('state') ?? '', ...extra });
    },
    reset() {
      Object.assign(provider, { claims: {}, idToken: null, token: null, userInfo: null, keySet: null });
      provider.received = { token: [], userInfo: [], keySet: 0 };
    },
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };

  async function respond(path: string, headers: IncomingHttpHeaders, body: string): Promise<Answer> {
    if (path === '/token') return redeem(new URLSearchParams(body), headers);
    if (path === '/keys') {
      provider.received.keySet++;
      return provider.keySet?.() ?? { body: JSON.stringify({ keys: [publicJwk] }) };
    }
    if (path === '/userinfo') {
      provider.received.userInfo.push(headers);
      return (await provider.userInfo?.()) ?? { body: JSON.stringify({ sub: 'subject-1' }) };
    }
    return { status: 404, body: '{}' };
  }

  async function redeem(parameters: URLSearchParams, headers: IncomingHttpHeaders): Promise<Answer> {
    provider.received.token.push({ parameters, headers });
    if (provider.token !== null) return provider.token();
    const request = requests.get(parameters.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(parameters.get('code_verifier') ?? '')
      .digest('base64url');
    const bound =
      request &&
      request.redirectUri === parameters.get('redirect_uri') &&
      (request.challenge ?? challenge) === challenge;
    if (!bound)
      return {
        status: 400,
        body: JSON.stringify({ error: 'invalid_grant', error_description: 'The code is not for this request' }),
      };
    requests.delete(parameters.get('code') ?? '');
    const at = Math.floor(now().getTime() / 1000);
    const ordinary = {
      iss: provider.issuer,
      sub: 'subject-1',
      aud: provider.clientId,
      iat: at,
      exp: at + 300,
      nonce: request.nonce,
      email: 'ada@example.com',
    };
    const claims: Record<string, unknown> = { ...ordinary, ...provider.claims };
    for (const name of Object.keys(claims)) if (claims[name] === undefined) delete claims[name];
    const idToken = await (provider.idToken?.(claims) ?? provider.sign(claims));
    return {
      body: JSON.stringify({ access_token: 'access-1', token_type: 'bearer', expires_in: 300, id_token: idToken }),
    };
  }
  return provider;
}
