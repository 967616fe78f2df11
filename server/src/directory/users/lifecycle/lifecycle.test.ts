import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_TOKEN, createTestDirectory, person, type TestDirectory } from '../../../../test/support/directory.ts';

let directory: TestDirectory;
let call: TestDirectory['call'];
let count = 0;

beforeAll(async () => {
  directory = await createTestDirectory();
  call = directory.call;
});
afterAll(() => directory.close());

const newUser = async (query = '', more: object = {}) =>
  (await call('POST', `/users${query}`, { ...person(`lifecycle-${++count}@example.com`), ...more })).body as {
    id: string;
    status: string;
  };
const operate = (id: string, operation: string) => call('POST', `/users/${id}/lifecycle/${operation}`);
const statusOf = async (id: string) => (await call('GET', `/users/${id}`)).body.status as string;
const password = { credentials: { password: { value: 'Abcd1234#@' } } };

const E1 = '400 E0000001';
const E16 = '403 E0000016';
const E32 = '403 E0000032';
const E38 = '403 E0000038';
const OPERATIONS = [
  'activate',
  'reactivate',
  'deactivate',
  'suspend',
  'unsuspend',
  'unlock',
  'expire_password',
  'expire_password_with_temp_password',
  'reset_password',
  'reset_factors',
] as const;

/** The contract's §3, written down once more: for each status, in the order of OPERATIONS, the next status or the error; `=` stays. */
const TABLE: Record<string, string[]> = {
  STAGED: ['PROVISIONED', E38, 'DEPROVISIONED', E1, E1, E32, E38, E38, E38, '='],
  PROVISIONED: [E16, '=', 'DEPROVISIONED', E1, E1, E32, E38, E38, 'RECOVERY', '='],
  ACTIVE: [E16, E38, 'DEPROVISIONED', 'SUSPENDED', E1, E32, 'PASSWORD_EXPIRED', 'PASSWORD_EXPIRED', 'RECOVERY', '='],
  RECOVERY: [E16, E38, 'DEPROVISIONED', E1, E1, E32, E38, 'PASSWORD_EXPIRED', 'RECOVERY', '='],
  PASSWORD_EXPIRED: [E16, E38, 'DEPROVISIONED', E1, E1, E32, '=', '=', 'RECOVERY', '='],
  LOCKED_OUT: [E16, E38, 'DEPROVISIONED', E1, E1, 'ACTIVE', E38, E38, 'RECOVERY', '='],
  SUSPENDED: [E38, E38, 'DEPROVISIONED', E1, 'ACTIVE', E32, E38, E38, E38, '='],
  DEPROVISIONED: ['PROVISIONED', E38, E38, E1, E1, E32, E38, E38, E38, E38],
};
const STATUSES = Object.keys(TABLE);

/** Everything that is stored of a user, to be compared. */
async function stored(id: string): Promise<string> {
  const { rows } = await directory.database.query({
    text: `select to_jsonb(u) as user, (select count(*) from system_log l where u.id = any(l.target_ids)) as events,
             (select jsonb_agg(to_jsonb(t)) from user_tokens t where t.user_id = u.id) as tokens,
             (select count(*) from mail_messages m where m.user_id = u.id) as messages
           from users u where id = $1`,
    values: [id],
  });
  return JSON.stringify(rows);
}

