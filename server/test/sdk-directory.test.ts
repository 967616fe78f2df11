/** The public Node.js management SDK drives every call about users, groups, schemas, links and API tokens, unchanged. */
import { Client, type Group, type User } from '@okta/okta-sdk-nodejs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from './support/app.ts';
import { person } from './support/directory.ts';

const PROVIDER = {
  type: 'OIDC',
  name: 'ID.me',
  protocol: {
    type: 'OIDC',
    scopes: ['openid'],
    issuer: { url: 'https://id.example.com' },
    endpoints: {
      authorization: { url: 'https://id.example.com/authorize', binding: 'HTTP-REDIRECT' },
      token: { url: 'https://id.example.com/token', binding: 'HTTP-POST' },
      jwks: { url: 'https://id.example.com/keys', binding: 'HTTP-REDIRECT' },
    },
    credentials: { client: { client_id: 'client', client_secret: 'secret' } },
  },
  policy: {
    accountLink: { action: 'AUTO' },
    provisioning: { action: 'AUTO', groups: { action: 'NONE' } },
    subject: { matchType: 'USERNAME', userNameTemplate: { template: 'idpuser.email' } },
  },
};
const APPLICATION = {
  name: 'oidc_client',
  label: 'User Portal',
  signOnMode: 'OPENID_CONNECT',
  credentials: { oauthClient: { token_endpoint_auth_method: 'client_secret_basic' } },
  settings: {
    oauthClient: {
      application_type: 'web',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      redirect_uris: ['https://app.example.com/callback'],
      initiate_login_uri: 'https://app.example.com/login',
    },
  },
};

