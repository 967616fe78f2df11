import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from '../../../test/support/app.ts';
import { statementsDuring } from '../../../test/support/statements.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;

let hub: TestHub;
let appId: string;
let count = 0;

beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());
beforeEach(async () => {
  appId = await newApp();
  await attributes({ team: TEXT, seat: WHOLE, level: WHOLE });
});

const TEXT = { type: 'string', externalName: 'text' };
const WHOLE = { type: 'integer', externalName: 'whole' };
const attributes = (properties: Record<string, object | null>) =>
  hub.api('POST', `/api/v1/meta/schemas/apps/${appId}/default`, { definitions: { custom: { properties } } });

const newApp = async () => {
  const client = { redirect_uris: ['https://app.example.com/cb'], initiate_login_uri: 'https://app.example.com/' };
  const app: Any = await hub.api('POST', '/api/v1/apps', {
    label: `App ${++count}`,
    signOnMode: 'OPENID_CONNECT',
    settings: { oauthClient: client },
  });
  return app.id as string;
};
const newUser = async () => {
  const login = `person${++count}@example.com`;
  const user: Any = await hub.api('POST', '/api/v1/users?activate=false', {
    profile: { login, email: login, firstName: 'P', lastName: `${count}` },
  });
  return { id: user.id as string, login };
};
const newGroup = async (...members: string[]) => {
  const group: Any = await hub.api('POST', '/api/v1/groups', { profile: { name: `Group ${++count}` } });
  for (const id of members) await hub.call('PUT', `/api/v1/groups/${group.id}/users/${id}`);
  return group.id as string;
};
const users = async (query = '') =>
  (await hub.api<Any[]>('GET', `/api/v1/apps/${appId}/users${query}`)).map(({ id, scope }) => ({ id, scope }));
const assign = (id: string, more: object = {}) =>
  hub.call('POST', `/api/v1/apps/${appId}/users`, { id, scope: 'USER', ...more });
const assignGroup = (groupId: string, body?: object) =>
  hub.api<Any>('PUT', `/api/v1/apps/${appId}/groups/${groupId}`, body);
const events = async (type: string) =>
  (await hub.events(type)).filter((event) => event.target.some((target) => target.id === appId));
const by = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);

describe('people of an application', () => {
  it.each(['one by one', 'as everybody'])('assigned %s are found by name over all pages', async (how) => {
    const people = [await newUser(), await newUser(), await newUser()].sort(by);
    const [first, second, third] = people as [Any, Any, Any];
    if (how === 'as everybody') {
      const [everyone] = await hub.api<Any[]>('GET', '/api/v1/groups?q=Everyone');
      await assignGroup(everyone.id);
    } else {
      await assign(first.id);
      await assign(third.id);
    }
    await assign(second.id, { credentials: { userName: `zoe-${count}` } });
    const page = async (q: string) => {
      const { headers, body } = await hub.call('GET', `/api/v1/apps/${appId}/users?limit=1&q=${encodeURIComponent(q)}`);
      return [(body as Any[]).map(({ id }) => id), /rel="next"/.test(headers.get('link') ?? '')];
    };
    expect(await page(third.login.toUpperCase())).toEqual([[third.id], false]);
    expect(await page(`Zoe-${count}`)).toEqual([[second.id], false]);
    expect(await page('100%')).toEqual([[], false]);
    const stranger = await newUser();
    expect(await page(stranger.login)).toEqual([how === 'as everybody' ? [stranger.id] : [], false]);
    expect((await page('person'))[1]).toBe(true);
  });

  it('are assigned, changed and taken away, each with its event', async () => {
    const user = await newUser();
    const assigned = await assign(user.id, { credentials: { userName: 'rae' }, profile: { team: 'red' } });
    expect(assigned).toMatchObject({
      status: 200,
      body: {
        id: user.id,
        externalId: null,
        scope: 'USER',
        status: 'ACTIVE',
        passwordChanged: null,
        syncState: 'DISABLED',
        credentials: { userName: 'rae' },
        profile: { team: 'red' },
        _links: {
          app: { href: `${hub.url}/api/v1/apps/${appId}` },
          user: { href: `${hub.url}/api/v1/users/${user.id}` },
        },
      },
    });
    expect(await assign(user.id)).toMatchObject({ status: 409, body: { errorCode: 'E0000062' } });
    expect(await hub.api('POST', `/api/v1/apps/${appId}/users/${user.id}`, { profile: { seat: 4 } })).toMatchObject({
      profile: { team: 'red', seat: 4 },
      credentials: { userName: 'rae' },
    });
    expect((await hub.call('DELETE', `/api/v1/apps/${appId}/users/${user.id}`)).status).toBe(204);
    expect((await hub.call('GET', `/api/v1/apps/${appId}/users/${user.id}`)).status).toBe(404);
    const [added] = await events('application.user_membership.add');
    expect(added?.target.map(({ type }) => type)).toEqual(['AppUser', 'AppInstance', 'User']);
    expect(await events('application.user_membership.update')).toHaveLength(1);
    expect(await events('application.user_membership.remove')).toHaveLength(1);
  });

  it('have the user name of the template unless another is given', async () => {
    const user = await newUser();
    expect((await assign(user.id)).body).toMatchObject({ credentials: { userName: user.login } });
  });

  it('must exist', async () => {
    expect((await assign('00uNOBODY')).status).toBe(404);
    expect((await assign('')).status).toBe(400);
    expect((await hub.call('POST', '/api/v1/apps/0oaNONE/users', { id: 'x' })).status).toBe(404);
  });

  it('cannot smuggle names of the language into a profile (H5)', async () => {
    const user = await newUser();
    const answer = await fetch(`${hub.url}/api/v1/apps/${appId}/users`, {
      method: 'POST',
      headers: { authorization: `SSWS ${hub.token}`, 'content-type': 'application/json' },
      body: `{"id":"${user.id}","profile":{"__proto__":{"polluted":true}}}`,
    });
    expect(answer.status).toBe(400);
    expect(({} as Any).polluted).toBeUndefined();
  });
});

