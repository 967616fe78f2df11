import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ADMIN_EMAIL,
  ADMIN_PASSWORD,
  createTestDirectory,
  person,
  type TestDirectory,
} from '../../../test/support/directory.ts';
import { createPasswords } from './index.ts';

let directory: TestDirectory;
let call: TestDirectory['call'];

beforeAll(async () => {
  directory = await createTestDirectory();
  call = directory.call;
});
afterAll(() => directory.close());

const DUPLICATE = 'An object with this field already exists in the current organization';
const withPassword = (login: string, value = 'Abcd1234#@') => ({
  ...person(login),
  credentials: { password: { value } },
});
const events = async (userId: string) => {
  const { rows } = await directory.database.query<{ event_type: string }>({
    text: 'select event_type from system_log where $1 = any(target_ids)',
    values: [userId],
  });
  return rows.map((row) => row.event_type).sort();
};

describe('creating a user', () => {
  it('answers the wire shape, without the password', async () => {
    const { status, body, headers } = await call('POST', '/users?activate=true', withPassword('shape@example.com'));
    expect(status).toBe(200);
    expect(headers['content-type']).toContain('application/json');
    expect(headers.etag).toBe('W/"1"');
    expect(body).toMatchObject({
      id: expect.stringMatching(/^00u[A-Za-z0-9]{17}$/),
      status: 'ACTIVE',
      created: '2026-11-21T10:00:00.000Z',
      activated: '2026-11-21T10:00:00.000Z',
      lastLogin: null,
      type: { id: expect.stringMatching(/^oty/) },
      profile: {
        login: 'shape@example.com',
        firstName: 'Ada',
        lastName: 'Lovelace',
        mobilePhone: null,
        secondEmail: null,
      },
      credentials: { password: {}, provider: { type: 'OKTA', name: 'OKTA' } },
    });
    expect(JSON.stringify(body)).not.toContain('Abcd1234');
    expect(body._links.self.href).toBe(`http://localhost/api/v1/users/${body.id}`);
    expect(body._links.suspend).toEqual({
      href: `http://localhost/api/v1/users/${body.id}/lifecycle/suspend`,
      method: 'POST',
    });
    expect(body._links.schema.href).toMatch(/\/api\/v1\/meta\/schemas\/user\/osc\w+$/);
    expect(await events(body.id)).toEqual(['user.lifecycle.activate', 'user.lifecycle.create']);
  });

  it.each([
    ['PROVISIONED without a password', '?activate=true', person('s1@example.com'), 'PROVISIONED'],
    ['ACTIVE with one', '', withPassword('s2@example.com'), 'ACTIVE'],
    ['STAGED when not activated', '?activate=false', withPassword('s3@example.com'), 'STAGED'],
    [
      'PASSWORD_EXPIRED when the password must change',
      '?nextLogin=changePassword',
      withPassword('s4@example.com'),
      'PASSWORD_EXPIRED',
    ],
    [
      'ACTIVE when another provider vouches',
      '?provider=true',
      { ...person('s5@example.com'), credentials: { provider: { type: 'FEDERATION', name: 'FEDERATION' } } },
      'ACTIVE',
    ],
    [
      'PROVISIONED when the password is an empty object',
      '',
      { ...person('s6@example.com'), credentials: { password: {} } },
      'PROVISIONED',
    ],
  ])('is %s', async (_status, query, body, expected) => {
    const created = await call('POST', `/users${query}`, body);
    expect(created.body.status).toBe(expected);
    expect((await call('GET', `/users/${created.body.id}`)).body).toEqual(created.body);
  });

  it('refuses attributes that the schema does not know', async () => {
    const { status, body } = await call('POST', '/users', person('unknown@example.com', { notValid: 1 }));
    expect([status, body.errorCode, body.errorSummary]).toEqual([400, 'E0000001', 'Api validation failed: newUser']);
    expect(body.errorCauses).toEqual([{ errorSummary: "Property name 'notValid' is not defined in profile" }]);
  });

  it.each([
    ['a missing first name', { firstName: undefined }, 'firstName: The field cannot be left blank'],
    ['a blank last name', { lastName: '  ' }, 'lastName: The field cannot be left blank'],
    ['a login that is no address', { login: 'ada' }, 'login: at least 5 characters'],
    ['a long login', { login: `${'a'.repeat(95)}@example.com` }, 'login: at most 100 characters'],
    ['a login without a domain', { login: 'ada-lovelace' }, 'login: must be in the form of an email address'],
    [
      'a login with a disguised at sign',
      { login: 'ada\uFF20example.com' },
      'login: must be in the form of an email address',
    ],
    [
      'a login with a Cyrillic letter',
      { login: '\u0430da@example.com' },
      'login: Username is not an email address or contains invalid characters.',
    ],
    ['a wrong e-mail address', { email: 'nobody' }, 'email: must be in the form of an email address'],
    ['a first name of 51 characters', { firstName: 'a'.repeat(51) }, 'firstName: at most 50 characters'],
    ['a number for a text', { city: 7 }, 'city: expected a string'],
    ['an object for a text', { city: { a: 1 } }, 'city: expected a string'],
  ])('refuses %s', async (_what, change, cause) => {
    const { status, body } = await call('POST', '/users', person('wrong@example.com', change));
    expect([status, body.errorCode]).toEqual([400, 'E0000001']);
    expect(body.errorCauses.map((item: { errorSummary: string }) => item.errorSummary)).toContain(cause);
  });

  it.each([
    [{ credentials: 5 }, 'credentials', 'credentials: must be object'],
    [{ credentials: { password: 'x' } }, 'credentials.password', 'credentials.password: must be object'],
    [
      { credentials: { password: { hash: { salt: 5 } } } },
      'credentials.password.hash.salt',
      'credentials.password.hash.salt: must be string',
    ],
    [{ groupIds: 'x' }, 'groupIds', 'groupIds: must be array'],
    [{ groupIds: ['x', 5] }, 'groupIds.1', 'groupIds.1: must be string'],
    [{ type: 5 }, 'type', 'type: must be object'],
  ])('says once what is wrong with %j', async (wrong, field, cause) => {
    const { status, body } = await call('POST', '/users', { ...person('typed@example.com'), ...wrong });
    expect([status, body.errorSummary]).toEqual([400, `Api validation failed: ${field}`]);
    expect(body.errorCauses).toEqual([{ errorSummary: cause }]);
  });
  it.each([{ credentials: null }, { groupIds: null }, { groupIds: [] }, { type: null }])('takes %j', async (more) => {
    const { id } = (await call('POST', '/users', { ...person('nulls@example.com'), ...more })).body;
    expect(id).toMatch(/^00u/);
    for (let turn = 0; turn < 2; turn++) expect((await call('DELETE', `/users/${id}`)).status).toBe(204);
  });

  it.each(['short', 'a'.repeat(129), '\u{1F600}'.repeat(300)])('refuses the password %#', async (value) => {
    const { status, body } = await call('POST', '/users', withPassword('weak@example.com', value));
    expect([status, body.errorSummary]).toEqual([400, 'Api validation failed: password']);
  });
  it('puts the user into groups and tells the applications', async () => {
    const group = (await call('POST', '/groups', { profile: { name: 'Founders' } })).body;
    const { body } = await call('POST', '/users', { ...person('founder@example.com'), groupIds: [group.id] });
    const groups = (await call('GET', `/users/${body.id}/groups`)).body;
    expect(groups.map((item: { profile: { name: string } }) => item.profile.name)).toEqual(['Everyone', 'Founders']);
    expect(directory.noted.memberships).toContainEqual({ groupId: group.id, userIds: [body.id], added: true });
  });
  it('creates nobody when a group does not exist', async () => {
    const { status } = await call('POST', '/users', {
      ...person('nogroup@example.com'),
      groupIds: ['00gdoesnotexist00000'],
    });
    expect(status).toBe(400);
    expect((await call('GET', '/users/nogroup@example.com')).status).toBe(404);
  });

  it('lets exactly one of 50 parallel creations of a login succeed, whatever their spelling', async () => {
    const spellings = ['racer\u00e9@example.com', 'RACERE\u0301@example.com', 'Racer\u00c9@EXAMPLE.com'];
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        call('POST', '/users', person(spellings[i % 3]!, { email: 'racer@example.com' })),
      ),
    );
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    const losers = answers.filter((answer) => answer.status !== 200);
    expect(
      new Set(
        losers.map(
          (answer) => `${answer.status} ${answer.body.errorSummary} ${answer.body.errorCauses[0].errorSummary}`,
        ),
      ),
    ).toEqual(new Set([`400 Api validation failed: login login: ${DUPLICATE}`]));
  });
});

