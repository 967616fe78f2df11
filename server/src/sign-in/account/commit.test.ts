import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { IDP, ISSUER, ORG } from '../../../test/support/account.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import type { Executor } from '../../database/index.ts';
import { insertLog, logRows } from '../../system-log/index.ts';
import { CommitConflict, commitSignIn, type Part } from './commit.ts';

const AT = new Date('2026-11-20T10:00:00Z');
const LATER = new Date('2026-11-20T10:05:00Z');
const GUARD = { configurationVersion: 7 };
const TABLES = [
  'group_rule_members',
  'users',
  'external_identities',
  'user_profile_sources',
  'attribute_values',
  'group_members',
  'app_users',
  'sessions',
  'consumed_once',
  'system_log',
];

let test_: TestDatabase;

const rowsOf = async <R = Record<string, unknown>>(text: string, ...values: unknown[]) =>
  (await test_.database.query<R>({ text, values })).rows;

/** Every row of every table that a commit may touch. */
async function everything(): Promise<string> {
  const tables = await Promise.all(
    TABLES.map((table) => rowsOf(`select to_jsonb(t) as row from ${table} t order by to_jsonb(t)::text`)),
  );
  return JSON.stringify(tables);
}

const userRow = (id: string, change: Record<string, unknown> = {}) => ({
  org_id: ORG,
  id,
  type_id: 'oty',
  status: 'ACTIVE',
  login_key: `${id.toLowerCase()}@example.com`,
  email_key: `${id.toLowerCase()}@example.com`,
  email_verified: false,
  profile: { login: `${id}@example.com` },
  provider_type: 'FEDERATION',
  provider_name: 'FEDERATION',
  created: AT,
  created_by: 'jit',
  activated: AT,
  status_changed: AT,
  last_login: AT,
  last_updated: AT,
  version: 1,
  ...change,
});

const session = (id: string, userId: string): Part => ({
  part: 'session',
  row: {
    org_id: ORG,
    secret_sha256: `\\x${Buffer.from(id).toString('hex')}`,
    id,
    user_id: userId,
    idp_id: IDP,
    amr: ['fed'],
    auth_time: AT,
    created: AT,
    last_seen: AT,
    idle_expires: LATER,
    expires: LATER,
    ended: null,
    ip: '127.0.0.1',
    user_agent: 'test',
  },
});

const once = (key: string): Part => ({ part: 'once', rows: [{ key, until: LATER }] });
const link = (userId: string, subject = 'sub-1'): Part => ({
  part: 'link',
  row: { idp_id: IDP, issuer: ISSUER, subject, user_id: userId, profile: { sub: subject }, at: AT },
});
const logged = (userId: string): Part => ({
  part: 'sql',
  name: 'log',
  sql: insertLog,
  value: logRows([
    {
      orgId: ORG,
      type: 'user.session.start',
      at: AT,
      targets: [{ id: userId, type: 'User', alternateId: 'x', displayName: 'x' }],
    },
  ]),
});

/** A first sign-in: everything that can be written at once. */
const firstSignIn = (
  userId: string,
  change: { key?: string; subject?: string; login?: string; employee?: string } = {},
): Part[] => [
  once(change.key ?? `tx:${userId}`),
  { part: 'create-user', row: userRow(userId, change.login === undefined ? {} : { login_key: change.login }) },
  link(userId, change.subject ?? `sub-${userId}`),
  {
    part: 'source',
    row: {
      user_id: userId,
      source_id: IDP,
      values: { city: 'Houston' },
      origins: { city: { at: AT, trace: 'trace' } },
      trace_id: 'trace',
      at: AT,
    },
  },
  {
    part: 'unique-values',
    userId,
    schemaId: 'osc',
    changed: [],
    rows: [
      { attribute: 'employeeNumber', value_key: change.employee ?? userId, is_unique: true },
      { attribute: 'ssn', value_key: 'blind', is_unique: false },
    ],
  },
  { part: 'join-groups', userId, groupIds: ['00gStaff', '00gApp', '00gGone'], at: AT },
  session(`102${userId}`, userId),
  logged(userId),
];

const commit = (parts: Part[], guard: typeof GUARD | null = GUARD) => commitSignIn(test_.database, ORG, parts, guard);

async function conflictOf(work: Promise<void>): Promise<string> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof CommitConflict) return error.kind;
  throw error ?? new Error('The commit succeeded.');
}

