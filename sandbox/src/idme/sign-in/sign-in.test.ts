import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser, type TestBrowser } from '../../../test/browser.ts';
import { CLIENT, prepare } from '../../../test/wire.ts';
import { chooseFault } from '../faults/table.ts';
import { type RunningIdme, startIdme } from '../index.ts';

let idme: RunningIdme;
let browser: TestBrowser;
beforeAll(async () => {
  idme = await startIdme({ port: 0, clients: [CLIENT] });
});
afterAll(() => idme.close());
beforeEach(() => {
  browser = createBrowser(idme.url);
  idme.control.defaults.clearFault();
});

const BEA = { uuid: '9b2e6d4c8f7a4b1e8c3d5a6f0e9b7c13', email: 'bea.moreno@example.org' };

/** Up to the page on which a person is chosen; gives the path of that page. */
async function arrive() {
  const party = await prepare(idme);
  const { location } = await browser.get(party.address.href);
  return { ...party, page: location };
}

async function allow(page: string, form: Record<string, string>): Promise<string> {
  const consent = await browser.post(page, form);
  const chosen = Object.fromEntries(new URL(consent.location, idme.url).searchParams);
  const back = await browser.post(`${page}/consent`, { ...chosen, decision: 'allow' });
  return (await browser.follow(back)).location;
}

