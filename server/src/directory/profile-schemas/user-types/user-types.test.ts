import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDirectory, person, type TestDirectory } from '../../../../test/support/directory.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;

let directory: TestDirectory;
let call: TestDirectory['call'];
const TYPES = '/meta/types/user';

beforeAll(async () => {
  directory = await createTestDirectory();
  call = directory.call;
});
afterAll(() => directory.close());

const newType = async (name: string): Promise<Any> =>
  (await call('POST', TYPES, { name, displayName: `The ${name}`, description: 'Of the tests' })).body;
const schemaOf = (type: Any): string => type._links.schema.href.replace('http://localhost/api/v1', '');
const addAttributes = (type: Any, properties: Record<string, unknown>) =>
  call('POST', schemaOf(type), { definitions: { custom: { properties } } });
const causes = ({ status, body }: { status: number; body: Any }) => [
  status,
  ...(body.errorCauses ?? []).map((cause: Any) => cause.errorSummary),
];

describe('a user type', () => {
  it('is created with a schema of its own: the base attributes and no others', async () => {
    const sent = { name: 'contractor', displayName: 'Contractor', description: 'Comes and goes' };
    const { status, body } = await call('POST', TYPES, sent);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...sent,
      id: expect.stringMatching(/^oty\w{17}$/),
      default: false,
      createdBy: directory.adminId,
      lastUpdatedBy: directory.adminId,
      created: directory.clock.now().toISOString(),
    });
    expect((await call('GET', `${TYPES}/${body.id}`)).body).toEqual(body);
    expect((await call('GET', TYPES)).body.map((type: Any) => [type.name, type.default])).toEqual([
      ['user', true],
      ['contractor', false],
    ]);
    expect(schemaOf(body)).toMatch(/\/meta\/schemas\/user\/osc\w{17}$/);
    const schema = (await call('GET', schemaOf(body))).body;
    expect(schema.definitions.custom).toEqual({ id: '#custom', type: 'object', properties: {}, required: [] });
    expect(Object.keys(schema.definitions.base.properties)).toHaveLength(31);
    expect(schema._links.type.href).toBe(`http://localhost/api/v1/meta/types/user/${body.id}`);
    expect([schema.name, schema.title]).toEqual(['contractor', 'Contractor']);
  });

  it('is changed in part or replaced, but keeps its name', async () => {
    const { id } = await newType('changed');
    const path = `${TYPES}/${id}`;
    directory.clock.advance(1_000);
    const renamed = (await call('POST', path, { displayName: 'Renamed' })).body;
    expect(renamed).toMatchObject({ name: 'changed', displayName: 'Renamed', description: 'Of the tests' });
    expect(renamed.lastUpdated > renamed.created).toBe(true);
    expect((await call('GET', schemaOf(renamed))).body.title).toBe('Renamed');
    const replaced = await call('PUT', path, { name: 'changed', displayName: 'Replaced' });
    expect(replaced.body).toMatchObject({ displayName: 'Replaced', description: null });
    expect(causes(await call('PUT', path, { name: 'changed' }))).toEqual([
      400,
      'displayName: The field cannot be left blank',
    ]);
    expect(causes(await call('POST', path, { name: 'other' }))).toEqual([
      400,
      'name: cannot be changed, it stays changed',
    ]);
    const { headers } = await call('GET', path);
    const etag = { 'if-match': String(headers.etag) };
    expect((await call('POST', path, { description: 'once' }, etag)).status).toBe(200);
    expect((await call('POST', path, { description: 'twice' }, etag)).status).toBe(412);
  });

  it.each([
    ['without a name', { displayName: 'X' }, 'name: The field cannot be left blank'],
    ['without a display name', { name: 'x' }, 'displayName: The field cannot be left blank'],
    [
      'with a name that is none',
      { name: '1x', displayName: 'X' },
      'name: expected up to 100 letters, digits and underscores, a letter first',
    ],
    [
      'with the name of another one',
      { name: 'USER', displayName: 'X' },
      'name: An object with this field already exists in the current organization',
    ],
    [
      'with an endless description',
      { name: 'x', displayName: 'X', description: 'x'.repeat(1_001) },
      'description: at most 1000 characters',
    ],
  ])('is refused %s', async (_how, body, cause) => {
    expect(causes(await call('POST', TYPES, body))).toEqual([400, cause]);
  });

  it('is deleted when nobody has it, with its schema; the default one never', async () => {
    const type = await newType('passing');
    const user = (await call('POST', '/users', { ...person('passing@example.com'), type: { id: type.id } })).body;
    const path = `${TYPES}/${type.id}`;
    expect(causes(await call('DELETE', path))).toEqual([
      400,
      'userType: 1 user has the type The passing; give this user another type or delete the user first',
    ]);
    await call('DELETE', `/users/${user.id}`);
    await call('DELETE', `/users/${user.id}`);
    expect((await call('DELETE', path)).status).toBe(204);
    expect((await call('GET', path)).status).toBe(404);
    expect((await call('DELETE', path)).status).toBe(404);
    expect((await call('GET', schemaOf(type))).status).toBe(404);
    const refused = await call('POST', '/users', { ...person('late@example.com'), type: { id: type.id } });
    expect(causes(refused)).toEqual([400, `type: the user type ${type.id} does not exist`]);
    const { body } = await call('GET', `${TYPES}/default`);
    expect(causes(await call('DELETE', `${TYPES}/${body.id}`))).toEqual([
      400,
      'userType: the default type cannot be deleted',
    ]);
  });

  it('is never deleted from under somebody who is being created', async () => {
    for (let round = 0; round < 5; round++) {
      const type = await newType(`race${round}`);
      const [created, deleted] = await Promise.all([
        call('POST', '/users', { ...person(`race${round}@example.com`), type: { id: type.id } }),
        call('DELETE', `${TYPES}/${type.id}`),
      ]);
      expect([
        [200, 400],
        [400, 204],
      ]).toContainEqual([created.status, deleted.status]);
    }
  });

  it('is recorded in the System Log', async () => {
    const { id } = await newType('logged');
    await call('POST', `${TYPES}/${id}`, { displayName: 'Logged' });
    await call('DELETE', `${TYPES}/${id}`);
    const { rows } = await directory.database.query<{ type: string }>({
      text: `select event_type as type from system_log where $1 = any(target_ids) order by published, id`,
      values: [id],
    });
    expect(rows.map((row) => row.type)).toEqual([
      'directory.non_default_user_profile.create',
      'gatehouse.user_type.update',
      'gatehouse.user_type.delete',
    ]);
  });

  it('is limited in number by a sentence', async () => {
    const present = (await call('GET', TYPES)).body.length;
    for (let n = present; n < 50; n++) await newType(`many${n}`);
    expect(causes(await call('POST', TYPES, { name: 'onemore', displayName: 'One more' }))).toEqual([
      400,
      'userType: at most 50 user types, there are 50',
    ]);
    for (const type of (await call('GET', TYPES)).body)
      if (type.name.startsWith('many')) await call('DELETE', `${TYPES}/${type.id}`);
  });
});

