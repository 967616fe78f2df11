/** Lists and searches against a reference that evaluates the same filter over the same people in memory: results, order, pages. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createModules } from '../src/composition/index.ts';
import type { User } from '../src/directory/users/index.ts';
import { silentLogger } from '../src/shared/log.ts';
import type { Caller } from '../src/system-log/index.ts';
import { startHub, type TestHub } from './support/app.ts';

let hub: TestHub;
let house: ReturnType<typeof createModules>;
let orgId: string;
let people: User[];
let made = 0;
let caller: Caller;

const TEXTS = [
  ...[
    'Ada',
    'ADA',
    'ada b',
    'Émile',
    'ÉMILE',
    'Zoë',
    "O'Neil",
    '50%',
    '5',
    'a_b',
    'a\\b',
    '"q"',
    'Ωmega',
    '漢字',
    '🙂',
    'ﬀ',
  ],
  ...['straße', 'z', 'zz', 'Za', '~', ':*', "''", ' lead'],
];
const LONG = ['a', 'b', 'B'].map((end) => 'Long '.repeat(45) + end);
const ATTRIBUTES = {
  note: { title: 'Note', type: 'string' },
  vip: { title: 'VIP', type: 'boolean' },
  score: { title: 'Score', type: 'number' },
  tags: { title: 'Tags', type: 'array', items: { type: 'string' } },
};

const some = <T>(arb: fc.Arbitrary<T>) => fc.option(arb, { nil: undefined });
const profile = fc.record({
  firstName: fc.constantFrom(...TEXTS),
  lastName: fc.constantFrom(...TEXTS),
  department: some(fc.constantFrom(...TEXTS)),
  note: some(fc.constantFrom(...TEXTS, ...LONG)),
  vip: some(fc.boolean()),
  score: some(fc.constantFrom(-2, 0, 0.5, 1, 2, 10)),
  tags: some(fc.array(fc.constantFrom(...TEXTS, ...LONG), { maxLength: 3 })),
});

async function create(values: Record<string, unknown>, activate: boolean): Promise<User> {
  const login = `person.${++made}@${made % 3 === 0 ? 'b' : 'a'}.example`;
  const present = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
  hub.clock.advance(made % 4 === 0 ? 0 : 1_000);
  return house.users.create(
    caller,
    { profile: { login, email: login, ...present } },
    { activate, provider: false, changePasswordNext: false },
  );
}

beforeAll(async () => {
  hub = await startHub();
  await hub.api('POST', '/api/v1/meta/schemas/user/default', {
    definitions: { custom: { id: '#custom', type: 'object', properties: ATTRIBUTES } },
  });
  house = createModules({ config: hub.config, database: hub.database, clock: hub.clock, log: silentLogger });
  await house.users.keepAttributeIndexes();
  orgId = (await hub.api<{ id: string }>('GET', '/api/v1/org')).id;
  caller = {
    orgId,
    baseUrl: hub.url,
    requestId: 'r',
    actor: { id: '00u00000000000000000', type: 'User', alternateId: 'a@b.example', displayName: 'A' },
    client: { ip: '127.0.0.1', userAgent: null },
  } as unknown as Caller;
  const profiles = fc.sample(profile, { numRuns: 250, seed: 7 });
  for (const [index, values] of profiles.entries()) await create(values, index % 5 !== 0);
  const everybody = await house.users.list(orgId, { filter: 'lastUpdated gt "2000-01-01T00:00:00Z"' }, 1_000);
  for (const user of everybody.items.slice(5, 25)) await house.users.lifecycle(caller, user.id, 'deactivate');
  await hub.database.query({ text: 'analyze users', values: [] });
  people = (await house.users.list(orgId, { filter: 'lastUpdated gt "2000-01-01T00:00:00Z"' }, 1_000)).items;
});
afterAll(() => hub?.close());

type Compare = { field: string; operator: string; value: string | number | boolean | null };
type Node = Compare | { and: Node[] } | { or: Node[] };

const text = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...TEXTS, ...LONG, '', 'a', 'LONG', 'o', 'person.1', '@A.example') },
  {
    weight: 1,
    arbitrary: fc.string({
      maxLength: 4,
      unit: fc.constantFrom('a', 'Z', '%', '_', '\\', "'", '"', ':', '*', ' ', '&', '|', '!', '('),
    }),
  },
);
const compare = (fields: string[], operators: string[], value: fc.Arbitrary<Compare['value']>) =>
  fc.record({ field: fc.constantFrom(...fields), operator: fc.constantFrom(...operators), value });
const ORDER = ['eq', 'gt', 'ge', 'lt', 'le'];
const comparison = fc.oneof(
  compare(
    ['profile.firstName', 'profile.lastName', 'profile.login', 'profile.email'],
    [...ORDER, 'sw', 'co', 'pr'],
    text,
  ),
  compare(['profile.department', 'profile.note'], [...ORDER, 'sw', 'pr'], text),
  compare(['profile.tags'], ['eq', 'sw', 'pr'], text),
  compare(['profile.vip'], ['eq', 'pr'], fc.boolean()),
  compare(['profile.score'], [...ORDER, 'pr'], fc.constantFrom(-2, 0, 0.5, 1, 3)),
  compare(['status'], ['eq'], fc.constantFrom('ACTIVE', 'staged', 'PROVISIONED', 'DEPROVISIONED')),
);
const { tree } = fc.letrec<{ tree: Node }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    comparison,
    fc.record({ and: fc.array(tie('tree'), { minLength: 2, maxLength: 3 }) }),
    fc.record({ or: fc.array(tie('tree'), { minLength: 2, maxLength: 3 }) }),
  ),
}));

const write = (node: Node): string => {
  if ('field' in node)
    return node.operator === 'pr' ? `${node.field} pr` : `${node.field} ${node.operator} ${JSON.stringify(node.value)}`;
  return 'and' in node ? `(${node.and.map(write).join(' and ')})` : `(${node.or.map(write).join(' or ')})`;
};

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
const keyOf = (value: string) => [...value.toLowerCase()].slice(0, 200).join('');

function attributeOf(user: User, field: string): unknown {
  if (field === 'status' || field === 'id') return user[field];
  if (field === 'lastUpdated' || field === 'created') return user[field].getTime();
  return user.profile[field.slice('profile.'.length)];
}

function holds(node: Node, user: User): boolean {
  if ('and' in node) return node.and.every((term) => holds(term, user));
  if ('or' in node) return node.or.some((term) => holds(term, user));
  const found = attributeOf(user, node.field);
  if (node.operator === 'pr') return Array.isArray(found) ? found.length > 0 : found !== undefined;
  if (Array.isArray(found)) return found.some((item) => fits(item, node));
  return found !== undefined && fits(found, node);
}

function fits(found: unknown, { operator, value }: Compare): boolean {
  if (typeof found === 'boolean') return found === value;
  if (typeof found === 'number') return ordered(found - Number(value), operator);
  const [here, wanted] = [String(found).toLowerCase(), String(value).toLowerCase()];
  if (operator === 'eq') return here === wanted;
  if (operator === 'sw') return here.startsWith(wanted);
  if (operator === 'co') return here.includes(wanted);
  return ordered(byBytes(keyOf(here), keyOf(wanted)), operator);
}

const ordered = (difference: number, operator: string) =>
  ({ eq: difference === 0, gt: difference > 0, ge: difference >= 0, lt: difference < 0, le: difference <= 0 })[
    operator
  ]!;

const SORTS = [
  'id',
  'status',
  'created',
  'lastUpdated',
  'profile.login',
  'profile.lastName',
  'profile.note',
  'profile.score',
  'profile.vip',
];

/** People without a value come last in either order. */
function inOrder(users: User[], sortBy: string | undefined, descending: boolean): string[] {
  const sorted = (user: User) => (sortBy === undefined || sortBy === 'id' ? 0 : attributeOf(user, sortBy));
  const compareKeys = (a: unknown, b: unknown) =>
    typeof a === 'number' ? a - (b as number) : byBytes(keyOf(String(a)), keyOf(String(b)));
  const direction = descending ? -1 : 1;
  const byId = (a: User, b: User) => direction * byBytes(a.id, b.id);
  return [
    ...users
      .filter((user) => sorted(user) !== undefined)
      .sort((a, b) => direction * compareKeys(sorted(a), sorted(b)) || byId(a, b)),
    ...users.filter((user) => sorted(user) === undefined).sort(byId),
  ].map(({ id }) => id);
}

