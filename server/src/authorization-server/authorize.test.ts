import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  answerOf,
  contentOf,
  type Harness,
  proofKey,
  REDIRECT,
  request,
  startAuthorizationServer,
} from '../../test/support/authorization-server.ts';
import { MINUTE } from '../shared/clock.ts';
import type { Client } from './index.ts';

let hub: Harness;
let client: Client;
beforeAll(async () => {
  hub = await startAuthorizationServer();
  client = await hub.application();
});
afterAll(() => hub.close());
beforeEach(() => {
  hub.session = hub.newSession();
  hub.signsIn = () => hub.newSession();
  hub.begun.length = 0;
});

const AUTHORIZE = '/oauth2/v1/authorize';
const authorize = (parameters: Record<string, string> = {}, to = client) => hub.get(AUTHORIZE, request(to, parameters));
const errorsOf = async (parameters: Record<string, string>, to = client) => {
  const { error, error_description: description } = answerOf(await authorize(parameters, to));
  return [error, description];
};

describe('errors that stay at the hub', () => {
  test.each([
    ['an unknown client', { client_id: 'nobody' }, 401, 'invalid_client', "Invalid value for 'client_id' parameter."],
    ['no client', { client_id: '' }, 401, 'invalid_client', "Invalid value for 'client_id' parameter."],
    [
      'a foreign redirect URI',
      { redirect_uri: 'https://evil.com/' },
      400,
      'invalid_request',
      "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings.",
    ],
    [
      'no redirect URI',
      { redirect_uri: '' },
      400,
      'invalid_request',
      "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings.",
    ],
  ])(
    '%s: a page, or JSON for a program, never a redirect',
    async (_name, parameters, status, error, error_description) => {
      const json = await hub.get(AUTHORIZE, request(client, parameters), { accept: 'application/json' });
      expect([json.status, await json.json()]).toEqual([status, { error, error_description }]);
      const page = await hub.get(AUTHORIZE, request(client, parameters), {
        accept: 'text/html,application/json;q=0.9',
      });
      expect([page.status, page.headers.get('location')]).toEqual([status, null]);
      expect(page.headers.get('content-type')).toMatch('text/html');
      expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(await page.text()).toContain(error_description);
    },
  );

  test('an inactive application counts as unknown', async () => {
    expect((await authorize({}, await hub.application({ status: 'INACTIVE' }))).status).toBe(401);
  });

  test.each(['client_id', 'redirect_uri'])('a repeated %s is not trusted', async (name) => {
    const twice = new URLSearchParams(request(client));
    twice.append(name, name === 'client_id' ? client.clientId : REDIRECT);
    const answer = await fetch(`${hub.baseUrl}${AUTHORIZE}?${twice}`, { redirect: 'manual' });
    expect(answer.headers.get('location')).toBeNull();
    expect(answer.status).toBeGreaterThanOrEqual(400);
  });
});

