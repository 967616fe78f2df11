import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { silentLogger } from '../shared/log.ts';
import { type Executor, inTransaction, listen, openDatabase, sideBySide, startJobs } from './index.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await db.database.query({ text: 'CREATE TABLE notes (id int PRIMARY KEY, body text NOT NULL)', values: [] });
});
afterAll(() => db.drop());

type Tables = { notes: { id: number; body: string } };

const add = (id: number) => ({ name: 'note_add', text: 'INSERT INTO notes VALUES ($1, $2)', values: [id, 'text'] });
const idsBetween = async (from: number, to: number) => {
  const statement = { text: 'SELECT id FROM notes WHERE id BETWEEN $1 AND $2 ORDER BY id', values: [from, to] };
  return (await db.database.query<{ id: number }>(statement)).rows.map((row) => row.id);
};
const one = async (text: string) => (await db.database.query<{ value: unknown }>({ text, values: [] })).rows[0]?.value;

describe('a transaction', () => {
  test('commits prepared statements and Kysely queries together', async () => {
    await inTransaction(db.database, async (tx) => {
      await tx.query(add(1));
      await tx.kysely.withTables<Tables>().insertInto('notes').values({ id: 2, body: 'b' }).execute();
      expect(await idsBetween(1, 2)).toEqual([]);
    });
    expect(await idsBetween(1, 2)).toEqual([1, 2]);
  });

  test('rolls both back when the work throws, and passes the error on', async () => {
    const failure = new Error('no');
    const work = inTransaction(db.database, async (tx) => {
      await tx.query(add(11));
      await tx.kysely.withTables<Tables>().insertInto('notes').values({ id: 12, body: 'b' }).execute();
      throw failure;
    });
    await expect(work).rejects.toBe(failure);
    expect(await idsBetween(11, 12)).toEqual([]);
  });

  test('whose connection dies does not spoil the pool', async () => {
    const work = inTransaction(db.database, (tx) =>
      tx.query({ text: 'SELECT pg_terminate_backend(pg_backend_pid())', values: [] }),
    );
    await expect(work).rejects.toThrow();
    expect(await one('SELECT 1 AS value')).toBe(1);
  });
});

describe('a transaction that PostgreSQL ends for the sake of others', () => {
  const touch = (id: number) => ({ text: 'UPDATE notes SET body = body || $2 WHERE id = $1', values: [id, '+'] });
  const raise = (code: string) => ({
    text: `DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '${code}'; END $$`,
    values: [],
  });

  test('is run again: two that wait for each other both come to their end', async () => {
    await inTransaction(db.database, async (tx) => {
      for (const id of [21, 22]) await tx.query(add(id));
    });
    let waiting = 0;
    const { promise: bothHold, resolve } = Promise.withResolvers<void>();
    const begun: string[] = [];
    const crosswise = (name: string, first: number, second: number) =>
      inTransaction(db.database, async (tx) => {
        begun.push(name);
        await tx.query(touch(first));
        if (++waiting === 2) resolve();
        await bothHold;
        await tx.query(touch(second));
        return name;
      });
    expect(await Promise.all([crosswise('a', 21, 22), crosswise('b', 22, 21)])).toEqual(['a', 'b']);
    expect(begun).toHaveLength(3);
    expect(await one('SELECT array_agg(body ORDER BY id) AS value FROM notes WHERE id IN (21, 22)')).toEqual([
      'text++',
      'text++',
    ]);
  });

  test.each(['40P01', '40001'])('is given up when it comes to nothing again and again (%s)', async (code) => {
    let begun = 0;
    const work = inTransaction(db.database, (tx) => {
      begun++;
      return tx.query(raise(code));
    });
    await expect(work).rejects.toMatchObject({ code });
    expect(begun).toBe(4);
  });

  test('is run again too where one of several pieces was ended, and the others only met what was left', async () => {
    let begun = 0;
    const other = async (tx: Executor) => {
      await tx.query({ text: 'SELECT 1', values: [] });
      await tx.query({ text: 'SELECT 2', values: [] });
    };
    const ended = (tx: Executor) => (++begun === 1 ? tx.query(raise('40P01')) : Promise.resolve());
    await inTransaction(db.database, (tx) => sideBySide<unknown>(tx, [other, ended]));
    expect(begun).toBe(2);
  });

  test('is not run again for any other error', async () => {
    let begun = 0;
    const work = inTransaction(db.database, (tx) => {
      begun++;
      return tx.query(raise('55P03'));
    });
    await expect(work).rejects.toMatchObject({ code: '55P03' });
    expect(begun).toBe(1);
  });
});

