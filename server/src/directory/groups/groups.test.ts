import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDirectory, person, type TestDirectory } from '../../../test/support/directory.ts';

let directory: TestDirectory;
let call: TestDirectory['call'];

beforeAll(async () => {
  directory = await createTestDirectory();
  call = directory.call;
});
afterAll(() => directory.close());

const newGroup = async (name: string, description?: string) =>
  (await call('POST', '/groups', { profile: { name, description } })).body;
const names = (body: { profile: { name: string } }[]) => body.map((group) => group.profile.name).sort();

describe('groups', () => {
  it('are created, read, replaced and deleted', async () => {
    const created = await call('POST', '/groups', {
      profile: { name: 'Beyond Identity', description: 'Beyond Identity Users Group' },
    });
    expect(created.status).toBe(200);
    expect(created.body).toMatchObject({
      id: expect.stringMatching(/^00g[A-Za-z0-9]{17}$/),
      objectClass: ['okta:user_group'],
      type: 'OKTA_GROUP',
      profile: { name: 'Beyond Identity', description: 'Beyond Identity Users Group' },
    });
    expect(created.body._links.users.href).toBe(`http://localhost/api/v1/groups/${created.body.id}/users`);
    const path = `/groups/${created.body.id}`;
    expect((await call('GET', path)).body).toEqual(created.body);
    expect((await call('PUT', path, { profile: { name: 'Renamed' } })).body.profile).toEqual({
      name: 'Renamed',
      description: null,
    });
    expect((await call('GET', `${path}/apps`)).body).toEqual([]);
    expect((await call('DELETE', path)).status).toBe(204);
    const gone = await call('GET', path);
    expect([gone.status, gone.body.errorSummary]).toEqual([
      404,
      `Not found: Resource not found: ${created.body.id} (UserGroup)`,
    ]);
  });
  it('have unique names, in any case, also in a race and when renamed', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => call('POST', '/groups', { profile: { name: i % 2 ? 'Racers' : 'RACERS' } })),
    );
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(answers.find((answer) => answer.status === 400)?.body.errorCauses[0].errorSummary).toBe(
      'name: An object with this field already exists in the current organization',
    );
    const other = await newGroup('Walkers');
    expect((await call('PUT', `/groups/${other.id}`, { profile: { name: 'racers' } })).status).toBe(400);
  });
  it.each([
    [{ profile: { name: '' } }],
    [{ profile: { name: '   ' } }],
    [{ profile: { name: 'a'.repeat(256) } }],
    [{ profile: {} }],
    [{}],
  ])('refuse %j', async (body) => {
    const answer = await call('POST', '/groups', body);
    expect([answer.status, answer.body.errorCode]).toEqual([400, 'E0000001']);
  });
  it('are listed by prefix, filter and search', async () => {
    await newGroup('List one');
    await newGroup('List two', 'second');
    expect(names((await call('GET', '/groups?q=LIST')).body)).toEqual(['List one', 'List two']);
    const search = (text: string) => call('GET', `/groups?search=${encodeURIComponent(text)}`);
    expect(names((await search('profile.name sw "list" and profile.description eq "Second"')).body)).toEqual([
      'List two',
    ]);
    expect(names((await search('type eq "BUILT_IN"')).body)).toEqual(['Everyone']);
    expect(names((await call('GET', `/groups?filter=${encodeURIComponent('type eq "BUILT_IN"')}`)).body)).toEqual([
      'Everyone',
    ]);
    expect((await search('profile.color eq "x"')).body.errorCode).toBe('E0000031');
    const sorted = await call(
      'GET',
      `/groups?search=${encodeURIComponent('profile.name sw "list"')}&sortBy=profile.name&sortOrder=desc&limit=1`,
    );
    expect(names(sorted.body)).toEqual(['List two']);
    const next = [sorted.headers.link].flat().find((link) => link?.includes('rel="next"'));
    expect(names((await call('GET', next!.match(/<http:\/\/localhost([^>]+)>/)![1]!)).body)).toEqual(['List one']);
  });
  it('are found by blanks as they are written', async () => {
    await newGroup(' Blank  and one ');
    await newGroup('Blankness');
    const found = async (query: string) => names((await call('GET', `/groups?${query}`)).body);
    const search = (text: string) => found(`search=${encodeURIComponent(text)}`);
    expect(await search('profile.name sw "blank"')).toEqual(['Blank  and one', 'Blankness']);
    expect(await search('profile.name sw "BLANK "')).toEqual(['Blank  and one']);
    expect(await search('profile.name sw "blank" and profile.name co " "')).toEqual(['Blank  and one']);
    expect(await search('profile.name co "  "')).toEqual(['Blank  and one']);
    expect(await search('profile.name eq "blank  AND one"')).toEqual(['Blank  and one']);
    expect(await found('q=blank%20')).toEqual(['Blank  and one']);
    expect(await found('q=Blank')).toEqual(['Blank  and one', 'Blankness']);
  });
  it('are sorted upwards or downwards', async () => {
    for (const order of ['asc', 'DESC', ''])
      expect((await call('GET', `/groups?sortBy=created&sortOrder=${order}`)).status).toBe(200);
    expect((await call('GET', '/groups?sortBy=created&sortOrder=sideways')).body.errorCode).toBe('E0000031');
  });
  it.each(['created', 'lastUpdated', 'lastMembershipUpdated'])('are found by %s, given as a time', async (field) => {
    const found = (time: string) => call('GET', `/groups?search=${encodeURIComponent(`${field} gt "${time}"`)}`);
    expect((await found('2000-01-01T00:00:00.000Z')).body.length).toBeGreaterThan(0);
    for (const time of ['-200000-01-01T00:00:00.000Z', '0000-01-01', 'foo 2024'])
      expect((await found(time)).body).toMatchObject({ errorCode: 'E0000031' });
  });
  it.each([
    ['junk'],
    ['yesterday'],
    ['2026-02-30T00:00:00.000Z'],
    ['-200000-01-01T00:00:00.000Z'],
    ['0000-01-01T00:00:00.000Z'],
    ['2026-01-01'],
    ['\0'],
    [1],
    [null],
  ])('refuses a cursor that was written by somebody else: %j', async (key) => {
    const after = Buffer.from(JSON.stringify([key, 'x'])).toString('base64url');
    const search = encodeURIComponent('type eq "OKTA_GROUP"');
    const answer = await call('GET', `/groups?search=${search}&sortBy=created&after=${after}`);
    expect([answer.status, answer.body.errorCode]).toEqual([400, 'E0000031']);
  });
});