async function everyPage(query: object, limit: number, between?: () => Promise<unknown>): Promise<string[]> {
  const ids: string[] = [];
  for (let after: string | undefined; ; ) {
    const page = await house.users.list(orgId, { ...query, ...(after === undefined ? {} : { after }) }, limit);
    ids.push(...page.items.map(({ id }) => id));
    if (page.after === null) return ids;
    after = page.after;
    await between?.();
  }
}

describe('a list of users', () => {
  it('by search finds whom the reference finds, in its order, page by page', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          node: tree,
          limit: fc.integer({ min: 7, max: 120 }),
          sortBy: some(fc.constantFrom(...SORTS)),
          desc: fc.boolean(),
        }),
        async ({ node, limit, sortBy, desc }) => {
          const search = write(node);
          const ids = await everyPage(
            { search, ...(sortBy === undefined ? {} : { sortBy }), ...(desc ? { sortOrder: 'desc' } : {}) },
            limit,
          );
          expect(ids, search).toEqual(
            inOrder(
              people.filter((user) => holds(node, user)),
              sortBy === undefined || sortBy === 'id' ? undefined : sortBy,
              desc,
            ),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each(TEXTS)('contains %j in any case', async (text) => {
    for (const field of ['profile.firstName', 'profile.lastName'])
      for (const value of [text, text.toLowerCase(), text.toUpperCase(), [...text].slice(-3).join('')]) {
        const node: Node = { field, operator: 'co', value };
        const expected = people.filter((user) => holds(node, user)).map(({ id }) => id);
        expect(await everyPage({ search: write(node) }, 120), write(node)).toEqual(expected);
      }
  });

  it('by filter has everybody, deactivated people too; plain and by q it has them not', async () => {
    const present = people.filter(({ status }) => status !== 'DEPROVISIONED');
    expect(await everyPage({}, 33)).toEqual(present.map(({ id }) => id));
    const deactivated = people.filter(({ status }) => status === 'DEPROVISIONED');
    expect(await everyPage({ filter: 'status eq "DEPROVISIONED"' }, 7)).toEqual(deactivated.map(({ id }) => id));
    expect(deactivated.length).toBe(20);
    await fc.assert(
      fc.asyncProperty(
        text.filter((q) => q !== ''),
        async (q) => {
          const { items, after } = await house.users.list(orgId, { q }, 10);
          const starts = (value: unknown) => String(value).toLowerCase().startsWith(q.toLowerCase());
          const expected = present.filter(
            ({ profile: p }) => starts(p.firstName) || starts(p.lastName) || starts(p.email),
          );
          expect(items.map(({ id }) => id)).toEqual(expected.slice(0, 10).map(({ id }) => id));
          expect(after).toBeNull();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('has nobody twice and leaves nobody out while others come and go', async () => {
    const before = new Set(people.map(({ id }) => id));
    const comers = fc.sample(profile, { numRuns: 60, seed: 11 }).values();
    for (const query of [
      { search: 'profile.login pr', sortBy: 'profile.lastName' },
      { search: 'profile.login pr', sortBy: 'profile.score', sortOrder: 'desc' },
      { filter: 'lastUpdated gt "2000-01-01T00:00:00Z"' },
    ]) {
      const ids = await everyPage(query, 41, async () => {
        const values = comers.next().value;
        if (values !== undefined) await create(values, true);
      });
      expect(new Set(ids).size).toBe(ids.length);
      const seen = new Set(ids);
      expect([...before].filter((id) => !seen.has(id))).toEqual([]);
    }
  });

  it.each([
    ['profile.login', /At character 14/],
    ['profile.unknown eq "x"', /"profile.unknown" cannot be searched/],
    ['profile.note co "x"', /"co" cannot be used with "profile.note"/],
    ['profile.login ne "x"', /"ne" cannot be used/],
    ['not (profile.login pr)', /At character/],
    ['profile.score eq "1"', /does not fit/],
    ['created gt "yesterday"', /does not fit/],
  ])('refuses %s with E0000031 and a sentence', async (search, cause) => {
    const answer = await hub.call('GET', `/api/v1/users?search=${encodeURIComponent(search)}`);
    expect(answer).toMatchObject({
      status: 400,
      body: { errorCode: 'E0000031', errorSummary: 'Invalid search criteria.', errorCauses: [{ errorSummary: cause }] },
    });
  });

  it('refuses a cursor of another list', async () => {
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    for (const [sortBy, after] of [
      ['lastUpdated', encode(['yesterday', people[0]!.id])],
      ['profile.score', encode(['much', people[0]!.id])],
      ['profile.note', encode(['\u0000', people[0]!.id])],
      ['profile.note', people[0]!.id],
      ['profile.note', 'x'],
    ])
      await expect(house.users.list(orgId, { search: 'profile.login pr', sortBy, after }, 5)).rejects.toMatchObject({
        errorCode: 'E0000031',
      });
  });
});