describe('a direct assignment', () => {
  it('is made once by six who make it at once', async () => {
    const { id } = await newUser();
    const answers = await Promise.all(Array.from({ length: 6 }, () => assign(id)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409]);
    expect(await events('application.user_membership.add')).toHaveLength(1);
  });
  it('of somebody whom a group has brought already brings nobody, and takes nobody away when it ends', async () => {
    const { id } = await newUser();
    await assignGroup(await newGroup(id), {});
    expect((await assign(id, { profile: { team: 'red' } })).body).toMatchObject({
      scope: 'USER',
      profile: { team: 'red' },
    });
    expect((await assign(id)).status).toBe(409);
    expect((await hub.call('DELETE', `/api/v1/apps/${appId}/users/${id}`)).status).toBe(204);
    expect(await users()).toEqual([{ id, scope: 'GROUP' }]);
    expect(await events('application.user_membership.add')).toHaveLength(1);
    expect(await events('application.user_membership.remove')).toHaveLength(0);
    expect(await events('application.user_membership.update')).toHaveLength(2);
  });
});

describe('groups of an application', () => {
  it('bring their members, at once and as members come and go', async () => {
    const [ann, bob, cleo] = [await newUser(), await newUser(), await newUser()];
    const group = await newGroup(ann.id);
    const assigned = await assignGroup(group, { priority: 3, profile: { seat: 1 } });
    expect(assigned).toMatchObject({
      id: group,
      priority: 3,
      profile: { seat: 1 },
      _links: { self: { href: `${hub.url}/api/v1/apps/${appId}/groups/${group}` } },
    });
    expect(await users()).toEqual([{ id: ann.id, scope: 'GROUP' }]);
    await hub.call('PUT', `/api/v1/groups/${group}/users/${bob.id}`);
    await assign(cleo.id);
    expect(await users()).toEqual(
      [
        { id: ann.id, scope: 'GROUP' },
        { id: bob.id, scope: 'GROUP' },
        { id: cleo.id, scope: 'USER' },
      ].sort(by),
    );
    await hub.call('DELETE', `/api/v1/groups/${group}/users/${ann.id}`);
    expect(await users()).toEqual(
      [
        { id: bob.id, scope: 'GROUP' },
        { id: cleo.id, scope: 'USER' },
      ].sort(by),
    );
    expect((await hub.call('DELETE', `/api/v1/apps/${appId}/groups/${group}`)).status).toBe(204);
    expect(await users()).toEqual([{ id: cleo.id, scope: 'USER' }]);
    expect(await events('group.application_assignment.add')).toHaveLength(1);
    expect(await events('group.application_assignment.remove')).toHaveLength(1);
    expect(await events('application.user_membership.remove')).toHaveLength(2);
  });

  it('hold a member whom another assigned group still holds', async () => {
    const ann = await newUser();
    const [one, two] = [await newGroup(ann.id), await newGroup(ann.id)];
    await assignGroup(one);
    await assignGroup(two);
    await hub.call('DELETE', `/api/v1/groups/${one}/users/${ann.id}`);
    expect(await users()).toEqual([{ id: ann.id, scope: 'GROUP' }]);
    await hub.call('DELETE', `/api/v1/apps/${appId}/groups/${two}`);
    expect(await users()).toEqual([]);
  });

  it('take over when a direct assignment ends, and end with the group', async () => {
    const ann = await newUser();
    const group = await newGroup(ann.id);
    await assignGroup(group);
    expect((await assign(ann.id)).body).toMatchObject({ scope: 'USER' });
    await hub.call('DELETE', `/api/v1/apps/${appId}/users/${ann.id}`);
    expect(await users()).toEqual([{ id: ann.id, scope: 'GROUP' }]);
    expect((await hub.call('DELETE', `/api/v1/apps/${appId}/users/${ann.id}`)).status).toBe(400);
    expect((await hub.call('DELETE', `/api/v1/groups/${group}`)).status).toBe(204);
    expect(await users()).toEqual([]);
    expect(await hub.api('GET', `/api/v1/apps/${appId}/groups`)).toEqual([]);
  });

  it('miss nobody when members and assignments change at the same time', async () => {
    const people = await Promise.all(Array.from({ length: 12 }, newUser));
    const group = await newGroup();
    await Promise.all([
      ...people.slice(0, 6).map(({ id }) => hub.call('PUT', `/api/v1/groups/${group}/users/${id}`)),
      assignGroup(group),
      ...people.slice(6).map(({ id }) => hub.call('PUT', `/api/v1/groups/${group}/users/${id}`)),
    ]);
    expect((await users('?limit=100')).length).toBe(12);
  });

  it('must exist', async () => {
    expect((await hub.call('PUT', `/api/v1/apps/${appId}/groups/00gNONE`)).status).toBe(404);
    expect((await hub.call('GET', `/api/v1/apps/${appId}/groups/00gNONE`)).status).toBe(404);
  });
});

