/** What must not open the management API, each beside the benign twin that does: assertions, scopes, roles, lifetimes, and mixed credentials. */
import { createHmac, createPublicKey, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ApiClient,
  accessToken,
  askToken,
  assertion,
  bearer,
  createApiClient,
  newKey,
} from './support/api-client.ts';
import { ADMIN, startHub, type TestHub } from './support/app.ts';
import { createBrowser } from './support/browser.ts';
import { createClient, REDIRECT_URI } from './support/federation.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;

const READ = 'okta.users.read';
const MANAGE = 'okta.users.manage';

let hub: TestHub;
let service: ApiClient;
let other: ApiClient;

beforeAll(async () => {
  hub = await startHub();
  service = await createApiClient(hub, { scopes: [READ, MANAGE, 'okta.apps.read'], roles: ['ORG_ADMIN'] });
  other = await createApiClient(hub, { scopes: [READ], roles: ['ORG_ADMIN'] });
});
afterAll(() => hub.close());

const as = (token: string, method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  hub.call(method, path, body, { ...bearer(token), ...headers });
const refusal = ({ status, body }: { status: number; body: unknown }) => [status, (body as Any).errorCode];
const tokens = async () =>
  Number(
    (await hub.database.query<{ n: string }>({ text: 'select count(*) as n from client_tokens', values: [] })).rows[0]!
      .n,
  );

describe('a client assertion', () => {
  const seconds = () => Math.floor(hub.clock.now().getTime() / 1000);
  const publicPem = () => createPublicKey(service.privateKey).export({ type: 'spki', format: 'pem' }).toString();
  /** Signed as HMAC with what everybody knows. */
  const confused = (key: string | Buffer) => {
    const unsigned = assertion(hub, service, { header: { alg: 'HS256' }, signature: '' }).slice(0, -1);
    return `${unsigned}.${createHmac('sha256', key).update(unsigned).digest('base64url')}`;
  };
  const publicJwk = () => JSON.stringify(createPublicKey(service.privateKey).export({ format: 'jwk' }));

  const FORGED: Record<string, () => string> = {
    'without a signature (alg none)': () => assertion(hub, service, { header: { alg: 'none' }, signature: '' }),
    'with alg nOnE': () => assertion(hub, service, { header: { alg: 'nOnE' }, signature: '' }),
    'with its signature taken off': () => assertion(hub, service, { signature: '' }),
    'signed as HMAC with the public key as PEM': () => confused(publicPem()),
    'signed as HMAC with the public key as JWK': () => confused(publicJwk()),
    'signed as HMAC with an empty key': () => confused(''),
    "signed by another application's key": () => assertion(hub, service, { key: other.privateKey }),
    "signed by another application's key, whose kid it names": () =>
      assertion(hub, service, { key: other.privateKey, header: { kid: other.kid } }),
    'with a key of its own in the header': () => {
      const { jwk, privateKey } = newKey();
      return assertion(hub, service, { key: privateKey, header: { jwk, kid: jwk.kid } });
    },
    'for another issuer': () =>
      assertion(hub, service, { claims: { aud: 'https://other.example.com/oauth2/v1/token' } }),
    'for another endpoint': () => assertion(hub, service, { claims: { aud: `${hub.url}/oauth2/v1/authorize` } }),
    'for two audiences': () =>
      assertion(hub, service, { claims: { aud: [`${hub.url}/oauth2/v1/token`, 'https://evil.example.com'] } }),
    'for nobody': () => assertion(hub, service, { claims: { aud: undefined } }),
    'that has expired': () => assertion(hub, service, { claims: { exp: seconds() - 61 } }),
    'without an end': () => assertion(hub, service, { claims: { exp: undefined } }),
    'for more than an hour': () => assertion(hub, service, { claims: { exp: seconds() + 3_700 } }),
    'from the future': () => assertion(hub, service, { claims: { iat: seconds() + 120 } }),
    'without an id': () => assertion(hub, service, { claims: { jti: undefined } }),
    'in the name of another application': () => assertion(hub, service, { claims: { sub: other.clientId } }),
    'issued by another application': () => assertion(hub, service, { claims: { iss: other.clientId } }),
    'of a client that does not exist': () =>
      assertion(hub, service, { claims: { iss: '0oaNobody0000000000', sub: '0oaNobody0000000000' } }),
  };

  it.each(Object.keys(FORGED))('%s gets no token', async (name) => {
    const before = await tokens();
    const { status, body } = await askToken(hub, READ, FORGED[name]!());
    expect([status, body.error]).toEqual([401, 'invalid_client']);
    expect(body.access_token).toBeUndefined();
    expect(await tokens()).toBe(before);
  });

  it('that is right gets one, by each of the two audiences', async () => {
    for (const aud of [`${hub.url}/oauth2/v1/token`, hub.url]) {
      const { status, body } = await askToken(hub, READ, assertion(hub, service, { claims: { aud } }));
      expect([status, body.token_type, body.expires_in, body.scope]).toEqual([200, 'Bearer', 3600, READ]);
      expect(body.access_token).toMatch(/^hub_at_[\w-]{43}$/);
      expect((await as(body.access_token, 'GET', '/api/v1/users')).status).toBe(200);
    }
  });

  it('is used once: of 20 at the same time one gets a token, and none later', async () => {
    const once = assertion(hub, service);
    const answers = await Promise.all(Array.from({ length: 20 }, () => askToken(hub, READ, once)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await askToken(hub, READ, once)).status).toBe(401);
    expect((await askToken(hub, READ, assertion(hub, service))).status).toBe(200);
  });

  it('may carry the same id as the one of another application', async () => {
    const jti = randomUUID();
    for (const client of [service, other])
      expect((await askToken(hub, READ, assertion(hub, client, { claims: { jti } }))).status).toBe(200);
  });
});

describe('client_credentials', () => {
  it.each([
    ['a scope that was not granted', 'okta.groups.read'],
    ['a granted scope beside one that was not', `${READ} okta.groups.read`],
    ['more of a resource than was granted', 'okta.apps.manage'],
    ['a scope of sign-in', 'openid'],
    ['a scope in another spelling', 'Okta.Users.Read'],
    ['no scope', null],
  ])('give nothing for %s', async (_name, scope) => {
    const before = await tokens();
    const { status, body } = await askToken(hub, scope, assertion(hub, service));
    expect([status, body.error]).toEqual([400, 'invalid_scope']);
    expect(await tokens()).toBe(before);
  });

  it('need the key: a client secret is not enough', async () => {
    const app: Any = await hub.api('POST', '/api/v1/apps', {
      name: 'oidc_client',
      label: 'Service with a secret',
      signOnMode: 'OPENID_CONNECT',
      settings: { oauthClient: { application_type: 'service' } },
    });
    expect(app.settings.oauthClient).toMatchObject({ grant_types: ['client_credentials'], response_types: ['token'] });
    await hub.api('POST', `/api/v1/apps/${app.id}/grants`, { issuer: hub.url, scopeId: READ });
    const { client_id, client_secret } = app.credentials.oauthClient;
    const { status, body } = await askToken(hub, READ, null, { client_id, client_secret });
    expect([status, body.error]).toEqual([401, 'invalid_client']);
    expect(body.error_description).toContain('private_key_jwt');
  });

  it('are not for an application that signs people in', async () => {
    const client = await createClient(hub);
    const { status, body } = await askToken(hub, READ, null, {
      client_id: client.clientId,
      client_secret: client.clientSecret,
    });
    expect([status, body.error]).toEqual([400, 'unauthorized_client']);
  });

  it('open nothing at the issuer for custom APIs', async () => {
    const aud = `${hub.url}/oauth2/default/v1/token`;
    const { status, body } = await askToken(
      hub,
      READ,
      assertion(hub, service, { claims: { aud } }),
      {},
      '/oauth2/default/v1/token',
    );
    expect([status, body.error]).toEqual([400, 'invalid_scope']);
  });

  it('are written into the System Log, given and refused', async () => {
    const before = (await hub.events('app.oauth2.token.grant.access_token')).length;
    const token = await accessToken(hub, service, [READ]);
    await askToken(hub, 'okta.logs.read', assertion(hub, service));
    const given = (await hub.events('app.oauth2.token.grant.access_token')).slice(before);
    expect(given.map(({ actor, outcome }) => [actor, outcome.result])).toEqual([
      [expect.objectContaining({ id: service.clientId, type: 'PublicClientApp' }), 'SUCCESS'],
    ]);
    expect(JSON.stringify(given)).not.toContain(token);
    const refused = (await hub.events('app.oauth2.token.grant')).at(-1)!;
    expect([refused.outcome.result, refused.debugContext.debugData.code]).toEqual(['FAILURE', 'invalid_scope']);
  });
});

describe('an access token', () => {
  const newUser = () => {
    const login = `${randomUUID()}@example.com`;
    return { profile: { login, email: login, firstName: 'Ada', lastName: 'Lovelace' } };
  };

  it('reaches what its scopes name, not what the application was granted', async () => {
    const token = await accessToken(hub, service, [READ]);
    expect((await as(token, 'GET', '/api/v1/users')).status).toBe(200);
    const refused = await as(token, 'POST', '/api/v1/users', newUser());
    expect(refusal(refused)).toEqual([403, 'E0000006']);
    expect(refused.headers.get('www-authenticate')).toBe(`Bearer error="insufficient_scope", scope="${MANAGE}"`);
    expect(refusal(await as(token, 'GET', '/api/v1/apps'))).toEqual([403, 'E0000006']);
    const wide = await accessToken(hub, service, [MANAGE]);
    expect((await as(wide, 'POST', '/api/v1/users', newUser())).status).toBe(200);
    expect((await as(wide, 'GET', '/api/v1/users')).status).toBe(200);
  });

  it('reaches what the roles of its application allow, not what its scopes name', async () => {
    const reader = await createApiClient(hub, { scopes: [MANAGE, 'okta.logs.read'], roles: ['READ_ONLY_ADMIN'] });
    const token = await accessToken(hub, reader, [MANAGE, 'okta.logs.read']);
    expect((await as(token, 'GET', '/api/v1/logs')).status).toBe(200);
    expect(refusal(await as(token, 'POST', '/api/v1/users', newUser()))).toEqual([403, 'E0000006']);
    const nobody = await createApiClient(hub, { scopes: [READ] });
    expect(refusal(await as(await accessToken(hub, nobody, [READ]), 'GET', '/api/v1/users'))).toEqual([
      403,
      'E0000006',
    ]);
  });

  it('changes no administrator, unless its application is a super administrator', async () => {
    const me: Any = await hub.api('GET', '/api/v1/users/me');
    const change = { profile: { nickName: 'Admin' } };
    const token = await accessToken(hub, service, [MANAGE]);
    expect(refusal(await as(token, 'POST', `/api/v1/users/${me.id}`, change))).toEqual([403, 'E0000006']);
    const root = await createApiClient(hub, { scopes: [MANAGE], roles: ['SUPER_ADMIN'] });
    const mighty = await accessToken(hub, root, [MANAGE]);
    expect((await as(mighty, 'POST', `/api/v1/users/${me.id}`, change)).status).toBe(200);
    expect(refusal(await as(mighty, 'POST', `/api/v1/users/${me.id}/roles`, { type: 'ORG_ADMIN' }))).toEqual([
      403,
      'E0000006',
    ]);
  });

  it('makes no API token, which would have no scopes', async () => {
    const scopes = ['okta.apiTokens.manage'];
    const root = await createApiClient(hub, { scopes, roles: ['SUPER_ADMIN'] });
    const token = await accessToken(hub, root, scopes);
    expect((await as(token, 'GET', '/api/v1/api-tokens')).status).toBe(200);
    expect(refusal(await as(token, 'POST', '/api/v1/api-tokens', { name: 'Escape' }))).toEqual([403, 'E0000006']);
    expect(refusal(await as(token, 'DELETE', '/api/v1/api-tokens/current'))).toEqual([404, 'E0000007']);
  });

  it('is no person: the calling user does not exist', async () => {
    const token = await accessToken(hub, service, [READ]);
    expect(refusal(await as(token, 'GET', '/api/v1/users/me'))).toEqual([404, 'E0000007']);
  });

  it.each([
    [
      'its role',
      (client: ApiClient) => hub.call('DELETE', `/oauth2/v1/clients/${client.clientId}/roles/ORG_ADMIN`),
      403,
    ],
    [
      'its scope',
      async (client: ApiClient) => {
        const [grant]: Any = await hub.api('GET', `/api/v1/apps/${client.id}/grants`);
        return hub.call('DELETE', `/api/v1/apps/${client.id}/grants/${grant.id}`);
      },
      403,
    ],
    ['its status', (client: ApiClient) => hub.call('POST', `/api/v1/apps/${client.id}/lifecycle/deactivate`), 401],
    [
      'its application',
      async (client: ApiClient) => {
        await hub.call('POST', `/api/v1/apps/${client.id}/lifecycle/deactivate`);
        return hub.call('DELETE', `/api/v1/apps/${client.id}`);
      },
      401,
    ],
  ])('stops with the next call when its application loses %s', async (_name, take, status) => {
    const client = await createApiClient(hub, { scopes: [READ], roles: ['ORG_ADMIN'] });
    const token = await accessToken(hub, client, [READ]);
    expect((await as(token, 'GET', '/api/v1/users')).status).toBe(200);
    expect((await take(client)).status).toBeLessThan(300);
    expect((await as(token, 'GET', '/api/v1/users')).status).toBe(status);
    const again = await askToken(hub, READ, assertion(hub, client));
    expect(again.status).toBe(_name === 'its role' ? 200 : _name === 'its scope' ? 400 : 401);
  });

  it('ends when it is revoked by its own application, not by another one', async () => {
    const token = await accessToken(hub, service, [READ]);
    const revoke = async (client: ApiClient) => (await askRevocation(client, token)).status;
    expect(await revoke(other)).toBe(200);
    expect((await as(token, 'GET', '/api/v1/users')).status).toBe(200);
    expect(await revoke(service)).toBe(200);
    expect(refusal(await as(token, 'GET', '/api/v1/users'))).toEqual([401, 'E0000011']);
  });
  const askRevocation = (client: ApiClient, token: string) =>
    fetch(`${hub.url}/oauth2/v1/revoke`, {
      method: 'POST',
      body: new URLSearchParams({
        token,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion(hub, client, { claims: { aud: hub.url } }),
      }),
    });

  it('is described to its application', async () => {
    const token = await accessToken(hub, service, [READ]);
    const answer = await fetch(`${hub.url}/oauth2/v1/introspect`, {
      method: 'POST',
      body: new URLSearchParams({
        token,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion(hub, service, { claims: { aud: hub.url } }),
      }),
    });
    expect(await answer.json()).toMatchObject({
      active: true,
      scope: READ,
      client_id: service.clientId,
      sub: service.clientId,
      iss: hub.url,
    });
  });

  it('ends after an hour', async () => {
    const token = await accessToken(hub, service, [READ]);
    hub.clock.advance(3_599_000);
    expect((await as(token, 'GET', '/api/v1/users')).status).toBe(200);
    hub.clock.advance(1_000);
    expect(refusal(await as(token, 'GET', '/api/v1/users'))).toEqual([401, 'E0000011']);
  });

  it('is known by the word Bearer alone, and one that is none gets no help from a cookie', async () => {
    const browser = createBrowser();
    const page = await browser.get(`${hub.url}/login/default`);
    const form = { login: ADMIN.email, password: ADMIN.password };
    await browser.post(`${new URL(page.location!, hub.url).href}/password`, form);
    const cookie = [...browser.cookies(new URL(hub.url).host)].map((pair) => pair.join('=')).join('; ');
    const console = { cookie, 'sec-fetch-site': 'same-origin', 'x-gatehouse-console': '1' };
    const plain = await fetch(`${hub.url}/api/v1/apps`, { headers: console });
    expect(plain.status).toBe(200);

    const token = await accessToken(hub, service, [READ]);
    expect(refusal(await as(token, 'POST', '/api/v1/users', newUser(), console))).toEqual([403, 'E0000006']);
    for (const authorization of [
      `SSWS ${token}`,
      `Bearer ${token}x`,
      'Bearer hub_at_',
      `Basic ${token}`,
      `Bearer ${token} x`,
    ]) {
      const answer = await fetch(`${hub.url}/api/v1/users`, { headers: { ...console, authorization } });
      expect([authorization, answer.status]).toEqual([authorization, 401]);
    }
    expect((await as(token, 'GET', '/api/v1/users', undefined, console)).status).toBe(200);
  });
});

describe('an access token of a person', () => {
  /** A super administrator signs in at an application that may ask for `scopes`, and it gets this token. */
  async function delegated(scope: string, granted: string[]): Promise<{ token: string; location: URL; appId: string }> {
    const client = await createClient(hub);
    for (const scopeId of granted) await hub.api('POST', `/api/v1/apps/${client.clientId}/grants`, { scopeId });
    const browser = createBrowser();
    const wish = new URLSearchParams({
      client_id: client.clientId,
      redirect_uri: REDIRECT_URI,
      response_type: 'code',
      scope,
      state: 's',
    });
    let answer = await browser.get(`${hub.url}/oauth2/v1/authorize?${wish}`);
    if (answer.location?.includes('/signin/'))
      answer = await browser.post(`${new URL(answer.location, hub.url).href}/password`, {
        login: ADMIN.email,
        password: ADMIN.password,
      });
    const location = new URL(answer.location!);
    const code = location.searchParams.get('code');
    if (code === null) return { token: '', location, appId: client.clientId };
    const { body } = await askToken(hub, null, null, {
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT_URI,
      client_id: client.clientId,
      client_secret: client.clientSecret,
    });
    return { token: body.access_token, location, appId: client.clientId };
  }

  it('acts as the person, as far as its scopes reach, while the application has them', async () => {
    const { token, appId } = await delegated(`openid ${READ}`, [READ]);
    const me = await as(token, 'GET', '/api/v1/users/me');
    expect((me.body as Any).profile.login).toBe(ADMIN.email);
    expect(refusal(await as(token, 'GET', '/api/v1/groups'))).toEqual([403, 'E0000006']);
    expect(refusal(await as(token, 'POST', '/api/v1/users', {}))).toEqual([403, 'E0000006']);
    const [grant]: Any = await hub.api('GET', `/api/v1/apps/${appId}/grants`);
    await hub.call('DELETE', `/api/v1/apps/${appId}/grants/${grant.id}`);
    expect(refusal(await as(token, 'GET', '/api/v1/users/me'))).toEqual([403, 'E0000006']);
  });

  it('is not given for scopes that the application was not granted', async () => {
    const { location } = await delegated(`openid ${MANAGE}`, [READ]);
    expect(location.searchParams.get('error')).toBe('invalid_scope');
  });

  it('opens nothing without scopes of the API, whoever the person is', async () => {
    const { token } = await delegated('openid profile', []);
    expect(token).toMatch(/^hub_at_/);
    for (const path of ['/api/v1/users/me', '/api/v1/org', '/api/v1/users'])
      expect(refusal(await as(token, 'GET', path))).toEqual([403, 'E0000006']);
  });
});

describe('an application that may call the API', () => {
  it('is changed by super administrators alone: its keys, its secrets and its status are its power', async () => {
    const admin: Any = await hub.api('POST', '/api/v1/users', newAdmin());
    await hub.api('POST', `/api/v1/users/${admin.id}/roles`, { type: 'APP_ADMIN' });
    const made: Any = await hub.api('POST', '/api/v1/api-tokens', { name: 'App admin' });
    await hub.database.query({ text: 'update api_tokens set user_id = $1 where id = $2', values: [admin.id, made.id] });
    const by = { authorization: `SSWS ${made.value}` };

    const powerful = await createApiClient(hub, { scopes: [READ], roles: ['SUPER_ADMIN'] });
    const plain = await createApiClient(hub, {});
    const { jwk } = newKey();
    for (const [client, status] of [
      [powerful, 403],
      [plain, 200],
    ] as const) {
      const app: Any = await hub.api('GET', `/api/v1/apps/${client.id}`);
      app.settings.oauthClient.jwks = { keys: [jwk] };
      expect((await hub.call('PUT', `/api/v1/apps/${client.id}`, app, by)).status).toBe(status);
      expect((await hub.call('GET', `/api/v1/apps/${client.id}/credentials/secrets`, undefined, by)).status).toBe(
        status,
      );
      expect((await hub.call('POST', `/api/v1/apps/${client.id}/lifecycle/deactivate`, undefined, by)).status).toBe(
        status,
      );
      expect((await hub.call('GET', `/api/v1/apps/${client.id}`, undefined, by)).status).toBe(200);
      const grant = await hub.call('POST', `/api/v1/apps/${client.id}/grants`, { scopeId: READ }, by);
      expect(refusal(grant)).toEqual([403, 'E0000006']);
      const role = await hub.call('POST', `/oauth2/v1/clients/${client.id}/roles`, { type: 'SUPER_ADMIN' }, by);
      expect(refusal(role)).toEqual([403, 'E0000006']);
    }
  });
  const newAdmin = () => {
    const login = `${randomUUID()}@example.com`;
    return {
      profile: { login, email: login, firstName: 'App', lastName: 'Admin' },
      credentials: { password: { value: 'a long enough password' } },
    };
  };
});
