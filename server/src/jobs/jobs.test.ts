import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testClock } from '../../test/support/clock.ts';
import { createTestDatabase } from '../../test/support/database.ts';
import { type Database, inTransaction, migrate, startJobs } from '../database/index.ts';
import { silentLogger } from '../shared/log.ts';
import { createJobs, type JobHandler, type Jobs, type RunningJob, type StartJob } from './index.ts';
import { MAX_ATTEMPTS } from './run.ts';

const CALLER = {
  orgId: '00oJobs00000000000000',
  baseUrl: 'http://localhost',
  actor: { id: '00uAda', type: 'User', alternateId: 'ada@example.com', displayName: 'Ada' },
};
const TOTAL = 10;
const NEVER = new AbortController().signal;

let database: Database;
let drop: () => Promise<void>;
let jobs: Jobs;
let handlers: JobHandler[];
const clock = testClock();

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
  await database.query({ text: 'create table work_done (job_id text, item int, actor text)', values: [] });
});
afterAll(() => drop());
beforeEach(() => {
  handlers = [counting()];
  jobs = createJobs({ database, clock, log: silentLogger, handlers: () => handlers });
});

/** Does items one after the other, `perStep` at a time; odd ones have a problem. */
function counting(perStep = 3, more: Partial<JobHandler> = {}): JobHandler {
  return {
    kind: 'count',
    async step(tx, job) {
      const from = Number(job.cursor ?? 0);
      const to = Math.min(from + perStep, TOTAL);
      for (let item = from; item < to; item++) {
        await tx.query({
          text: 'insert into work_done values ($1, $2, $3)',
          values: [job.id, item, job.caller.actor.id],
        });
      }
      const odd = Array.from({ length: to - from }, (_, i) => from + i).filter((item) => item % 2 === 1);
      return {
        cursor: to,
        done: to - from,
        failed: odd.length,
        problems: odd.map((item) => ({ at: `item ${item}`, code: 'odd', message: `=${item} is odd.` })),
        finished: to === TOTAL,
      };
    },
    ...more,
  };
}

const begin = (more: Partial<StartJob> = {}) =>
  inTransaction(database, (tx) =>
    jobs.start(tx, CALLER, { kind: 'count', title: 'Count to ten', params: {}, total: TOTAL, ...more }),
  );
const run = (id: string, signal = NEVER) => jobs.run({ orgId: CALLER.orgId, id }, signal);
const get = (id: string) => jobs.get(CALLER.orgId, id);
async function itemsOf(id: string): Promise<number[]> {
  const { rows } = await database.query<{ item: number }>({
    text: 'select item from work_done where job_id = $1 order by item',
    values: [id],
  });
  return rows.map(({ item }) => item);
}
async function eventsOf(id: string): Promise<string[]> {
  const { rows } = await database.query<{ type: string }>({
    text: 'select event_type as type from system_log where $1 = any(target_ids) order by published, xid, id',
    values: [id],
  });
  return rows.map(({ type }) => type);
}
const ALL = Array.from({ length: TOTAL }, (_, item) => item);

