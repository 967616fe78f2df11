/** Passwords checked over the API, session tokens, and sessions as the browser and as administrators see them (contract §10.3). */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN, startHub, type TestHub } from './support/app.ts';
import { createBrowser } from './support/browser.ts';
import { createClient, REDIRECT_URI } from './support/federation.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;

const PASSWORD = 'a long enough password';
const COOKIE = '__Host-gatehouse_sid';

let hub: TestHub;

beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

async function person(more: object = {}): Promise<{ id: string; login: string }> {
  const login = `${randomUUID()}@example.com`;
  const user: Any = await hub.api('POST', '/api/v1/users', {
    profile: { login, email: login, firstName: 'Ada', lastName: 'Lovelace', locale: 'en_GB' },
    credentials: { password: { value: PASSWORD } },
    ...more,
  });
  return { id: user.id, login };
}
/** As a page or a server calls: without credentials of the management API. */
async function plain(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(hub.url + path, {
    method,
    redirect: 'manual',
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (text.startsWith('{') ? JSON.parse(text) : text) as Any,
  };
}
const authn = (username: string, password: string) => plain('POST', '/api/v1/authn', { username, password });
const tokenOf = async (login: string) => (await authn(login, PASSWORD)).body.sessionToken as string;
const cookieOf = (headers: Headers) =>
  headers
    .getSetCookie()
    .find((line) => line.startsWith(COOKIE))
    ?.split(';', 1)[0] ?? '';
/** A browser's cookie, by way of a session token. */
async function cookieFor(login: string): Promise<string> {
  const answer = await plain('GET', `/login/sessionCookieRedirect?token=${await tokenOf(login)}&redirectUrl=/`);
  return cookieOf(answer.headers);
}
const me = (cookie: string, method = 'GET', path = '', headers: Record<string, string> = {}) =>
  plain(method, `/api/v1/sessions/me${path}`, undefined, { cookie, ...headers });

describe('the time of the last sign-in', () => {
  const lastLogin = async (id: string) => (await hub.api<Any>('GET', `/api/v1/users/${id}`)).lastLogin;

  it('is that of a session from a session token, either way', async () => {
    for (const start of [
      async (sessionToken: string) => (await hub.call('POST', '/api/v1/sessions', { sessionToken })).status,
      async (token: string) => (await plain('GET', `/login/sessionCookieRedirect?token=${token}&redirectUrl=/`)).status,
    ]) {
      const { id, login } = await person();
      const token = await tokenOf(login);
      expect(await lastLogin(id)).toBeNull();
      hub.clock.advance(60_000);
      expect([200, 303]).toContain(await start(token));
      const at = hub.clock.now().toISOString();
      hub.clock.advance(60_000);
      await start(token);
      expect(await lastLogin(id)).toBe(at);
    }
  });
  it('stays where nobody comes in', async () => {
    const { id, login } = await person();
    const token = await tokenOf(login);
    await hub.api('POST', `/api/v1/users/${id}/lifecycle/suspend`);
    expect((await hub.call('POST', '/api/v1/sessions', { sessionToken: token })).status).toBe(401);
    expect(await lastLogin(id)).toBeNull();
  });
});

describe('POST /api/v1/authn', () => {
  it('gives a session token for the right password, in the shape of the clients', async () => {
    const { id, login } = await person();
    const { status, body } = await authn(login.toUpperCase(), PASSWORD);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'SUCCESS',
      sessionToken: expect.stringMatching(/^[\w-]{43}$/),
      expiresAt: new Date(hub.clock.now().getTime() + 300_000).toISOString(),
      _embedded: { user: { id, profile: { login, firstName: 'Ada', lastName: 'Lovelace', locale: 'en_GB' } } },
    });
    const { rows } = await hub.database.query<Any>({ text: 'select * from session_tokens', values: [] });
    expect(JSON.stringify(rows)).not.toContain(body.sessionToken);
  });

  it('answers whatever is wrong with the same bytes, and writes one event each', async () => {
    const { login } = await person();
    const suspended = await person();
    await hub.api('POST', `/api/v1/users/${suspended.id}/lifecycle/suspend`);
    const before = (await hub.events('user.session.start')).length;
    const answers = [
      await authn(login, 'wrong'),
      await authn(`${randomUUID()}@example.com`, PASSWORD),
      await authn(suspended.login, PASSWORD),
      await authn('', ''),
      await authn('x'.repeat(900), PASSWORD),
      await plain('POST', '/api/v1/authn', {}),
    ];
    const bare = answers.map(({ status, body: { errorId: _id, ...body } }) => JSON.stringify({ status, body }));
    expect(new Set(bare).size).toBe(1);
    expect(answers[0]).toMatchObject({
      status: 401,
      body: { errorCode: 'E0000004', errorSummary: 'Authentication failed' },
    });
    const events = (await hub.events('user.session.start')).slice(before);
    expect(events.map(({ outcome }) => outcome.result)).toEqual(answers.map(() => 'FAILURE'));
    expect((await authn(login, PASSWORD)).status).toBe(200);
  });

  it('has the limit of guesses of the form, and says so as clients expect', async () => {
    const { login } = await person();
    for (let guess = 0; guess < 10; guess++) expect((await authn(login, 'wrong')).status).toBe(401);
    const limited = await authn(login, PASSWORD);
    expect([limited.status, limited.body.errorCode]).toEqual([429, 'E0000047']);
    expect(Number(limited.headers.get('x-rate-limit-reset'))).toBeGreaterThan(0);
    expect(limited.headers.get('date')).toBeTruthy();
    hub.clock.advance(60_000);
    expect((await authn(login, PASSWORD)).status).toBe(200);
  });

  it('gives nothing that becomes a session while the password must be changed', async () => {
    const { login, id } = await person();
    await hub.database.query({ text: `update users set status = 'PASSWORD_EXPIRED' where id = $1`, values: [id] });
    const { status, body } = await authn(login, PASSWORD);
    expect([status, body.status, body.sessionToken]).toEqual([200, 'PASSWORD_EXPIRED', undefined]);
  });
});

