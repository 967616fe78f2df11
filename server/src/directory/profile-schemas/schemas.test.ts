import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDirectory, person, type TestDirectory } from '../../../test/support/directory.ts';
import { inTransaction } from '../../database/index.ts';

let directory: TestDirectory;
let call: TestDirectory['call'];
const USER = '/meta/schemas/user/default';

beforeAll(async () => {
  directory = await createTestDirectory();
  call = directory.call;
});
afterAll(() => directory.close());

const custom = (properties: Record<string, unknown>, path = USER) =>
  call('POST', path, { definitions: { custom: { id: '#custom', type: 'object', properties } } });

describe('the user schema', () => {
  it('begins with the 31 base attributes', async () => {
    const { status, body } = await call('GET', USER);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: 'http://localhost/meta/schemas/user/default',
      name: 'user',
      title: 'User',
      type: 'object',
    });
    expect(Object.keys(body.definitions.base.properties)).toHaveLength(31);
    expect(body.definitions.base.properties.login).toEqual({
      title: 'Username',
      type: 'string',
      required: true,
      mutability: 'READ_WRITE',
      scope: 'NONE',
      minLength: 5,
      maxLength: 100,
      permissions: [{ principal: 'SELF', action: 'READ_ONLY' }],
      master: { type: 'PROFILE_MASTER' },
    });
    expect(body.definitions.base.required).toEqual(['login', 'firstName', 'lastName', 'email']);
    expect(body._links.self).toEqual({
      rel: 'self',
      href: 'http://localhost/api/v1/meta/schemas/user/default',
      method: 'GET',
    });
  });

  it('is taken back whole, as clients send it, with as many attributes as it may have', async () => {
    const names = Array.from({ length: 200 }, (_, n) => `whole${n}`);
    const described = {
      type: 'string',
      title: 'One of many',
      description: 'What it is for, in a few words. '.repeat(10),
    };
    await custom(Object.fromEntries(names.map((name) => [name, described])));
    const { body: whole } = await call('GET', USER);
    expect(JSON.stringify(whole).length).toBeGreaterThan(100_000);
    const again = await call('POST', USER, whole);
    expect([again.status, again.body.definitions]).toEqual([200, whole.definitions]);
    await custom(Object.fromEntries(names.map((name) => [name, null])));
  });

  it('reads empty texts and lists as nothing', async () => {
    const empty = {
      description: '',
      format: '',
      pattern: '',
      unique: '',
      scope: '',
      enum: [],
      oneOf: [],
      externalName: '',
    };
    const { body } = await custom({ written: { title: 'Written out', type: 'string', ...empty } });
    const { body: again } = await custom({
      listed: { title: 'L', type: 'array', items: { type: 'string', ...empty } },
    });
    expect(body.definitions.custom.properties.written).toEqual({
      title: 'Written out',
      type: 'string',
      mutability: 'READ_WRITE',
      scope: 'NONE',
      permissions: [{ principal: 'SELF', action: 'READ_ONLY' }],
      master: { type: 'PROFILE_MASTER' },
    });
    expect(again.definitions.custom.properties.listed.items).toEqual({ type: 'string' });
    await custom({ written: null, listed: null });
  });

  it("answers the contract's example with its defaults, and reads it back the same", async () => {
    const sent = {
      title: 'byndidRegistered',
      type: 'boolean',
      scope: 'NONE',
      permissions: [{ principal: 'SELF', action: 'READ_ONLY' }],
      master: { type: 'OKTA' },
    };
    const { status, body } = await custom({ byndidRegistered: sent });
    expect(status).toBe(200);
    expect(body.definitions.custom.properties.byndidRegistered).toEqual({ ...sent, mutability: 'READ_WRITE' });
    expect((await call('GET', USER)).body).toEqual(body);
  });

  it('merges attribute by attribute, and removes with null', async () => {
    await custom({ one: { type: 'string' } });
    const two = await custom({ two: { type: 'integer', required: false, title: 'Two' } });
    expect(Object.keys(two.body.definitions.custom.properties)).toEqual(expect.arrayContaining(['one', 'two']));
    expect(two.body.definitions.custom.properties.two).toEqual({
      title: 'Two',
      type: 'integer',
      mutability: 'READ_WRITE',
      scope: 'NONE',
      permissions: [{ principal: 'SELF', action: 'READ_ONLY' }],
      master: { type: 'PROFILE_MASTER' },
    });
    const removed = await custom({ one: null });
    expect(Object.keys(removed.body.definitions.custom.properties)).not.toContain('one');
    expect(Object.keys(removed.body.definitions.custom.properties)).toContain('two');
  });

  it('keeps everything that a definition may say', async () => {
    const full = {
      title: 'Full',
      description: 'Everything at once',
      type: 'string',
      format: 'email',
      required: true,
      mutability: 'READ_WRITE',
      scope: 'SELF',
      pattern: '.+@example\\.com',
      minLength: 3,
      maxLength: 40,
      enum: ['a@example.com', 'b@example.com'],
      oneOf: [
        { const: 'a@example.com', title: 'A' },
        { const: 'b@example.com', title: 'B' },
      ],
      permissions: [{ principal: 'SELF', action: 'READ_WRITE' }],
      master: { type: 'OVERRIDE', priority: [{ type: 'APP', value: '0oaSource' }, { type: 'OKTA' }] },
      externalName: 'full_name',
      externalNamespace: 'urn:x',
      union: 'DISABLE',
      sensitive: true,
    };
    const { body } = await custom({ full, list: { type: 'array', items: { type: 'string', enum: ['x', 'y'] } } });
    expect(body.definitions.custom.properties.full).toEqual(full);
    expect(body.definitions.custom.properties.list.items).toEqual({ type: 'string', enum: ['x', 'y'] });
    expect(body.definitions.custom.required).toEqual(['full']);
    const { sensitive, ...withoutSensitive } = full;
    expect((await custom({ full: withoutSensitive })).body.definitions.custom.properties.full.sensitive).toBe(
      sensitive,
    );
    await custom({ full: null, list: null });
  });

  it.each([
    ['a type that does not exist', { a: { type: 'object' } }],
    ['a broken pattern', { a: { type: 'string', pattern: '(' } }],
    ['a pattern with look-behind', { a: { type: 'string', pattern: '(?<=a)b' } }],
    ['a length on a number', { a: { type: 'number', maxLength: 4 } }],
    ['a minimum above the maximum', { a: { type: 'string', minLength: 4, maxLength: 2 } }],
    ['an unknown format', { a: { type: 'string', format: 'colour' } }],
    ['an enum of the wrong type', { a: { type: 'integer', enum: ['1'] } }],
    ['an enum with a value twice', { a: { type: 'string', enum: ['1', '1'] } }],
    [
      'titles that do not match the enum',
      { a: { type: 'string', enum: ['1'], oneOf: [{ const: '2', title: 'Two' }] } },
    ],
    ['an override without priority', { a: { type: 'string', master: { type: 'OVERRIDE' } } }],
    ['an unknown permission', { a: { type: 'string', permissions: [{ principal: 'SELF', action: 'DELETE' }] } }],
    ['a "required" that is no yes or no', { a: { type: 'string', required: 'true' } }],
    ['an unknown uniqueness', { a: { type: 'string', unique: 'MOSTLY' } }],
    ['a pattern that grows without bounds', { a: { type: 'string', pattern: '((a{1,99}){1,99}b)' } }],
    ['a unique list', { a: { type: 'array', items: { type: 'string' }, unique: 'UNIQUE_VALIDATED' } }],
    ['the name of a base attribute', { email: { type: 'string' } }],
    ["the name of a user's own field", { status: { type: 'string' } }],
    ['a name that is no name', { 'a-b': { type: 'string' } }],
    ['something that is no definition', { a: 'string' }],
  ])('refuses %s', async (_what, properties) => {
    const { status, body } = await custom(properties);
    expect([status, body.errorCode, body.errorCauses.length]).toEqual([400, 'E0000001', 1]);
  });
  it.each(['__proto__', 'constructor'])('refuses an attribute called %s', async (name) => {
    const response = await directory.server.inject({
      method: 'POST',
      url: `/api/v1${USER}`,
      headers: { authorization: 'SSWS a token of the tests', 'content-type': 'application/json' },
      payload: `{"definitions":{"custom":{"properties":{"${name}":{"type":"string"}}}}}`,
    });
    expect(response.statusCode).toBe(400);
  });
  it.each([
    [
      'choices',
      { a: { type: 'integer', enum: Array.from({ length: 1_001 }, (_, n) => n) } },
      'a: enum: at most 1000 values, these are 1001',
    ],
    ['a length', { a: { type: 'string', maxLength: 10_001 } }, 'a: maxLength: at most 10000, no text may be longer'],
    [
      'a title',
      { a: { type: 'string', title: 'x'.repeat(1_025) } },
      'a: title: expected a text of at most 1024 characters',
    ],
    [
      'a pattern',
      { a: { type: 'string', pattern: 'x'.repeat(1_025) } },
      'a: pattern: expected a text of at most 1024 characters',
    ],
    [
      'a name',
      { ['a'.repeat(101)]: { type: 'string' } },
      `${'a'.repeat(100)}: a variable name has up to 100 letters, digits and underscores, and no digit first`,
    ],
    [
      'attributes',
      Object.fromEntries(Array.from({ length: 260 }, (_, n) => [`many${n}`, { type: 'string' }])),
      /^properties: at most 250 custom attributes, these would be \d+$/,
    ],
  ])('says the limit of %s', async (_what, properties, sentence) => {
    const { status, body } = await custom(properties);
    expect([status, body.errorCauses[0].errorSummary]).toEqual([400, expect.stringMatching(sentence)]);
  });
  it('takes new attributes in place of removed ones, up to the limit', async () => {
    const present = Object.keys((await call('GET', USER)).body.definitions.custom.properties).length;
    const fill = Array.from({ length: 250 - present }, (_, n) => `filled${n}`);
    const all = (definition: unknown) => Object.fromEntries(fill.map((name) => [name, definition]));
    expect((await custom(all({ type: 'string' }))).status).toBe(200);
    expect((await custom({ onemore: { type: 'string' } })).status).toBe(400);
    expect((await custom({ onemore: { type: 'string' }, filled0: null })).status).toBe(200);
    expect((await custom({ ...all(null), onemore: null })).status).toBe(200);
  });
  it('does not change the type of an attribute, nor that of its items', async () => {
    await custom({ listed: { type: 'array', items: { type: 'string' } } });
    expect((await custom({ listed: { type: 'array', items: { type: 'integer' } } })).status).toBe(400);
    await custom({ typed: { type: 'string' } });
    expect((await custom({ typed: { type: 'number' } })).body.errorCauses[0].errorSummary).toBe(
      'typed: the type of an existing attribute cannot be changed',
    );
  });

  it('switches "required" off for names only', async () => {
    const base = (name: string, required: boolean) =>
      call('POST', USER, { definitions: { base: { properties: { [name]: { required } } } } });
    expect((await base('login', false)).status).toBe(400);
    expect((await call('POST', '/users', person('gap@example.com', { lastName: null }))).status).toBe(400);
    const { body } = await base('lastName', false);
    expect(body.definitions.base.properties.lastName.required).toBeUndefined();
    expect((await call('POST', '/users', person('gap@example.com', { lastName: null }))).status).toBe(200);
    expect((await base('lastName', true)).body.definitions.base.required).toContain('lastName');
    expect((await call('POST', '/users', person('gap2@example.com', { lastName: null }))).status).toBe(400);
  });
  it('removes values with their attribute', async () => {
    await custom({ passing: { type: 'string', unique: 'UNIQUE_VALIDATED' } });
    const user = (await call('POST', '/users', person('passing@example.com', { passing: 'x' }))).body;
    await custom({ passing: null });
    expect((await call('GET', `/users/${user.id}`)).body.profile.passing).toBeUndefined();
    const { rows } = await directory.database.query({
      text: 'select 1 from attribute_values where user_id = $1',
      values: [user.id],
    });
    expect(rows).toEqual([]);
  });
  it('says where an attribute that cannot be removed is used', async () => {
    await custom({ mapped: { type: 'string' } });
    directory.used.set('mapped', ['the mapping of "ID.me"']);
    const { status, body } = await custom({ mapped: null });
    expect([status, body.errorCauses[0].errorSummary]).toEqual([
      400,
      'mapped: cannot be removed, it is used by the mapping of "ID.me"',
    ]);
    directory.used.delete('mapped');
    expect((await custom({ mapped: null })).status).toBe(200);
  });
  it('becomes unique only where no two people have the same value', async () => {
    await custom({ desk: { type: 'string' } });
    const first = (await call('POST', '/users', person('desk1@example.com', { desk: 'D1' }))).body;
    await call('POST', '/users', person('desk2@example.com', { desk: 'd1' }));
    const refused = await custom({ desk: { type: 'string', unique: 'UNIQUE_VALIDATED' } });
    expect([refused.status, refused.body.errorCauses[0].errorSummary]).toEqual([
      400,
      expect.stringMatching(
        /^desk: cannot be unique, 1 user has a value that somebody else has too, for example desk[12]@example\.com$/,
      ),
    ]);
    await call('POST', '/users', person('desk3@example.com', { desk: 'D\u0031' }));
    expect(
      (await custom({ desk: { type: 'string', unique: 'UNIQUE_VALIDATED' } })).body.errorCauses[0].errorSummary,
    ).toMatch(/^desk: cannot be unique, 2 users have values that somebody else has too, for example desk\d@/);
    await call('POST', `/users/${(await call('GET', '/users/desk3@example.com')).body.id}`, {
      profile: { desk: 'D3' },
    });
    await call('POST', `/users/${first.id}`, { profile: { desk: 'D2' } });
    expect((await custom({ desk: { type: 'string', unique: 'UNIQUE_VALIDATED' } })).status).toBe(200);
    expect((await call('POST', `/users/${first.id}`, { profile: { desk: 'D1' } })).status).toBe(400);
  });
  it('compares values whole, however long they are', async () => {
    // What repeats itself, the index would have room for.
    const hashes = Array.from({ length: 200 }, (_, n) => createHash('sha256').update(String(n)).digest('hex'));
    const essay = hashes.join('').slice(0, 9_999);
    await custom({ essay: { type: 'string' } });
    const first = await call('POST', '/users', person('essay1@example.com', { essay: `${essay}A` }));
    expect(first.status).toBe(200);
    expect((await custom({ essay: { type: 'string', unique: 'UNIQUE_VALIDATED' } })).status).toBe(200);
    expect((await call('POST', '/users', person('essay2@example.com', { essay: `${essay}a` }))).body).toMatchObject({
      errorCode: 'E0000001',
    });
    expect((await call('POST', '/users', person('essay2@example.com', { essay: `${essay}b` }))).status).toBe(200);
    expect((await call('POST', `/users/${first.body.id}`, { profile: { essay: `${essay}B` } })).status).toBe(400);
    expect((await call('POST', `/users/${first.body.id}`, { profile: { essay: `${essay}C` } })).status).toBe(200);
    expect((await call('POST', '/users', person('essay3@example.com', { essay: `${essay}A` }))).status).toBe(200);
  });
  it('has the keys of values that were stored before there were short ones', async () => {
    const { database, orgId } = directory;
    const essay = 'É'.repeat(5_000);
    await custom({ essay2: { type: 'string', unique: 'UNIQUE_VALIDATED' } });
    const { body } = await call('POST', '/users', person('essay4@example.com', { essay2: essay }));
    const keyOf = async () => {
      const { rows } = await database.query<{ value_key: string }>({
        text: `select value_key from attribute_values where org_id = $1 and user_id = $2 and attribute = 'essay2'`,
        values: [orgId, body.id],
      });
      return rows[0]?.value_key;
    };
    const key = await keyOf();
    await database.query({
      text: `update attribute_values set value_key = $2 where user_id = $1 and attribute = 'essay2'`,
      values: [body.id, essay.toLowerCase()],
    });
    const migration = new URL('../../database/migrations/0039-short-value-keys.sql', import.meta.url);
    await database.query({ text: await readFile(migration, 'utf8'), values: [] });
    expect(await keyOf()).toBe(key);
  });
  it('keeps only a keyed hash of sensitive values in the index', async () => {
    await custom({ nationalNumber: { type: 'string', sensitive: true, unique: 'UNIQUE_VALIDATED' } });
    const user = (await call('POST', '/users', person('eid@example.com', { nationalNumber: '85.07.30-033.28' }))).body;
    const { rows } = await directory.database.query<{ value_key: string }>({
      text: `select value_key from attribute_values where user_id = $1 and attribute = 'nationalNumber'`,
      values: [user.id],
    });
    expect(rows[0]?.value_key).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(
      (await call('POST', '/users', person('eid2@example.com', { nationalNumber: '85.07.30-033.28' }))).status,
    ).toBe(400);
  });
  it('detects a lost update by If-Match', async () => {
    const { headers } = await call('GET', USER);
    const etag = { 'if-match': String(headers.etag) };
    const change = { definitions: { custom: { properties: { tagged: { type: 'string' } } } } };
    expect((await call('POST', USER, change, etag)).status).toBe(200);
    expect((await call('POST', USER, change, etag)).status).toBe(412);
  });
});

