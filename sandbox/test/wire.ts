/** A relying party of the identity provider sandbox, on openid-client, without a browser. */
import * as client from 'openid-client';
import type { RunningIdme } from '../src/idme/index.ts';

export const REDIRECT_URI = 'http://localhost:9/callback';
export const POLICY = 'nist_aal2_ial2';
export const CLIENT = {
  client_id: 'relying-party',
  client_secret: 'a secret of the relying party',
  redirect_uris: [REDIRECT_URI],
  policies: [POLICY],
};
export const ALEX = 'alex.fielder@example.com';

export interface Prepared {
  config: client.Configuration;
  /** Address of the authorization request, state `s1`, nonce `n1`. */
  address: URL;
  redeem(location: string): Promise<client.TokenEndpointResponse & client.TokenEndpointResponseHelpers>;
}

/** Everything but the sign-in itself. The relying party checks signatures. */
export async function prepare({ issuer }: RunningIdme, secret = CLIENT.client_secret): Promise<Prepared> {
  const config = await client.discovery(new URL(issuer), CLIENT.client_id, secret, undefined, {
    execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
  });
  const verifier = client.randomPKCECodeVerifier();
  const address = client.buildAuthorizationUrl(config, {
    redirect_uri: REDIRECT_URI,
    scope: `openid ${POLICY}`,
    state: 's1',
    nonce: 'n1',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  const checks = { expectedState: 's1', expectedNonce: 'n1', pkceCodeVerifier: verifier, idTokenExpected: true };
  return { config, address, redeem: (location) => client.authorizationCodeGrant(config, new URL(location), checks) };
}

/** The authorization response: status and where it leads. */
export async function visit(address: URL | string) {
  const response = await fetch(address, { redirect: 'manual' });
  const location = response.headers.get('location') ?? '';
  const parameters = location === '' ? {} : Object.fromEntries(new URL(location, REDIRECT_URI).searchParams);
  return { status: response.status, location, parameters, text: await response.text() };
}

/** One whole sign-in through the approval that the control API has set. */
export async function signIn(idme: RunningIdme) {
  const party = await prepare(idme);
  const { location } = await visit(party.address);
  return { ...party, tokens: await party.redeem(location) };
}

/** What a relying party sees of a failed redemption: the error of the answer, or the claim or check that was refused. */
export async function refusalOf(redemption: Promise<unknown>): Promise<string> {
  try {
    await redemption;
    return 'accepted';
  } catch (error) {
    const { error: code, message, cause } = error as { error?: string; message: string; cause?: unknown };
    const detail = cause as { claim?: string; message?: string } | undefined;
    return code ?? detail?.claim ?? detail?.message ?? message;
  }
}
