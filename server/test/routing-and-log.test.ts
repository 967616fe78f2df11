/**
 * What the guide's troubleshooting section says, from the administrator's side: each failure shows its cause in the System Log and in
 * the trace of the sign-in, and the twin of each works.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LogEvent, TestHub } from './support/app.ts';
import { expectRefused, expectSignedIn, logMark, logSince } from './support/attacks.ts';
import { type Answer, type Browser, createBrowser } from './support/browser.ts';
import { authorizeUrl, CLAIMS, createClient, REDIRECT_URI } from './support/federation.ts';
import { createStage, SID_COOKIE, type Stage } from './support/journey.ts';
import type { StubProvider } from './support/stub-openid-provider.ts';

let stage: Stage;
let hub: TestHub;
let provider: StubProvider;

beforeAll(async () => {
  stage = await createStage();
  ({ hub, provider } = stage);
});
afterAll(() => stage?.close());
beforeEach(() => {
  hub.clock.advance(61_000);
  provider.reset();
  provider.claims = stage.newPerson();
});

interface Step {
  kind: string;
  outcome: string;
  code?: string;
  title: string;
  detail: { label: string; received?: unknown; made?: unknown; personal?: boolean }[];
}
interface SignIn {
  id: string;
  outcome: string;
  reason: string | null;
  application: { id: string; label: string } | null;
  identityProvider: { id: string; name: string } | null;
  user: { id: string | null; login: string | null } | null;
  steps: Step[];
}

/** The trace that an event belongs to; nothing in it shows what the person's claims say. */
async function traceOf(event: LogEvent): Promise<SignIn> {
  const trace = await hub.api<SignIn>('GET', `/api/gatehouse/v1/sign-ins/${event.transaction.id}`);
  for (const secret of [CLAIMS.phone, CLAIMS.uuid, 'Twinkle'])
    expect(JSON.stringify(trace.steps)).not.toContain(secret);
  return trace;
}
const kinds = ({ steps }: SignIn) => steps.map(({ kind, outcome }) => `${kind} ${outcome}`);
const firstFailure = ({ steps }: SignIn) => steps.find(({ outcome }) => outcome === 'FAILED');
const told = (step: Step | undefined) => JSON.stringify(step?.detail);

const comesBy = async (idpId: string): Promise<Answer> => stage.finish(await stage.start({ idp: idpId }));
async function signsInBy(idpId: string): Promise<Record<string, unknown>> {
  const journey = await stage.start({ idp: idpId });
  return expectSignedIn(hub, stage.federation, journey.verifier, await stage.finish(journey));
}
const endpoints = () => ({
  authorization: { url: `${provider.url}/authorize`, binding: 'HTTP-REDIRECT' },
  token: { url: `${provider.url}/token`, binding: 'HTTP-POST' },
  jwks: { url: `${provider.url}/keys`, binding: 'HTTP-REDIRECT' },
});

describe('a sign-in that works', () => {
  it('is told step by step, with names, and without what the claims say', async () => {
    const mark = await logMark(hub);
    const claims = await stage.signsIn();
    const events = await logSince(hub, mark);
    const trace = await traceOf(events.find(({ eventType }) => eventType === 'user.authentication.auth_via_IDP')!);
    expect(kinds(trace)).toEqual([
      'request.received INFO',
      'request.checked PASSED',
      'rule.chosen PASSED',
      'provider.sent PASSED',
      'provider.returned PASSED',
      'provider.called PASSED',
      'identity.checked PASSED',
      'attributes.mapped CHANGED',
      'account.matched INFO',
      'account.decided CHANGED',
      'account.written CHANGED',
      'grant.issued PASSED',
      'token.issued PASSED',
    ]);
    expect(trace).toMatchObject({
      outcome: 'SUCCESS',
      application: { label: 'Portal of tests' },
      identityProvider: { id: stage.federation.idpId, name: 'ID.me IdP - OIDC' },
      user: { id: claims.sub, login: provider.claims.email },
    });
    for (const { title } of trace.steps) expect(title).not.toMatch(/^[a-z_.]+$/);
    const mapped = trace.steps.find(({ kind }) => kind === 'attributes.mapped')!;
    const lines = mapped.detail.filter(({ personal }) => personal === true);
    expect(lines.map(({ label }) => label)).toEqual(
      expect.arrayContaining(['fname', 'user.firstName', 'user.idme_uuid']),
    );
    const uuid = mapped.detail.find(({ label }) => label === 'user.idme_uuid');
    expect(uuid?.made).toBe(`7… (${CLAIMS.uuid.length} characters)`);
  });

  it('leaves the events of the contract in their order, all under one trace', async () => {
    const mark = await logMark(hub);
    await stage.signsIn();
    const events = await logSince(hub, mark);
    expect(events.map(({ eventType }) => eventType)).toEqual([
      'user.lifecycle.create',
      'user.lifecycle.activate',
      'user.authentication.auth_via_IDP',
      'user.session.start',
      'user.authentication.sso',
      'app.oauth2.authorize.code',
      'app.oauth2.token.grant',
    ]);
    expect(new Set(events.map(({ transaction }) => transaction.id)).size).toBe(1);
    const { id } = events[0]!.transaction;
    const filter = encodeURIComponent(`transaction.id eq "${id}" and outcome.result eq "SUCCESS"`);
    expect(await hub.api('GET', `/api/v1/logs?filter=${filter}`)).toHaveLength(events.length);
  });
});

