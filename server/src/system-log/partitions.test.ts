import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { after, DAY } from '../shared/clock.ts';
import { maintainPartitions, RETENTION_DAYS, record } from './index.ts';

const START = new Date('2026-11-21T10:00:00.000Z');
let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

const log = (at: Date, transactionId: string) =>
  record(test.database, { orgId: '00o1', type: 'user.session.start', at, transactionId });
const places = async () => {
  const { rows } = await test.database.query<{ place: string }>({
    text: `select tableoid::regclass::text || ' ' || trace_id as place from system_log order by published`,
    values: [],
  });
  return rows.map(({ place }) => place);
};

it('events lie in the partition of their day; a day that began without one stays in the default partition', async () => {
  await log(START, 'before');
  const first = await maintainPartitions(test.database, START);
  expect(first).toEqual({
    created: ['system_log_20261122', 'system_log_20261123', 'system_log_20261124'],
    dropped: [],
  });
  expect(await maintainPartitions(test.database, START)).toEqual({ created: [], dropped: [] });
  await log(after(START, DAY), 'tomorrow');
  expect(await places()).toEqual(['system_log_default before', 'system_log_20261122 tomorrow']);
});

it('two hubs may make them at the same time', async () => {
  const later = after(START, 10 * DAY);
  await Promise.all([maintainPartitions(test.database, later), maintainPartitions(test.database, later)]);
  await log(later, 'later');
  expect((await places()).at(-1)).toBe('system_log_20261201 later');
});

it('what is older than the retention goes, what is younger stays', async () => {
  const { dropped } = await maintainPartitions(test.database, after(START, (RETENTION_DAYS + 2) * DAY));
  expect(dropped).toContain('system_log_20261122');
  expect(await places()).toEqual(['system_log_20261201 later']);
});
