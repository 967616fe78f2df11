/** A hub that is killed, and two hubs on one database: nothing is half done, nothing is done twice. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../src/database/index.ts';
import { freePort, startHub, type TestHub } from './support/app.ts';
import { expectSignedIn } from './support/attacks.ts';
import { type Browser, createBrowser } from './support/browser.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';
import {
  type AnyHub,
  authorizeUrl,
  CLAIMS,
  type Federation,
  federate,
  REDIRECT_URI,
  redeem,
} from './support/federation.ts';
import { type StubProvider, startStubProvider } from './support/stub-openid-provider.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** What must hold in the database at any moment, as statements that find what breaks it. */
const BROKEN: Record<string, string> = {
  'a created user without a link': `select id from users u where created_by = 'jit'
    and not exists (select 1 from external_identities e where e.org_id = u.org_id and e.user_id = u.id)`,
  'a created user without its sources': `select id from users u where created_by = 'jit'
    and not exists (select 1 from user_profile_sources s where s.org_id = u.org_id and s.user_id = u.id)`,
  'a created user without its mapped names': `select id from users where created_by = 'jit' and (profile->>'firstName' is null or profile->>'lastName' is null)`,
  'a created user that is not active': `select id from users where created_by = 'jit' and (status <> 'ACTIVE' or activated is null)`,
  'a user whose creation was not logged once': `select id from users u where created_by = 'jit' and 1 <> (
    select count(*) from system_log l where l.org_id = u.org_id and l.event_type = 'user.lifecycle.create' and l.outcome_result = 'SUCCESS' and u.id = any(l.target_ids))`,
  'a creation in the log without its user': `select id from system_log l where event_type = 'user.lifecycle.create' and outcome_result = 'SUCCESS'
    and not exists (select 1 from users u where u.org_id = l.org_id and u.id = any(l.target_ids))`,
  'a link without a user': `select subject from external_identities e where not exists (select 1 from users u where u.org_id = e.org_id and u.id = e.user_id)`,
  'a session without a user': `select id from sessions s where not exists (select 1 from users u where u.org_id = s.org_id and u.id = s.user_id)`,
  'a federated sign-in in the log without its session': `select id from system_log l where event_type = 'user.session.start' and outcome_result = 'SUCCESS'
    and not exists (select 1 from sessions s where s.org_id = l.org_id and s.user_id = any(l.target_ids))`,
  'more sessions than sign-ins in the log': `select count(*) from sessions having count(*) > (
    select count(*) from system_log where event_type = 'user.session.start' and outcome_result = 'SUCCESS')`,
  'a grant without a session': `select id from grants g where not exists (select 1 from sessions s where s.org_id = g.org_id and s.id = g.session_id and s.user_id = g.user_id)`,
  'a token without a grant': `select id from tokens t where not exists (select 1 from grants g where g.org_id = t.org_id and g.id = t.grant_id)`,
  'a redeemed code without tokens': `select id from grants g where code_consumed is not null
    and not exists (select 1 from tokens t where t.org_id = g.org_id and t.grant_id = g.id)`,
  'tokens of a code that was not redeemed': `select id from tokens t where exists (
    select 1 from grants g where g.org_id = t.org_id and g.id = t.grant_id and g.code_consumed is null)`,
  'values of nobody': `select user_id from attribute_values v where not exists (select 1 from users u where u.org_id = v.org_id and u.id = v.user_id)`,
  'an assignment of nobody': `select user_id from app_users a where not exists (select 1 from users u where u.org_id = a.org_id and u.id = a.user_id)`,
  'a sign-in whose transaction is not used up': `select count(*) from consumed_once where key like 'tx:%' having count(*) < (
    select count(*) from system_log where event_type = 'user.authentication.auth_via_IDP' and outcome_result = 'SUCCESS')`,
  'two people of one login': 'select login_key from users group by login_key having count(*) > 1',
};

