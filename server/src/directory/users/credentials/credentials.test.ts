import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDirectory, person, type TestDirectory } from '../../../../test/support/directory.ts';
import { DAY, HOUR, MINUTE } from '../../../shared/clock.ts';
import { purgeTokens } from '../index.ts';

let directory: TestDirectory;
let call: TestDirectory['call'];
let count = 0;

beforeAll(async () => {
  directory = await createTestDirectory();
  call = directory.call;
});
afterAll(() => directory.close());

const PASSWORD = 'Abcd1234#@';
const RECOVERY = { question: 'Who was your favourite teacher?', answer: 'Mary Somerville' };

async function newUser(credentials: object = { password: { value: PASSWORD } }, query = '') {
  const login = `credentials-${++count}@example.com`;
  const { body } = await call('POST', `/users${query}`, { ...person(login), credentials });
  return { id: body.id as string, login, body };
}
const code = ({ status, body }: { status: number; body: { errorCode: string } }) => `${status} ${body.errorCode}`;
const tokenOf = (url: string) => url.slice(url.lastIndexOf('/') + 1);
const messagesTo = async (userId: string) =>
  (await directory.mail.list(directory.orgId, null, 200)).items.filter((message) => message.userId === userId);
const redeem = (token: string, password = 'a password of my own') =>
  directory.users.credentials.links.redeem({
    orgId: directory.orgId,
    baseUrl: 'http://localhost',
    token,
    password,
    client: { ip: '192.0.2.1', userAgent: 'a browser' } as never,
    requestId: 'request',
  });

describe('a recovery question', () => {
  it('is shown without its answer, which is nowhere in clear text', async () => {
    const { id, body } = await newUser({ password: { value: PASSWORD }, recovery_question: RECOVERY });
    expect(body.credentials.recovery_question).toEqual({ question: RECOVERY.question });
    expect((await call('GET', `/users/${id}`)).body.credentials.recovery_question).toEqual({
      question: RECOVERY.question,
    });
    const { rows } = await directory.database.query<{ all: string }>({
      text: 'select to_jsonb(u)::text as all from users u where id = $1',
      values: [id],
    });
    expect(rows[0]!.all).not.toMatch(/somerville/i);
  });
  it.each([
    [{ question: RECOVERY.question }, 'answer'],
    [{ answer: RECOVERY.answer }, 'question'],
    [{ ...RECOVERY, answer: 'abc' }, 'answer'],
    [{ ...RECOVERY, question: 'q'.repeat(101) }, 'question'],
  ])('is refused when it is not whole: %j', async (recovery_question, member) => {
    const { status, body } = await call('POST', '/users', {
      ...person('half@example.com'),
      credentials: { password: { value: PASSWORD }, recovery_question },
    });
    expect([status, body.errorCauses[0].errorSummary]).toEqual([
      400,
      expect.stringContaining(`recovery_question.${member}`),
    ]);
  });
  it('can be set by an administrator, and changed by who knows the password', async () => {
    const { id } = await newUser();
    const etags = [(await call('GET', `/users/${id}`)).headers.etag];
    directory.clock.advance(1000);
    const set = await call('POST', `/users/${id}`, { credentials: { recovery_question: RECOVERY } });
    expect([set.status, set.body.credentials.recovery_question]).toEqual([200, { question: RECOVERY.question }]);
    expect(set.body.lastUpdated).toBe(directory.clock.now().toISOString());
    etags.push((await call('GET', `/users/${id}`)).headers.etag);
    directory.clock.advance(1000);
    const change = (value: string) =>
      call('POST', `/users/${id}/credentials/change_recovery_question`, {
        password: { value },
        recovery_question: { question: 'What is your favourite engine?', answer: 'the analytical one' },
      });
    expect(code(await change('wrong password'))).toBe('403 E0000014');
    const changed = await change(PASSWORD);
    expect([changed.status, changed.body]).toEqual([
      200,
      {
        password: {},
        recovery_question: { question: 'What is your favourite engine?' },
        provider: { type: 'OKTA', name: 'OKTA' },
      },
    ]);
    const { headers, body } = await call('GET', `/users/${id}`);
    expect(body.lastUpdated).toBe(directory.clock.now().toISOString());
    expect(new Set([...etags, headers.etag]).size).toBe(3);
  });
  it('lets its answer set a password, in any case', async () => {
    const { id, login } = await newUser({ password: { value: PASSWORD }, recovery_question: RECOVERY });
    const answerWith = (answer: string) =>
      call('POST', `/users/${id}/credentials/forgot_password_recovery_question`, {
        password: { value: 'a new password' },
        recovery_question: { answer },
      });
    expect(code(await answerWith('Ada Lovelace'))).toBe('403 E0000014');
    expect(await directory.signsIn(login, PASSWORD)).toBe(true);
    expect((await answerWith(' mary SOMERVILLE ')).status).toBe(200);
    expect(await directory.signsIn(login, 'a new password')).toBe(true);
  });
});

