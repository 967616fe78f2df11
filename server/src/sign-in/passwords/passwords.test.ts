import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pure } from '../../../test/support/account.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { networkOf } from '../../http/index.ts';
import { createPasswordCheck, PASSWORD_LIMITS, purgePasswordAttempts, type StoredCredentials } from './index.ts';
import { createNetworkLimit } from './network-limit.ts';

const ORG = '00oTest';
const START = new Date('2026-11-20T10:00:00Z');
const MINUTE = 60_000;

const GARY: StoredCredentials = {
  id: '00uGary',
  login: 'gary@example.com',
  version: 1,
  profile: { login: 'gary@example.com' },
  emailVerified: true,
  lastUpdated: START,
  isAdministrator: true,
  isSuperAdministrator: true,
  groupIds: [],
  appIds: [],
  status: 'ACTIVE',
  passwordHash: 'hash of right',
};

let test_: TestDatabase;
let now: Date;
let people: Map<string, StoredCredentials>;
/** What the hash was asked: the cost of a check. */
let verified: [hash: string | null, password: string][];
let looked: string[];
let locked: { orgId: string; ip: string; userId: string; guesses: number }[];
let broken: boolean;

const checkWith = (limits = { ...PASSWORD_LIMITS, perNetwork: 1_000_000 }) => {
  const { check } = createPasswordCheck({
    database: test_.database,
    clock: { now: () => now },
    limits,
    canonicalLogin: pure.canonicalLogin,
    async findCredentials(_orgId, loginKey) {
      looked.push(loginKey);
      return people.get(loginKey) ?? null;
    },
    async verify(hash, password) {
      if (broken) throw new Error('Too many are waiting.');
      verified.push([hash, password]);
      return { ok: hash === `hash of ${password}` };
    },
    async lockOut({ orgId, client }, userId, guesses) {
      locked.push({ orgId, ip: client.ip, userId, guesses });
    },
  });
  return (login: string, password = 'wrong', ip = '192.0.2.1', orgId = ORG) =>
    check({ orgId, baseUrl: 'https://hub.example', login, password, client: { ip, userAgent: '' }, requestId: 'r' });
};

const later = (ms: number) => {
  now = new Date(now.getTime() + ms);
};

const purge = (ofNobody: Date, ofUser = ofNobody) => purgePasswordAttempts(test_.database, { ofNobody, ofUser });

const counters = async () =>
  (
    await test_.database.query<{ key: string; failures: number }>({
      text: 'select key, failures from password_attempts order by key',
      values: [],
    })
  ).rows;

beforeAll(async () => {
  test_ = await createTestDatabase();
});
beforeEach(async () => {
  await test_.database.query({ text: 'delete from password_attempts', values: [] });
  now = START;
  people = new Map([['gary@example.com', GARY]]);
  verified = [];
  looked = [];
  locked = [];
  broken = false;
});
afterAll(() => test_.drop());

