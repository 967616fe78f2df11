/** Attacks on sessions, forms, pages and addresses (security goals C1, C3, C4, P2, P5, P11, K8), on a whole hub. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { request } from 'node:http';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { commonHeaders } from '../src/http/security-headers.ts';
import { ADMIN, type TestHub } from './support/app.ts';
import { expectNothingGained, expectRefused, expectSignedIn, logMark, logSince, prizesOf } from './support/attacks.ts';
import { type Answer, type Browser, createBrowser } from './support/browser.ts';
import { createClient, REDIRECT_URI, redeem } from './support/federation.ts';
import { createStage, SID_COOKIE, type Stage, TX_COOKIE } from './support/journey.ts';
import type { StubProvider } from './support/stub-openid-provider.ts';

const EVIL = 'https://evil.example';
const PASSWORD = 'a pass phrase of ours';

let stage: Stage;
let hub: TestHub;
let provider: StubProvider;
/** Every route of the hub, as the server itself registered them. */
const routes: { method: string; url: string }[] = [];

beforeAll(async () => {
  const listen = (message: unknown) =>
    (message as { fastify: FastifyInstance }).fastify.addHook('onRoute', ({ method, url }: RouteOptions) => {
      for (const name of [method].flat()) routes.push({ method: name, url });
    });
  subscribe('fastify.initialization', listen);
  stage = await createStage();
  unsubscribe('fastify.initialization', listen);
  ({ hub, provider } = stage);
});
afterAll(() => stage?.close());
beforeEach(() => {
  hub.clock.advance(61_000);
  provider.reset();
  provider.claims = newPerson();
});

/** Who has just proved himself to the provider. */
const newPerson = () => stage.newPerson({ auth_time: Math.floor(hub.clock.now().getTime() / 1000) });

let locals = 0;
async function createUser(password: string | null = PASSWORD): Promise<{ id: string; login: string }> {
  locals++;
  const login = `local-${locals}@example.com`;
  const { id } = await hub.api<{ id: string }>('POST', '/api/v1/users?activate=true', {
    profile: { login, email: login, firstName: 'Local', lastName: `Person ${locals}` },
    ...(password === null ? {} : { credentials: { password: { value: password } } }),
  });
  return { id, login };
}
const sidOf = (browser: Browser) => browser.cookies(stage.host).get(SID_COOKIE);
const isSignedIn = async (browser: Browser) => (await browser.get(`${hub.url}/account`)).status === 200;

async function signedInLocally(): Promise<{ browser: Browser; id: string; login: string }> {
  const user = await createUser();
  const browser = createBrowser();
  expect((await stage.password(browser, user.login, PASSWORD)).status).toBe(303);
  return { browser, ...user };
}