describe('errors that go to the application', () => {
  const nonceText =
    "The 'nonce' parameter is required for authorize requests with either the 'id_token' or 'token' response types..";
  test.each([
    [
      'an unknown response type',
      { response_type: 'token' },
      'unsupported_response_type',
      'The response type is not supported by the authorization server. Configured response types: [code, id_token]',
    ],
    [
      'no response type',
      { response_type: '' },
      'unsupported_response_type',
      'The response type is not supported by the authorization server. Configured response types: [code, id_token]',
    ],
    [
      'an unknown response mode',
      { response_mode: 'okta_post_message' },
      'unsupported_response_mode',
      'The response mode is not supported by the authorization server. Configured response modes: [query, fragment, form_post]',
    ],
    [
      'tokens in the query',
      { response_type: 'id_token', response_mode: 'query' },
      'unsupported_response_mode',
      "'query' response mode cannot be used with either the 'id_token' or 'token' response types.",
    ],
    ['a request object', { request: 'x.y.z' }, 'request_not_supported', "The 'request' parameter is not supported."],
    [
      'a request URI',
      { request_uri: 'https://evil.com/r' },
      'request_uri_not_supported',
      "The 'request_uri' parameter is not supported.",
    ],
    [
      'an endless state',
      { state: 'x'.repeat(2049) },
      'invalid_request',
      "The authentication request has an invalid 'state' parameter.",
    ],
    [
      'a state with control characters',
      { state: 'a\nb' },
      'invalid_request',
      "The authentication request has an invalid 'state' parameter.",
    ],
    ['no scope', { scope: '' }, 'invalid_scope', 'No scopes were requested.'],
    [
      'an unknown scope',
      { scope: 'openid admin' },
      'invalid_scope',
      'One or more scopes are not configured for the authorization server resource.',
    ],
    [
      'an ID token without openid',
      { response_type: 'id_token', scope: 'email' },
      'invalid_scope',
      "The 'openid' scope is required for response types that contain 'id_token'.",
    ],
    ['an ID token without nonce', { response_type: 'id_token', nonce: '' }, 'invalid_request', nonceText],
    ['a hybrid without nonce', { response_type: 'code id_token', nonce: '' }, 'invalid_request', nonceText],
    [
      'a method without challenge',
      { code_challenge_method: 'S256' },
      'invalid_request',
      'PKCE code challenge is required by the application.',
    ],
    [
      'the method plain',
      { code_challenge: proofKey().verifier, code_challenge_method: 'plain' },
      'invalid_request',
      "The 'code_challenge_method' parameter must be 'S256'.",
    ],
    [
      'a challenge without method',
      { code_challenge: proofKey().challenge },
      'invalid_request',
      "The 'code_challenge_method' parameter must be 'S256'.",
    ],
    [
      'a challenge that is no digest',
      { code_challenge: 'short', code_challenge_method: 'S256' },
      'invalid_request',
      "The 'code_challenge' parameter is not a SHA-256 digest in base64url.",
    ],
    ['an unknown prompt', { prompt: 'create' }, 'invalid_request', "The 'prompt' parameter has an invalid value."],
    [
      'none beside another prompt',
      { prompt: 'none login' },
      'invalid_request',
      "The 'prompt' parameter has an invalid value.",
    ],
    [
      'a max_age that is no number',
      { max_age: '-1' },
      'invalid_request',
      "The 'max_age' parameter has an invalid value.",
    ],
    [
      'an unknown identity provider',
      { idp: '0oaUnknown0000000001' },
      'invalid_request',
      'Identity provider is not valid.',
    ],
    [
      'scopes for the identity provider',
      { idp: '0oaUsable00000000001', idp_scope: 'x' },
      'invalid_request',
      "The 'idp_scope' parameter is not allowed: the scopes of the identity provider are fixed by its settings.",
    ],
    [
      'an endless login hint',
      { login_hint: 'x'.repeat(1025) },
      'invalid_request',
      "The 'login_hint' parameter has an invalid value.",
    ],
    [
      'a forged ID token as hint',
      { id_token_hint: 'eyJhbGciOiJub25lIn0.e30.' },
      'invalid_request',
      "The 'id_token_hint' parameter has an invalid value.",
    ],
  ])('%s', async (_name, parameters, error, description) => {
    const answer = await authorize(parameters as Record<string, string>);
    const bad = 'state' in parameters;
    expect(answer.headers.get('location')).toMatch(REDIRECT);
    expect(answerOf(answer)).toEqual({
      error,
      error_description: description,
      iss: hub.baseUrl,
      ...(bad ? {} : { state: 's-1' }),
    });
    expect(hub.begun).toEqual([]);
  });

  test.each(['scope', 'state', 'nonce', 'response_type', 'x'])('a repeated %s', async (name) => {
    const twice = new URLSearchParams(request(client));
    twice.append(name, 'y');
    if (name === 'x') twice.append(name, 'z');
    const answer = await fetch(`${hub.baseUrl}${AUTHORIZE}?${twice}`, { redirect: 'manual' });
    expect(answerOf(answer)).toMatchObject({
      error: 'invalid_request',
      error_description: `The '${name}' parameter was sent more than once.`,
    });
  });

  test('a response type that the application does not have', async () => {
    const only = await hub.application({ responseTypes: ['code'] });
    expect((await errorsOf({ response_type: 'id_token' }, only))[1]).toBe(
      'The response type is not supported by the authorization server. Configured response types: [code]',
    );
  });

  test('PKCE is required where the application says so, and of every public client', async () => {
    const expected = ['invalid_request', 'PKCE code challenge is required by the application.'];
    expect(await errorsOf({}, await hub.application({ requirePkce: true }))).toEqual(expected);
    expect(await errorsOf({}, await hub.application({ authMethod: 'none' }))).toEqual(expected);
    const pkce = { code_challenge: proofKey().challenge, code_challenge_method: 'S256' };
    expect(answerOf(await authorize(pkce, await hub.application({ authMethod: 'none' })))).toHaveProperty('code');
  });

  test('are recorded for the administrator', async () => {
    const watched = await hub.application();
    await authorize({ redirect_uri: 'https://evil.com/' }, watched);
    await authorize({ scope: 'admin' }, watched);
    const events = (await hub.events('app.oauth2.authorize')).filter(({ targets }) => targets.includes(watched.id));
    expect(events.map(({ outcome }) => outcome)).toEqual(['FAILURE', 'FAILURE']);
  });
});

test('HEAD is not answered: it would issue a code', async () => {
  const answer = await fetch(`${hub.baseUrl}${AUTHORIZE}?${new URLSearchParams(request(client))}`, {
    method: 'HEAD',
    redirect: 'manual',
  });
  expect([answer.status, answer.headers.get('location')]).toEqual([405, null]);
});

