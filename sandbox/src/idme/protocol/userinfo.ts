import { generateKeyPairSync } from 'node:crypto';
import { CompactEncrypt, importJWK } from 'jose';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Client } from '../clients/clients.ts';
import { signed } from '../keys/jwt.ts';
import { releasedClaims } from '../people/policies.ts';
import type { Sandbox } from '../sandbox.ts';
import { TOKEN_LIFETIMES } from './token.ts';

type Next = () => Promise<unknown>;

/**
 * Userinfo as ID.me answers it: `application/json` whose body is a JSON string that holds a signed JWT, so that a client that expects an object
 * fails (contract: providers §2.3).
 */
export function userinfo(sandbox: Sandbox) {
  return async (ctx: KoaContextWithOIDC, next: Next): Promise<void> => {
    await next();
    const grantId = ctx.oidc.entities.AccessToken?.grantId;
    const signIn = grantId === undefined ? undefined : sandbox.signIns.ofGrant(grantId);
    if (ctx.status !== 200 || signIn === undefined) return;
    const client = sandbox.clients.find(ctx.oidc.client?.clientId ?? '');
    const fault = signIn.fault?.fault;
    if (fault === 'userinfo_500') return answer(ctx, 500, { error: 'server_error' });
    if (fault === 'userinfo_401') {
      ctx.set('www-authenticate', 'Bearer realm="example"');
      return answer(ctx, 401, { error: 'invalid_token' });
    }
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: sandbox.issuer,
      sub: signIn.person.uuid,
      aud: client?.client_id,
      iat: now,
      exp: now + TOKEN_LIFETIMES.accessToken,
      ...releasedClaims(signIn.person, signIn.policy),
    };
    const jwt = signed({ header: {}, claims }, sandbox.keys.current());
    answer(ctx, 200, fault === 'userinfo_jwe' ? await encrypted(jwt, client) : jwt);
  };
}

function answer(ctx: KoaContextWithOIDC, status: number, body: unknown): void {
  ctx.status = status;
  ctx.type = 'application/json; charset=utf-8';
  ctx.body = JSON.stringify(body);
}

/** RSA-OAEP, A256CBC-HS512 around the signed JWT, to the client's key or to one that nobody has. */
async function encrypted(jwt: string, client: Client | undefined): Promise<string> {
  const jwk = client?.encryption_jwk;
  const key = jwk ? await importJWK(jwk, 'RSA-OAEP') : generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
  return new CompactEncrypt(Buffer.from(jwt))
    .setProtectedHeader({ alg: 'RSA-OAEP', enc: 'A256CBC-HS512', cty: 'JWT', ...(jwk?.kid && { kid: jwk.kid }) })
    .encrypt(key);
}
