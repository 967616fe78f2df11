/** Keys as `/api/v1/idps/credentials/keys` and `/api/v1/idps/{id}/credentials/keys` send them (contract §2.4). */
import { createHash, X509Certificate } from 'node:crypto';
import type { SigningKey, TrustKey } from './store.ts';

export interface KeyWire {
  kty: string;
  created: string;
  lastUpdated: string;
  expiresAt: string;
  alg?: string;
  kid: string;
  use: 'sig';
  x5c: string[];
  'x5t#S256': string;
  e?: string;
  n?: string;
  /** own: when the hub last decrypted a response with it. */
  lastUsed?: string | null;
}

export function trustToWire(key: TrustKey): KeyWire {
  const { kty, ...parts } = publicParts(key.certificate);
  return {
    kty,
    ...dates(key, key.notAfter),
    alg: kty,
    kid: key.kid,
    use: 'sig',
    x5c: [key.x5c],
    'x5t#S256': key.thumbprint,
    ...parts,
  };
}

export function signingToWire(key: SigningKey): KeyWire {
  const { kty, ...parts } = publicParts(key.certificate);
  return {
    kty,
    ...dates(key, key.expiresAt),
    kid: key.kid,
    use: 'sig',
    x5c: [key.certificate.toString('base64')],
    'x5t#S256': createHash('sha256').update(key.certificate).digest('base64url'),
    ...parts,
    lastUsed: key.lastUsed?.toISOString() ?? null,
  };
}

const dates = (key: { created: Date; lastUpdated: Date }, expires: Date) => ({
  created: key.created.toISOString(),
  lastUpdated: key.lastUpdated.toISOString(),
  expiresAt: expires.toISOString(),
});

function publicParts(certificate: Buffer): { kty: string; e?: string; n?: string } {
  const { kty = 'RSA', e, n } = new X509Certificate(certificate).publicKey.export({ format: 'jwk' });
  return { kty, ...(e !== undefined && { e }), ...(n !== undefined && { n }) };
}