async function refusedWithoutTrace(parts: Part[], guard: typeof GUARD | null = GUARD): Promise<string> {
  const before = await everything();
  const kind = await conflictOf(commit(parts, guard));
  expect(await everything()).toBe(before);
  return kind;
}

beforeAll(async () => {
  test_ = await createTestDatabase();
  await rowsOf(
    "insert into orgs (id, company_name, subdomain, base_url, config_version, created, last_updated) values ($1, 'Org', 'org', 'http://localhost', 7, $2, $2)",
    ORG,
    AT,
  );
  await rowsOf(
    "insert into identity_providers (org_id, id, type, name, name_key, status, config, created, last_updated) values ($1, $2, 'OIDC', 'IdP', 'idp', 'ACTIVE', '{}', $3, $3)",
    ORG,
    IDP,
    AT,
  );
  for (const [id, type] of [
    ['00gStaff', 'OKTA_GROUP'],
    ['00gMore', 'OKTA_GROUP'],
    ['00gApp', 'APP_GROUP'],
  ]) {
    await rowsOf(
      'insert into groups (org_id, id, type, name_key, profile, created, last_updated, last_membership_updated) values ($1, $2, $3, $2, $4, $5, $5, $5)',
      ORG,
      id,
      type,
      '{}',
      AT,
    );
  }
  for (const [app, group] of [
    ['0oaPayroll', '00gStaff'],
    ['0oaBoth', '00gStaff'],
    ['0oaBoth', '00gMore'],
    ['0oaFromApp', '00gApp'],
  ]) {
    await rowsOf(
      'insert into app_groups (org_id, app_id, group_id, last_updated) values ($1, $2, $3, $4)',
      ORG,
      app,
      group,
      AT,
    );
  }
});

beforeEach(async () => {
  for (const table of TABLES) await rowsOf(`delete from ${table}`);
});

afterAll(() => test_.drop());

describe('a first sign-in', () => {
  test('writes user, link, source, values, memberships, assignments, session and log in one statement', async () => {
    await commit(firstSignIn('00uGary'));
    expect(await rowsOf('select id, status, version from users')).toEqual([
      { id: '00uGary', status: 'ACTIVE', version: 1 },
    ]);
    expect(await rowsOf('select subject, user_id from external_identities')).toEqual([
      { subject: 'sub-00uGary', user_id: '00uGary' },
    ]);
    expect(await rowsOf('select "values", origins, trace_id from user_profile_sources')).toEqual([
      { values: { city: 'Houston' }, origins: { city: { at: AT.toISOString(), trace: 'trace' } }, trace_id: 'trace' },
    ]);
    expect(await rowsOf('select attribute, is_unique from attribute_values order by attribute')).toEqual([
      { attribute: 'employeeNumber', is_unique: true },
      { attribute: 'ssn', is_unique: false },
    ]);
    expect(await rowsOf('select group_id, source from group_members')).toEqual([
      { group_id: '00gStaff', source: 'IDP' },
    ]);
    expect(await rowsOf('select id, amr from sessions')).toEqual([{ id: '10200uGary', amr: ['fed'] }]);
    expect(await rowsOf('select key from consumed_once')).toEqual([{ key: 'tx:00uGary' }]);
    expect(await rowsOf('select event_type from system_log')).toEqual([{ event_type: 'user.session.start' }]);
  });

  test('takes the applications of the joined groups along, each once', async () => {
    await commit([
      ...firstSignIn('00uGary').filter((part) => part.part !== 'join-groups'),
      { part: 'join-groups', userId: '00uGary', groupIds: ['00gStaff', '00gMore'], at: AT },
    ]);
    expect(await rowsOf('select app_id, scope from app_users order by app_id')).toEqual([
      { app_id: '0oaBoth', scope: 'GROUP' },
      { app_id: '0oaPayroll', scope: 'GROUP' },
    ]);
  });
});