describe('the people of a type', () => {
  it('are checked, shown and changed by the schema of their own type', async () => {
    const type = await newType('partner');
    await addAttributes(type, { company: { title: 'Company', type: 'string', required: true } });
    const create = (profile: object) =>
      call('POST', '/users', { ...person('partner@example.com', { ...profile }), type: { id: type.id } });
    expect(causes(await create({}))).toEqual([400, 'company: The field cannot be left blank']);
    const { body: user } = await create({ company: 'Acme' });
    expect(user.type).toEqual({ id: type.id });
    expect(user._links.type.href).toBe(`http://localhost/api/v1/meta/types/user/${type.id}`);
    expect(user._links.schema.href).toBe(type._links.schema.href);
    expect((await call('POST', '/users', person('plain@example.com', { company: 'Acme' }))).status).toBe(400);
    expect(causes(await call('POST', `/users/${user.id}`, { profile: { company: null } }))).toEqual([
      400,
      'company: The field cannot be left blank',
    ]);
    expect((await call('POST', `/users/${user.id}`, { profile: { company: 'Other' } })).body.profile.company).toBe(
      'Other',
    );
  });

  it('are found by their type and by attributes that only their type has', async () => {
    const type = await newType('searched');
    await addAttributes(type, { badge: { type: 'integer' }, level: { type: 'string' } });
    await call('POST', TYPES.replace('types/user', 'schemas/user/default'), {
      definitions: { custom: { properties: { level: { type: 'integer' } } } },
    });
    const profile = { badge: 7, level: 'high' };
    const { body: user } = await call('POST', '/users', {
      ...person('searched@example.com', profile),
      type: { id: type.id },
    });
    const { body: other } = await call('POST', '/users', person('leveled@example.com', { level: 3 }));
    const found = async (search: string) =>
      (await call('GET', `/users?search=${encodeURIComponent(search)}`)).body.map((item: Any) => item.id);
    expect(await found(`type.id eq "${type.id}"`)).toEqual([user.id]);
    expect(await found('profile.badge ge 7')).toEqual([user.id]);
    expect(await found(`type.id eq "${type.id}" and profile.badge gt 7`)).toEqual([]);
    expect(await found('profile.level ge 2')).toEqual([other.id]);
    const sorted = await call('GET', `/users?search=${encodeURIComponent('profile.badge pr')}&sortBy=type.id`);
    expect(sorted.body.map((item: Any) => item.id)).toEqual([user.id]);
  });

  it('keep a unique value apart within their type', async () => {
    const [one, two] = [await newType('badges1'), await newType('badges2')];
    for (const type of [one, two]) await addAttributes(type, { tag: { type: 'string', unique: 'UNIQUE_VALIDATED' } });
    const create = (login: string, type: Any) =>
      call('POST', '/users', { ...person(login, { tag: 'T1' }), type: { id: type.id } });
    expect((await create('tag1@example.com', one)).status).toBe(200);
    expect((await create('tag2@example.com', one)).status).toBe(400);
    expect((await create('tag3@example.com', two)).status).toBe(200);
  });

  it('change to another type by PUT, with a profile that fits it', async () => {
    const type = await newType('promoted');
    const attribute = { type: 'string', required: true, unique: 'UNIQUE_VALIDATED' };
    await addAttributes(type, { staffNumber: attribute });
    const login = 'promoted@example.com';
    const { body: user } = await call('POST', '/users', person(login));
    const path = `/users/${user.id}`;
    const wanted = (more: object) => ({ ...person(login, { ...more }), type: { id: type.id } });
    expect(causes(await call('POST', path, wanted({ staffNumber: '1' })))).toEqual([
      400,
      "type: a user's type is changed by PUT, with the whole profile",
    ]);
    expect(causes(await call('PUT', path, wanted({})))).toEqual([400, 'staffNumber: The field cannot be left blank']);
    expect((await call('GET', path)).body.type).toEqual(user.type);
    const { body: changed } = await call('PUT', path, wanted({ staffNumber: '1' }));
    expect([changed.type.id, changed.profile.staffNumber]).toEqual([type.id, '1']);
    expect((await call('GET', path)).body).toEqual(changed);
    const second = { ...person('second@example.com', { staffNumber: '1' }), type: { id: type.id } };
    expect((await call('POST', '/users', second)).status).toBe(400);
    const back = await call('PUT', path, { ...person(login), type: user.type });
    expect(back.body.type).toEqual(user.type);
    expect((await call('POST', '/users', second)).status).toBe(200);
    expect(causes(await call('PUT', path, { ...person(login), type: { id: 'otyNone' } }))).toEqual([
      400,
      'type: the user type otyNone does not exist',
    ]);
  });

  it('are counted, with the attributes of their type', async () => {
    const type = await newType('counted');
    await addAttributes(type, { one: { type: 'string' }, two: { type: 'string' } });
    await call('POST', '/users', { ...person('counted@example.com'), type: { id: type.id } });
    const { body } = await call('GET', '/api/gatehouse/v1/user-types');
    expect(body.find(({ id }: Any) => id === type.id)).toEqual({
      ...type,
      users: 1,
      attributes: { base: 31, custom: 2 },
    });
  });
});