describe('a profile at an application', () => {
  const causes = ({ status, body }: { status: number; body: unknown }) =>
    status === 200 ? 'stored' : (body as Any).errorCauses.map((cause: Any) => cause.errorSummary);
  const send = async (id: string, profile: object) =>
    causes(await hub.call('POST', `/api/v1/apps/${appId}/users/${id}`, { profile }));
  const sendGroup = async (id: string, profile: object) =>
    causes(await hub.call('PUT', `/api/v1/apps/${appId}/groups/${id}`, { profile }));
  const LEVEL = { type: 'string', enum: ['a', 'b'], externalName: 'lvl' };
  const NEEDED = { type: 'string', required: true, externalName: 'req' };

  it('fits the application’s schema, or the person is not assigned', async () => {
    await attributes({ lvl: LEVEL, req: NEEDED });
    const { id } = await newUser();
    const refused = await assign(id, { profile: { lvl: 'zzz', team: 5, unknownAttr: 1, other: [1] } });
    expect(refused).toMatchObject({ status: 400, body: { errorCode: 'E0000001' } });
    expect((refused.body as Any).errorSummary).toBe('Api validation failed: appUser');
    expect(causes(refused)).toEqual([
      'lvl: the value is not one of the allowed values',
      'req: The field cannot be left blank',
      'team: expected a string',
      "Property name 'unknownAttr' is not defined in profile",
      "Property name 'other' is not defined in profile",
    ]);
    expect(await users()).toEqual([]);
    expect((await assign(id, { profile: { lvl: 'a', req: 'x' } })).body).toMatchObject({
      profile: { lvl: 'a', req: 'x' },
    });
  });

  it('is checked for what a change touches', async () => {
    const { id } = await newUser();
    await assign(id, { profile: { team: 'a long name' } });
    await attributes({ team: { ...TEXT, maxLength: 3 }, req: NEEDED });
    expect(await send(id, { seat: 1, team: 'a long name' })).toBe('stored');
    expect(await send(id, { team: 'long' })).toEqual(['team: at most 3 characters']);
    expect(await send(id, { req: '' })).toEqual(['req: The field cannot be left blank']);
    expect(await send(id, { req: 'here', team: null })).toBe('stored');
    expect(await send(id, { req: null })).toEqual(['req: The field cannot be left blank']);
  });

  it('has what is required when a mapping gives it', async () => {
    await attributes({ req: NEEDED });
    const [mapping] = await hub.api<Any[]>('GET', `/api/v1/mappings?targetId=${appId}`);
    const properties = { req: { expression: 'user.city', pushStatus: 'DONT_PUSH' } };
    await hub.api('POST', `/api/v1/mappings/${mapping.id}`, { properties });
    const [one, other] = [await newUser(), await newUser()];
    expect(causes(await assign(one.id))).toEqual(['req: The field cannot be left blank']);
    await hub.api('POST', `/api/v1/users/${other.id}`, { profile: { city: 'Oslo' } });
    expect((await assign(other.id)).body).toMatchObject({ profile: { req: 'Oslo' } });
  });

  it('of a group has values that fit, and need not have them all', async () => {
    await attributes({ lvl: LEVEL, req: NEEDED });
    const groupId = await newGroup();
    expect(await sendGroup(groupId, { lvl: 5, nope: 'x' })).toEqual([
      'lvl: expected a string',
      "Property name 'nope' is not defined in profile",
    ]);
    expect(await sendGroup(groupId, { lvl: 'a' })).toBe('stored');
    const path = `/api/v1/apps/${appId}/groups/${groupId}`;
    expect(causes(await hub.call('PATCH', path, { profile: { team: 5 } }))).toEqual(['team: expected a string']);
    expect(causes(await hub.call('PATCH', path, [{ op: 'add', path: '/profile/lvl', value: 'c' }]))).toEqual([
      'lvl: the value is not one of the allowed values',
    ]);
    expect(await hub.api('GET', path)).toMatchObject({ profile: { lvl: 'a' } });
  });

  it('no longer shows an attribute that was removed', async () => {
    const [{ id }, groupId] = [await newUser(), await newGroup()];
    await assign(id, { profile: { team: 'red', seat: 1 } });
    await assignGroup(groupId, { profile: { team: 'red', seat: 1 } });
    await attributes({ team: null });
    expect((await hub.api<Any>('GET', `/api/v1/apps/${appId}/users/${id}`)).profile).toEqual({ seat: 1 });
    expect((await hub.api<Any>('GET', `/api/v1/apps/${appId}/groups/${groupId}`)).profile).toEqual({ seat: 1 });
    expect(await send(id, { seat: 2 })).toBe('stored');
    expect(await assignGroup(groupId, { priority: 1 })).toMatchObject({ priority: 1, profile: { seat: 1 } });
  });
});

