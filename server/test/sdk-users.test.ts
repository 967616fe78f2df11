/** The public Node.js management SDK drives every call about users that sdk-directory.test.ts does not: credentials, links, all create forms. */
import { createHash } from 'node:crypto';
import { Client } from '@okta/okta-sdk-nodejs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from './support/app.ts';
import { person } from './support/directory.ts';

// biome-ignore lint/suspicious/noExplicitAny: bodies that the SDK's types do not know
type Any = any;

const PASSWORD = 'Abcd1234#@';

describe.each([
  ['with its default cache', {}],
  ['without a cache', { cacheMiddleware: null }],
])('the management SDK %s', (_name, options) => {
  let hub: TestHub;
  let api: Client['userApi'];
  let count = 0;

  beforeAll(async () => {
    hub = await startHub();
    api = new Client({ orgUrl: hub.url, token: hub.token, ...options }).userApi;
  });
  afterAll(() => hub.close());

  const create = (credentials: Any = { password: { value: PASSWORD } }, query: object = {}) =>
    api.createUser({ body: { ...person(`sdk-user-${++count}@example.com`), credentials }, ...query });
  const statusOf = async (userId: string) => (await api.getUser({ userId })).status;
  const failure = (work: Promise<unknown>) =>
    work.then(
      () => 'no failure',
      (error: { status: number; errorCode: string }) => `${error.status} ${error.errorCode}`,
    );

  it('creates users with a recovery question and with imported hashes', async () => {
    const asked = await create({
      password: { value: PASSWORD },
      recovery_question: { question: 'Who was your favourite teacher?', answer: 'Mary Somerville' },
    });
    expect([asked.status, asked.credentials?.recovery_question?.question]).toEqual([
      'ACTIVE',
      'Who was your favourite teacher?',
    ]);
    for (const hash of [
      { algorithm: 'BCRYPT', workFactor: 5, salt: 'CCCCCCCCCCCCCCCCCCCCC.', value: 'E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW' },
      {
        algorithm: 'SHA-512',
        salt: Buffer.from('salt').toString('base64'),
        saltOrder: 'PREFIX',
        value: createHash('sha512').update(`salt${PASSWORD}`).digest('base64'),
      },
    ])
      expect((await create({ password: { hash } })).status).toBe('ACTIVE');
    expect(await failure(create({ password: { hook: { type: 'default' } } }))).toBe('400 E0000001');
  });
  it('activates and reactivates with links, by mail or without', async () => {
    const { id } = await create({}, { activate: false });
    const given = await api.activateUser({ userId: id!, sendEmail: false });
    expect(given.activationUrl).toBe(`${hub.url}/welcome/${given.activationToken}`);
    expect(await statusOf(id!)).toBe('PROVISIONED');
    const again = await api.reactivateUser({ userId: id!, sendEmail: false });
    expect(again.activationToken).not.toBe(given.activationToken);
    expect((await api.reactivateUser({ userId: id!, sendEmail: true })).activationUrl).toBeUndefined();
    expect(await failure(api.activateUser({ userId: id! }))).toBe('403 E0000016');
    const active = await create();
    expect(await failure(api.reactivateUser({ userId: active.id! }))).toBe('403 E0000038');
  });
  it('unlocks, as far as somebody is locked', async () => {
    const { id } = await create();
    expect(await failure(api.unlockUser({ userId: id! }))).toBe('403 E0000032');
    await hub.database.query({ text: `update users set status = 'LOCKED_OUT' where id = $1`, values: [id] });
    await api.unlockUser({ userId: id! });
    expect((await hub.api<Any>('GET', `/api/v1/users/${id}`)).status).toBe('ACTIVE');
  });
  it('expires passwords, with and without a temporary one', async () => {
    const { id } = await create();
    expect((await api.expirePassword({ userId: id! })).status).toBe('PASSWORD_EXPIRED');
    expect(await statusOf(id!)).toBe('PASSWORD_EXPIRED');
    await api.expirePasswordAndGetTemporaryPassword({ userId: id! });
    expect((await hub.events('user.account.update_password')).at(-1)?.target[0]?.id).toBe(id);
  });
  it('makes links to reset a password, and resets factors', async () => {
    const { id } = await create();
    const { resetPasswordUrl } = await api.generateResetPasswordToken({ userId: id!, sendEmail: false });
    expect(resetPasswordUrl).toMatch(/\/signin\/reset-password\/[\w-]{43}$/);
    expect(await statusOf(id!)).toBe('RECOVERY');
    await api.resetFactors({ userId: id! });
    const other = await create();
    expect((await api.forgotPassword({ userId: other.id!, sendEmail: false })).resetPasswordUrl).toContain(hub.url);
    expect(await statusOf(other.id!)).toBe('ACTIVE');
  });
  it('changes passwords and recovery questions', async () => {
    const { id } = await create();
    const change = (oldPassword: string) =>
      api.changePassword({
        userId: id!,
        changePasswordRequest: { oldPassword: { value: oldPassword }, newPassword: { value: 'another password 1' } },
      });
    expect(await failure(change('wrong password'))).toBe('403 E0000014');
    expect((await change(PASSWORD)).provider?.type).toBe('OKTA');
    const changed = await api.changeRecoveryQuestion({
      userId: id!,
      userCredentials: {
        password: { value: 'another password 1' },
        recovery_question: { question: 'What is your favourite engine?', answer: 'the analytical one' },
      },
    });
    expect(changed.recovery_question?.question).toBe('What is your favourite engine?');
  });
  it('replaces strictly, lists what belongs to a user, and deletes twice', async () => {
    const { id, profile } = await create();
    const replaced = await api.replaceUser({
      userId: id!,
      user: person(profile!.login!, { city: 'Paris' }),
      strict: true,
    });
    expect(replaced.profile?.city).toBe('Paris');
    for (const list of [
      api.listUserGroups({ userId: id! }),
      api.listAppLinks({ userId: id! }),
      api.listUserClients({ userId: id! }),
      api.listUserGrants({ userId: id! }),
    ]) {
      const items: unknown[] = [];
      await (await (list as Any)).each((item: unknown) => void items.push(item));
      expect(Array.isArray(items)).toBe(true);
    }
    await api.revokeUserSessions({ userId: id!, oauthTokens: true });
    await api.deactivateUser({ userId: id! });
    expect(await statusOf(id!)).toBe('DEPROVISIONED');
    await api.deleteUser({ userId: id! });
    expect(await failure(api.getUser({ userId: id! }))).toBe('404 E0000007');
  });
});