describe('a job', () => {
  it('does everything once, counts it, and keeps what could not be done', async () => {
    const { id } = await begin();
    expect(await get(id)).toMatchObject({ status: 'QUEUED', done: 0, total: TOTAL, started: null });
    await run(id);
    expect(await get(id)).toMatchObject({ status: 'COMPLETED', done: TOTAL, failed: 5, reason: null });
    expect(await itemsOf(id)).toEqual(ALL);
    expect((await jobs.problems(CALLER.orgId, id, 0, 100)).map(({ place }) => place)).toEqual(
      [1, 3, 5, 7, 9].map((item) => `item ${item}`),
    );
    expect(await eventsOf(id)).toEqual(['gatehouse.job.start', 'gatehouse.job.end']);
    await run(id);
    expect(await itemsOf(id)).toEqual(ALL);
  });

  it('goes on where it stopped when a step fails, and its undone step leaves nothing', async () => {
    const step = counting().step;
    let failures = 2;
    handlers = [
      counting(3, {
        async step(tx, job) {
          const done = await step(tx, job);
          if (job.cursor === 6 && failures-- > 0) throw new Error('The network is away.');
          return done;
        },
      }),
    ];
    const { id } = await begin();
    await expect(run(id)).rejects.toThrow('The network is away.');
    expect(await get(id)).toMatchObject({ status: 'RUNNING', done: 6, attempts: 1, reason: 'The network is away.' });
    expect(await itemsOf(id)).toEqual([0, 1, 2, 3, 4, 5]);
    await expect(run(id)).rejects.toThrow();
    await run(id);
    expect(await get(id)).toMatchObject({ status: 'COMPLETED', done: TOTAL, attempts: 0, reason: null });
    expect(await itemsOf(id)).toEqual(ALL);
  });

  it('ends after too many failures with the reason, and can be resumed', async () => {
    let broken = true;
    const { step } = counting();
    handlers = [
      counting(3, {
        step: (tx: never, job: RunningJob) => (broken ? Promise.reject(new Error('Broken.')) : step(tx, job)),
      }),
    ];
    const { id } = await begin();
    for (let i = 1; i < MAX_ATTEMPTS; i++) await expect(run(id)).rejects.toThrow('Broken.');
    await run(id);
    expect(await get(id)).toMatchObject({ status: 'FAILED', reason: 'Broken.' });
    broken = false;
    await jobs.steer(CALLER, id, 'resume', null);
    await run(id);
    expect((await get(id)).status).toBe('COMPLETED');
    expect(await itemsOf(id)).toEqual(ALL);
  });

  it('is done once by two hubs that take it at the same time', async () => {
    const { id } = await begin();
    await Promise.all([run(id), run(id), run(id)]);
    expect(await itemsOf(id)).toEqual(ALL);
    expect(await get(id)).toMatchObject({ status: 'COMPLETED', done: TOTAL, failed: 5 });
  });

  it('stops between two steps when it is paused, and goes on when it is resumed', async () => {
    const { step } = counting();
    const pausing = new AbortController();
    handlers = [
      counting(3, {
        async step(tx, job) {
          if (job.cursor === 3) pausing.abort();
          return step(tx, job);
        },
      }),
    ];
    const { id } = await begin();
    await run(id, pausing.signal);
    expect(await get(id)).toMatchObject({ status: 'RUNNING', done: 6 });
    expect((await jobs.steer(CALLER, id, 'pause', null)).status).toBe('PAUSED');
    await run(id);
    expect((await get(id)).done).toBe(6);
    await expect(jobs.steer(CALLER, id, 'pause', null)).rejects.toMatchObject({ status: 409 });
    await jobs.steer(CALLER, id, 'resume', null);
    await run(id);
    expect(await itemsOf(id)).toEqual(ALL);
  });

  it('that is cancelled does no more and tells its handler', async () => {
    const cancelled: string[] = [];
    handlers = [counting(3, { cancelled: async (_tx, job, by) => void cancelled.push(job.id, by.actor.id) })];
    const { id } = await begin();
    await jobs.steer({ ...CALLER, actor: { ...CALLER.actor, id: '00uGrace' } }, id, 'cancel', null);
    await run(id);
    expect([await itemsOf(id), cancelled]).toEqual([[], [id, '00uGrace']]);
    expect((await get(id)).status).toBe('CANCELLED');
    expect(await eventsOf(id)).toEqual(['gatehouse.job.start', 'gatehouse.job.cancel', 'gatehouse.job.end']);
  });

  it('is one at a time for a subject', async () => {
    const racing = await Promise.allSettled(Array.from({ length: 10 }, () => begin({ subjectId: 'prmOne' })));
    const begun = racing.filter((result) => result.status === 'fulfilled');
    expect(begun).toHaveLength(1);
    await run(begun[0]!.value.id);
    await begin({ subjectId: 'prmOne' });
  });

  it('is begun with the change that wants it, or not at all', async () => {
    const before = (await jobs.list(CALLER.orgId, {}, 200)).items.length;
    const failing = inTransaction(database, async (tx) => {
      await jobs.start(tx, CALLER, { kind: 'count', title: 'Never', params: {}, total: null });
      throw new Error('Changed our mind.');
    });
    await expect(failing).rejects.toThrow('Changed our mind.');
    expect((await jobs.list(CALLER.orgId, {}, 200)).items.length).toBe(before);
  });
});

