import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN, startHub, type TestHub } from '../../test/support/app.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;

let hub: TestHub;

beforeAll(async () => {
  hub = await startHub();
});
// Each test has the calls of a minute for itself.
beforeEach(() => hub.clock.advance(60_000));
afterAll(() => hub.close());

const raw = (method: string, path: string, headers: Record<string, string>, body?: string) =>
  fetch(hub.url + path, { method, headers, ...(body === undefined ? {} : { body }) });

describe('the OpenAPI document', () => {
  let document: Any;
  const operations = () =>
    Object.entries<Any>(document.paths).flatMap(([path, item]) =>
      Object.entries<Any>(item).map(([method, operation]) => ({ path, method, operation })),
    );

  beforeAll(async () => {
    document = await (await raw('GET', '/api/v1/openapi.json', {})).json();
  });

  it('has the parts that OpenAPI 3.1 asks for', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d$/);
    expect(document.info).toMatchObject({ title: expect.any(String), version: expect.any(String) });
    expect(document.servers).toEqual([{ url: hub.url }]);
    expect(document.components.securitySchemes.SSWS).toMatchObject({
      type: 'apiKey',
      in: 'header',
      name: 'Authorization',
    });
    expect(document.security).toContainEqual({ SSWS: [] });
  });

  it('names everything below /api, the roles of clients, and nothing else', () => {
    const paths = Object.keys(document.paths);
    expect(paths.every((path) => /^\/(api|oauth2\/v1\/clients)\//.test(path))).toBe(true);
    for (const path of [
      '/api/v1/apps',
      '/api/v1/apps/{id}/users/{userId}',
      '/api/v1/idps',
      '/api/v1/users/{userId}',
      '/api/v1/policies/{policyId}/rules',
      '/api/v1/mappings/{id}',
      '/api/v1/logs',
      '/api/v1/org',
    ])
      expect(paths).toContain(path);
  });

  it('gives every operation a tag, a summary, answers, and its path parameters', () => {
    const methods = ['get', 'put', 'post', 'delete', 'patch', 'options', 'head', 'trace'];
    for (const { path, method, operation } of operations()) {
      const place = `${method} ${path}`;
      expect(methods, place).toContain(method);
      expect(operation.tags?.length, place).toBeGreaterThan(0);
      expect(operation.summary, place).toBeTypeOf('string');
      expect(Object.keys(operation.responses).length, place).toBeGreaterThan(0);
      for (const response of Object.values<Any>(operation.responses))
        expect(response.description ?? response.$ref, place).toBeTypeOf('string');
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = (operation.parameters ?? []).filter((parameter: Any) => parameter.in === 'path');
      expect(declared.map(({ name }: Any) => name).sort(), place).toEqual(inPath.sort());
      expect(
        declared.every(({ required, schema }: Any) => required === true && schema !== undefined),
        place,
      ).toBe(true);
    }
  });

  it('names each operation once, and states its query, its body and what it answers', () => {
    const byPlace = new Map(operations().map(({ path, method, operation }) => [`${method} ${path}`, operation]));
    const ids = [...byPlace.values()].map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z][A-Za-z0-9]*$/.test(id))).toEqual([]);
    expect(byPlace.get('get /api/v1/users/{userId}/groups')!.operationId).toBe('getUsersByUserIdGroups');

    const query = (place: string) =>
      byPlace
        .get(place)!
        .parameters.filter((parameter: Any) => parameter.in === 'query')
        .map(({ name }: Any) => name);
    expect(query('get /api/v1/users')).toEqual(['q', 'filter', 'search', 'sortBy', 'sortOrder', 'limit', 'after']);
    expect(query('get /api/v1/groups/{groupId}/apps')).toEqual(['limit', 'after']);
    const bodiless =
      /lifecycle|forgot_password$|keys.+(generate|clone|activate)|mappings.+apply|secrets|idToken|rotate|apps.{6}policies|groups.{11}users|(imports|group-rules).+run|deliveries.+replay/;
    for (const [place, operation] of byPlace) {
      const changes = /^(post|put|patch) /.test(place) && !bodiless.test(place);
      const kind = place.endsWith('/file') ? 'text/csv' : 'application/json';
      if (changes) expect(operation.requestBody?.content, place).toHaveProperty(kind);
      expect(operation.responses['4XX'].content['application/json'].schema.$ref, place).toBe(
        '#/components/schemas/Error',
      );
      if (place.startsWith('delete ')) expect(Object.keys(operation.responses).join(), place).toMatch(/^20[24]\b/);
    }
    expect(byPlace.get('delete /api/v1/groups/{groupId}')!.responses['204']).not.toHaveProperty('content');
  });

  it('refers only to what it holds, and names no other product', () => {
    const text = JSON.stringify(document);
    for (const [, pointer] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      expect(
        pointer!.split('/').reduce<Any>((at, name) => at?.[name], document),
        pointer,
      ).toBeDefined();
    }
    const described = [...text.matchAll(/"(?:summary|description|title)":"([^"]*)"/g)].map(([, sentence]) => sentence);
    expect(described.filter((sentence) => /okta/i.test(sentence!))).toEqual([]);
  });
});

