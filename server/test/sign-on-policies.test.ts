/** What sign-on policies say, on whole sign-ins: who is let in, for how long, and what is left of a refusal. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN, startHub, type TestHub } from './support/app.ts';
import { expectRefused, expectSignedIn, logMark, logSince } from './support/attacks.ts';
import { type Browser, createBrowser } from './support/browser.ts';
import { CONSOLE, createStage, SID_COOKIE, type Stage } from './support/journey.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;

const PASSWORD = 'correct horse battery staple';
const POLICIES = '/api/v1/policies';
const MINUTE = 60_000;

let stage: Stage;
let hub: TestHub;
let guests: string;
let everyone: string;

beforeAll(async () => {
  stage = await createStage();
  ({ hub } = stage);
  guests = (await hub.api<Any>('POST', '/api/v1/groups', { profile: { name: 'Guests' } })).id;
  [{ id: everyone }] = await hub.api<Any>('GET', '/api/v1/groups?q=Everyone');
});
afterAll(() => stage?.close());
beforeEach(async () => {
  hub.clock.advance(61_000);
  stage.provider.reset();
  for (const policy of await hub.api<Any[]>('GET', `${POLICIES}?type=OKTA_SIGN_ON`))
    if (!policy.system) await hub.api('DELETE', `${POLICIES}/${policy.id}`);
});

async function person(groupIds: string[] = []): Promise<{ id: string; login: string }> {
  const login = `${randomUUID()}@example.com`;
  const { id } = await hub.api<Any>('POST', '/api/v1/users', {
    profile: { login, email: login, firstName: 'Ada', lastName: 'Person' },
    credentials: { password: { value: PASSWORD } },
    groupIds,
  });
  return { id, login };
}
async function policyFor(
  group: string,
  signon: object,
  conditions: object = {},
): Promise<{ id: string; rule: string }> {
  const { id } = await hub.api<Any>('POST', POLICIES, {
    type: 'OKTA_SIGN_ON',
    name: 'For guests',
    conditions: { people: { groups: { include: [group] } } },
  });
  const rule = await hub.api<Any>('POST', `${POLICIES}/${id}/rules`, {
    type: 'SIGN_ON',
    name: 'Guests',
    conditions,
    actions: { signon },
  });
  return { id, rule: rule.id };
}
const DENY = { access: 'DENY' };
const session = (idle: number, lifetime = 0) => ({
  access: 'ALLOW',
  session: { usePersistentCookie: false, maxSessionIdleMinutes: idle, maxSessionLifetimeMinutes: lifetime },
});
const signedIn = async (browser: Browser): Promise<Any> => {
  const answer = await fetch(`${hub.url}/api/v1/sessions/me`, {
    headers: { ...CONSOLE, cookie: `${SID_COOKIE}=${browser.cookies(stage.host).get(SID_COOKIE) ?? ''}` },
  });
  return answer.ok ? answer.json() : null;
};
const authn = (username: string) =>
  fetch(`${hub.url}/api/v1/authn`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password: PASSWORD }),
  });
const minutesLeft = ({ expiresAt }: Any) => (Date.parse(expiresAt) - hub.clock.now().getTime()) / MINUTE;
const targets = ({ target }: { target: { type: string; id: string }[] }) =>
  target.filter(({ type }) => type.startsWith('Policy')).map(({ id }) => id);

describe('a rule that denies', () => {
  it('keeps out who signs in by password, with a page, one failed event and the trace of it', async () => {
    const { login } = await person([guests]);
    const { id, rule } = await policyFor(guests, DENY);
    const { answer, event } = await expectRefused(
      hub,
      { code: 'sign_on_denied', type: 'user.session.start', error: null },
      () => stage.password(createBrowser(), login, PASSWORD),
    );
    expect(answer.body).toContain('You cannot sign in here');
    expect(event.outcome.reason).toBe('The rule "Guests" of the sign-on policy "For guests" denies access.');
    expect(targets(event)).toEqual([id, rule]);
    const trace = await hub.api<Any>('GET', `/api/gatehouse/v1/sign-ins/${event.transaction.id}`);
    expect(trace.steps.map(({ kind }: Any) => kind)).toContain('sign_on.evaluated');
  });

  it('lets in who is in another group, or left out of the rule', async () => {
    const [other, excepted] = [await person(), await person([guests])];
    await policyFor(guests, DENY, { people: { users: { exclude: [excepted.id] } } });
    for (const { login } of [other, excepted]) {
      const browser = createBrowser();
      expect((await stage.password(browser, login, PASSWORD)).status).toBe(303);
      expect(await signedIn(browser)).toMatchObject({ login });
    }
  });

  it('keeps out who comes from a provider, and sends the application its error; nobody is created', async () => {
    stage.provider.claims = stage.newPerson();
    await policyFor(everyone, DENY);
    const { event } = await expectRefused(hub, { code: 'sign_on_denied', error: 'access_denied' }, async () =>
      stage.finish(await stage.start()),
    );
    expect(event.outcome.reason).toContain('"For guests"');
  });

  it('holds for groups that the very sign-in gives', async () => {
    const idpId = await stage.createIdp({
      policy: {
        provisioning: {
          action: 'AUTO',
          profileMaster: true,
          groups: { action: 'ASSIGN', assignments: [guests] },
        },
      },
    });
    await policyFor(guests, DENY);
    stage.provider.claims = stage.newPerson();
    await expectRefused(hub, { code: 'sign_on_denied', error: 'access_denied' }, async () =>
      stage.finish(await stage.start({ idp: idpId })),
    );
    stage.provider.claims = stage.newPerson();
    const journey = await stage.start();
    await expectSignedIn(hub, stage.federation, journey.verifier, await stage.finish(journey));
  });

  it('gives no session token, and takes none that was given before', async () => {
    const { login } = await person([guests]);
    const { sessionToken } = (await (await authn(login)).json()) as Any;
    await policyFor(guests, DENY);
    let mark = await logMark(hub);
    expect((await authn(login)).status).toBe(401);
    const failures = async () =>
      (await logSince(hub, mark)).map(({ eventType, outcome, debugContext }) => [
        eventType,
        outcome.result,
        debugContext.debugData.code,
      ]);
    expect(await failures()).toEqual([['user.session.start', 'FAILURE', 'sign_on_denied']]);
    mark = await logMark(hub);
    expect((await hub.call('POST', '/api/v1/sessions', { sessionToken })).status).toBe(401);
    expect(await failures()).toEqual([['user.session.start', 'FAILURE', 'sign_on_denied']]);
  });

  it('never shuts a super administrator out of the hub’s own pages, and warns', async () => {
    const { id, rule } = await policyFor(everyone, DENY);
    const browser = createBrowser();
    expect((await stage.password(browser, ADMIN.email, ADMIN.password)).status).toBe(303);
    expect(minutesLeft(await signedIn(browser))).toBe(120);
    const [event, ...more] = await hub.events('gatehouse.sign_in.administrator_outside_policy');
    expect([event!.severity, targets(event!), more]).toEqual(['WARN', [id, rule], []]);
    const helper = await person();
    await hub.api('POST', `/api/v1/users/${helper.id}/roles`, { type: 'HELP_DESK_ADMIN' });
    await expectRefused(hub, { code: 'sign_on_denied', type: 'user.session.start', error: null }, () =>
      stage.password(createBrowser(), helper.login, PASSWORD),
    );
  });

  it('is over when its policy is switched off', async () => {
    const { login } = await person([guests]);
    const { id } = await policyFor(guests, DENY);
    await hub.api('POST', `${POLICIES}/${id}/lifecycle/deactivate`);
    expect((await stage.password(createBrowser(), login, PASSWORD)).status).toBe(303);
  });
});

describe('a rule that gives a session its length', () => {
  const enters = async (login: string) => {
    const browser = createBrowser();
    expect((await stage.password(browser, login, PASSWORD)).status).toBe(303);
    return browser;
  };

  it('ends it after that time without use, while a session without the rule goes on', async () => {
    const [guest, other] = [await person([guests]), await person()];
    await policyFor(guests, session(10));
    const [short, long] = [await enters(guest.login), await enters(other.login)];
    expect(minutesLeft(await signedIn(short))).toBe(10);
    hub.clock.advance(10 * MINUTE + 1);
    expect(await signedIn(short)).toBeNull();
    expect(await signedIn(long)).toMatchObject({ login: other.login });
  });

  it('puts the end off by its own length with each use, however short it is', async () => {
    const { login } = await person([guests]);
    await policyFor(guests, session(3));
    const browser = await enters(login);
    for (let use = 0; use < 5; use++) {
      hub.clock.advance(2 * MINUTE);
      expect(await signedIn(browser)).not.toBeNull();
    }
    expect(minutesLeft(await signedIn(browser))).toBe(3);
    hub.clock.advance(3 * MINUTE + 1);
    expect(await signedIn(browser)).toBeNull();
  });

  it('ends it at its lifetime, however much it is used or refreshed', async () => {
    const { login } = await person([guests]);
    await policyFor(guests, session(10, 25));
    const browser = await enters(login);
    const { id } = await signedIn(browser);
    for (let use = 0; use < 3; use++) {
      hub.clock.advance(8 * MINUTE);
      await hub.api('POST', `/api/v1/sessions/${id}/lifecycle/refresh`);
    }
    expect(minutesLeft(await signedIn(browser))).toBe(1);
    hub.clock.advance(MINUTE + 1);
    expect(await signedIn(browser)).toBeNull();
  });

  it('never makes it longer than the hub’s own lengths', async () => {
    const { login } = await person([guests]);
    await policyFor(guests, session(10_000, 20_000));
    const browser = await enters(login);
    expect(minutesLeft(await signedIn(browser))).toBe(120);
    const { id } = await signedIn(browser);
    for (let hour = 0; hour < 11; hour++) {
      hub.clock.advance(60 * MINUTE);
      await hub.api('POST', `/api/v1/sessions/${id}/lifecycle/refresh`);
    }
    expect(minutesLeft(await signedIn(browser))).toBe(60);
  });

  it('holds for people of a provider and for session tokens too, and is told of in the log', async () => {
    const { id, rule } = await policyFor(everyone, session(10));
    stage.provider.claims = stage.newPerson();
    const browser = createBrowser();
    const mark = await logMark(hub);
    await stage.signsIn({}, browser);
    expect(minutesLeft(await signedIn(browser))).toBe(10);
    const evaluated = (await logSince(hub, mark)).filter(({ eventType }) => eventType === 'policy.evaluate_sign_on');
    expect(evaluated.map((event) => [event.outcome.result, targets(event)])).toEqual([['ALLOW', [id, rule]]]);
    const { login } = await person();
    const { sessionToken } = (await (await authn(login)).json()) as Any;
    expect(minutesLeft(await hub.api('POST', '/api/v1/sessions', { sessionToken }))).toBe(10);
  });

  it('leaves no event where the default rule decides', async () => {
    const { login } = await person();
    const mark = await logMark(hub);
    await enters(login);
    expect((await logSince(hub, mark)).map(({ eventType }) => eventType)).toEqual(['user.session.start']);
  });

  it('can be the default rule: it then holds for everybody', async () => {
    const { login } = await person();
    const [policy] = await hub.api<Any[]>('GET', `${POLICIES}?type=OKTA_SIGN_ON`);
    const [rule] = await hub.api<Any[]>('GET', `${POLICIES}/${policy.id}/rules`);
    const path = `${POLICIES}/${policy.id}/rules/${rule.id}`;
    await hub.api('PUT', path, { ...rule, actions: { signon: session(15) } });
    expect(minutesLeft(await signedIn(await enters(login)))).toBe(15);
    await hub.api('PUT', path, rule);
    expect(minutesLeft(await signedIn(await enters(login)))).toBe(120);
  });
});

describe('a hub of an earlier version', () => {
  it('has no default policy: everybody is let in, and the next start makes it', async () => {
    await hub.database.query({
      text: `with gone as (delete from policies where type = 'OKTA_SIGN_ON' returning id)
        delete from policy_rules where policy_id in (select id from gone)`,
      values: [],
    });
    await hub.database.query({ text: 'update orgs set config_version = config_version + 1', values: [] });
    const { login } = await person();
    expect((await stage.password(createBrowser(), login, PASSWORD)).status).toBe(303);
    const next = await startHub({ beside: hub });
    expect(await next.api('GET', `${POLICIES}?type=OKTA_SIGN_ON`)).toMatchObject([
      { name: 'Default Policy', system: true },
    ]);
    await next.close();
  });
});
