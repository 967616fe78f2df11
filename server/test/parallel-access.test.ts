/** Who may use an application while memberships and assignments change at the same time (rulings 35). */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from './support/app.ts';
import { untilWaiting, whileHeld } from './support/locks.ts';

let hub: TestHub;
let count = 0;

beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub?.close());
// Each test has its own minute of the rate limits.
beforeEach(() => hub.clock.advance(61_000));

type Created = { id: string };
const newApp = async () => {
  const oauthClient = { redirect_uris: ['https://app.example.com/cb'] };
  const app = { label: `App ${++count}`, signOnMode: 'OPENID_CONNECT', settings: { oauthClient } };
  return (await hub.api<Created>('POST', '/api/v1/apps', app)).id;
};
const newUser = async () => {
  const login = `person${++count}@example.com`;
  const profile = { login, email: login, firstName: 'P', lastName: `${count}` };
  return (await hub.api<Created>('POST', '/api/v1/users?activate=false', { profile })).id;
};
const newGroup = async () =>
  (await hub.api<Created>('POST', '/api/v1/groups', { profile: { name: `Group ${++count}` } })).id;

/** Method, path below `/api/v1`, and a body where there is one. */
type Call = [string, string, object?];
const make = ([method, path, body]: Call) => hub.call(method, `/api/v1${path}`, body);
const rows = async <R>(text: string, ...values: unknown[]) => (await hub.database.query<R>({ text, values })).rows;
const accessOf = async (app: string) =>
  rows<{ user: string; scope: string }>(
    'select user_id as "user", scope from app_users where app_id = $1 order by user_id',
    app,
  );

/**
 * The second call begins when the first one has decided everything and is about to record it; both end when the second one has come as
 * far as it can.
 */
async function interleaved(first: Call, second: Call): Promise<number[]> {
  const calls: Promise<{ status: number }>[] = [];
  await whileHeld(hub.database, { text: 'lock table system_log in share mode', values: [] }, async () => {
    for (const call of [first, second]) {
      calls.push(make(call));
      await untilWaiting(hub.database, calls.length);
    }
  });
  return (await Promise.all(calls)).map(({ status }) => status);
}

interface Place {
  app: string;
  g: string;
  h: string;
  user: string;
}

const membership = ({ user }: Place, group: string) => `/groups/${group}/users/${user}`;
const assignment = ({ app }: Place, group: string) => `/apps/${app}/groups/${group}`;
const assigned = ({ app, user }: Place): Call => ['POST', `/apps/${app}/users`, { id: user, scope: 'USER' }];
const unassigned = ({ app, user }: Place): Call => ['DELETE', `/apps/${app}/users/${user}`];

/** What is there first, beside application, person and the groups g and h; the two calls; and the person's access in the end. */
const CASES: [string, (place: Place) => { before: Call[]; first: Call; second: Call }, 'USER' | 'GROUP' | null][] = [
  [
    'ends when both groups are taken from the application',
    (at) => ({ before: both(at), first: ['DELETE', assignment(at, at.g)], second: ['DELETE', assignment(at, at.h)] }),
    null,
  ],
  [
    'ends when both groups are deleted',
    (at) => ({ before: both(at), first: ['DELETE', `/groups/${at.g}`], second: ['DELETE', `/groups/${at.h}`] }),
    null,
  ],
  [
    'ends when one group is deleted and the other taken from the application',
    (at) => ({ before: both(at), first: ['DELETE', `/groups/${at.g}`], second: ['DELETE', assignment(at, at.h)] }),
    null,
  ],
  [
    'ends when the person leaves both groups',
    (at) => ({ before: both(at), first: ['DELETE', membership(at, at.g)], second: ['DELETE', membership(at, at.h)] }),
    null,
  ],
  [
    'ends when the person leaves one group and the other is taken from the application',
    (at) => ({ before: both(at), first: ['DELETE', membership(at, at.g)], second: ['DELETE', assignment(at, at.h)] }),
    null,
  ],
  [
    'ends when one group is taken from the application and the person leaves the other',
    (at) => ({ before: both(at), first: ['DELETE', assignment(at, at.h)], second: ['DELETE', membership(at, at.g)] }),
    null,
  ],
  [
    'ends when the group is taken from the application while the person joins it',
    (at) => ({
      before: [['PUT', assignment(at, at.g)]],
      first: ['DELETE', assignment(at, at.g)],
      second: ['PUT', membership(at, at.g)],
    }),
    null,
  ],
  [
    'ends when its direct assignment ends beside the one of the group',
    (at) => ({
      before: [assigned(at), ...through(at, at.g)],
      first: ['DELETE', assignment(at, at.g)],
      second: unassigned(at),
    }),
    null,
  ],
  [
    'stays when the person goes from one group to the other',
    (at) => ({
      before: [...through(at, at.g), ['PUT', assignment(at, at.h)]],
      first: ['PUT', membership(at, at.h)],
      second: ['DELETE', membership(at, at.g)],
    }),
    'GROUP',
  ],
  [
    'stays when the application goes from one group to the other',
    (at) => ({
      before: [...through(at, at.g), ['PUT', membership(at, at.h)]],
      first: ['PUT', assignment(at, at.h)],
      second: ['DELETE', assignment(at, at.g)],
    }),
    'GROUP',
  ],
  [
    'begins when the group is assigned while the person joins it',
    (at) => ({ before: [], first: ['PUT', membership(at, at.g)], second: ['PUT', assignment(at, at.g)] }),
    'GROUP',
  ],
  [
    'stays when the person joins an assigned group while the direct assignment ends',
    (at) => ({
      before: [['PUT', assignment(at, at.g)], assigned(at)],
      first: ['PUT', membership(at, at.g)],
      second: unassigned(at),
    }),
    'GROUP',
  ],
  [
    'stays as a direct one when the group is taken away while the person is assigned',
    (at) => ({ before: through(at, at.g), first: assigned(at), second: ['DELETE', assignment(at, at.g)] }),
    'USER',
  ],
];
const through = (at: Place, group: string): Call[] => [
  ['PUT', assignment(at, group)],
  ['PUT', membership(at, group)],
];
const both = (at: Place): Call[] => [...through(at, at.g), ...through(at, at.h)];

