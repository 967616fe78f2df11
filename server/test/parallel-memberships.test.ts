/** Memberships that change at the same time: by hand, at the creation of people, and by group rules. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from './support/app.ts';
import { deadlocksDuring } from './support/statements.ts';

let hub: TestHub;
let count = 0;

beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub?.close());
// Each round has its own minute of the rate limits.
beforeEach(() => hub.clock.advance(61_000));

const ROUNDS = 5;
const numbers = [1, 2, 3, 4, 5, 6];
const profileOf = (more: object) => {
  const login = `person${++count}@example.com`;
  return { login, email: login, firstName: 'P', lastName: `${count}`, ...more };
};
const newUser = async (more: object) =>
  (await hub.api<{ id: string }>('POST', '/api/v1/users', { profile: profileOf(more) })).id;
const newGroup = async () =>
  (await hub.api<{ id: string }>('POST', '/api/v1/groups', { profile: { name: `Group ${++count}` } })).id;
const membersOf = async (groupId: string) =>
  (await hub.api<{ id: string }[]>('GET', `/api/v1/groups/${groupId}/users?limit=200`)).map(({ id }) => id);

async function activeRule(value: string, groupIds: string[]): Promise<string> {
  const { id } = await hub.api<{ id: string }>('POST', '/api/v1/groups/rules', {
    type: 'group_rule',
    name: `Rule ${++count}`,
    conditions: { expression: { value, type: 'urn:okta:expression:1.0' } },
    actions: { assignUserToGroups: { groupIds } },
  });
  await hub.api('POST', `/api/v1/groups/rules/${id}/lifecycle/activate`);
  return id;
}

async function retire(ruleIds: string[]): Promise<void> {
  for (const id of ruleIds) await hub.api('POST', `/api/v1/groups/rules/${id}/lifecycle/deactivate`);
}

/** The statuses of the answers. No call met a deadlock, not even one that was overcome. */
async function together(calls: () => Promise<{ status: number }>[]): Promise<number[]> {
  let answers: { status: number }[] = [];
  const deadlocks = await deadlocksDuring(hub.database, async () => {
    answers = await Promise.all(calls());
  });
  expect(deadlocks).toEqual([]);
  return answers.map(({ status }) => status);
}

describe('changes of memberships at the same time', () => {
  it('do not wait for each other crosswise where people are created in a group and rules move them and others', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      hub.clock.advance(61_000);
      const [a, b] = [await newGroup(), await newGroup()].sort() as [string, string];
      const rules = [
        await activeRule(`user.title == "x${round}"`, [a, b]),
        await activeRule(`user.city == "${round}"`, [a]),
      ];
      const people = await Promise.all(numbers.map(() => newUser({ title: `x${round}` })));
      const statuses = await together(() => [
        ...people.map((id) => hub.call('POST', `/api/v1/users/${id}`, { profile: { title: 'y' } })),
        ...numbers.map(() =>
          hub.call('POST', '/api/v1/users', { profile: profileOf({ city: `${round}` }), groupIds: [b] }),
        ),
      ]);
      expect(new Set(statuses)).toEqual(new Set([200]));
      expect(await membersOf(a)).toHaveLength(numbers.length);
      expect((await membersOf(a)).sort()).toEqual((await membersOf(b)).sort());
      await retire(rules);
    }
  });

  it('do not where rules build on a group that people are taken out of by hand', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      hub.clock.advance(61_000);
      // The rule's group is the lower one: what is taken by hand first comes after it in the order of ids.
      const [b, a] = [await newGroup(), await newGroup()].sort() as [string, string];
      const rules = [
        await activeRule(`user.title == "x${round}"`, [a]),
        await activeRule(`isMemberOfGroup("${a}")`, [b]),
      ];
      const people = await Promise.all(numbers.map(() => newUser({ title: `x${round}` })));
      const statuses = await together(() => [
        ...people.map((id) => hub.call('POST', `/api/v1/users/${id}`, { profile: { title: 'y' } })),
        ...people.map((id) => hub.call('DELETE', `/api/v1/groups/${a}/users/${id}`)),
      ]);
      expect(statuses.filter((status) => status >= 400)).toEqual([]);
      expect([await membersOf(a), await membersOf(b)]).toEqual([[], []]);
      await retire(rules);
    }
  });
});
