import { createPublicKey, type KeyObject } from 'node:crypto';
import { isObject } from '../../shared/json.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { algorithmOf } from './algorithms.ts';
import { type JwksFailure, type JwsFailure, quoted } from './failures.ts';

/** A public key that is fit for verification. */
export interface VerificationKey {
  kid: string | null;
  keyType: 'RSA' | 'EC';
  curve: string | null;
  /** Where the provider ties the key to one algorithm. */
  algorithm: string | null;
  key: KeyObject;
}

/** Why a member of `keys` was left out; the rest of the set stays usable. */
export type RefusedKeyReason =
  | 'not_an_object'
  | 'symmetric_key'
  | 'private_key_published'
  | 'key_type_unsupported'
  | 'curve_unsupported'
  | 'not_for_signatures'
  | 'kid_too_long'
  | 'rsa_key_too_short'
  | 'rsa_key_too_long'
  | 'rsa_exponent_unsafe'
  | 'key_unreadable';

export interface Jwks {
  keys: VerificationKey[];
  refused: { kid: string | null; reason: RefusedKeyReason }[];
}

export const JWKS_MAX_BYTES = 512 * 1024;
export const JWKS_MAX_KEYS = 100;
export const KID_MAX_LENGTH = 256;
const RSA_MIN_BITS = 2048;
const RSA_MAX_BITS = 8192;
const CURVES = new Set(['P-256', 'P-384']);

/**
 * Reads a JWK set (RFC 7517 §5) as providers really publish it: unknown members are ignored, `algorithm` is taken for `alg`, and
 * certificates (`x5c`, `x5u`) are not looked at, so line breaks in them do no harm. Unfit keys are left out and named.
 * @param text the document as received; at most 512 KB and 100 keys
 */
export function parseJwks(text: string): Result<Jwks, JwksFailure> {
  const bytes = Buffer.byteLength(text);
  if (bytes > JWKS_MAX_BYTES) {
    return err({ code: 'jwks_too_large', message: `The key set has ${bytes} bytes; the limit is ${JWKS_MAX_BYTES}.` });
  }
  const document = readJson(text);
  if (!isObject(document) || !Array.isArray(document.keys)) {
    return err({ code: 'jwks_malformed', message: 'The key set is not a JSON object with a list "keys".' });
  }
  if (document.keys.length > JWKS_MAX_KEYS) {
    const message = `The key set has ${document.keys.length} keys; the limit is ${JWKS_MAX_KEYS}.`;
    return err({ code: 'jwks_too_many_keys', message });
  }
  const jwks: Jwks = { keys: [], refused: [] };
  for (const jwk of document.keys as unknown[]) {
    const read = readKey(jwk);
    if (read.ok) jwks.keys.push(read.value);
    else jwks.refused.push({ kid: isObject(jwk) ? kidOf(jwk) : null, reason: read.error });
  }
  return ok(jwks);
}

/**
 * The keys that may have made a signature with this header: those of its `kid`, or all where neither the header nor the set names
 * any, and of these the ones whose type, curve and algorithm fit. Errors: `jws_key_unknown` (fetching the set again may help),
 * `jws_key_type_mismatch`.
 */
export function selectKeys(jwks: Jwks, header: { alg: string; kid?: string }): Result<VerificationKey[], JwsFailure> {
  const unnamed = header.kid === undefined || jwks.keys.every((key) => key.kid === null);
  const named = unnamed ? jwks.keys : jwks.keys.filter((key) => key.kid === header.kid);
  if (named.length === 0) return err({ code: 'jws_key_unknown', message: unknownKeyMessage(jwks, header.kid) });
  const fitting = named.filter((key) => fits(key, header.alg));
  if (fitting.length > 0) return ok(fitting);
  const message = `The provider's key ${header.kid === undefined ? '' : quoted(header.kid)} is not one for ${header.alg}.`;
  return err({ code: 'jws_key_type_mismatch', message });
}

/** Whether a key may verify signatures of an algorithm. */
export function fits(key: VerificationKey, name: string): boolean {
  const algorithm = algorithmOf(name);
  return (
    algorithm !== undefined &&
    key.keyType === algorithm.keyType &&
    (algorithm.curve === undefined || key.curve === algorithm.curve) &&
    (key.algorithm === null || key.algorithm === name)
  );
}

function unknownKeyMessage(jwks: Jwks, kid: string | undefined): string {
  const refused = jwks.refused.find((key) => key.kid === (kid ?? null));
  if (refused) return `The provider's key ${quoted(kid ?? '')} cannot be used: ${refused.reason}.`;
  const known = jwks.keys.map((key) => quoted(key.kid ?? '')).slice(0, 10);
  return `The provider publishes no key ${quoted(kid ?? '')}; it publishes ${known.join(', ') || 'none that can be used'}.`;
}

function readKey(jwk: unknown): Result<VerificationKey, RefusedKeyReason> {
  if (!isObject(jwk)) return err('not_an_object');
  const unfit = unfitBecause(jwk);
  if (unfit) return err(unfit);
  const key = importKey(jwk);
  if (!key) return err('key_unreadable');
  const weak = jwk.kty === 'RSA' ? weakRsa(key) : null;
  if (weak) return err(weak);
  return ok({
    kid: kidOf(jwk),
    keyType: jwk.kty === 'RSA' ? 'RSA' : 'EC',
    curve: jwk.kty === 'EC' ? String(jwk.crv) : null,
    algorithm: declaredAlgorithm(jwk),
    key,
  });
}

function unfitBecause(jwk: Record<string, unknown>): RefusedKeyReason | null {
  if (jwk.kty === 'oct' || jwk.k !== undefined) return 'symmetric_key';
  if (jwk.d !== undefined) return 'private_key_published';
  if (jwk.kty !== 'RSA' && jwk.kty !== 'EC') return 'key_type_unsupported';
  if (jwk.kty === 'EC' && !CURVES.has(String(jwk.crv))) return 'curve_unsupported';
  if ((kidOf(jwk)?.length ?? 0) > KID_MAX_LENGTH) return 'kid_too_long';
  const algorithm = declaredAlgorithm(jwk);
  const forUse = jwk.use === undefined || jwk.use === null || jwk.use === 'sig';
  const forVerifying = !Array.isArray(jwk.key_ops) || jwk.key_ops.includes('verify');
  const forSigning = algorithm === null || algorithmOf(algorithm)?.keyType === jwk.kty;
  return forUse && forVerifying && forSigning ? null : 'not_for_signatures';
}

function importKey(jwk: Record<string, unknown>): KeyObject | null {
  const { kty, n, e, crv, x, y } = jwk;
  try {
    return createPublicKey({ key: kty === 'RSA' ? { kty, n, e } : { kty, crv, x, y }, format: 'jwk' } as never);
  } catch {
    return null;
  }
}

function weakRsa(key: KeyObject): RefusedKeyReason | null {
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  if (modulusLength < RSA_MIN_BITS) return 'rsa_key_too_short';
  if (modulusLength > RSA_MAX_BITS) return 'rsa_key_too_long';
  const unsafe = publicExponent < 3n || publicExponent % 2n === 0n || publicExponent > 0xffff_ffffn;
  return unsafe ? 'rsa_exponent_unsafe' : null;
}

function declaredAlgorithm(jwk: Record<string, unknown>): string | null {
  const declared = jwk.alg ?? jwk.algorithm;
  return typeof declared === 'string' ? declared : null;
}

function kidOf(jwk: Record<string, unknown>): string | null {
  return typeof jwk.kid === 'string' ? jwk.kid : null;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
