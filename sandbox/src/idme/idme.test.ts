import * as client from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ALEX, CLIENT, POLICY, prepare, REDIRECT_URI, signIn, visit } from '../../test/wire.ts';
import { type RunningIdme, startIdme } from './index.ts';

let idme: RunningIdme;
beforeAll(async () => {
  idme = await startIdme({ port: 0, clients: [CLIENT] });
});
afterAll(() => idme.close());
beforeEach(() => {
  const alex = idme.control.persons.find(ALEX);
  idme.control.defaults.setApproval(alex?.uuid ?? '', null, null);
  idme.control.defaults.clearFault();
  idme.control.requests.clear();
});

const authorize = (changes: Record<string, string | null>) => {
  const parameters = {
    client_id: CLIENT.client_id,
    redirect_uri: REDIRECT_URI,
    response_type: 'code',
    scope: `openid ${POLICY}`,
    state: 's1',
  };
  const given = Object.entries({ ...parameters, ...changes }).filter(([, value]) => value !== null) as [
    string,
    string,
  ][];
  return visit(`${idme.url}/oauth/authorize?${new URLSearchParams(given)}`);
};

const post = (body: string, type: string, headers: Record<string, string> = {}) =>
  fetch(`${idme.url}/oauth/token`, { method: 'POST', headers: { 'content-type': type, ...headers }, body });

const codeRequest = (code: string) => ({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI });

describe('the documents', () => {
  test('discovery has exactly the members of the contract', async () => {
    const document = await (await fetch(`${idme.issuer}/.well-known/openid-configuration`)).json();
    expect(Object.keys(document).sort()).toEqual([
      'authorization_endpoint',
      'grant_types_supported',
      'id_token_encryption_alg_values_supported',
      'id_token_encryption_enc_values_supported',
      'id_token_signing_alg_values_supported',
      'issuer',
      'jwks_uri',
      'response_types_supported',
      'scopes_supported',
      'subject_types_supported',
      'token_endpoint',
      'token_endpoint_auth_methods_supported',
      'userinfo_encryption_alg_values_supported',
      'userinfo_encryption_enc_values_supported',
      'userinfo_endpoint',
      'userinfo_signing_alg_values_supported',
    ]);
    expect(document).toMatchObject({
      issuer: `${idme.url}/oidc`,
      authorization_endpoint: `${idme.url}/oauth/authorize`,
      token_endpoint: `${idme.url}/oauth/token`,
      userinfo_endpoint: `${idme.url}/api/public/v3/userinfo`,
      jwks_uri: `${idme.url}/oidc/.well-known/jwks`,
      scopes_supported: ['openid'],
    });
  });

  test('there is no discovery at the root of the host', async () => {
    expect((await fetch(`${idme.url}/.well-known/openid-configuration`)).status).toBe(404);
  });

  test.each(['/healthz', '/readyz'])('%s answers', async (path) => {
    expect((await fetch(`${idme.url}${path}`)).status).toBe(200);
  });
});

