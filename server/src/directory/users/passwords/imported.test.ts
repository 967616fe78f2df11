import { createHash, pbkdf2Sync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDirectory, person, type TestDirectory } from '../../../../test/support/directory.ts';
import { forgetUnusedCosts } from '../index.ts';

let directory: TestDirectory;
let count = 0;

beforeAll(async () => {
  directory = await createTestDirectory();
});
afterAll(() => directory.close());

const base64 = (text: string) => Buffer.from(text).toString('base64');
const digest = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('base64');
/** A published test vector of bcrypt: the password is "U*U". */
const BCRYPT = {
  algorithm: 'BCRYPT',
  workFactor: 5,
  salt: 'CCCCCCCCCCCCCCCCCCCCC.',
  value: 'E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW',
};
/** The password is "password", the salt "salt" (a published vector). */
const PBKDF2 = {
  algorithm: 'PBKDF2',
  digestAlgorithm: 'SHA256_HMAC',
  iterationCount: 4096,
  keySize: 32,
  salt: base64('salt'),
  value: Buffer.from('c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a', 'hex').toString('base64'),
};

async function imported(hash: object) {
  const login = `imported-${++count}@example.com`;
  const answer = await directory.call('POST', '/users', { ...person(login), credentials: { password: { hash } } });
  return { login, ...answer };
}

