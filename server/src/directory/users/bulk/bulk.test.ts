/** Many people at once: what is written of those who go in, and that nothing is of those who lose. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BASE_URL, createTestDirectory, person, type TestDirectory } from '../../../../test/support/directory.ts';
import { inTransaction } from '../../../database/index.ts';
import type { Caller } from '../../../system-log/index.ts';

let directory: TestDirectory;
let caller: Caller;

beforeAll(async () => {
  directory = await createTestDirectory();
  const { orgId, adminId } = directory;
  caller = {
    orgId,
    baseUrl: BASE_URL,
    actor: { id: adminId, type: 'User', alternateId: 'admin@example.com', displayName: 'Admin' },
    client: { ip: '127.0.0.1', userAgent: 'test' },
    requestId: 'r-1',
  };
  const badge = { title: 'Badge', type: 'string', unique: 'UNIQUE_VALIDATED' };
  await directory.call('POST', '/meta/schemas/user/default', {
    definitions: { custom: { id: '#custom', type: 'object', properties: { badge } } },
  });
});
afterAll(() => directory?.close());

const origin = { at: '2026-11-21T10:00:00.000Z', by: '00u1', job: 'job1' };

function put(profiles: Record<string, unknown>[]) {
  const { database, users, orgId, clock } = directory;
  return inTransaction(database, async (tx) => {
    const rows = profiles.map((values, at) => ({ at, values: values as Record<string, string> }));
    const options = { existing: 'UPDATE', administrators: false, lock: true, origin } as const;
    const decisions = await users.bulk.decide(tx, { orgId, rows, options });
    const result = await users.bulk.write(tx, { caller, decisions, origin, activate: true, at: clock.now() });
    await result.tell(tx);
    return result;
  });
}

async function rowsOf(table: string, column: string, logins: string[]): Promise<Record<string, unknown>[]> {
  const { rows } = await directory.database.query<Record<string, unknown>>({
    text: `select t.* from ${table} t join users u on u.id = t.${column} where u.login_key = any($1)`,
    values: [logins],
  });
  return rows;
}

it('keeps where each value of each newcomer comes from, whatever values they have', async () => {
  const [one, other] = [
    person('one@example.com').profile,
    person('other@example.com', { badge: 'B-7', city: 'Ghent' }).profile,
  ];
  const { written, lost } = await put([one, other]);
  expect([written.length, lost]).toEqual([2, []]);
  for (const profile of [one, other]) {
    const [source] = await rowsOf('user_profile_sources', 'user_id', [profile.login]);
    expect(source).toMatchObject({ source_id: 'hub', values: profile });
    expect(source!.origins).toEqual(Object.fromEntries(Object.keys(profile).map((name) => [name, origin])));
  }
});

it('takes back all of somebody who loses a unique value to another row', async () => {
  const before = await counts();
  const { written, lost } = await put([
    person('first@example.com', { badge: 'B-1' }).profile,
    person('second@example.com', { badge: 'b-1' }).profile,
  ]);
  const [winner] = written;
  expect([written.length, winner!.user.profile.login]).toEqual([1, 'first@example.com']);
  expect(lost).toEqual([{ at: 1, problems: [expect.objectContaining({ attribute: 'badge', code: 'taken' })] }]);
  const grown = await counts();
  for (const [table, count] of Object.entries(before)) expect([table, grown[table]! - count]).toEqual([table, 1]);
});

it('tells each event of everybody who went in, with what they share and what is their own', async () => {
  const { written } = await put([person('ann@example.com').profile, person('ben@example.com').profile]);
  const ids = written.map(({ user }) => user.id);
  const { rows } = await directory.database.query<{ event_type: string; subject_id: string; payload: object }>({
    text: 'select event_type, subject_id, payload from system_log where subject_id = any($1) order by id',
    values: [ids],
  });
  expect(rows.map((row) => `${row.event_type} ${ids.indexOf(row.subject_id)}`)).toEqual([
    'user.lifecycle.create 0',
    'user.lifecycle.activate 0',
    'user.lifecycle.create 1',
    'user.lifecycle.activate 1',
  ]);
  expect(rows[3]!.payload).toMatchObject({
    ...{ actor: caller.actor, eventType: 'user.lifecycle.activate', outcome: { result: 'SUCCESS' } },
    ...{ debugContext: { debugData: { requestId: 'r-1' } }, transaction: { type: 'WEB', id: 'r-1' } },
    target: [{ id: ids[1], type: 'User', alternateId: 'ben@example.com' }],
  });
});

async function counts(): Promise<Record<string, number>> {
  const tables = ['users', 'user_profile_sources', 'attribute_values'];
  const counted = tables.map(async (table): Promise<[string, number]> => {
    const { rows } = await directory.database.query<{ count: number }>({
      text: `select count(*)::int as count from ${table}`,
      values: [],
    });
    return [table, rows[0]!.count];
  });
  return Object.fromEntries(await Promise.all(counted));
}