describe('a login and a password', () => {
  test('that belong together are right, in any spelling of the login', async () => {
    const outcome = await checkWith()('Gary@Example.COM', 'right');
    expect(outcome).toMatchObject({ kind: 'right', user: { id: '00uGary', isAdministrator: true } });
    expect(JSON.stringify(outcome)).not.toContain('hash of');
  });

  test.each(['ACTIVE', 'PASSWORD_EXPIRED'])('are right for somebody who is %s', async (status) => {
    people.set('gary@example.com', { ...GARY, status });
    expect((await checkWith()('gary@example.com', 'right')).kind).toBe('right');
  });

  test.each(['RECOVERY', 'STAGED', 'PROVISIONED', 'LOCKED_OUT', 'SUSPENDED', 'DEPROVISIONED', 'NEW_ONE'])(
    'L9: are wrong for somebody who is %s, although the password fits',
    async (status) => {
      people.set('gary@example.com', { ...GARY, status });
      expect(await checkWith()('gary@example.com', 'right')).toEqual({ kind: 'wrong', userId: '00uGary', status });
      expect(verified).toEqual([['hash of right', 'right']]);
    },
  );

  test('K8: cost one look-up and one hash whoever it is', async () => {
    people.set('none@example.com', { ...GARY, id: '00uNone', passwordHash: null });
    people.set('off@example.com', { ...GARY, id: '00uOff', status: 'DEPROVISIONED' });
    const check = checkWith();
    for (const login of [
      'gary@example.com',
      'none@example.com',
      'off@example.com',
      'nobody@example.com',
      'not a login\u0000',
      'x'.repeat(5_000),
    ]) {
      looked = [];
      verified = [];
      expect((await check(login)).kind, login).toBe('wrong');
      expect(looked, login).toHaveLength(1);
      expect(verified, login).toHaveLength(1);
    }
  });

  test('somebody without a password has none, not the empty one', async () => {
    people.set('none@example.com', { ...GARY, passwordHash: null });
    for (const password of ['', 'null', 'right'])
      expect((await checkWith()('none@example.com', password)).kind).toBe('wrong');
  });

  test('a password of more than 1,024 bytes is never hashed', async () => {
    for (const password of ['x'.repeat(1_025), 'é'.repeat(513)])
      expect((await checkWith()('gary@example.com', password)).kind).toBe('wrong');
    expect(verified).toEqual([
      [null, ''],
      [null, ''],
    ]);
    people.set('gary@example.com', { ...GARY, passwordHash: `hash of ${'x'.repeat(1_024)}` });
    expect((await checkWith()('gary@example.com', 'x'.repeat(1_024))).kind).toBe('right');
  });

  test.each([1, 51, 52, 72, 73, 255])('L12: a user name of %i bytes needs the right password too', async (length) => {
    const login = length === 1 ? 'g' : `${'g'.repeat(length - 6)}@x.org`;
    people.set(login, { ...GARY, login });
    const check = checkWith();
    for (const password of ['', 'wrong', 'righ', `${login}right`])
      expect((await check(login, password)).kind).toBe('wrong');
    expect((await check(login, 'right')).kind).toBe('right');
  });
});

