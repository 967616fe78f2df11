import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from './support/app.ts';
import { createBrowser } from './support/browser.ts';
import { atProvider, authorizeUrl, CLAIMS, claimsOf, type Federation, federate, redeem } from './support/federation.ts';
import { statementsDuring } from './support/statements.ts';
import { type StubProvider, startStubProvider } from './support/stub-openid-provider.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;

let hub: TestHub;
let provider: StubProvider;
let federation: Federation;
let groupId: string;
let ruleId: string;

beforeAll(async () => {
  hub = await startHub();
  provider = await startStubProvider(() => hub.clock.now());
  federation = await federate(hub, provider);
  groupId = (await hub.api<Any>('POST', '/api/v1/groups', { profile: { name: 'Verified people' } })).id;
  ruleId = (
    await hub.api<Any>('POST', '/api/v1/groups/rules', {
      name: 'Verified',
      conditions: { expression: { value: 'String.startsWith(user.mobilePhone, "1206") and user.nickName != "out"' } },
      actions: { assignUserToGroups: { groupIds: [groupId] } },
    })
  ).id;
  await hub.api('POST', `/api/v1/groups/rules/${ruleId}/lifecycle/activate`);
  await setClaims([
    { name: 'groups', expression: 'Groups.startsWith("OKTA", "", 100)', location: 'ID_TOKEN' },
    { name: 'verified', expression: `isMemberOfGroup("${groupId}")`, location: 'USERINFO' },
  ]);
});
afterAll(async () => {
  await provider?.close();
  await hub?.close();
});

async function setClaims(claims: object[]): Promise<void> {
  const [app] = await hub.api<Any[]>('GET', '/api/v1/apps?q=Portal%20of%20tests');
  const oauthClient = { ...app.settings.oauthClient, claims };
  await hub.api('PUT', `/api/v1/apps/${app.id}`, { ...app, settings: { ...app.settings, oauthClient } });
}

async function signIn(claims: object, more: Record<string, string | null> = {}) {
  provider.claims = { ...CLAIMS, ...claims };
  const browser = createBrowser();
  const asked = authorizeUrl(hub, federation.clientId, more);
  const back = await atProvider(hub, provider, browser, await browser.get(asked.url));
  expect(back.location ?? back.body).toContain('localhost:4010');
  return { asked, location: new URL(back.location!) };
}
const tokensFor = async (claims: object) => {
  const { asked, location } = await signIn(claims, { scope: 'openid offline_access' });
  return (await redeem(hub, federation, location.searchParams.get('code')!, asked.verifier)).body;
};
const person = (name: string) => ({ sub: name, uuid: name, email: `${name}@example.com` });
const rulesOf = async (login: string) => {
  const { items } = { items: await hub.api<Any[]>('GET', `/api/gatehouse/v1/groups/${groupId}/members`) };
  return items.find((member) => member.user.profile.login === login)?.rules.map((rule: Any) => rule.name) ?? null;
};

describe('somebody whom a provider brings', () => {
  it('is in the groups of the rules from the first token on, and out of them when the provider says otherwise', async () => {
    const tokens = await tokensFor(person('gary'));
    expect(claimsOf(tokens.id_token!).groups).toEqual(['Everyone', 'Verified people']);
    expect(await rulesOf('gary@example.com')).toEqual(['Verified']);
    const later = await tokensFor({ ...person('gary'), phone: '3225550100' });
    expect(claimsOf(later.id_token!).groups).toEqual(['Everyone']);
    expect(await rulesOf('gary@example.com')).toBeNull();
    const events = (await hub.events('group.user_membership.add')).filter((event) => event.target[1]?.id === groupId);
    expect(events.map((event) => event.debugContext.debugData.groupRule)).toEqual(['Verified']);
  });

  it('has the groups of the moment in refreshed tokens, at userinfo and in an ID token without a code', async () => {
    const tokens = await tokensFor(person('ada'));
    const userinfo = async (token: string) => {
      const response = await fetch(`${hub.url}/oauth2/v1/userinfo`, { headers: { authorization: `Bearer ${token}` } });
      return (await response.json()) as Record<string, unknown>;
    };
    expect(await userinfo(tokens.access_token!)).toMatchObject({ verified: true });
    const ada = await hub.api<Any>('GET', '/api/v1/users/ada@example.com');
    await hub.api('POST', `/api/v1/users/${ada.id}`, { profile: { nickName: 'out' } });
    expect(await userinfo(tokens.access_token!)).toMatchObject({ verified: false });
    const refreshed = await redeem(hub, federation, '', '', {
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token!,
    });
    expect(claimsOf(refreshed.body.id_token!).groups).toEqual(['Everyone']);
    await hub.api('POST', `/api/v1/users/${ada.id}`, { profile: { nickName: 'Countess' } });
    const { location } = await signIn(person('ada'), { response_type: 'id_token', response_mode: 'fragment' });
    const idToken = new URLSearchParams(location.hash.slice(1)).get('id_token')!;
    expect(claimsOf(idToken).groups).toEqual(['Everyone', 'Verified people']);
  });

  it('needs no further statement for the token while no claim asks for groups', async () => {
    const statements = async () => (await statementsDuring(hub.database, () => tokensFor(person('grace')))).length;
    await tokensFor(person('grace'));
    const withGroups = await statements();
    await setClaims([]);
    await tokensFor(person('grace'));
    expect([withGroups, await statements()]).toEqual([withGroups, withGroups]);
  });
});

describe('the job of a rule', () => {
  const allJobsDone = () =>
    expect
      .poll(
        async () => {
          const jobs = await hub.api<Any[]>('GET', `/api/gatehouse/v1/jobs?subjectId=${ruleId}`);
          return jobs.every((job) => job.status === 'COMPLETED');
        },
        { timeout: 10_000 },
      )
      .toBe(true);

  it('runs by itself once the rule is active', async () => {
    const login = 'queued@example.com';
    const profile = { login, email: login, firstName: 'Q', lastName: 'U', mobilePhone: '12065550101' };
    await hub.api('POST', `/api/v1/groups/rules/${ruleId}/lifecycle/deactivate`);
    await hub.api('POST', '/api/v1/users', { profile });
    expect(await rulesOf(login)).toBeNull();
    await hub.api('POST', `/api/v1/groups/rules/${ruleId}/lifecycle/activate`);
    await allJobsDone();
    expect(await rulesOf(login)).toEqual(['Verified']);
  });

  it('does nothing twice when people change while it runs', async () => {
    const users = (await hub.api<Any[]>('GET', '/api/v1/users')).filter((user) => user.profile.mobilePhone !== null);
    expect(users.length).toBeGreaterThan(3);
    await hub.api('POST', `/api/gatehouse/v1/group-rules/${ruleId}/run`).catch(() => undefined);
    await Promise.all(
      users.map(({ id }, index) =>
        hub.api('POST', `/api/v1/users/${id}`, { profile: { nickName: index % 2 ? 'in' : 'out' } }),
      ),
    );
    await allJobsDone();
    const members = (await hub.api<Any[]>('GET', `/api/v1/groups/${groupId}/users`)).map((user) => user.id);
    const matching = users.filter(({ profile }, index) => index % 2 === 1 && profile.mobilePhone.startsWith('1206'));
    expect(members).toEqual(matching.map((user) => user.id));
  });
});