async function broken(database: Database): Promise<string[]> {
  const found: string[] = [];
  for (const [what, text] of Object.entries(BROKEN)) {
    const { rows } = await database.query({ text, values: [] });
    if (rows.length > 0) found.push(`${what}: ${JSON.stringify(rows)}`);
  }
  return found;
}

const claimsOf = (n: number) => ({ ...CLAIMS, sub: `subject-${n}`, email: `person-${n}@example.com` });

describe('a hub that is killed during sign-ins of new people', () => {
  const POINTS = 20;
  const AT_ONCE = 4;
  const SEED = Number(process.env.GATEHOUSE_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));

  let test: TestDatabase;
  let provider: StubProvider;
  let child: ChildProcess;
  let url: string;
  let hub: AnyHub;
  let federation: Federation;
  /** Who is at the provider, by the state of the sign-in. */
  const people = new Map<string, number>();

  beforeAll(async () => {
    test = await createTestDatabase();
    provider = await startStubProvider(() => new Date());
    url = `http://localhost:${await freePort()}`;
    const token = 'token-of-the-crash-test-0123456789';
    hub = {
      url,
      async api<T>(method: string, path: string, body?: unknown): Promise<T> {
        const response = await fetch(url + path, {
          method,
          headers: { authorization: `SSWS ${token}`, 'content-type': 'application/json' },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
        return (await response.json()) as T;
      },
    };
    await start(token);
    federation = await federate(hub, provider);
    // Each sign-in is another person's: the nonce tells which.
    provider.idToken = (claims) => provider.sign({ ...claims, ...claimsOf(people.get(String(claims.nonce)) ?? 0) });
  }, 60_000);

  afterAll(async () => {
    if (child.exitCode === null && child.signalCode === null) await kill();
    await provider.close();
    await test.drop();
  });

  async function start(token = 'token-of-the-crash-test-0123456789'): Promise<void> {
    const { PATH = '', NODE_COMPILE_CACHE } = process.env;
    child = spawn(process.execPath, [MAIN], {
      env: {
        PATH,
        ...(NODE_COMPILE_CACHE !== undefined && { NODE_COMPILE_CACHE }),
        GATEHOUSE_URL: url,
        GATEHOUSE_DATABASE_URL: test.url,
        GATEHOUSE_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
        GATEHOUSE_ADMIN_PASSWORD: 'correct horse battery staple',
        GATEHOUSE_API_TOKEN: token,
        GATEHOUSE_ALLOW_EGRESS: '127.0.0.0/8',
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const alive = () =>
      fetch(`${url}/readyz`).then(
        (response) => response.status === 200,
        () => false,
      );
    const until = Date.now() + 25_000;
    while (!(await alive())) {
      if (Date.now() > until || child.exitCode !== null) throw new Error('The hub did not become ready.');
      await pause(25);
    }
  }

  async function kill(): Promise<void> {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** One whole sign-in of a person; the claims of the ID token. */
  async function signIn(person: number): Promise<Record<string, unknown>> {
    const browser = createBrowser();
    const asked = authorizeUrl(hub, federation.clientId);
    const away = await browser.get(asked.url);
    people.set(new URL(away.location!).searchParams.get('nonce')!, person);
    const back = await browser.get(`${url}/oauth2/v1/authorize/callback?${provider.answer(away.location!)}`);
    return expectSignedIn(hub as TestHub, federation, asked.verifier, back);
  }

  it(`leaves nothing half done at ${POINTS} points (GATEHOUSE_TEST_SEED=${SEED}), and serves the same people afterwards`, {
    timeout: 240_000,
  }, async () => {
    const random = generator(SEED);
    const batch = (from: number) => Promise.allSettled(Array.from({ length: AT_ONCE }, (_, i) => signIn(from + i)));
    await batch(1);
    const began = performance.now();
    const warm = await batch(1 + AT_ONCE);
    const lasts = performance.now() - began;
    expect(warm.map(({ status }) => status)).toEqual(Array(AT_ONCE).fill('fulfilled'));

    let interrupted = 0;
    for (let point = 0; point < POINTS; point++) {
      const first = 1000 + point * AT_ONCE;
      const running = batch(first);
      const delay = random() * lasts * 1.5;
      await pause(delay);
      await kill();
      const results = await running;
      if (results.some(({ status }) => status === 'rejected')) interrupted++;
      expect(await broken(test.database), `killed after ${delay.toFixed(1)} of ${lasts.toFixed(1)} ms`).toEqual([]);
      const before = await idsOf(first);

      await start();
      for (let i = 0; i < AT_ONCE; i++) {
        const claims = await signIn(first + i);
        expect(claims.email).toBe(claimsOf(first + i).email);
        const known = before.get(`person-${first + i}@example.com`);
        if (known !== undefined) expect(claims.sub).toBe(known);
      }
      expect(await broken(test.database)).toEqual([]);
    }
    expect(interrupted).toBeGreaterThan(0);
  });

  async function idsOf(first: number): Promise<Map<string, string>> {
    const logins = Array.from({ length: AT_ONCE }, (_, i) => `person-${first + i}@example.com`);
    const { rows } = await test.database.query<{ id: string; login: string }>({
      text: 'select id, login_key as login from users where login_key = any($1)',
      values: [logins],
    });
    return new Map(rows.map(({ id, login }) => [login, id]));
  }
});

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** mulberry32: the same numbers for the same seed. */
function generator(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('two hubs on one database', () => {
  let one: TestHub;
  let two: TestHub;
  let provider: StubProvider;
  let federation: Federation;
  let people = 0;

  beforeAll(async () => {
    one = await startHub();
    two = await startHub({ beside: one });
    provider = await startStubProvider(() => one.clock.now());
    federation = await federate(one, provider);
  });
  afterAll(async () => {
    await provider?.close();
    await two?.close();
    await one?.close();
  });
  beforeEach(() => {
    provider.reset();
    provider.claims = claimsOf(++people);
  });

  /** The address is one; this reaches the second hub behind it. */
  const atTwo = (url: string) => (url.startsWith(one.url) ? two.url + url.slice(one.url.length) : url);
  const nextDoor = (browser: Browser): Browser => {
    const host = new URL(one.url).host;
    return createBrowser(new Map([[host, browser.cookies(host)]]), atTwo);
  };

  /** Away by the first hub; the answer is for whichever hub is asked next. */
  async function leave(more: Record<string, string> = {}) {
    const browser = createBrowser();
    const asked = authorizeUrl(one, federation.clientId, more);
    const away = await browser.get(asked.url);
    const callback = `${one.url}/oauth2/v1/authorize/callback?${provider.answer(away.location!)}`;
    return { browser, verifier: asked.verifier, callback, away: away.location! };
  }

  it('a sign-in that left by one comes back by the other', async () => {
    const { browser, verifier, callback } = await leave();
    const back = await nextDoor(browser).get(callback);
    const claims = await expectSignedIn(one, federation, verifier, back);
    expect(claims.email).toBe(provider.claims.email);
    expect((await browser.get(`${one.url}/account`)).status).toBe(200);
    expect((await nextDoor(browser).get(`${one.url}/account`)).status).toBe(200);
  });

  it('50 parallel redemptions of one code: one succeeds, and its tokens are revoked', async () => {
    const { browser, verifier, callback } = await leave({ scope: 'openid offline_access' });
    const code = new URL((await browser.get(callback)).location!).searchParams.get('code')!;
    const token = (at: TestHub, form: Record<string, string>) =>
      fetch(`${at.url}/oauth2/v1/token`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`${federation.clientId}:${federation.clientSecret}`).toString('base64')}`,
        },
        body: new URLSearchParams(form),
      });
    const form = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, code_verifier: verifier };
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => token(i % 2 === 0 ? one : two, form)));
    const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as Record<string, string>[];
    const won = bodies.filter((_, i) => answers[i]!.status === 200);
    expect(won).toHaveLength(1);
    expect(bodies.filter(({ error }) => error === 'invalid_grant')).toHaveLength(49);
    for (const at of [one, two]) {
      const headers = { authorization: `Bearer ${won[0]!.access_token}` };
      expect((await fetch(`${at.url}/oauth2/v1/userinfo`, { headers })).status).toBe(401);
      const refresh = { grant_type: 'refresh_token', refresh_token: won[0]!.refresh_token! };
      expect((await token(at, refresh)).status).toBe(400);
    }
    const fresh = await leave();
    await expectSignedIn(one, federation, fresh.verifier, await fresh.browser.get(fresh.callback));
  });

  it('50 parallel answers of one sign-in at both: one session', async () => {
    const { browser, verifier, callback, away } = await leave();
    // The provider answers every redemption of the code alike, so that only the database decides.
    const nonce = new URL(away).searchParams.get('nonce');
    const at = Math.floor(one.clock.now().getTime() / 1000);
    const binding = { iss: provider.issuer, aud: provider.clientId, iat: at, exp: at + 300, nonce };
    const idToken = await provider.sign({ ...binding, ...provider.claims });
    provider.token = () => ({
      body: JSON.stringify({ access_token: 'access-1', token_type: 'bearer', id_token: idToken }),
    });
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => (i % 2 === 0 ? browser.clone() : nextDoor(browser.clone())).get(callback)),
    );
    const won = answers.filter(({ location }) => location?.includes('code='));
    expect(won).toHaveLength(1);
    await expectSignedIn(one, federation, verifier, won[0]!);
    expect(await broken(one.database)).toEqual([]);
  });

  it.each([
    [
      'the provider is deactivated',
      () => one.api('POST', `/api/v1/idps/${federation.idpId}/lifecycle/deactivate`),
      () => one.api('POST', `/api/v1/idps/${federation.idpId}/lifecycle/activate`),
    ],
    [
      'the rule is deactivated',
      () => one.api('POST', `/api/v1/policies/${federation.policyId}/rules/${federation.ruleId}/lifecycle/deactivate`),
      () => one.api('POST', `/api/v1/policies/${federation.policyId}/rules/${federation.ruleId}/lifecycle/activate`),
    ],
    ['creation is switched off', () => setCreation('DISABLED'), () => setCreation('AUTO')],
  ])('what one changes, the other keeps to at once: %s', async (_name, change, undo) => {
    const before = await leave();
    // Both hubs have the configuration of before in memory.
    await nextDoor(createBrowser()).get(authorizeUrl(one, federation.clientId).url);
    await change();
    const denied = await nextDoor(before.browser).get(before.callback);
    expect(denied.location?.includes('code=') ?? false).toBe(false);
    expect(denied.status).toBeLessThan(500);
    await undo();
    const after = await leave();
    const back = await nextDoor(after.browser).get(after.callback);
    await expectSignedIn(one, federation, after.verifier, back);
  });

  async function setCreation(action: string): Promise<void> {
    const path = `/api/v1/idps/${federation.idpId}`;
    const idp = await one.api<{ policy: { provisioning: { action: string } } }>('GET', path);
    idp.policy.provisioning.action = action;
    await one.api('PUT', path, idp);
  }

  it('a user whom one suspends is not let in by the other', async () => {
    const { browser, verifier, callback } = await leave({ scope: 'openid offline_access' });
    const code = new URL((await browser.get(callback)).location!).searchParams.get('code')!;
    const { body } = await redeem(one, federation, code, verifier);
    const { sub } = JSON.parse(Buffer.from(body.id_token!.split('.')[1]!, 'base64url').toString()) as { sub: string };
    expect((await nextDoor(browser).get(`${one.url}/account`)).status).toBe(200);
    await one.api('POST', `/api/v1/users/${sub}/lifecycle/suspend`);
    expect((await nextDoor(browser).get(`${one.url}/account`)).status).toBe(303);
    const headers = { authorization: `Bearer ${body.access_token}` };
    expect((await fetch(`${two.url}/oauth2/v1/userinfo`, { headers })).status).toBe(401);
  });
});
