/** Attacks on linking, creation and routing (security goals L1, L2, L4-L11), on a whole hub. */
import { KeyObject, sign } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestHub } from './support/app.ts';
import { ADMIN } from './support/app.ts';
import { expectRefused, expectSignedIn, logMark, logSince } from './support/attacks.ts';
import { type Answer, type Browser, createBrowser } from './support/browser.ts';
import { authorizeUrl, createClient, redeem } from './support/federation.ts';
import { CONSOLE, createStage, SID_COOKIE, type Stage } from './support/journey.ts';
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
  // Another minute, so that the calls of one test do not use up the next one's.
  hub.clock.advance(61_000);
  provider.reset();
  provider.claims = stage.newPerson();
});

type Wire = Record<string, unknown> & { id: string; status: string; profile: Record<string, unknown> };

const PASSWORD = 'a pass phrase of ours';
let locals = 0;

/** Somebody whom an administrator entered. */
async function createUser(profile: Record<string, unknown> = {}, password: string | null = null): Promise<Wire> {
  locals++;
  const login = `local-${locals}@example.com`;
  return hub.api<Wire>('POST', '/api/v1/users?activate=true', {
    profile: { login, email: login, firstName: 'Local', lastName: `Person ${locals}`, ...profile },
    ...(password === null ? {} : { credentials: { password: { value: password } } }),
  });
}
const userOf = (id: string) => hub.api<Wire>('GET', `/api/v1/users/${id}`);
const userNamed = async (login: string) => {
  const { status, body } = await hub.call('GET', `/api/v1/users/${encodeURIComponent(login)}`);
  return status === 404 ? null : (body as Wire);
};
const linksOf = (id: string) => hub.api<{ id: string }[]>('GET', `/api/v1/users/${id}/idps`);

/** The person of the claims comes by this provider. */
async function comesBy(idpId: string): Promise<Answer> {
  return stage.finish(await stage.start({ idp: idpId }));
}

async function verify(userId: string): Promise<void> {
  await hub.database.query({ text: 'update users set email_verified = true where id = $1', values: [userId] });
}

async function makeAdministrator(userId: string): Promise<void> {
  await hub.database.query({
    text: `insert into user_roles (org_id, user_id, role, created) select org_id, id, 'SUPER_ADMIN', created from users where id = $1`,
    values: [userId],
  });
}

describe('L1: an address that the provider says it has not verified', () => {
  type Says = true | false | null;
  const CLAIMED: [string, unknown, Says][] = [
    ['true', true, true],
    ['"true"', 'true', true],
    ['absent', undefined, null],
    ['null', null, null],
    ['false', false, false],
    ['"false"', 'false', false],
    ['1', 1, false],
    ['"yes"', 'yes', false],
    ['"TRUE "', 'TRUE ', false],
    ['a list', [true], false],
    ['an object', { value: true }, false],
  ];
  const LISTED = { trustedDomains: ['example.com'] };
  const TRUST: [string, Record<string, unknown>, (says: Says) => string | null][] = [
    ['PROVIDER', { trustEmail: 'PROVIDER' }, (says) => (says === false ? 'link_denied_email_unverified' : null)],
    [
      'VERIFIED_CLAIM',
      { trustEmail: 'VERIFIED_CLAIM' },
      (says) => (says === true ? null : 'link_denied_email_unverified'),
    ],
    [
      'DOMAINS, listed',
      { trustEmail: 'DOMAINS', ...LISTED },
      (says) => (says === false ? 'link_denied_email_unverified' : null),
    ],
    ['DOMAINS, not listed', { trustEmail: 'DOMAINS', trustedDomains: ['other.example'] }, () => 'jit_failure'],
    ['PROVIDER_DESPITE_CLAIM', { trustEmail: 'PROVIDER_DESPITE_CLAIM' }, () => null],
  ];

  for (const [trust, policy, refusedWith] of TRUST) {
    describe(`under ${trust}`, () => {
      let idpId: string;
      beforeAll(async () => {
        idpId = await stage.createIdp({ policy });
      });

      it.each(CLAIMED)('email_verified %s', async (_name, claim, says) => {
        const victim = await createUser();
        provider.claims = stage.newPerson({ email: victim.profile.email, email_verified: claim });
        const code = refusedWith(says);
        if (code === null) {
          const mark = await logMark(hub);
          const journey = await stage.start({ idp: idpId });
          const claims = await expectSignedIn(hub, stage.federation, journey.verifier, await stage.finish(journey));
          expect(claims.sub).toBe(victim.id);
          const warned = (await logSince(hub, mark)).filter(
            ({ eventType }) => eventType === 'gatehouse.sign_in.email_trusted_despite_claim',
          );
          expect(warned).toHaveLength(trust === 'PROVIDER_DESPITE_CLAIM' && says === false ? 1 : 0);
        } else {
          const creates = code === 'jit_failure';
          await expectRefused(hub, { code, creates, error: creates ? 'jit_failure' : 'access_denied' }, () =>
            comesBy(idpId),
          );
          expect(await linksOf(victim.id)).toEqual([]);
        }
      });
    });
  }
});