describe('who may call (C3)', () => {
  const console = { 'sec-fetch-site': 'same-origin', 'x-gatehouse-console': '1' };
  let cookie: string;

  beforeAll(async () => {
    cookie = await signIn();
  });

  it('an API token as SSWS or Bearer, and nothing that only looks like one', async () => {
    for (const scheme of ['SSWS', 'Bearer', 'ssws']) {
      expect((await raw('GET', '/api/v1/org', { authorization: `${scheme} ${hub.token}` })).status).toBe(200);
    }
    for (const authorization of [
      `SSWS ${hub.token}x`,
      'SSWS ',
      hub.token,
      `Basic ${hub.token}`,
      'Bearer null',
      `SSWS ${hub.token} ${hub.token}`,
    ]) {
      const answer = await raw('GET', '/api/v1/org', { authorization });
      expect([answer.status, ((await answer.json()) as Any).errorCode]).toEqual([401, 'E0000011']);
    }
  });

  it('nobody without credentials', async () => {
    const nobody = await raw('GET', '/api/v1/org', {});
    expect([nobody.status, ((await nobody.json()) as Any).errorCode]).toEqual([401, 'E0000004']);
    const expired = await raw('GET', '/api/v1/org', { cookie: '__Host-gatehouse_sid=of-yesterday', ...console });
    expect([expired.status, ((await expired.json()) as Any).errorCode]).toEqual([403, 'E0000005']);
  });

  it('the console with its session, from its own pages', async () => {
    expect((await raw('GET', '/api/v1/org', { cookie, ...console })).status).toBe(200);
  });

  it('no wrong token in company of a good session', async () => {
    expect((await raw('GET', '/api/v1/org', { cookie, ...console, authorization: 'SSWS wrong' })).status).toBe(401);
  });

  it.each<[string, Record<string, string>]>([
    ['a form of another site', { 'sec-fetch-site': 'cross-site' }],
    ['a script of another site that sends the header', { 'sec-fetch-site': 'cross-site', 'x-gatehouse-console': '1' }],
    ['a page of a sibling host', { 'sec-fetch-site': 'same-site', 'x-gatehouse-console': '1' }],
    ['an address that was typed in', { 'sec-fetch-site': 'none', 'x-gatehouse-console': '1' }],
    ['a page of our own without the header', { 'sec-fetch-site': 'same-origin' }],
    ['a browser that says nothing', { 'x-gatehouse-console': '1' }],
  ])('no change from %s, by any route', async (_name, headers) => {
    // There are more routes than one address may call within a minute.
    hub.clock.advance(60_000);
    const changing = await changingRoutes();
    expect(changing.length).toBeGreaterThan(30);
    for (const { method, path } of changing) {
      const answer = await raw(method, path, { cookie, origin: 'https://evil.example', ...headers });
      expect([method, path, answer.status]).toEqual([method, path, 403]);
    }
  });

  it('while each of these routes can be reached from the console', async () => {
    for (const { method, path } of await changingRoutes()) {
      if (path.startsWith('/api/v1/sessions') || path.endsWith('/current')) continue;
      const answer = await raw(method, path, { cookie, ...console, 'content-type': 'application/json' }, '[]');
      expect(`${method} ${path} ${answer.status}`).not.toMatch(/ (401|403|405|5\d\d)$/);
    }
  });

  it('never lets a page of another origin read an answer', async () => {
    for (const origin of ['https://evil.example', 'null', hub.url]) {
      const answer = await raw('GET', '/api/v1/org', { authorization: `SSWS ${hub.token}`, origin });
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      const preflight = await raw('OPTIONS', '/api/v1/apps', { origin, 'access-control-request-method': 'POST' });
      expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});

describe('a lost update', () => {
  it('is refused for an API token whose version has passed, and goes through without one', async () => {
    const made: Any = await hub.api('POST', '/api/v1/api-tokens', { name: 'versioned' });
    const path = `/api/v1/api-tokens/${made.id}`;
    const match = { 'if-match': (await hub.call('GET', path)).headers.get('etag')! };
    expect((await hub.call('PUT', path, { name: 'renamed' }, match)).status).toBe(200);
    expect((await hub.call('PUT', path, { name: 'lost' }, match)).status).toBe(412);
    expect(await hub.api('GET', path)).toMatchObject({ name: 'renamed' });
    expect((await hub.call('PUT', path, { name: 'won' })).status).toBe(200);
  });
});

describe('text that no database holds', () => {
  it('is a mistake of the caller, wherever it stands', async () => {
    const documented = (await (await raw('GET', '/api/v1/openapi.json', {})).json()) as Any;
    for (const path of Object.keys(documented.paths)) {
      const answer = await hub.call('GET', `${path.replace(/\{\w+\}/g, '%00')}?q=%00&after=%00&sourceId=%00`);
      expect(`${path} ${answer.status}`).not.toMatch(/ (200|5\d\d)$/);
    }
    for (const name of ['a\0b', 'a\ud800b']) {
      for (const body of [
        { profile: { name } },
        { profile: { name: 'x', [name]: 1 } },
        { profile: { name: [[name]] } },
      ])
        expect(await hub.call('POST', '/api/v1/groups', body)).toMatchObject({
          status: 400,
          body: { errorCode: 'E0000003' },
        });
    }
  });
  it('while every other character is kept', async () => {
    const name = 'Ω 漢字 🙂 \u0001 ﷺ';
    expect(await hub.api('POST', '/api/v1/groups', { profile: { name } })).toMatchObject({ profile: { name } });
  });
});

describe('how often', () => {
  it('is told in every answer, whatever it is', async () => {
    const authorization = `SSWS ${hub.token}`;
    const answers = [
      await raw('GET', '/api/v1/org', { authorization }),
      await raw('GET', '/api/v1/apps/0oaNONE', { authorization }),
      await raw('GET', '/api/v1/nothing', { authorization }),
      await raw('GET', '/api/v1/org', { authorization: 'SSWS wrong' }),
      await raw('GET', '/api/v1/org', {}),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 404, 401, 401]);
    for (const { headers } of answers) {
      expect(headers.get('x-rate-limit-limit')).toBe('600');
      expect(Number(headers.get('x-rate-limit-remaining'))).toBeLessThan(600);
      expect(Number(headers.get('x-rate-limit-reset'))).toBeGreaterThan(hub.clock.now().getTime() / 1000);
      expect(headers.get('x-okta-request-id')).toBeTruthy();
      expect(headers.get('date')).toBeTruthy();
    }
  });

  it('ends with a 429 that says when to come back; the next minute begins anew, and others are not concerned', async () => {
    hub.clock.advance(60_000);
    const token: Any = await hub.api('POST', '/api/v1/api-tokens', { name: 'busy' });
    const busy = { authorization: `SSWS ${token.value}` };
    let last = await raw('GET', '/api/v1/nothing', busy);
    for (let count = 1; count <= 600; count++) last = await raw('GET', '/api/v1/nothing', busy);
    expect(last.status).toBe(429);
    expect(((await last.json()) as Any).errorCode).toBe('E0000047');
    expect(last.headers.get('x-rate-limit-remaining')).toBe('0');
    expect(last.headers.get('x-rate-limit-reset')).toMatch(/^\d+$/);
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await hub.call('GET', '/api/v1/org')).status).toBe(200);
    hub.clock.advance(60_000);
    expect((await raw('GET', '/api/v1/org', busy)).status).toBe(200);
  });
});

/** Every route that changes something, with made-up ids, and a new minute in which to call them all. */
async function changingRoutes(): Promise<{ method: string; path: string }[]> {
  hub.clock.advance(60_000);
  const document = (await (await raw('GET', '/api/v1/openapi.json', {})).json()) as Any;
  return Object.entries<Any>(document.paths).flatMap(([path, item]) =>
    Object.keys(item)
      .filter((method) => method !== 'get')
      .map((method) => ({ method: method.toUpperCase(), path: path.replace(/\{\w+\}/g, 'x0oaNONE') })),
  );
}

async function signIn(): Promise<string> {
  const start = await fetch(`${hub.url}/login/default`, { redirect: 'manual' });
  const cookie = start.headers.getSetCookie().map((line) => line.split(';', 1)[0]!);
  const answer = await fetch(new URL(`${start.headers.get('location')}/password`, hub.url), {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: cookie.join('; '), origin: hub.url },
    body: new URLSearchParams({ login: ADMIN.email, password: ADMIN.password }),
  });
  const session = answer.headers.getSetCookie().find((line) => line.startsWith('__Host-gatehouse_sid='));
  if (session === undefined) throw new Error(`No session: ${answer.status}`);
  return session.split(';', 1)[0]!;
}
