import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testClock } from '../../test/support/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { type Database, inTransaction } from '../database/index.ts';
import { ApiError } from '../http/index.ts';
import { type EventInput, queryLog, record } from './index.ts';
import type { LogQuery } from './query.ts';

const ORG = '00o1';
const START = new Date('2026-11-21T10:00:00.000Z');
let clock = testClock(START);
let test: TestDatabase;
let database: Database;

beforeAll(async () => {
  test = await createTestDatabase();
  ({ database } = test);
});
afterAll(() => test.drop());
beforeEach(async () => {
  clock = testClock(START);
  await database.query({ text: 'truncate system_log', values: [] });
});

const person = (id: string, name: string) => ({
  id,
  type: 'User',
  alternateId: `${name.toLowerCase()}@example.com`,
  displayName: name,
});
const event = (more: Partial<EventInput> = {}): EventInput => ({
  orgId: ORG,
  type: 'user.session.start',
  at: clock.now(),
  ...more,
});
const log = async (...events: EventInput[]) => {
  for (const input of events) await record(database, input);
};
const ago = (milliseconds: number) => new Date(clock.now().getTime() - milliseconds);
const HOUR = 3_600_000;

const ask = (query: LogQuery = {}, limit = 100) => queryLog(database, ORG, query, limit, clock.now());
const transactions = async (query: LogQuery = {}, limit = 100) =>
  (await ask(query, limit)).items.map((item) => (item.transaction as { id: string }).id);
const refusal = async (query: LogQuery) => {
  const error = await ask(query).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ApiError);
  return (error as ApiError).errorCode;
};

describe('the events of a time', () => {
  beforeEach(() =>
    log(
      event({ at: ago(8 * 24 * HOUR), transactionId: 'old' }),
      event({ at: ago(3 * HOUR), transactionId: 'a' }),
      event({ at: ago(2 * HOUR), transactionId: 'b' }),
      event({ at: ago(HOUR), transactionId: 'c' }),
      event({ orgId: '00o2', at: ago(HOUR), transactionId: 'of another org' }),
    ),
  );

  it('are those of seven days, ascending, unless the request says otherwise', async () => {
    expect(await transactions()).toEqual(['a', 'b', 'c']);
    expect(await transactions({ sortOrder: 'DESCENDING' })).toEqual(['c', 'b', 'a']);
    expect(await transactions({ since: ago(10 * 24 * HOUR).toISOString() })).toEqual(['old', 'a', 'b', 'c']);
    expect(await transactions({ since: ago(3 * HOUR).toISOString(), until: ago(HOUR).toISOString() })).toEqual([
      'a',
      'b',
    ]);
  });

  it('come page by page, and a bounded request ends', async () => {
    for (const [query, expected] of [
      [{ until: clock.now().toISOString() }, ['a', 'b', 'c']],
      [{ sortOrder: 'DESCENDING' }, ['c', 'b', 'a']],
    ] as [LogQuery, string[]][]) {
      const first = await ask(query, 2);
      const second = await ask({ ...query, after: first.after! }, 2);
      expect([...first.items, ...second.items].map((item) => (item.transaction as { id: string }).id)).toEqual(
        expected,
      );
      expect(second.after).toBeNull();
    }
  });

  it('are refused for times, orders and cursors that are none', async () => {
    for (const query of [
      { since: 'yesterday' },
      { until: '2026-13-45' },
      { since: '0000-01-01' },
      { sortOrder: 'UP' },
      { after: 'x' },
      { after: 'x', sortOrder: 'DESCENDING' },
    ])
      expect(await refusal(query)).toBe('E0000001');
    const beyond = Buffer.from(
      `2026-11-21T10:00:00.000Z ${randomUUID()} 99999999999999999999 ${randomUUID()}`,
    ).toString('base64url');
    expect(await refusal({ after: beyond })).toBe('E0000001');
    for (const time of ['2026-02-31T00:00:00.000Z', '0000-01-01T00:00:00.000Z']) {
      const place = `${time} ${randomUUID()}`;
      for (const [text, sortOrder] of [
        [place, 'DESCENDING'],
        [`${place} 1 ${randomUUID()}`, 'ASCENDING'],
      ] as const)
        expect(await refusal({ after: Buffer.from(text).toString('base64url'), sortOrder })).toBe('E0000001');
    }
  });
});