describe('guessing at one login', () => {
  const fail = async (check: ReturnType<typeof checkWith>, times: number, login = 'gary@example.com') => {
    for (let index = 0; index < times; index++) expect((await check(login)).kind).toBe('wrong');
  };

  test('ten wrong passwords are looked at; then even the right one has to wait', async () => {
    const check = checkWith();
    await fail(check, 10);
    expect(await check('gary@example.com', 'right')).toEqual({ kind: 'limited', retryAfterSeconds: 1 });
    expect(verified).toHaveLength(10);
    later(1_000);
    expect((await check('gary@example.com', 'right')).kind).toBe('right');
  });

  test('each further one doubles the wait, up to 15 minutes; there is no lock for ever', async () => {
    const check = checkWith();
    await fail(check, 9);
    const waits: number[] = [];
    for (let index = 0; index < 14; index++) {
      await fail(check, 1);
      const outcome = await check('gary@example.com');
      const wait = outcome.kind === 'limited' ? outcome.retryAfterSeconds : 0;
      waits.push(wait);
      later(wait * 1_000);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900]);
    expect((await check('gary@example.com', 'right')).kind).toBe('right');
  });

  test('asking again during the wait does not make it longer', async () => {
    const check = checkWith();
    await fail(check, 11 - 1);
    for (let index = 0; index < 20; index++)
      expect(await check('gary@example.com')).toEqual({ kind: 'limited', retryAfterSeconds: 1 });
    later(1_000);
    expect((await check('gary@example.com')).kind).toBe('wrong');
  });

  test('the right password clears the counter', async () => {
    const check = checkWith();
    await fail(check, 9);
    expect((await check('gary@example.com', 'right')).kind).toBe('right');
    expect(await counters()).toEqual([]);
    await fail(check, 10);
  });

  test('nine failures are forgotten 15 minutes after the first, a wait 15 minutes after its end', async () => {
    const check = checkWith();
    await fail(check, 9);
    later(15 * MINUTE);
    await fail(check, 10);
    expect((await check('gary@example.com')).kind).toBe('limited');
    later(15 * MINUTE);
    expect((await check('gary@example.com')).kind).toBe('wrong');
    expect(await check('gary@example.com')).toEqual({ kind: 'limited', retryAfterSeconds: 2 });
    later(2_000 + 15 * MINUTE);
    await fail(check, 10);
  });

  test('another spelling is the same login, another login and another org are not', async () => {
    const check = checkWith();
    await fail(check, 5);
    await fail(check, 5, 'GARY@example.com');
    expect((await check('gary@example.com')).kind).toBe('limited');
    expect((await check('ada@example.com')).kind).toBe('wrong');
    expect((await check('gary@example.com', 'wrong', '192.0.2.1', '00oOther')).kind).toBe('wrong');
  });

  test('K8: a login that nobody has is limited just like one that exists', async () => {
    const check = checkWith();
    for (const login of ['gary@example.com', 'nobody@example.com', 'not a login']) {
      const answers: string[] = [];
      for (let index = 0; index < 12; index++) answers.push((await check(login)).kind);
      expect(answers, login).toEqual([...Array(10).fill('wrong'), 'limited', 'limited']);
    }
  });

  test('50 at once: ten are looked at, on however many hubs', async () => {
    const hubs = [checkWith(), checkWith()];
    const outcomes = await Promise.all(Array.from({ length: 50 }, (_, index) => hubs[index % 2]!('gary@example.com')));
    expect(outcomes.filter(({ kind }) => kind === 'wrong')).toHaveLength(10);
    expect(outcomes.filter(({ kind }) => kind === 'limited')).toHaveLength(40);
    expect(verified).toHaveLength(10);
    expect(await counters()).toEqual([{ key: 'gary@example.com', failures: 10 }]);
  });

  test('a password that could not be looked at does not count', async () => {
    const check = checkWith({ ...PASSWORD_LIMITS, perNetwork: 5 });
    broken = true;
    for (let index = 0; index < 30; index++)
      await expect(check('gary@example.com')).rejects.toThrow('Too many are waiting.');
    broken = false;
    expect((await check('gary@example.com', 'right')).kind).toBe('right');
  });

  test('counters of unknown logins are bounded in length and go with time', async () => {
    const check = checkWith();
    await check('x'.repeat(100_000));
    await check('a b\u0000');
    expect((await counters()).every(({ key }) => key.length < 60 && key.startsWith('sha256:'))).toBe(true);
    expect(await purge(START)).toBe(0);
    expect(await purge(new Date(START.getTime() + 1))).toBe(2);
  });

  test('a counter that still makes somebody wait is not removed', async () => {
    const check = checkWith();
    await fail(check, 10);
    expect(await purge(new Date(START.getTime() + 500))).toBe(0);
    expect((await check('gary@example.com')).kind).toBe('limited');
  });
});