describe('the sign-in page', () => {
  test('shows the persons, then what is shared, and returns with a code for the person chosen', async () => {
    const { page, redeem } = await arrive();
    expect((await browser.get(page)).text).toContain(BEA.email);
    const consent = await browser.follow(await browser.post(page, { person: BEA.uuid, fault: '' }));
    expect(consent.text).toContain('Share with');
    expect(consent.text).toContain('000349021');
    const location = await allow(page, { person: BEA.uuid, fault: '' });
    expect(new URL(location).searchParams.has('iss')).toBe(false);
    expect((await redeem(location)).claims()).toMatchObject({ sub: BEA.uuid, email: BEA.email });
  });

  test('asks again at the next sign-in, also for another person', async () => {
    const first = await arrive();
    await allow(first.page, { person: BEA.uuid });
    const second = await arrive();
    const carl = idme.control.persons.find('carl.nilsen@example.net')?.uuid ?? '';
    const location = await allow(second.page, { person: carl });
    expect((await second.redeem(location)).claims()?.sub).toBe(carl);
  });

  test('returns access_denied when the person denies', async () => {
    const { page } = await arrive();
    const { location } = await browser.post(`${page}/consent`, { person: BEA.uuid, decision: 'deny' });
    expect(Object.fromEntries(new URL(location).searchParams)).toMatchObject({ error: 'access_denied', state: 's1' });
  });

  test('plays the fault that was chosen on it', async () => {
    const { page, redeem } = await arrive();
    const location = await allow(page, { person: BEA.uuid, fault: 'missing_claim', parameter: 'lname' });
    expect((await redeem(location)).claims()).not.toHaveProperty('lname');
    const next = await arrive();
    const refused = await browser.post(next.page, { person: BEA.uuid, fault: 'scope_not_policy' });
    expect(new URL(refused.location).searchParams.get('error')).toBe('invalid_scope');
  });

  test('has the fault chosen that the control API set, once', async () => {
    idme.control.defaults.setFault(chooseFault('null_attribute', 'zip') ?? { fault: 'null_attribute' }, 1);
    const first = await arrive();
    expect((await browser.get(first.page)).text).toMatch(/value="null_attribute" selected/);
    await allow(first.page, { person: BEA.uuid, fault: 'null_attribute', parameter: 'zip' });
    expect((await browser.get((await arrive()).page)).text).not.toContain(' selected');
  });

  test('refuses a fault and a person that do not exist', async () => {
    const { page } = await arrive();
    expect((await browser.post(page, { person: BEA.uuid, fault: 'nonsense' })).status).toBe(400);
    expect((await browser.post(page, { person: 'nobody' })).status).toBe(400);
  });

  test('belongs to the browser that began: another one is told to start again', async () => {
    const { page } = await arrive();
    const other = createBrowser(idme.url);
    expect((await other.get(page)).status).toBe(400);
    expect((await other.post(`${page}/consent`, { person: BEA.uuid, decision: 'allow' })).status).toBe(400);
  });

  test('takes no form from a page of another site, but from its own', async () => {
    const { page } = await arrive();
    const form = { person: BEA.uuid };
    expect((await browser.post(page, form, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await browser.post(page, form, { 'sec-fetch-site': 'same-origin' })).status).toBe(303);
  });

  test('sets cookies of its own prefix only', async () => {
    const { headers } = await browser.get((await prepare(idme)).address.href);
    for (const cookie of headers.getSetCookie()) expect(cookie).toMatch(/^idme_sandbox_.*httponly/i);
  });
});

describe('a person', () => {
  test('who is edited on the way comes back with the same uuid', async () => {
    const { page, redeem } = await arrive();
    const uid = page.split('/').at(-1) ?? '';
    const change = { email: 'bea.new@example.org', phone: '13035550199', 'sign-in': uid };
    const saved = await browser.post(`/persons/${BEA.uuid}`, change);
    expect(saved.location).toBe(page);
    const claims = (await redeem(await allow(page, { person: BEA.uuid }))).claims();
    expect(claims).toMatchObject({
      sub: BEA.uuid,
      uuid: BEA.uuid,
      email: change.email,
      phone: change.phone,
      fname: 'Bea',
    });
    idme.control.persons.update(BEA.uuid, { email: BEA.email });
  });

  test('can be created, with a uuid of its own, and signs in', async () => {
    const created = await browser.post('/persons/new', { fname: 'Nia', lname: 'New', email: 'nia@example.com' });
    expect(created.location).toBe('/persons');
    const nia = idme.control.persons.find('nia@example.com');
    expect(nia?.uuid).toMatch(/^[0-9a-f]{32}$/);
    const { page, redeem } = await arrive();
    expect((await redeem(await allow(page, { person: nia?.uuid ?? '' }))).claims()).toMatchObject({
      fname: 'Nia',
      city: null,
    });
  });

  test.each([
    [{ fname: '', lname: 'X', email: 'x@example.com' }, 'First name'],
    [{ fname: 'X', lname: 'X', email: 'x' }, 'e-mail'],
    [{ fname: 'X', lname: 'X', email: 'x@example.com', birth_date: '1.2.1990' }, 'YYYY-MM-DD'],
  ])('with %j is refused, and the form keeps what was typed', async (form, reason) => {
    const answer = await browser.post('/persons/new', form);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(reason);
    expect(answer.text).toContain('value="X"');
  });

  test('is text on every page, whatever the name', async () => {
    idme.control.persons.create({ fname: '<script>', lname: '"quoted"', email: 'evil@example.com' });
    const { text } = await browser.get('/persons');
    expect(text).not.toContain('<script>');
    expect(text).toContain('&lt;script&gt; &quot;quoted&quot;');
  });
});

describe('the onboarding desk', () => {
  test('takes redirect URI and policy handle and gives a client that works', async () => {
    const { text } = await browser.post('/desk', {
      name: 'Mine',
      redirect_uris: 'http://localhost:9/mine',
      policy: 'teacher',
    });
    const client = idme.control.clients.list().find(({ client_name }) => client_name === 'Mine');
    for (const value of [client?.client_id, client?.client_secret, 'openid teacher', `${idme.url}/oidc`]) {
      expect(text).toContain(value);
    }
    const parameters = {
      client_id: client?.client_id ?? '',
      redirect_uri: 'http://localhost:9/mine',
      response_type: 'code',
    };
    const query = new URLSearchParams({ ...parameters, scope: 'openid teacher' });
    expect((await browser.get(`/oauth/authorize?${query}`)).location).toMatch(/^\/sign-in\//);
    expect((await browser.get('/desk')).text).not.toContain(client?.client_secret);
  });

  test.each([
    [{ redirect_uris: '', policy: 'teacher' }, 'at least one'],
    [{ redirect_uris: 'http://localhost:9/?a=b', policy: 'teacher' }, 'query'],
    [{ redirect_uris: 'ftp://localhost/', policy: 'teacher' }, 'http'],
    [{ redirect_uris: 'http://localhost:9/', policy: 'wizard' }, 'wizard'],
  ])('refuses %j', async (form, reason) => {
    const answer = await browser.post('/desk', form);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(reason);
  });
});

test.each([
  '/',
  '/persons',
  '/persons/new',
  '/desk',
  '/faults',
  '/nowhere',
  '/oauth/authorize',
  '/oauth/authorize/unknown',
  '/sign-in/unknown',
])('%s is visibly marked and may not be framed', async (path) => {
  const { text, headers } = await browser.get(path, { accept: 'text/html' });
  expect(text).toContain('Sandbox, not ID.me');
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
});