describe('where a request went', () => {
  const placeOf = ({ debugContext: { debugData } }: LogEvent) => [debugData.requestUri, debugData.url];

  it('stands in its events: the path, and that there was a query, never what the query says', async () => {
    const mark = await logMark(hub);
    await stage.signsIn();
    const events = await logSince(hub, mark);
    const callback = '/oauth2/v1/authorize/callback';
    expect(placeOf(events.find(({ eventType }) => eventType === 'user.authentication.auth_via_IDP')!)).toEqual([
      callback,
      `${callback}?`,
    ]);
    const token = events.find(({ eventType }) => eventType.startsWith('app.oauth2.token.grant'))!;
    expect(placeOf(token)).toEqual(['/oauth2/v1/token', '/oauth2/v1/token']);
    expect(JSON.stringify(events)).not.toMatch(/[?&](?:code|state)=/);
  });

  it('names the object of a management call, and no secret that stands in a path', async () => {
    const mark = await logMark(hub);
    const login = 'where-to@example.com';
    const profile = { login, email: login, firstName: 'W', lastName: 'T' };
    const user = await hub.api<{ id: string }>('POST', '/api/v1/users?activate=false', { profile });
    const { activationToken } = await hub.api<{ activationToken: string }>(
      'POST',
      `/api/v1/users/${user.id}/lifecycle/activate?sendEmail=false`,
    );
    const chosen = new URLSearchParams({ password: 'a password of this person', repeat: 'a password of this person' });
    await fetch(`${hub.url}/welcome/${activationToken}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: hub.url },
      body: chosen,
    });
    const events = await logSince(hub, mark);
    const of = (type: string) => events.filter(({ eventType }) => eventType === type).map(placeOf);
    const activate = `/api/v1/users/${user.id}/lifecycle/activate`;
    expect(of('user.lifecycle.create')).toEqual([['/api/v1/users', '/api/v1/users?']]);
    expect(of('user.lifecycle.activate')[0]).toEqual([activate, `${activate}?`]);
    expect(of('user.account.update_password')).toEqual([['/welcome/:token', '/welcome/:token']]);
    expect(JSON.stringify(events)).not.toContain(activationToken);
  });
});

describe('the userinfo endpoint is filled in', () => {
  const userInfo = () => ({ url: `${provider.url}/userinfo`, binding: 'HTTP-REDIRECT' });
  const quotedJwt = async () => ({ body: JSON.stringify(await provider.sign({ sub: provider.claims.sub })) });

  it('the log says what came instead of JSON and to leave the field blank; without it the sign-in works', async () => {
    const preset = { endpoints: { ...endpoints(), userInfo: userInfo() } };
    const idpId = await stage.createIdp({ protocol: preset });
    const idp = await hub.api<Record<string, unknown>>('GET', `/api/v1/idps/${idpId}`);
    await hub.api('PUT', `/api/v1/idps/${idpId}`, { ...idp, preset: 'idme-oidc' });
    provider.userInfo = quotedJwt;
    const { event } = await expectRefused(hub, { code: 'userinfo_not_json', error: 'access_denied' }, () =>
      comesBy(idpId),
    );
    expect(event.outcome.reason).toContain('200');
    expect(event.outcome.reason).toContain('quoted JWT');
    expect(String(event.debugContext.debugData.hint)).toMatch(/blank|empty|remove/i);
    const trace = await traceOf(event);
    expect(trace.outcome).toBe('FAILURE');
    expect(firstFailure(trace)).toMatchObject({ kind: 'provider.called', code: 'userinfo_not_json' });
    expect(told(firstFailure(trace))).toContain('userinfo');
    expect(kinds(trace).slice(-2)).toEqual(['provider.called FAILED', 'sign_in.refused FAILED']);
    expect(kinds(trace)).not.toContain('account.decided FAILED');

    const without = await hub.api<{ protocol: { endpoints: Record<string, unknown> } }>('GET', `/api/v1/idps/${idpId}`);
    delete without.protocol.endpoints.userInfo;
    await hub.api('PUT', `/api/v1/idps/${idpId}`, without);
    await signsInBy(idpId);
  });

  it('and where the answer is to be read as a quoted JWT, it works', async () => {
    const idpId = await stage.createIdp({
      protocol: { endpoints: { ...endpoints(), userInfo: userInfo() }, settings: { parseUserInfo: 'quoted_jwt' } },
    });
    provider.userInfo = quotedJwt;
    await signsInBy(idpId);
  });

  it.each([
    ['a page', () => ({ type: 'text/html', body: '<h1>Sign in</h1>' }), 'userinfo_not_json', 'HTML'],
    ['nothing', () => ({ body: '' }), 'userinfo_not_json', 'empty'],
    ['401', () => ({ status: 401, body: '{}' }), 'userinfo_refused', '401'],
  ])('%s in its place is named', async (_name, answer, code, words) => {
    const idpId = await stage.createIdp({ protocol: { endpoints: { ...endpoints(), userInfo: userInfo() } } });
    provider.userInfo = answer;
    const { event } = await expectRefused(hub, { code }, () => comesBy(idpId));
    expect(event.outcome.reason).toContain(words);
  });
});

describe('the scope does not match the policy', () => {
  it('the log says which scopes were sent and what the provider answered', async () => {
    const journey = await stage.start();
    const state = new URL(journey.away.location!).searchParams.get('state')!;
    const query = new URLSearchParams({ error: 'invalid_scope', error_description: 'Unknown policy handle', state });
    const { event } = await expectRefused(hub, { code: 'provider_scope_refused', error: 'access_denied' }, () =>
      journey.browser.get(`${hub.url}/oauth2/v1/authorize/callback?${query}`),
    );
    expect(event.outcome.reason).toContain('openid nist_aal2_ial2');
    expect(event.outcome.reason).toContain('Unknown policy handle');
    expect(event.debugContext.debugData.hint).toBeTruthy();
    const trace = await traceOf(event);
    expect(firstFailure(trace)).toMatchObject({ kind: 'provider.returned', code: 'provider_scope_refused' });
    expect(kinds(trace)).toEqual([
      'request.received INFO',
      'request.checked PASSED',
      'rule.chosen PASSED',
      'provider.sent PASSED',
      'provider.returned FAILED',
      'sign_in.refused FAILED',
    ]);
    await stage.signsIn();
  });
});

describe('a page of the sign-in', () => {
  it('tells once which rule led to it, however often it is shown', async () => {
    const mark = await logMark(hub);
    const browser = createBrowser();
    const page = await browser.follow(await browser.get(`${hub.url}/`));
    for (let times = 0; times < 2; times++) expect((await browser.get(page.url)).status).toBe(200);
    const idp = /name="idp" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
    provider.claims = stage.newPerson();
    await stage.finish({ browser, away: await browser.post(`${page.url}/provider`, { idp }), verifier: '' });
    const trace = await traceOf(
      (await logSince(hub, mark)).find(({ eventType }) => eventType === 'user.authentication.auth_via_IDP')!,
    );
    expect(kinds(trace).slice(0, 3)).toEqual(['sign_in.began INFO', 'rule.chosen PASSED', 'provider.sent PASSED']);
    expect(trace.steps[1]!.title).toMatch(/^Routing rule chosen: ./);
  });
});

describe('a mapping is missing', () => {
  const REQUIRED = "'firstName', 'lastName'";
  /** A provider whose claims have names of their own, and nobody mapped them. */
  const unmapped = () => stage.createIdp();
  const withoutNames = () => stage.newPerson({ given_name: undefined, family_name: undefined });

  it('the log names the attributes, the trace shows which claims came, and with the mapping the sign-in works', async () => {
    const idpId = await unmapped();
    provider.claims = withoutNames();
    const { event, answer } = await expectRefused(
      hub,
      { code: 'jit_failure_missing_fields', creates: true, error: 'jit_failure_missing_fields' },
      () => comesBy(idpId),
    );
    expect(new URL(answer.location!).searchParams.get('error_description')).toBe(
      `Unable to create the user. The following required properties are missing: ${REQUIRED}.`,
    );
    expect(event.outcome.reason).toContain(REQUIRED);
    expect(event.outcome.reason).toMatch(/mapping/);
    expect(event.debugContext.debugData.row).toBe(9);
    const trace = await traceOf(event);
    expect(firstFailure(trace)).toMatchObject({ kind: 'account.decided', code: 'jit_failure_missing_fields' });
    const mapped = trace.steps.find(({ kind }) => kind === 'attributes.mapped')!;
    const labels = mapped.detail.map(({ label }) => label);
    expect(labels).toEqual(expect.arrayContaining(['fname', 'lname', 'user.email']));
    expect(labels).not.toContain('user.firstName');

    const [mapping] = await hub.api<{ id: string }[]>('GET', `/api/v1/mappings?sourceId=${idpId}`);
    const push = (expression: string) => ({ expression, pushStatus: 'PUSH' });
    await hub.api('POST', `/api/v1/mappings/${mapping!.id}`, {
      properties: { firstName: push('appuser.fname'), lastName: push('appuser.lname') },
    });
    await signsInBy(idpId);
  });

  it('with "required" switched off the person is created with the gap', async () => {
    const idpId = await unmapped();
    const require = (required: boolean) =>
      hub.api('POST', '/api/v1/meta/schemas/user/default', {
        definitions: {
          base: { id: '#base', type: 'object', properties: { firstName: { required }, lastName: { required } } },
        },
      });
    await require(false);
    provider.claims = withoutNames();
    const claims = await signsInBy(idpId);
    const user = await hub.api<{ status: string; profile: Record<string, unknown> }>(
      'GET',
      `/api/v1/users/${claims.sub}`,
    );
    expect(user.status).toBe('ACTIVE');
    expect(user.profile.firstName ?? null).toBeNull();
    expect(user.profile.lastName ?? null).toBeNull();
    await require(true);
    provider.claims = withoutNames();
    await expectRefused(hub, { code: 'jit_failure_missing_fields', creates: true }, () => comesBy(idpId));
  });
});

describe('the button does not appear', () => {
  interface Rule {
    id: string;
    path: string;
    client: { clientId: string; clientSecret: string };
  }
  async function ruleFor(name: string): Promise<Rule> {
    const client = await createClient(hub);
    const apps = await hub.api<{ id: string; credentials: { oauthClient: { client_id: string } } }[]>(
      'GET',
      '/api/v1/apps?limit=200',
    );
    const appId = apps.find((app) => app.credentials.oauthClient.client_id === client.clientId)!.id;
    const rules = `/api/v1/policies/${stage.federation.policyId}/rules`;
    const { id } = await hub.api<{ id: string }>('POST', `${rules}?activate=false`, {
      type: 'IDP_DISCOVERY',
      name,
      priority: 1,
      conditions: { network: { connection: 'ANYWHERE' }, app: { include: [{ type: 'APP', id: appId }], exclude: [] } },
      actions: {
        idp: {
          providers: [{ type: 'OIDC', id: stage.federation.idpId }],
          idpSelectionType: 'SPECIFIC',
          presentation: 'PAGE',
        },
      },
    });
    return { id, path: `${rules}/${id}`, client };
  }
  const open = async (clientId: string, browser: Browser = createBrowser()) =>
    browser.follow(await browser.get(authorizeUrl(hub, clientId).url));
  const BUTTON = 'Sign in with ID.me';
  const generalRule = () => `/api/v1/policies/${stage.federation.policyId}/rules/${stage.federation.ruleId}`;

  it('an inactive rule is named in the log; activated, it shows the button', async () => {
    const rule = await ruleFor('Rule of the guide');
    await hub.api('POST', `${generalRule()}/lifecycle/deactivate`);
    const mark = await logMark(hub);
    const page = await open(rule.client.clientId);
    expect(page.status).toBe(200);
    expect(page.body).not.toContain(BUTTON);
    expect(page.body).toContain('name="password"');
    const skipped = (await logSince(hub, mark)).filter(({ eventType }) => eventType === 'policy.evaluate_sign_on');
    expect(skipped).toHaveLength(1);
    expect(skipped[0]!.outcome.result).toBe('SKIPPED');
    expect(skipped[0]!.outcome.reason).toContain('"Rule of the guide": inactive');
    const trace = await traceOf(skipped[0]!);
    const chosen = trace.steps.find(({ kind }) => kind === 'rule.chosen');
    expect(told(chosen)).toContain('Rule of the guide');
    expect(told(chosen)).toContain('inactive');

    await hub.api('POST', `${rule.path}/lifecycle/activate`);
    expect((await open(rule.client.clientId)).body).toContain(BUTTON);
    const after = await logMark(hub);
    await open(rule.client.clientId);
    expect((await logSince(hub, after)).filter(({ eventType }) => eventType === 'policy.evaluate_sign_on')).toEqual([]);
    await hub.api('POST', `${generalRule()}/lifecycle/activate`);
  });

  it('a rule whose provider is inactive is named too', async () => {
    const idpId = await stage.createIdp();
    const rule = await ruleFor('Rule without a provider');
    const wire = await hub.api<{ actions: { idp: { providers: unknown[] } } }>('GET', rule.path);
    wire.actions.idp.providers = [{ type: 'OIDC', id: idpId }];
    await hub.api('PUT', rule.path, wire);
    await hub.api('POST', `${rule.path}/lifecycle/activate`);
    await hub.api('POST', `/api/v1/idps/${idpId}/lifecycle/deactivate`);
    await hub.api('POST', `${generalRule()}/lifecycle/deactivate`);
    const mark = await logMark(hub);
    expect((await open(rule.client.clientId)).body).toContain('name="password"');
    const [skipped] = (await logSince(hub, mark)).filter(({ eventType }) => eventType === 'policy.evaluate_sign_on');
    expect(skipped!.outcome.reason).toMatch(
      /"Rule without a provider": no provider of the rule can be used: .*inactive/i,
    );
    await hub.api('POST', `${generalRule()}/lifecycle/activate`);
  });

  it('the button leads to the provider, and the person ends at the dashboard', async () => {
    const browser = createBrowser();
    const page = await browser.follow(await browser.get(`${hub.url}/`));
    expect(page.body).toContain(BUTTON);
    const away = await browser.post(`${page.url}/provider`, { idp: stage.federation.idpId });
    expect(away.location).toContain(`${provider.url}/authorize`);
    const back = await stage.finish({ browser, away, verifier: '' });
    const dashboard = await browser.follow(back);
    expect(dashboard.url).toBe(`${hub.url}/`);
    expect(dashboard.body).toContain(String(provider.claims.email));
  });
});

describe('nobody is found and creation is switched off', () => {
  const PASSWORD = 'a pass phrase of ours';
  const NOTICE = 'we found no account for you here';
  const closed = () =>
    stage.createIdp({
      policy: { provisioning: { action: 'DISABLED', profileMaster: true, groups: { action: 'NONE' } } },
    });

  async function lands() {
    const idpId = await closed();
    const journey = await stage.start({ idp: idpId, state: 'the-application-waits' });
    const { event, answer } = await expectRefused(hub, { code: 'jit_disabled' }, () => stage.finish(journey));
    const page = await journey.browser.follow(answer);
    expect(page.url).toMatch(/\/signin\/[\w-]{22}$/);
    expect(page.status).toBe(200);
    expect(page.body).toContain(NOTICE);
    return { ...journey, event, page, idpId };
  }

  it('the log says so, with the row of the decision', async () => {
    const { event } = await lands();
    expect(event.outcome.reason).toBe('User Not Found: Unable to match the transformed username');
    expect(event.debugContext.debugData).toMatchObject({ code: 'jit_disabled', row: 8 });
    const trace = await traceOf(event);
    expect(firstFailure(trace)).toMatchObject({ kind: 'account.decided', code: 'jit_disabled' });
    expect(trace.reason).toContain('User Not Found');
  });

  it('user name and password on the page lead on to the application, with its own request', async () => {
    const { browser, page, verifier } = await lands();
    const login = `local-${Math.random().toString(36).slice(2)}@example.com`;
    await hub.api('POST', '/api/v1/users?activate=true', {
      profile: { login, email: login, firstName: 'Local', lastName: 'Person' },
      credentials: { password: { value: PASSWORD } },
    });
    const answer = await browser.post(`${page.url}/password`, { login, password: PASSWORD });
    expect(answer.location).toContain(`${REDIRECT_URI}?`);
    expect(new URL(answer.location!).searchParams.get('state')).toBe('the-application-waits');
    expect((await expectSignedIn(hub, stage.federation, verifier, answer)).email).toBe(login);
  });

  it('"Return to the application" sends the error of the contract', async () => {
    const { browser, page } = await lands();
    const answer = await browser.post(`${page.url}/leave`, {});
    const sent = new URL(answer.location!).searchParams;
    expect(Object.fromEntries(sent)).toMatchObject({
      error: 'access_denied',
      error_description: 'User creation was disabled.',
      state: 'the-application-waits',
    });
    expect(browser.cookies(stage.host).has(SID_COOKIE)).toBe(false);
  });

  it('another way to sign in asks the rules again', async () => {
    const { browser, page } = await lands();
    const again = await browser.post(`${page.url}/retry`, {});
    expect(again.location).toContain(`${provider.url}/authorize`);
  });

  it('prompt=none gets its error at once, without a page', async () => {
    const idpId = await closed();
    const { away } = await stage.start({ idp: idpId, prompt: 'none' });
    expect(away.location).toContain(`${REDIRECT_URI}?`);
    expect(new URL(away.location!).searchParams.get('error')).toBe('login_required');
  });

  it('who is known signs in all the same', async () => {
    const login = String(provider.claims.email);
    await hub.api('POST', '/api/v1/users?activate=true', {
      profile: { login, email: login, firstName: 'Local', lastName: 'Person' },
    });
    expect((await signsInBy(await closed())).email).toBe(login);
  });
});

describe('the error page and the log', () => {
  it('share a code, by which an administrator finds the sign-in', async () => {
    const journey = await stage.start();
    const state = new URL(journey.away.location!).searchParams.get('state')!;
    const { event, answer } = await expectRefused(hub, { code: 'provider_unavailable', error: null }, () =>
      journey.browser.get(
        `${hub.url}/oauth2/v1/authorize/callback?${new URLSearchParams({ error: 'temporarily_unavailable', state })}`,
      ),
    );
    const code = /<code id="code">([^<]+)</.exec(answer.body)?.[1];
    expect(code).toBe(event.transaction.id);
    const trace = await traceOf(event);
    expect(trace.id).toBe(code);
    const list = await hub.api<{ id: string }[]>('GET', '/api/gatehouse/v1/sign-ins?outcome=FAILURE&limit=5');
    expect(list.map(({ id }) => id)).toContain(code);
  });

  it('a trace is for administrators', async () => {
    const browser = createBrowser();
    await stage.signsIn({}, browser);
    const [{ id } = { id: '' }] = await hub.api<{ id: string }[]>('GET', '/api/gatehouse/v1/sign-ins?limit=1');
    const cookie = `${SID_COOKIE}=${browser.cookies(stage.host).get(SID_COOKIE)}`;
    const headers = { cookie, 'sec-fetch-site': 'same-origin', 'x-gatehouse-console': '1' };
    expect((await fetch(`${hub.url}/api/gatehouse/v1/sign-ins/${id}`, { headers })).status).toBe(403);
    expect([401, 403]).toContain((await fetch(`${hub.url}/api/gatehouse/v1/sign-ins/${id}`)).status);
    expect((await hub.call('GET', `/api/gatehouse/v1/sign-ins/${id}`)).status).toBe(200);
  });
});
