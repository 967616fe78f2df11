/** Applications as people write them: independent client libraries against a whole hub, with a provider behind it. */

import OktaJwtVerifier from '@okta/jwt-verifier';
import { OktaAuth, type OktaAuthOptions, type Tokens } from '@okta/okta-auth-js';
import * as openid from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestHub } from './support/app.ts';
import { type Browser, createBrowser } from './support/browser.ts';
import { atProvider, createClient, REDIRECT_URI } from './support/federation.ts';
import { createStage, type Stage } from './support/journey.ts';
import type { StubProvider } from './support/stub-openid-provider.ts';

let stage: Stage;
let hub: TestHub;
let provider: StubProvider;

beforeAll(async () => {
  stage = await createStage();
  ({ hub, provider } = stage);
});
afterAll(() => stage?.close());
beforeEach(() => {
  provider.reset();
  provider.claims = stage.newPerson();
});

const PUBLIC = { token_endpoint_auth_method: 'none' };
const LOGOUT_URI = 'http://localhost:4010/out';

/** From the application to the provider and back: where the hub sends the browser in the end. */
async function goes(url: string | URL, browser: Browser = createBrowser()): Promise<string> {
  const away = await browser.get(String(url));
  const back = away.location?.startsWith(provider.url) ? await atProvider(hub, provider, browser, away) : away;
  if (back.location === null) throw new Error(`The hub kept the browser: ${back.status}`);
  return back.location;
}

describe('openid-client', () => {
  const METHODS = {
    client_secret_basic: (secret: string) => openid.ClientSecretBasic(secret),
    client_secret_post: (secret: string) => openid.ClientSecretPost(secret),
    none: () => openid.None(),
  };

  it.each(Object.keys(METHODS) as (keyof typeof METHODS)[])(
    'signs a person in, reads userinfo, refreshes and signs out: %s',
    async (method) => {
      const application = method === 'none' ? { application_type: 'browser' } : {};
      const client = await createClient(
        hub,
        { ...application, post_logout_redirect_uris: [LOGOUT_URI] },
        { token_endpoint_auth_method: method },
      );
      const config = await openid.discovery(
        new URL(hub.url),
        client.clientId,
        undefined,
        METHODS[method](client.clientSecret),
        { execute: [openid.allowInsecureRequests, openid.enableNonRepudiationChecks] },
      );
      const pkceCodeVerifier = openid.randomPKCECodeVerifier();
      const [expectedState, expectedNonce] = [openid.randomState(), openid.randomNonce()];
      const browser = createBrowser();
      const url = openid.buildAuthorizationUrl(config, {
        redirect_uri: REDIRECT_URI,
        scope: 'openid profile email offline_access',
        code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
        code_challenge_method: 'S256',
        state: expectedState,
        nonce: expectedNonce,
      });
      const location = new URL(await goes(url, browser));
      const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true };
      const tokens = await openid.authorizationCodeGrant(config, location, checks);
      const claims = tokens.claims()!;
      expect(claims).toMatchObject({ iss: hub.url, aud: client.clientId, idp: stage.federation.idpId, amr: ['fed'] });

      const userinfo = await openid.fetchUserInfo(config, tokens.access_token, claims.sub);
      expect(userinfo).toMatchObject({
        email: provider.claims.email,
        given_name: 'Gary',
        family_name: 'Twinkle',
        preferred_username: provider.claims.email,
      });

      const refreshed = await openid.refreshTokenGrant(config, tokens.refresh_token!);
      expect(refreshed.claims()?.sub).toBe(claims.sub);
      expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);
      await openid.fetchUserInfo(config, refreshed.access_token, claims.sub);
      expect(await openid.tokenIntrospection(config, refreshed.access_token)).toMatchObject({ active: true });
      await openid.tokenRevocation(config, refreshed.refresh_token!);
      await expect(openid.refreshTokenGrant(config, refreshed.refresh_token!)).rejects.toMatchObject({
        error: 'invalid_grant',
      });

      const out = openid.buildEndSessionUrl(config, {
        id_token_hint: tokens.id_token!,
        post_logout_redirect_uri: LOGOUT_URI,
        state: 'bye',
      });
      expect((await browser.get(out.href)).location).toBe(`${LOGOUT_URI}?state=bye`);
      expect((await browser.get(`${hub.url}/account`)).status).toBe(303);
    },
  );

  it('signs a person in by its key (private_key_jwt)', async () => {
    const { publicKey, privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
      'sign',
      'verify',
    ]);
    const jwk = {
      ...(await crypto.subtle.exportKey('jwk', publicKey)),
      kid: 'key-of-the-application',
      use: 'sig',
      alg: 'ES256',
    };
    const client = await createClient(
      hub,
      { jwks: { keys: [jwk] } },
      { token_endpoint_auth_method: 'private_key_jwt' },
    );
    const key = { key: privateKey, kid: jwk.kid };
    const config = await openid.discovery(new URL(hub.url), client.clientId, undefined, openid.PrivateKeyJwt(key), {
      execute: [openid.allowInsecureRequests],
    });
    const pkceCodeVerifier = openid.randomPKCECodeVerifier();
    const url = openid.buildAuthorizationUrl(config, {
      redirect_uri: REDIRECT_URI,
      scope: 'openid',
      code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    });
    const tokens = await openid.authorizationCodeGrant(config, new URL(await goes(url)), { pkceCodeVerifier });
    expect(tokens.claims()?.aud).toBe(client.clientId);
  });

  it('reads why a sign-in ended as the error that the contract names', async () => {
    const config = await openid.discovery(new URL(hub.url), stage.federation.clientId, undefined, openid.None(), {
      execute: [openid.allowInsecureRequests],
    });
    provider.claims = stage.newPerson({ fname: undefined, lname: undefined });
    const url = openid.buildAuthorizationUrl(config, {
      redirect_uri: REDIRECT_URI,
      scope: 'openid',
      state: 'state-1',
      code_challenge: await openid.calculatePKCECodeChallenge(openid.randomPKCECodeVerifier()),
      code_challenge_method: 'S256',
    });
    const location = new URL(await goes(url));
    await expect(openid.authorizationCodeGrant(config, location, { expectedState: 'state-1' })).rejects.toMatchObject({
      error: 'jit_failure_missing_fields',
      error_description:
        "Unable to create the user. The following required properties are missing: 'firstName', 'lastName'.",
    });
  });
});