describe('user types', () => {
  it('has the default one, which leads to its schema', async () => {
    const { body } = await call('GET', '/meta/types/user');
    expect(body).toMatchObject([
      { id: expect.stringMatching(/^oty/), name: 'user', displayName: 'User', default: true },
    ]);
    const schema = await call('GET', body[0]._links.schema.href.replace('http://localhost', ''));
    expect(schema.body.id).toMatch(/\/meta\/schemas\/user\/osc\w+$/);
    expect((await call('GET', `/meta/types/user/${body[0].id}`)).body).toEqual(body[0]);
    expect((await call('GET', '/meta/types/user/default')).body).toEqual(body[0]);
    expect((await call('GET', '/meta/types/user/otyNobody')).status).toBe(404);
  });
});

describe('the schema of groups', () => {
  const GROUP = '/meta/schemas/group/default';

  it('begins with name and description', async () => {
    const { status, body } = await call('GET', GROUP);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: 'http://localhost/meta/schemas/group/default',
      name: 'group',
      type: 'object',
      definitions: {
        custom: { id: '#custom', type: 'object', properties: {}, required: [] },
        base: { id: '#base', type: 'object', required: ['name'] },
      },
    });
    expect(body.definitions.base.properties).toMatchObject({
      name: { title: 'Name', type: 'string', required: true, maxLength: 255 },
      description: { title: 'Description', type: 'string', maxLength: 1024 },
    });
  });
  it('gives groups custom attributes, which are checked, searched, and go again', async () => {
    const properties = {
      costCenter: { title: 'Cost center', type: 'string', required: true, pattern: '[0-9]{4}' },
      size: { type: 'integer' },
      tags: { type: 'array', items: { type: 'string' } },
    };
    const changed = await custom(properties, GROUP);
    expect(changed.status).toBe(200);
    expect((await call('GET', GROUP)).body).toEqual(changed.body);
    const create = (profile: object) => call('POST', '/groups', { profile: { name: 'Paying', ...profile } });
    expect((await create({})).body.errorCauses[0].errorSummary).toBe('costCenter: The field cannot be left blank');
    expect((await create({ costCenter: '12' })).status).toBe(400);
    expect((await create({ costCenter: '1234', colour: 'red' })).body.errorSummary).toBe(
      'Api validation failed: group',
    );
    const { body: group } = await create({ costCenter: '1234', size: 5, tags: ['a', 'b'] });
    expect(group.profile).toEqual({ name: 'Paying', description: null, costCenter: '1234', size: 5, tags: ['a', 'b'] });
    expect((await call('GET', `/groups/${group.id}`)).body).toEqual(group);
    const found = async (search: string) =>
      (await call('GET', `/groups?search=${encodeURIComponent(search)}`)).body.map(({ id }: { id: string }) => id);
    expect(await found('profile.costCenter sw "12" and profile.size ge 5')).toEqual([group.id]);
    expect(await found('profile.tags eq "b"')).toEqual([group.id]);
    expect(await found('profile.size gt 5')).toEqual([]);
    const path = `/groups/${group.id}`;
    const replaced = await call('PUT', path, { profile: { name: 'Paying', costCenter: '4321', size: null } });
    expect(replaced.body.profile).toEqual({ name: 'Paying', description: null, costCenter: '4321' });
    await custom({ costCenter: null, size: null, tags: null }, GROUP);
    expect((await call('GET', path)).body.profile).toEqual({ name: 'Paying', description: null });
  });
  it('has no unique attributes', async () => {
    const { body } = await custom({ code: { type: 'string', unique: 'UNIQUE_VALIDATED' } }, GROUP);
    expect(body.errorCauses[0].errorSummary).toBe('code: unique: attributes of groups cannot be unique');
  });
});