describe('nothing is written', () => {
  test('when the transaction was used before', async () => {
    await commit(firstSignIn('00uGary', { key: 'tx:1' }));
    expect(await refusedWithoutTrace(firstSignIn('00uAda', { key: 'tx:1' }))).toBe('replay');
  });

  test('when an assertion was used before, though the transaction was not', async () => {
    await commit([once('assertion:1')], null);
    const parts = firstSignIn('00uAda').with(0, {
      part: 'once',
      rows: [
        { key: 'tx:2', until: LATER },
        { key: 'assertion:1', until: LATER },
      ],
    });
    expect(await refusedWithoutTrace(parts)).toBe('replay');
  });

  test('when the configuration is another than it was decided on', async () => {
    expect(await refusedWithoutTrace(firstSignIn('00uGary'), { configurationVersion: 6 })).toBe('retry');
    expect(await refusedWithoutTrace(firstSignIn('00uGary'), { configurationVersion: 8 })).toBe('retry');
  });

  test('when the schema is another version than it was decided on', async () => {
    await rowsOf(
      "insert into profile_schemas (org_id, id, owner_kind, owner_id, name, title, created, last_updated, version) values ($1, 'osc', 'user_type', 'oty', 'user', 'User', $2, $2, 3)",
      ORG,
      AT,
    );
    const withSchema = (version: number): Part[] => [{ part: 'schema', id: 'osc', version }, ...firstSignIn('00uGary')];
    expect(await refusedWithoutTrace(withSchema(2))).toBe('retry');
    await commit(withSchema(3));
    expect(await rowsOf('select id from users')).toEqual([{ id: '00uGary' }]);
  });

  test('when the org is gone', async () => {
    await expect(commitSignIn(test_.database, '00oGone', [once('tx:3')], null)).rejects.toMatchObject({
      kind: 'retry',
    });
    expect(await rowsOf('select * from consumed_once')).toEqual([]);
  });

  test('when the user changed since it was read', async () => {
    await commit(firstSignIn('00uGary'));
    await rowsOf('update users set version = 2');
    const again = (part: Part): Part[] => [once('tx:4'), part, session('102b', '00uGary'), logged('00uGary')];
    expect(await refusedWithoutTrace(again({ part: 'touch-user', userId: '00uGary', version: 1, at: LATER }))).toBe(
      'retry',
    );
    expect(
      await refusedWithoutTrace(
        again({ part: 'change-user', userId: '00uGary', version: 1, at: LATER, set: { profile: { login: 'x' } } }),
      ),
    ).toBe('retry');
    await commit(again({ part: 'touch-user', userId: '00uGary', version: 2, at: LATER }));
  });

  test('when the user was deleted since it was read', async () => {
    expect(
      await refusedWithoutTrace([
        once('tx:5'),
        { part: 'touch-user', userId: '00uGone', version: 1, at: AT },
        session('102c', '00uGone'),
      ]),
    ).toBe('retry');
  });

  test('when somebody took the login meanwhile', async () => {
    await commit(firstSignIn('00uGary', { login: 'same@example.com' }));
    expect(await refusedWithoutTrace(firstSignIn('00uAda', { login: 'same@example.com' }))).toBe('login-taken');
  });

  test('when somebody has the value that must be unique', async () => {
    await commit(firstSignIn('00uGary', { employee: '42' }));
    expect(await refusedWithoutTrace(firstSignIn('00uAda', { employee: '42' }))).toBe('value-taken');
  });

  test('when the identity was linked to somebody else meanwhile', async () => {
    await commit(firstSignIn('00uGary', { subject: 'sub-1' }));
    expect(await refusedWithoutTrace(firstSignIn('00uAda', { subject: 'sub-1' }))).toBe('retry');
  });

  test('when the user was linked to another person of the provider meanwhile', async () => {
    await commit(firstSignIn('00uGary', { subject: 'sub-1' }));
    expect(
      await refusedWithoutTrace([
        once('tx:6'),
        { part: 'touch-user', userId: '00uGary', version: 1, at: AT },
        link('00uGary', 'sub-2'),
      ]),
    ).toBe('retry');
  });

  test('when a part fails for a reason that is nobody’s conflict', async () => {
    const before = await everything();
    const broken: Part = {
      part: 'sql',
      name: 'overflow',
      sql: (value) => `insert into consumed_once (org_id, key, until) values ($1, 'x', ${value}::timestamptz)`,
      value: 'not a time',
    };
    await expect(commit([...firstSignIn('00uGary'), broken])).rejects.toMatchObject({ code: '22007' });
    expect(await everything()).toBe(before);
  });
});