describe('okta-auth-js', () => {
  /** The library of a page, in Node: its storage is memory, and leaving is a value. */
  async function page(issuer: string, more: Partial<OktaAuthOptions> = {}) {
    const client = await createClient(
      hub,
      { application_type: 'browser', post_logout_redirect_uris: [LOGOUT_URI] },
      PUBLIC,
    );
    const leaves: string[] = [];
    const memory = new Map<string, string>();
    const storageProvider = {
      getItem: (key: string) => memory.get(key) ?? null,
      setItem: (key: string, value: string) => void memory.set(key, value),
      removeItem: (key: string) => void memory.delete(key),
    };
    const storage = { storageProvider: storageProvider as never };
    const sdk = new OktaAuth({
      issuer,
      clientId: client.clientId,
      redirectUri: REDIRECT_URI,
      postLogoutRedirectUri: LOGOUT_URI,
      scopes: ['openid', 'profile', 'email', 'offline_access'],
      setLocation: (url: string) => void leaves.push(url),
      storageManager: {
        token: storage,
        transaction: storage,
        'shared-transaction': storage,
        'original-uri': storage,
      } as never,
      tokenManager: { autoRenew: false, autoRemove: false },
      ...more,
    });
    // It asks for the address of the page even where it is given one to read.
    Object.assign(sdk.token.parseFromUrl, { _getLocation: () => new URL(REDIRECT_URI) });
    return { sdk, client, leaves };
  }

  async function signIn(issuer: string, browser: Browser, more: Partial<OktaAuthOptions> = {}, wish = {}) {
    const { sdk, client, leaves } = await page(issuer, more);
    await sdk.token.getWithRedirect({ state: 'state-of-the-page', ...wish });
    const location = await goes(leaves[0]!, browser);
    const { tokens, state } = await sdk.token.parseFromUrl({ url: location });
    expect(state).toBe('state-of-the-page');
    sdk.tokenManager.setTokens(tokens);
    return { sdk, client, tokens, asked: new URL(leaves[0]!) };
  }

  const issuers: [string, () => string][] = [
    ['{B}', () => hub.url],
    ['{B}/oauth2/default', () => `${hub.url}/oauth2/default`],
  ];

  it.each(issuers)(
    'at %s: code with a proof key, tokens in its manager, userinfo, renewal, revocation',
    async (_name, issuer) => {
      const { sdk, client, tokens, asked } = await signIn(issuer(), createBrowser());
      expect(asked.searchParams.get('code_challenge_method')).toBe('S256');
      const { idToken, accessToken, refreshToken } = (await sdk.tokenManager.getTokens()) as Required<Tokens>;
      expect(idToken.claims).toMatchObject({
        iss: issuer(),
        aud: client.clientId,
        email: provider.claims.email,
        idp: stage.federation.idpId,
      });
      expect(await sdk.isAuthenticated()).toBe(true);
      expect(await sdk.getUser()).toMatchObject({
        sub: idToken.claims.sub,
        given_name: 'Gary',
        family_name: 'Twinkle',
      });

      const renewed = await sdk.token.renewTokens();
      expect(renewed.accessToken?.accessToken).not.toBe(accessToken.accessToken);
      expect(renewed.idToken?.claims.sub).toBe(idToken.claims.sub);
      expect(renewed.refreshToken?.refreshToken).not.toBe(refreshToken.refreshToken);
      sdk.tokenManager.setTokens(renewed);

      await sdk.revokeAccessToken();
      await sdk.revokeRefreshToken();
      await expect(sdk.token.getUserInfo(renewed.accessToken!, renewed.idToken!)).rejects.toThrow();
      expect(tokens.idToken?.claims.nonce).toBe(asked.searchParams.get('nonce'));
    },
  );

  it('reads the answer in the fragment, and of the implicit flow', async () => {
    const fragment = await signIn(hub.url, createBrowser(), { responseMode: 'fragment' });
    expect(fragment.tokens.accessToken).toBeDefined();
    const implicit = await signIn(
      hub.url,
      createBrowser(),
      { pkce: false },
      { responseType: 'id_token', scopes: ['openid', 'email'] },
    );
    expect(implicit.asked.searchParams.has('code_challenge')).toBe(false);
    expect(implicit.tokens.idToken?.claims).toMatchObject({ email: provider.claims.email });
    expect(implicit.tokens.accessToken).toBeUndefined();
  });

  it('signs in again without a page while the session lasts, and is told when it does not', async () => {
    const browser = createBrowser();
    const first = await signIn(hub.url, browser);
    const again = await page(hub.url);
    await again.sdk.token.getWithRedirect({ prompt: 'none' });
    const location = await goes(again.leaves[0]!, browser);
    const { tokens } = await again.sdk.token.parseFromUrl({ url: location });
    expect(tokens.idToken?.claims.sub).toBe(first.tokens.idToken?.claims.sub);

    const elsewhere = await page(hub.url);
    await elsewhere.sdk.token.getWithRedirect({ prompt: 'none' });
    const refused = await goes(elsewhere.leaves[0]!);
    await expect(elsewhere.sdk.token.parseFromUrl({ url: refused })).rejects.toMatchObject({
      errorCode: 'login_required',
    });
  });

  it('chooses the provider by idp, passes a hint on, and is told of one that does not exist', async () => {
    const idpId = await stage.createIdp();
    const hinted = await page(hub.url);
    await hinted.sdk.token.getWithRedirect({ idp: idpId, loginHint: 'person@example.com' });
    const away = await createBrowser().get(hinted.leaves[0]!);
    expect(new URL(away.location!).searchParams.get('login_hint')).toBe('person@example.com');
    const wrong = await page(hub.url);
    await wrong.sdk.token.getWithRedirect({ idp: '0oaNobody' });
    const refused = await goes(wrong.leaves[0]!);
    await expect(wrong.sdk.token.parseFromUrl({ url: refused })).rejects.toMatchObject({
      errorCode: 'invalid_request',
    });
  });

  it('signs in by user name and password of a page of its own, and reads and ends the session', async () => {
    const login = `${stage.newPerson().email}`;
    const password = 'a long enough password';
    await hub.api('POST', '/api/v1/users', {
      profile: { login, email: login, firstName: 'Ada', lastName: 'Lovelace' },
      credentials: { password: { value: password } },
    });
    const { sdk, leaves } = await page(hub.url);
    await expect(sdk.signInWithCredentials({ username: login, password: 'wrong' })).rejects.toMatchObject({
      errorCode: 'E0000004',
    });
    const { status, sessionToken } = await sdk.signInWithCredentials({ username: login, password });
    expect(status).toBe('SUCCESS');
    await sdk.token.getWithRedirect({ sessionToken: sessionToken!, prompt: 'none' });
    const browser = createBrowser();
    const back = await browser.get(leaves[0]!);
    const { tokens } = await sdk.token.parseFromUrl({ url: back.location! });
    expect(tokens.idToken?.claims).toMatchObject({ preferred_username: login, amr: ['pwd'] });
    const [cookie] = [...browser.cookies(new URL(hub.url).host)].map((pair) => pair.join('='));
    const session = await fetch(`${hub.url}/api/v1/sessions/me`, {
      headers: { cookie: cookie!, origin: new URL(REDIRECT_URI).origin },
    });
    expect(await session.json()).toMatchObject({ login, status: 'ACTIVE' });
    // Without the cookie of a browser the library is told that there is no session.
    expect(await sdk.session.exists()).toBe(false);
  });

  it('refuses the state of another sign-in, and the same answer twice', async () => {
    const [mine, other] = [await page(hub.url), await page(hub.url)];
    await mine.sdk.token.getWithRedirect();
    const location = await goes(mine.leaves[0]!);
    await expect(other.sdk.token.parseFromUrl({ url: location })).rejects.toThrow();
    await mine.sdk.token.parseFromUrl({ url: location });
    await expect(mine.sdk.token.parseFromUrl({ url: location })).rejects.toThrow();
  });

  it('signs out here and there', async () => {
    const browser = createBrowser();
    const { sdk } = await signIn(hub.url, browser);
    // The library's types leave it out.
    const out = (sdk as unknown as { getSignOutRedirectUrl(): string }).getSignOutRedirectUrl();
    expect((await browser.get(out)).location).toBe(LOGOUT_URI);
    expect((await browser.get(`${hub.url}/account`)).status).toBe(303);
  });
});