describe('the lifecycle', () => {
  it('follows its table through any sequence of operations, and a refusal changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('?activate=false', '', '?nextLogin=changePassword'),
        fc.boolean(),
        fc.array(fc.nat(OPERATIONS.length), { maxLength: 10 }),
        async (query, wantsPassword, steps) => {
          let knowsPassword = wantsPassword || query === '?nextLogin=changePassword';
          const user = await newUser(query, knowsPassword ? password : {});
          let status = user.status;
          for (const step of steps) {
            if (step === OPERATIONS.length) {
              // Nothing in the hub locks a status, but a database may come with one.
              await directory.database.query({
                text: `update users set status = 'LOCKED_OUT' where id = $1 and status = 'ACTIVE'`,
                values: [user.id],
              });
              if (status === 'ACTIVE') status = 'LOCKED_OUT';
              continue;
            }
            const before = await stored(user.id);
            const answer = await operate(user.id, OPERATIONS[step]!);
            let expected = TABLE[status]![step]!;
            if (expected === 'PROVISIONED' && knowsPassword) expected = 'ACTIVE';
            if (OPERATIONS[step] === 'expire_password' && !knowsPassword) expected = E38;
            if (expected === '=') expected = status;
            if (TABLE[expected] === undefined) {
              expect(`${answer.status} ${answer.body.errorCode}`).toBe(expected);
              expect(await stored(user.id)).toBe(before);
            } else {
              expect(answer.status, `${OPERATIONS[step]} from ${status}`).toBe(200);
              status = expected;
              if (status === 'DEPROVISIONED') knowsPassword = false;
              if (OPERATIONS[step]!.endsWith('temp_password')) knowsPassword = true;
            }
            expect(STATUSES).toContain(status);
            expect(await statusOf(user.id)).toBe(status);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps the wish for a new password until somebody is activated', async () => {
    const user = await newUser('?activate=false&nextLogin=changePassword', password);
    expect(user.status).toBe('STAGED');
    expect((await operate(user.id, 'activate')).body).toEqual({});
    expect(await statusOf(user.id)).toBe('PASSWORD_EXPIRED');
    const other = await newUser('?activate=false&nextLogin=changePassword', password);
    const newPassword = { value: 'Another long one 7' };
    const oldPassword = password.credentials.password;
    const changed = await call('POST', `/users/${other.id}/credentials/change_password`, { oldPassword, newPassword });
    expect(changed.status).toBe(200);
    await operate(other.id, 'activate');
    expect(await statusOf(other.id)).toBe('ACTIVE');
    const plain = await newUser('?activate=false', password);
    await operate(plain.id, 'activate');
    expect(await statusOf(plain.id)).toBe('ACTIVE');
  });
  it('says why a suspension is not possible', async () => {
    const user = await newUser();
    const { body } = await operate(user.id, 'suspend');
    expect(body.errorCauses).toEqual([{ errorSummary: 'Cannot suspend a user that is not active' }]);
  });
  it.each(['suspend', 'deactivate'])('%s ends sessions and revokes grants', async (operation) => {
    const user = await newUser('', password);
    await operate(user.id, operation);
    expect([directory.noted.ended.includes(user.id), directory.noted.revoked.includes(user.id)]).toEqual([true, true]);
  });
  it('offers in its links what the status allows', async () => {
    const user = await newUser('', password);
    const links = async () => Object.keys((await call('GET', `/users/${user.id}`)).body._links).sort();
    expect(await links()).toEqual([
      'changePassword',
      'changeRecoveryQuestion',
      'deactivate',
      'expirePassword',
      'forgotPassword',
      'resetFactors',
      'resetPassword',
      'schema',
      'self',
      'suspend',
      'type',
    ]);
    await operate(user.id, 'suspend');
    expect(await links()).toEqual(['deactivate', 'schema', 'self', 'type', 'unsuspend']);
    await operate(user.id, 'deactivate');
    expect(await links()).toEqual(['activate', 'delete', 'schema', 'self', 'type']);
  });
  it('does not change who is deactivated', async () => {
    const user = await newUser('', password);
    await operate(user.id, 'deactivate');
    const { status, body } = await call('POST', `/users/${user.id}`, { profile: { city: 'Paris' } });
    expect([status, body.errorCode]).toEqual([403, 'E0000038']);
  });
  it('lets one of two simultaneous suspensions succeed', async () => {
    const user = await newUser('', password);
    const answers = await Promise.all([operate(user.id, 'suspend'), operate(user.id, 'suspend')]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 400]);
  });
  it('ends sessions and, when asked, grants on their own', async () => {
    const user = await newUser('', password);
    expect((await call('DELETE', `/users/${user.id}/sessions`)).status).toBe(204);
    expect([directory.noted.ended.includes(user.id), directory.noted.revoked.includes(user.id)]).toEqual([true, false]);
    expect((await call('DELETE', `/users/${user.id}/sessions?oauthTokens=true`)).status).toBe(204);
    expect(directory.noted.revoked).toContain(user.id);
  });
});

