/** Rules that ask who it is, what they sign in to and with what: the user name first, then the way (contract §7, §12). */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestHub } from './support/app.ts';
import { expectRefused } from './support/attacks.ts';
import { type Answer, type Browser, createBrowser } from './support/browser.ts';
import { createStage, type Stage } from './support/journey.ts';

const PASSWORD = 'correct horse battery staple';

let stage: Stage;
let hub: TestHub;
let rules: string;
const made: string[] = [];

beforeAll(async () => {
  stage = await createStage();
  ({ hub } = stage);
  rules = `/api/v1/policies/${stage.federation.policyId}/rules`;
  await hub.api('POST', `${rules}/${stage.federation.ruleId}/lifecycle/deactivate`);
  await hub.api('POST', '/api/v1/meta/schemas/user/default', {
    definitions: { custom: { properties: { byndidRegistered: { title: 'byndidRegistered', type: 'boolean' } } } },
  });
  await person('registered@example.com', { byndidRegistered: true });
  await person('known@example.com', {});
});
afterAll(() => stage?.close());
beforeEach(async () => {
  hub.clock.advance(61_000);
  stage.provider.reset();
  for (const id of made.splice(0)) await hub.api('DELETE', `${rules}/${id}`);
});

async function person(login: string, more: Record<string, unknown>): Promise<void> {
  await hub.api('POST', '/api/v1/users', {
    profile: { login, email: login, firstName: 'Ada', lastName: 'Person', ...more },
    credentials: { password: { value: PASSWORD } },
  });
}
interface Rule {
  id: string;
  conditions: { userIdentifier: unknown; platform: unknown };
  actions: { idp: unknown };
}
async function rule(conditions: object, idp: object = {}): Promise<Rule> {
  const providers = [{ type: 'OIDC', id: stage.federation.idpId }];
  const body = { type: 'IDP_DISCOVERY', name: `Rule ${made.length}`, priority: 1, conditions };
  const wire = await hub.api<Rule>('POST', rules, {
    ...body,
    actions: { idp: { providers, idpSelectionType: 'SPECIFIC', ...idp } },
  });
  made.push(wire.id);
  return wire;
}
const registered = {
  userIdentifier: {
    type: 'ATTRIBUTE',
    attribute: 'byndidRegistered',
    patterns: [{ matchType: 'EQUALS', value: 'true' }],
  },
};
const domain = (value: string) => ({
  userIdentifier: { type: 'IDENTIFIER', patterns: [{ matchType: 'SUFFIX', value }] },
});

/** The page of the portal's sign-in, or wherever the hub sends the person. */
const atPortal = async (browser: Browser) => browser.follow(await browser.get(`${hub.url}/`), isAway);
const isAway = (location: string) => location.startsWith(stage.provider.url);
const types = async (browser: Browser, page: Answer, login: string) =>
  browser.follow(await browser.post(`${page.url}/identifier`, { login }), isAway);
const asks = ({ body }: Answer) =>
  body.includes('name="password"')
    ? 'password'
    : body.includes('/identifier" ') || body.includes('name="login"')
      ? 'login'
      : 'choice';
/** A page without what differs in every sign-in. */
const bare = (page: Answer, login: string) =>
  page.body
    .replaceAll(/\/signin\/[\w-]+/g, '')
    .replaceAll(/nonce="[^"]+"/g, '')
    .replaceAll(login, '');

describe('a rule about an attribute of the person', () => {
  it('asks for the user name alone, and sends who fits to the provider', async () => {
    await rule(registered);
    const browser = createBrowser();
    const page = await atPortal(browser);
    expect(asks(page)).toBe('login');
    const away = await types(browser, page, 'registered@example.com');
    expect(new URL(away.location!).searchParams.get('login_hint')).toBe('registered@example.com');
  });

  it('shows the same page to who does not fit and to who does not exist', async () => {
    await rule(registered);
    const [known, unknown] = [createBrowser(), createBrowser()];
    const one = await types(known, await atPortal(known), 'known@example.com');
    const other = await types(unknown, await atPortal(unknown), 'nobody@example.com');
    expect([asks(one), asks(other)]).toEqual(['password', 'password']);
    expect(bare(one, 'known@example.com')).toBe(bare(other, 'nobody@example.com'));
    const signedIn = await known.post(`${one.url}/password`, { login: 'known@example.com', password: PASSWORD });
    expect(signedIn.status).toBe(303);
  });

  it('lets another user name be typed', async () => {
    await rule(registered);
    const browser = createBrowser();
    const page = await types(browser, await atPortal(browser), 'known@example.com');
    const again = await types(browser, page, '');
    expect([asks(again), again.url]).toEqual(['login', page.url]);
    expect((await types(browser, again, 'registered@example.com')).location).toContain(stage.provider.url);
  });

  it('takes the login_hint of an application for the typed name', async () => {
    await rule(registered);
    const { away } = await stage.start({ login_hint: 'registered@example.com' });
    expect(away.location).toContain(stage.provider.url);
    const browser = createBrowser();
    const journey = await stage.start({ login_hint: 'known@example.com' }, browser);
    expect(asks(await browser.follow(journey.away, isAway))).toBe('password');
  });

  it('asks nobody while a rule before it decides for everybody', async () => {
    await rule(registered);
    await rule({});
    const { away } = await stage.start();
    expect(away.location).toContain(stage.provider.url);
  });

  it('is named when somebody removes the attribute', async () => {
    const { id } = await rule(registered);
    const answer = await hub.call('POST', '/api/v1/meta/schemas/user/default', {
      definitions: { custom: { properties: { byndidRegistered: null } } },
    });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain(`the condition of the routing rule \\"Rule 0\\" (${id})`);
  });

  it('binds by who one is, not by what one typed, where it is enforced', async () => {
    await rule(registered, { enforce: true });
    const browser = createBrowser();
    const page = await types(browser, await atPortal(browser), 'known@example.com');
    await expectRefused(hub, { type: 'user.session.start', code: 'route_enforced', error: null }, () =>
      browser.post(`${page.url}/password`, { login: 'registered@example.com', password: PASSWORD }),
    );
    const other = createBrowser();
    const open = await types(other, await atPortal(other), 'known@example.com');
    expect((await other.post(`${open.url}/password`, { login: 'known@example.com', password: PASSWORD })).status).toBe(
      303,
    );
  });

  it('binds who comes from another provider, by the account that the provider leads to', async () => {
    await rule(registered, { enforce: true });
    const elsewhere = await stage.createIdp();
    stage.provider.claims = stage.newPerson({ email: 'registered@example.com' });
    const journey = await stage.start({ idp: elsewhere, login_hint: 'known@example.com' });
    await expectRefused(hub, { code: 'route_enforced', error: 'access_denied' }, () => stage.finish(journey));
    stage.provider.claims = stage.newPerson();
    const twin = await stage.start({ idp: elsewhere });
    expect((await stage.finish(twin)).location).toContain('code=');
  });
});

