import * as client from 'openid-client';
import { isLoopbackUrl } from '../http/guards.ts';

const SCOPE = 'openid profile email offline_access';

export interface RelyingPartySettings {
  /** The hub's issuer. */
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Public base URL of the sample application; its redirect URI is `${url}/callback`. */
  url: string;
}

/** What is kept between leaving for the hub and coming back. */
export interface Departure {
  location: string;
  state: string;
  nonce: string;
  verifier: string;
}

export interface Tokens {
  idToken: string;
  claims: Record<string, unknown>;
  accessToken: string;
  refreshToken: string | undefined;
  /** null when the hub does not answer it; then `userinfoProblem` says why. */
  userinfo: Record<string, unknown> | null;
  userinfoProblem: string | null;
}

export interface RelyingParty {
  /** `extra`: parameters of the authorization request besides the usual ones (login_hint, idp, prompt). */
  depart(extra: Record<string, string>): Promise<Departure>;
  /** Checks the answer and redeems the code. Throws openid-client's errors. */
  arrive(currentUrl: URL, departure: Departure): Promise<Tokens>;
  refresh(tokens: Tokens): Promise<Tokens>;
  /** Where to sign out at the hub; null when it offers no such place. */
  signOutLocation(tokens: Tokens): Promise<string | null>;
}

/** Code flow with PKCE on openid-client. The hub's metadata is read at the first sign-in, and again after a failure. */
export function createRelyingParty({ issuer, clientId, clientSecret, url }: RelyingPartySettings): RelyingParty {
  let found: Promise<client.Configuration> | undefined;
  const configuration = () => {
    found ??= discover().catch((error: unknown) => {
      found = undefined;
      throw error;
    });
    return found;
  };
  const discover = async () => {
    const execute = [
      client.enableNonRepudiationChecks,
      ...(isLoopbackUrl(issuer) ? [client.allowInsecureRequests] : []),
    ];
    const auth = client.ClientSecretBasic(clientSecret);
    return client.discovery(new URL(issuer), clientId, undefined, auth, { execute });
  };
  return {
    async depart(extra) {
      const verifier = client.randomPKCECodeVerifier();
      const state = client.randomState();
      const nonce = client.randomNonce();
      const location = client.buildAuthorizationUrl(await configuration(), {
        redirect_uri: `${url}/callback`,
        scope: SCOPE,
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...extra,
      });
      return { location: location.href, state, nonce, verifier };
    },
    async arrive(currentUrl, { state, nonce, verifier }) {
      const config = await configuration();
      const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
      return tokensOf(config, await client.authorizationCodeGrant(config, currentUrl, checks));
    },
    async refresh(tokens) {
      const config = await configuration();
      return tokensOf(config, await client.refreshTokenGrant(config, tokens.refreshToken ?? ''), tokens);
    },
    async signOutLocation({ idToken }) {
      const config = await configuration();
      if (config.serverMetadata().end_session_endpoint === undefined) return null;
      return client.buildEndSessionUrl(config, { id_token_hint: idToken, post_logout_redirect_uri: url }).href;
    },
  };
}

type Response = client.TokenEndpointResponse & client.TokenEndpointResponseHelpers;

/** A refresh may leave out what has not changed: then the former value stays. */
async function tokensOf(config: client.Configuration, response: Response, former?: Tokens): Promise<Tokens> {
  const claims = (response.claims() as Record<string, unknown> | undefined) ?? former?.claims ?? {};
  const userinfo = await client.fetchUserInfo(config, response.access_token, String(claims.sub)).then(
    (answer) => ({ userinfo: answer as Record<string, unknown>, userinfoProblem: null }),
    (error: Error) => ({ userinfo: null, userinfoProblem: error.message }),
  );
  return {
    idToken: response.id_token ?? former?.idToken ?? '',
    claims,
    accessToken: response.access_token,
    refreshToken: response.refresh_token ?? former?.refreshToken,
    ...userinfo,
  };
}
