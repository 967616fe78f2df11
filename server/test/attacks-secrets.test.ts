/** Secrets at rest and in what is told (K1, K3), hostile bodies (H3, H5) and expressions (H6), on a whole hub. */
import { createHash, randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../src/shared/log.ts';
import { ADMIN, type TestHub } from './support/app.ts';
import { expectAlive, expectSignedIn, prizesOf } from './support/attacks.ts';
import { type Answer, createBrowser } from './support/browser.ts';
import { authorizeUrl, createClient, idpBody, redeem } from './support/federation.ts';
import { CONSOLE, createStage, SID_COOKIE, type Stage, TX_COOKIE } from './support/journey.ts';
import type { StubProvider } from './support/stub-openid-provider.ts';

let stage: Stage;
let hub: TestHub;
let provider: StubProvider;
/** The process's own log, every line. */
const processLog: string[] = [];

beforeAll(async () => {
  stage = await createStage({ log: createLogger((line) => processLog.push(line)) });
  ({ hub, provider } = stage);
});
afterAll(() => stage?.close());
beforeEach(() => {
  hub.clock.advance(61_000);
  provider.reset();
  provider.claims = stage.newPerson();
});

const secret = () => randomBytes(18).toString('base64url');
const callback = (query: Record<string, string>) =>
  `${hub.url}/oauth2/v1/authorize/callback?${new URLSearchParams(query)}`;

describe('canaries', () => {
  /** What must not be found anywhere, by what it is. */
  const canaries: [string, string][] = [];
  /** Every page and body that told of a failure. */
  const told: string[] = [];
  const mark = (what: string, value: string | null | undefined) => {
    if (typeof value !== 'string' || value.length < 12) throw new Error(`${what} is no canary: ${value}`);
    canaries.push([what, value]);
    return value;
  };
  const keep = (answer: Answer) => {
    told.push(answer.body, [...answer.headers].filter(([name]) => name !== 'set-cookie').join('\n'));
    return answer;
  };

  beforeAll(async () => {
    mark('the password of the administrator', ADMIN.password);
    mark('the API token of the environment', hub.token);
    mark('the key of the hub', Buffer.from(hub.config.secretKey).toString('base64'));
    mark('the key of the hub, hex', Buffer.from(hub.config.secretKey).toString('hex'));
    for (let i = 0; i < 6; i++) await localPerson(`canary-${i}@example.com`);
    for (let i = 0; i < 6; i++) await configuration(i);
    for (let i = 0; i < 6; i++) await federatedPerson();
    await administrator();
    await openSignIns();
    await failures();
  }, 120_000);

  async function localPerson(login: string) {
    const password = mark(`the password of ${login}`, secret());
    await hub.api('POST', '/api/v1/users?activate=true', {
      profile: { login, email: login, firstName: 'Local', lastName: 'Person' },
      credentials: { password: { value: password } },
    });
    const browser = createBrowser();
    expect((await stage.password(browser, login, password)).status).toBe(303);
    mark(`the session of ${login}`, browser.cookies(stage.host).get(SID_COOKIE));
    const guess = mark(`a wrong password of ${login}`, secret());
    keep(await stage.password(createBrowser(), login, guess));
  }

  async function configuration(i: number) {
    const clientSecret = mark('the client secret at a provider', secret());
    const { protocol } = idpBody(provider);
    const credentials = { client: { client_id: provider.clientId, client_secret: clientSecret } };
    const idpId = await stage.createIdp({ protocol: { ...protocol, credentials } });
    mark('the client secret of an application', (await createClient(hub)).clientSecret);
    if (i % 2 === 0) await hub.api('DELETE', `/api/v1/idps/${idpId}`);
  }

  async function federatedPerson() {
    provider.claims = stage.newPerson();
    provider.idToken = async (claims) => mark('the ID token of the provider', await provider.sign(claims));
    const browser = createBrowser();
    const asked = authorizeUrl(hub, stage.federation.clientId, { scope: 'openid profile email offline_access' });
    const away = await browser.get(asked.url);
    const sent = new URL(away.location!).searchParams;
    mark('the cookie of a sign-in', browser.cookies(stage.host).get(TX_COOKIE + sent.get('state')));
    mark('the nonce for the provider', sent.get('nonce'));
    const back = await browser.get(`${hub.url}/oauth2/v1/authorize/callback?${provider.answer(away.location!)}`);
    mark('the verifier for the provider', provider.received.token.at(-1)!.parameters.get('code_verifier'));
    mark('the session of a federated person', browser.cookies(stage.host).get(SID_COOKIE));
    const code = mark('a code that was redeemed', new URL(back.location!).searchParams.get('code'));
    mark('the verifier of the application', asked.verifier);
    const { body } = await redeem(hub, stage.federation, code, asked.verifier);
    for (const name of ['access_token', 'refresh_token', 'id_token']) mark(`the ${name}`, body[name]);
    const refreshed = await redeem(hub, stage.federation, '', '', {
      grant_type: 'refresh_token',
      refresh_token: body.refresh_token!,
    });
    mark('the successor of a refresh token', refreshed.body.refresh_token);
    const unredeemed = await browser.get(authorizeUrl(hub, stage.federation.clientId).url);
    mark('a code that waits', new URL(unredeemed.location!).searchParams.get('code'));
  }

  async function administrator() {
    const browser = createBrowser();
    await stage.password(browser, ADMIN.email, ADMIN.password);
    const session = mark('the session of the administrator', browser.cookies(stage.host).get(SID_COOKIE));
    for (const name of ['One', 'Two', 'Three']) {
      const { value } = await hub.api<{ value: string }>('POST', '/api/v1/api-tokens', { name });
      mark(`the API token "${name}"`, value);
      await hub.call('GET', '/api/v1/users/me', undefined, { authorization: `SSWS ${value}` });
    }
    const refused = await fetch(`${hub.url}/api/v1/org`, {
      headers: { ...CONSOLE, cookie: `${SID_COOKIE}=${session}x` },
    });
    told.push(await refused.text());
  }

  async function openSignIns() {
    const small = await stage.start();
    const large = await stage.start({
      state: `large-${'x'.repeat(1900)}`,
      login_hint: 'y'.repeat(900),
      nonce: 'z'.repeat(400),
    });
    for (const { browser } of [small, large])
      for (const [name, value] of browser.cookies(stage.host))
        if (name.startsWith(TX_COOKIE)) mark('the cookie of an open sign-in', value);
  }

  async function failures() {
    const wrong = (what: string) => mark(`a wrong ${what}`, `hub_xx_${secret()}${secret()}`);
    const form = async (path: string, fields: Record<string, string>, authorization?: string) => {
      const response = await fetch(hub.url + path, {
        method: 'POST',
        headers: authorization === undefined ? {} : { authorization },
        body: new URLSearchParams(fields),
      });
      told.push(await response.text());
    };
    const { clientId, clientSecret } = stage.federation;
    const basic = (value: string) => `Basic ${Buffer.from(`${clientId}:${value}`).toString('base64')}`;
    await form(
      '/oauth2/v1/token',
      { grant_type: 'authorization_code', code: wrong('code') },
      basic(wrong('client secret')),
    );
    await form('/oauth2/v1/token', { grant_type: 'authorization_code', code: wrong('code') }, basic(clientSecret));
    await form(
      '/oauth2/v1/token',
      { grant_type: 'refresh_token', refresh_token: wrong('refresh token') },
      basic(clientSecret),
    );
    await form('/oauth2/v1/token', { grant_type: 'refresh_token', client_assertion: wrong('assertion') });
    await form('/oauth2/v1/introspect', { token: wrong('token') }, basic(clientSecret));
    await form('/oauth2/v1/revoke', { token: wrong('token') }, basic(clientSecret));
    for (const authorization of [`SSWS ${wrong('API token')}`, `Bearer ${wrong('bearer')}`]) {
      const { body } = await hub.call('GET', '/api/v1/users', undefined, { authorization });
      told.push(JSON.stringify(body));
    }
    const userinfo = await fetch(`${hub.url}/oauth2/v1/userinfo`, {
      headers: { authorization: `Bearer ${wrong('token')}` },
    });
    told.push(await userinfo.text(), String([...userinfo.headers]));

    const journeys = await Promise.all(Array.from({ length: 5 }, () => stage.start()));
    const [first, second, third, fourth, fifth] = journeys.map(({ browser, away }) => ({
      browser,
      state: new URL(away.location!).searchParams.get('state')!,
    }));
    keep(await first!.browser.get(callback({ state: first!.state, code: wrong('code of the provider') })));
    const jwt = await provider.sign({ canary: secret() });
    mark('a token in an error of the provider', jwt);
    const error = { error: 'server_error', error_description: `It broke: ${jwt}` };
    keep(await second!.browser.get(callback({ state: second!.state, ...error })));
    provider.token = () => ({
      status: 400,
      body: JSON.stringify({ error: 'invalid_grant', error_description: `Token ${jwt}` }),
    });
    keep(await third!.browser.get(callback({ state: third!.state, code: wrong('code of the provider') })));
    provider.token = () => ({
      body: JSON.stringify({
        access_token: wrong('access token of the provider'),
        token_type: 'bearer',
        id_token: `${jwt}x`,
      }),
    });
    keep(await fourth!.browser.get(callback({ state: fourth!.state, code: wrong('code of the provider') })));
    provider.token = () => ({ status: 500, type: 'text/html', body: `<h1>${wrong('secret on an error page')}</h1>` });
    keep(await fifth!.browser.get(callback({ state: fifth!.state, code: wrong('code of the provider') })));
    keep(
      await createBrowser().get(
        callback({ state: wrong('state').slice(0, 22), code: wrong('code without a sign-in') }),
      ),
    );
    provider.reset();
  }

  it('there are more than fifty of them, all different', () => {
    expect(canaries.length).toBeGreaterThan(100);
    expect(new Set(canaries.map(([, value]) => value)).size).toBe(canaries.length);
  });

  /** Which canaries a text has, in any of the ways in which a text may hold them. */
  function foundIn(text: string): string[] {
    const lower = text.toLowerCase();
    return canaries
      .filter(([, value]) => {
        const bytes = Buffer.from(value);
        const base64 = bytes.toString('base64').replace(/=+$/, '').slice(0, -1);
        return (
          text.includes(value) ||
          text.includes(base64) ||
          text.includes(bytes.toString('base64url').slice(0, -1)) ||
          lower.includes(bytes.toString('hex'))
        );
      })
      .map(([what]) => what);
  }

  async function dump(): Promise<string> {
    const { rows: tables } = await hub.database.query<{ name: string }>({
      text: `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
      values: [],
    });
    expect(tables.length).toBeGreaterThan(25);
    const texts: string[] = [];
    for (const { name } of tables) {
      const { rows } = await hub.database.query<{ row: string }>({
        text: `select t::text as row from ${name} t`,
        values: [],
      });
      texts.push(...rows.map(({ row }) => row));
    }
    return texts.join('\n');
  }

  it('K1: a dump of the database has none', async () => {
    await hub.api('GET', '/api/gatehouse/v1/sign-ins');
    const everything = await dump();
    expect(everything.length).toBeGreaterThan(50_000);
    expect(foundIn(everything)).toEqual([]);
  });

  it('K1: and the search would find one', async () => {
    const [, value] = canaries[5]!;
    await hub.api('POST', '/api/v1/groups', { profile: { name: 'Planted', description: `x${value}x` } });
    expect(foundIn(await dump())).toEqual([canaries[5]![0]]);
    const hash = createHash('sha256').update(value).digest('hex');
    expect(foundIn(hash)).toEqual([]);
  });

  it('K3: the log of the process has none', () => {
    expect(processLog.flatMap((line) => foundIn(line))).toEqual([]);
  });

  it('K3: the System Log has none', async () => {
    const texts: string[] = [];
    let path: string | null = '/api/v1/logs?limit=1000&sortOrder=DESCENDING';
    while (path !== null) {
      const { body, headers }: Awaited<ReturnType<TestHub['call']>> = await hub.call('GET', path);
      texts.push(JSON.stringify(body));
      const next: string | undefined = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
      path = next === undefined ? null : next.slice(hub.config.url.length);
    }
    expect(texts.join().length).toBeGreaterThan(20_000);
    expect(foundIn(texts.join('\n'))).toEqual([]);
  });

  it('K3: the traces have none', async () => {
    const list = await hub.api<{ id: string }[]>('GET', '/api/gatehouse/v1/sign-ins?limit=200');
    expect(list.length).toBeGreaterThan(20);
    for (const { id } of list)
      expect(foundIn(JSON.stringify(await hub.api('GET', `/api/gatehouse/v1/sign-ins/${id}`)))).toEqual([]);
  });

  it('K3: error pages and error answers have none', () => {
    expect(told.length).toBeGreaterThan(25);
    expect(foundIn(told.join('\n'))).toEqual([]);
  });
});

describe('H3: bodies', () => {
  const LIMIT = 64 * 1024;
  const json = (bytes: number) => {
    const start = '{"profile":{"name":"Large","description":"';
    return `${start}${'x'.repeat(bytes - start.length - 3)}"}}`;
  };
  const send = (path: string, body: string, type: string, headers: Record<string, string> = {}) =>
    fetch(hub.url + path, { method: 'POST', body, redirect: 'manual', headers: { 'content-type': type, ...headers } });
  const admin = () => ({ authorization: `SSWS ${hub.token}` });

  it('of 64 KB is read, of one byte more is not', async () => {
    const exact = await send('/api/v1/groups', json(LIMIT), 'application/json', admin());
    expect([200, 400]).toContain(exact.status);
    const over = await send('/api/v1/groups', json(LIMIT + 1), 'application/json', admin());
    expect(over.status).toBe(413);
    expect(await over.json()).toMatchObject({
      errorCode: expect.stringMatching(/^E\d{7}$/),
      errorCauses: expect.any(Array),
    });
    await expectAlive(hub);
  });

  it.each([
    '/oauth2/v1/token',
    '/oauth2/v1/authorize',
    '/oauth2/v1/logout',
    '/oauth2/v1/introspect',
    '/oauth2/v1/authorize/callback',
  ])('a form for %s of one byte more is not read', async (path) => {
    const form = (bytes: number) => `x=${'y'.repeat(bytes - 2)}`;
    const type = 'application/x-www-form-urlencoded';
    expect((await send(path, form(LIMIT + 1), type)).status).toBe(413);
    expect((await send(path, form(LIMIT), type)).status).not.toBe(413);
    await expectAlive(hub);
  });

  it('of a stranger is not read at all', async () => {
    expect([401, 403]).toContain((await send('/api/v1/groups', json(LIMIT + 1), 'application/json')).status);
  });

  it('that never ends is cut off', async () => {
    const written = await new Promise<{ status: number; bytes: number }>((resolve, reject) => {
      let bytes = 0;
      const chunk = 'x'.repeat(16 * 1024);
      const sending = httpRequest(`${hub.url}/api/v1/groups`, {
        method: 'POST',
        headers: { ...admin(), 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
      });
      sending.on('response', (response) => {
        resolve({ status: response.statusCode!, bytes });
        response.resume();
        sending.destroy();
      });
      sending.on('error', (error) => (bytes > LIMIT ? resolve({ status: 413, bytes }) : reject(error)));
      const push = () => {
        while (!sending.destroyed && bytes < 64 * 1024 * 1024) {
          bytes += chunk.length;
          if (!sending.write(chunk)) return void sending.once('drain', push);
        }
      };
      push();
    });
    expect(written.status).toBe(413);
    expect(written.bytes).toBeLessThan(64 * 1024 * 1024);
    await expectAlive(hub);
  });

  it.each([33, 1_000, 30_000])('nested %i deep is refused, 32 deep is read', async (depth) => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const nested = (levels: number) => `${open.repeat(levels)}1${close.repeat(levels)}`;
      if (nested(depth).length > LIMIT) continue;
      const deep = await send('/api/v1/groups', nested(depth), 'application/json', admin());
      expect(deep.status).toBe(400);
      expect(JSON.stringify(await deep.json())).toContain('nested deeper than 32');
      const shallow = await send('/api/v1/groups', nested(32), 'application/json', admin());
      expect(JSON.stringify(await shallow.json())).not.toContain('nested deeper');
    }
    await expectAlive(hub);
  });

  it('nested 100,000 deep is refused by its size', async () => {
    expect((await send('/api/v1/groups', '['.repeat(100_000), 'application/json', admin())).status).toBe(413);
  });

  it('with 20,000 fields is answered', async () => {
    const body = Array.from({ length: 20_000 }, () => 'a=').join('&');
    expect((await send('/oauth2/v1/token', body, 'application/x-www-form-urlencoded')).status).toBeLessThan(500);
    await expectAlive(hub);
  });

  it('of another type is refused, and headers and addresses have an end', async () => {
    for (const type of ['text/xml', 'multipart/form-data; boundary=x', 'application/octet-stream'])
      expect([400, 415]).toContain((await send('/api/v1/groups', 'x', type, admin())).status);
    expect((await fetch(`${hub.url}/`, { headers: { 'x-long': 'x'.repeat(20_000) } })).status).toBe(431);
    expect((await fetch(`${hub.url}/?x=${'x'.repeat(20_000)}`)).status).toBe(431);
    await expectAlive(hub);
  });

  it.each(['{', '{"a":1,}', '[1', 'nul', '"\\u00', '\u0000', '{"a":1}{"b":2}', "{'a':1}", '{"a":NaN}'])(
    'that is no JSON, %j, is refused',
    async (body) => {
      const answer = await send('/api/v1/groups', body, 'application/json', admin());
      expect(answer.status).toBe(400);
    },
  );
});

describe('H5: names that reach a prototype', () => {
  const clean = () => {
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(([] as unknown as Record<string, unknown>).polluted).toBeUndefined();
  };
  const BODIES = [
    '{"__proto__":{"polluted":true}}',
    '{"profile":{"__proto__":{"polluted":true},"name":"P"}}',
    '{"constructor":{"prototype":{"polluted":true}}}',
    '{"profile":{"constructor":{"prototype":{"polluted":true}}}}',
    '{"a":[{"b":{"__proto__":{"polluted":true}}}]}',
    '{"prototype":{"polluted":true}}',
    '{"\\u005f\\u005fproto\\u005f\\u005f":{"polluted":true}}',
    '[{"__proto__":{"polluted":true}}]',
  ];

  it.each(BODIES)('%s is refused by every changing route of the API', async (body) => {
    const { paths } = await hub.api<{ paths: Record<string, Record<string, unknown>> }>('GET', '/api/v1/openapi.json');
    const before = await prizesOf(hub);
    let asked = 0;
    for (const [path, operations] of Object.entries(paths)) {
      for (const method of Object.keys(operations).filter((name) => ['post', 'put', 'patch'].includes(name))) {
        const response = await fetch(hub.url + path.replaceAll(/\{[^}]+\}/g, 'none'), {
          method: method.toUpperCase(),
          headers: { authorization: `SSWS ${hub.token}`, 'content-type': 'application/json' },
          body,
        });
        expect([path, method, response.status >= 400 && response.status < 500]).toEqual([path, method, true]);
        asked++;
      }
    }
    expect(asked).toBeGreaterThan(25);
    expect(await prizesOf(hub)).toEqual(before);
    clean();
  });

  it('in queries, paths and forms they are names like others', async () => {
    const query =
      '__proto__[polluted]=1&constructor[prototype][polluted]=1&__proto__.polluted=1&__proto__=1&toString=1&hasOwnProperty=1';
    const { paths } = await hub.api<{ paths: Record<string, Record<string, unknown>> }>('GET', '/api/v1/openapi.json');
    for (const path of Object.keys(paths).filter((one) => paths[one]!.get !== undefined)) {
      for (const name of ['__proto__', 'constructor', 'toString']) {
        const { status } = await hub.call('GET', `${path.replaceAll(/\{[^}]+\}/g, name)}?${query}`);
        expect([path, status < 500]).toEqual([path, true]);
      }
    }
    for (const path of [
      '/',
      '/login/default',
      '/oauth2/v1/authorize',
      '/oauth2/v1/logout',
      '/oauth2/v1/authorize/callback',
    ])
      expect((await createBrowser().get(`${hub.url}${path}?${query}`)).status).toBeLessThan(500);
    for (const path of [
      '/oauth2/v1/token',
      '/oauth2/v1/introspect',
      '/oauth2/v1/revoke',
      '/oauth2/v1/userinfo',
      '/oauth2/v1/authorize/callback',
    ]) {
      const response = await fetch(hub.url + path, { method: 'POST', body: new URLSearchParams(query) });
      expect([path, response.status < 500]).toEqual([path, true]);
    }
    const cookie = '__proto__=1; constructor=1; toString=1; __Host-gatehouse_tx___proto__=1';
    expect((await fetch(hub.url, { headers: { cookie }, redirect: 'manual' })).status).toBe(303);
    clean();
  });

  it('as attributes of a schema they are refused', async () => {
    for (const name of ['__proto__', 'constructor', 'prototype', 'toString.x', 'a b', 'a"b']) {
      const definition = JSON.stringify({ title: 'X', type: 'string' });
      const body = JSON.parse(
        `{"definitions":{"custom":{"id":"#custom","type":"object","properties":{${JSON.stringify(name)}:${definition}}}}}`,
      );
      expect([name, (await hub.call('POST', '/api/v1/meta/schemas/user/default', body)).status]).toEqual([name, 400]);
    }
    clean();
  });
});

describe('H6: expressions that try to get out, saved through the API', () => {
  const ESCAPES = [
    'process.exit()', 'globalThis', 'this', 'require("fs")', 'import("fs")', 'eval("1")', 'Function("return process")()', 'new Function("return process")()',
    'ROOT.constructor', 'ROOT.constructor.constructor("return process")()', 'ROOT["constructor"]["constructor"]("return process")()',
    'ROOT.__proto__', 'ROOT.__proto__.polluted', 'ROOT["__pro" + "to__"]', 'ROOT.email.constructor', 'ROOT.email["constructor"]', '"".constructor',
    '"".constructor.constructor("return this")()', '{1}.constructor', '{ROOT}[0].constructor', 'ROOT.email.toString.call(1)', 'ROOT.email.__defineGetter__("x", 1)',
    'T(java.lang.Runtime).getRuntime().exec("id")', '#this', '@bean', 'new java.lang.String("x")', 'ROOT.class.classLoader', 'ROOT.email = "x"', 'ROOT.email++',
    '(function(){})()', 'a => a', '`x`', 'throw 1', 'delete ROOT.email', 'typeof ROOT', '/a/.test(ROOT.email)', 'String.constructor("x")', 'String.__proto__.x()',
    'Convert.constructor.x()', 'constructor()', '__proto__()', 'ROOT.?[constructor]', '{ROOT}.?[__proto__ == null].size()', `${'('.repeat(400)}1${')'.repeat(400)}`,
    `ROOT${'.a'.repeat(3000)}`, `'${'a'.repeat(9000)}'`, 'ROOT.email matches "(a+)+$"', 'String.replace(ROOT.email, "", ROOT.email', '1 +', '',
  ]; // biome-ignore format: one list
  const harmless = () => {
    expect((globalThis as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
  };
  /** Nothing that only the inside of the process knows. */
  const INSIDE = /\[object|\[native code|function|process|prototype|constructor|node_modules|at .*:\d+:\d+/;

  it.each(ESCAPES)('%j: refused, or a harmless value', async (source) => {
    const [mapping] = await hub.api<{ id: string }[]>('GET', `/api/v1/mappings?sourceId=${stage.federation.idpId}`);
    const path = `/api/v1/mappings/${mapping!.id}`;
    const mapped = await hub.call('POST', path, {
      properties: { title: { expression: source.replaceAll('ROOT', 'appuser'), pushStatus: 'PUSH' } },
    });
    expect([200, 400]).toContain(mapped.status);
    if (mapped.status === 200) {
      const claims = await stage.signsIn();
      const user = await hub.api<{ profile: { title?: string | null } }>('GET', `/api/v1/users/${claims.sub}`);
      expect(String(user.profile.title ?? '')).not.toMatch(INSIDE);
      await hub.api('POST', path, { properties: { title: null } });
    }
    const template = { template: source.replaceAll('ROOT', 'idpuser') };
    const { policy } = idpBody(provider);
    const body = idpBody(provider, {
      name: `Escape ${Math.random()}`,
      policy: { subject: { ...policy.subject, userNameTemplate: template } },
    });
    const idp = await hub.call('POST', '/api/v1/idps', body);
    expect([200, 400]).toContain(idp.status);
    if (idp.status === 200) {
      provider.claims = stage.newPerson();
      const { id } = idp.body as { id: string };
      const journey = await stage.start({ idp: id });
      const answer = await stage.finish(journey);
      const code = new URL(answer.location!).searchParams.get('code');
      if (code !== null) {
        const { sub } = await expectSignedIn(hub, stage.federation, journey.verifier, answer);
        const { profile } = await hub.api<{ profile: { login: string } }>('GET', `/api/v1/users/${sub}`);
        expect(profile.login).not.toMatch(INSIDE);
      }
    }
    const app = await hub.call('POST', '/api/v1/apps', {
      name: 'oidc_client',
      label: `Escape ${Math.random()}`,
      signOnMode: 'OPENID_CONNECT',
      settings: {
        oauthClient: {
          application_type: 'web',
          grant_types: ['authorization_code'],
          response_types: ['code'],
          redirect_uris: ['http://localhost:4010/callback'],
          claims: [{ name: 'escape', expression: source.replaceAll('ROOT', 'user'), location: 'ID_TOKEN' }],
        },
      },
    });
    expect([200, 400]).toContain(app.status);
    harmless();
    await expectAlive(hub);
  });

  it('an ordinary expression is saved and used', async () => {
    const [mapping] = await hub.api<{ id: string }[]>('GET', `/api/v1/mappings?sourceId=${stage.federation.idpId}`);
    const path = `/api/v1/mappings/${mapping!.id}`;
    await hub.api('POST', path, {
      properties: { title: { expression: 'String.toUpperCase(appuser.fname)', pushStatus: 'PUSH' } },
    });
    const journey = await stage.start();
    const claims = await expectSignedIn(hub, stage.federation, journey.verifier, await stage.finish(journey));
    const user = await hub.api<{ profile: { title?: string } }>('GET', `/api/v1/users/${claims.sub}`);
    expect(user.profile.title).toBe('GARY');
  });
});
