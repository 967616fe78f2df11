/** A hub for the tests of the sample application: an OpenID provider that signs one person in without asking. */
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Configuration, interactionPolicy } from 'oidc-provider';

export const HUB_CLIENT = { clientId: 'sample', clientSecret: 'a secret of the sample application' };
const signingKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ACCOUNT = '00u1person';

export interface TestHub {
  issuer: string;
  close(): Promise<void>;
}

/** `sampleUrl` is asked for when the first request comes, so that the sample application may start after the hub. */
export async function startTestHub(sampleUrl: () => string): Promise<TestHub> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  let provider: Provider | undefined;
  server.on('request', (request, response) => {
    provider ??= new Provider(issuer, configuration(sampleUrl()));
    return provider.callback()(request, response);
  });
  return {
    issuer,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function configuration(sampleUrl: string): Configuration {
  return {
    jwks: { keys: [{ ...signingKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'RS256' }] },
    ttl: { AccessToken: 300, AuthorizationCode: 60, Grant: 3_600, IdToken: 3_600, RefreshToken: 3_600, Session: 3_600 },
    clients: [
      {
        client_id: HUB_CLIENT.clientId,
        client_secret: HUB_CLIENT.clientSecret,
        redirect_uris: [`${sampleUrl}/callback`, `${sampleUrl}/inspector`],
        post_logout_redirect_uris: [sampleUrl],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_basic',
      },
    ],
    cookies: { keys: ['of the test'] },
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email'] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    interactions: { policy: [new interactionPolicy.Prompt({ name: 'login', requestable: true })] },
    issueRefreshToken: async () => true,
    extraParams: {
      hub_signs_in: (ctx) => ctx.oidc.session?.loginAccount({ accountId: ACCOUNT }),
    },
    findAccount: (_ctx, accountId) => ({
      accountId,
      claims: () => ({ sub: accountId, name: 'Alex <b>Fielder</b>', preferred_username: 'alex.fielder@example.com' }),
    }),
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({ accountId: ACCOUNT, clientId: HUB_CLIENT.clientId });
      grant.addOIDCScope('openid profile email offline_access');
      await grant.save();
      return grant;
    },
  };
}