describe('a session token', () => {
  it('becomes one session, of 20 attempts at once as of any later', async () => {
    const { login, id } = await person();
    const sessionToken = await tokenOf(login);
    const create = () => hub.call('POST', '/api/v1/sessions', { sessionToken });
    const answers = await Promise.all(Array.from({ length: 20 }, create));
    const made = answers.filter(({ status }) => status === 200);
    expect(made).toHaveLength(1);
    expect(made[0]!.body).toMatchObject({
      login,
      userId: id,
      status: 'ACTIVE',
      amr: ['pwd'],
      mfaActive: false,
      idp: { type: 'OKTA' },
    });
    expect(await create()).toMatchObject({ status: 401, body: { errorCode: 'E0000004' } });
    const started = (await hub.events('user.session.start')).filter(
      ({ outcome, actor }) => outcome.result === 'SUCCESS' && actor.id === id,
    );
    expect(started).toHaveLength(1);
  });

  it.each<[string, (id: string) => unknown]>([
    ['five minutes later', () => hub.clock.advance(300_000)],
    [
      'after the password was changed',
      (id) => {
        hub.clock.advance(1_000);
        return hub.api('POST', `/api/v1/users/${id}`, {
          credentials: { password: { value: 'another long password' } },
        });
      },
    ],
    ['of somebody who was suspended', (id) => hub.api('POST', `/api/v1/users/${id}/lifecycle/suspend`)],
    ['after the sessions of its person were ended', (id) => hub.api('DELETE', `/api/v1/users/${id}/sessions`)],
  ])('is worth nothing %s', async (_name, happens) => {
    const { login, id } = await person();
    const sessionToken = await tokenOf(login);
    await happens(id);
    expect((await hub.call('POST', '/api/v1/sessions', { sessionToken })).status).toBe(401);
  });

  it('of another org is unknown here', async () => {
    const elsewhere = await startHub();
    try {
      const answer = await fetch(`${elsewhere.url}/api/v1/authn`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username: ADMIN.email, password: ADMIN.password }),
      });
      const { sessionToken }: Any = await answer.json();
      expect((await hub.call('POST', '/api/v1/sessions', { sessionToken })).status).toBe(401);
      expect((await elsewhere.call('POST', '/api/v1/sessions', { sessionToken })).status).toBe(200);
    } finally {
      await elsewhere.close();
    }
  });

  it('signs a browser in at an application without a page, in place of who was signed in before', async () => {
    const [first, second] = [await person(), await person()];
    const client = await createClient(hub);
    const wish = (sessionToken: string) =>
      `${hub.url}/oauth2/v1/authorize?${new URLSearchParams({ client_id: client.clientId, redirect_uri: REDIRECT_URI, response_type: 'code', scope: 'openid', state: 's', prompt: 'none', sessionToken })}`;
    const browser = createBrowser();
    const subjects: string[] = [];
    const used: string[] = [];
    for (const { login } of [first, second]) {
      used.push(await tokenOf(login));
      const answer = await browser.get(wish(used.at(-1)!));
      expect(new URL(answer.location!).searchParams.get('code')).toBeTruthy();
      const cookie = `${COOKIE}=${browser.cookies(new URL(hub.url).host).get(COOKIE)}`;
      subjects.push((await me(cookie)).body.userId);
    }
    expect(subjects).toEqual([first.id, second.id]);
    for (const worthless of [used[0]!, 'x'.repeat(43), ''.padEnd(2_000, 'y')]) {
      const refused = await browser.get(wish(worthless));
      expect(new URL(refused.location!).searchParams.get('error')).toBe('login_required');
    }
  });
});

