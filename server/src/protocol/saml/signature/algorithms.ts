/** The closed sets of signature and digest algorithms (security.md S12, S16): the key's type belongs to the algorithm, not to the message. */
import { type KeyObject, verify } from 'node:crypto';
import { DS, XENC } from '../names.ts';

interface SignatureAlgorithm {
  hash: 'sha256' | 'sha384' | 'sha512';
  keyType: 'rsa' | 'ec';
}

const MORE = 'http://www.w3.org/2001/04/xmldsig-more#';

export const SIGNATURE_ALGORITHMS: ReadonlyMap<string, SignatureAlgorithm> = new Map([
  [`${MORE}rsa-sha256`, { hash: 'sha256', keyType: 'rsa' }],
  [`${MORE}rsa-sha384`, { hash: 'sha384', keyType: 'rsa' }],
  [`${MORE}rsa-sha512`, { hash: 'sha512', keyType: 'rsa' }],
  [`${MORE}ecdsa-sha256`, { hash: 'sha256', keyType: 'ec' }],
  [`${MORE}ecdsa-sha384`, { hash: 'sha384', keyType: 'ec' }],
  [`${MORE}ecdsa-sha512`, { hash: 'sha512', keyType: 'ec' }],
]);

export const DIGEST_ALGORITHMS: ReadonlyMap<string, SignatureAlgorithm['hash']> = new Map([
  [`${XENC}sha256`, 'sha256'],
  [`${MORE}sha384`, 'sha384'],
  [`${XENC}sha512`, 'sha512'],
]);

const SHA1 = [`${DS}rsa-sha1`, `${DS}sha1`, `${DS}dsa-sha1`, `${DS}hmac-sha1`, `${MORE}ecdsa-sha1`];
export const isSha1 = (algorithm: string): boolean => SHA1.includes(algorithm);

const MIN_RSA_BITS = 2048;
const CURVES = ['prime256v1', 'secp384r1'];

/** Why a provider's key cannot be used for signatures; null where it can. */
export function weaknessOf(key: KeyObject): string | null {
  const details = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa') {
    const bits = details.modulusLength ?? 0;
    return bits < MIN_RSA_BITS ? `its RSA key has ${bits} bits; at least ${MIN_RSA_BITS} are needed` : null;
  }
  if (key.asymmetricKeyType === 'ec') {
    return CURVES.includes(details.namedCurve ?? '') ? null : 'its curve is neither P-256 nor P-384';
  }
  return 'its key is neither RSA nor EC';
}

/** Whether the key, of the algorithm's own type and strong enough, made the signature over these bytes (ECDSA: r and s side by side, xmldsig-core1 §6.4.3). */
export function madeBy(
  publicKey: KeyObject,
  { hash, keyType }: SignatureAlgorithm,
  signed: Uint8Array,
  signature: Uint8Array,
): boolean {
  return (
    publicKey.asymmetricKeyType === keyType &&
    weaknessOf(publicKey) === null &&
    verify(hash, signed, keyType === 'ec' ? { key: publicKey, dsaEncoding: 'ieee-p1363' } : publicKey, signature)
  );
}
