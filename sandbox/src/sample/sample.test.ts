import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser, type TestBrowser } from '../../test/browser.ts';
import { HUB_CLIENT, startTestHub, type TestHub } from '../../test/hub.ts';
import { type RunningSample, startSample } from './index.ts';

let hub: TestHub;
let sample: RunningSample;
let browser: TestBrowser;
beforeAll(async () => {
  hub = await startTestHub(() => sample.url);
  sample = await startSample({ port: 0, issuer: hub.issuer, ...HUB_CLIENT });
});
afterAll(async () => {
  await sample.close();
  await hub.close();
});
beforeEach(() => {
  browser = createBrowser(sample.url);
});

/** Leaves for the hub and comes back with its answer. */
async function answerOfHub(query = ''): Promise<string> {
  const { location } = await browser.get(`/login${query}`);
  return (await createBrowser(hub.issuer).get(location)).location;
}

async function signIn() {
  return browser.follow(await browser.get(await answerOfHub()));
}

describe('signing in', () => {
  test('uses code and PKCE and shows claims and userinfo, as text', async () => {
    const { location } = await browser.get('/login');
    const sent = Object.fromEntries(new URL(location).searchParams);
    expect(sent).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      redirect_uri: `${sample.url}/callback`,
    });
    const { text } = await signIn();
    expect(text).toContain('You are signed in');
    expect(text).toContain('alex.fielder@example.com');
    expect(text).toContain('Alex &lt;b&gt;Fielder&lt;/b&gt;');
  });

  test('hands login_hint and idp on to the hub, nothing else', async () => {
    const { location } = await browser.get('/login?idp=0oa1&login_hint=a@b.test&redirect_uri=https://evil.test');
    const { searchParams } = new URL(location);
    expect([searchParams.get('idp'), searchParams.get('login_hint')]).toEqual(['0oa1', 'a@b.test']);
    expect(searchParams.getAll('redirect_uri')).toEqual([`${sample.url}/callback`]);
  });

  test('starts for its own issuer only', async () => {
    expect((await browser.get(`/login?iss=${encodeURIComponent(hub.issuer)}`)).status).toBe(303);
    expect((await browser.get('/login?iss=https://evil.test')).status).toBe(400);
  });

  test('refreshes the tokens', async () => {
    await signIn();
    const { status, text } = await browser.follow(await browser.post('/refresh', {}));
    expect([status, text.includes('You are signed in')]).toEqual([200, true]);
  });

  test('signs out at the hub too', async () => {
    await signIn();
    const { searchParams, origin } = new URL((await browser.post('/sign-out', {})).location);
    expect(origin).toBe(hub.issuer);
    expect(searchParams.get('post_logout_redirect_uri')).toBe(sample.url);
    expect((await browser.get('/')).text).not.toContain('You are signed in');
  });
});

describe('an answer that does not fit', () => {
  test('in another browser is refused', async () => {
    const location = await answerOfHub();
    expect((await createBrowser(sample.url).get(location)).status).toBe(400);
    expect((await browser.get(location)).status).toBe(303);
  });

  test('a second time is refused', async () => {
    const location = await answerOfHub();
    await browser.get(location);
    expect((await browser.get(location)).status).toBe(400);
  });

  test("shows the hub's error", async () => {
    const { location } = await browser.get('/login');
    const state = new URL(location).searchParams.get('state') ?? '';
    const query = new URLSearchParams({
      error: 'access_denied',
      error_description: 'No <entry>',
      state,
      iss: hub.issuer,
    });
    const { status, text } = await browser.get(`/callback?${query}`);
    expect(status).toBe(400);
    expect(text).toContain('access_denied');
    expect(text).toContain('No &lt;entry&gt;');
  });
});

test('says so when the hub does not answer', async () => {
  const lonely = await startSample({ port: 0, issuer: 'http://localhost:1', ...HUB_CLIENT });
  const visitor = createBrowser(lonely.url);
  expect((await visitor.get('/')).status).toBe(200);
  expect((await visitor.get('/login')).status).toBe(502);
  await lonely.close();
});

test.each(['/', '/inspector', '/callback', '/nowhere'])('%s is visibly marked', async (path) => {
  expect((await browser.get(path)).text).toContain('Sandbox, not a real application');
});

test.each(['/healthz', '/readyz'])('%s answers', async (path) => {
  expect((await browser.get(path)).status).toBe(200);
});
