import { createHash, generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  answerOf,
  basic,
  contentOf,
  type Harness,
  redemption,
  refreshment,
  request,
  SECRET,
  startAuthorizationServer,
} from '../../test/support/authorization-server.ts';
import { compile } from '../expressions/index.ts';
import { HOUR, MINUTE } from '../shared/clock.ts';
import type { Client } from './index.ts';

let hub: Harness;
let client: Client;
beforeAll(async () => {
  hub = await startAuthorizationServer();
  client = await hub.application();
});
afterAll(() => hub.close());
beforeEach(() => {
  hub.session = hub.newSession();
  hub.ended = 0;
});

const bearer = (token: string | undefined) => ({ authorization: `Bearer ${token}` });
const json = async (answer: Response) => (await answer.json()) as Record<string, unknown>;
const proven = (to = client) => basic(to.clientId, SECRET);

describe('discovery', () => {
  test.each([
    ['/.well-known/openid-configuration', '', '/oauth2/v1'],
    ['/.well-known/oauth-authorization-server', '', '/oauth2/v1'],
    ['/oauth2/default/.well-known/openid-configuration', '/oauth2/default', '/oauth2/default/v1'],
    ['/oauth2/default/.well-known/oauth-authorization-server', '/oauth2/default', '/oauth2/default/v1'],
    ['/.well-known/oauth-authorization-server/oauth2/default', '/oauth2/default', '/oauth2/default/v1'],
  ])('%s names endpoints that answer', async (path, issuer, endpoints) => {
    const answer = await hub.get(path, { client_id: client.clientId }, { origin: 'https://spa.example.com' });
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    const document = await json(answer);
    expect(document).toMatchObject({
      issuer: hub.baseUrl + issuer,
      token_endpoint: `${hub.baseUrl}${endpoints}/token`,
      response_types_supported: ['code', 'id_token', 'code id_token'],
      code_challenge_methods_supported: ['S256'],
    });
    for (const name of [
      'registration_endpoint',
      'device_authorization_endpoint',
      'pushed_authorization_request_endpoint',
    ]) {
      expect(document).not.toHaveProperty(name);
    }
    const urls = Object.entries(document).filter(([name]) => /_(endpoint|uri)$/.test(name));
    expect(urls).toHaveLength(7);
    for (const [, url] of urls) {
      const answers = await Promise.all(
        ['GET', 'POST'].map((method) => fetch(String(url), { method, redirect: 'manual' })),
      );
      expect(answers.some(({ status }) => status !== 404 && status !== 405)).toBe(true);
    }
  });
});

describe('keys', () => {
  test.each(['/oauth2/v1/keys', '/v1/keys', '/oauth2/default/v1/keys'])(
    '%s publishes public halves only, with an ETag',
    async (path) => {
      const answer = await hub.get(path, {});
      const { keys } = (await answer.json()) as { keys: Record<string, string>[] };
      expect(keys.map(({ alg, use }) => `${alg} ${use}`).sort()).toEqual(['ES256 sig', 'RS256 sig', 'RS256 sig']);
      for (const key of keys) {
        expect(key.kid).toMatch(/^[\w-]{43}$/);
        for (const secret of ['d', 'p', 'q', 'k']) expect(key).not.toHaveProperty(secret);
      }
      expect(answer.headers.get('cache-control')).toBe('public, max-age=3600');
      const again = await hub.get(path, {}, { 'if-none-match': answer.headers.get('etag') as string });
      expect([again.status, await again.text()]).toEqual([304, '']);
    },
  );
});