describe('a right request', () => {
  test('without a session goes to the sign-in, as data, without a statement', async () => {
    hub.session = null;
    hub.statements();
    const { challenge } = proofKey();
    await authorize({
      code_challenge: challenge,
      code_challenge_method: 'S256',
      idp: '0oaUsable00000000001',
      login_hint: 'ada@example.com',
      acr_values: 'http://idmanagement.gov/ns/assurance/ial/2',
      ui_locales: 'fr en',
      max_age: '60',
      prompt: 'consent',
    });
    expect(hub.statements()).toBe(0);
    expect(hub.begun).toEqual([
      {
        issuer: hub.baseUrl,
        appId: client.id,
        clientId: client.clientId,
        redirectUri: REDIRECT,
        responseType: 'code',
        responseMode: 'query',
        scopes: ['openid', 'profile', 'email'],
        state: 's-1',
        nonce: 'n-1',
        codeChallenge: challenge,
        prompt: ['consent'],
        maxAge: 60,
        loginHint: 'ada@example.com',
        acrValues: 'http://idmanagement.gov/ns/assurance/ial/2',
        uiLocales: 'fr en',
        idpId: '0oaUsable00000000001',
        requestedAt: expect.any(Number),
      },
    ]);
  });

  test('with a session is answered in one statement, and recorded', async () => {
    const own = await hub.application();
    hub.statements();
    const answer = await authorize({}, own);
    expect(hub.statements()).toBe(1);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([302, 'no-store']);
    expect(answerOf(answer)).toEqual({
      code: expect.stringMatching(/^hub_ac_[\w-]{43}$/),
      state: 's-1',
      iss: hub.baseUrl,
    });
    for (const type of ['user.authentication.sso', 'app.oauth2.authorize.code']) {
      expect((await hub.events(type)).filter(({ targets }) => targets.includes(own.id))).toHaveLength(1);
    }
  });

  test('may come by POST, and needs neither state nor nonce', async () => {
    const answer = await hub.post(AUTHORIZE, request(client, { state: '', nonce: '' }));
    expect(answer.status).toBe(303);
    expect(answerOf(answer)).toEqual({ code: expect.any(String), iss: hub.baseUrl });
  });

  test('keeps the bytes of the redirect URI and adds to its query', async () => {
    const uri = 'https://app.example.com/cb?tenant=a%20b&x';
    const own = await hub.application({ redirectUris: [uri] });
    const answer = await authorize({ redirect_uri: uri }, own);
    expect(answer.headers.get('location')).toMatch(/^https:\/\/app\.example\.com\/cb\?tenant=a%20b&x&code=hub_ac_/);
  });

  test('the ID token of the implicit flow has all claims of its scopes', async () => {
    const answer = answerOf(
      await authorize({ response_type: 'id_token', scope: 'openid profile email phone address' }),
    );
    expect(answer).not.toHaveProperty('code');
    expect(contentOf(answer.id_token)).toMatchObject({
      aud: client.clientId,
      nonce: 'n-1',
      given_name: 'Ada',
      family_name: 'Lovelace',
      locale: 'en_GB',
      updated_at: expect.any(Number),
      email_verified: true,
      phone_number: '+44 20 7946 0000',
      address: { locality: 'London' },
    });
  });

  test('the hybrid flow gives both, bound to each other', async () => {
    const answer = await authorize({ response_type: 'id_token code' });
    expect(answer.headers.get('location')).toContain('#');
    const { code, id_token: idToken } = answerOf(answer);
    expect(code).toMatch(/^hub_ac_/);
    expect(contentOf(idToken).c_hash).toMatch(/^[\w-]{22}$/);
    expect(contentOf(idToken)).not.toHaveProperty('given_name');
  });

  test('a user who is not assigned is refused, an assigned one is not', async () => {
    const own = await hub.application({ assignedToEveryone: false });
    expect(await errorsOf({}, own)).toEqual(['access_denied', 'User is not assigned to the client application.']);
    hub.session = hub.newSession({ assigned: (id) => id === own.id });
    expect(answerOf(await authorize({}, own))).toHaveProperty('code');
  });

  test('offline_access is left out where it cannot work', async () => {
    hub.session = null;
    await authorize({ response_type: 'id_token', scope: 'openid offline_access' });
    await authorize({ scope: 'openid offline_access' }, await hub.application({ grantTypes: ['authorization_code'] }));
    await authorize({ scope: 'openid offline_access' });
    expect(hub.begun.map(({ scopes }) => scopes)).toEqual([['openid'], ['openid'], ['openid', 'offline_access']]);
  });
});

