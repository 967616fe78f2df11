/** People set passwords of their own: by a link, because the old one has expired, or because they forgot it. Through a whole hub. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ADMIN, startHub, type TestHub } from './support/app.ts';
import { type Answer, type Browser, createBrowser } from './support/browser.ts';
import { person } from './support/directory.ts';
import { importsOf } from './support/imports.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;

const PASSWORD = 'Abcd1234#@';
const OWN = 'a password of my own';

let hub: TestHub;
let browser: Browser;
let count = 0;

beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());
beforeEach(() => {
  browser = createBrowser();
  hub.clock.advance(60_000);
});

async function newUser(credentials: object = { password: { value: PASSWORD } }, query = '') {
  const login = `own-${++count}@example.com`;
  const user: Any = await hub.api('POST', `/api/v1/users${query}`, { ...person(login), credentials });
  return { id: user.id as string, login };
}
const form = (answer: Answer) =>
  hub.url + (/<form class="fields" method="post" action="([^"]+)"/.exec(answer.body)?.[1] ?? '');
const both = (password: string) => ({ password, repeat: password });
const signIn = async (login: string, password: string) => {
  const page = await browser.follow(await browser.get(`${hub.url}/login/default`));
  return browser.post(form(page), { login, password });
};
const signedInAs = async () => /\(([^)]+@example\.com)\)/.exec((await browser.get(`${hub.url}/`)).body)?.[1];
const heading = ({ body }: Answer) => /<h1>([^<]*)<\/h1>/.exec(body)?.[1];

describe('an activation link', () => {
  const link = async (id: string) =>
    (await hub.api<Any>('POST', `/api/v1/users/${id}/lifecycle/activate?sendEmail=false`)).activationUrl as string;

  it('shows a page that uses nothing up, sets the password, signs in, and works once', async () => {
    const { id, login } = await newUser({}, '?activate=false');
    const url = await link(id);
    const page = await browser.get(url);
    await browser.get(url);
    expect([page.status, heading(page), page.headers.get('cache-control')]).toEqual([
      200,
      'Welcome to Gatehouse',
      'no-store',
    ]);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.body).toContain(login);
    const short = await browser.post(form(page), both('too short'));
    expect([short.status, /id="notice">([^<]+)/.exec(short.body)?.[1]]).toEqual([
      400,
      'The password is too short. It needs at least 12 characters.',
    ]);
    const different = await browser.post(form(page), { password: OWN, repeat: `${OWN}x` });
    expect(different.status).toBe(400);
    const done = await browser.post(form(page), both(OWN));
    expect([done.status, done.location]).toEqual([303, `${hub.url}/`]);
    expect(await signedInAs()).toBe(login);
    expect((await hub.api<Any>('GET', `/api/v1/users/${id}`)).status).toBe('ACTIVE');
    const again = createBrowser();
    const gone = await again.get(url);
    expect([gone.status, heading(gone)]).toEqual([403, 'This link can no longer be used']);
    expect(gone.body).toContain('ask your administrator for a new link');
    expect((await again.post(url, both('another password of mine'))).status).toBe(403);
    const log = await hub.events('user.account.update_password');
    expect(log.at(-1)).toMatchObject({ actor: { id }, target: [{ id }] });
  });
  it('is not taken from another site, nor at the address of resets', async () => {
    const { id } = await newUser({}, '?activate=false');
    const url = await link(id);
    expect((await browser.post(url, both(OWN), { origin: 'https://evil.example' })).status).toBe(403);
    expect((await browser.get(url.replace('/welcome/', '/signin/reset-password/'))).status).toBe(403);
    expect((await browser.get(`${hub.url}/welcome/${'A'.repeat(43)}`)).status).toBe(403);
    expect((await hub.api<Any>('GET', `/api/v1/users/${id}`)).status).toBe('PROVISIONED');
  });
  it('that went to a wrong address is worth nothing once the address is corrected', async () => {
    const { id, login } = await newUser({}, '?activate=false');
    const url = await link(id);
    await hub.api('POST', `/api/v1/users/${id}`, { profile: { nickName: 'Own' } });
    expect((await browser.get(url)).status).toBe(200);
    await hub.api('POST', `/api/v1/users/${id}`, { profile: { email: `right-${login}` } });
    expect((await browser.get(url)).status).toBe(403);
    expect((await browser.post(url, both(OWN))).status).toBe(403);
    expect((await hub.api<Any>('GET', `/api/v1/users/${id}`)).status).toBe('PROVISIONED');
    const next: Any = await hub.api('POST', `/api/v1/users/${id}/lifecycle/reactivate?sendEmail=false`);
    expect((await browser.get(next.activationUrl)).status).toBe(200);
  });
  it('is worth nothing either where an import corrects the address', async () => {
    const { id, login } = await newUser({}, '?activate=false');
    const other = await newUser({}, '?activate=false');
    const [url, kept] = [await link(id), await link(other.id)];
    const imports = importsOf(hub);
    const { id: file } = await imports.upload(
      `login,email,nickName\r\n${login},right-${login},A\r\n${other.login},${other.login},B\r\n`,
    );
    await imports.check(file);
    await imports.run(file);
    expect((await hub.api<Any>('GET', `/api/v1/users/${id}`)).profile.email).toBe(`right-${login}`);
    expect((await browser.get(url)).status).toBe(403);
    expect((await browser.get(kept)).status).toBe(200);
  });
  it.each([
    ['de', 'Willkommen bei Gatehouse'],
    ['fr', 'Bienvenue chez Gatehouse'],
    ['nl', 'Welkom bij Gatehouse'],
  ])('speaks %s', async (language, words) => {
    const { id } = await newUser({}, '?activate=false');
    const response = await fetch(await link(id), { headers: { 'accept-language': language } });
    expect(await response.text()).toContain(`<h1>${words}</h1>`);
  });
});

describe('a reset link', () => {
  it('shuts the old password out at once, ends sessions, and signs in with the new one', async () => {
    const { id, login } = await newUser();
    expect((await signIn(login, PASSWORD)).location).toBe(`${hub.url}/`);
    expect(await signedInAs()).toBe(login);
    const { resetPasswordUrl }: Any = await hub.api(
      'POST',
      `/api/v1/users/${id}/lifecycle/reset_password?sendEmail=false`,
    );
    const elsewhere = createBrowser();
    const page = await elsewhere.get(resetPasswordUrl);
    expect(heading(page)).toBe('Choose a new password');
    const old = browser;
    browser = createBrowser();
    expect((await signIn(login, PASSWORD)).status).toBe(401);
    browser = elsewhere;
    expect((await browser.post(form(page), both(OWN))).location).toBe(`${hub.url}/`);
    expect(await signedInAs()).toBe(login);
    browser = old;
    expect(await signedInAs()).toBeUndefined();
  });
});

describe('an expired password', () => {
  it('leads to a page for another one, and the sign-in goes on', async () => {
    const { id, login } = await newUser(undefined, '?nextLogin=changePassword');
    const asked = await signIn(login, PASSWORD);
    expect([asked.status, asked.location]).toEqual([303, expect.stringMatching(/\/signin\/[\w-]{22}\/new-password$/)]);
    expect(await signedInAs()).toBeUndefined();
    const page = await browser.get(asked.location!);
    expect(heading(page)).toBe('Your password has expired');
    await hub.api('POST', `/api/v1/users/${id}`, { credentials: { password: { value: 'a long enough password' } } });
    await hub.api('POST', `/api/v1/users/${id}/lifecycle/expire_password`);
    const stale = await browser.post(form(page), both(OWN));
    expect(heading(stale)).toBe('This page is no longer in use');
    const fresh = await browser.get((await signIn(login, 'a long enough password')).location!);
    const same = await browser.post(form(fresh), both('a long enough password'));
    expect(/id="notice">([^<]+)/.exec(same.body)?.[1]).toBe('This is your old password. Choose another one.');
    const thief = createBrowser();
    expect((await thief.post(form(fresh), both(OWN))).status).toBe(400);
    const done = await browser.post(form(fresh), both(OWN));
    expect([done.status, done.location]).toEqual([303, `${hub.url}/`]);
    expect(await signedInAs()).toBe(login);
    expect((await hub.api<Any>('GET', `/api/v1/users/${id}`)).status).toBe('ACTIVE');
    expect((await signIn(login, PASSWORD)).status).toBe(401);
  });
  it('is not asked for where nobody proved one', async () => {
    const page = await browser.follow(await browser.get(`${hub.url}/login/default`));
    const answer = await browser.get(form(page).replace(/password$/, 'new-password'));
    expect([answer.status, answer.location]).toEqual([303, page.url]);
  });
});

describe('a forgotten password', () => {
  const ask = async (login: string) => {
    const page = await browser.follow(await browser.get(`${hub.url}/login/default`));
    const forgot = await browser.get(hub.url + /href="([^"]+\/forgot)"/.exec(page.body)![1]!);
    expect(heading(forgot)).toBe('Forgot your password?');
    const answer = await browser.post(form(forgot), { login });
    return answer.body.replaceAll(/nonce="[^"]*"/g, '').replaceAll(/\/signin\/[\w-]+/g, '');
  };
  const mailOf = async (userId: string) =>
    (await hub.api<Any[]>('GET', '/api/gatehouse/v1/mail')).filter((message) => message.userId === userId);

  it('gets a link by mail, and the page tells nobody whether there is such a person', async () => {
    const { id, login } = await newUser();
    const known = await ask(login);
    const unknown = await ask('nobody-at-all@example.com');
    const nonsense = await ask('%%%');
    expect([unknown, nonsense]).toEqual([known, known]);
    const [message] = await vi.waitFor(async () => {
      const messages = await mailOf(id);
      expect(messages).toHaveLength(1);
      return messages;
    }, 20_000);
    expect(message).toMatchObject({ template: 'password_reset', status: 'KEPT', recipient: login });
    expect(JSON.stringify(message)).not.toContain('reset-password/');
    const { body }: Any = await hub.api('GET', `/api/gatehouse/v1/mail/${message!.id}`);
    const page = await browser.get(/http\S+reset-password\/\S+/.exec(body)![0]);
    expect((await browser.post(form(page), both(OWN))).location).toBe(`${hub.url}/`);
    expect(await signedInAs()).toBe(login);
  });
  it('is asked for twenty times an hour from one network; the answer stays the same', async () => {
    hub.clock.advance(3_600_000);
    const answers = new Set<string>();
    for (let n = 0; n < 22; n++) answers.add(await ask(`limited-${n}@example.com`));
    expect(answers.size).toBe(1);
    const { rows } = await hub.database.query<{ login: string }>({
      text: `select payload ->> 'login' as login from graphile_worker._private_jobs where payload ->> 'login' like 'limited-2%'`,
      values: [],
    });
    expect(rows.map((row) => row.login)).not.toContain('limited-20@example.com');
  });
});

it('the administrator can still sign in', async () => {
  expect((await signIn(ADMIN.email, ADMIN.password)).location).toBe(`${hub.url}/`);
});