it.each([
  '/groups?search=a&search=b',
  '/groups?q=a&q=b',
  '/users?filter=a&filter=b',
  '/users?q=a&q=b',
  '/groups?limit=1&limit=2',
])('a parameter that is there twice is refused: %s', async (path) => {
  expect((await call('GET', path)).status).toBe(400);
});

describe('membership', () => {
  it('is set and unset, once however often it is said, and recorded', async () => {
    const group = await newGroup('Members');
    const user = (await call('POST', '/users', person('member@example.com'))).body;
    const path = `/groups/${group.id}/users/${user.id}`;
    directory.clock.advance(60_000);
    expect([(await call('PUT', path)).status, (await call('PUT', path)).status]).toEqual([204, 204]);
    expect((await call('GET', `/groups/${group.id}/users`)).body.map((item: { id: string }) => item.id)).toEqual([
      user.id,
    ]);
    expect((await call('GET', `/groups/${group.id}`)).body.lastMembershipUpdated).toBe('2026-11-21T10:01:00.000Z');
    directory.clock.advance(60_000);
    expect([(await call('DELETE', path)).status, (await call('DELETE', path)).status]).toEqual([204, 204]);
    expect((await call('GET', `/groups/${group.id}/users`)).body).toEqual([]);
    const { rows } = await directory.database.query<{ event_type: string; payload: { target: { type: string }[] } }>({
      text: `select event_type, payload from system_log where $1 = any(target_ids) and event_type like 'group.user_membership%' order by published, id`,
      values: [group.id],
    });
    expect(rows.map((row) => row.event_type)).toEqual(['group.user_membership.add', 'group.user_membership.remove']);
    expect(rows[0]?.payload.target.map((target) => target.type)).toEqual(['User', 'UserGroup']);
    expect(
      directory.noted.memberships.filter((change) => change.groupId === group.id).map((change) => change.added),
    ).toEqual([true, false]);
  });
  it('is paged', async () => {
    const group = await newGroup('Paged');
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) {
      ids.push((await call('POST', '/users', { ...person(`paged${i}@example.com`), groupIds: [group.id] })).body.id);
    }
    const first = await call('GET', `/groups/${group.id}/users?limit=3`);
    expect(first.body.map((item: { id: string }) => item.id)).toEqual([...ids].sort().slice(0, 3));
    const next = [first.headers.link].flat().find((link) => link?.includes('rel="next"'));
    const second = await call('GET', next!.match(/<http:\/\/localhost([^>]+)>/)![1]!);
    expect(second.body.map((item: { id: string }) => item.id)).toEqual([...ids].sort().slice(3));
    expect(String(second.headers.link)).not.toContain('next');
  });
  it.each(['users', 'Everyone'])('is not paged by what is no cursor: %s', async (which) => {
    const [everyone] = (await call('GET', '/groups?q=Everyone')).body;
    const group = which === 'Everyone' ? everyone : await newGroup('No cursor');
    for (const after of ['zzz', '00uzzz', `${group.id}`]) {
      const answer = await call('GET', `/groups/${group.id}/users?after=${after}`);
      expect([after, answer.status, answer.body.errorCode]).toEqual([after, 400, 'E0000031']);
    }
    expect((await call('GET', `/groups/${group.id}/users?after=00u${'0'.repeat(17)}`)).status).toBe(200);
  });
  it('is paged as far as there is somebody: who is deactivated has no place on a page', async () => {
    const group = await newGroup('Half gone');
    const ids: string[] = [];
    for (let i = 0; i < 4; i++)
      ids.push((await call('POST', '/users', { ...person(`half${i}@example.com`), groupIds: [group.id] })).body.id);
    ids.sort();
    for (const at of [0, 1, 3]) await call('POST', `/users/${ids[at]}/lifecycle/deactivate`);
    const { body, headers } = await call('GET', `/groups/${group.id}/users?limit=1`);
    expect(body.map((item: { id: string }) => item.id)).toEqual([ids[2]]);
    expect(String(headers.link)).not.toContain('next');
  });
  it('survives 20 people joining and leaving one group at once', async () => {
    const group = await newGroup('Crowd');
    const users = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        call('POST', '/users', { ...person(`crowd${i}@example.com`), groupIds: [group.id] }),
      ),
    );
    expect(users.every((answer) => answer.status === 200)).toBe(true);
    const left = await Promise.all(
      users.slice(10).map(({ body }) => call('DELETE', `/groups/${group.id}/users/${body.id}`)),
    );
    expect(left.every((answer) => answer.status === 204)).toBe(true);
    expect((await call('GET', `/groups/${group.id}/users`)).body).toHaveLength(10);
  });
  it('needs a group and a user that exist', async () => {
    const group = await newGroup('Lonely');
    expect((await call('PUT', `/groups/${group.id}/users/00uDoesNotExist00000`)).status).toBe(404);
    expect((await call('PUT', '/groups/00gDoesNotExist00000/users/me')).status).toBe(404);
  });
  it('of Everyone is computed and cannot be changed', async () => {
    const everyone = (await call('GET', '/groups?q=everyone')).body[0];
    const gone = (await call('POST', '/users', person('left@example.com'))).body;
    await call('POST', `/users/${gone.id}/lifecycle/deactivate`);
    const members = (await call('GET', `/groups/${everyone.id}/users`)).body.map((user: { id: string }) => user.id);
    expect(members).toContain(directory.adminId);
    expect(members).not.toContain(gone.id);
    for (const method of ['PUT', 'DELETE']) {
      const { status, body } = await call(method, `/groups/${everyone.id}/users/${directory.adminId}`);
      expect([status, body.errorCode]).toEqual([403, 'E0000006']);
    }
    expect((await call('DELETE', `/groups/${everyone.id}`)).status).toBe(403);
    expect((await call('PUT', `/groups/${everyone.id}`, { profile: { name: 'Nobody' } })).status).toBe(403);
  });
  it('of a group that an application brought is read-only', async () => {
    const { database, orgId, clock } = directory;
    await database.query({
      text: `insert into groups (org_id, id, type, name_key, profile, created, last_updated, last_membership_updated)
             values ($1, '00gAppGroup000000000', 'APP_GROUP', 'imported', '{"name":"Imported"}', $2, $2, $2)`,
      values: [orgId, clock.now()],
    });
    const { status, body } = await call('PUT', `/groups/00gAppGroup000000000/users/${directory.adminId}`);
    expect([status, body.errorCode]).toEqual([403, 'E0000006']);
    expect((await call('POST', '/groups', { profile: { name: 'Imported' } })).status).toBe(200);
  });
});
