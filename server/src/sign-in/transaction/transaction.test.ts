import { randomBytes } from 'node:crypto';
import cookie from '@fastify/cookie';
import fc from 'fast-check';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import type { AuthorizationRequest } from '../../authorization-server/index.ts';
import { TRANSACTION_COOKIE_PREFIX } from '../../http/index.ts';
import { createSecretBox } from '../../shared/secret-box.ts';
import { createTransactions, newTransactionId, purgeTransactions, type SignInTransaction } from './index.ts';
import { seal, unseal } from './transaction.ts';

const ORG = '00oTest';
const NOW = new Date('2026-11-20T10:00:00Z');
const REQUEST: AuthorizationRequest = {
  issuer: 'http://localhost:3000',
  appId: '0oaApp',
  clientId: '0oaApp',
  redirectUri: 'https://app.example/callback',
  responseType: 'code',
  responseMode: 'query',
  scopes: ['openid'],
  state: 'app-state',
};

const transactionWith = (change: Partial<SignInTransaction> = {}): SignInTransaction => ({
  id: newTransactionId(),
  orgId: ORG,
  traceId: 'trace',
  created: NOW.getTime(),
  expires: NOW.getTime() + 900_000,
  request: REQUEST,
  returnTo: '/',
  ...change,
});

describe('a sealed transaction', () => {
  const key = randomBytes(32);
  const transaction = transactionWith({
    sent: {
      idpId: '0oaIdp',
      ruleId: null,
      returnsTo: 'http://localhost/oauth2/v1/authorize/callback',
      remember: { nonce: 'n', verifier: 'secret-verifier' },
      expires: 1,
    },
  });

  test('comes back as it was', () => {
    expect(unseal([key], transaction.id, seal(key, transaction))).toEqual(transaction);
  });

  test('C2: shows nothing of what is in it', () => {
    const sealed = seal(key, transaction);
    for (const secret of ['secret-verifier', 'app-state', '0oaIdp', '00oTest'])
      expect(sealed.includes(secret)).toBe(false);
  });

  test('C2: is nothing with any one bit altered', () => {
    const sealed = seal(key, transaction);
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const altered = Buffer.from(sealed);
      altered[bit >> 3]! ^= 1 << (bit & 7);
      expect(unseal([key], transaction.id, altered)).toBeNull();
    }
  });

  test('C2: is nothing cut, lengthened or made up', () => {
    const sealed = seal(key, transaction);
    for (let length = 0; length < sealed.length; length += 7)
      expect(unseal([key], transaction.id, sealed.subarray(0, length))).toBeNull();
    expect(unseal([key], transaction.id, Buffer.concat([sealed, Buffer.from([0])]))).toBeNull();
    fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => unseal([key], transaction.id, bytes) === null));
  });

  test('O8: is nothing under another id', () => {
    expect(unseal([key], newTransactionId(), seal(key, transaction))).toBeNull();
  });

  test('is read under an older key, and not under a stranger’s', () => {
    const sealed = seal(key, transaction);
    expect(unseal([randomBytes(32), key], transaction.id, sealed)).toEqual(transaction);
    expect(unseal([randomBytes(32)], transaction.id, sealed)).toBeNull();
    expect(unseal([], transaction.id, sealed)).toBeNull();
  });

  test('K2: is never sealed twice alike', () => {
    const sealed = new Set(Array.from({ length: 200 }, () => seal(key, transaction).subarray(0, 12).toString('hex')));
    expect(sealed.size).toBe(200);
  });
});