describe('prompt and max_age (P11)', () => {
  test('none: an answer from the session, or login_required', async () => {
    expect(answerOf(await authorize({ prompt: 'none' }))).toHaveProperty('code');
    hub.session = null;
    expect(await errorsOf({ prompt: 'none' })).toEqual([
      'login_required',
      'The client specified not to prompt, but the user is not logged in.',
    ]);
    expect(hub.begun).toEqual([]);
  });

  test.each(['login', 'login consent', 'select_account'])(
    '%s: a fresh sign-in in spite of the session',
    async (prompt) => {
      await authorize({ prompt });
      expect(hub.begun).toHaveLength(1);
    },
  );

  test('max_age: the session while it is young enough', async () => {
    hub.clock.advance(5 * MINUTE);
    await authorize({ max_age: '301' });
    expect(hub.begun).toHaveLength(0);
    await authorize({ max_age: '299' });
    await authorize({ max_age: '0' });
    expect(hub.begun).toHaveLength(2);
    expect(await errorsOf({ max_age: '299', prompt: 'none' })).toEqual(['login_required', expect.any(String)]);
  });

  test('a sign-in that brings an old authentication does not pass for a fresh one', async () => {
    hub.session = null;
    const stale = new Date(hub.clock.now().getTime() - 10 * MINUTE);
    hub.signsIn = () => hub.newSession({ authTime: stale });
    expect((await errorsOf({ prompt: 'login' }))[0]).toBe('login_required');
    expect((await errorsOf({ max_age: '60' }))[0]).toBe('login_required');
    expect(answerOf(await authorize({ max_age: '600' }))).toHaveProperty('code');
    expect(answerOf(await authorize())).toHaveProperty('code');
  });

  test('another user than the one that the hint names is not answered for', async () => {
    const { id_token: hint } = answerOf(await authorize({ response_type: 'id_token' }));
    const named = { id_token_hint: hint as string };
    expect(answerOf(await authorize({ ...named, prompt: 'none' }))).toHaveProperty('code');
    const other = () => hub.newSession({ userId: '00uSomebodyElse00001' });
    hub.session = other();
    expect((await errorsOf({ ...named, prompt: 'none' }))[0]).toBe('login_required');
    hub.signsIn = other;
    expect(await errorsOf(named)).toEqual([
      'login_required',
      'Another user than the one that the application named signed in.',
    ]);
    hub.signsIn = () => hub.newSession();
    expect(answerOf(await authorize(named))).toHaveProperty('code');
    const foreign = await hub.application();
    expect((await errorsOf(named, foreign))[0]).toBe('invalid_request');
  });
});

describe('form_post (P5)', () => {
  const hostile = `"><script>alert('x')</script>&amp;`;

  test('is a form for the very target, under a nonce, with a button', async () => {
    const answer = await authorize({ response_mode: 'form_post', response_type: 'id_token', state: hostile });
    expect([answer.status, answer.headers.get('location')]).toEqual([200, null]);
    const policy = answer.headers.get('content-security-policy') ?? '';
    const html = await answer.text();
    const nonce = /script-src 'nonce-([\w-]+)'/.exec(policy)?.[1];
    expect(policy).toContain(`form-action ${REDIRECT}`);
    expect(policy).toContain("default-src 'none'");
    expect(html).toContain(`<script nonce="${nonce}">`);
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).toMatch(
      new RegExp(`<form[^>]* method="post" action="${REDIRECT}">.*<button[^>]*>Continue</button></form>`),
    );
    expect(html).toContain('&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;');
    expect(html).toMatch(/name="id_token" value="[\w.-]+"/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test('an application on the device, which no form can be posted to, gets the fragment', async () => {
    const own = await hub.application({ applicationType: 'native' });
    (own.redirectUris as string[]).push('com.example.app:/callback');
    const answer = await authorize({ redirect_uri: 'com.example.app:/callback', response_mode: 'form_post' }, own);
    expect(answer.headers.get('location')).toMatch(/^com\.example\.app:\/callback#/);
  });

  test('errors travel in it as well, and in the fragment where tokens would', async () => {
    const posted = await authorize({ response_mode: 'form_post', scope: 'x', state: hostile });
    expect(await posted.text()).toContain('name="error" value="invalid_scope"');
    const fragment = await authorize({ response_type: 'id_token', scope: 'x' });
    expect(fragment.headers.get('location')).toContain('#error=invalid_scope');
  });

  test.each(['javascript:alert(1)', 'data:text/html,x', 'JAVASCRIPT:alert(1)//'])(
    'never goes to %s, registered or not',
    async (uri) => {
      const own = await hub.application({ applicationType: 'native' });
      (own.redirectUris as string[]).push(uri);
      const answer = await authorize({ redirect_uri: uri, response_mode: 'form_post' }, own);
      expect(answer.status).toBe(400);
      expect(await answer.text()).not.toContain('<form');
    },
  );
});
