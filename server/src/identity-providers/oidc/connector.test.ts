import { createHash } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, importJWK, jwtVerify } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createSignIn, fixedClock, type SignInOptions, START } from '../../../test/support/oidc-connector.ts';
import { type StubProvider, startStubProvider } from '../../../test/support/stub-openid-provider.ts';
import { connectorConformance } from '../conformance.ts';
import type { ClientKey } from './client-authentication.ts';

const clock = fixedClock();
let provider: StubProvider;
let hub: ReturnType<typeof createSignIn>;
let clientKey: ClientKey;
let clientPublicJwk: Record<string, unknown>;

beforeAll(async () => {
  provider = await startStubProvider(clock.now);
  const pair = await generateKeyPair('RS256', { extractable: true });
  clientKey = { kid: 'hub-key', key: pair.privateKey };
  clientPublicJwk = (await exportJWK(pair.publicKey)) as Record<string, unknown>;
  hub = createSignIn(provider, clock, async () => clientKey);
});
afterEach(() => provider.reset());
afterAll(async () => {
  await hub.close();
  await provider.close();
});

const identityOf = async (options: SignInOptions = {}) => {
  const { result } = await hub.signIn(options);
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.reason}`);
  return result.value;
};
const refusalOf = async (options: SignInOptions = {}) => {
  const { result } = await hub.signIn(options);
  if (result.ok) throw new Error('accepted');
  return result.error;
};
const bring = (parameters: Record<string, string>) => ({
  bring: () => new URLSearchParams({ ...parameters, state: START.state }),
});
const json =
  (body: unknown, status = 200) =>
  () => ({ status, body: JSON.stringify(body) });

connectorConformance('OpenID Connect', () => ({
  connector: hub.connector(),
  start: { ...START, now: clock.now() },
  now: clock.now,
  genuineAnswer: async ({ outgoing }) => provider.answer(outgoing.kind === 'redirect' ? outgoing.url : ''),
  cancelledAnswer: async () => new URLSearchParams({ error: 'access_denied', state: START.state }),
  whileUnreachable: async (work) => {
    provider.token = () => ({ status: 503, body: '' });
    await work();
    provider.token = null;
  },
  secrets: () => [
    provider.clientSecret,
    'access-1',
    'eyJ',
    ...provider.received.token.map(({ parameters }) => parameters.get('code_verifier')!),
  ],
}));

describe('the authorization request', () => {
  it('carries exactly what is configured, a state, a nonce and an S256 challenge', async () => {
    const { url, begun } = await hub.signIn();
    const memory = begun.remember as { nonce: string; verifier: string };
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'client-1',
      redirect_uri: 'https://hub.example.com/oauth2/v1/authorize/callback',
      response_type: 'code',
      response_mode: 'query',
      scope: 'openid teacher',
      state: START.state,
      nonce: memory.nonce,
      code_challenge: createHash('sha256').update(memory.verifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    expect(url.search).toContain('scope=openid%20teacher');
    expect(memory.verifier).toMatch(/^[\w-]{43}$/);
  });

  it('passes on what the application asked for', async () => {
    const { url } = await hub.signIn({
      start: { loginHint: 'ada@example.com', prompt: 'login', maxAge: 0, acrValues: 'a b', uiLocales: 'nl' },
      settings: {},
    });
    const sent = Object.fromEntries(url.searchParams);
    expect(sent).toMatchObject({
      login_hint: 'ada@example.com',
      prompt: 'login',
      max_age: '0',
      acr_values: 'a b',
      ui_locales: 'nl',
    });
  });

  it('names the application where the provider is to know it, and nowhere else', async () => {
    const start = { application: { id: '0oaShop', name: 'The Shop' } };
    const { url } = await hub.signIn({ start, settings: { sendApplicationContext: true } });
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      OktaAppInstanceId: '0oaShop',
      OktaAppName: 'The Shop',
    });
    const others = [
      await hub.signIn({ start, settings: { sendApplicationContext: false } }),
      await hub.signIn({ settings: { sendApplicationContext: true } }),
    ];
    for (const other of others) expect([...other.url.searchParams.keys()].join()).not.toContain('OktaApp');
  });

  it('keeps the parameters of the configured address, and none can replace one of ours', async () => {
    const authorizationUrl = `${provider.url}/authorize?tenant=a%2Fb&op=signup&scope=everything&state=fixed`;
    const { url } = await hub.signIn({ settings: { authorizationUrl } });
    expect(url.searchParams.get('tenant')).toBe('a/b');
    expect(url.searchParams.get('op')).toBe('signup');
    expect(url.searchParams.getAll('scope')).toEqual(['openid teacher']);
    expect(url.searchParams.getAll('state')).toEqual([START.state]);
  });

  it('uses a redirect URI of the provider and form_post where configured', async () => {
    const { url } = await hub.signIn({ settings: { perIdpRedirectUri: true, responseMode: 'form_post' } });
    expect(url.searchParams.get('redirect_uri')).toBe('https://hub.example.com/oauth2/v1/authorize/callback/0oa1');
    expect(url.searchParams.get('response_mode')).toBe('form_post');
    expect(provider.received.token[0]!.parameters.get('redirect_uri')).toBe(
      'https://hub.example.com/oauth2/v1/authorize/callback/0oa1',
    );
  });

  it('has no challenge where PKCE is switched off, and then sends no verifier', async () => {
    const { url, result } = await hub.signIn({ settings: { pkce: false } });
    expect(url.searchParams.has('code_challenge')).toBe(false);
    expect(provider.received.token[0]!.parameters.has('code_verifier')).toBe(false);
    expect(result.ok).toBe(true);
  });
});

describe('the identity', () => {
  it('is what the ID token says, without what only binds it', async () => {
    provider.claims = {
      fname: 'Ada',
      mname: null,
      address: { locality: 'Gent' },
      acr: 'ial2',
      amr: ['otp'],
      auth_time: 1000,
      email_verified: true,
      groups: ['a', 'b'],
    };
    const identity = await identityOf();
    expect(identity).toMatchObject({
      subject: 'subject-1',
      subjectFormat: 'oidc',
      issuer: provider.issuer,
      emailVerified: true,
      groups: ['a', 'b'],
      once: [],
    });
    expect(identity.assurance).toEqual({ acr: 'ial2', amr: ['otp'], authTime: 1000 });
    expect(identity.claims).toMatchObject({ email: 'ada@example.com', fname: 'Ada', address: { locality: 'Gent' } });
    expect(identity.claims).not.toHaveProperty('mname');
    expect(identity.claims).not.toHaveProperty('nonce');
    expect(provider.received.userInfo).toEqual([]);
  });

  it('asks userinfo only where an endpoint is set, and keeps the ID token above it', async () => {
    provider.userInfo = json({
      sub: 'subject-1',
      email: 'other@example.com',
      email_verified: true,
      phone: '1',
      iss: 'x',
      aud: 'y',
    });
    const identity = await identityOf({ settings: { userInfoUrl: `${provider.url}/userinfo` } });
    expect(provider.received.userInfo[0]!.authorization).toBe('Bearer access-1');
    expect(identity.claims).toMatchObject({
      email: 'ada@example.com',
      phone: '1',
      iss: provider.issuer,
      aud: 'client-1',
    });
    expect(identity.emailVerified).toBeNull();
  });

  it('reads a quoted JWT only where that is configured', async () => {
    const jwt = await provider.sign({ sub: 'subject-1', iss: provider.issuer, aud: 'client-1', fname: 'Gary' });
    provider.userInfo = json(JSON.stringify(jwt));
    const settings = { userInfoUrl: `${provider.url}/userinfo`, hints: { userInfo: 'Leave this blank.' } };
    const refusal = await refusalOf({ settings });
    expect(refusal).toMatchObject({
      code: 'userinfo_not_json',
      hint: 'Leave this blank.',
      client: { error: 'access_denied', description: 'The UserInfo response is invalid.' },
    });
    expect(refusal.reason).toContain('JSON string');
    expect((await identityOf({ settings: { ...settings, userInfoForm: 'quoted_jwt' } })).claims.fname).toBe('Gary');
    provider.userInfo = () => ({ type: 'application/jwt', body: jwt });
    expect((await identityOf({ settings: { ...settings, userInfoForm: 'jwt' } })).claims.fname).toBe('Gary');
  });

  it.each([
    ['userinfo_unreachable', { status: 500, body: '{}' }, 'answered 500'],
    ['userinfo_refused', { status: 401, body: '{}' }, 'answered 401'],
    ['userinfo_not_json', { type: 'text/html', body: '<html>' }, 'page'],
    ['userinfo_not_json', { body: '' }, 'empty'],
    ['userinfo_not_json', { body: '[]' }, 'list'],
    ['userinfo_not_json', { body: '"eyJhbGciOiJSUzI1NiJ9.e30.x"' }, 'a quoted JWT'],
  ])('is refused with %s for a userinfo answer that is of no use: %j', async (code, answer, words) => {
    provider.userInfo = () => answer;
    const refusal = await refusalOf({ settings: { userInfoUrl: `${provider.url}/userinfo` } });
    expect(refusal.code).toBe(code);
    expect(refusal.reason).toContain(words);
  });
});

describe('the client authenticates', () => {
  const request = () => provider.received.token[0]!;

  it('with its secret in the body', async () => {
    await identityOf();
    expect(request().parameters.get('client_secret')).toBe(provider.clientSecret);
    expect(request().headers.authorization).toBeUndefined();
  });

  it('with its secret in the header', async () => {
    await identityOf({ settings: { clientAuthentication: 'client_secret_basic', clientSecret: 'a:b c' } });
    expect(Buffer.from(request().headers.authorization!.slice(6), 'base64').toString()).toBe('client-1:a%3Ab+c');
    expect(request().parameters.has('client_secret')).toBe(false);
  });

  it('with nothing but its id', async () => {
    await identityOf({ settings: { clientAuthentication: 'none', clientSecret: null } });
    expect(request().parameters.get('client_id')).toBe('client-1');
    expect(request().parameters.has('client_secret')).toBe(false);
  });

  it('with an assertion for the issuer alone, whatever the token endpoint (O11)', async () => {
    await identityOf({ settings: { clientAuthentication: 'private_key_jwt', clientSecret: null } });
    const assertion = request().parameters.get('client_assertion')!;
    expect(decodeProtectedHeader(assertion)).toMatchObject({ alg: 'RS256', kid: 'hub-key' });
    const { payload } = await jwtVerify(assertion, await importJWK(clientPublicJwk, 'RS256'), {
      currentDate: clock.now(),
    });
    const now = clock.now().getTime() / 1000;
    expect(payload).toMatchObject({ iss: 'client-1', sub: 'client-1', aud: provider.issuer, iat: now, exp: now + 60 });
    await identityOf({ settings: { clientAuthentication: 'private_key_jwt', clientSecret: null } });
    expect(decodeJwt(provider.received.token[1]!.parameters.get('client_assertion')!).jti).not.toBe(payload.jti);
  });
});

describe('an error of the provider at the callback', () => {
  it.each([
    ['access_denied', 'user_canceled_request', true],
    ['temporarily_unavailable', 'provider_unavailable', true],
    ['temporary_unavailable', 'provider_unavailable', true],
    ['server_error', 'provider_unavailable', true],
    ['login_required', 'provider_needs_interaction', true],
    ['interaction_required', 'provider_needs_interaction', true],
    ['consent_required', 'provider_needs_interaction', true],
    ['account_selection_required', 'provider_needs_interaction', true],
    ['invalid_scope', 'provider_scope_refused', false],
    ['invalid_client', 'provider_client_refused', false],
    ['unauthorized_client', 'provider_client_refused', false],
    ['invalid_redirect_uri', 'provider_redirect_uri_refused', false],
    ['invalid_request', 'provider_request_refused', false],
    ['unsupported_response_type', 'provider_request_refused', false],
    ['IDP-3200', 'provider_error', false],
    ['__proto__', 'provider_error', false],
  ])('%s becomes %s', async (error, code, recoverable) => {
    const refusal = await refusalOf(bring({ error, error_description: 'Because "of"\r\n\u202ethis' }));
    expect(refusal).toMatchObject({ code, recoverable });
    expect(refusal.reason).toContain(`Because 'of' this`);
    expect(provider.received.token).toEqual([]);
  });

  it('is given with the scopes that were sent, the redirect URI or the client id where they matter', async () => {
    const scope = await refusalOf({
      ...bring({ error: 'invalid_scope' }),
      settings: { hints: { scopes: 'Use the policy handle.' } },
    });
    expect(scope.reason).toContain('"openid teacher"');
    expect(scope.hint).toBe('Use the policy handle.');
    expect((await refusalOf(bring({ error: 'invalid_redirect_uri' }))).reason).toContain(
      'https://hub.example.com/oauth2/v1/authorize/callback',
    );
    expect((await refusalOf(bring({ error: 'invalid_client' }))).reason).toContain('client-1');
  });

  it("cuts what the provider says, and gives the application the contract's words only", async () => {
    const refusal = await refusalOf(bring({ error: 'x'.repeat(5000), error_description: 'y'.repeat(5000) }));
    expect(refusal.reason.length).toBeLessThan(600);
    expect(refusal.client).toEqual({ error: 'access_denied', description: 'Login failed.' });
  });

  it('is asked for when neither code nor error came', async () => {
    expect((await refusalOf(bring({}))).code).toBe('callback_code_missing');
    expect((await refusalOf(bring({ code: '' }))).code).toBe('callback_code_missing');
    expect((await refusalOf(bring({ code: 'x'.repeat(5000) }))).code).toBe('callback_code_malformed');
  });
});

describe('an error of the token endpoint', () => {
  it.each([
    [
      'token_client_refused',
      json({ error: 'invalid_client', error_description: 'Client authentication failed' }, 401),
      'client_secret_post',
    ],
    ['token_code_refused', json({ error: 'invalid_grant' }, 400), 'did not accept the code'],
    ['token_request_refused', json({ error: 'invalid_scope' }, 400), 'invalid_scope'],
    ['token_request_refused', json({ error: 'slow_down' }, 200), 'slow_down'],
    ['token_endpoint_unreachable', () => ({ status: 502, body: '' }), '502'],
    [
      'token_endpoint_unusable',
      () => ({ status: 302, headers: { location: 'http://169.254.169.254/' }, body: '' }),
      'redirect',
    ],
    ['token_response_invalid', () => ({ status: 404, type: 'text/html', body: '<html>' }), 'text/html'],
    ['token_response_invalid', () => ({ body: 'access_token=1' }), 'not a JSON object'],
    ['id_token_missing', json({ access_token: 'a', token_type: 'bearer' }), 'openid teacher'],
    ['id_token_encrypted', json({ id_token: 'a.b.c.d.e' }), 'encrypted'],
  ])('%s is told with what was measured', async (code, answer, words) => {
    provider.token = answer;
    const refusal = await refusalOf();
    expect(refusal.code).toBe(code);
    expect(refusal.reason).toContain(words);
    expect(refusal.reason).not.toContain(provider.clientSecret);
  });

  it('that is the exchange ends as row 20', async () => {
    provider.token = json({ error: 'invalid_grant' }, 400);
    expect((await refusalOf()).client).toEqual({
      error: 'invalid_social_token',
      description: 'Could not acquire access token from authorization code.',
    });
  });
});

describe('the trace', () => {
  it('tells each call with its status and time, and which claims came, without their values', async () => {
    const { steps } = await hub.signIn({ settings: { userInfoUrl: `${provider.url}/userinfo` } });
    expect(steps.map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual([
      'provider.returned PASSED',
      'provider.called PASSED',
      'provider.called PASSED',
      'identity.checked PASSED',
    ]);
    const claims = steps.at(-1)?.detail?.find(({ label }) => label === 'Claims');
    expect(claims?.received).toContain('email');
    expect(JSON.stringify(steps)).not.toContain('ada@example.com');
  });

  it('names the claims that were left out', async () => {
    provider.claims = { 'bad name': 1, constructor: 1, long: 'x'.repeat(9000), fine: 1 };
    const { steps, result } = await hub.signIn();
    expect(result.ok && Object.keys(result.value.claims)).not.toContain('constructor');
    const checked = steps.find(({ kind }) => kind === 'identity.checked');
    expect(checked?.outcome).toBe('CHANGED');
    expect(checked?.detail?.find(({ label }) => label === 'Left out')?.made).toEqual([
      'bad name: name',
      'constructor: name',
      'long: value too long',
    ]);
  });
});