describe('change_password', () => {
  const change = (id: string, oldPassword: string, newPassword: string) =>
    call('POST', `/users/${id}/credentials/change_password`, {
      oldPassword: { value: oldPassword },
      newPassword: { value: newPassword },
    });
  it('needs the old password, ends sessions and tells nothing but that there is one', async () => {
    const { id, login } = await newUser();
    expect(code(await change(id, 'wrong password', 'a new password'))).toBe('403 E0000014');
    expect(code(await change(id, PASSWORD, 'short'))).toBe('400 E0000001');
    expect(directory.noted.ended).not.toContain(id);
    const { status, body } = await change(id, PASSWORD, 'a new password');
    expect([status, body]).toEqual([200, { password: {}, provider: { type: 'OKTA', name: 'OKTA' } }]);
    expect(directory.noted.ended).toContain(id);
    expect([await directory.signsIn(login, 'a new password'), await directory.signsIn(login, PASSWORD)]).toEqual([
      true,
      false,
    ]);
  });
  it('makes one with an expired password active', async () => {
    const { id, body } = await newUser({ password: { value: PASSWORD } }, '?nextLogin=changePassword');
    expect(body.status).toBe('PASSWORD_EXPIRED');
    await change(id, PASSWORD, 'a new password');
    expect((await call('GET', `/users/${id}`)).body.status).toBe('ACTIVE');
  });
  it.each([
    [
      'somebody suspended',
      async () => {
        const { id } = await newUser();
        await call('POST', `/users/${id}/lifecycle/suspend`);
        return id;
      },
    ],
    ['somebody without a password', async () => (await newUser({})).id],
    [
      'somebody of another provider',
      async () => {
        const { id } = await newUser({ provider: { type: 'FEDERATION', name: 'FEDERATION' } }, '?provider=true');
        return id;
      },
    ],
  ])('is not for %s', async (_who, make) => {
    expect(code(await change(await make(), PASSWORD, 'a new password'))).toBe('403 E0000038');
  });
});