describe('values', () => {
  test('int8 is a number, timestamptz a Date, date a text, jsonb parsed', async () => {
    expect(await one('SELECT 9007199254740991::int8 AS value')).toBe(9007199254740991);
    expect(await one(`SELECT '2026-01-02T03:04:05Z'::timestamptz AS value`)).toEqual(new Date('2026-01-02T03:04:05Z'));
    expect(await one(`SELECT '2026-01-02'::date AS value`)).toBe('2026-01-02');
    expect(await one(`SELECT '{"a":[1]}'::jsonb AS value`)).toEqual({ a: [1] });
  });

  test('an int8 beyond the safe range is an error, not a rounded number', async () => {
    await expect(one('SELECT 9007199254740993::int8 AS value')).rejects.toThrow(RangeError);
  });
});

describe('opening', () => {
  test('a database that is not there is refused with one sentence without the password', async () => {
    const url = db.url.replace(/\/test_\w+/, '/test_absent');
    const password = new URL(url).password;
    const refusal = await openDatabase({ url }).catch((error: Error) => error);
    expect(refusal).toMatchObject({
      code: 'start_refused',
      message: expect.stringMatching(/^The database at .*test_absent.*: check/),
    });
    expect((refusal as Error).message).not.toContain(password);
  });
});

describe('notifications', () => {
  test('arrive, also after the connection was lost, and the loss is told', async () => {
    const payloads: string[] = [];
    let reconnected = 0;
    const listening = await listen(
      db.database,
      'news',
      (payload) => payloads.push(payload),
      () => {
        reconnected += 1;
      },
    );
    await db.database.query({ text: `SELECT pg_notify('news', 'first')`, values: [] });
    await expect.poll(() => payloads).toEqual(['first']);
    await db.database.query({
      text: `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'gatehouse listen news'`,
      values: [],
    });
    await expect.poll(() => reconnected).toBe(1);
    await db.database.query({ text: `SELECT pg_notify('news', 'second')`, values: [] });
    await expect.poll(() => payloads).toEqual(['first', 'second']);
    await listening.stop();
  });
});

describe('work side by side in one transaction', () => {
  test('runs one statement at a time, in the order of asking, and gives the results in the order of the pieces', async () => {
    const order: string[] = [];
    const piece = (name: string) => async (tx: Executor) => {
      for (const turn of [1, 2]) {
        const { rows } = await tx.query<{ said: string }>({
          text: 'SELECT $1::text AS said',
          values: [`${name}${turn}`],
        });
        order.push(rows[0]!.said);
      }
      return name;
    };
    const names = await inTransaction(db.database, (tx) => sideBySide(tx, [piece('a'), piece('b')]));
    expect([names, order]).toEqual([
      ['a', 'b'],
      ['a1', 'b1', 'a2', 'b2'],
    ]);
  });

  test('ends as a whole before it throws, so that nobody uses the connection any more', async () => {
    let ended = false;
    const failing = (tx: Executor) => tx.query({ text: 'SELECT 1/0', values: [] });
    const other = async (tx: Executor) => {
      await tx.query({ text: 'SELECT 1', values: [] }).catch(() => {});
      await tx.query({ text: 'SELECT 2', values: [] }).catch(() => {});
      ended = true;
    };
    const work = inTransaction(db.database, (tx) => sideBySide<unknown>(tx, [failing, other]));
    await expect(work).rejects.toThrow('division by zero');
    expect(ended).toBe(true);
    expect((await db.database.query<{ one: number }>({ text: 'SELECT 1 AS one', values: [] })).rows).toEqual([
      { one: 1 },
    ]);
  });
});

describe('jobs', () => {
  const addJob = (task: string, payload: unknown) => ({
    text: 'SELECT graphile_worker.add_job($1::text, $2::json)',
    values: [task, JSON.stringify(payload)],
  });

  test('run when their transaction commits, and only then', async () => {
    const seen: unknown[] = [];
    const jobs = await startJobs({
      database: db.database,
      tasks: { note: async (payload) => void seen.push(payload) },
      schedules: [{ task: 'note', match: '0 0 1 1 *' }],
      log: silentLogger,
    });
    await inTransaction(db.database, async (tx) => {
      await tx.query(addJob('note', 'never'));
      throw new Error('rolled back');
    }).catch(() => {});
    await inTransaction(db.database, (tx) => tx.query(addJob('note', 'committed')));
    await expect.poll(() => seen).toEqual(['committed']);
    await jobs.stop();
  });

  test('stopping waits for the running job', async () => {
    const { promise: started, resolve: hasStarted } = Promise.withResolvers<void>();
    const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
    let done = false;
    const jobs = await startJobs({
      database: db.database,
      tasks: {
        slow: async () => {
          hasStarted();
          await mayEnd;
          done = true;
        },
      },
      schedules: [],
      log: silentLogger,
    });
    await db.database.query(addJob('slow', null));
    await started;
    const stopped = jobs.stop();
    end();
    await stopped;
    expect(done).toBe(true);
  });
});