describe('C1: fixation', () => {
  const PLANTED = 'A'.repeat(43);

  it.each([
    [
      'by password',
      async (browser: Browser) => void (await stage.password(browser, (await createUser()).login, PASSWORD)),
    ],
    ['by a provider', async (browser: Browser) => void (await stage.signsIn({}, browser))],
  ])('a session id that somebody planted is replaced %s', async (_name, signIn) => {
    const browser = createBrowser();
    browser.cookies(stage.host).set(SID_COOKIE, PLANTED);
    const attacker = browser.clone();
    await signIn(browser);
    expect(sidOf(browser)).not.toBe(PLANTED);
    expect(await isSignedIn(browser)).toBe(true);
    expect(await isSignedIn(attacker)).toBe(false);
  });

  it('every sign-in has a new id, and the old one is dead', async () => {
    const user = await createUser();
    const browser = createBrowser();
    const thieves: Browser[] = [];
    const ids = new Set<string | undefined>();
    const again = [
      () => stage.password(browser, user.login, PASSWORD),
      () => stage.signsIn({ prompt: 'login' }, browser),
      () => stage.password(browser, user.login, PASSWORD),
      () => stage.signsIn({ max_age: '0' }, browser),
    ];
    for (const signIn of again) {
      await signIn();
      ids.add(sidOf(browser));
      for (const thief of thieves) expect(await isSignedIn(thief)).toBe(false);
      thieves.push(browser.clone());
    }
    expect(ids.size).toBe(again.length);
    expect(await isSignedIn(browser)).toBe(true);
  });

  it('signing out ends the session on the server, not only the cookie', async () => {
    const { browser } = await signedInLocally();
    const thief = browser.clone();
    expect((await browser.post(`${hub.url}/login/signout`, {})).location).toBe(`${hub.url}/login/signed-out`);
    expect(await isSignedIn(thief)).toBe(false);
  });

  describe('signing out everywhere else', () => {
    const elsewhere = (browser: Browser, fields: Record<string, string> = {}) =>
      browser.post(`${hub.url}/account/sign-out-elsewhere`, fields);

    it('ends the other sessions of the person, keeps this one, and is in the log', async () => {
      const { browser, id, login } = await signedInLocally();
      const other = createBrowser();
      await stage.password(other, login, PASSWORD);
      const page = (await browser.get(`${hub.url}/account`)).body;
      expect([...page.matchAll(/This device|Last used on/g)].map(([text]) => text)).toHaveLength(2);
      expect(await elsewhere(browser)).toMatchObject({ status: 303, location: `${hub.url}/account` });
      expect([await isSignedIn(browser), await isSignedIn(other)]).toEqual([true, false]);
      expect((await browser.get(`${hub.url}/account`)).body).not.toContain('sign-out-elsewhere');
      const event = (await hub.events('user.session.clear')).at(-1);
      expect(event).toMatchObject({ actor: { id }, target: [{ id }], outcome: { result: 'SUCCESS' } });
    });

    it('never ends the session of somebody else, whatever the form names', async () => {
      const victim = await signedInLocally();
      const { rows } = await hub.database.query<{ id: string }>({
        text: 'select id from sessions where user_id = $1',
        values: [victim.id],
      });
      const { browser } = await signedInLocally();
      const attempts: Record<string, string>[] = [
        { userId: victim.id, user: victim.id, login: victim.login },
        { id: rows[0]!.id, sessionId: rows[0]!.id, session: rows[0]!.id },
      ];
      for (const fields of attempts) expect((await elsewhere(browser, fields)).status).toBe(303);
      expect([await isSignedIn(victim.browser), await isSignedIn(browser)]).toEqual([true, true]);
    });

    it('does nothing for who is not signed in, nor with a session that has ended', async () => {
      const { browser, login } = await signedInLocally();
      const thief = browser.clone();
      const other = createBrowser();
      await stage.password(other, login, PASSWORD);
      await browser.post(`${hub.url}/login/signout`, {});
      const events = (await hub.events('user.session.clear')).length;
      for (const nobody of [thief, createBrowser()])
        expect(new URL((await elsewhere(nobody)).location!).pathname).toMatch(/^\/signin\//);
      expect(await isSignedIn(other)).toBe(true);
      expect((await hub.events('user.session.clear')).length).toBe(events);
    });
  });

  it('a form that is sent twice makes one session', async () => {
    const user = await createUser();
    const browser = createBrowser();
    const page = await browser.follow(await browser.get(`${hub.url}/login/default`));
    const fields = { login: user.login, password: PASSWORD };
    const both = [browser.clone(), browser.clone()];
    const answers = await Promise.all(both.map((one) => one.post(`${page.url}/password`, fields)));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 400]);
    const { rows } = await hub.database.query({
      text: 'select id from sessions where user_id = $1',
      values: [user.id],
    });
    expect(rows).toHaveLength(1);
  });
});