describe('a connection that dies in the middle of the statement', () => {
  test('leaves nothing half-written, and the same sign-in can be made again', async () => {
    const before = await everything();
    const parts = firstSignIn('00uGary');
    const pause: Part = {
      part: 'sql',
      name: 'pause',
      sql: (value) =>
        `insert into consumed_once (org_id, key, until) select $1, 'pause', ${value}::timestamptz from pg_sleep(20)`,
      value: LATER,
    };
    const dying = commit([...parts, pause]).then(
      () => 'committed',
      () => 'died',
    );
    await killed();
    expect(await dying).toBe('died');
    expect(await everything()).toBe(before);
    await commit(parts);
    expect(await rowsOf('select id from users')).toEqual([{ id: '00uGary' }]);
  });

  /** Ends the connection that sleeps inside a commit, as soon as there is one. */
  async function killed(): Promise<void> {
    for (let tries = 0; tries < 500; tries++) {
      const ended = await rowsOf(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'",
      );
      if (ended.length > 0) return;
    }
    throw new Error('No commit was seen.');
  }
});

describe('parallel commits', () => {
  test('of one transaction: exactly one succeeds', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => commit(firstSignIn(`00u${index}`, { key: 'tx:same' }))),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await rowsOf('select count(*)::int as n from users')).toEqual([{ n: 1 }]);
  });

  test('of one new person: exactly one user, whatever the others try', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        commit(firstSignIn(`00u${index}`, { subject: 'sub-same', login: `login${index}@example.com` })),
      ),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(
      await rowsOf(
        'select count(*)::int as users, (select count(*)::int from external_identities) as links, (select count(*)::int from sessions) as sessions from users',
      ),
    ).toEqual([{ users: 1, links: 1, sessions: 1 }]);
  });
});

describe('a commit that PostgreSQL ends for the sake of others', () => {
  const ended = (code: string): Executor => ({
    query: () => Promise.reject(Object.assign(new Error('ended'), { code })),
    kysely: test_.database.kysely,
  });

  test.each(['40P01', '40001'])('is to be decided again (%s)', async (code) => {
    expect(await conflictOf(commitSignIn(ended(code), ORG, firstSignIn('00uGary'), GUARD))).toBe('retry');
  });
});