describe('an imported password hash', () => {
  it.each([
    ['bcrypt', BCRYPT, 'U*U'],
    ['PBKDF2 with SHA-256', PBKDF2, 'password'],
    [
      'PBKDF2 with SHA-512',
      {
        ...PBKDF2,
        digestAlgorithm: 'SHA512_HMAC',
        value: pbkdf2Sync('password', 'salt', 4096, 32, 'sha512').toString('base64'),
      },
      'password',
    ],
    [
      'SHA-512, salt first',
      { algorithm: 'SHA-512', salt: base64('salt'), saltOrder: 'PREFIX', value: digest('sha512', 'saltpassword') },
      'password',
    ],
    [
      'SHA-256, salt last',
      { algorithm: 'SHA-256', salt: base64('salt'), saltOrder: 'POSTFIX', value: digest('sha256', 'passwordsalt') },
      'password',
    ],
    [
      'SHA-1',
      { algorithm: 'SHA-1', salt: base64('salt'), saltOrder: 'PREFIX', value: digest('sha1', 'saltpassword') },
      'password',
    ],
    ['MD5 without salt', { algorithm: 'MD5', value: digest('md5', 'password') }, 'password'],
    ['SHA-256 of a password in another script', { algorithm: 'SHA-256', value: digest('sha256', 'пароль') }, 'пароль'],
  ])('of %s signs in with its password only, and our own hash takes its place', async (_what, hash, password) => {
    const { login, status, body } = await imported(hash);
    expect([status, body.status, body.credentials.password]).toEqual([200, 'ACTIVE', {}]);
    const kept = await directory.passwordHashOf(login);
    expect(await directory.signsIn(login, `${password}x`)).toBe(false);
    expect(await directory.signsIn(login, '')).toBe(false);
    expect(await directory.passwordHashOf(login)).toBe(kept);
    expect(await directory.signsIn(login, password)).toBe(true);
    expect(await directory.passwordHashOf(login)).toMatch(/^\$argon2id\$/);
    expect(await directory.signsIn(login, password)).toBe(true);
    expect(await directory.signsIn(login, `${password}x`)).toBe(false);
  });

  it.each([
    ['an unknown algorithm', { algorithm: 'SHA-3', value: 'AAAA' }, 'algorithm'],
    ['a property of every object as algorithm', { algorithm: 'constructor', value: 'AAAA' }, 'algorithm'],
    ['no algorithm', { value: 'AAAA' }, 'algorithm'],
    ['bcrypt without a work factor', { ...BCRYPT, workFactor: undefined }, 'workFactor'],
    ['bcrypt with work for minutes', { ...BCRYPT, workFactor: 20 }, 'workFactor'],
    ['a bcrypt salt of 21 characters', { ...BCRYPT, salt: 'C'.repeat(21) }, 'salt'],
    ['a whole bcrypt string as value', { ...BCRYPT, value: `$2a$05$${BCRYPT.salt}${BCRYPT.value}` }, 'value'],
    ['a digest of another length', { algorithm: 'SHA-512', value: digest('sha256', 'password') }, 'value'],
    ['a digest in hexadecimal', { algorithm: 'SHA-1', value: createHash('sha1').update('x').digest('hex') }, 'value'],
    ['a salt without its place', { algorithm: 'MD5', salt: base64('salt'), value: digest('md5', 'x') }, 'saltOrder'],
    ['few iterations', { ...PBKDF2, iterationCount: 100 }, 'iterationCount'],
    ['iterations for hours', { ...PBKDF2, iterationCount: 1e9 }, 'iterationCount'],
    ['a key of another size', { ...PBKDF2, keySize: 64 }, 'value'],
    ['an unknown digest', { ...PBKDF2, digestAlgorithm: 'MD5_HMAC' }, 'digestAlgorithm'],
  ])('with %s is refused by name', async (_what, hash, member) => {
    const { status, body } = await imported(hash);
    expect([status, body.errorCode, body.errorCauses[0].errorSummary.split(':')[0]]).toEqual([
      400,
      'E0000001',
      `password.hash.${member}`,
    ]);
  });

  it('is replaced by a password in clear text, and replaces one', async () => {
    const { login, body } = await imported(BCRYPT);
    await directory.call('POST', `/users/${body.id}`, { credentials: { password: { value: 'a new password' } } });
    expect([await directory.signsIn(login, 'a new password'), await directory.signsIn(login, 'U*U')]).toEqual([
      true,
      false,
    ]);
    await directory.call('POST', `/users/${body.id}`, { credentials: { password: { hash: PBKDF2 } } });
    expect([await directory.signsIn(login, 'password'), await directory.signsIn(login, 'a new password')]).toEqual([
      true,
      false,
    ]);
  });

  it('that is slow makes wrong guesses cost the same for everybody, as long as somebody has one', async () => {
    const costs = async () => {
      const query = { text: 'select cost from imported_password_costs order by cost', values: [] };
      return (await directory.database.query<{ cost: string }>(query)).rows.map((row) => row.cost);
    };
    const { login } = await imported({ ...BCRYPT, workFactor: 6 });
    expect(await costs()).toContain('$2b$06$');
    await forgetUnusedCosts(directory.database);
    expect(await costs()).toContain('$2b$06$');
    await directory.database.query({
      text: 'update users set password_hash = null where login_key = $1',
      values: [login],
    });
    await forgetUnusedCosts(directory.database);
    expect(await costs()).not.toContain('$2b$06$');
  });

  it('has one of a few costs, because a wrong guess at anybody costs all of them', async () => {
    await directory.database.query({ text: 'delete from imported_password_costs', values: [] });
    const key = Buffer.alloc(32).toString('base64');
    const withRounds = (iterationCount: number) =>
      directory.call('POST', '/users', {
        ...person(`rounds-${iterationCount}@example.com`),
        credentials: { password: { hash: { ...PBKDF2, keySize: 32, value: key, iterationCount } } },
      });
    for (let n = 0; n < 8; n++) expect((await withRounds(5_000 + n)).status).toBe(200);
    const refused = await withRounds(5_008);
    expect([refused.status, refused.body.errorCauses[0].errorSummary]).toEqual([
      400,
      expect.stringContaining('hashes of 8 different costs'),
    ]);
    expect((await directory.call('GET', '/users/rounds-5008@example.com')).status).toBe(404);
    const again = {
      ...person('rounds-again@example.com'),
      credentials: { password: { hash: { ...PBKDF2, keySize: 32, value: key, iterationCount: 5_007 } } },
    };
    expect((await directory.call('POST', '/users', again)).status).toBe(200);
  });

  it('is not taken from an inline hook, nor beside a password', async () => {
    const create = (password: object) =>
      directory.call('POST', '/users', { ...person('hook@example.com'), credentials: { password } });
    const hook = await create({ hook: { type: 'default' } });
    expect([hook.status, hook.body.errorCauses[0].errorSummary]).toEqual([
      400,
      'password.hook: password import by inline hook is not available here; send {"value": …} or {"hash": …}',
    ]);
    expect((await create({ hash: BCRYPT, value: 'a password' })).status).toBe(400);
  });
});
