/** The public Node.js management SDK calls with an application's own key, and manages what applications and API tokens may do, unchanged. */
import { Client } from '@okta/okta-sdk-nodejs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiClient, newKey } from './support/api-client.ts';
import { startHub, type TestHub } from './support/app.ts';
import { testClock } from './support/clock.ts';
import { person } from './support/directory.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;

const all = async <T>(collection: { each(each: (item: T) => void): Promise<unknown> }) => {
  const items: T[] = [];
  await collection.each((item) => void items.push(item));
  return items;
};
const failure = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing',
    (error: { status: number; errorCode?: string; message: string }) => `${error.status} ${error.errorCode}`,
  );

describe.each([
  ['with its default cache', {}],
  ['without a cache', { cacheMiddleware: null }],
])('the management SDK %s', (_name, options) => {
  let hub: TestHub;
  let admin: Client;

  beforeAll(async () => {
    hub = await startHub();
    admin = new Client({ orgUrl: hub.url, token: hub.token, ...options });
  });
  afterAll(() => hub.close());

  const byKey = (clientId: string, privateKey: string | object, scopes: string[]) =>
    new Client({ orgUrl: hub.url, authorizationMode: 'PrivateKey', clientId, scopes, privateKey, ...options } as Any);

  it('acts as an application, by its key as PEM or as JWK', async () => {
    const scopes = ['okta.users.manage', 'okta.groups.read'];
    const { clientId, pem, privateKey, kid } = await createApiClient(hub, { scopes, roles: ['ORG_ADMIN'] });
    for (const key of [pem, { ...privateKey.export({ format: 'jwk' }), kid }]) {
      const client = byKey(clientId, key, scopes);
      const login = `${typeof key}@example.com`;
      const made = await client.userApi.createUser({ body: person(login) });
      expect((await client.userApi.getUser({ userId: made.id! })).profile!.login).toBe(login);
      expect((await all<Any>(await client.groupApi.listGroups({}))).map(({ type }) => type)).toContain('BUILT_IN');
      expect(await failure(client.applicationApi.listApplications({}).then(all))).toBe('403 E0000006');
    }
    const [created] = (await hub.events('user.lifecycle.create')).slice(-1);
    expect(created!.actor).toMatchObject({ id: clientId, type: 'PublicClientApp', alternateId: clientId });
  });

  it('gets a new token by itself when the one that it has is no longer good', async () => {
    const scopes = ['okta.groups.read'];
    const { clientId, pem } = await createApiClient(hub, { scopes, roles: ['READ_ONLY_ADMIN'] });
    const client = byKey(clientId, pem, scopes);
    await all(await client.groupApi.listGroups({}));
    await hub.database.query({ text: 'update client_tokens set revoked = created', values: [] });
    expect((await all(await client.groupApi.listGroups({ q: 'Every' }))).length).toBe(1);
  });

  it('gets nothing by the wrong key, nor for a scope that was not granted', async () => {
    const scopes = ['okta.users.read'];
    const { clientId, pem } = await createApiClient(hub, { scopes, roles: ['READ_ONLY_ADMIN'] });
    const list = (client: Client) => failure(client.userApi.listUsers({}).then(all));
    expect(await list(byKey(clientId, newKey().pem, scopes))).toMatch(/^401/);
    // The library looks for a token in the answer of 400, and calls without one.
    expect(await list(byKey(clientId, pem, ['okta.logs.read']))).toBe('401 E0000011');
    expect(await list(byKey(clientId, pem, scopes))).toBe('nothing');
  });

  it('grants scopes to an application, reads them and takes them away', async () => {
    const { id } = await createApiClient(hub, {});
    const given = await admin.applicationApi.grantConsentToScope({
      appId: id,
      oAuth2ScopeConsentGrant: { issuer: hub.url, scopeId: 'okta.users.read' },
    });
    expect(given).toMatchObject({
      clientId: id,
      issuer: hub.url,
      scopeId: 'okta.users.read',
      source: 'ADMIN',
      status: 'ACTIVE',
    });
    expect(given.id).toMatch(/^oag/);
    const again = await admin.applicationApi.grantConsentToScope({
      appId: id,
      oAuth2ScopeConsentGrant: { issuer: hub.url, scopeId: 'okta.users.read' },
    });
    expect(again.id).toBe(given.id);
    const listed = await all<Any>(await admin.applicationApi.listScopeConsentGrants({ appId: id }));
    expect(listed.map(({ scopeId }) => scopeId)).toEqual(['okta.users.read']);
    const read = await admin.applicationApi.getScopeConsentGrant({ appId: id, grantId: given.id! });
    expect(read.scopeId).toBe('okta.users.read');
    await admin.applicationApi.revokeScopeConsentGrant({ appId: id, grantId: given.id! });
    expect(await failure(admin.applicationApi.getScopeConsentGrant({ appId: id, grantId: given.id! }))).toBe(
      '404 E0000007',
    );
    for (const wrong of [
      { issuer: hub.url, scopeId: 'okta.everything' },
      { issuer: 'https://other.example.com', scopeId: 'okta.users.read' },
    ])
      expect(
        await failure(admin.applicationApi.grantConsentToScope({ appId: id, oAuth2ScopeConsentGrant: wrong })),
      ).toBe('400 E0000001');
    expect(
      (await hub.events('app.oauth2.admin.consent.grant')).filter(({ target }) => target[0]!.id === id),
    ).toHaveLength(1);
    expect(
      (await hub.events('app.oauth2.admin.consent.revoke')).filter(({ target }) => target[0]!.id === id),
    ).toHaveLength(1);
  });

  it('makes a session of a password, reads it, puts its end off and ends it, by id and by cookie', async () => {
    const login = 'session@example.com';
    const password = 'a long enough password';
    await admin.userApi.createUser({ body: { ...person(login), credentials: { password: { value: password } } } });
    const ask = async () =>
      (await (admin as Any).http.postJson(`${hub.url}/api/v1/authn`, { body: { username: login, password } })) as Any;
    const session = await admin.sessionApi.createSession({
      createSessionRequest: { sessionToken: (await ask()).sessionToken },
    });
    expect(session).toMatchObject({ login, status: 'ACTIVE' });
    const sessionId = session.id!;
    expect((await admin.sessionApi.getSession({ sessionId })).userId).toBe(session.userId);
    hub.clock.advance(60_000);
    const refreshed = await admin.sessionApi.refreshSession({ sessionId });
    expect(Number(new Date(refreshed.expiresAt!))).toBe(Number(new Date(session.expiresAt!)) + 60_000);
    await admin.sessionApi.revokeSession({ sessionId });
    expect(await failure(admin.sessionApi.getSession({ sessionId }))).toBe('404 E0000007');

    const { sessionToken } = await ask();
    const answer = await fetch(`${hub.url}/login/sessionCookieRedirect?token=${sessionToken}&redirectUrl=/`, {
      redirect: 'manual',
    });
    const cookie = answer.headers.getSetCookie()[0]!.split(';', 1)[0]!;
    expect((await admin.sessionApi.getCurrentSession({ cookie })).login).toBe(login);
    expect((await admin.sessionApi.refreshCurrentSession({ cookie })).status).toBe('ACTIVE');
    await admin.sessionApi.closeCurrentSession({ cookie });
    expect(await failure(admin.sessionApi.getCurrentSession({ cookie }))).toBe('404 E0000007');
    const wrong = await failure(
      (admin as Any).http.postJson(`${hub.url}/api/v1/authn`, { body: { username: login, password: 'x' } }),
    );
    expect(wrong).toBe('401 E0000004');
  });

  it('reads and changes the org and whom to ask', async () => {
    const before = await admin.orgSettingApi.getOrgSettings();
    const { companyName } = await admin.orgSettingApi.updateOrgSettings({
      OrgSetting: { companyName: 'Analytical Engines', city: 'London' } as Any,
    });
    expect(companyName).toBe('Analytical Engines');
    const replaced = await admin.orgSettingApi.replaceOrgSettings({
      OrgSetting: { companyName: before.companyName, website: 'https://example.com' } as Any,
    });
    expect([replaced.companyName, replaced.website, replaced.city]).toEqual([
      before.companyName,
      'https://example.com',
      null,
    ]);
    const types = await all<Any>(await admin.orgSettingApi.getOrgContactTypes());
    expect(types.map(({ contactType }) => contactType)).toEqual(['BILLING', 'TECHNICAL']);
    const me: Any = await hub.api('GET', '/api/v1/users/me');
    await admin.orgSettingApi.replaceOrgContactUser({ contactType: 'TECHNICAL', orgContactUser: { userId: me.id } });
    expect((await admin.orgSettingApi.getOrgContactUser({ contactType: 'TECHNICAL' })).userId).toBe(me.id);
    const nobody = { contactType: 'BILLING' as const, orgContactUser: { userId: '00uNobody0000000000' } };
    expect(await failure(admin.orgSettingApi.replaceOrgContactUser(nobody))).toBe('400 E0000001');
    expect(await failure(admin.orgSettingApi.getOrgContactUser({ contactType: 'LEGAL' as Any }))).toBe('404 E0000007');
    expect((await admin.orgSettingApi.getWellknownOrgMetadata()).id).toBe(before.id);
  });

  it('waits for the next minute when it is told that it asks too often, and goes on', async () => {
    // The hub is two minutes behind, so that the wait that it tells of is over at once.
    const late = await startHub({ clock: testClock(new Date(Date.now() - 120_000)) });
    try {
      await late.api('PUT', '/api/gatehouse/v1/org/settings', { requestsPerMinute: 60 });
      const client = new Client({ orgUrl: late.url, token: late.token, ...options });
      const told: Any[] = [];
      (client as Any).requestExecutor.on('backoff', (_request: Any, response: Any) => {
        told.push(response.headers.get('x-rate-limit-limit'), response.headers.get('x-rate-limit-remaining'));
        late.clock.advance(60_000);
      });
      for (let call = 0; call < 61; call++) await all(await client.groupApi.listGroups({ q: `name ${call}` }));
      expect(told).toEqual(['60', '0']);
    } finally {
      await late.close();
    }
  });

  it('gives roles to an application that acts by itself, and to no other', async () => {
    const { id: clientId } = await createApiClient(hub, {});
    const assigned: Any = await admin.roleAssignmentApi.assignRoleToClient({
      clientId,
      assignRoleRequest: { type: 'READ_ONLY_ADMIN' } as Any,
    });
    expect(assigned).toMatchObject({ type: 'READ_ONLY_ADMIN', assignmentType: 'CLIENT', status: 'ACTIVE' });
    const roles = await all<Any>(await admin.roleAssignmentApi.listRolesForClient({ clientId }));
    expect(roles.map(({ type }) => type)).toEqual(['READ_ONLY_ADMIN']);
    const one: Any = await admin.roleAssignmentApi.retrieveClientRole({ clientId, roleAssignmentId: assigned.id });
    expect(one.label).toBe('Read-only Administrator');
    await admin.roleAssignmentApi.deleteRoleFromClient({ clientId, roleAssignmentId: assigned.id });
    expect(await all(await admin.roleAssignmentApi.listRolesForClient({ clientId }))).toEqual([]);
    const web: Any = await hub.api('POST', '/api/v1/apps', {
      name: 'oidc_client',
      label: 'Web',
      signOnMode: 'OPENID_CONNECT',
      settings: { oauthClient: { redirect_uris: ['https://app.example.com/callback'] } },
    });
    const body = { type: 'READ_ONLY_ADMIN' } as Any;
    expect(
      await failure(admin.roleAssignmentApi.assignRoleToClient({ clientId: web.id, assignRoleRequest: body })),
    ).toBe('400 E0000001');
  });
});