describe('reading users', () => {
  it('finds by id, login in any case, short login and me', async () => {
    const { body } = await call('POST', '/users', person('Grace.Hopper@example.com'));
    for (const name of [body.id, 'grace.hopper@example.com', 'GRACE.HOPPER%40EXAMPLE.COM', 'grace.hopper']) {
      expect((await call('GET', `/users/${name}`)).body.id).toBe(body.id);
    }
    expect((await call('GET', '/users/me')).body.id).toBe(directory.adminId);
  });
  it('does not guess between two people with the same short login', async () => {
    await call('POST', '/users', person('twin@one.example'));
    await call('POST', '/users', person('twin@two.example'));
    expect((await call('GET', '/users/twin')).status).toBe(404);
  });
  it('says who was not found', async () => {
    const { status, body } = await call('GET', '/users/nobody@example.com');
    expect([status, body.errorCode, body.errorSummary]).toEqual([
      404,
      'E0000007',
      'Not found: Resource not found: nobody@example.com (User)',
    ]);
  });
  it('needs a valid token', async () => {
    expect((await call('GET', '/users', undefined, { authorization: 'SSWS wrong' })).body.errorCode).toBe('E0000011');
  });

  it('pages through the plain list with Link headers and leaves out deactivated people', async () => {
    const gone = (await call('POST', '/users', person('gone@example.com'))).body;
    await call('POST', `/users/${gone.id}/lifecycle/deactivate`);
    const seen: string[] = [];
    for (let url: string | undefined = '/users?limit=3'; url !== undefined; ) {
      const { body, headers } = await call('GET', url);
      seen.push(...body.map((user: { id: string }) => user.id));
      const next: string | undefined = [headers.link].flat().find((link) => link?.includes('rel="next"'));
      url = next?.match(/<http:\/\/localhost([^>]+)>/)?.[1];
    }
    const all = await directory.database.query<{ id: string }>({
      text: `select id from users where status <> 'DEPROVISIONED' order by id`,
      values: [],
    });
    expect(seen).toEqual(all.rows.map((row) => row.id));
    expect(seen).not.toContain(gone.id);
  });
});