describe('everybody', () => {
  const everyone = async () => (await hub.api<Any[]>('GET', '/api/v1/groups?q=Everyone'))[0].id as string;

  it('is assigned without rows, and listed page by page', async () => {
    const user = await newUser();
    await assignGroup(await everyone());
    const { rows } = await hub.database.query({ text: 'select 1 from app_users where app_id = $1', values: [appId] });
    expect(rows).toEqual([]);
    expect(await hub.api('GET', `/api/v1/apps/${appId}/users/${user.id}`)).toMatchObject({
      scope: 'GROUP',
      credentials: { userName: user.login },
    });
    const seen: string[] = [];
    for (let path: string | undefined = `/api/v1/apps/${appId}/users?limit=5`; path !== undefined; ) {
      const answer = await hub.call('GET', path);
      seen.push(...(answer.body as Any[]).map(({ id }) => id));
      path = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link')!)?.[1]?.slice(hub.url.length);
    }
    expect(seen).toEqual([...new Set(seen)].sort());
    expect(seen).toContain(user.id);
  });

  it('keeps what is said of one person directly', async () => {
    const user = await newUser();
    await assign(user.id, { credentials: { userName: 'own' } });
    await assignGroup(await everyone());
    expect(await hub.api('GET', `/api/v1/apps/${appId}/users/${user.id}`)).toMatchObject({
      scope: 'USER',
      credentials: { userName: 'own' },
    });
    await hub.call('DELETE', `/api/v1/apps/${appId}/groups/${await everyone()}`);
    expect(await users()).toEqual([{ id: user.id, scope: 'USER' }]);
  });
});