describe('/login/sessionCookieRedirect', () => {
  it('gives the cookie and goes on to the hub itself or to a trusted origin, and nowhere else', async () => {
    const { login } = await person();
    await hub.api('POST', '/api/v1/trustedOrigins', {
      name: 'Shop',
      origin: 'https://shop.example.com',
      scopes: [{ type: 'REDIRECT' }],
    });
    const go = (token: string, redirectUrl: string) =>
      plain('GET', `/login/sessionCookieRedirect?${new URLSearchParams({ token, redirectUrl })}`);
    for (const to of [
      'https://evil.example.com/',
      '//evil.example.com',
      'https://shop.example.com.evil.example',
      'javascript:alert(1)',
      'https://user@shop.example.com/',
      'https://shop.example.com:8443/',
    ])
      expect([to, (await go(await tokenOf(login), to)).status]).toEqual([to, 400]);
    for (const [to, location] of [
      [`${hub.url}/account?x=1`, '/account?x=1'],
      ['/', '/'],
      ['https://shop.example.com/basket', 'https://shop.example.com/basket'],
    ]) {
      const answer = await go(await tokenOf(login), to!);
      expect([answer.status, answer.headers.get('location')]).toEqual([303, location]);
      expect((await me(cookieOf(answer.headers))).body.login).toBe(login);
    }
    const worthless = await go('no such token', '/');
    expect([worthless.headers.get('location'), cookieOf(worthless.headers)]).toEqual(['/login/default', '']);
  });
});