describe('L2: an attacker enters the address of a victim first', () => {
  async function hijack(verified: boolean) {
    const account = await createUser({}, PASSWORD);
    if (verified) await verify(account.id);
    const attacker = createBrowser();
    expect((await stage.password(attacker, String(account.profile.login), PASSWORD)).status).toBe(303);
    const asked = authorizeUrl(hub, stage.federation.clientId, { scope: 'openid offline_access' });
    const granted = await attacker.get(asked.url);
    const code = new URL(granted.location!).searchParams.get('code')!;
    const tokens = (await redeem(hub, stage.federation, code, asked.verifier)).body;
    provider.claims = stage.newPerson({ email: account.profile.email });
    return { account, attacker, tokens };
  }
  const refreshed = (token: string) =>
    redeem(hub, stage.federation, '', '', { grant_type: 'refresh_token', refresh_token: token });
  const userinfo = (token: string) =>
    fetch(`${hub.url}/oauth2/v1/userinfo`, { headers: { authorization: `Bearer ${token}` } });

  it('and loses the password, the sessions and every token when the victim comes with proof', async () => {
    const { account, attacker, tokens } = await hijack(false);
    const mark = await logMark(hub);
    expect((await stage.signsIn()).sub).toBe(account.id);
    const dropped = (await logSince(hub, mark)).filter(
      ({ eventType }) => eventType === 'gatehouse.sign_in.credentials_dropped',
    );
    expect(dropped).toHaveLength(1);
    expect(dropped[0]!.severity).toBe('WARN');
    expect((await attacker.get(`${hub.url}/account`)).status).toBe(303);
    expect((await refreshed(tokens.refresh_token!)).status).toBe(400);
    expect((await userinfo(tokens.access_token!)).status).toBe(401);
    const login = String(account.profile.login);
    await expectRefused(hub, { type: 'user.session.start', code: 'password_wrong', error: null, status: 401 }, () =>
      stage.password(createBrowser(), login, PASSWORD),
    );
    expect((await stage.signsIn()).sub).toBe(account.id);
  });

  it('and a person who had proved the address keeps the password', async () => {
    const { account, attacker, tokens } = await hijack(true);
    expect((await stage.signsIn()).sub).toBe(account.id);
    expect((await attacker.get(`${hub.url}/account`)).status).toBe(200);
    expect((await refreshed(tokens.refresh_token!)).status).toBe(200);
    expect((await stage.password(createBrowser(), String(account.profile.login), PASSWORD)).status).toBe(303);
  });
});