describe('a link to set a password', () => {
  it('is mailed to a new person without a password, and works once', async () => {
    const { id, login, body } = await newUser({});
    expect(body.status).toBe('PROVISIONED');
    const [message] = await messagesTo(id);
    expect(message).toMatchObject({
      recipient: login,
      template: 'activation',
      language: 'en',
      subject: 'Welcome to The Org',
      status: 'KEPT',
    });
    const caller = {
      orgId: directory.orgId,
      baseUrl: '',
      actor: { id: 'x', type: 'User', alternateId: '', displayName: '' },
    };
    const text = (await directory.mail.read(caller, message!.id)).body!;
    const token = tokenOf(/http\S+\/welcome\/\S+/.exec(text)![0]);
    expect((await directory.users.credentials.links.find(directory.orgId, token))?.user.id).toBe(id);
    expect((await redeem(token))?.status).toBe('ACTIVE');
    expect(await directory.signsIn(login, 'a password of my own')).toBe(true);
    expect(await redeem(token, 'another password')).toBeNull();
    expect(await directory.users.credentials.links.find(directory.orgId, token)).toBeNull();
  });
  it('is kept as a hash: neither the token nor the text can be read in the database', async () => {
    const { id } = await newUser({}, '?activate=false');
    const { body } = await call('POST', `/users/${id}/lifecycle/activate?sendEmail=false`);
    expect(body).toEqual({
      activationUrl: `http://localhost/welcome/${body.activationToken}`,
      activationToken: expect.stringMatching(/^[\w-]{43}$/),
    });
    const other = await newUser({});
    const { rows } = await directory.database.query<{ all: string }>({
      text: `select (select jsonb_agg(to_jsonb(t))::text from user_tokens t) || (select jsonb_agg(to_jsonb(m))::text from mail_messages m) as all`,
      values: [],
    });
    expect(rows[0]!.all).not.toContain(body.activationToken);
    expect(rows[0]!.all).not.toContain('/welcome/');
    expect((await messagesTo(id)).length).toBe(0);
    expect((await messagesTo(other.id)).length).toBe(1);
  });
  it('goes by mail or to the caller, never both', async () => {
    const { id } = await newUser();
    const mailed = await call('POST', `/users/${id}/lifecycle/reset_password`);
    expect([mailed.body, (await messagesTo(id)).map((message) => message.template)]).toEqual([{}, ['password_reset']]);
    const given = await call('POST', `/users/${id}/lifecycle/reset_password?sendEmail=false`);
    expect(given.body.resetPasswordUrl).toMatch(/^http:\/\/localhost\/signin\/reset-password\/[\w-]{43}$/);
    expect(await messagesTo(id)).toHaveLength(1);
    const again = await call('POST', `/users/${(await newUser({})).id}/lifecycle/reactivate?sendEmail=false`);
    expect(again.body.activationUrl).toContain('/welcome/');
    const forgot = await call('POST', `/users/${(await newUser()).id}/credentials/forgot_password?sendEmail=false`);
    expect(forgot.body.resetPasswordUrl).toContain('/signin/reset-password/');
    expect(code(await call('POST', `/users/${(await newUser({})).id}/credentials/forgot_password`))).toBe(
      '403 E0000038',
    );
  });
  it('is not made for people of another provider', async () => {
    const { id } = await newUser(
      { provider: { type: 'FEDERATION', name: 'FEDERATION' } },
      '?provider=true&activate=false',
    );
    expect((await call('POST', `/users/${id}/lifecycle/activate?sendEmail=false`)).body).toEqual({});
    expect(code(await call('POST', `/users/${id}/lifecycle/reset_password`))).toBe('403 E0000038');
  });

  const resetLink = async (id: string) =>
    tokenOf((await call('POST', `/users/${id}/lifecycle/reset_password?sendEmail=false`)).body.resetPasswordUrl);
  it('dies with a newer one, with a password that is set another way, with suspension as long as it lasts, and with its hour', async () => {
    const { id, login } = await newUser();
    const first = await resetLink(id);
    const second = await resetLink(id);
    expect([await redeem(first), (await redeem(second))?.id]).toEqual([null, id]);
    const third = await resetLink(id);
    await call('POST', `/users/${id}`, { credentials: { password: { value: 'set by the administrator' } } });
    expect(await redeem(third)).toBeNull();
    const fourth = tokenOf(
      (await call('POST', `/users/${id}/credentials/forgot_password?sendEmail=false`)).body.resetPasswordUrl,
    );
    await call('POST', `/users/${id}/lifecycle/suspend`);
    expect(await redeem(fourth)).toBeNull();
    await call('POST', `/users/${id}/lifecycle/unsuspend`);
    directory.clock.advance(HOUR - MINUTE);
    expect((await redeem(fourth, 'in the last minute'))?.status).toBe('ACTIVE');
    const fifth = await resetLink(id);
    directory.clock.advance(HOUR);
    expect(await redeem(fifth)).toBeNull();
    expect(await directory.signsIn(login, 'in the last minute')).toBe(true);
    await purgeTokens(directory.database, directory.clock.now());
    const { rows } = await directory.database.query({
      text: 'select 1 from user_tokens where user_id = $1',
      values: [id],
    });
    expect(rows).toEqual([]);
  });
  it('to the first sign-in lives for seven days', async () => {
    const { id } = await newUser({}, '?activate=false');
    const { body } = await call('POST', `/users/${id}/lifecycle/activate?sendEmail=false`);
    directory.clock.advance(7 * DAY - MINUTE);
    expect((await directory.users.credentials.links.find(directory.orgId, body.activationToken))?.user.id).toBe(id);
    directory.clock.advance(MINUTE);
    expect(await directory.users.credentials.links.find(directory.orgId, body.activationToken)).toBeNull();
  });
  it('used ten times at once sets one password', async () => {
    const { id } = await newUser();
    const token = await resetLink(id);
    const results = await Promise.all(Array.from({ length: 10 }, (_, n) => redeem(token, `password number ${n}`)));
    expect(results.filter((user) => user !== null)).toHaveLength(1);
  });
  it.each(['', 'x', '../../users', 'A'.repeat(43), 'A'.repeat(5000)])(
    'that nobody made is nobody’s: %#',
    async (token) => {
      expect([await directory.users.credentials.links.find(directory.orgId, token), await redeem(token)]).toEqual([
        null,
        null,
      ]);
    },
  );
});

