/** Who guesses long enough locks the account, not the person out for good: what locks, whom, and the ways back. Through a whole hub. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { purgePasswordAttempts } from '../src/sign-in/passwords/index.ts';
import { ADMIN, startHub, type TestHub } from './support/app.ts';
import { createBrowser } from './support/browser.ts';
import { person } from './support/directory.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;

const PASSWORD = 'Abcd1234#@';
const OWN = 'a password of my own';

let hub: TestHub;
let count = 0;

beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());
beforeEach(() => {
  hub.clock.advance(3_600_000);
});

async function newUser(body: object = {}, query = '') {
  const login = `guessed-${++count}@example.com`;
  const made: Any = await hub.api('POST', `/api/v1/users${query}`, {
    ...person(login),
    credentials: { password: { value: PASSWORD } },
    ...body,
  });
  return { id: made.id as string, login };
}
const authn = (username: string, password: string) => hub.call('POST', '/api/v1/authn', { username, password });
const statusOf = async (id: string) => (await hub.api<Any>('GET', `/api/v1/users/${id}`)).status as string;
const locks = async (id: string) =>
  (await hub.events('user.account.lock')).filter(({ target }) => target[0]?.id === id);

/** As if somebody had guessed wrongly so many times, slowly enough that nothing waits. */
const guessed = (login: string, times: number) =>
  hub.database.query({
    text: `insert into password_attempts (org_id, key, failures, consecutive, first_failure, last_failure)
           select id, $1, 1, $2, $3, $3 from orgs`,
    values: [login, times, hub.clock.now()],
  });
async function lock({ id, login }: { id: string; login: string }) {
  await guessed(login, 99);
  expect((await authn(login, 'wrong')).status).toBe(401);
  expect(await statusOf(id)).toBe('LOCKED_OUT');
}

describe('a hundred wrong passwords in a row', () => {
  it('lock the account, with one event; then the right one opens nothing and is answered like a wrong one', async () => {
    const { id, login } = await newUser();
    const answers: unknown[] = [];
    await guessed(login, 90);
    for (let wrong = 90; wrong < 100; ) {
      const { status, headers, body } = await authn(login, 'wrong');
      if (status === 429) hub.clock.advance(Number(headers.get('retry-after') ?? 1) * 1_000);
      else {
        answers.push([status, (body as Any).errorCode]);
        wrong++;
      }
    }
    expect(new Set(answers.map(String))).toEqual(new Set(['401,E0000004']));
    expect(await statusOf(id)).toBe('LOCKED_OUT');
    expect(await locks(id)).toMatchObject([
      {
        outcome: { result: 'FAILURE', reason: 'LOCKED_OUT' },
        actor: { id },
        debugContext: { debugData: { wrongPasswords: 100 } },
      },
    ]);
    hub.clock.advance(3_600_000);
    expect(await authn(login, PASSWORD)).toMatchObject({ status: 401, body: { errorCode: 'E0000004' } });
    const browser = createBrowser();
    const page = await browser.follow(await browser.get(`${hub.url}/login/default`));
    const action = hub.url + /<form class="fields" method="post" action="([^"]+)"/.exec(page.body)![1]!;
    expect((await browser.post(action, { login, password: PASSWORD })).status).toBe(401);
    const traces: Any[] = (await hub.api<Any>(
      'GET',
      `/api/gatehouse/v1/sign-ins?q=${encodeURIComponent(login)}`,
    )) as Any;
    const trace: Any = await hub.api('GET', `/api/gatehouse/v1/sign-ins/${traces[0].id}`);
    expect(JSON.stringify(trace)).toContain('The status of the account is LOCKED_OUT: no password is accepted.');
  });

  it('lock it once when they come at once', async () => {
    const { id, login } = await newUser();
    await guessed(login, 99);
    await Promise.all(Array.from({ length: 9 }, () => authn(login, 'wrong')));
    expect(await statusOf(id)).toBe('LOCKED_OUT');
    expect(await locks(id)).toHaveLength(1);
  });

  it('are not reached with the right one among them', async () => {
    const { id, login } = await newUser();
    await guessed(login, 98);
    expect((await authn(login, 'wrong')).status).toBe(401);
    expect((await authn(login, PASSWORD)).status).toBe(200);
    expect((await authn(login, 'wrong')).status).toBe(401);
    expect(await statusOf(id)).toBe('ACTIVE');
  });

  it('lock somebody whose password has expired', async () => {
    const user = await newUser();
    await hub.api('POST', `/api/v1/users/${user.id}/lifecycle/expire_password`);
    await lock(user);
  });

  it.each<[string, object, string]>([
    [
      'who signs in with a provider only',
      { credentials: { provider: { type: 'FEDERATION', name: 'FEDERATION' } } },
      '?provider=true',
    ],
    ['who has no password', { credentials: {} }, ''],
  ])('lock nobody %s', async (_who, body, query) => {
    const { id, login } = await newUser(body, query);
    const before = await statusOf(id);
    await guessed(login, 99);
    expect((await authn(login, 'wrong')).status).toBe(401);
    expect([await statusOf(id), await locks(id)]).toEqual([before, []]);
  });

  it('lock an administrator, but never the last one', async () => {
    const other = await newUser();
    const { id }: Any = await hub.api('GET', `/api/v1/users/${ADMIN.email}`);
    await hub.api('POST', `/api/v1/users/${other.id}/roles`, { type: 'SUPER_ADMIN' });
    await lock(other);
    await guessed(ADMIN.email, 99);
    expect((await authn(ADMIN.email, 'wrong')).status).toBe(401);
    expect([await statusOf(id), await locks(id)]).toEqual(['ACTIVE', []]);
    expect((await authn(ADMIN.email, ADMIN.password)).status).toBe(200);
  });
});