describe('L4: a provider asserts an address outside its domains', () => {
  it.each([
    ['of another customer', 'other-customer.com', 'ceo'],
    ['of a domain below', 'mail.partner.example', 'ceo'],
    ['of a domain that ends alike', 'notpartner.example', 'ceo'],
    ['with the domain in its first part', 'other-customer.com', 'partner.example'],
    ['with the domain before a dot', 'partner.example.other-customer.com', 'ceo'],
  ])('%s: nobody is matched', async (_name, domain, local) => {
    locals++;
    const email = `${local}${locals}@${domain}`;
    const idpId = await stage.createIdp({ policy: { trustEmail: 'DOMAINS', trustedDomains: ['partner.example'] } });
    const victim = await createUser({ login: email, email });
    provider.claims = stage.newPerson({ email });
    await expectRefused(hub, { code: 'jit_failure', creates: true, error: 'jit_failure' }, () => comesBy(idpId));
    expect(await linksOf(victim.id)).toEqual([]);
    const own = `ceo${locals}@Partner.Example`;
    const colleague = await createUser({ login: own, email: own });
    provider.claims = stage.newPerson({ email: own });
    const journey = await stage.start({ idp: idpId });
    const claims = await expectSignedIn(hub, stage.federation, journey.verifier, await stage.finish(journey));
    expect(claims.sub).toBe(colleague.id);
  });
});

