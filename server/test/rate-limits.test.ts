/** Limits of an org as its settings say, and those that count failures by network (contract §1.4). */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { askToken, assertion, createApiClient } from './support/api-client.ts';
import { ADMIN, startHub, type TestHub } from './support/app.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;

const SETTINGS = '/api/gatehouse/v1/org/settings';
let hub: TestHub;

beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());
beforeEach(() => hub.clock.advance(60_000));

describe('the settings of an org', () => {
  it('say how often, are in force at once, and refuse what would shut everybody out', async () => {
    expect(await hub.api(`GET`, SETTINGS)).toEqual({ requestsPerMinute: 600, tokenFailuresPerMinute: 60 });
    for (const wrong of [{ requestsPerMinute: 10 }, { requestsPerMinute: 1.5 }, { tokenFailuresPerMinute: 0 }])
      expect((await hub.call('PUT', SETTINGS, wrong)).status).toBe(400);
    expect(await hub.api('PUT', SETTINGS, { requestsPerMinute: 60 })).toMatchObject({
      requestsPerMinute: 60,
      tokenFailuresPerMinute: 60,
    });
    let last = await hub.call('GET', '/api/v1/org');
    expect(last.headers.get('x-rate-limit-limit')).toBe('60');
    while (last.status === 200) last = await hub.call('GET', '/api/v1/org');
    expect([last.status, (last.body as Any).errorCode]).toEqual([429, 'E0000047']);
    for (const name of ['x-rate-limit-reset', 'x-okta-request-id', 'date', 'retry-after'])
      expect(last.headers.get(name)).toBeTruthy();
    expect(last.headers.get('x-rate-limit-reset')).toMatch(/^\d+$/);
    hub.clock.advance(60_000);
    await hub.api('PUT', SETTINGS, { requestsPerMinute: 600 });
    expect((await hub.events('gatehouse.org.update')).length).toBe(2);
  });
});

describe('an address that leads nowhere', () => {
  it.each([
    ['no encoding', '/api/v1/users/%zz', 400, 'E0000003'],
    ['no UTF-8', '/api/v1/users/%FF%FE/groups?limit=1', 400, 'E0000003'],
    ['a percent sign', '/api/v1/users/100%25', 404, 'E0000007'],
    ['a long id', `/api/v1/users/${'a'.repeat(400)}`, 404, 'E0000007'],
    ['a longer one', `/api/v1/groups/${'a'.repeat(4_000)}/users`, 404, 'E0000007'],
    ['no path', '/api/v1/nothing', 404, 'E0000008'],
  ])('is counted and told of as every call is: %s', async (_what, path, status, code) => {
    const before = Number((await hub.call('GET', '/api/v1/org')).headers.get('x-rate-limit-remaining'));
    const answer = await hub.call('GET', path);
    expect([answer.status, (answer.body as Any).errorCode]).toEqual([status, code]);
    expect(Number(answer.headers.get('x-rate-limit-remaining'))).toBe(before - 1);
    for (const name of ['x-rate-limit-limit', 'x-rate-limit-reset', 'x-okta-request-id', 'date'])
      expect(answer.headers.get(name)).toBeTruthy();
  });
});

describe('clients that cannot prove themselves', () => {
  it('are stopped by network, with the right ones of that network, for the rest of the minute', async () => {
    const client = await createApiClient(hub, { scopes: ['okta.users.read'] });
    await hub.api('PUT', SETTINGS, { tokenFailuresPerMinute: 5 });
    const right = () => askToken(hub, 'okta.users.read', assertion(hub, client));
    for (let count = 0; count < 20; count++) expect((await right()).status).toBe(200);
    for (let count = 0; count < 5; count++) expect((await askToken(hub, 'okta.users.read', 'wrong')).status).toBe(401);
    const stopped = await right();
    expect([stopped.status, stopped.body.errorCode]).toEqual([429, 'E0000047']);
    hub.clock.advance(60_000);
    expect((await right()).status).toBe(200);
  });
});

describe('authn', () => {
  const ask = async (password: string) => {
    const answer = await fetch(`${hub.url}/api/v1/authn`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: ADMIN.email, password }),
    });
    return [answer.status, Number(answer.headers.get('x-rate-limit-remaining'))];
  };
  it('counts what fails, not what succeeds, and not together with the rest of the API', async () => {
    const [, before] = await ask(ADMIN.password);
    await fetch(`${hub.url}/api/v1/org`);
    expect(await ask(ADMIN.password)).toEqual([200, before]);
    expect((await ask('wrong'))[0]).toBe(401);
    expect(await ask(ADMIN.password)).toEqual([200, before! - 1]);
  });
});