describe('somebody who is locked out', () => {
  it('comes back by a link from the mail, and the next wrong password is the first', async () => {
    const user = await newUser();
    await lock(user);
    const browser = createBrowser();
    const page = await browser.follow(await browser.get(`${hub.url}/login/default`));
    const forgot = await browser.get(hub.url + /href="([^"]+\/forgot)"/.exec(page.body)![1]!);
    const ask = hub.url + /<form class="fields" method="post" action="([^"]+)"/.exec(forgot.body)![1]!;
    await browser.post(ask, { login: user.login });
    const message = await vi.waitFor(async () => {
      const all: Any[] = await hub.api('GET', '/api/gatehouse/v1/mail');
      const found = all.find(({ userId }) => userId === user.id);
      expect(found?.template).toBe('password_reset');
      return found;
    }, 20_000);
    const { body }: Any = await hub.api('GET', `/api/gatehouse/v1/mail/${message.id}`);
    const url = /http\S+reset-password\/\S+/.exec(body)![0];
    await browser.get(url);
    expect((await browser.post(url, { password: OWN, repeat: OWN })).location).toBe(`${hub.url}/`);
    expect(await statusOf(user.id)).toBe('ACTIVE');
    expect((await hub.events('user.account.unlock')).at(-1)).toMatchObject({
      actor: { id: user.id },
      target: [{ id: user.id }],
    });
    expect((await authn(user.login, 'wrong')).status).toBe(401);
    expect((await authn(user.login, OWN)).status).toBe(200);
  });

  it('is unlocked by an administrator, with the old password, and nothing left to wait for', async () => {
    const user = await newUser();
    await lock(user);
    await hub.api('POST', `/api/v1/users/${user.id}/lifecycle/unlock`);
    expect(await statusOf(user.id)).toBe('ACTIVE');
    expect((await authn(user.login, 'wrong')).status).toBe(401);
    expect((await authn(user.login, PASSWORD)).status).toBe(200);
  });
});

it('a run of guesses is remembered for a month of somebody, and for a day under a login that nobody has', async () => {
  const { login } = await newUser();
  const keys = [login, 'nobody@example.com'];
  for (const key of keys) await guessed(key, 50);
  const left = async () =>
    (
      await hub.database.query<{ key: string }>({
        text: 'select key from password_attempts where key = any ($1) order by key',
        values: [keys],
      })
    ).rows.map(({ key }) => key);
  const { clock } = hub;
  const from = clock.now().getTime();
  const DAY = 86_400_000;
  const purge = () =>
    purgePasswordAttempts(hub.database, {
      ofNobody: new Date(clock.now().getTime() - DAY),
      ofUser: new Date(clock.now().getTime() - 30 * DAY),
    });
  await purge();
  expect(await left()).toEqual(keys);
  clock.advance(DAY + 1);
  await purge();
  expect(await left()).toEqual([login]);
  clock.advance(from + 30 * DAY - clock.now().getTime());
  await purge();
  expect(await left()).toEqual([login]);
  clock.advance(1);
  await purge();
  expect(await left()).toEqual([]);
});
