/** Making a signing key: its pair, its name (the JWK thumbprint of RFC 7638), its sealed private half. */
import { createHash, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { SecretBox } from '../../shared/secret-box.ts';
import type { KeyPurpose, StoredKey } from './store.ts';

const generate = promisify(generateKeyPair);

export const sealedPlace = (kid: string): string => `signing_keys/${kid}/private`;

export async function createKey(
  secretBox: SecretBox,
  wish: { purpose: KeyPurpose; alg: StoredKey['alg']; created: Date; activeFrom: Date },
): Promise<StoredKey> {
  const { publicKey, privateKey } =
    wish.alg === 'RS256'
      ? await generate('rsa', { modulusLength: 2048, publicExponent: 65_537 })
      : await generate('ec', { namedCurve: 'P-256' });
  const jwk = publicMembers(publicKey);
  const kid = createHash('sha256').update(JSON.stringify(jwk)).digest('base64url');
  return {
    kid,
    purpose: wish.purpose,
    alg: wish.alg,
    publicJwk: { ...jwk, alg: wish.alg, kid, use: 'sig' },
    privateSealed: secretBox.seal(String(privateKey.export({ type: 'pkcs8', format: 'pem' })), sealedPlace(kid)),
    created: wish.created,
    activeFrom: wish.activeFrom,
    retireAfter: null,
  };
}

/** The members that make the thumbprint, in its order (RFC 7638 §3.2). */
function publicMembers(key: KeyObject): Record<string, string> {
  const jwk = key.export({ format: 'jwk' }) as Record<string, string>;
  const names = jwk.kty === 'RSA' ? ['e', 'kty', 'n'] : ['crv', 'kty', 'x', 'y'];
  return Object.fromEntries(names.map((name) => [name, jwk[name] as string]));
}