describe('/api/v1/sessions/me', () => {
  it('tells of the session of the cookie, puts its end off, and ends it', async () => {
    const { login } = await person();
    const cookie = await cookieFor(login);
    const read = await me(cookie);
    expect(read.body).toMatchObject({
      login,
      status: 'ACTIVE',
      _links: { self: { href: `${hub.url}/api/v1/sessions/me` } },
    });
    hub.clock.advance(60_000);
    const refreshed = await me(cookie, 'POST', '/lifecycle/refresh');
    expect(Date.parse(refreshed.body.expiresAt) - Date.parse(read.body.expiresAt)).toBe(60_000);
    expect((await me(cookie, 'DELETE')).status).toBe(204);
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/lifecycle/refresh'],
    ] as const)
      expect(await me(cookie, method, path)).toMatchObject({ status: 404, body: { errorCode: 'E0000007' } });
  });

  it('ends by itself when nobody uses it', async () => {
    const { login } = await person();
    const cookie = await cookieFor(login);
    hub.clock.advance(2 * 3_600_000 - 1_000);
    expect((await me(cookie)).status).toBe(200);
    hub.clock.advance(2 * 3_600_000);
    expect((await me(cookie)).status).toBe(404);
  });

  it('is read by pages of trusted origins and of redirect URIs, and by no other', async () => {
    const { login } = await person();
    const cookie = await cookieFor(login);
    await createClient(hub, { redirect_uris: ['https://spa.example.com/callback'] });
    await hub.api('POST', '/api/v1/trustedOrigins', {
      name: 'Intranet',
      origin: 'https://intranet.example.com',
      scopes: [{ type: 'CORS' }],
    });
    for (const origin of ['https://spa.example.com', 'https://intranet.example.com']) {
      const { status, headers } = await me(cookie, 'GET', '', { origin });
      expect([
        status,
        headers.get('access-control-allow-origin'),
        headers.get('access-control-allow-credentials'),
      ]).toEqual([200, origin, 'true']);
      const preflight = await plain('OPTIONS', '/api/v1/sessions/me', undefined, {
        origin,
        'access-control-request-method': 'DELETE',
      });
      expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([
        204,
        'GET, DELETE, OPTIONS',
      ]);
      expect(preflight.headers.get('access-control-allow-headers')).toContain('X-Okta-User-Agent-Extended');
    }
    for (const origin of [
      'https://evil.example.com',
      'null',
      'https://spa.example.com.evil.example',
      'http://spa.example.com',
    ]) {
      for (const [method, path] of [
        ['GET', ''],
        ['DELETE', ''],
        ['POST', '/lifecycle/refresh'],
      ] as const) {
        const { status, headers } = await me(cookie, method, path, { origin });
        expect([origin, status, headers.get('access-control-allow-origin')]).toEqual([origin, 403, null]);
      }
      const guess = await plain('POST', '/api/v1/authn', { username: login, password: PASSWORD }, { origin });
      expect([guess.status, guess.headers.get('access-control-allow-origin')]).toEqual([403, null]);
    }
    expect((await me(cookie, 'GET', '', { origin: hub.url })).status).toBe(200);
  });
});

describe('/api/v1/sessions/{id}', () => {
  it('is read, refreshed and ended by administrators; those of administrators by super administrators alone', async () => {
    const help = await person();
    await hub.api('POST', `/api/v1/users/${help.id}/roles`, { type: 'HELP_DESK_ADMIN' });
    const made: Any = await hub.api('POST', '/api/v1/api-tokens', { name: 'Help desk' });
    await hub.database.query({ text: 'update api_tokens set user_id = $1 where id = $2', values: [help.id, made.id] });
    const by = { authorization: `SSWS ${made.value}` };
    const sessionOf = async (login: string, password = PASSWORD): Promise<string> => {
      const { body } = await authn(login, password);
      return (await hub.api<Any>('POST', '/api/v1/sessions', { sessionToken: body.sessionToken })).id;
    };
    const [own, admins] = [await sessionOf((await person()).login), await sessionOf(ADMIN.email, ADMIN.password)];
    const path = (id: string) => `/api/v1/sessions/${id}`;
    expect((await hub.call('GET', path(admins), undefined, by)).status).toBe(200);
    for (const [method, more] of [
      ['POST', '/lifecycle/refresh'],
      ['DELETE', ''],
    ] as const) {
      expect((await hub.call(method, path(admins) + more, undefined, by)).status).toBe(403);
      expect((await hub.call(method, path(own) + more, undefined, by)).status).toBe(method === 'POST' ? 200 : 204);
    }
    expect((await hub.call('GET', path(own))).status).toBe(404);
    expect((await hub.call('DELETE', path(admins))).status).toBe(204);
    expect((await hub.events('user.session.end')).at(-1)!.actor.id).not.toBe(help.id);
  });
});