describe('a person who forgot the password', () => {
  const ask = (login: string, language = 'de-AT') =>
    directory.users.credentials.links.request({ orgId: directory.orgId, baseUrl: 'http://localhost' }, login, language);
  it('gets a reset link in the language of the page, by login or address, three times an hour', async () => {
    const { id, login } = await newUser();
    const address = `address-of-${login}`;
    await call('POST', `/users/${id}`, { profile: { email: address } });
    await ask(login.toUpperCase());
    await ask(address);
    await ask(login);
    await ask(login);
    const messages = await messagesTo(id);
    expect(messages.map(({ recipient, template, language }) => [recipient, template, language])).toEqual(
      Array(3).fill([address, 'password_reset', 'de']),
    );
    directory.clock.advance(HOUR);
    await ask(login);
    expect(await messagesTo(id)).toHaveLength(4);
    expect((await call('GET', `/users/${id}`)).body.status).toBe('ACTIVE');
  });
  it('gets the welcome again while it was never used', async () => {
    const { id, login } = await newUser({});
    await ask(login);
    expect((await messagesTo(id)).map((message) => message.template)).toEqual(['activation', 'activation']);
  });
  it('gets nothing when suspended, deactivated, staged, federated, unknown or no address at all', async () => {
    const suspended = await newUser();
    await call('POST', `/users/${suspended.id}/lifecycle/suspend`);
    const deactivated = await newUser();
    await call('POST', `/users/${deactivated.id}/lifecycle/deactivate`);
    const staged = await newUser({}, '?activate=false');
    const federated = await newUser({ provider: { type: 'FEDERATION', name: 'FEDERATION' } }, '?provider=true');
    for (const { id, login } of [suspended, deactivated, staged, federated]) {
      await ask(login);
      expect(await messagesTo(id)).toEqual([]);
    }
    await ask('nobody@example.com');
    await ask('');
    await ask('\u0000'.repeat(10));
  });
});

describe('unlock', () => {
  it('also ends the wait of somebody whose password was guessed at', async () => {
    const { id, login } = await newUser();
    expect(code(await call('POST', `/users/${id}/lifecycle/unlock`))).toBe('403 E0000032');
    directory.waiting.add(login);
    expect((await call('POST', `/users/${id}/lifecycle/unlock`)).status).toBe(200);
    expect(code(await call('POST', `/users/${id}/lifecycle/unlock`))).toBe('403 E0000032');
  });
});

describe('a temporary password', () => {
  it('works until it is changed, and is told once', async () => {
    const { id, login } = await newUser();
    const { body } = await call('POST', `/users/${id}/lifecycle/expire_password_with_temp_password`);
    expect(body).toEqual({ tempPassword: expect.stringMatching(/^[A-Za-z0-9]{20}$/) });
    expect(await directory.signsIn(login, PASSWORD)).toBe(false);
    expect(await directory.signsIn(login, body.tempPassword)).toBe(true);
    expect((await call('GET', `/users/${id}`)).body.status).toBe('PASSWORD_EXPIRED');
  });
  it('comes with the user where only the old one expires', async () => {
    const { id } = await newUser();
    const { body } = await call('POST', `/users/${id}/lifecycle/expire_password`);
    expect([body.id, body.status, Object.keys(body._links)]).toEqual([
      id,
      'PASSWORD_EXPIRED',
      expect.arrayContaining(['changePassword', 'resetPassword']),
    ]);
  });
});