describe('what a person can open', () => {
  it('are the active applications with a tile that they are assigned to', async () => {
    const [ann, bob] = [await newUser(), await newUser()];
    await assign(ann.id);
    const links = async (id: string) =>
      (await hub.api<Any[]>('GET', `/api/v1/users/${id}/appLinks`)).filter((link) => link.appInstanceId === appId);
    expect(await links(ann.id)).toMatchObject([
      { appName: 'oidc_client', hidden: false, linkUrl: expect.stringContaining(appId) },
    ]);
    expect(await links(bob.id)).toEqual([]);
    const filter = encodeURIComponent(`user.id eq "${ann.id}"`);
    expect((await hub.api<Any[]>('GET', `/api/v1/apps?filter=${filter}&limit=200`)).map(({ id }) => id)).toContain(
      appId,
    );
    await hub.call('POST', `/api/v1/apps/${appId}/lifecycle/deactivate`);
    expect(await links(ann.id)).toEqual([]);
  });

  it('are found by a group too', async () => {
    const group = await newGroup();
    await assignGroup(group);
    const filter = encodeURIComponent(`group.id eq "${group}"`);
    expect((await hub.api<Any[]>('GET', `/api/v1/apps?filter=${filter}`)).map(({ id }) => id)).toEqual([appId]);
    expect((await hub.api<Any[]>('GET', `/api/v1/groups/${group}/apps`)).map(({ id }) => id)).toEqual([appId]);
  });
});

describe('the settings of an assigned group', () => {
  const patch = (groupId: string, body: unknown) =>
    hub.call('PATCH', `/api/v1/apps/${appId}/groups/${groupId}`, body) as Promise<{ status: number; body: Any }>;

  it('are replaced by PUT where it names them, and kept by one without a body', async () => {
    const groupId = await newGroup();
    await assignGroup(groupId, { priority: 2, profile: { team: 'red', level: 1 } });
    expect(await assignGroup(groupId, { profile: { team: 'blue' } })).toMatchObject({
      priority: 2,
      profile: { team: 'blue' },
    });
    const bare = await assignGroup(groupId);
    expect(bare).toMatchObject({ priority: 2, profile: { team: 'blue' } });
    expect(await hub.api('GET', `/api/v1/apps/${appId}/groups/${groupId}`)).toEqual(bare);
  });

  it('are changed by some of their fields, or by JSON Patch', async () => {
    const groupId = await newGroup();
    await assignGroup(groupId, { priority: 1, profile: { team: 'red' } });
    expect((await patch(groupId, { profile: { level: 2 } })).body).toMatchObject({
      priority: 1,
      profile: { team: 'red', level: 2 },
    });
    const patched = await patch(groupId, [
      { op: 'replace', path: '/priority', value: 5 },
      { op: 'remove', path: '/profile/team' },
      { op: 'add', path: '/profile/seat', value: 7 },
    ]);
    expect(patched.body).toMatchObject({ priority: 5, profile: { level: 2, seat: 7 } });
    expect((await patch(groupId, [{ op: 'add', path: '/profile/a~1b', value: true }])).body.errorCauses).toEqual([
      { errorSummary: "Property name 'a/b' is not defined in profile" },
    ]);
    expect((await patch(groupId, [{ op: 'remove', path: '/profile' }])).body).toMatchObject({ profile: {} });
  });

  it.each<[unknown]>([
    [[{ op: 'replace', path: '/id', value: 'x' }]],
    [[{ op: 'replace', path: '/profile/__proto__', value: {} }]],
    [[{ op: 'replace', path: '/profile/a/b', value: 1 }]],
    [[{ op: 'replace', path: '/priority', value: 'first' }]],
    [[{ op: 'replace', path: '/profile', value: [] }]],
    [[{ op: 'move', path: '/priority' }]],
    [{ priority: -1 }],
    ['text'],
  ])('are not changed by %j', async (body) => {
    const groupId = await newGroup();
    const before = await assignGroup(groupId, { priority: 1, profile: { team: 'red' } });
    expect((await patch(groupId, body)).status).toBe(400);
    expect(await hub.api('GET', `/api/v1/apps/${appId}/groups/${groupId}`)).toEqual(before);
  });

  it('of a group that is not assigned are not there', async () => {
    expect((await patch(await newGroup(), { priority: 1 })).status).toBe(404);
  });
});