describe('guessing at one login for days', () => {
  /** As fast as the waits allow it. */
  const guessOn = async (check: ReturnType<typeof checkWith>, times: number, login = 'gary@example.com') => {
    for (let index = 0; index < times; ) {
      const outcome = await check(login);
      if (outcome.kind === 'limited') later(outcome.retryAfterSeconds * 1_000);
      else index++;
    }
  };

  test('the hundredth wrong password in a row locks the account, and says nothing about it', async () => {
    const check = checkWith();
    await guessOn(check, 99);
    expect(locked).toEqual([]);
    later(15 * MINUTE);
    expect(await check('gary@example.com', 'wrong', '198.51.100.7')).toMatchObject({ kind: 'wrong' });
    expect(locked).toEqual([{ orgId: ORG, ip: '198.51.100.7', userId: '00uGary', guesses: 100 }]);
  });

  test('nine an hour are counted on: the window forgets waits, not the run', async () => {
    const check = checkWith();
    for (let hour = 0; hour < 12; hour++) {
      for (let index = 0; index < 9; index++) expect((await check('gary@example.com')).kind).toBe('wrong');
      later(60 * MINUTE);
    }
    expect(locked.map(({ guesses }) => guesses)).toEqual([100, 101, 102, 103, 104, 105, 106, 107, 108]);
  });

  test('the right password ends the run', async () => {
    const check = checkWith();
    await guessOn(check, 99);
    later(15 * MINUTE);
    expect((await check('gary@example.com', 'right')).kind).toBe('right');
    await guessOn(check, 99);
    expect(locked).toEqual([]);
  });

  test.each(['LOCKED_OUT', 'SUSPENDED', 'STAGED'])('somebody who is %s is not locked (again)', async (status) => {
    people.set('gary@example.com', { ...GARY, status });
    await guessOn(checkWith(), 110);
    expect(locked).toEqual([]);
  });

  test('nobody is locked under a login that nobody has', async () => {
    await guessOn(checkWith(), 110, 'nobody@example.com');
    expect(locked).toEqual([]);
  });

  test('a password that could not be looked at is none of them', async () => {
    const check = checkWith();
    await guessOn(check, 99);
    later(15 * MINUTE);
    broken = true;
    await expect(check('gary@example.com')).rejects.toThrow('Too many are waiting.');
    expect(locked).toEqual([]);
    broken = false;
    expect((await check('gary@example.com')).kind).toBe('wrong');
    expect(locked).toHaveLength(1);
  });
});

describe('guessing from one network', () => {
  test('60 wrong passwords in a minute, at whatever logins; then it waits for the next minute', async () => {
    const check = checkWith(PASSWORD_LIMITS);
    later(20_000);
    for (let index = 0; index < 60; index++)
      expect((await check(`user${index}@example.com`, 'wrong', `192.0.2.${index}`)).kind).toBe('wrong');
    expect(await check('gary@example.com', 'right')).toEqual({ kind: 'limited', retryAfterSeconds: 40 });
    expect((await check('gary@example.com', 'right', '198.51.100.1')).kind).toBe('right');
    expect((await counters()).some(({ key }) => key === 'gary@example.com')).toBe(false);
    later(40_000);
    expect((await check('gary@example.com', 'right')).kind).toBe('right');
  });

  test('right passwords are not counted', async () => {
    const check = checkWith({ ...PASSWORD_LIMITS, perNetwork: 3 });
    for (let index = 0; index < 10; index++) expect((await check('gary@example.com', 'right')).kind).toBe('right');
  });

  test('50 at once are counted as 50', async () => {
    const check = checkWith({ ...PASSWORD_LIMITS, perNetwork: 5 });
    const outcomes = await Promise.all(Array.from({ length: 50 }, (_, index) => check(`user${index}@example.com`)));
    expect(outcomes.filter(({ kind }) => kind === 'wrong')).toHaveLength(5);
  });

  test.each([
    ['192.0.2.77', '192.0.2'],
    ['::ffff:192.0.2.77', '192.0.2'],
    ['2001:db8:0:1:aaaa::1', '2001:db8:0:1'],
    ['2001:0DB8::1', '2001:db8:0:0'],
    ['2001:db8::', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4'],
    ['unknown', 'unknown'],
  ])('%s belongs to %s', (ip, network) => expect(networkOf(ip)).toBe(network));

  test('memory is bounded, whatever addresses come', () => {
    const limit = createNetworkLimit(1, { now: () => START });
    expect(limit.take('10.0.0.1')).toBeNull();
    expect(limit.take('10.0.0.1')).not.toBeNull();
    for (let index = 0; index < 10_000; index++)
      limit.take(`10.${index >> 8}.${index & 255}.1`.replace(/^10\.0\.0\./, '11.0.0.'));
    expect(limit.take('10.0.0.1')).toBeNull();
  });
});