describe('searching users', () => {
  let ids: Record<string, string>;
  beforeAll(async () => {
    await call('POST', '/meta/schemas/user/default', {
      definitions: {
        custom: {
          properties: {
            registered: { type: 'boolean' },
            age: { type: 'integer' },
            tags: { type: 'array', items: { type: 'string' } },
            nickname2: { type: 'string' },
          },
        },
      },
    });
    ids = {};
    for (const [name, more] of [
      ['search-a', { registered: true, age: 30, tags: ['Red', 'blue'], firstName: 'Anna', nickname2: '100%' }],
      ['search-b', { registered: false, age: 40, tags: ['green'], firstName: 'Anton' }],
      ['search-c', { firstName: 'Berta' }],
    ] as const) {
      ids[name] = (
        await call('POST', '/users', person(`${name}@search.example`, { ...more, lastName: 'Searched' }))
      ).body.id;
    }
    await call('POST', `/users/${ids['search-c']}/lifecycle/deactivate`);
  });
  const found = async (query: string) => {
    const { status, body } = await call('GET', `/users?${query}`);
    expect(status).toBe(200);
    return body
      .map((user: { profile: { login: string } }) => user.profile.login.split('@')[0])
      .filter((login: string) => login.startsWith('search-'));
  };
  const search = (text: string) => found(`search=${encodeURIComponent(text)}`);

  it.each([
    ['profile.login eq "SEARCH-A@search.example"', ['search-a']],
    ['profile.email sw "search-" and status eq "provisioned"', ['search-a', 'search-b']],
    ['profile.registered eq true', ['search-a']],
    ['profile.registered eq false', ['search-b']],
    ['profile.age gt 30', ['search-b']],
    ['profile.age ge 30 and profile.age lt 40', ['search-a']],
    ['profile.tags eq "red"', ['search-a']],
    ['profile.firstName co "NN"', ['search-a']],
    [
      '(profile.firstName eq "anna" or profile.firstName eq "berta") and profile.lastName eq "searched"',
      ['search-a', 'search-c'],
    ],
    ['profile.nickname2 pr', ['search-a']],
    ['profile.nickname2 sw "100%"', ['search-a']],
    ['profile.nickname2 sw "1%0"', []],
    ['status eq "DEPROVISIONED" and profile.lastName eq "Searched"', ['search-c']],
    ['created eq "2026-11-21T10:00:00.000Z" and profile.age pr', ['search-a', 'search-b']],
  ])('search=%s', async (text, expected) => expect((await search(text)).sort()).toEqual(expected));

  it('searches by id', async () => expect(await search(`id eq "${ids['search-b']}"`)).toEqual(['search-b']));
  it('filters by exact values, deactivated people included', async () => {
    expect(
      await found(`filter=${encodeURIComponent('profile.lastName eq "Searched" and status eq "DEPROVISIONED"')}`),
    ).toEqual(['search-c']);
  });
  it('finds by the beginning of names and addresses', async () => {
    expect(await found('q=ant')).toEqual(['search-b']);
    expect((await found('q=search-')).sort()).toEqual(['search-a', 'search-b']);
    expect(await found('q=%25')).toEqual([]);
  });
  it('finds long values by any beginning, also where a character has two halves', async () => {
    const smile = '\u{1F642}';
    const value = `${'a'.repeat(59)}${smile}tail`;
    const wide = smile.repeat(64);
    for (const [name, more] of [
      ['search-long', { nickname2: value, tags: [value], lastName: 'Long' }],
      ['search-wide', { nickname2: wide, tags: [wide], lastName: 'Wide' }],
    ] as const)
      await call('POST', '/users', person(`${name}@search.example`, more));
    for (const [text, whole, name] of [
      [`${'a'.repeat(59)}${smile}`, value, 'search-long'],
      [`${'a'.repeat(59)}${smile}ta`, value, 'search-long'],
      [smile.repeat(31), wide, 'search-wide'],
      [smile.repeat(62), wide, 'search-wide'],
    ] as const) {
      expect(await search(`profile.nickname2 sw "${text}"`)).toEqual([name]);
      expect(await search(`profile.tags sw "${text}"`)).toEqual([name]);
      expect(await search(`profile.tags eq "${whole}"`)).toEqual([name]);
      expect(await search(`profile.nickname2 eq "${whole}"`)).toEqual([name]);
      expect(await search(`profile.nickname2 sw "${text}${smile}x"`)).toEqual([]);
      expect(await search(`profile.tags eq "${text}x"`)).toEqual([]);
    }
  });
  it('finds by the whole of a long beginning', async () => {
    const long = `search-${'b'.repeat(50)}`;
    await call('POST', '/users', person(`${long}@b.search.example`, { firstName: 'c'.repeat(50) }));
    expect(await found(`q=${long}@B.search`)).toEqual([long]);
    expect(await found(`q=${long}@b.searchzzz`)).toEqual([]);
    expect(await found(`q=${'C'.repeat(50)}`)).toEqual([long]);
  });
  it('sorts, and pages through the sorted list', async () => {
    const query = `search=${encodeURIComponent('profile.lastName eq "Searched"')}&sortBy=profile.firstName&sortOrder=desc`;
    expect(await found(query)).toEqual(['search-c', 'search-b', 'search-a']);
    const first = await call('GET', `/users?${query}&limit=2`);
    const next = [first.headers.link].flat().find((link) => link?.includes('rel="next"'));
    const second = await call('GET', next!.match(/<http:\/\/localhost([^>]+)>/)![1]!);
    expect(second.body.map((user: { id: string }) => user.id)).toEqual([ids['search-a']]);
  });
  it.each([
    'profile.login ne "x"',
    'not (status eq "ACTIVE")',
    'profile.login eq',
    'profile.login eq "unclosed',
    'profile.unknown eq "x"',
    'profile.age eq "old"',
    'profile.city co "x"',
    'status eq "ACTIVE" and',
    '((status eq "ACTIVE")',
    `${'('.repeat(50)}status eq "ACTIVE"${')'.repeat(50)}`,
    'id eq "x"; drop table users',
  ])('refuses %s', async (text) => {
    const { status, body } = await call('GET', `/users?search=${encodeURIComponent(text)}`);
    expect([status, body.errorCode, body.errorCauses.length]).toEqual([400, 'E0000031', 1]);
  });
});