describe('applications listed', () => {
  it('with what they say of one person', async () => {
    const user = await newUser();
    await assign(user.id, { credentials: { userName: 'rae' } });
    const list = (query: string) => hub.api<Any[]>('GET', `/api/v1/apps?limit=200&${query}`);
    const expanded = await list(`expand=user/${user.id}`);
    expect(expanded.find(({ id }) => id === appId)._embedded.user).toEqual(
      await hub.api('GET', `/api/v1/apps/${appId}/users/${user.id}`),
    );
    expect(expanded.filter((app) => app._embedded?.user.scope === 'USER').map(({ id }) => id)).toEqual([appId]);
    expect((await list('')).every((app) => app._embedded === undefined)).toBe(true);
    expect((await hub.call('GET', '/api/v1/apps?expand=group/x')).status).toBe(400);
  });

  it('of a group, page by page', async () => {
    const groupId = await newGroup();
    const ids = [appId, await newApp()].sort();
    for (const id of ids) await hub.api('PUT', `/api/v1/apps/${id}/groups/${groupId}`);
    const found: string[] = [];
    let next: string | undefined = `/api/v1/groups/${groupId}/apps?limit=1`;
    while (next !== undefined) {
      const page = await hub.call('GET', next);
      found.push(...(page.body as Any[]).map(({ id }) => id as string));
      next = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1]?.slice(hub.url.length);
    }
    expect(found).toEqual(ids);
  });
});

describe('groups with how many applications they have', () => {
  it('are read in as many statements as one of them', async () => {
    const prefix = `Counted ${++count} `;
    const named = async (n: number) =>
      (await hub.api<Any>('POST', '/api/v1/groups', { profile: { name: prefix + n } })).id as string;
    const listed = async () => {
      const search = encodeURIComponent(`profile.name sw "${prefix}"`);
      const groups = await hub.api<Any[]>('GET', `/api/v1/groups?expand=stats&search=${search}`);
      return Object.fromEntries(
        groups.map(({ id, _embedded: { stats } }) => [id, { apps: stats.appsCount, people: stats.usersCount }]),
      );
    };
    const everyone = async () => (await hub.api<Any[]>('GET', '/api/v1/groups?q=Everyone&expand=stats'))[0];
    const before = await everyone();
    const made = [await named(0)];
    await assignGroup(made[0]!);
    expect(await listed()).toEqual({ [made[0]!]: { apps: 1, people: 0 } });
    const ofOne = await statementsDuring(hub.database, listed);
    for (let n = 1; n < 9; n++) made.push(await named(n));
    await hub.api('PUT', `/api/v1/groups/${made[8]}/users/${(await newUser()).id}`);
    const assigned = [made, made.slice(1), made.slice(2)];
    for (const groupIds of assigned) {
      appId = await newApp();
      for (const id of [before.id, ...groupIds]) await assignGroup(id);
    }
    const counts = [2, 2, 3, 3, 3, 3, 3, 3, 3];
    expect(await listed()).toEqual(
      Object.fromEntries(made.map((id, n) => [id, { apps: counts[n], people: n === 8 ? 1 : 0 }])),
    );
    expect((await everyone())._embedded.stats.appsCount).toBe(before._embedded.stats.appsCount + 3);
    expect((await statementsDuring(hub.database, listed)).toSorted()).toEqual(ofOne.toSorted());
  });
});