describe('the schema of a provider', () => {
  beforeAll(() =>
    inTransaction(directory.database, async (tx) => {
      const at = directory.clock.now();
      await directory.schemas.createOwned(tx, directory.orgId, {
        ownerKind: 'idp',
        ownerId: '0oaOidc',
        name: 'oidc_idp',
        title: 'ID.me',
        at,
      });
      await directory.schemas.createOwned(tx, directory.orgId, {
        ownerKind: 'idp',
        ownerId: '0oaSaml',
        name: 'saml_idp',
        title: 'ID.me SAML',
        at,
      });
      await directory.schemas.createOwned(tx, directory.orgId, {
        ownerKind: 'app',
        ownerId: '0oaApp',
        name: 'oidc_client',
        title: 'App',
        at,
      });
    }),
  );
  const path = (id: string) => `/meta/schemas/apps/${id}/default`;

  it('has base attributes under variable names with their claims as external names', async () => {
    const { body } = await call('GET', path('0oaOidc'));
    expect(body.id).toBe('http://localhost/meta/schemas/apps/0oaOidc/default');
    const { properties } = body.definitions.base;
    expect([
      properties.externalId.externalName,
      properties.firstName.externalName,
      properties.postalCode.externalName,
    ]).toEqual(['sub', 'given_name', 'address.postal_code']);
    expect(
      (await call('GET', path('0oaSaml'))).body.definitions.base.properties.subjectNameId.externalName,
    ).toBeUndefined();
    expect(Object.keys((await call('GET', path('0oaApp'))).body.definitions.base.properties)).toEqual(['userName']);
  });
  it('takes custom attributes only with an external name', async () => {
    expect((await custom({ fname: { type: 'string' } }, path('0oaOidc'))).body.errorCauses[0].errorSummary).toBe(
      'fname: externalName: The field cannot be left blank',
    );
    const { body } = await custom(
      { status: { type: 'string', externalName: 'status', title: 'Status' } },
      path('0oaOidc'),
    );
    expect(body.definitions.custom.properties.status.externalName).toBe('status');
    const compiled = await directory.schemas.compiledSchemaOf(directory.orgId, '0oaOidc');
    expect(compiled?.byExternalName.get('status')?.name).toBe('status');
  });
  it('can rename what a base attribute is called at the provider', async () => {
    const { body } = await call('POST', path('0oaSaml'), {
      definitions: { base: { properties: { firstName: { externalName: 'fname' } } } },
    });
    expect(body.definitions.base.properties.firstName.externalName).toBe('fname');
  });
  it('goes with its provider', async () => {
    await inTransaction(directory.database, (tx) =>
      directory.schemas.removeOwned(tx, directory.orgId, { ownerKind: 'app', ownerId: '0oaApp' }),
    );
    expect((await call('GET', path('0oaApp'))).body.errorSummary).toBe(
      'Not found: Resource not found: 0oaApp (AppInstance)',
    );
  });
});