describe('deletion', () => {
  it('deactivates first, deletes second, and leaves nothing behind but tombstones', async () => {
    const group = (await call('POST', '/groups', { profile: { name: 'Deleted with' } })).body;
    directory.providers.set('0oaProviderOfTheTest0', {
      id: '0oaProviderOfTheTest0',
      name: 'Provider',
      linkIssuer: 'https://issuer.example',
    });
    const user = await newUser('', { ...password, groupIds: [group.id] });
    await call('POST', `/idps/0oaProviderOfTheTest0/users/${user.id}`, { externalId: 'sub-of-deleted' });
    expect((await call('DELETE', `/users/${user.id}`)).status).toBe(204);
    expect(await statusOf(user.id)).toBe('DEPROVISIONED');
    expect((await call('DELETE', `/users/${user.id}`)).status).toBe(204);
    expect((await call('GET', `/users/${user.id}`)).status).toBe(404);
    expect((await call('DELETE', `/users/${user.id}`)).status).toBe(404);
    for (const table of [
      'group_members',
      'external_identities',
      'attribute_values',
      'user_profile_sources',
      'api_tokens',
      'user_roles',
    ]) {
      const { rows } = await directory.database.query({
        text: `select 1 from ${table} where user_id = $1`,
        values: [user.id],
      });
      expect(rows, table).toEqual([]);
    }
    const { rows } = await directory.database.query<{ kind: string }>({
      text: 'select kind from tombstones order by kind',
      values: [],
    });
    expect(new Set(rows.map((row) => row.kind))).toEqual(new Set(['external_identity', 'login', 'user']));
  });
  it('gives the same login to a new person under a new id, without the old links', async () => {
    const login = 'recycled@example.com';
    const first = (await call('POST', '/users', person(login))).body;
    await call('DELETE', `/users/${first.id}`);
    await call('DELETE', `/users/${first.id}`);
    const second = (await call('POST', '/users', person(login))).body;
    expect(second.id).not.toBe(first.id);
    expect((await call('GET', `/users/${second.id}/idps`)).body).toEqual([]);
  });
});

describe('the last administrator', () => {
  it.each([
    ['POST', 'lifecycle/suspend'],
    ['POST', 'lifecycle/deactivate'],
    ['DELETE', ''],
  ])('cannot be lost by %s %s', async (method, path) => {
    const { status, body } = await call(method, `/users/me/${path}`.replace(/\/$/, ''));
    expect([status, body.errorCode]).toEqual([403, 'E0000006']);
  });
  it('is still there after two have tried to remove each other at once', async () => {
    const { database, orgId, clock, users, adminId } = directory;
    for (let round = 0; round < 5; round++) {
      const email = `second-admin-${round}@example.com`;
      const second = await users.ensureAdministrator(database, orgId, { email, passwordHash: 'none', at: clock.now() });
      await Promise.all([operate(adminId, 'suspend'), operate(second.id, 'suspend')]);
      const statuses = await database.query<{ status: string }>({
        text: `select status from users where id in ($1, $2) order by status`,
        values: [adminId, second.id],
      });
      expect(statuses.rows.map((row) => row.status)).toEqual(['ACTIVE', 'SUSPENDED']);
      await database.query({ text: `update users set status = 'ACTIVE' where id = $1`, values: [adminId] });
      await database.query({ text: 'delete from user_roles where user_id = $1', values: [second.id] });
    }
  });
  it('gets back in with a new password, whatever happened to the account', async () => {
    const { database, orgId, adminId, passwords, users, clock } = directory;
    await database.query({ text: `update users set status = 'SUSPENDED' where id = $1`, values: [adminId] });
    expect((await call('GET', '/users/me')).body.errorCode).toBe('E0000011');
    const passwordHash = await passwords.hash('another password 1');
    expect(
      await users.resetAdministratorPassword(database, orgId, {
        email: 'ADMIN@example.com',
        passwordHash,
        at: clock.now(),
      }),
    ).toBe(true);
    expect(await directory.signsIn('admin@example.com', 'another password 1')).toBe(true);
    expect((await call('GET', '/users/me', undefined, { authorization: `SSWS ${API_TOKEN}` })).body.status).toBe(
      'ACTIVE',
    );
  });
});