describe('a job that a change may join', () => {
  const JOIN = { join: { title: 'Count to ten, for several' } };
  let subjectId: string;
  let subjects = 0;
  beforeEach(() => {
    subjectId = `prmJoined${++subjects}`;
  });
  const join = (more: Partial<StartJob> = {}) => begin({ subjectId, ...JOIN, ...more });
  const all = async () => (await jobs.list(CALLER.orgId, { subjectId }, 100)).items;
  afterEach(async () => {
    const { items } = await jobs.list(CALLER.orgId, {}, 200);
    for (const { id, ended } of items) if (ended === null) await jobs.steer(CALLER, id, 'cancel', null);
  });

  it('does the work of ten changes while it has not begun, and says so', async () => {
    const { id, title } = await join();
    expect(title).toBe('Count to ten');
    const joined = [];
    for (let i = 0; i < 10; i++) joined.push(await join({ total: 12 }));
    expect(new Set(joined.map((job) => job.id))).toEqual(new Set([id]));
    expect(await all()).toMatchObject([{ id, title: JOIN.join.title, total: 12, status: 'QUEUED', started: null }]);
    expect(await eventsOf(id)).toEqual(['gatehouse.job.start', ...Array(10).fill('gatehouse.job.join')]);
    await run(id);
    expect(await itemsOf(id)).toEqual(ALL);
  });

  it('is one for ten changes at once', async () => {
    await Promise.all(Array.from({ length: 10 }, () => join()));
    expect(await all()).toHaveLength(1);
  });

  it('is about the same, of the same kind and with the same params', async () => {
    await join();
    await join({ subjectId: `${subjectId}Other` });
    await join({ params: { other: true } });
    await join({ kind: 'other' });
    expect(await all()).toHaveLength(3);
  });

  it('is not one that has begun, is paused, or goes on after a pause', async () => {
    const { id } = await join();
    const stopping = new AbortController();
    handlers = [
      counting(3, {
        step(tx, job) {
          stopping.abort();
          return counting().step(tx, job);
        },
      }),
    ];
    await run(id, stopping.signal);
    expect((await get(id)).status).toBe('RUNNING');
    const second = await join();
    await jobs.steer(CALLER, id, 'pause', null);
    await jobs.steer(CALLER, id, 'resume', null);
    expect(await get(id)).toMatchObject({ status: 'QUEUED', done: 3 });
    expect((await join()).id).toBe(second.id);
    await jobs.steer(CALLER, second.id, 'pause', null);
    expect(await all()).toHaveLength(2);
    await join();
    expect(await all()).toHaveLength(3);
  });

  it('is not one whose first step goes on at this moment: the change does not wait for it either', async () => {
    const { id } = await join();
    let meanwhile = '';
    const { step } = counting(TOTAL);
    handlers = [
      counting(TOTAL, {
        async step(tx, job) {
          if (meanwhile === '') meanwhile = (await join()).id;
          return step(tx, job);
        },
      }),
    ];
    await run(id);
    expect([meanwhile === id, (await get(id)).status, (await get(meanwhile)).status]).toEqual([
      false,
      'COMPLETED',
      'QUEUED',
    ]);
  });

  it('begins after the change that joined it, and sees it', async () => {
    const { id } = await join();
    let seen = -1;
    handlers = [
      counting(TOTAL, {
        async step(tx, job) {
          const { rows } = await tx.query({ text: 'select 1 from work_done where job_id = $1', values: [subjectId] });
          seen = rows.length;
          return counting(TOTAL).step(tx, job);
        },
      }),
    ];
    const waits = async () => {
      const { rowCount } = await database.query({
        text: `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        values: [],
      });
      return rowCount;
    };
    let running: Promise<void> | undefined;
    await inTransaction(database, async (tx) => {
      const want = { kind: 'count', title: 'Count to ten', params: {}, total: TOTAL, subjectId, ...JOIN };
      expect((await jobs.start(tx, CALLER, want)).id).toBe(id);
      running = run(id);
      await expect.poll(waits).toBe(1);
      await tx.query({ text: 'insert into work_done values ($1, 0, null)', values: [subjectId] });
    });
    await running;
    expect([seen, (await get(id)).status]).toEqual([1, 'COMPLETED']);
  });

  it('has its attempts back: what failed before may go well after the change', async () => {
    const { id } = await join();
    handlers = [counting(3, { step: () => Promise.reject(new Error('Broken.')) })];
    for (let i = 1; i < MAX_ATTEMPTS; i++) await expect(run(id)).rejects.toThrow('Broken.');
    expect((await join()).id).toBe(id);
    expect(await get(id)).toMatchObject({ status: 'QUEUED', attempts: 0, reason: null });
  });
});

describe('the queue', () => {
  it('does a job, and wakes one whose hub died', async () => {
    await migrate(database);
    const ended = Promise.withResolvers<void>();
    let expected = 2;
    handlers = [
      counting(3, {
        finished: async () => {
          if (--expected === 0) ended.resolve();
        },
      }),
    ];
    const { id: dead } = await begin();
    // The hub that had taken it is gone: its entry in the queue is locked for hours.
    await database.query({ text: `delete from graphile_worker._private_jobs`, values: [] });
    clock.advance(10 * 60_000);
    const queue = await startJobs({ database, tasks: { job: jobs.run }, schedules: [], log: silentLogger });
    try {
      const { id: alive } = await begin();
      await jobs.wakeStalled();
      await ended.promise;
      await queue.stop();
      expect([await itemsOf(dead), await itemsOf(alive)]).toEqual([ALL, ALL]);
    } finally {
      await queue.stop();
    }
  });

  it('cancels what failed a month ago and was not resumed, and forgets it another month later', async () => {
    const cancelled: string[] = [];
    const step = () => Promise.reject(new Error('Broken.'));
    handlers = [counting(3, { step, cancelled: async (_tx, job, by) => void cancelled.push(job.id, by.actor.id) })];
    const { id } = await begin();
    for (let i = 1; i < MAX_ATTEMPTS; i++) await expect(run(id)).rejects.toThrow('Broken.');
    await run(id);
    clock.advance(29 * 24 * 3600_000);
    await jobs.purge();
    expect([(await get(id)).status, cancelled]).toEqual(['FAILED', []]);
    clock.advance(2 * 24 * 3600_000);
    await jobs.purge();
    expect([(await get(id)).status, cancelled]).toEqual(['CANCELLED', [id, 'system']]);
    expect((await eventsOf(id)).slice(-2)).toEqual(['gatehouse.job.cancel', 'gatehouse.job.end']);
    clock.advance(31 * 24 * 3600_000);
    await jobs.purge();
    await expect(get(id)).rejects.toMatchObject({ status: 404 });
  });

  it('keeps what failed where it cannot be cancelled, and goes on with the others', async () => {
    const step = () => Promise.reject(new Error('Broken.'));
    const [first, second] = [await begin(), await begin()];
    const cancelled = async (_tx: unknown, { id }: RunningJob) => {
      if (id === first.id) throw new Error('Not so.');
    };
    handlers = [counting(3, { step, cancelled })];
    for (const { id } of [first, second]) {
      for (let i = 1; i < MAX_ATTEMPTS; i++) await expect(run(id)).rejects.toThrow('Broken.');
      await run(id);
    }
    clock.advance(31 * 24 * 3600_000);
    await jobs.purge();
    expect([(await get(first.id)).status, (await get(second.id)).status]).toEqual(['FAILED', 'CANCELLED']);
  });

  it('forgets what ended a month ago', async () => {
    const { id } = await begin();
    await run(id);
    clock.advance(31 * 24 * 3600_000);
    await jobs.purge();
    await expect(get(id)).rejects.toMatchObject({ status: 404 });
    expect(await database.query({ text: 'select 1 from job_problems where job_id = $1', values: [id] })).toMatchObject({
      rowCount: 0,
    });
  });
});