describe('changing a user', () => {
  it('POST keeps what is not sent, null clears, PUT replaces', async () => {
    const { body } = await call('POST', '/users', person('change@example.com', { city: 'London', title: 'Countess' }));
    const path = `/users/${body.id}`;
    expect((await call('POST', path, { profile: { city: 'Paris' } })).body.profile).toMatchObject({
      city: 'Paris',
      title: 'Countess',
    });
    expect((await call('POST', path, { profile: { title: null } })).body.profile.title).toBeUndefined();
    const replaced = await call('PUT', path, person('change@example.com', { department: 'Engines' }));
    expect(replaced.body.profile).toMatchObject({ department: 'Engines' });
    expect(replaced.body.profile.city).toBeUndefined();
    const { rows } = await directory.database.query({
      text: `select "values" from user_profile_sources where user_id = $1`,
      values: [body.id],
    });
    expect(rows).toEqual([{ values: person('change@example.com', { department: 'Engines' }).profile }]);
    expect((await events(body.id)).filter((type) => type === 'user.account.update_profile')).toHaveLength(3);
  });
  it('refuses a login that somebody else has, in any case', async () => {
    await call('POST', '/users', person('first@example.com'));
    const { body } = await call('POST', '/users', person('second@example.com'));
    const answer = await call('POST', `/users/${body.id}`, { profile: { login: 'FIRST@example.com' } });
    expect([answer.status, answer.body.errorCauses[0].errorSummary]).toEqual([400, `login: ${DUPLICATE}`]);
  });
  it('detects a lost update by If-Match', async () => {
    const { body, headers } = await call('POST', '/users', person('etag@example.com'));
    const etag = String(headers.etag);
    expect((await call('POST', `/users/${body.id}`, { profile: { city: 'A' } }, { 'if-match': etag })).status).toBe(
      200,
    );
    expect((await call('POST', `/users/${body.id}`, { profile: { city: 'B' } }, { 'if-match': etag })).status).toBe(
      412,
    );
  });
  it('sets a password, which ends sessions and activates who only waited for it', async () => {
    const { body } = await call('POST', '/users', person('pw@example.com'));
    const answer = await call('POST', `/users/${body.id}`, { credentials: { password: { value: 'new password 1' } } });
    expect([answer.body.status, answer.body.credentials.password]).toEqual(['ACTIVE', {}]);
    expect(directory.noted.ended).toContain(body.id);
    expect(await directory.signsIn('PW@example.com', 'new password 1')).toBe(true);
    expect(await directory.signsIn('pw@example.com', 'New password 1')).toBe(false);
  });
  it('keeps unique values unique, in any case, also in a race', async () => {
    await call('POST', '/meta/schemas/user/default', {
      definitions: { custom: { properties: { badge: { type: 'string', unique: 'UNIQUE_VALIDATED' } } } },
    });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        call('POST', '/users', person(`badge${i}@example.com`, { badge: i % 2 ? 'no-1' : 'NO-1' })),
      ),
    );
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(answers.find((answer) => answer.status === 400)?.body.errorCauses[0].errorSummary).toBe(
      `badge: ${DUPLICATE}`,
    );
    const winner = answers.find((answer) => answer.status === 200)!.body;
    expect((await call('POST', `/users/${winner.id}`, { profile: { badge: null } })).status).toBe(200);
    expect((await call('POST', '/users', person('badge-next@example.com', { badge: 'no-1' }))).status).toBe(200);
  });
});

