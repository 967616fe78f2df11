/** The public Node.js management SDK drives every call about user types and schemas, unchanged. */
import { Client } from '@okta/okta-sdk-nodejs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from './support/app.ts';
import { person } from './support/directory.ts';
import { createClient } from './support/federation.ts';

// biome-ignore lint/suspicious/noExplicitAny: bodies of every kind, as the SDK's models leave them
type Any = any;

describe.each([
  ['with its default cache', {}],
  ['without a cache', { cacheMiddleware: null }],
])('the management SDK %s', (_name, options) => {
  let hub: TestHub;
  let client: Client;

  beforeAll(async () => {
    hub = await startHub();
    client = new Client({ orgUrl: `${hub.url}/`, token: hub.token, ...options });
  });
  afterAll(() => hub.close());

  const types = async () => {
    const found: Any[] = [];
    await (await client.userTypeApi.listUserTypes()).each((type) => void found.push(type));
    return found;
  };
  const schemaIdOf = (type: Any): string => type._links.schema.href.split('/').at(-1);
  const properties = (of: Record<string, unknown>): Any => ({
    definitions: { custom: { id: '#custom', type: 'object', properties: of } },
  });
  const failure = (work: Promise<unknown>) =>
    work.then(
      () => null,
      (error: Any) => [
        error.status,
        error.errorCode,
        ...(error.errorCauses ?? []).map((cause: Any) => cause.errorSummary),
      ],
    );

  it('creates, reads, lists, changes, replaces and deletes user types', async () => {
    const created: Any = await client.userTypeApi.createUserType({
      userType: { name: 'contractor', displayName: 'Contractor', description: 'Comes and goes' },
    });
    expect([created._default, created.name, created.created instanceof Date]).toEqual([false, 'contractor', true]);
    const typeId = created.id;
    expect(await client.userTypeApi.getUserType({ typeId })).toEqual(created);
    expect((await types()).map(({ name, _default }) => [name, _default])).toEqual([
      ['user', true],
      ['contractor', false],
    ]);
    const updated = await client.userTypeApi.updateUserType({
      typeId,
      userType: { displayName: 'Contractors' } as Any,
    });
    expect([updated.displayName, updated.description]).toEqual(['Contractors', 'Comes and goes']);
    const replaced = await client.userTypeApi.replaceUserType({
      typeId,
      userType: { name: 'contractor', displayName: 'External', description: 'Away' },
    });
    expect(replaced).toMatchObject({ displayName: 'External', description: 'Away' });
    expect(await client.userTypeApi.getUserType({ typeId })).toEqual(replaced);
    await client.userTypeApi.deleteUserType({ typeId });
    expect(await failure(client.userTypeApi.getUserType({ typeId }))).toEqual([404, 'E0000007']);
    expect((await types()).map(({ name }) => name)).toEqual(['user']);
  });

  it('gives a user type attributes of its own, and people of it their values', async () => {
    const type: Any = await client.userTypeApi.createUserType({
      userType: { name: 'partner', displayName: 'Partner' } as Any,
    });
    const schemaId = schemaIdOf(type);
    const before = await client.schemaApi.getUserSchema({ schemaId });
    expect(before.definitions?.custom?.properties).toEqual({});
    expect(Object.keys(before.definitions?.base?.properties ?? {}).length).toBeGreaterThanOrEqual(31);
    const changed: Any = await client.schemaApi.updateUserProfile({
      schemaId,
      userSchema: properties({
        company: {
          title: 'Company',
          type: 'string',
          required: true,
          minLength: 1,
          maxLength: 50,
          oneOf: [
            { _const: 'Acme', title: 'Acme Inc.' },
            { _const: 'Other', title: 'Somebody else' },
          ],
          permissions: [{ principal: 'SELF', action: 'READ_WRITE' }],
          master: { type: 'OVERRIDE', priority: [{ type: 'APP', value: '0oaSource' }, { type: 'OKTA' }] },
        },
        tags: { title: 'Tags', type: 'array', items: { type: 'string' } },
      }),
    });
    expect(changed.definitions.custom.properties.company.master.priority).toHaveLength(2);
    expect(await client.schemaApi.getUserSchema({ schemaId })).toEqual(changed);
    const body: Any = { ...person('partner@example.com', { company: 'Acme', tags: ['a'] }), type: { id: type.id } };
    const user: Any = await client.userApi.createUser({ body });
    expect([user.type.id, user.profile.company, user.profile.tags]).toEqual([type.id, 'Acme', ['a']]);
    expect(await failure(client.userTypeApi.deleteUserType({ typeId: type.id }))).toEqual([
      400,
      'E0000001',
      'userType: 1 user has the type Partner; give this user another type or delete the user first',
    ]);
    expect(
      await failure(client.userApi.createUser({ body: person('plain@example.com', { company: 'Acme' }) })),
    ).toEqual([400, 'E0000001', "Property name 'company' is not defined in profile"]);
    const found: Any[] = [];
    await (await client.userApi.listUsers({ search: `type.id eq "${type.id}"` })).each(
      (one) => void found.push(one.id),
    );
    expect(found).toEqual([user.id]);
    await client.schemaApi.updateUserProfile({ schemaId, userSchema: properties({ company: null, tags: null }) });
    expect((await client.schemaApi.getUserSchema({ schemaId })).definitions).toEqual(before.definitions);
  });

  it('changes permissions, source and "required" of base attributes', async () => {
    const base = (of: Record<string, unknown>): Any => ({
      definitions: { base: { id: '#base', type: 'object', properties: of } },
    });
    const permissions = [{ principal: 'SELF', action: 'HIDE' }];
    const master = { type: 'OKTA' };
    const change = (lastName: object): Promise<Any> =>
      client.schemaApi.updateUserProfile({ schemaId: 'default', userSchema: base({ lastName }) });
    const changed = await change({ required: false, permissions, master });
    expect(changed.definitions.base.properties.lastName).toMatchObject({ permissions, master });
    expect(changed.definitions.base.properties.lastName.required).toBeUndefined();
    const read = await client.schemaApi.getUserSchema({ schemaId: 'default' });
    expect(read).toEqual(changed);
    const { lastName: _none, ...profile } = person('nameless@example.com').profile as Any;
    expect((await client.userApi.createUser({ body: { profile } })).status).toBe('PROVISIONED');
    expect(
      await failure(
        client.schemaApi.updateUserProfile({ schemaId: 'default', userSchema: base({ login: { required: false } }) }),
      ),
    ).toEqual([400, 'E0000001', 'login: required: cannot be changed for this base attribute']);
    await change({
      required: true,
      permissions: [{ principal: 'SELF', action: 'READ_WRITE' }],
      master: { type: 'PROFILE_MASTER' },
    });
  });

  it('reads and changes the schema of an application’s users', async () => {
    await createClient(hub, {}, {}, 'Application of tests');
    const [app] = await hub.api<Any[]>('GET', '/api/v1/apps');
    const handle = {
      title: 'Handle',
      type: 'string',
      scope: 'SELF',
      externalName: 'handle',
      externalNamespace: 'urn:x',
    };
    const changed: Any = await client.schemaApi.updateApplicationUserProfile({
      appInstanceId: app.id,
      body: properties({ handle }),
    });
    expect(changed.definitions.custom.properties.handle).toMatchObject(handle);
    expect(await client.schemaApi.getApplicationUserSchema({ appInstanceId: app.id })).toEqual(changed);
  });

  it('reads and changes the schema of groups', async () => {
    const before = await client.schemaApi.getGroupSchema();
    expect(before.definitions?.base?.properties?.name?.maxLength).toBe(255);
    const changed: Any = await client.schemaApi.updateGroupSchema({
      GroupSchema: properties({ costCenter: { title: 'Cost center', type: 'string', maxLength: 4 } }),
    });
    expect(changed.definitions.custom.properties.costCenter.title).toBe('Cost center');
    expect(await client.schemaApi.getGroupSchema()).toEqual(changed);
    const group: Any = await client.groupApi.createGroup({
      group: { profile: { name: 'Payers', costCenter: '1234' } as Any },
    });
    expect((await hub.api<Any>('GET', `/api/v1/groups/${group.id}`)).profile.costCenter).toBe('1234');
    await client.schemaApi.updateGroupSchema({ GroupSchema: properties({ costCenter: null }) });
    expect((await client.schemaApi.getGroupSchema()).definitions).toEqual(before.definitions);
  });
});