describe('jwt-verifier', () => {
  const testing = { disableHttpsCheck: true };

  async function tokensAt(issuer: string) {
    const client = await createClient(hub);
    const config = await openid.discovery(
      new URL(issuer),
      client.clientId,
      undefined,
      openid.ClientSecretBasic(client.clientSecret),
      {
        execute: [openid.allowInsecureRequests],
      },
    );
    const pkceCodeVerifier = openid.randomPKCECodeVerifier();
    const url = openid.buildAuthorizationUrl(config, {
      redirect_uri: REDIRECT_URI,
      scope: 'openid profile email',
      nonce: 'nonce-1',
      code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    });
    const checks = { pkceCodeVerifier, expectedNonce: 'nonce-1' };
    return { client, tokens: await openid.authorizationCodeGrant(config, new URL(await goes(url)), checks) };
  }

  it('takes the ID token of issuer {B}', async () => {
    const { client, tokens } = await tokensAt(hub.url);
    const verifier = new OktaJwtVerifier({ issuer: hub.url, clientId: client.clientId, testing });
    const { claims } = await verifier.verifyIdToken(tokens.id_token!, client.clientId, 'nonce-1');
    expect(claims).toMatchObject({ email: provider.claims.email, idp: stage.federation.idpId });
    await expect(verifier.verifyIdToken(tokens.id_token!, client.clientId, 'nonce-2')).rejects.toThrow(/nonce/);
    await expect(verifier.verifyIdToken(tokens.id_token!, 'another', 'nonce-1')).rejects.toThrow(/audience|aud/);
    await expect(verifier.verifyAccessToken(tokens.access_token, hub.url)).rejects.toThrow();
  });

  it('takes the access token of {B}/oauth2/default for its audience, with the scopes that were asked for', async () => {
    const issuer = `${hub.url}/oauth2/default`;
    const { client, tokens } = await tokensAt(issuer);
    const wants = (scopes: string[]) =>
      new OktaJwtVerifier({ issuer, clientId: client.clientId, testing, assertClaims: { 'scp.includes': scopes } });
    const { claims } = await wants(['openid', 'email']).verifyAccessToken(tokens.access_token, 'api://default');
    expect(claims).toMatchObject({
      iss: issuer,
      cid: client.clientId,
      sub: provider.claims.email,
      uid: tokens.claims()?.sub,
    });
    await expect(wants(['admin']).verifyAccessToken(tokens.access_token, 'api://default')).rejects.toThrow(/scp/);
    await expect(wants([]).verifyAccessToken(tokens.access_token, 'api://other')).rejects.toThrow(/audience|aud/);
    const altered = `${tokens.access_token.slice(0, -6)}AAAAAA`;
    await expect(wants([]).verifyAccessToken(altered, 'api://default')).rejects.toThrow(/ignature/);
  });
});