describe('a rule about the user name', () => {
  it('goes by its domain', async () => {
    await rule(domain('partner.example'));
    const browser = createBrowser();
    const page = await atPortal(browser);
    expect((await types(browser, page, 'anybody@partner.example')).location).toContain(stage.provider.url);
    const own = createBrowser();
    expect(asks(await types(own, await atPortal(own), 'anybody@example.com'))).toBe('password');
  });

  it('finds the provider by name, and falls back where it says so', async () => {
    const idpId = await stage.createIdp({ name: 'dynamic.example' });
    const criteria = [{ providerExpression: "login.identifier.substringAfter('@')" }];
    const wire = await rule({}, { providers: [], idpSelectionType: 'DYNAMIC', matchCriteria: criteria });
    expect(wire.actions.idp).toMatchObject({
      providers: [],
      idpSelectionType: 'DYNAMIC',
      matchCriteria: [{ ...criteria[0], propertyName: 'name' }],
      shouldFallBackToOkta: false,
    });
    const browser = createBrowser();
    const away = await types(browser, await atPortal(browser), 'anybody@dynamic.example');
    expect(away.location).toContain(stage.provider.url);
    const state = new URL(away.location!).searchParams.get('state');
    expect(state).not.toBeNull();
    await hub.api('POST', `/api/v1/idps/${idpId}/lifecycle/deactivate`);
    const late = createBrowser();
    expect(asks(await types(late, await atPortal(late), 'anybody@dynamic.example'))).toBe('password');
  });

  it('that is too long, empty or full of markup is a user name like any other', async () => {
    await rule(registered);
    for (const login of ['x'.repeat(5_000), '<script>alert(1)</script>', '\u0000', '  ', "' or 1=1 --"]) {
      const browser = createBrowser();
      const page = await types(browser, await atPortal(browser), login);
      expect([page.status, page.body.includes('<script>alert')]).toEqual([200, false]);
    }
  });

  it('is taken from a page of the hub only', async () => {
    await rule(registered);
    const browser = createBrowser();
    const page = await atPortal(browser);
    const foreign = await browser.post(`${page.url}/identifier`, { login: 'x' }, { origin: 'https://evil.example' });
    expect(foreign.status).toBe(403);
  });
});

describe('a rule about device and application', () => {
  it('goes by what the browser says of itself', async () => {
    const { conditions } = await rule({ platform: { include: [{ type: 'MOBILE', os: { type: 'IOS' } }] } });
    expect(conditions.platform).toEqual({ include: [{ type: 'MOBILE', os: { type: 'IOS' } }], exclude: [] });
    const { away } = await stage.start();
    const start = async (userAgent: string) =>
      (await fetch(away.url, { redirect: 'manual', headers: { 'user-agent': userAgent } })).headers.get('location');
    expect(await start('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)')).toContain(stage.provider.url);
    expect(await start('Mozilla/5.0 (Windows NT 10.0)')).toContain('/signin/');
  });

  it('goes by the kind of application', async () => {
    await rule({ app: { include: [{ type: 'APP_TYPE', name: 'oidc_client' }], exclude: [] } });
    expect((await stage.start()).away.location).toContain(stage.provider.url);
    await rule(
      { app: { include: [{ type: 'APP_TYPE', name: 'another_kind' }], exclude: [] } },
      { presentation: 'PAGE' },
    );
    expect((await stage.start()).away.location).toContain(stage.provider.url);
    expect(asks(await atPortal(createBrowser()))).toBe('password');
  });
});