describe('a sign-in', () => {
  test('puts every attribute of the policy into the ID token', async () => {
    const { tokens } = await signIn(idme);
    const alex = idme.control.persons.find(ALEX);
    expect(tokens.claims()).toEqual({
      iss: idme.issuer,
      sub: alex?.uuid,
      aud: CLIENT.client_id,
      iat: expect.any(Number),
      exp: expect.any(Number),
      nonce: 'n1',
      ...alex,
      transaction_ial: 2,
    });
    expect((tokens.claims()?.exp ?? 0) - (tokens.claims()?.iat ?? 0)).toBe(18_000);
  });

  test('sends an attribute without a value as null', async () => {
    idme.control.defaults.setApproval(idme.control.persons.find('carl.nilsen@example.net')?.uuid ?? '', null, 1);
    const { tokens } = await signIn(idme);
    expect(tokens.claims()).toMatchObject({ mname: null, phone: null, lname: 'Nilsen' });
  });

  test('answers the code with state and nothing else', async () => {
    const { status, parameters } = await authorize({});
    expect(status).toBe(303);
    expect(Object.keys(parameters).sort()).toEqual(['code', 'state']);
  });

  test('answers tokens in the form of the contract', async () => {
    const { location } = await authorize({});
    const code = new URL(location).searchParams.get('code') ?? '';
    const secret = { client_id: CLIENT.client_id, client_secret: CLIENT.client_secret };
    const form = new URLSearchParams({ ...codeRequest(code), ...secret }).toString();
    expect(await (await post(form, 'application/x-www-form-urlencoded')).json()).toEqual({
      access_token: expect.stringMatching(/^[0-9a-f]{32}$/),
      token_type: 'bearer',
      expires_in: 300,
      scope: `openid ${POLICY}`,
      refresh_token: expect.stringMatching(/^[0-9a-f]{32}$/),
      refresh_expires_in: 604_800,
      id_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    });
  });

  test('accepts a JSON body at the token endpoint', async () => {
    const code = (await authorize({})).parameters.code ?? '';
    const { client_id, client_secret } = CLIENT;
    const body = JSON.stringify({ ...codeRequest(code), client_id, client_secret });
    expect((await post(body, 'application/json')).status).toBe(200);
  });

  test('accepts the secret in the Authorization header', async () => {
    const code = (await authorize({})).parameters.code ?? '';
    const credentials = [CLIENT.client_id, CLIENT.client_secret].map(encodeURIComponent).join(':');
    const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
    const form = new URLSearchParams(codeRequest(code)).toString();
    expect((await post(form, 'application/x-www-form-urlencoded', { authorization })).status).toBe(200);
  });

  test('renews the tokens by the refresh token', async () => {
    const { config, tokens } = await signIn(idme);
    const renewed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
    expect(renewed.claims()).toMatchObject({ email: ALEX });
    expect(renewed.access_token).not.toBe(tokens.access_token);
  });

  test('needs the verifier of a challenge', async () => {
    const { address } = await prepare(idme);
    const { parameters } = await visit(address);
    const { client_id, client_secret } = CLIENT;
    const body = JSON.stringify({ ...codeRequest(parameters.code ?? ''), client_id, client_secret });
    expect(await (await post(body, 'application/json')).json()).toMatchObject({ error: 'invalid_grant' });
  });

  test('of another policy releases that policy', async () => {
    const other = {
      ...CLIENT,
      client_id: 'school',
      policies: ['teacher', 'http://idmanagement.gov/ns/assurance/loa/3'],
    };
    idme.control.clients.register(other);
    const claims = async (policy: string) => {
      const { parameters } = await authorize({ client_id: 'school', scope: `openid ${policy}` });
      const body = { ...codeRequest(parameters.code ?? ''), client_id: 'school', client_secret: other.client_secret };
      const { id_token } = (await (await post(JSON.stringify(body), 'application/json')).json()) as {
        id_token: string;
      };
      return JSON.parse(Buffer.from(id_token.split('.')[1] ?? '', 'base64url').toString());
    };
    expect(await claims('teacher')).toMatchObject({ group: 'teacher', subgroups: ['K-12 Teacher'], verified: true });
    expect(await claims('teacher')).not.toHaveProperty('social');
    expect(await claims('http://idmanagement.gov/ns/assurance/loa/3')).toMatchObject({ level_of_assurance: 3 });
  });
});

describe('userinfo', () => {
  test('is a JSON string that holds a JWT, which openid-client refuses', async () => {
    const { config, tokens } = await signIn(idme);
    const response = await fetch(`${idme.url}/api/public/v3/userinfo`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await response.json()).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    await expect(client.fetchUserInfo(config, tokens.access_token, tokens.claims()?.sub ?? '')).rejects.toThrow();
  });

  test('refuses a token that it did not issue', async () => {
    const headers = { authorization: `Bearer ${'0'.repeat(32)}` };
    expect((await fetch(`${idme.url}/api/public/v3/userinfo`, { headers })).status).toBe(401);
  });
});

