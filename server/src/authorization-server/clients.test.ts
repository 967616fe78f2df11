/** Independent clients against the authorization server: what they verify is what applications will verify. */
import OktaJwtVerifier from '@okta/jwt-verifier';
import * as openid from 'openid-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Harness,
  proofKey,
  REDIRECT,
  request,
  SECRET,
  startAuthorizationServer,
} from '../../test/support/authorization-server.ts';
import type { Client } from './index.ts';

let hub: Harness;
beforeAll(async () => {
  hub = await startAuthorizationServer();
  hub.session = hub.newSession();
});
afterAll(() => hub.close());

const METHODS: Record<string, [change: Partial<Client>, authentication: openid.ClientAuth]> = {
  'client_secret_basic, RS256': [{}, openid.ClientSecretBasic(SECRET)],
  'client_secret_post, ES256': [
    { authMethod: 'client_secret_post', idTokenAlg: 'ES256' },
    openid.ClientSecretPost(SECRET),
  ],
  'a public client': [{ authMethod: 'none' }, openid.None()],
};

describe.each(['', '/oauth2/default'])('openid-client at issuer {B}%s', (path) => {
  test.each(Object.keys(METHODS))('completes the code flow: %s', async (name) => {
    const [change, authentication] = METHODS[name] as [Partial<Client>, openid.ClientAuth];
    const client = await hub.application(change);
    const metadata = { id_token_signed_response_alg: client.idTokenAlg };
    const config = await openid.discovery(new URL(hub.baseUrl + path), client.clientId, metadata, authentication, {
      execute: [openid.allowInsecureRequests, openid.enableNonRepudiationChecks],
    });
    const { verifier, challenge } = proofKey();
    const url = openid.buildAuthorizationUrl(config, {
      redirect_uri: REDIRECT,
      scope: 'openid profile email offline_access',
      code_challenge: challenge,
      code_challenge_method: 'S256',
      state: 'state-1',
      nonce: 'nonce-1',
      max_age: '3600',
    });
    const answer = await fetch(url, { redirect: 'manual' });
    const tokens = await openid.authorizationCodeGrant(config, new URL(answer.headers.get('location') as string), {
      pkceCodeVerifier: verifier,
      expectedState: 'state-1',
      expectedNonce: 'nonce-1',
      maxAge: 3600,
    });
    expect(tokens.claims()).toMatchObject({ sub: hub.userId, aud: client.clientId, iss: hub.baseUrl + path });
    const userinfo = await openid.fetchUserInfo(config, tokens.access_token, hub.userId);
    expect(userinfo).toMatchObject({ email: 'ada@example.com', given_name: 'Ada' });
    const refreshed = await openid.refreshTokenGrant(config, tokens.refresh_token as string);
    expect(refreshed.claims()?.sub).toBe(hub.userId);
    expect(await openid.tokenIntrospection(config, refreshed.access_token)).toMatchObject({
      active: true,
      uid: hub.userId,
    });
    await openid.tokenRevocation(config, refreshed.refresh_token as string);
    expect(await openid.tokenIntrospection(config, refreshed.access_token)).toEqual({ active: false });
  });

  test('completes the hybrid flow and the implicit one', async () => {
    const client = await hub.application();
    const config = await openid.discovery(
      new URL(hub.baseUrl + path),
      client.clientId,
      undefined,
      openid.ClientSecretPost(SECRET),
      {
        execute: [openid.allowInsecureRequests, openid.useCodeIdTokenResponseType],
      },
    );
    const wish = { redirect_uri: REDIRECT, scope: 'openid profile', state: 'state-1', nonce: 'nonce-1' };
    const hybrid = await fetch(openid.buildAuthorizationUrl(config, wish), { redirect: 'manual' });
    const tokens = await openid.authorizationCodeGrant(config, new URL(hybrid.headers.get('location') as string), {
      expectedState: 'state-1',
      expectedNonce: 'nonce-1',
    });
    expect(tokens.claims()?.sub).toBe(hub.userId);

    const implicit = await openid.discovery(new URL(hub.baseUrl + path), client.clientId, undefined, openid.None(), {
      execute: [openid.allowInsecureRequests, openid.useIdTokenResponseType],
    });
    const sent = await fetch(openid.buildAuthorizationUrl(implicit, wish), { redirect: 'manual' });
    const claims = await openid.implicitAuthentication(
      implicit,
      new URL(sent.headers.get('location') as string),
      'nonce-1',
      { expectedState: 'state-1' },
    );
    expect(claims).toMatchObject({ sub: hub.userId, given_name: 'Ada' });
  });
});

describe('the token verifier of the contract', () => {
  test('takes the ID token of the org and the access token of the alias', async () => {
    const client = await hub.application();
    const testing = { disableHttpsCheck: true };
    const atOrg = new OktaJwtVerifier({ issuer: hub.baseUrl, clientId: client.clientId, testing });
    const { id_token: idToken } = await hub.tokens(client);
    const verified = await atOrg.verifyIdToken(idToken as string, client.clientId, 'n-1');
    expect(verified.claims.sub).toBe(hub.userId);
    await expect(atOrg.verifyIdToken(idToken as string, client.clientId, 'other')).rejects.toThrow(/nonce/);
    await expect(
      atOrg.verifyIdToken(`${(idToken as string).slice(0, -4)}AAAA`, client.clientId, 'n-1'),
    ).rejects.toThrow(/ignature/);

    const atAlias = new OktaJwtVerifier({
      issuer: `${hub.baseUrl}/oauth2/default`,
      clientId: client.clientId,
      testing,
    });
    const begun = await hub.get('/oauth2/default/v1/authorize', request(client));
    const code = new URL(begun.headers.get('location') as string).searchParams.get('code') as string;
    const answer = await hub.post('/oauth2/default/v1/token', {
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT,
      client_id: client.clientId,
      client_secret: SECRET,
    });
    const { access_token: accessToken } = (await answer.json()) as { access_token: string };
    const access = await atAlias.verifyAccessToken(accessToken, 'api://default');
    expect(access.claims).toMatchObject({ sub: 'ada@example.com', uid: hub.userId, cid: client.clientId });
    await expect(atAlias.verifyAccessToken(accessToken, 'api://other')).rejects.toThrow(/aud/);
  });
});