describe('a further sign-in', () => {
  beforeEach(() => commit(firstSignIn('00uGary', { employee: '42' })));

  const change = (set: Extract<Part, { part: 'change-user' }>['set'], version = 1): Part => ({
    part: 'change-user',
    userId: '00uGary',
    version,
    at: LATER,
    set,
  });

  test('changes what it names and counts the version on', async () => {
    await commit([
      once('tx:b'),
      change({
        profile: { login: 'new@example.com' },
        loginKey: 'new@example.com',
        emailKey: null,
        emailVerified: true,
        status: 'ACTIVE',
        dropPassword: true,
      }),
    ]);
    expect(
      await rowsOf(
        'select version, login_key, email_key, email_verified, password_hash, last_login, profile from users',
      ),
    ).toEqual([
      {
        version: 2,
        login_key: 'new@example.com',
        email_key: null,
        email_verified: true,
        password_hash: null,
        last_login: LATER,
        profile: { login: 'new@example.com' },
      },
    ]);
  });

  test('touches only the time of the last sign-in where nothing changed', async () => {
    await commit([once('tx:b'), { part: 'touch-user', userId: '00uGary', version: 1, at: LATER }]);
    expect(await rowsOf('select version, last_login, last_updated from users')).toEqual([
      { version: 1, last_login: LATER, last_updated: AT },
    ]);
  });

  test('frees a unique value that is given up, and keeps the others', async () => {
    const values = (rows: { attribute: string; value_key: string; is_unique: boolean }[]): Part => ({
      part: 'unique-values',
      userId: '00uGary',
      schemaId: 'osc',
      changed: ['employeeNumber'],
      rows,
    });
    await commit([once('tx:b'), values([{ attribute: 'employeeNumber', value_key: '43', is_unique: true }])]);
    expect(await rowsOf('select value_key from attribute_values order by value_key')).toEqual([
      { value_key: '43' },
      { value_key: 'blind' },
    ]);
    await commit([once('tx:c'), values([])]);
    expect(await rowsOf('select value_key from attribute_values')).toEqual([{ value_key: 'blind' }]);
    await commit(firstSignIn('00uAda', { employee: '43' }));
  });

  test('leaves groups and the applications that only they gave; an application’s own group stays', async () => {
    await rowsOf(
      "insert into group_members (org_id, group_id, user_id, created) values ($1, '00gApp', '00uGary', $2), ($1, '00gMore', '00uGary', $2)",
      ORG,
      AT,
    );
    await rowsOf(
      "insert into app_users (org_id, app_id, user_id, scope, created, last_updated, status_changed) values ($1, '0oaFromApp', '00uGary', 'GROUP', $2, $2, $2) on conflict do nothing",
      ORG,
      AT,
    );
    await commit([
      once('tx:b'),
      { part: 'leave-groups', userId: '00uGary', groupIds: ['00gStaff', '00gApp'], at: LATER },
    ]);
    expect(await rowsOf('select group_id from group_members order by group_id')).toEqual([
      { group_id: '00gApp' },
      { group_id: '00gMore' },
    ]);
    expect(await rowsOf('select app_id from app_users order by app_id')).toEqual([
      { app_id: '0oaBoth' },
      { app_id: '0oaFromApp' },
    ]);
  });

  test('leaves what only rules gave, and keeps what was set by hand meanwhile or another rule gives', async () => {
    const gift = (groupId: string, ruleId: string) =>
      rowsOf('insert into group_rule_members values ($1, $2, $3, $4, $5)', ORG, '00uGary', groupId, ruleId, AT);
    for (const [groupId, source] of [
      ['00gMore', 'RULE'],
      ['00gStaff', 'RULE'],
    ])
      await rowsOf(
        `insert into group_members (org_id, group_id, user_id, source, created) values ($1, $2, '00uGary', $3, $4)
         on conflict (org_id, group_id, user_id) do update set source = excluded.source`,
        ORG,
        groupId,
        source,
        AT,
      );
    await gift('00gMore', '0prA');
    await gift('00gStaff', '0prA');
    await gift('00gStaff', '0prB');
    const leave = (key: string, ...ruleIds: string[]): Part[] => [
      once(key),
      {
        part: 'leave-groups',
        userId: '00uGary',
        groupIds: [],
        gifts: ruleIds.flatMap((ruleId) => [
          { ruleId, groupId: '00gMore' },
          { ruleId, groupId: '00gStaff' },
        ]),
        at: LATER,
      },
    ];
    const groups = () => rowsOf("select group_id from group_members where group_id <> '00gApp' order by group_id");
    await commit(leave('tx:b', '0prA'));
    expect(await groups()).toEqual([{ group_id: '00gStaff' }]);
    const apps = () => rowsOf("select app_id from app_users where app_id <> '0oaFromApp' order by app_id");
    expect(await apps()).toEqual([{ app_id: '0oaBoth' }, { app_id: '0oaPayroll' }]);
    await rowsOf("update group_members set source = 'DIRECT' where group_id = '00gStaff'");
    await commit(leave('tx:c', '0prB'));
    expect([await groups(), await rowsOf('select * from group_rule_members')]).toEqual([
      [{ group_id: '00gStaff' }],
      [],
    ]);
    expect(await apps()).toHaveLength(2);
  });

  test('C1: ends the browser’s former session, and only that', async () => {
    await commit([once('tx:b'), session('102other', '00uGary')]);
    await commit([
      once('tx:c'),
      { part: 'end-session', secretSha256: Buffer.from('10200uGary'), at: LATER },
      session('102new', '00uGary'),
    ]);
    expect(await rowsOf('select id, ended from sessions order by id')).toEqual([
      { id: '10200uGary', ended: LATER },
      { id: '102new', ended: null },
      { id: '102other', ended: null },
    ]);
  });

  test('L2: losing the password ends every session of the user but the new one', async () => {
    await commit([
      once('tx:b'),
      change({ dropPassword: true }),
      { part: 'drop-sessions', userId: '00uGary', at: LATER },
      session('102new', '00uGary'),
    ]);
    expect(await rowsOf('select id from sessions where ended is null')).toEqual([{ id: '102new' }]);
  });

  test('many shapes of one commit live beside each other on one connection', async () => {
    const sets = [
      { emailVerified: true },
      { emailVerified: false, profile: { login: 'a' } },
      { profile: { login: 'b' }, status: 'ACTIVE', emailKey: 'x', loginKey: 'b', emailVerified: true },
    ];
    let version = 1;
    for (const set of [...sets, ...sets])
      await commit([
        once(`tx:${version}`),
        change(set, version),
        link('00uGary', 'sub-00uGary'),
        session(`102s${version++}`, '00uGary'),
        logged('00uGary'),
      ]);
    expect(await rowsOf('select version from users')).toEqual([{ version: 7 }]);
  });
});