describe.each([
  ['with its default cache', {}],
  ['without a cache', { cacheMiddleware: null }],
])('the management SDK %s', (_name, options) => {
  let hub: TestHub;
  let client: Client;
  let idpId: string;
  let count = 0;

  beforeAll(async () => {
    hub = await startHub();
    client = new Client({ orgUrl: `${hub.url}/`, token: hub.token, ...options });
    idpId = (await hub.api<{ id: string }>('POST', '/api/v1/idps', PROVIDER)).id;
  });
  afterAll(() => hub.close());

  const newUser = (more: object = {}) =>
    client.userApi.createUser({
      body: { ...person(`sdk-${++count}@example.com`), credentials: { password: { value: 'Abcd1234#@' } }, ...more },
    });
  const all = async <T>(
    collection:
      | { each(each: (item: T) => void): Promise<unknown> }
      | Promise<{ each(each: (item: T) => void): Promise<unknown> }>,
  ) => {
    const items: T[] = [];
    await (await collection).each((item) => void items.push(item));
    return items;
  };
  const failure = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => null,
      (reason) => reason as { status: number; errorCode: string; errorCauses: object[] },
    );
    return `${error?.status} ${error?.errorCode}`;
  };

  it('creates, reads, changes and replaces users', async () => {
    const user = await newUser();
    expect([user.status, user.created instanceof Date, user.credentials?.provider?.type]).toEqual([
      'ACTIVE',
      true,
      'OKTA',
    ]);
    const read = await client.userApi.getUser({ userId: user.id! });
    expect(read.profile?.login).toBe(user.profile?.login);
    expect((await client.userApi.getUser({ userId: user.profile!.login! })).id).toBe(user.id);
    const changed = await client.userApi.updateUser({ userId: user.id!, user: { profile: { nickName: 'Countess' } } });
    expect(changed.profile?.nickName).toBe('Countess');
    expect((await client.userApi.getUser({ userId: user.id! })).profile?.nickName).toBe('Countess');
    const replaced = await client.userApi.replaceUser({
      userId: user.id!,
      user: { profile: person(user.profile!.login!).profile },
    });
    expect(replaced.profile?.nickName).toBeUndefined();
    expect((await client.userApi.getUser({ userId: 'me' })).profile?.login).toBe('admin@example.com');
  });
  it('creates staged, provisioned and federated users', async () => {
    const create = (query: object, credentials?: object) =>
      client.userApi.createUser({ body: { ...person(`sdk-${++count}@example.com`), credentials }, ...query });
    expect((await create({ activate: false })).status).toBe('STAGED');
    expect((await create({ activate: true })).status).toBe('PROVISIONED');
    const federated = await create({ provider: true }, { provider: { type: 'FEDERATION', name: 'FEDERATION' } });
    expect([federated.status, federated.credentials?.provider?.type]).toEqual(['ACTIVE', 'FEDERATION']);
    expect((await create({ nextLogin: 'changePassword' }, { password: { value: 'Abcd1234#@' } })).status).toBe(
      'PASSWORD_EXPIRED',
    );
  });
  it('leads users through their lifecycle', async () => {
    const user = await newUser();
    const userId = user.id!;
    const status = async () => (await client.userApi.getUser({ userId })).status;
    await client.userApi.suspendUser({ userId });
    expect(await status()).toBe('SUSPENDED');
    expect(await failure(client.userApi.suspendUser({ userId }))).toBe('400 E0000001');
    await client.userApi.unsuspendUser({ userId });
    expect(await status()).toBe('ACTIVE');
    await client.userApi.revokeUserSessions({ userId, oauthTokens: true });
    expect((await hub.events('user.session.clear')).map((event) => event.target[0]?.id)).toEqual([userId]);
    await client.userApi.deactivateUser({ userId });
    expect(await status()).toBe('DEPROVISIONED');
    await client.userApi.activateUser({ userId, sendEmail: false });
    expect(await status()).toBe('PROVISIONED');
    await client.userApi.deleteUser({ userId });
    await client.userApi.deleteUser({ userId });
    expect(await failure(client.userApi.getUser({ userId }))).toBe('404 E0000007');
  });
  it('lists, searches and filters users, page by page', async () => {
    const users = await Promise.all(Array.from({ length: 5 }, () => newUser()));
    const ids = (found: User[]) => found.map((user) => user.id);
    const listed = ids(await all<User>(client.userApi.listUsers({ limit: 2 })));
    expect(listed).toEqual(expect.arrayContaining(ids(users)));
    expect(new Set(listed).size).toBe(listed.length);
    const login = users[0]!.profile!.login!;
    for (const query of [
      { search: `profile.login eq "${login}"` },
      { filter: `profile.login eq "${login}"` },
      { q: login },
    ]) {
      expect(ids(await all<User>(client.userApi.listUsers(query)))).toEqual([users[0]!.id]);
    }
    expect(await failure(all(client.userApi.listUsers({ search: 'nonsense' })))).toBe('400 E0000031');
  });
  it('reads what is wrong with a user', async () => {
    const error = await client.userApi
      .createUser({ body: person('broken@example.com', { firstName: '', lastName: '' }) })
      .then(
        () => null,
        (reason) => reason,
      );
    expect(error.errorCauses.map((cause: { errorSummary: string }) => cause.errorSummary)).toEqual([
      'firstName: The field cannot be left blank',
      'lastName: The field cannot be left blank',
    ]);
  });

  it('keeps groups and their members', async () => {
    const name = `SDK group ${++count}`;
    const group = await client.groupApi.createGroup({ group: { profile: { name, description: 'of the SDK' } } });
    const groupId = group.id!;
    expect([group.type, group.profile?.name]).toEqual(['OKTA_GROUP', name]);
    const user = await newUser({ groupIds: [groupId] });
    const other = await newUser();
    await client.groupApi.assignUserToGroup({ groupId, userId: other.id! });
    expect((await all<User>(client.groupApi.listGroupUsers({ groupId }))).map((item) => item.id).sort()).toEqual(
      [user.id, other.id].sort(),
    );
    await client.groupApi.unassignUserFromGroup({ groupId, userId: user.id! });
    expect((await all<User>(client.groupApi.listGroupUsers({ groupId }))).map((item) => item.id)).toEqual([other.id]);
    const names = (await all(client.userApi.listUserGroups({ userId: other.id! }))).map(
      (item) => (item as { profile: { name: string } }).profile.name,
    );
    expect(names).toEqual(['Everyone', name]);
    await client.groupApi.replaceGroup({ groupId, group: { profile: { name: `${name} renamed` } } });
    expect((await client.groupApi.getGroup({ groupId })).profile?.name).toBe(`${name} renamed`);
    expect(await all(client.groupApi.listGroups({ q: name }))).toHaveLength(1);
    expect(await all(client.groupApi.listGroups({ search: 'type eq "BUILT_IN"' }))).toHaveLength(1);
    expect(await all(client.groupApi.listAssignedApplicationsForGroup({ groupId }))).toEqual([]);
    await client.groupApi.deleteGroup({ groupId });
    expect(await failure(client.groupApi.getGroup({ groupId }))).toBe('404 E0000007');
  });
  it('tells the numbers of a group', async () => {
    const group = await client.groupApi.createGroup({ group: { profile: { name: `SDK group ${++count}` } } });
    await newUser({ groupIds: [group.id] });
    const [listed] = await all<Group>(client.groupApi.listGroups({ q: group.profile!.name, expand: 'stats' }));
    expect(listed?._embedded?.stats).toMatchObject({ usersCount: 1, appsCount: 0 });
  });
  it('keeps group rules', async () => {
    const group = await client.groupApi.createGroup({ group: { profile: { name: `SDK group ${++count}` } } });
    const groupRule = {
      type: 'group_rule',
      name: `SDK rule ${++count}`,
      conditions: {
        people: { users: { exclude: [] }, groups: { exclude: [] } },
        expression: { value: `user.nickName == "ruled ${count}"`, type: 'urn:okta:expression:1.0' },
      },
      actions: { assignUserToGroups: { groupIds: [group.id!] } },
    } as const;
    const rule = await client.groupApi.createGroupRule({ groupRule: groupRule as never });
    expect([rule.status, rule.created instanceof Date]).toEqual(['INACTIVE', true]);
    const ruleId = rule.id!;
    const nickName = `ruled ${count}`;
    await client.groupApi.activateGroupRule({ ruleId });
    expect((await client.groupApi.getGroupRule({ ruleId })).status).toBe('ACTIVE');
    const user = await newUser({ profile: { ...person(`sdk-${++count}@example.com`).profile, nickName } });
    expect((await all<User>(client.groupApi.listGroupUsers({ groupId: group.id! }))).map((one) => one.id)).toEqual([
      user.id,
    ]);
    expect(await failure(client.groupApi.replaceGroupRule({ ruleId, groupRule: groupRule as never }))).toBe(
      '400 E0000001',
    );
    await client.groupApi.deactivateGroupRule({ ruleId });
    const changed = await client.groupApi.replaceGroupRule({
      ruleId,
      groupRule: { ...groupRule, name: 'SDK rule, renamed' } as never,
    });
    expect([changed.name, (await client.groupApi.getGroupRule({ ruleId })).name]).toEqual([
      'SDK rule, renamed',
      'SDK rule, renamed',
    ]);
    expect(
      (await all<{ id?: string }>(client.groupApi.listGroupRules({ search: 'SDK rule' }))).map(({ id }) => id),
    ).toEqual([ruleId]);
    await client.groupApi.deleteGroupRule({ ruleId, removeUsers: false });
    expect(await failure(client.groupApi.getGroupRule({ ruleId }))).toBe('404 E0000007');
    expect(await all(client.groupApi.listGroupUsers({ groupId: group.id! }))).toHaveLength(1);
  });
  it('lists the applications of a user and of a group', async () => {
    const group = await client.groupApi.createGroup({ group: { profile: { name: 'Portal users' } } });
    const userId = (await newUser({ groupIds: [group.id] })).id!;
    expect(await all(client.userApi.listAppLinks({ userId }))).toEqual([]);
    const { id } = await hub.api<{ id: string }>('POST', '/api/v1/apps?activate=true', APPLICATION);
    await hub.api('PUT', `/api/v1/apps/${id}/groups/${group.id}`, {});
    const links = await all<{ label: string }>(client.userApi.listAppLinks({ userId }) as never);
    expect(links.map((link) => link.label)).toEqual(['User Portal']);
    const apps = await all<{ id: string }>(
      client.groupApi.listAssignedApplicationsForGroup({ groupId: group.id! }) as never,
    );
    expect(apps.map((app) => app.id)).toEqual([id]);
  });

  it('adds custom attributes to the user type, uses and removes them', async () => {
    const [userType] = await all<{ id: string; _links: { schema: { href: string } } }>(
      client.userTypeApi.listUserTypes() as never,
    );
    expect((await client.userTypeApi.getUserType({ typeId: userType!.id })).name).toBe('user');
    const schemaId = userType!._links.schema.href.split('/').at(-1)!;
    const property = (definition: unknown) => ({
      definitions: { custom: { id: '#custom', type: 'object', properties: { sdkBadge: definition } } },
    });
    const definition = {
      title: 'Badge',
      type: 'string',
      maxLength: 20,
      permissions: [{ principal: 'SELF', action: 'READ_WRITE' }],
    };
    const changed = await client.schemaApi.updateUserProfile({ schemaId, userSchema: property(definition) as never });
    expect(changed.definitions?.custom?.properties?.sdkBadge?.maxLength).toBe(20);
    const read = await client.schemaApi.getUserSchema({ schemaId: 'default' });
    expect(read.definitions?.custom?.properties?.sdkBadge).toEqual(changed.definitions?.custom?.properties?.sdkBadge);
    const user = await client.userApi.createUser({ body: person(`sdk-${++count}@example.com`, { sdkBadge: 'B-1' }) });
    expect((user.profile as unknown as Record<string, unknown>).sdkBadge).toBe('B-1');
    await client.schemaApi.updateUserProfile({ schemaId, userSchema: property(null) as never });
    expect((await client.schemaApi.getUserSchema({ schemaId })).definitions?.custom?.properties).toEqual({});
  });
  it('reads and changes the schema of a provider', async () => {
    const properties = { handle: { title: 'Handle', type: 'string', externalName: 'handle_claim' } };
    const changed = await client.schemaApi.updateApplicationUserProfile({
      appInstanceId: idpId,
      body: { definitions: { custom: { id: '#custom', type: 'object', properties } } } as never,
    });
    expect(changed.definitions?.custom?.properties?.handle?.externalName).toBe('handle_claim');
    const read = await client.schemaApi.getApplicationUserSchema({ appInstanceId: idpId });
    expect(read.definitions?.custom?.properties?.handle?.externalName).toBe('handle_claim');
  });

  it('links and unlinks identities', async () => {
    const userId = (await newUser()).id!;
    const link = await client.identityProviderApi.linkUserToIdentityProvider({
      idpId,
      userId,
      userIdentityProviderLinkRequest: { externalId: `sub-${userId}` },
    });
    expect([link.id, link.externalId]).toEqual([userId, `sub-${userId}`]);
    expect((await client.identityProviderApi.getIdentityProviderApplicationUser({ idpId, userId })).externalId).toBe(
      `sub-${userId}`,
    );
    expect(await all(client.identityProviderApi.listIdentityProviderApplicationUsers({ idpId }))).toHaveLength(1);
    expect(await all(client.identityProviderApi.listUserIdentityProviders({ userId }))).toHaveLength(1);
    await client.identityProviderApi.unlinkUserFromIdentityProvider({ idpId, userId });
    expect(await all(client.identityProviderApi.listUserIdentityProviders({ userId }))).toEqual([]);
  });

  it('lists, renames and revokes API tokens', async () => {
    const issue = (name: string) =>
      hub.api<{ id: string; value: string; userId: string }>('POST', '/api/v1/api-tokens', { name });
    const body = await issue('For the SDK');
    const own = new Client({ orgUrl: hub.url, token: body.value, ...options });
    expect((await own.apiTokenApi.getApiToken({ apiTokenId: body.id })).name).toBe('For the SDK');
    const renamed = await own.apiTokenApi.upsertApiToken({
      apiTokenId: body.id,
      apiTokenUpdate: { name: 'Renamed', userId: body.userId },
    });
    expect(renamed.name).toBe('Renamed');
    expect(
      (await all<{ name: string }>(own.apiTokenApi.listApiTokens() as never)).map((token) => token.name),
    ).toContain('Renamed');
    await own.apiTokenApi.revokeCurrentApiToken();
    expect(await failure(own.apiTokenApi.listApiTokens().then((tokens) => all(tokens as never)))).toBe('401 E0000011');
    const other = await issue('Other');
    await client.apiTokenApi.revokeApiToken({ apiTokenId: other.id });
    expect(await failure(client.apiTokenApi.getApiToken({ apiTokenId: other.id }))).toBe('404 E0000007');
  });
});