describe('L5: claims reach for more than was mapped', () => {
  const NAMES = [
    'admin', 'isAdmin', 'is_admin', 'administrator', 'roles', 'role', 'groups', 'permissions', 'scope', 'status',
    'id', 'userId', 'user_id', 'org_id', 'orgId', 'login', 'password', 'credentials', 'provider', 'providerType',
    'type', 'typeId', 'type_id', 'created', 'createdBy', 'version', 'emailVerified', 'factors', 'mfa', 'amr_values',
    'profile.login', 'user.status', '$roles', 'constructor', 'prototype', '__proto__', 'toString',
    'hasOwnProperty', 'secondEmail', 'managerId', 'employeeNumber', 'idme_uuid', 'links', '_links', 'realmId',
  ]; // biome-ignore format: one list
  const VALUES = new Map<string, unknown>([
    ['roles', ['SUPER_ADMIN']],
    ['groups', ['Everyone', 'Administrators']],
    ['status', 'DEPROVISIONED'],
    ['password', { value: PASSWORD }],
    ['credentials', { password: { value: PASSWORD }, provider: { type: 'OKTA' } }],
    ['__proto__', { isAdmin: true, status: 'ACTIVE' }],
  ]);

  let ordinary: Record<string, unknown>;
  beforeAll(async () => {
    provider.claims = stage.newPerson();
    ordinary = (await userOf(String((await stage.signsIn()).sub))).profile;
  });

  /** As the provider would, whatever the names: no library looks at the claims on the way. */
  function signed(claims: Record<string, unknown>): string {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const input = `${part({ alg: 'RS256', kid: provider.keys.kid })}.${part(claims)}`;
    return `${input}.${sign('sha256', Buffer.from(input), KeyObject.from(provider.keys.privateKey)).toString('base64url')}`;
  }

  it.each(NAMES)('%s: a new person and a known one are what the mappings say', async (name) => {
    const value = VALUES.get(name) ?? 'SUPER_ADMIN';
    const person = stage.newPerson();
    provider.claims = person;
    // JSON.parse makes own properties of every name.
    provider.idToken = (claims) =>
      signed({ ...claims, ...JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(value)}}`) });
    const created = await stage.signsIn();
    const known = await stage.signsIn();
    expect(known.sub).toBe(created.sub);
    const user = await userOf(String(created.sub));
    expect(user.status).toBe('ACTIVE');
    expect(user.profile).toEqual({ ...ordinary, login: person.email, email: person.email });
    expect(user.credentials).toEqual({ provider: { type: 'FEDERATION', name: 'FEDERATION' } });
    const { rows } = await hub.database.query<{ roles: string; verified: boolean; groups: string }>({
      text: `select (select count(*)::int from user_roles r where r.user_id = u.id) as roles, email_verified as verified,
        (select count(*)::int from group_members m where m.user_id = u.id) as groups from users u where id = $1`,
      values: [user.id],
    });
    expect(rows).toEqual([{ roles: 0, verified: true, groups: 0 }]);
    expect(({} as Record<string, unknown>).isAdmin).toBeUndefined();
  });

  it.each([
    'id',
    'status',
    'roles',
    'Status',
    'credentials',
    'password',
    'groups',
    'isAdmin',
    '__proto__',
    'constructor',
  ])('no mapping to %s can be saved, not even to an attribute of that name', async (target) => {
    const attribute = JSON.stringify({ title: 'Of that name', type: 'string' });
    const definitions = `{"custom":{"id":"#custom","type":"object","properties":{${JSON.stringify(target)}:${attribute}}}}`;
    const added = await hub.call(
      'POST',
      '/api/v1/meta/schemas/user/default',
      JSON.parse(`{"definitions":${definitions}}`),
    );
    expect([200, 400]).toContain(added.status);
    const [mapping] = await hub.api<{ id: string }[]>('GET', `/api/v1/mappings?sourceId=${stage.federation.idpId}`);
    const path = `/api/v1/mappings/${mapping!.id}`;
    const before = await hub.api('GET', path);
    const property = JSON.stringify({ expression: 'appuser.email', pushStatus: 'PUSH' });
    const body = JSON.parse(`{"properties":{${JSON.stringify(target)}:${property}}}`);
    const { status } = await hub.call('POST', path, body);
    expect(status).toBe(400);
    expect(await hub.api('GET', path)).toEqual(before);
  });
});

describe('L6: names that look alike', () => {
  const TRICKS: [string, (name: string) => string][] = [
    ['upper case', (name) => name.toUpperCase()],
    ['mixed case', (name) => name.replace(/[aeiou]/g, (c) => c.toUpperCase())],
    ['a full-width at sign', (name) => name.replace('@', '\uFF20')],
    ['full-width letters', (name) => name.replace(/[a-z]/, (c) => String.fromCodePoint(c.charCodeAt(0) + 0xfee0))],
    ['the Kelvin sign', (name) => name.replace('k', '\u212A')],
    ['a dotless i', (name) => name.replace('i', '\u0131')],
    ['a long s', (name) => name.replace('s', '\u017F')],
    ['a Cyrillic a', (name) => name.replace('a', '\u0430')],
    ['a Greek o', (name) => name.replace('o', '\u03BF')],
    ['a zero-width joiner', (name) => name.replace('@', '\u200D@')],
    ['a soft hyphen', (name) => name.replace('@', '\u00AD@')],
    ['a combining mark', (name) => name.replace('o1', 'o1\u0301')],
    ['a direction mark', (name) => `\u202E${name}`],
    ['a blank after it', (name) => `${name} `],
    ['a blank of no width', (name) => `\uFEFF${name}`],
    ['a null character', (name) => name.replace('@', '\u0000@')],
    ['a superscript digit', (name) => name.replace('1', '\u00B9')],
    ['a ligature', (name) => name.replace('fi', '\uFB01')],
  ];
  const BASES = Array.from({ length: 12 }, (_, index) => `kiosk.fial-o1-${'abcdefghijkl'[index]}@example.com`);

  it.each(TRICKS)('%s: a second one is not created, and signs in as nobody else', async (_name, trick) => {
    const idpId = await stage.createIdp({ policy: { accountLink: { action: 'DISABLED' } } });
    let tried = 0;
    for (const base of BASES) {
      const victim = (await userNamed(base)) ?? (await createUser({ login: base, email: base }));
      const disguise = trick(base);
      expect(disguise).not.toBe(base);
      const body = { profile: { login: disguise, email: 'somebody@example.com', firstName: 'A', lastName: 'B' } };
      const { status } = await hub.call('POST', '/api/v1/users?activate=true', body);
      expect([disguise, status]).toEqual([disguise, 400]);
      provider.claims = stage.newPerson({ email: disguise });
      const answer = await comesBy(idpId);
      expect(new URL(answer.location!).searchParams.get('error'), disguise).not.toBeNull();
      expect(await linksOf(victim.id)).toEqual([]);
      tried++;
    }
    expect(tried).toBe(12);
  });

  it('216 pairs were tried', () => expect(TRICKS.length * BASES.length).toBeGreaterThanOrEqual(200));

  it('while two different people exist side by side', async () => {
    const one = await stage.signsIn();
    provider.claims = stage.newPerson();
    expect((await stage.signsIn()).sub).not.toBe(one.sub);
  });
});

describe('L7: an external id that means something else here', () => {
  it.each([
    ['1', () => '1'],
    ['a number in words', () => '0'],
    ["another user's id", (victim: Wire) => victim.id],
    ["another user's login", (victim: Wire) => String(victim.profile.login)],
    ['a uuid', () => '00000000-0000-0000-0000-000000000000'],
    ['SQL', () => "' or 1=1 --"],
    ['the name of a prototype', () => '__proto__'],
  ])('%s: is a new person', async (_name, subject) => {
    const victim = await createUser();
    provider.claims = stage.newPerson({ sub: subject(victim) });
    const claims = await stage.signsIn();
    expect(claims.sub).not.toBe(victim.id);
    expect((await stage.signsIn()).sub).toBe(claims.sub);
    expect(await linksOf(victim.id)).toEqual([]);
  });

  it.each([[1], [['subject-1']], [{ sub: 'subject-1' }], [true]])('%j is no subject', async (sub) => {
    provider.claims = stage.newPerson({ sub });
    await expectRefused(hub, { code: 'id_token_subject_malformed', error: 'access_denied' }, async () =>
      stage.finish(await stage.start()),
    );
  });

  it("a link that an administrator makes under another user's id leads to the one it was made for", async () => {
    const [owner, other] = [await createUser(), await createUser()];
    await hub.api('POST', `/api/v1/idps/${stage.federation.idpId}/users/${owner.id}`, { externalId: other.id });
    provider.claims = stage.newPerson({ sub: other.id });
    expect((await stage.signsIn()).sub).toBe(owner.id);
    expect(await linksOf(other.id)).toEqual([]);
  });
});

describe('L8: a user name of somebody else', () => {
  const byName = {
    subject: { matchType: 'USERNAME', userNameTemplate: { template: 'idpuser.preferred_username' } },
  };

  it.each([
    ['e-mail address', {}, { email: ADMIN.email }],
    ['user name', { policy: byName }, { preferred_username: ADMIN.email }],
    ['user name in another case', { policy: byName }, { preferred_username: ADMIN.email.toUpperCase() }],
  ])("the administrator's %s links nobody", async (_name, more, claims) => {
    const idpId = await stage.createIdp(more);
    provider.claims = stage.newPerson(claims);
    await expectRefused(hub, { code: 'link_denied_user', error: 'access_denied' }, () => comesBy(idpId));
    provider.claims = stage.newPerson({ preferred_username: `twin-${idpId}@example.com` });
    const journey = await stage.start({ idp: idpId });
    await expectSignedIn(hub, stage.federation, journey.verifier, await stage.finish(journey));
  });

  it('who is linked already is not linked to a second person of the provider', async () => {
    const first = await stage.signsIn();
    const { email } = provider.claims;
    provider.claims = stage.newPerson({ email });
    await expectRefused(hub, { code: 'link_denied_already_linked', error: 'access_denied' }, async () =>
      stage.finish(await stage.start()),
    );
    expect(await linksOf(String(first.sub))).toHaveLength(1);
  });

  it('and a linked person who takes the name of another stays the same person', async () => {
    const victim = await createUser();
    const mine = await stage.signsIn();
    provider.claims = { ...provider.claims, email: victim.profile.email };
    expect((await stage.signsIn()).sub).toBe(mine.sub);
    expect((await userOf(victim.id)).profile.login).toBe(victim.profile.login);
    expect((await userOf(String(mine.sub))).profile.login).not.toBe(victim.profile.login);
  });
});

describe('L9: every door is shut to who was', () => {
  const OPERATIONS: [string, (id: string) => Promise<void>][] = [
    ['suspended', async (id) => void (await hub.api('POST', `/api/v1/users/${id}/lifecycle/suspend`))],
    ['deactivated', async (id) => void (await hub.api('POST', `/api/v1/users/${id}/lifecycle/deactivate`))],
    [
      'deleted',
      async (id) => {
        await hub.api('DELETE', `/api/v1/users/${id}`);
        await hub.api('DELETE', `/api/v1/users/${id}`);
      },
    ],
  ];

  interface Insider {
    id: string;
    login: string;
    browser: Browser;
    refreshToken: string;
    accessToken: string;
    /** Not yet redeemed. */
    code: string;
    verifier: string;
    apiToken: string;
    idpId: string;
  }

  /** A local user with a password and a link, an administrator, with one of everything. */
  async function insider(): Promise<Insider> {
    const user = await createUser({}, PASSWORD);
    const login = String(user.profile.login);
    await verify(user.id);
    const idpId = await stage.createIdp({
      policy: { provisioning: { action: 'DISABLED', groups: { action: 'NONE' } } },
    });
    provider.claims = stage.newPerson({ email: login });
    const journey = await stage.start({ idp: idpId });
    expect((await expectSignedIn(hub, stage.federation, journey.verifier, await stage.finish(journey))).sub).toBe(
      user.id,
    );
    await makeAdministrator(user.id);

    const browser = createBrowser();
    expect((await stage.password(browser, login, PASSWORD)).status).toBe(303);
    const cookie = `${SID_COOKIE}=${browser.cookies(stage.host).get(SID_COOKIE)}`;
    const issued = await fetch(`${hub.url}/api/v1/api-tokens`, {
      method: 'POST',
      headers: { ...CONSOLE, cookie, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Script' }),
    });
    const { value: token } = (await issued.json()) as { value: string };
    expect(typeof token).toBe('string');
    const first = authorizeUrl(hub, stage.federation.clientId, { scope: 'openid offline_access' });
    const codeOf = async (url: string) => new URL((await browser.get(url)).location!).searchParams.get('code')!;
    const tokens = (await redeem(hub, stage.federation, await codeOf(first.url), first.verifier)).body;
    const second = authorizeUrl(hub, stage.federation.clientId);
    return {
      id: user.id,
      login,
      browser,
      refreshToken: tokens.refresh_token!,
      accessToken: tokens.access_token!,
      code: await codeOf(second.url),
      verifier: second.verifier,
      apiToken: token,
      idpId,
    };
  }

  const form = (path: string, fields: Record<string, string>) =>
    fetch(hub.url + path, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${stage.federation.clientId}:${stage.federation.clientSecret}`).toString('base64')}`,
      },
      body: new URLSearchParams(fields),
    });

  /** What each door answers: open or shut. */
  const DOORS: [string, (who: Insider) => Promise<boolean>][] = [
    [
      'user name and password',
      async (who) => (await stage.password(createBrowser(), who.login, PASSWORD)).status === 303,
    ],
    ['the provider', async (who) => (await comesBy(who.idpId)).location?.includes('code=') === true],
    [
      'a code that was not redeemed yet',
      async (who) => (await redeem(hub, stage.federation, who.code, who.verifier)).status === 200,
    ],
    [
      'a refresh token',
      async (who) =>
        (await form('/oauth2/v1/token', { grant_type: 'refresh_token', refresh_token: who.refreshToken })).status ===
        200,
    ],
    [
      'userinfo',
      async (who) =>
        (await fetch(`${hub.url}/oauth2/v1/userinfo`, { headers: { authorization: `Bearer ${who.accessToken}` } }))
          .status === 200,
    ],
    [
      'introspection',
      async (who) =>
        ((await (await form('/oauth2/v1/introspect', { token: who.accessToken })).json()) as { active: boolean })
          .active,
    ],
    [
      'an API token',
      async (who) =>
        (await hub.call('GET', '/api/v1/users/me', undefined, { authorization: `SSWS ${who.apiToken}` })).status ===
        200,
    ],
    ['the session at the portal', async (who) => (await who.browser.get(`${hub.url}/account`)).status === 200],
    [
      'the session at an application',
      async (who) => {
        const { url } = authorizeUrl(hub, stage.federation.clientId, { prompt: 'none' });
        return (await who.browser.get(url)).location?.includes('code=') === true;
      },
    ],
    [
      'the session at the management API',
      async (who) => {
        const cookie = `${SID_COOKIE}=${who.browser.cookies(stage.host).get(SID_COOKIE)}`;
        return (await fetch(`${hub.url}/api/v1/users/me`, { headers: { ...CONSOLE, cookie } })).status === 200;
      },
    ],
  ];

  it('twin: every door is open to who is there', async () => {
    const who = await insider();
    for (const [name, door] of DOORS) expect([name, await door(who)]).toEqual([name, true]);
  });

  it.each(OPERATIONS)('%s', async (_name, shut) => {
    const who = await insider();
    const before = who.browser.clone();
    await shut(who.id);
    for (const [name, door] of DOORS)
      expect([name, await door({ ...who, browser: before.clone() })]).toEqual([name, false]);
  });

  it('a person who was suspended or deactivated does not come back by provisioning', async () => {
    for (const [, shut] of OPERATIONS.slice(0, 2)) {
      provider.claims = stage.newPerson();
      const { sub } = await stage.signsIn();
      await shut(String(sub));
      const { status } = await userOf(String(sub));
      await expectRefused(hub, { code: 'invalid_user_status_error', error: 'access_denied' }, async () =>
        stage.finish(await stage.start()),
      );
      expect((await userOf(String(sub))).status).toBe(status);
    }
  });
});

describe('L10: what belonged to somebody who was deleted', () => {
  it('does not pass to the next person of that name', async () => {
    const browser = createBrowser();
    const before = await stage.signsIn({ scope: 'openid profile email offline_access' }, browser);
    const id = String(before.sub);
    const [group] = await hub
      .api<{ id: string }[]>('POST', '/api/v1/groups', {
        profile: { name: `Of the deleted ${id}` },
      })
      .then((made) => [made as unknown as { id: string }]);
    await hub.api('PUT', `/api/v1/groups/${group!.id}/users/${id}`);
    await hub.api('DELETE', `/api/v1/users/${id}`);
    await hub.api('DELETE', `/api/v1/users/${id}`);

    const heir = await stage.signsIn();
    expect(heir.sub).not.toBe(id);
    expect((await userOf(String(heir.sub))).profile.login).toBe(provider.claims.email);
    expect(await hub.api<unknown[]>('GET', `/api/v1/groups/${group!.id}/users`)).toEqual([]);
    expect((await browser.get(`${hub.url}/account`)).status).toBe(303);
    expect((await hub.call('GET', `/api/v1/users/${id}`)).status).toBe(404);
  });

  it('a new local account of that name is not signed in to by the old link', async () => {
    const { sub } = await stage.signsIn();
    await hub.api('DELETE', `/api/v1/users/${sub}`);
    await hub.api('DELETE', `/api/v1/users/${sub}`);
    const idpId = stage.federation.idpId;
    const heir = await createUser({ login: provider.claims.email, email: 'another@example.com' });
    expect(await linksOf(heir.id)).toEqual([]);
    expect(await hub.call('GET', `/api/v1/idps/${idpId}/users/${heir.id}`)).toMatchObject({ status: 404 });
  });
});

describe('L11: past a rule that is enforced', () => {
  let client: { clientId: string; clientSecret: string };
  let appId: string;
  let must: string;
  let other: string;

  beforeAll(async () => {
    must = await stage.createIdp();
    other = await stage.createIdp();
    client = await createClient(hub);
    const apps = await hub.api<{ id: string; credentials: { oauthClient: { client_id: string } } }[]>(
      'GET',
      '/api/v1/apps?limit=200',
    );
    appId = apps.find((app) => app.credentials.oauthClient.client_id === client.clientId)!.id;
    await hub.api('POST', `/api/v1/policies/${stage.federation.policyId}/rules`, {
      type: 'IDP_DISCOVERY',
      name: 'Only by one',
      priority: 1,
      conditions: { network: { connection: 'ANYWHERE' }, app: { include: [{ type: 'APP', id: appId }], exclude: [] } },
      actions: {
        idp: { providers: [{ type: 'OIDC', id: must }], idpSelectionType: 'SPECIFIC', enforce: true },
      },
    });
  });

  const ask = async (more: Record<string, string | null>, browser = createBrowser()) => {
    const asked = authorizeUrl(hub, client.clientId, more);
    return { browser, away: await browser.get(asked.url), verifier: asked.verifier };
  };

  it('twin: the provider of the rule lets people in, with or without idp=', async () => {
    for (const more of [{ idp: null }, { idp: must }]) {
      const journey = await ask(more);
      await expectSignedIn(hub, client, journey.verifier, await stage.finish(journey));
    }
  });

  it.each([
    ['idp=', {}],
    ['idp= with a hint', { login_hint: 'person@example.com' }],
    ['idp= with prompt=login', { prompt: 'login' }],
    [
      'idp= with response_type=id_token',
      { response_type: 'id_token', code_challenge: null, code_challenge_method: null },
    ],
    ['idp= with form_post', { response_mode: 'form_post' }],
  ])('%s of another provider', async (_name, more) => {
    const journey = await ask({ idp: other, ...more });
    const { answer } = await expectRefused(hub, { code: 'route_enforced' }, () => stage.finish(journey));
    const told = answer.location ?? answer.body;
    expect(told).toContain('access_denied');
  });

  it('the answer of a sign-in that began before the rule', async () => {
    const rulePath = `/api/v1/policies/${stage.federation.policyId}/rules`;
    const rules = await hub.api<{ id: string; name: string }[]>('GET', rulePath);
    const rule = rules.find(({ name }) => name === 'Only by one')!;
    await hub.api('POST', `${rulePath}/${rule.id}/lifecycle/deactivate`);
    const journey = await ask({ idp: other });
    await hub.api('POST', `${rulePath}/${rule.id}/lifecycle/activate`);
    await expectRefused(hub, { code: 'route_enforced', error: 'access_denied' }, () => stage.finish(journey));
  });

  it('a session by another provider does not do for the application, silently or not', async () => {
    const browser = createBrowser();
    const portal = await stage.start({ idp: other }, browser);
    await expectSignedIn(hub, stage.federation, portal.verifier, await stage.finish(portal));
    const silent = await ask({ prompt: 'none' }, browser);
    expect(new URL(silent.away.location!).searchParams.get('error')).toBe('login_required');
    const journey = await ask({}, browser);
    expect(journey.away.location).toContain(`${provider.url}/authorize`);
    const claims = await expectSignedIn(hub, client, journey.verifier, await stage.finish(journey));
    expect(claims.idp).toBe(must);
  });

  it('a session by password does not do for the application', async () => {
    const user = await createUser({}, PASSWORD);
    const browser = createBrowser();
    expect((await stage.password(browser, String(user.profile.login), PASSWORD)).status).toBe(303);
    const silent = await ask({ prompt: 'none' }, browser);
    expect(new URL(silent.away.location!).searchParams.get('error')).toBe('login_required');
    const elsewhere = authorizeUrl(hub, stage.federation.clientId, { prompt: 'none' });
    expect((await browser.get(elsewhere.url)).location).toContain('code=');
  });

  it('user name and password in the place of the provider', async () => {
    const user = await createUser({}, PASSWORD);
    const journey = await ask({});
    const cancelled = await journey.browser.get(
      `${hub.url}/oauth2/v1/authorize/callback?${new URLSearchParams({ error: 'access_denied', state: new URL(journey.away.location!).searchParams.get('state')! })}`,
    );
    const base = /action="(\/signin\/[^"]+)\/retry"/.exec(cancelled.body)![1]!;
    await journey.browser.post(`${hub.url}${base}/local`, {});
    await expectRefused(hub, { type: 'user.session.start', code: 'route_enforced', error: null }, () =>
      journey.browser.post(`${hub.url}${base}/password`, { login: String(user.profile.login), password: PASSWORD }),
    );
  });
});