describe('the access of a person', () => {
  it.each(CASES)('%s', async (_name, scene, scope) => {
    const at = { app: await newApp(), g: await newGroup(), h: await newGroup(), user: await newUser() };
    const { before, first, second } = scene(at);
    for (const call of before) expect((await make(call)).status).toBeLessThan(300);
    for (const status of await interleaved(first, second)) expect(status).toBeLessThan(300);
    expect(await accessOf(at.app)).toEqual(scope === null ? [] : [{ user: at.user, scope }]);
  });
});

describe('nothing is left of', () => {
  it('an application that is deleted while somebody comes to one of its groups', async () => {
    const [app, group, user] = [await newApp(), await newGroup(), await newUser()];
    await hub.api('PUT', `/api/v1/apps/${app}/groups/${group}`);
    await hub.api('POST', `/api/v1/apps/${app}/lifecycle/deactivate`);
    expect(await interleaved(['PUT', `/groups/${group}/users/${user}`], ['DELETE', `/apps/${app}`])).toEqual([
      204, 204,
    ]);
    expect(await accessOf(app)).toEqual([]);
  });

  it('a person who is deleted while one of their groups is assigned', async () => {
    const [app, group, user] = [await newApp(), await newGroup(), await newUser()];
    await hub.api('PUT', `/api/v1/groups/${group}/users/${user}`);
    await hub.api('DELETE', `/api/v1/users/${user}`);
    expect(await interleaved(['DELETE', `/users/${user}`], ['PUT', `/apps/${app}/groups/${group}`])).toEqual([
      204, 200,
    ]);
    expect(await accessOf(app)).toEqual([]);
  });
});

describe('after any changes at the same time', () => {
  const ROUNDS = 10;
  /** The same numbers in every run (Numerical Recipes' linear congruential generator). */
  let state = 20_261_128;
  const chance = (of: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 < of;
  };
  const IMPLIED = `select distinct a.app_id as app, m.user_id as "user" from app_groups a
    join group_members m on m.org_id = a.org_id and m.group_id = a.group_id
    where a.app_id = any($1) and not exists (select 1 from app_users u where u.app_id = a.app_id and u.user_id = m.user_id and u.scope = 'USER')
    order by 1, 2`;
  const KEPT = `select app_id as app, user_id as "user" from app_users where app_id = any($1) and scope = 'GROUP' order by 1, 2`;

  it('access through groups is what memberships and assignments imply', async () => {
    const apps = [await newApp(), await newApp()];
    const people = [await newUser(), await newUser()];
    const together = async (calls: Call[]) => {
      const answers = await Promise.all(calls.map(make));
      expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
      expect(await rows(KEPT, apps)).toEqual(await rows(IMPLIED, apps));
    };
    for (let round = 0; round < ROUNDS; round++) {
      hub.clock.advance(61_000);
      const groups = [await newGroup(), await newGroup(), await newGroup()];
      const places = groups.flatMap((group) => [
        ...people.map((user) => `/groups/${group}/users/${user}`),
        ...apps.map((app) => `/apps/${app}/groups/${group}`),
      ]);
      const there = new Set(places.filter(() => chance(0.75)));
      await together([...there].map((path): Call => ['PUT', path]));
      const turned = places.filter(() => chance(0.6));
      const own = apps.flatMap((app) => people.filter(() => chance(0.3)).map((user) => ({ app, user })));
      await together([
        ...turned.map((path): Call => [there.has(path) ? 'DELETE' : 'PUT', path]),
        ...own.map(({ app, user }): Call => ['POST', `/apps/${app}/users`, { id: user }]),
      ]);
      await together([
        ...groups.map((group): Call => ['DELETE', `/groups/${group}`]),
        ...own.map(({ app, user }): Call => ['DELETE', `/apps/${app}/users/${user}`]),
      ]);
    }
  });
});