describe('passwords', () => {
  it('are compared for nobody as for somebody, and never right', async () => {
    expect(await directory.users.verifyPassword(null, 'nobody', null)).toEqual({ ok: false });
    expect(await directory.signsIn(ADMIN_EMAIL, 'wrong password')).toBe(false);
    expect(await directory.signsIn(ADMIN_EMAIL, ADMIN_PASSWORD)).toBe(true);
  });
  it.each([1, 51, 52, 72, 255])('are not replaced by a login of %i characters', async (length) => {
    const login = 'a'.repeat(length);
    expect([await directory.signsIn(login, ''), await directory.signsIn(login, login)]).toEqual([false, false]);
  });
  it('are compared whole', async () => {
    const value = `${'x'.repeat(120)}1`;
    await call('POST', '/users', withPassword('long@example.com', value));
    expect(await directory.signsIn('long@example.com', value)).toBe(true);
    expect(await directory.signsIn('long@example.com', `${'x'.repeat(120)}2`)).toBe(false);
  });
  it('of older parameters are hashed anew at the next right use', async () => {
    const { id } = (await call('POST', '/users', withPassword('old@example.com'))).body;
    const hashOf = () => directory.passwordHashOf('old@example.com');
    const older = await createPasswords({ memoryCost: 16, timeCost: 2, parallelism: 1, outputLen: 32 }).hash(
      'Abcd1234#@',
    );
    await directory.database.query({ text: 'update users set password_hash = $2 where id = $1', values: [id, older] });
    expect(await directory.signsIn('old@example.com', 'wrong password')).toBe(false);
    expect(await hashOf()).toBe(older);
    expect(await directory.signsIn('old@example.com', 'Abcd1234#@')).toBe(true);
    expect(await hashOf()).toMatch(/^\$argon2id\$v=19\$m=8,t=1,p=1\$/);
    expect(await directory.signsIn('old@example.com', 'Abcd1234#@')).toBe(true);
  });
  it('wait for each other, and not without end', async () => {
    const passwords = createPasswords({ memoryCost: 8, timeCost: 1, parallelism: 1, outputLen: 32 });
    const results = await Promise.allSettled(Array.from({ length: 200 }, () => passwords.hash('Abcd1234#@')));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(104);
    expect(results.find((result) => result.status === 'rejected')?.reason).toMatchObject({
      status: 429,
      errorCode: 'E0000047',
    });
    expect(await passwords.verify(await passwords.hash('Abcd1234#@'), 'Abcd1234#@')).toEqual({
      ok: true,
      rehash: false,
    });
  });
});

describe('a caller without a valid token', () => {
  it.each([
    ['POST', '/users', { nonsense: true }],
    ['GET', '/users?limit=nonsense', undefined],
    ['DELETE', '/users/me', undefined],
    ['POST', '/groups', {}],
    ['POST', '/meta/schemas/user/default', 'no object'],
    ['POST', '/api-tokens', {}],
    ['GET', '/idps/0oaNobody/users', undefined],
  ])('learns nothing from %s %s, not even what is wrong with the request', async (method, path, body) => {
    const anonymous = await directory.server.inject({
      method: method as 'GET',
      url: `/api/v1${path}`,
      ...(body === undefined ? {} : { payload: body }),
    });
    expect([anonymous.statusCode, anonymous.json().errorCode]).toEqual([401, 'E0000004']);
    const wrong = await call(method, path, body, { authorization: 'SSWS wrong' });
    expect([wrong.status, wrong.body.errorCode]).toEqual([401, 'E0000011']);
  });
});