describe('polling', () => {
  it('always has a next page, and begins where it stopped', async () => {
    await log(event({ transactionId: 'a' }), event({ transactionId: 'b' }), event({ transactionId: 'c' }));
    const first = await ask({}, 2);
    const second = await ask({ after: first.after! }, 2);
    const third = await ask({ after: second.after! }, 2);
    expect([first, second, third].map(({ items }) => items.length)).toEqual([2, 1, 0]);
    await log(event({ transactionId: 'd' }));
    expect(await transactions({ after: third.after! })).toEqual(['d']);
  });

  it('waits for an open transaction rather than lose what it will commit', async () => {
    const { after: start } = await ask();
    let seen: string[] = [];
    let cursor = start!;
    await inTransaction(database, async (tx) => {
      await record(tx, event({ transactionId: 'slow' }));
      await log(event({ transactionId: 'quick' }));
      const page = await ask({ after: cursor });
      seen = page.items.map((item) => (item.transaction as { id: string }).id);
      cursor = page.after!;
    });
    expect(seen).toEqual([]);
    expect((await transactions({ after: cursor })).sort()).toEqual(['quick', 'slow']);
  });

  it('sends every event once, whatever order they are dated and committed in, and however long the poller pauses', async () => {
    const step = fc.record({
      age: fc.integer({ min: 0, max: 60_000 }),
      pause: fc.constantFrom(0, 1_000, 60_000, 400_000),
      limit: fc.integer({ min: 1, max: 4 }),
      polls: fc.integer({ min: 0, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), fc.constantFrom(1, 5), async (steps, last) => {
        await database.query({ text: 'truncate system_log', values: [] });
        const seen: string[] = [];
        let after: string | undefined;
        const next = async (limit: number) => {
          const page = await ask(after === undefined ? { since: START.toISOString() } : { after }, limit);
          seen.push(...page.items.map((item) => (item.transaction as { id: string }).id));
          after = page.after!;
          return page.items.length;
        };
        for (const [index, { age, pause, limit, polls }] of steps.entries()) {
          await log(
            event({ at: new Date(Math.max(ago(age).getTime(), START.getTime())), transactionId: String(index) }),
          );
          for (let count = 0; count < polls; count++) await next(limit);
          clock.advance(pause);
        }
        while ((await next(last)) > 0);
        expect(seen.toSorted((a, b) => Number(a) - Number(b))).toEqual(steps.map((_, index) => String(index)));
      }),
      { numRuns: 25 },
    );
  });

  it('takes transactions in the order of their numbers, not of their digits', async () => {
    await log(event({ transactionId: '10' }), event({ transactionId: '9' }));
    await database.query({ text: 'update system_log set xid = trace_id::xid8', values: [] });
    const first = await ask({}, 1);
    const second = await ask({ after: first.after! }, 1);
    expect([first, second].map(({ items }) => (items[0]!.transaction as { id: string }).id)).toEqual(['9', '10']);
  });

  it('keeps to its filter', async () => {
    const filter = 'eventType eq "user.session.end"';
    const { after } = await ask({ filter });
    await log(event({ transactionId: 'start' }), event({ type: 'user.session.end', transactionId: 'end' }));
    expect(await transactions({ filter, after: after! })).toEqual(['end']);
  });
});

describe('a filter', () => {
  beforeEach(() =>
    log(
      event({
        transactionId: 'ann',
        targets: [person('00u1', 'Ann'), { ...person('0oa1', 'Portal'), type: 'AppInstance' }],
        client: { ip: '192.0.2.7', userAgent: 'Firefox/1' },
      }),
      event({
        transactionId: 'bob',
        outcome: { result: 'FAILURE', reason: 'User Not Found' },
        targets: [person('00u2', 'Bob')],
        debugData: { code: 'jit_disabled', scopes: ['okta.users.read', 'okta.groups.read'], none: [] },
      }),
      event({ transactionId: 'end', type: 'user.session.end', at: ago(HOUR), actor: person('00u3', 'O"Neil 100%') }),
    ),
  );

  it.each([
    ['eventType eq "user.session.end"', ['end']],
    ['eventType ne "user.session.end"', ['ann', 'bob']],
    ['eventType sw "user.session" and outcome.result eq "FAILURE"', ['bob']],
    ['outcome.reason co "not found"', ['bob']],
    ['outcome.reason pr', ['bob']],
    ['not (outcome.reason pr)', ['ann', 'end']],
    ['not (outcome.reason co "not found")', ['ann', 'end']],
    ['target.id eq "00u1" or actor.id eq "00u3"', ['ann', 'end']],
    ['target.id eq "00u1" and target.id eq "0oa1"', ['ann']],
    ['target.type eq "AppInstance"', ['ann']],
    ['request.ipChain.ip eq "192.0.2.7"', ['ann']],
    ['client.ipAddress ew ".7"', ['ann']],
    ['debugContext.debugData.code eq "jit_disabled"', ['bob']],
    ['debugContext.debugData.code ne "jit_disabled"', ['ann', 'end']],
    ['debugContext.debugData.code gt "jit" and debugContext.debugData.code lt "k"', ['bob']],
    ['debugContext.debugData.scopes eq "okta.users.read"', ['bob']],
    ['debugContext.debugData.scopes eq "Okta.Groups.Read"', ['bob']],
    ['debugContext.debugData.scopes co "groups"', ['bob']],
    ['debugContext.debugData.scopes eq "okta.users"', []],
    ['debugContext.debugData.scopes pr', ['bob']],
    ['debugContext.debugData.none pr', []],
    ['not (debugContext.debugData.scopes eq "okta.users.read")', ['ann', 'end']],
    ['severity eq "WARN"', ['bob']],
    [`published lt "2026-11-21T09:30:00Z"`, ['end']],
    ['authenticationContext.authenticationStep eq 0', ['ann', 'bob', 'end']],
    [
      '(outcome.result eq "SUCCESS" or outcome.result eq "FAILURE") and eventType ne "user.session.end"',
      ['ann', 'bob'],
    ],
    ['actor.displayName eq "O\\"Neil 100%"', ['end']],
    ['actor.displayName co "100%"', ['end']],
    ['actor.displayName co "1%0"', []],
    [`transaction.id eq "'; drop table system_log; --"`, []],
  ])('%s', async (filter, expected) => {
    expect((await transactions({ filter })).sort()).toEqual(expected);
  });

  it.each([
    'eventType',
    'eventType eq',
    'eventType is "x"',
    'eventType eq user',
    '(eventType eq "x"',
    'eventType eq "x" and',
    'nothing eq "x"',
    'constructor eq "x"',
    '__proto__.x eq "y"',
    `actor.id' or '1'='1 eq "x"`,
    'target."id" eq "x"',
    'published gt "soon"',
    'published gt "-200000-01-01T00:00:00.000Z"',
    'published gt "foo 2024"',
    'published co "2026"',
    'outcome.result eq null',
    'eventType eq "\\u0000"',
    '('.repeat(100),
    `eventType eq "${'x'.repeat(5000)}"`,
  ])('is refused: %s', async (filter) => {
    expect(await refusal({ filter })).toBe('E0000053');
  });

  it('is either answered or refused, whatever is asked', async () => {
    const word = fc.constantFrom(
      'eventType',
      'target.id',
      'actor.x.y',
      'published',
      'and',
      'or',
      'not',
      'eq',
      'pr',
      'co',
      'gt',
      '(',
      ')',
      '"x"',
      '"2026-01-01T00:00:00Z"',
      '7',
      'true',
      'null',
      "'",
      '%',
      '\\',
      '$1',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 9 }), async (words) => {
        const outcome = await ask({ filter: words.join(' ') }).then(
          () => 'answered',
          (error: unknown) => (error as ApiError).errorCode,
        );
        expect(['answered', 'E0000053']).toContain(outcome);
      }),
      { numRuns: 300 },
    );
  });
});

describe('keywords', () => {
  it('are looked for in what people read, all of them, without case', async () => {
    await log(
      event({ transactionId: 'ann', targets: [person('00u1', 'Ann Lovelace')] }),
      event({ transactionId: 'bob', targets: [person('00u2', 'Bob')] }),
    );
    expect(await transactions({ q: 'lovelace' })).toEqual(['ann']);
    expect((await transactions({ q: 'example.com USER.session' })).sort()).toEqual(['ann', 'bob']);
    expect(await transactions({ q: 'lovelace bob' })).toEqual([]);
    expect(await transactions({ q: 'alternateId' })).toEqual([]);
    expect(await transactions({ q: '%' })).toEqual([]);
    expect(await refusal({ q: 'a '.repeat(11) })).toBe('E0000001');
    expect(await refusal({ q: 'x'.repeat(41) })).toBe('E0000001');
  });
});