describe('in a browser', () => {
  const current = randomBytes(32);
  const older = randomBytes(32);
  let test_: TestDatabase;
  let server: FastifyInstance;
  let browser: Map<string, string>;
  let lifetimes: Map<string, number>;
  let org = ORG;

  const serverWith = async (keys: [Uint8Array, ...Uint8Array[]]) => {
    const [first, ...previous] = keys;
    const transactions = createTransactions({
      database: test_.database,
      secretBox: createSecretBox(first, previous),
      clock: { now: () => NOW },
    });
    const made = Fastify();
    await made.register(cookie);
    made.addHook('onRequest', async (request) => {
      request.org = { id: org, baseUrl: 'http://localhost' };
    });
    made.post('/keep', async (request, reply) => {
      await transactions.keep(request, reply, request.body as SignInTransaction);
      return reply.send({});
    });
    made.get('/find/:id', (request) =>
      transactions.find(request, (request.params as { id: string }).id).then((found) => ({ found })),
    );
    made.post('/drop/:id', async (request, reply) => {
      transactions.drop(reply, (request.params as { id: string }).id);
      return reply.send({});
    });
    return made;
  };

  const call = async (method: 'GET' | 'POST', url: string, body?: object, on = server) => {
    const reply = await on.inject({
      method,
      url,
      ...(body === undefined ? {} : { payload: body }),
      cookies: Object.fromEntries(browser),
    });
    for (const { name, value, maxAge, ...attributes } of reply.cookies) {
      expect(attributes).toMatchObject({ path: '/', httpOnly: true, secure: true, sameSite: 'None' });
      lifetimes.set(name, maxAge ?? -1);
      if (maxAge === 0 || value === '') browser.delete(name);
      else browser.set(name, value);
    }
    return reply.json() as { found: SignInTransaction | null };
  };
  const keep = (transaction: SignInTransaction) => call('POST', '/keep', transaction);
  const find = async (id: string) => (await call('GET', `/find/${id}`)).found;
  const cookieOf = ({ id }: SignInTransaction) => TRANSACTION_COOKIE_PREFIX + id;

  beforeAll(async () => {
    test_ = await createTestDatabase();
    server = await serverWith([current, older]);
  });
  beforeEach(() => {
    browser = new Map();
    lifetimes = new Map();
    org = ORG;
  });
  afterAll(async () => {
    await server.close();
    await test_.drop();
  });

  test('it is found again by its id, and gone after it was dropped', async () => {
    const transaction = transactionWith();
    await keep(transaction);
    expect(await find(transaction.id)).toEqual(transaction);
    await call('POST', `/drop/${transaction.id}`);
    expect(browser.size).toBe(0);
    expect(await find(transaction.id)).toBeNull();
  });

  test('O8, C2: another browser does not have it', async () => {
    const transaction = transactionWith();
    await keep(transaction);
    browser = new Map();
    expect(await find(transaction.id)).toBeNull();
  });

  test('O8: a cookie renamed to another id is nothing', async () => {
    const [one, two] = [transactionWith(), transactionWith()];
    await keep(one);
    await keep(two);
    browser.set(cookieOf(one), browser.get(cookieOf(two))!);
    expect(await find(one.id)).toBeNull();
    expect(await find(two.id)).toEqual(two);
  });

  test('it belongs to its org', async () => {
    const transaction = transactionWith();
    await keep(transaction);
    org = '00oOther';
    expect(await find(transaction.id)).toBeNull();
  });

  test('it survives a change of the key', async () => {
    const before = await serverWith([older]);
    const transaction = transactionWith();
    await call('POST', '/keep', transaction, before);
    await before.close();
    expect(await find(transaction.id)).toEqual(transaction);
  });

  test.each(['', '.', 'x', '1.', '1.AAAA', '1.row~', '1.row~AAAA', `1.row~${randomBytes(32).toString('base64url')}`])(
    'a made-up cookie %j is nothing',
    async (value) => {
      const id = newTransactionId();
      browser.set(TRANSACTION_COOKIE_PREFIX + id, value);
      expect(await find(id)).toBeNull();
    },
  );

  test.each(['short', 'x'.repeat(23), '..%2F..%2Fetc', '__proto__'])(
    'an id of another form, %j, is nothing',
    async (id) => {
      expect(await find(id)).toBeNull();
    },
  );

  test('its cookie outlives it by an hour, so that it can be started again', async () => {
    const transaction = transactionWith();
    await keep(transaction);
    expect(lifetimes.get(cookieOf(transaction))).toBe(900 + 3600);
  });

  test('five are open at most: the oldest falls out', async () => {
    const all = Array.from({ length: 7 }, (_, index) => transactionWith({ created: NOW.getTime() + index * 1000 }));
    for (const transaction of all) await keep(transaction);
    const found = await Promise.all(all.map(({ id }) => find(id)));
    expect(found.map((transaction) => transaction !== null)).toEqual([false, false, true, true, true, true, true]);
  });

  test('keeping one of the five again pushes none out', async () => {
    const all = Array.from({ length: 5 }, (_, index) => transactionWith({ created: NOW.getTime() + index * 1000 }));
    for (const transaction of all) await keep(transaction);
    await keep({ ...all[2]!, returnTo: '/account' });
    expect(await Promise.all(all.map(({ id }) => find(id)))).toEqual(all.with(2, { ...all[2]!, returnTo: '/account' }));
  });

  describe('one that is larger than a cookie', () => {
    const large = () => transactionWith({ request: { ...REQUEST, state: 'x'.repeat(4000) } });

    test('becomes a row; the browser keeps only the key to it', async () => {
      const transaction = large();
      await keep(transaction);
      expect(browser.get(cookieOf(transaction))!.length).toBeLessThan(100);
      expect(await find(transaction.id)).toEqual(transaction);
    });

    test('is useless in the database alone, and to another browser', async () => {
      const transaction = large();
      await keep(transaction);
      const { rows } = await test_.database.query<{ sealed: Buffer }>({
        text: 'select sealed from sign_in_transactions where id = $1',
        values: [transaction.id],
      });
      const keys = createSecretBox(current, [older]).deriveAll('sign-in-transaction');
      expect(unseal(keys, transaction.id, rows[0]!.sealed)).toBeNull();
      browser.set(cookieOf(transaction), `1.row~${randomBytes(32).toString('base64url')}`);
      expect(await find(transaction.id)).toBeNull();
    });

    test('a cookie of 3 KB stays a cookie', async () => {
      const transaction = transactionWith({ request: { ...REQUEST, state: 'x'.repeat(1500) } });
      await keep(transaction);
      expect(browser.get(cookieOf(transaction))!.length).toBeLessThan(3072 + 20);
      const { rows } = await test_.database.query({
        text: 'select 1 from sign_in_transactions where id = $1',
        values: [transaction.id],
      });
      expect(rows).toEqual([]);
    });

    test('goes when it has run out', async () => {
      const transaction = large();
      await keep(transaction);
      expect(await purgeTransactions(test_.database, new Date(transaction.expires))).toBe(0);
      expect(await purgeTransactions(test_.database, new Date(transaction.expires + 2 * 3600_000))).toBeGreaterThan(0);
      expect(await find(transaction.id)).toBeNull();
    });
  });
});