describe('calls from browsers', () => {
  test.each(['token', 'userinfo', 'keys', 'introspect', 'revoke', 'logout'])('%s answers a preflight', async (name) => {
    const ask = (origin: string) =>
      fetch(`${hub.baseUrl}/oauth2/v1/${name}`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
    const stranger = await ask('https://spa.example.com');
    expect([
      stranger.status,
      stranger.headers.get('access-control-allow-origin'),
      stranger.headers.get('access-control-allow-credentials'),
    ]).toEqual([204, '*', null]);
    expect(stranger.headers.get('access-control-allow-headers')).toContain('X-Okta-User-Agent-Extended');
    const registered = await ask('https://app.example.com');
    expect([
      registered.headers.get('access-control-allow-origin'),
      registered.headers.get('access-control-allow-credentials'),
    ]).toEqual(['https://app.example.com', 'true']);
    expect(registered.headers.get('vary')).toContain('Origin');
  });

  test('the origin null never gets credentials, and authorize is no such call', async () => {
    await hub.application({ applicationType: 'native', redirectUris: ['com.example.app:/cb'] });
    const answer = await hub.get('/oauth2/v1/userinfo', {}, { origin: 'null' });
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    const authorize = await hub.get('/oauth2/v1/authorize', request(client), { origin: 'https://app.example.com' });
    expect(authorize.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('userinfo', () => {
  test('says by GET and POST what the scopes open, of the same subject as the ID token', async () => {
    const tokens = await hub.tokens(client, { scope: 'openid profile email phone' });
    const expected = {
      sub: contentOf(tokens.id_token).sub,
      name: 'Ada Lovelace',
      given_name: 'Ada',
      family_name: 'Lovelace',
      locale: 'en_GB',
      updated_at: expect.any(Number),
      preferred_username: 'ada@example.com',
      email: 'ada@example.com',
      email_verified: true,
      phone_number: '+44 20 7946 0000',
    };
    expect(await json(await hub.get('/oauth2/v1/userinfo', {}, bearer(tokens.access_token)))).toEqual(expected);
    expect(await json(await hub.post('/oauth2/v1/userinfo', {}, bearer(tokens.access_token)))).toEqual(expected);
  });

  test('refuses with the texts of the standard', async () => {
    const invalid = 'Bearer error="invalid_token", error_description="The access token is invalid"';
    const tokens = await hub.tokens(client, { scope: 'openid offline_access' });
    for (const token of ['hub_at_nonsense', tokens.refresh_token, tokens.id_token, 'a.b.c', '']) {
      const answer = await hub.get('/oauth2/v1/userinfo', {}, bearer(token));
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, invalid]);
    }
    expect((await hub.get('/oauth2/v1/userinfo', {})).headers.get('www-authenticate')).toBe('Bearer');
    const without = await hub.tokens(client, { scope: 'email' });
    expect(without).not.toHaveProperty('id_token');
    const refused = await hub.get('/oauth2/v1/userinfo', {}, bearer(without.access_token));
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      403,
      expect.stringContaining('insufficient_scope'),
    ]);
    hub.clock.advance(HOUR);
    expect((await hub.get('/oauth2/v1/userinfo', {}, bearer(tokens.access_token))).status).toBe(401);
  });
});

describe("an application's own claims", () => {
  const claim = (name: string, source: string, location: 'ID_TOKEN' | 'USERINFO') => {
    const program = compile(source, 'claims');
    if (!program.ok) throw new Error(JSON.stringify(program.error));
    return { name, program: program.value, location };
  };

  test('stand where they belong, may read the profile at the application, and never replace one of the protocol', async () => {
    const own = await hub.application({
      claims: [
        claim('town', 'user.city', 'ID_TOKEN'),
        claim('how', 'session.amr', 'ID_TOKEN'),
        claim('desk', 'appuser.desk', 'ID_TOKEN'),
        claim('nothing', 'user.nickName', 'ID_TOKEN'),
        claim('sub', "'00uSomebodyElse00001'", 'ID_TOKEN'),
        claim('aud', "'other'", 'ID_TOKEN'),
        claim('initials', 'String.substring(user.firstName, 0, 1) + String.substring(user.lastName, 0, 1)', 'USERINFO'),
      ],
    });
    await hub.database.query({
      text: `insert into app_users (org_id, app_id, user_id, scope, profile, created, last_updated, status_changed) values ($1, $2, $3, 'USER', '{"desk":"E1"}', $4, $4, $4)`,
      values: [hub.orgId, own.id, hub.userId, hub.clock.now()],
    });
    const tokens = await hub.tokens(own);
    const expected = { town: 'London', how: ['pwd'], desk: 'E1', sub: hub.userId, aud: own.clientId };
    expect(contentOf(tokens.id_token)).toMatchObject(expected);
    expect(contentOf(tokens.id_token)).not.toHaveProperty('nothing');
    expect(contentOf(tokens.id_token)).not.toHaveProperty('initials');
    const implicit = answerOf(await hub.get('/oauth2/v1/authorize', request(own, { response_type: 'id_token' })));
    expect(contentOf(implicit.id_token)).toMatchObject(expected);
    expect(await json(await hub.get('/oauth2/v1/userinfo', {}, bearer(tokens.access_token)))).toMatchObject({
      initials: 'AL',
      sub: hub.userId,
    });
  });
});

describe('introspection', () => {
  const introspect = async (token: string | undefined, to = client) =>
    json(await hub.post('/oauth2/v1/introspect', { token: token ?? '' }, proven(to)));

  test('describes live tokens', async () => {
    const tokens = await hub.tokens(client, { scope: 'openid offline_access' });
    const common = {
      active: true,
      scope: 'openid offline_access',
      username: 'ada@example.com',
      sub: 'ada@example.com',
      uid: hub.userId,
      client_id: client.clientId,
      iss: hub.baseUrl,
      aud: hub.baseUrl,
    };
    expect(await introspect(tokens.access_token)).toEqual({
      ...common,
      token_type: 'Bearer',
      jti: expect.stringMatching(/^AT\./),
      iat: expect.any(Number),
      exp: expect.any(Number),
    });
    expect(await introspect(tokens.refresh_token)).toEqual({
      ...common,
      jti: expect.stringMatching(/^RT\./),
      iat: expect.any(Number),
      exp: expect.any(Number),
    });
  });

  test('says nothing of others', async () => {
    const tokens = await hub.tokens(client, { scope: 'openid offline_access' });
    const other = await hub.application();
    const open = await hub.application({ authMethod: 'none' });
    expect(await introspect('nonsense')).toEqual({ active: false });
    expect(await introspect(tokens.refresh_token, other)).toEqual({ active: false });
    expect(await introspect(tokens.access_token, other)).toMatchObject({ active: true });
    expect(
      await json(
        await hub.post('/oauth2/v1/introspect', { token: tokens.access_token as string, client_id: open.clientId }),
      ),
    ).toEqual({ active: false });
    expect((await hub.post('/oauth2/v1/introspect', { token: tokens.access_token as string })).status).toBe(401);
    await hub.post('/oauth2/v1/token', refreshment(client, tokens.refresh_token as string));
    expect(await introspect(tokens.refresh_token)).toEqual({ active: false });
  });
});

describe('revocation', () => {
  const revoke = (token: string | undefined, to = client) =>
    hub.post('/oauth2/v1/revoke', { token: token ?? '' }, proven(to));
  const works = async (token: string | undefined) =>
    (await hub.get('/oauth2/v1/userinfo', {}, bearer(token))).status === 200;

  test('ends an access token, or with the refresh token everything, and is recorded once', async () => {
    const own = await hub.application();
    const tokens = await hub.tokens(own, { scope: 'openid offline_access' });
    const first = await revoke(tokens.access_token, own);
    expect([first.status, await first.text()]).toEqual([200, '']);
    expect(await works(tokens.access_token)).toBe(false);
    const refreshed = await hub.post('/oauth2/v1/token', refreshment(own, tokens.refresh_token as string));
    const second = (await refreshed.json()) as Record<string, string>;
    await revoke(second.refresh_token, own);
    await revoke(second.refresh_token, own);
    expect(await works(second.access_token)).toBe(false);
    expect((await hub.post('/oauth2/v1/token', refreshment(own, second.refresh_token as string))).status).toBe(400);
    expect(
      (await hub.events('app.oauth2.token.revoke')).filter(({ targets }) => targets.includes(own.id)),
    ).toHaveLength(2);
  });

  test('leaves unknown and foreign tokens alone and does not say so', async () => {
    const tokens = await hub.tokens(client);
    const other = await hub.application();
    for (const token of ['nonsense', tokens.access_token, 'a.b.c'])
      expect((await revoke(token, other)).status).toBe(200);
    expect(await works(tokens.access_token)).toBe(true);
  });

  test('takes the id alone of a public client, without a colon', async () => {
    const open = await hub.application({ authMethod: 'none' });
    const header = { authorization: `Basic ${Buffer.from(open.clientId).toString('base64')}` };
    expect((await hub.post('/oauth2/v1/revoke', { token: 'x' }, header)).status).toBe(200);
    const closed = { authorization: `Basic ${Buffer.from(client.clientId).toString('base64')}` };
    expect((await hub.post('/oauth2/v1/revoke', { token: 'x' }, closed)).status).toBe(401);
  });

  test('ends a JWT of the alias, found by its signature', async () => {
    const begun = await hub.get('/oauth2/default/v1/authorize', request(client));
    const answer = await hub.post('/oauth2/default/v1/token', redemption(client, answerOf(begun).code as string));
    const { access_token: token } = (await answer.json()) as Record<string, string>;
    const [header, content] = (token as string).split('.');
    const forged = `${header}.${content}.${Buffer.alloc(256).toString('base64url')}`;
    const at = (path: string, value: string) => hub.post(`/oauth2/default/v1/${path}`, { token: value }, proven());
    await at('revoke', forged);
    expect(await json(await at('introspect', token as string))).toMatchObject({
      active: true,
      aud: 'api://default',
      iss: `${hub.baseUrl}/oauth2/default`,
    });
    await at('revoke', token as string);
    expect(await json(await at('introspect', token as string))).toEqual({ active: false });
  });
});

describe('private_key_jwt', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwks = { keys: [{ ...(publicKey.export({ format: 'jwk' }) as Record<string, string>), kid: 'k1' }] };
  const assert = (id: string, change: Record<string, unknown> = {}) => {
    const now = Math.floor(hub.clock.now().getTime() / 1000);
    const claims = {
      iss: id,
      sub: id,
      aud: `${hub.baseUrl}/oauth2/v1/token`,
      exp: now + 60,
      iat: now,
      jti: createHash('sha256').update(String(Math.random())).digest('hex'),
      ...change,
    };
    return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'k1' }).sign(privateKey);
  };
  const form = (to: Client, code: string, assertion: string) =>
    redemption(to, code, {
      client_assertion: assertion,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    });
  const start = () => hub.application({ authMethod: 'private_key_jwt', jwks });

  test('works once for each assertion (P8), also with the issuer as audience and without client_id', async () => {
    const own = await start();
    const assertion = await assert(own.clientId);
    expect((await hub.post('/oauth2/v1/token', form(own, await hub.code(own), assertion))).status).toBe(200);
    const again = await hub.post('/oauth2/v1/token', form(own, await hub.code(own), assertion));
    expect([again.status, await again.json()]).toEqual([
      401,
      { error: 'invalid_client', error_description: "The client_assertion is invalid: its 'jti' was used before." },
    ]);
    const { client_id: _left, ...rest } = form(
      own,
      await hub.code(own),
      await assert(own.clientId, { aud: hub.baseUrl }),
    );
    expect((await hub.post('/oauth2/v1/token', rest)).status).toBe(200);
  });

  test.each([
    ['another audience', { aud: 'https://evil.com' }],
    ['two audiences', { aud: ['https://evil.com', 'x'] }],
    ['an expired one', { exp: 1 }],
    ['one without end', { exp: undefined }],
    ['one for a year', { exp: 4_000_000_000 }],
    ['one from the future', { nbf: 4_000_000_000 }],
    ['one without id', { jti: undefined }],
    ['another issuer', { iss: 'somebody' }],
  ])('refuses %s', async (_name, change) => {
    const own = await start();
    const answer = await hub.post('/oauth2/v1/token', form(own, 'x', await assert(own.clientId, change)));
    expect([answer.status, (await json(answer)).error]).toEqual([401, 'invalid_client']);
  });

  test('refuses a stranger’s signature, none at all, and a client of another method', async () => {
    const own = await start();
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const signed = await new SignJWT(contentOf(await assert(own.clientId)))
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .sign(stranger);
    const [, content] = signed.split('.');
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${content}.`;
    for (const assertion of [signed, unsigned])
      expect((await hub.post('/oauth2/v1/token', form(own, 'x', assertion))).status).toBe(401);
    const secretly = { ...form(client, 'x', await assert(client.clientId)), client_secret: '' };
    expect((await hub.post('/oauth2/v1/token', secretly)).status).toBe(401);
    expect((await hub.post('/oauth2/v1/token', redemption(own, 'x', { client_secret: SECRET }))).status).toBe(401);
  });
});

describe('signing out (P10)', () => {
  const LOGOUT = '/oauth2/v1/logout';
  const bye = { post_logout_redirect_uri: 'https://app.example.com/bye', state: 'a b' };
  const hint = async (to = client) =>
    answerOf(await hub.get('/oauth2/v1/authorize', request(to, { response_type: 'id_token' }))).id_token as string;

  test('with a hint of the same user ends the session and returns with state, however old the hint is', async () => {
    const idToken = await hint();
    hub.clock.advance(2 * HOUR);
    const answer = await hub.get(LOGOUT, { id_token_hint: idToken, ...bye });
    expect([answer.status, answer.headers.get('location')]).toEqual([302, 'https://app.example.com/bye?state=a+b']);
    expect(hub.ended).toBe(1);
  });

  test('without a return address ends at the hub', async () => {
    const answer = await hub.post(LOGOUT, { id_token_hint: await hint() });
    expect([answer.status, answer.headers.get('location'), hub.ended]).toEqual([303, '/login/signed-out', 1]);
  });

  test.each([
    ['no hint', async () => ({})],
    ['a modified hint', async () => ({ id_token_hint: (await hint()).replace(/.{4}$/, 'AAAA') })],
    [
      'an unsigned hint',
      async () => ({
        id_token_hint: `${Buffer.from('{"alg":"none"}').toString('base64url')}.${(await hint()).split('.')[1]}.`,
      }),
    ],
    [
      "another user's hint",
      async () => {
        hub.session = hub.newSession({ userId: '00uSomebodyElse00001' });
        const other = await hint();
        hub.session = hub.newSession();
        return { id_token_hint: other };
      },
    ],
  ])('with %s asks the person, and the form of another site does not answer', async (_name, parameters) => {
    const sent = { ...(await parameters()), client_id: client.clientId, ...bye };
    const page = await hub.get(LOGOUT, sent);
    expect([page.status, hub.ended]).toEqual([200, 0]);
    expect(await page.text()).toContain('"confirmed":"true"');
    const confirmed = { ...sent, confirmed: 'true' };
    await hub.get(LOGOUT, confirmed);
    await hub.post(LOGOUT, confirmed);
    await hub.post(LOGOUT, confirmed, { origin: 'https://evil.com' });
    await hub.post(LOGOUT, confirmed, { origin: hub.baseUrl, 'sec-fetch-site': 'cross-site' });
    expect(hub.ended).toBe(0);
    const answer = await hub.post(LOGOUT, confirmed, { origin: hub.baseUrl });
    expect([answer.status, answer.headers.get('location'), hub.ended]).toEqual([
      303,
      'https://app.example.com/bye?state=a+b',
      1,
    ]);
  });

  test.each([
    ['one that is not registered', { ...bye, post_logout_redirect_uri: 'https://evil.com/' }],
    ['a longer one', { ...bye, post_logout_redirect_uri: 'https://app.example.com/bye/' }],
    ['a redirect URI', { ...bye, post_logout_redirect_uri: 'https://app.example.com/callback' }],
  ])('does not return to %s', async (_name, parameters) => {
    const answer = await hub.get(
      LOGOUT,
      { id_token_hint: await hint(), ...parameters },
      { accept: 'application/json' },
    );
    expect([answer.status, await answer.json()]).toEqual([
      400,
      {
        error: 'invalid_request',
        error_description:
          "The 'post_logout_redirect_uri' parameter must be a Logout redirect URI in the client app settings.",
      },
    ]);
    expect(hub.ended).toBe(0);
  });

  test("does not return to another client's address, nor for a client that nobody named", async () => {
    const other = await hub.application({ postLogoutRedirectUris: ['https://other.example.com/bye'] });
    const answers = [
      await hub.get(LOGOUT, { id_token_hint: await hint(other), ...bye }),
      await hub.get(LOGOUT, { id_token_hint: await hint(other), client_id: client.clientId, ...bye }),
      await hub.get(LOGOUT, bye),
    ];
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400]);
    expect(hub.ended).toBe(0);
  });
});

describe('rotation of signing keys', () => {
  const kids = async () =>
    ((await (await hub.get('/oauth2/v1/keys', {})).json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
  const signer = async (to: Client) => {
    const { id_token: token } = await hub.tokens(to);
    return (
      JSON.parse(Buffer.from((token as string).split('.')[0] as string, 'base64url').toString()) as { kid: string }
    ).kid;
  };
  const rotate = () => hub.post('/api/gatehouse/v1/signing-keys/rotate', {});

  test('the next key is published before it signs, the old one stays after', async () => {
    hub.session = hub.newSession();
    const before = await kids();
    const old = await signer(client);
    const answer = await rotate();
    const wire = (await answer.json()) as { kid: string; alg: string; status: string }[];
    const next = wire.find(({ alg, status }) => alg === 'RS256' && status === 'NEXT')?.kid as string;
    expect(await kids()).toEqual(expect.arrayContaining([...before, next]));
    expect(await signer(client)).toBe(old);
    hub.clock.advance(HOUR);
    expect(await signer(client)).toBe(next);
    expect(await kids()).toContain(old);
    hub.clock.advance(26 * HOUR);
    await hub.authorization.rotateSigningKeys();
    expect(await kids()).not.toContain(old);
    expect(await hub.events('gatehouse.signing_key.rotate')).toHaveLength(2);
  });

  test('by age: published two weeks before it is 90 days old, once', async () => {
    hub.session = hub.newSession();
    const old = await signer(client);
    const count = (await kids()).length;
    hub.clock.advance(70 * 24 * HOUR);
    await hub.authorization.rotateSigningKeys();
    expect(await kids()).toHaveLength(count);
    hub.clock.advance(6 * 24 * HOUR + MINUTE);
    await Promise.all([hub.authorization.rotateSigningKeys(), hub.authorization.rotateSigningKeys()]);
    expect(await kids()).toHaveLength(count + 2);
    expect(await signer(client)).toBe(old);
    hub.clock.advance(14 * 24 * HOUR);
    expect(await signer(client)).not.toBe(old);
  });

  test('the key for identity providers is there and stays', async () => {
    const { kid, key } = await hub.authorization.clientKey(hub.orgId);
    expect(await kids()).toContain(kid);
    expect([key.type, key.extractable]).toEqual(['private', false]);
  });
});