describe('a request that does not fit', () => {
  const notResolved = 'scope cant be resolved to an existing policy for the client';

  test.each(['openid', 'openid email', `openid ${POLICY} email profile`, POLICY, 'openid teacher', ''])(
    'scope %j is invalid_scope',
    async (scope) => {
      const { parameters } = await authorize({ scope });
      expect(parameters).toEqual({ error: 'invalid_scope', error_description: notResolved, state: 's1' });
    },
  );

  test('an unregistered redirect URI stays on a page', async () => {
    const { status, location, text } = await authorize({ redirect_uri: `${REDIRECT_URI}/` });
    expect([status, location]).toEqual([400, '']);
    expect(text).toContain('Sandbox, not ID.me');
  });

  test('an unknown client with a known redirect URI is invalid_client', async () => {
    expect((await authorize({ client_id: 'nobody' })).parameters).toMatchObject({ error: 'invalid_client' });
  });

  test('an unknown client never redirects to an address that nobody registered', async () => {
    const { location, status } = await authorize({ client_id: 'nobody', redirect_uri: 'https://evil.test/' });
    expect([status, location]).toEqual([400, '']);
  });

  test('another response type is unsupported_response_type', async () => {
    expect((await authorize({ response_type: 'id_token' })).parameters.error).toBe('unsupported_response_type');
  });

  test('a wrong secret is 400 invalid_client', async () => {
    const code = (await authorize({})).parameters.code ?? '';
    const body = { ...codeRequest(code), client_id: CLIENT.client_id, client_secret: 'another' };
    const response = await post(JSON.stringify(body), 'application/json');
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: 'invalid_client' });
  });

  test('a method of authentication that the client is not bound to is refused, its own is not', async () => {
    const bound = { ...CLIENT, client_id: 'bound', token_endpoint_auth_method: 'client_secret_post' as const };
    idme.control.clients.register(bound);
    const redeem = async (asHeader: boolean) => {
      const code = (await authorize({ client_id: 'bound' })).parameters.code ?? '';
      const secret = { client_id: 'bound', client_secret: bound.client_secret };
      const basic = `Basic ${Buffer.from(`bound:${encodeURIComponent(bound.client_secret)}`).toString('base64')}`;
      const form = new URLSearchParams({ ...codeRequest(code), ...(asHeader ? {} : secret) }).toString();
      return (await post(form, 'application/x-www-form-urlencoded', asHeader ? { authorization: basic } : {})).status;
    };
    expect([await redeem(true), await redeem(false)]).toEqual([400, 200]);
  });

  test('a code is good once, and its second use revokes what the first gave', async () => {
    const code = (await authorize({})).parameters.code ?? '';
    const { client_id, client_secret } = CLIENT;
    const body = JSON.stringify({ ...codeRequest(code), client_id, client_secret });
    const first = (await (await post(body, 'application/json')).json()) as { access_token: string };
    const second = await post(body, 'application/json');
    expect([second.status, await second.json()]).toEqual([
      400,
      { error: 'invalid_grant', error_description: 'The provided authorization grant is expired or revoked' },
    ]);
    const headers = { authorization: `Bearer ${first.access_token}` };
    expect((await fetch(`${idme.url}/api/public/v3/userinfo`, { headers })).status).toBe(401);
  });
});

describe('logout', () => {
  const logout = (parameters: Record<string, string>) =>
    visit(`${idme.url}/oauth/logout?${new URLSearchParams(parameters)}`);

  test('leads to the registered redirect URI', async () => {
    const { location } = await logout({ client_id: CLIENT.client_id, redirect_uri: REDIRECT_URI, state: 'x' });
    expect(location).toBe(`${REDIRECT_URI}?state=x`);
  });

  test.each([
    ['invalid_request', { client_id: CLIENT.client_id }],
    ['invalid_client', { client_id: 'nobody', redirect_uri: REDIRECT_URI }],
    ['invalid_redirect_uri', { client_id: CLIENT.client_id, redirect_uri: 'https://evil.test/' }],
  ])('%s stays on a page', async (error, parameters) => {
    const { status, location, text } = await logout(parameters);
    expect([status, location]).toEqual([400, '']);
    expect(text).toContain(error);
  });
});