describe('C3: a page of another site acts with the cookies of a person', () => {
  /** How each changing route outside /api answers another site's call; a new route fails until it is put in its place. */
  const OWN_FORM = 'refused: forms of the hub only';
  const NO_COOKIE = 'takes no cookie: a client proves itself';
  const OWN_CONSOLE = 'management API: the cookie counts with proof of origin only';
  const ASKS = 'answers without acting: the person is asked, or the answer goes to a registered address';
  const ANSWER = 'bound to the state of this browser';
  const MEANT: Record<string, string> = {
    '/signin/:tx/provider': OWN_FORM,
    '/signin/:tx/identifier': OWN_FORM,
    '/signin/:tx/password': OWN_FORM,
    '/signin/:tx/new-password': OWN_FORM,
    '/signin/:tx/forgot': OWN_FORM,
    '/signin/reset-password/:token': OWN_FORM,
    '/welcome/:token': OWN_FORM,
    '/signin/:tx/local': OWN_FORM,
    '/signin/:tx/retry': OWN_FORM,
    '/signin/:tx/leave': OWN_FORM,
    '/login/signout': OWN_FORM,
    '/account/sign-out-elsewhere': OWN_FORM,
    '/oauth2/v1/authorize': ASKS,
    '/oauth2/v1/logout': ASKS,
    '/oauth2/v1/authorize/callback': ANSWER,
    '/oauth2/v1/authorize/callback/:idpId': ANSWER,
    '/sso/saml2': ANSWER,
    '/sso/saml2/:idpId': ANSWER,
    '/sso/saml2/:idpId/slo': ANSWER,
    '/oauth2/v1/clients/:clientId/roles': OWN_CONSOLE,
    '/oauth2/v1/clients/:clientId/roles/:roleId': OWN_CONSOLE,
    '/oauth2/v1/token': NO_COOKIE,
    '/oauth2/v1/introspect': NO_COOKIE,
    '/oauth2/v1/revoke': NO_COOKIE,
    '/oauth2/v1/userinfo': NO_COOKIE,
    '/oauth2/default/v1/authorize': ASKS,
    '/oauth2/default/v1/logout': ASKS,
    '/oauth2/default/v1/token': NO_COOKIE,
    '/oauth2/default/v1/introspect': NO_COOKIE,
    '/oauth2/default/v1/revoke': NO_COOKIE,
    '/oauth2/default/v1/userinfo': NO_COOKIE,
  };
  const changing = () =>
    routes.filter(({ method, url }) => !['GET', 'HEAD', 'OPTIONS'].includes(method) && !url.startsWith('/api/'));

  it('every changing route has its place', () => {
    expect(new Set(changing().map(({ url }) => url))).toEqual(new Set(Object.keys(MEANT)));
    expect(routes.filter(({ url }) => url.startsWith('/api/')).length).toBeGreaterThan(60);
  });

  const CALLS: [string, Record<string, string>][] = [
    [
      'a form of another site',
      { origin: EVIL, 'sec-fetch-site': 'cross-site', 'content-type': 'application/x-www-form-urlencoded' },
    ],
    [
      'a form of a page without an origin',
      { origin: 'null', 'sec-fetch-site': 'cross-site', 'content-type': 'application/x-www-form-urlencoded' },
    ],
    [
      'a form of a sibling host',
      {
        origin: 'http://other.localhost:3000',
        'sec-fetch-site': 'same-site',
        'content-type': 'application/x-www-form-urlencoded',
      },
    ],
    ['a fetch without the header of a browser', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['a fetch with plain text', { origin: EVIL, 'sec-fetch-site': 'cross-site', 'content-type': 'text/plain' }],
    ['a fetch with JSON', { origin: EVIL, 'sec-fetch-site': 'cross-site', 'content-type': 'application/json' }],
    [
      'a fetch that claims to be the console',
      {
        origin: EVIL,
        'sec-fetch-site': 'cross-site',
        'x-gatehouse-console': '1',
        'content-type': 'application/x-www-form-urlencoded',
      },
    ],
  ];

  it.each(CALLS)('%s changes nothing, by any route', async (_name, headers) => {
    const { browser, login } = await signedInLocally();
    await browser.get(`${hub.url}/login/default`);
    const cookies = browser.cookies(stage.host);
    const tx = [...cookies.keys()].find((name) => name.startsWith(TX_COOKIE))!.slice(TX_COOKIE.length);
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const before = await prizesOf(hub);
    for (const { method, url } of changing()) {
      const fields = { login, password: PASSWORD, idp: stage.federation.idpId, token: 'x', state: tx, code: 'x' };
      const body =
        headers['content-type'] === 'application/json' ? JSON.stringify(fields) : String(new URLSearchParams(fields));
      const path = url.replace(':tx', tx).replace(':idpId', stage.federation.idpId);
      const response = await fetch(hub.url + path, {
        method,
        headers: { ...headers, cookie },
        body,
        redirect: 'manual',
      });
      expectNothingGained(await answerOf(response));
      const meant = MEANT[url];
      if (meant === OWN_FORM) expect([path, response.status]).toEqual([path, 403]);
      if (meant === NO_COOKIE || meant === OWN_CONSOLE) expect([path, response.status >= 400]).toEqual([path, true]);
      expect(response.headers.get('access-control-allow-credentials'), path).toBeNull();
    }
    // Sessions are touched after five minutes at the earliest, so that nothing at all differs.
    expect(await prizesOf(hub)).toEqual(before);
    expect(await isSignedIn(browser)).toBe(true);
  });

  async function answerOf(response: Response): Promise<Answer> {
    const location = response.headers.get('location');
    return {
      status: response.status,
      headers: response.headers,
      body: await response.text(),
      location: location === null ? null : new URL(location, response.url).href,
      url: response.url,
    };
  }

  it('P10: a link to the sign-out of applications asks first; the question of our own page ends the session', async () => {
    const { browser } = await signedInLocally();
    for (const url of ['/oauth2/v1/logout', '/oauth2/default/v1/logout', '/oauth2/v1/logout?confirmed=true']) {
      const page = await browser.get(hub.url + url);
      expect(page.status).toBe(200);
      expect(page.body).toContain('method="post"');
      expect(await isSignedIn(browser)).toBe(true);
    }
    const forged = await browser.post(`${hub.url}/oauth2/v1/logout`, { confirmed: 'true' }, { origin: EVIL });
    expect(forged.status).toBe(200);
    expect(await isSignedIn(browser)).toBe(true);
    await browser.post(`${hub.url}/oauth2/v1/logout`, { confirmed: 'true' });
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('the forms of our own pages work', async () => {
    const { browser } = await signedInLocally();
    expect((await browser.post(`${hub.url}/login/signout`, {})).status).toBe(303);
    expect(await isSignedIn(browser)).toBe(false);
  });
});

describe('C4: headers', () => {
  const expectPage = (answer: { headers: Headers; url: string }) => {
    const at = answer.url;
    const csp = new Map(
      (answer.headers.get('content-security-policy') ?? '').split('; ').map((line) => {
        const [name = '', ...values] = line.split(' ');
        return [name, values.join(' ')];
      }),
    );
    const isConsole = new URL(at).pathname.startsWith('/admin');
    expect([at, csp.get('default-src')]).toEqual([at, "'none'"]);
    expect([at, csp.get('frame-ancestors')]).toEqual([at, "'none'"]);
    expect([at, csp.get('base-uri')]).toEqual([at, "'none'"]);
    expect([at, /unsafe|\*|https?:/.test(`${csp.get('script-src')} ${csp.get('style-src')}`)]).toEqual([at, false]);
    if (!isConsole) expect([at, csp.get('require-trusted-types-for')]).toEqual([at, "'script'"]);
    expect([at, answer.headers.get('cache-control')]).toEqual([at, 'no-store']);
    expect([at, answer.headers.get('x-robots-tag')]).toEqual([at, 'noindex']);
    expect([at, answer.headers.get('access-control-allow-origin')]).toEqual([at, null]);
  };
  const EVERYWHERE = {
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  };
  const expectCommon = ({ headers, url }: { headers: Headers; url: string }) => {
    for (const [name, value] of Object.entries(EVERYWHERE))
      expect([url, name, headers.get(name)]).toEqual([url, name, value]);
    expect([url, headers.get('permissions-policy')?.includes('camera=()')]).toEqual([url, true]);
    expect(['same-origin', 'no-referrer']).toContain(headers.get('referrer-policy'));
    expect([url, headers.get('x-powered-by'), headers.get('server')]).toEqual([url, null, null]);
  };

  it('every page and every other answer of every readable route has them', async () => {
    const { browser } = await signedInLocally();
    await browser.get(`${hub.url}/login/default`);
    const tx = [...browser.cookies(stage.host).keys()]
      .find((name) => name.startsWith(TX_COOKIE))!
      .slice(TX_COOKIE.length);
    const visitors = [browser, createBrowser()];
    const pages = new Set<string>();
    for (const { method, url } of routes) {
      if (method !== 'GET' || url.startsWith('/api/')) continue;
      const path = url.replace(':tx', tx).replace(':idpId', stage.federation.idpId).replace('*', 'anything');
      for (const visitor of visitors) {
        const answer = await visitor.get(hub.url + path);
        expectCommon(answer);
        if (answer.headers.get('content-type')?.startsWith('text/html') !== true) continue;
        pages.add(url);
        expectPage(answer);
      }
    }
    for (const url of [
      '/',
      '/account',
      '/signin/:tx',
      '/login/signed-out',
      '/oauth2/v1/authorize',
      '/oauth2/v1/authorize/callback',
      '/oauth2/v1/authorize/callback/:idpId',
      '/oauth2/v1/logout',
    ])
      if (url !== '/account') expect([url, pages.has(url)]).toEqual([url, true]);
    for (const path of ['/nowhere', '/api/v1/users', '/api/nowhere', '/oauth2/v1/token'])
      expectCommon(await browser.get(hub.url + path));
  });

  it('the form that posts itself may go to its target only', async () => {
    const journey = await stage.start({ response_mode: 'form_post' });
    const page = await stage.finish(journey);
    expect(page.status).toBe(200);
    expectPage(page);
    expect(page.headers.get('content-security-policy')).toContain(`form-action ${REDIRECT_URI}`);
    expect(page.body).toContain(`action="${REDIRECT_URI}"`);
  });

  it('https is for ever', () => {
    expect(commonHeaders(true)['strict-transport-security']).toMatch(/^max-age=63072000/);
    expect(commonHeaders(false)['strict-transport-security']).toBeUndefined();
  });

  it('a host that is not ours is not answered (C8)', async () => {
    for (const host of ['evil.example', `${stage.host}.evil.example`, 'localhost:1']) {
      const status = await new Promise<number | undefined>((resolve, reject) => {
        request(`${hub.url}/`, { headers: { host } }, (response) => resolve(response.resume().statusCode))
          .on('error', reject)
          .end();
      });
      expect([host, status]).toEqual([host, 421]);
    }
    const forwarded = await fetch(`${hub.url}/.well-known/openid-configuration`, {
      headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', forwarded: 'host=evil.example' },
    });
    expect(((await forwarded.json()) as { issuer: string }).issuer).toBe(hub.config.url);
  });
});

describe('P2: where a sign-in ends', () => {
  const ELSEWHERE = [
    '//evil.example', '///evil.example', '////evil.example/', '/\\evil.example', '\\\\evil.example', '/\\/evil.example',
    '/\tevil.example', '/\n/evil.example', '/\r\n/evil.example', '\t//evil.example', 'https:evil.example', 'https:/evil.example',
    'https://evil.example', 'http://evil.example', 'HTTPS://evil.example', '//evil.example/%2e%2e', '/%09/evil.example',
    '/%5cevil.example', '/%2f%2fevil.example/..//evil.example', '/..//evil.example', '/.//evil.example', '/./\\evil.example',
    'javascript:alert(1)', 'JaVaScRiPt:alert(1)', ' javascript:alert(1)', 'data:text/html,x', 'vbscript:x', '@evil.example',
    '//evil.example@localhost', 'http://localhost@evil.example', '/@evil.example/..//evil.example', '?//evil.example', '#//evil.example',
    '//localhost:1/', 'ftp://evil.example', '/\u2028/evil.example', '/\u00a0//evil.example', '//\u3002evil.example', `/${'a'.repeat(3000)}`,
  ]; // biome-ignore format: one list

  it.each(ELSEWHERE)('fromURI=%j stays here', async (fromURI) => {
    const browser = createBrowser();
    const { login } = await createUser();
    const at = `${hub.url}/login/default?${new URLSearchParams({ fromURI })}`;
    const answer = await stage.password(browser, login, PASSWORD, at);
    expect(answer.status).toBe(303);
    const raw = answer.headers.get('location')!;
    expect(new URL(raw, hub.url).origin).toBe(hub.url);
    expect(raw).not.toMatch(/^\/[\\/]/);
    expect(await isSignedIn(browser)).toBe(true);
  });

  it.each(['/account', '/account?tab=1', '/account#top', '/admin/users/00u1'])(
    'fromURI=%s leads there',
    async (fromURI) => {
      const { login } = await createUser();
      const at = `${hub.url}/login/default?${new URLSearchParams({ fromURI })}`;
      const answer = await stage.password(createBrowser(), login, PASSWORD, at);
      expect(answer.headers.get('location')).toBe(fromURI);
    },
  );

  it.each([
    'https://evil.example/',
    'https://app.example.com',
    'https://app.example.com/out/',
    'https://app.example.com/out?x=1',
    'javascript:alert(1)',
    'https://app.example.com@evil.example/out',
    '//evil.example',
    '/out',
    'HTTPS://app.example.com/out',
    'https://app.example.com/%6fut',
  ])('post_logout_redirect_uri=%j is shown as an error', async (uri) => {
    const client = await createClient(hub, { post_logout_redirect_uris: ['https://app.example.com/out'] });
    const { browser } = await signedInLocally();
    const ask = (post_logout_redirect_uri: string) =>
      browser.get(
        `${hub.url}/oauth2/v1/logout?${new URLSearchParams({ client_id: client.clientId, post_logout_redirect_uri })}`,
      );
    const answer = await ask(uri);
    expect([answer.status, answer.location]).toEqual([400, null]);
    expect(await isSignedIn(browser)).toBe(true);
    expect((await ask('https://app.example.com/out')).status).toBe(200);
  });
});

describe('P5: redirect URIs that a browser would run', () => {
  const NEVER = [
    'javascript:alert(1)', 'JavaScript:alert(1)', 'java\tscript:alert(1)', ' javascript:alert(1)', 'javascript://app.example.com/%0aalert(1)',
    'data:text/html,<script>alert(1)</script>', 'vbscript:x', 'blob:https://app.example.com/x', 'file:///etc/passwd', 'about:blank',
    'http://app.example.com/callback', 'https://app.example.com/#x', 'https://user@app.example.com/', 'https://user:pw@app.example.com/',
    'https://*.example.com/', 'https://app.example.com/*', '//app.example.com/', '/callback', 'https:app.example.com', 'https:///callback',
    'https://app.example.com\\@evil.example', 'https://app.example.com/<script>', 'https://app.example.com/"x', '', 'urn:x', 'intent://x',
  ]; // biome-ignore format: one list

  it.each(NEVER)('%j is not registered', async (uri) => {
    const before = await prizesOf(hub);
    for (const [field, type] of [
      ['redirect_uris', 'web'],
      ['redirect_uris', 'native'],
      ['redirect_uris', 'browser'],
      ['post_logout_redirect_uris', 'web'],
    ] as const) {
      const { status } = await hub.call('POST', '/api/v1/apps', {
        name: 'oidc_client',
        label: `Refused ${field} ${type}`,
        signOnMode: 'OPENID_CONNECT',
        credentials: { oauthClient: { token_endpoint_auth_method: type === 'web' ? 'client_secret_basic' : 'none' } },
        settings: {
          oauthClient: {
            application_type: type,
            grant_types: ['authorization_code'],
            response_types: ['code'],
            redirect_uris: ['https://app.example.com/callback'],
            [field]: [uri],
          },
        },
      });
      expect([field, type, status]).toEqual([field, type, 400]);
    }
    expect(await prizesOf(hub)).toEqual(before);
  });

  it('while ordinary ones are', async () => {
    for (const uri of ['https://app.example.com/callback', 'http://localhost:4010/callback', 'http://127.0.0.1/cb'])
      await createClient(hub, { redirect_uris: [uri] });
    const native = { application_type: 'native', redirect_uris: ['com.example.app:/callback'] };
    await createClient(hub, native, { token_endpoint_auth_method: 'none' });
  });
});

describe('P11: an application asks for a fresh sign-in', () => {
  const pressed = (page: Answer, what: 'retry' | 'leave') =>
    new RegExp(`action="(/signin/[^"]+/${what})"`).exec(page.body)![1]!;

  it.each<Record<string, string>>([{ prompt: 'login' }, { max_age: '0' }])(
    '%j: who cancels it gives the application nothing',
    async (more) => {
      const browser = createBrowser();
      await stage.signsIn({}, browser);
      const session = sidOf(browser);
      const journey = await stage.start(more, browser);
      expect(journey.away.location).toContain(`${provider.url}/authorize`);
      const state = new URL(journey.away.location!).searchParams.get('state')!;
      const { answer } = await expectRefused(hub, { code: 'user_canceled_request', error: null }, () =>
        browser.get(
          `${hub.url}/oauth2/v1/authorize/callback?${new URLSearchParams({ error: 'access_denied', state })}`,
        ),
      );
      const left = await browser.post(hub.url + pressed(answer, 'leave'), {});
      expectNothingGained(left);
      expect(new URL(left.location!).searchParams.get('error')).toBe('access_denied');
      // The session from before is as good as before, and for this request not good enough.
      expect(sidOf(browser)).toBe(session);
      const again = await stage.start(more, browser);
      expect(again.away.location).toContain(`${provider.url}/authorize`);
    },
  );

  it.each<Record<string, string>>([{ prompt: 'login' }, { max_age: '0' }])(
    '%j: another person than the application means is not answered for',
    async (more) => {
      const browser = createBrowser();
      const mine = await stage.start({}, browser);
      const back = await stage.finish(mine);
      const code = new URL(back.location!).searchParams.get('code')!;
      const idToken = (await redeem(hub, stage.federation, code, mine.verifier)).body.id_token!;
      const own = provider.claims;

      provider.claims = newPerson();
      const switched = await stage.start({ ...more, id_token_hint: idToken }, browser);
      const answer = await stage.finish(switched);
      expect(new URL(answer.location!).searchParams.get('error')).toBe('login_required');
      expect(answer.location).not.toContain('code=');

      provider.claims = own;
      const right = await stage.start({ ...more, id_token_hint: idToken }, browser);
      await expectSignedIn(hub, stage.federation, right.verifier, await stage.finish(right));
    },
  );

  it('an old authentication of the provider does not pass for a fresh one', async () => {
    const ago = (seconds: number) => ({
      ...provider.claims,
      auth_time: Math.floor(hub.clock.now().getTime() / 1000) - seconds,
    });
    provider.claims = ago(3600);
    const journey = await stage.start({ max_age: '600' });
    const answer = await stage.finish(journey);
    expectNothingGained(answer);
    expect(new URL(answer.location!).searchParams.get('error')).not.toBeNull();
    provider.claims = ago(60);
    expect((await stage.signsIn({ max_age: '600' })).auth_time).toBe(provider.claims.auth_time);
  });

  it('prompt=none never shows a page, and never answers without a session', async () => {
    const nobody = await stage.start({ prompt: 'none' });
    expect(new URL(nobody.away.location!).searchParams.get('error')).toBe('login_required');
    const browser = createBrowser();
    await stage.signsIn({}, browser);
    const { away, verifier } = await stage.start({ prompt: 'none' }, browser);
    await expectSignedIn(hub, stage.federation, verifier, away);
    hub.clock.advance(120_000);
    const stale = await stage.start({ prompt: 'none', max_age: '60' }, browser);
    expect(new URL(stale.away.location!).searchParams.get('error')).toBe('login_required');
  });
});

describe('K8: guessing', () => {
  const same = (page: Answer, login: string) =>
    page.body
      .replaceAll(login, 'LOGIN')
      .replace(/nonce="[^"]+"/g, '')
      .replace(/\/signin\/[\w-]{22}/g, '/signin/TX');

  it('tells nothing of who exists: unknown, wrong, without a password, suspended, deactivated', async () => {
    const known = await createUser();
    const federated = await createUser(null);
    const suspended = await createUser();
    await hub.api('POST', `/api/v1/users/${suspended.id}/lifecycle/suspend`);
    const deactivated = await createUser();
    await hub.api('POST', `/api/v1/users/${deactivated.id}/lifecycle/deactivate`);
    const tries: [string, string][] = [
      [known.login, 'wrong pass phrase'],
      ['nobody@example.com', PASSWORD],
      ['not an address', PASSWORD],
      [federated.login, PASSWORD],
      [suspended.login, PASSWORD],
      [deactivated.login, PASSWORD],
      [ADMIN.email, PASSWORD],
    ];
    const pages: string[] = [];
    for (const [login, password] of tries) {
      const { answer } = await expectRefused(
        hub,
        { type: 'user.session.start', code: 'password_wrong', error: null, status: 401 },
        () => stage.password(createBrowser(), login, password),
      );
      const { headers } = answer;
      pages.push(`${[...headers.keys()].sort().join()}\n${same(answer, login)}`);
    }
    expect(new Set(pages).size).toBe(1);
    expect((await stage.password(createBrowser(), known.login, PASSWORD)).status).toBe(303);
  });

  it('waits after ten wrong ones, also for the right one, and for nobody else', async () => {
    const victim = await createUser();
    const bystander = await createUser();
    for (let i = 0; i < 10; i++)
      expect((await stage.password(createBrowser(), victim.login, `wrong ${i}`)).status).toBe(401);
    const { answer } = await expectRefused(
      hub,
      { type: 'user.session.start', code: 'attempts_limited', error: null, status: 429 },
      () => stage.password(createBrowser(), victim.login.toUpperCase(), PASSWORD),
    );
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await stage.password(createBrowser(), bystander.login, PASSWORD)).status).toBe(303);
    hub.clock.advance(Number(answer.headers.get('retry-after')) * 1000);
    expect((await stage.password(createBrowser(), victim.login, PASSWORD)).status).toBe(303);
  });

  it('50 at once are no way around it', async () => {
    const victim = await createUser();
    const mark = await logMark(hub);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => stage.password(createBrowser(), victim.login, `guess ${i}`)),
    );
    const looked = answers.filter(({ status }) => status === 401).length;
    expect(looked).toBeLessThanOrEqual(10);
    expect(answers.every(({ status }) => status === 401 || status === 429)).toBe(true);
    const codes = (await logSince(hub, mark)).map(({ debugContext }) => debugContext.debugData.code);
    expect(codes.filter((code) => code === 'password_wrong')).toHaveLength(looked);
    expect(codes).toHaveLength(50);
  });
});
