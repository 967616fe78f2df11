/** How the hub proves itself at a provider's token endpoint (RFC 6749 §2.3.1, RFC 7523 §2.2). */
import { type CryptoKey, SignJWT } from 'jose';
import { epochSeconds } from '../../shared/clock.ts';
import { randomSecret } from '../../shared/ids.ts';
import type { OidcSettings } from './settings.ts';

const ASSERTION_LIFETIME_SECONDS = 60;
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** The hub's own key of purpose "client"; its public half is published at {B}/oauth2/v1/keys. */
export interface ClientKey {
  kid: string;
  /** Private; RSA with PKCS #1 v1.5, or ECDSA on P-256; both with SHA-256. */
  key: CryptoKey;
}

export type ClientKeys = (orgId: string) => Promise<ClientKey>;

/** Adds the proof to a token request: to its parameters, or as the Authorization header that is returned. */
export async function authenticateClient(
  settings: OidcSettings,
  keys: ClientKeys,
  parameters: URLSearchParams,
  now: Date,
): Promise<string | null> {
  const { clientAuthentication: method, clientId, clientSecret } = settings;
  if (method === 'client_secret_basic') {
    return `Basic ${Buffer.from(`${formEncode(clientId)}:${formEncode(clientSecret ?? '')}`).toString('base64')}`;
  }
  parameters.set('client_id', clientId);
  if (method === 'client_secret_post') parameters.set('client_secret', clientSecret ?? '');
  if (method === 'private_key_jwt') {
    parameters.set('client_assertion_type', ASSERTION_TYPE);
    parameters.set('client_assertion', await assertion(settings, await keys(settings.orgId), now));
  }
  return null;
}

/** The audience is the issuer and nothing else: an endpoint there could be somebody else's (security.md O11). */
function assertion({ clientId, issuer }: OidcSettings, { kid, key }: ClientKey, now: Date): Promise<string> {
  const issuedAt = epochSeconds(now);
  return new SignJWT({
    jti: randomSecret(16),
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + ASSERTION_LIFETIME_SECONDS,
  })
    .setProtectedHeader({ alg: key.algorithm.name === 'ECDSA' ? 'ES256' : 'RS256', kid })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(issuer)
    .sign(key);
}

/** RFC 6749 appendix B. */
function formEncode(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}
