/** Ways to become an administrator without being made one, each beside the benign twin. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Administrator, administrator, PASSWORD, refusal } from './support/administrators.ts';
import { accessToken, askToken, assertion, bearer, createApiClient, newKey } from './support/api-client.ts';
import { ADMIN, startHub, type TestHub } from './support/app.ts';
import { type Browser, createBrowser } from './support/browser.ts';
import { createClient, REDIRECT_URI } from './support/federation.ts';
import {
  ATTRIBUTES,
  federateSaml,
  postSaml,
  type SamlFederation,
  samlAnswer,
  samlBody,
  startSaml,
} from './support/saml-federation.ts';
import { rsaKeys, type SamlKeys } from './support/saml-signer.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;

const FORBIDDEN = [403, 'E0000006'];

let hub: TestHub;

beforeAll(async () => {
  hub = await startHub();
  await hub.api('PUT', '/api/gatehouse/v1/org/settings', { requestsPerMinute: 10_000 });
});
afterAll(() => hub?.close());

describe('a provider that may link administrators, of which none is linked yet', () => {
  const linking = (excludeAdmins: boolean, more: { issuer: string; name: string }) => ({
    ...more,
    policy: { accountLink: { action: 'AUTO', filter: { users: { excludeAdmins } } } },
  });
  const GUARDED = linking(false, { name: 'For administrators too', issuer: 'https://guarded.example.com' });
  const OPEN = linking(true, { name: 'For people', issuer: 'https://open.example.com' });

  let orgAdmin: Administrator;
  let guarded: SamlFederation;
  let open: SamlFederation;

  beforeAll(async () => {
    orgAdmin = await administrator(hub, 'ORG_ADMIN');
    guarded = await federateSaml(hub, GUARDED);
    open = await federateSaml(hub, OPEN);
  });

  const arrive = async (of: SamlFederation, issuer: string, keys: SamlKeys) => {
    const browser = createBrowser();
    const asked = await startSaml(hub, browser, of);
    const attributes = { ...ATTRIBUTES, email: ADMIN.email };
    const more = { keys, issuer, attributes, nameId: 'whoever' };
    const answer = await samlAnswer(of, hub.clock.now(), asked.requestId, more);
    await postSaml(browser, of.acsUrl, answer, asked.relayState);
    const me = await browser.get(`${hub.url}/api/v1/sessions/me`);
    return me.status === 200 ? JSON.parse(me.body).login : null;
  };

  it('keeps the keys that it is trusted by from other administrators, who could sign for a super administrator', async () => {
    const own = rsaKeys();
    const key = `/api/v1/idps/credentials/keys/${guarded.trustKid}`;
    expect(refusal(await orgAdmin.call('PUT', key, { x5c: [own.certificate] }))).toEqual(FORBIDDEN);
    expect(await arrive(guarded, GUARDED.issuer, own)).toBeNull();
    const ordinary = `/api/v1/idps/credentials/keys/${open.trustKid}`;
    expect((await orgAdmin.call('PUT', ordinary, { x5c: [own.certificate] })).status).toBe(200);
    expect(await arrive(open, OPEN.issuer, own)).toBeNull();
  });

  it('is changed by super administrators alone, in every part that decides who comes, also while it is switched off', async () => {
    const other = await hub.api<Any>('POST', '/api/v1/idps', { ...samlBody(open.trustKid), name: 'Another one' });
    const change = async (of: SamlFederation, body: object) => {
      const [mapping]: Any = await hub.api('GET', `/api/v1/mappings?sourceId=${of.idpId}`);
      const idp = `/api/v1/idps/${of.idpId}`;
      const [{ kid }]: Any = await hub.api('GET', `${idp}/credentials/keys`);
      const [{ kid: otherKid }]: Any = await hub.api('GET', `/api/v1/idps/${other.id}/credentials/keys`);
      const calls: [string, string, unknown?][] = [
        ['PUT', idp, body],
        ['POST', `/api/v1/mappings/${mapping.id}`, { properties: {} }],
        ['POST', `/api/v1/meta/schemas/apps/${of.idpId}/default`, {}],
        ['POST', `${idp}/credentials/keys/generate?validityYears=2`],
        ['POST', `${idp}/credentials/keys/${kid}/clone?targetIdpId=${other.id}`],
        ['POST', `/api/v1/idps/${other.id}/credentials/keys/${otherKid}/clone?targetIdpId=${of.idpId}`],
        ['POST', `${idp}/lifecycle/deactivate`],
        ['POST', `${idp}/lifecycle/activate`],
        ['DELETE', `/api/v1/idps/credentials/keys/${of.trustKid}`],
        ['DELETE', idp],
      ];
      const statuses: number[] = [];
      for (const [method, path, sent] of calls) statuses.push((await orgAdmin.call(method, path, sent)).status);
      return statuses;
    };
    const ordinary = { name: OPEN.name, issuer: OPEN.issuer };
    for (const action of ['AUTO', 'DISABLED']) {
      const policy = { accountLink: { action, filter: { users: { excludeAdmins: false } } } };
      await hub.api('PUT', `/api/v1/idps/${guarded.idpId}`, samlBody(guarded.trustKid, { ...GUARDED, policy }));
      expect(await change(guarded, samlBody(guarded.trustKid, { ...ordinary, name: GUARDED.name }))).toEqual(
        Array(10).fill(403),
      );
    }
    await hub.api('PUT', `/api/v1/idps/${guarded.idpId}`, samlBody(guarded.trustKid, GUARDED));
    await hub.api('POST', `/api/v1/idps/${guarded.idpId}/lifecycle/deactivate`);
    expect((await orgAdmin.call('POST', `/api/v1/idps/${guarded.idpId}/lifecycle/activate`)).status).toBe(403);
    await hub.api('POST', `/api/v1/idps/${guarded.idpId}/lifecycle/activate`);
    // The certificate is in use, so it stays, for that reason alone.
    expect(await change(open, samlBody(open.trustKid, ordinary))).toEqual([
      200, 200, 200, 200, 201, 201, 200, 200, 400, 204,
    ]);
  });

  it('lets in the super administrator whom its own key vouches for', async () => {
    expect(await arrive(guarded, GUARDED.issuer, guarded.keys)).toBe(ADMIN.email);
  });
});

describe('somebody who becomes an administrator', () => {
  const OWN = 'a password that somebody else chose';
  const LINKS: [string, { by: string; staged: boolean; path: string; url: string }][] = [
    ['reset link', { by: 'HELP_DESK_ADMIN', staged: false, path: 'lifecycle/reset_password', url: 'resetPasswordUrl' }],
    ['recovery link', { by: 'ORG_ADMIN', staged: false, path: 'credentials/forgot_password', url: 'resetPasswordUrl' }],
    ['activation link', { by: 'ORG_ADMIN', staged: true, path: 'lifecycle/activate', url: 'activationUrl' }],
  ];
  const sessionOf = async (browser: Browser) => (await browser.get(`${hub.url}/api/v1/sessions/me`)).status;
  const setPassword = async (url: string) => (await createBrowser().post(url, { password: OWN, repeat: OWN })).status;
  const accepted = async (username: string, password: string) =>
    (await hub.call('POST', '/api/v1/authn', { username, password })).status === 200;
  const signedIn = async (login: string, password = PASSWORD) => {
    const browser = createBrowser();
    const page = await browser.get(`${hub.url}/login/default`);
    await browser.post(`${new URL(page.location!, hub.url).href}/password`, { login, password });
    expect(await sessionOf(browser)).toBe(200);
    return browser;
  };

  it.each(LINKS)('is not taken over by the %s that another administrator had made before', async (_name, made) => {
    const helper = await administrator(hub, made.by);
    const newcomer = async () => {
      const login = `${randomUUID()}@example.com`;
      const user = await hub.api<{ id: string }>('POST', `/api/v1/users?activate=${!made.staged}`, {
        profile: { login, email: login, firstName: 'New', lastName: 'Comer' },
        credentials: made.staged ? {} : { password: { value: PASSWORD } },
      });
      const answer = await helper.call('POST', `/api/v1/users/${user.id}/${made.path}?sendEmail=false`);
      return { ...user, login, url: (answer.body as Any)[made.url] as string };
    };
    const promoted = await newcomer();
    await hub.api('POST', `/api/v1/users/${promoted.id}/roles`, { type: 'SUPER_ADMIN' });
    expect(await setPassword(promoted.url)).toBe(403);
    expect(await accepted(promoted.login, OWN)).toBe(false);
    // A role that is there already is not granted again, and ends nothing.
    const path = made.staged ? 'lifecycle/reactivate' : made.path;
    const next: Any = await hub.api('POST', `/api/v1/users/${promoted.id}/${path}?sendEmail=false`);
    expect((await hub.call('POST', `/api/v1/users/${promoted.id}/roles`, { type: 'SUPER_ADMIN' })).status).toBe(409);
    expect(await setPassword(next[made.url])).toBe(303);
    const plain = await newcomer();
    expect(await setPassword(plain.url)).toBe(303);
    expect(await accepted(plain.login, OWN)).toBe(true);
  });

  it('signs in anew: sessions, session tokens and tokens of applications from before are over', async () => {
    const [promoted, plain] = [await administrator(hub, null), await administrator(hub, null)];
    const client = await createClient(hub);
    await hub.api('POST', `/api/v1/apps/${client.clientId}/grants`, { scopeId: 'okta.users.read' });
    const reach = async ({ login }: Administrator) => {
      const { sessionToken } = (await hub.call('POST', '/api/v1/authn', { username: login, password: PASSWORD }))
        .body as Any;
      const browser = await signedIn(login);
      const wish = { client_id: client.clientId, redirect_uri: REDIRECT_URI, response_type: 'code', state: 's' };
      const query = new URLSearchParams({ ...wish, scope: 'openid okta.users.read' });
      const back = await browser.get(`${hub.url}/oauth2/v1/authorize?${query}`);
      const { body } = await askToken(hub, null, null, {
        grant_type: 'authorization_code',
        code: new URL(back.location!).searchParams.get('code') ?? '',
        redirect_uri: REDIRECT_URI,
        client_id: client.clientId,
        client_secret: client.clientSecret,
      });
      return { browser, sessionToken, token: body.access_token as string };
    };
    const statuses = async ({ browser, sessionToken, token }: Awaited<ReturnType<typeof reach>>) => [
      await sessionOf(browser),
      (await hub.call('POST', '/api/v1/sessions', { sessionToken })).status,
      (await hub.call('GET', '/api/v1/users/me', undefined, bearer(token))).status,
    ];
    const [before, other] = [await reach(promoted), await reach(plain)];
    await hub.api('POST', `/api/v1/users/${promoted.id}/roles`, { type: 'READ_ONLY_ADMIN' });
    expect(await statuses(before)).toEqual([404, 401, 401]);
    expect(await statuses(other)).toEqual([200, 200, 200]);
    await signedIn(promoted.login);
  });

  it('keeps the session in which they gave themselves the role, and no other', async () => {
    const boss = await administrator(hub, 'SUPER_ADMIN');
    const [here, elsewhere] = [await signedIn(boss.login), await signedIn(boss.login)];
    const granted = await fetch(`${hub.url}/api/v1/users/${boss.id}/roles`, {
      method: 'POST',
      headers: {
        cookie: [...here.cookies(new URL(hub.url).host)].map((pair) => pair.join('=')).join('; '),
        'content-type': 'application/json',
        'sec-fetch-site': 'same-origin',
        'x-gatehouse-console': '1',
      },
      body: JSON.stringify({ type: 'APP_ADMIN' }),
    });
    expect(granted.status).toBe(201);
    expect([await sessionOf(here), await sessionOf(elsewhere)]).toEqual([200, 404]);
  });
});

describe('an access token of a super administrator with few scopes', () => {
  const MANAGE_APPS = 'okta.apps.manage';
  const tokenOf = async (...scopes: string[]) => {
    const client = await createApiClient(hub, { scopes, roles: ['SUPER_ADMIN'] });
    const headers = bearer(await accessToken(hub, client, scopes));
    return async (method: string, path: string, body?: unknown) => hub.call(method, path, body, headers);
  };
  const wanted = ({ status, headers }: { status: number; headers: Headers }) => [
    status,
    /error="insufficient_scope", scope="([^"]+)"/.exec(headers.get('www-authenticate') ?? '')?.[1],
  ];

  it.each([
    { scopes: [MANAGE_APPS], missing: 'okta.users.read' },
    { scopes: [MANAGE_APPS, 'okta.users.read'], missing: null },
    { scopes: [MANAGE_APPS, 'okta.users.manage'], missing: null },
    { scopes: [MANAGE_APPS, 'okta.appGrants.manage'], missing: null },
  ])('takes no scope from another application: with $scopes it needs $missing', async ({ scopes, missing }) => {
    const call = await tokenOf(...scopes);
    const other = await createApiClient(hub, { scopes: ['okta.users.read'], roles: ['ORG_ADMIN'] });
    const app: Any = await hub.api('GET', `/api/v1/apps/${other.id}`);
    const { jwk, privateKey, kid } = newKey();
    app.settings.oauthClient.jwks = { keys: [jwk] };
    const expected = missing === null ? [200, undefined] : [403, missing];
    expect(wanted(await call('PUT', `/api/v1/apps/${other.id}`, app))).toEqual(expected);
    expect(wanted(await call('GET', `/api/v1/apps/${other.id}/credentials/secrets`))).toEqual(expected);
    const got = await askToken(hub, 'okta.users.read', assertion(hub, { ...other, privateKey, kid }));
    expect(got.status).toBe(missing === null ? 200 : 401);
    const plain = await createApiClient(hub, {});
    expect(
      (await call('PUT', `/api/v1/apps/${plain.id}`, await hub.api('GET', `/api/v1/apps/${plain.id}`))).status,
    ).toBe(200);
  });

  it('takes no administrator over, and keeps everything else that its scope is for', async () => {
    const [boss, helper] = [await administrator(hub, 'SUPER_ADMIN'), await administrator(hub, 'HELP_DESK_ADMIN')];
    const plain = await administrator(hub, null);
    const idp = await federateSaml(hub, { name: 'Anybody', issuer: 'https://anybody.example.com' });
    const takes = async (call: Administrator['call'], { id, login }: Administrator) => {
      const user = `/api/v1/users/${id}`;
      const profile = { login, email: login, firstName: 'Ada', lastName: 'Taken' };
      const calls: [string, string, unknown?][] = [
        ['POST', user, { credentials: { password: { value: 'another long password' } } }],
        ['POST', user, { profile: { email: `other-${login}` } }],
        ['PUT', user, { profile: { ...profile, login: `other-${login}`, email: `other-${login}` } }],
        ['POST', `${user}/lifecycle/reset_password?sendEmail=false`],
        ['POST', `${user}/lifecycle/expire_password_with_temp_password`],
        ['POST', `${user}/credentials/forgot_password?sendEmail=false`],
        ['POST', `/api/v1/idps/${idp.idpId}/users/${id}`, { externalId: id }],
      ];
      const answers = [];
      for (const [method, path, body] of calls) answers.push(wanted(await call(method, path, body)));
      return answers;
    };
    const narrow = await tokenOf('okta.users.manage', 'okta.idps.manage', 'okta.sessions.manage');
    for (const target of [boss, helper])
      expect(await takes(narrow, target)).toEqual(Array(7).fill([403, 'okta.roles.manage']));
    // By then the person is in recovery, in which there is no other link to ask for.
    const done = [200, 200, 200, 200, 200, 403, 200].map((status) => [status, undefined]);
    expect(await takes(narrow, plain)).toEqual(done);
    for (const [method, path, body, status] of [
      ['POST', '', { profile: { nickName: 'Ada' } }, 200],
      ['PUT', '', { profile: { login: helper.login, email: helper.login, firstName: 'Ada', lastName: 'Byron' } }, 200],
      ['DELETE', '/sessions', undefined, 204],
      ['POST', '/lifecycle/suspend', undefined, 200],
      ['POST', '/lifecycle/unsuspend', undefined, 200],
    ] as const)
      expect((await narrow(method, `/api/v1/users/${helper.id}${path}`, body)).status).toBe(status);
    const wide = await tokenOf('okta.users.manage', 'okta.idps.manage', 'okta.roles.manage');
    expect(await takes(wide, boss)).toEqual(done);
  });

  it('decides nothing about a provider by which administrators come', async () => {
    const keys = rsaKeys();
    const policy = { accountLink: { action: 'AUTO', filter: { users: { excludeAdmins: false } } } };
    const guarded = await federateSaml(hub, { name: 'Also for us', issuer: 'https://us.example.com', policy });
    const open = await federateSaml(hub, { name: 'For them', issuer: 'https://them.example.com' });
    const key = ({ trustKid }: SamlFederation) => `/api/v1/idps/credentials/keys/${trustKid}`;
    const narrow = await tokenOf('okta.idps.manage');
    const needed = [403, 'okta.roles.manage'];
    expect(wanted(await narrow('PUT', key(guarded), { x5c: [keys.certificate] }))).toEqual(needed);
    const body = samlBody(open.trustKid, { name: 'Made by itself', policy });
    expect(wanted(await narrow('POST', '/api/v1/idps', body))).toEqual(needed);
    expect((await narrow('PUT', key(open), { x5c: [keys.certificate] })).status).toBe(200);
    expect((await narrow('POST', '/api/v1/idps', { ...body, policy: undefined })).status).toBe(200);
    const wide = await tokenOf('okta.idps.manage', 'okta.roles.manage');
    expect((await wide('PUT', key(guarded), { x5c: [rsaKeys().certificate] })).status).toBe(200);
    expect((await wide('POST', '/api/v1/idps', body)).status).toBe(400);
    expect((await wide('POST', '/api/v1/idps', { ...body, name: 'Made by right' })).status).toBe(200);
  });
});
