import { constants, createHmac, type KeyObject, timingSafeEqual, verify } from 'node:crypto';
import { isObject } from '../../shared/json.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { type Algorithm, algorithmOf } from './algorithms.ts';
import { type JwsFailure, type JwsFailureCode, quoted } from './failures.ts';
import { fits, KID_MAX_LENGTH, type VerificationKey } from './jwks.ts';

/** The part of a protected header that is used. Key material and addresses in it (`jwk`, `jku`, `x5c`, `x5u`) are never read. */
export interface JwsHeader {
  alg: string;
  kid?: string;
}

/** Where verification keys come from; see `selectKeys`. It may fetch. */
export type KeyResolver = (header: JwsHeader) => Promise<Result<VerificationKey[], JwsFailure>>;

export interface JwsExpectations {
  keys: KeyResolver;
  /** The allow-list of the provider's configuration. `none` and unknown names in it allow nothing. */
  algorithms: readonly string[];
  /** The shared secret for HS256, HS384 and HS512, which must also stand in `algorithms`; at least as long as the digest (RFC 7518 §3.2). */
  secret?: Uint8Array;
  /** Of the compact form; 16,384 unless told otherwise. */
  maxBytes?: number;
}

export interface VerifiedJws {
  header: JwsHeader;
  payload: Record<string, unknown>;
}

export const JWS_MAX_BYTES = 16_384;
const KEYS_TRIED = 8;
const COMPACT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/;

/**
 * Verifies a signed token in compact form (RFC 7515) whose payload is a JSON object. The algorithm is accepted because the
 * configuration names it, never because the token does, and it decides the type of the key (RFC 8725 §3.1, §3.2).
 * Never throws unless `keys` does. Errors: every JwsFailureCode; those of `keys` are passed on.
 */
export async function verifyJws(compact: string, expected: JwsExpectations): Promise<Result<VerifiedJws, JwsFailure>> {
  const maxBytes = expected.maxBytes ?? JWS_MAX_BYTES;
  if (compact.length > maxBytes) {
    return refuse('jws_too_large', `The token has ${compact.length} bytes; the limit is ${maxBytes}.`);
  }
  const read = readHeader(compact);
  if (!read.ok) return read;
  const header = read.value;
  const algorithm = algorithmOf(header.alg);
  if (!algorithm || !expected.algorithms.includes(header.alg)) {
    const allowed = expected.algorithms.join(', ');
    return refuse('jws_algorithm_not_allowed', `The token is signed with ${quoted(header.alg)}; allowed: ${allowed}.`);
  }
  const keys = await candidates(header, algorithm, expected);
  if (!keys.ok) return keys;
  for (const key of keys.value.slice(0, KEYS_TRIED)) {
    if (isSignedBy(key, compact, header.alg, algorithm)) return readPayload(header, partOf(compact, 1));
  }
  return refuse('jws_signature_invalid', `The signature does not match the key${keyName(header)}.`);
}

function readHeader(compact: string): Result<JwsHeader, JwsFailure> {
  if (!COMPACT.test(compact))
    return refuse('jws_malformed', 'The token is not three base64url parts joined by points.');
  const header = parseJson(Buffer.from(compact.slice(0, compact.indexOf('.')), 'base64url'));
  if (!isObject(header) || typeof header.alg !== 'string') {
    return refuse('jws_malformed', "The token's header is not a JSON object with an algorithm.");
  }
  if (Object.hasOwn(header, 'crit')) {
    return refuse('jws_critical_header_refused', 'The token demands extensions ("crit") that are not supported.');
  }
  if (header.kid === undefined) return ok({ alg: header.alg });
  if (typeof header.kid !== 'string' || header.kid.length > KID_MAX_LENGTH) {
    return refuse('jws_malformed', `The token's key id is not a text of at most ${KID_MAX_LENGTH} characters.`);
  }
  return ok({ alg: header.alg, kid: header.kid });
}

type Key = VerificationKey['key'] | Uint8Array;

/** A secret verifies HMAC and nothing else; public keys never reach an HMAC. */
async function candidates(
  header: JwsHeader,
  algorithm: Algorithm,
  expected: JwsExpectations,
): Promise<Result<Key[], JwsFailure>> {
  if (algorithm.keyType === 'oct') {
    const needed = Number(algorithm.digest.slice(3)) / 8;
    if (!expected.secret)
      return refuse('jws_key_unknown', `${header.alg} needs a shared secret, and none is configured.`);
    if (expected.secret.length >= needed) return ok([expected.secret]);
    return refuse('jws_secret_too_short', `${header.alg} needs a secret of at least ${needed} bytes.`);
  }
  const resolved = await expected.keys(header);
  if (!resolved.ok) return resolved;
  const fitting = resolved.value.filter((key) => fits(key, header.alg));
  if (fitting.length > 0) return ok(fitting.map(({ key }) => key));
  return refuse('jws_key_type_mismatch', `The key${keyName(header)} is not one for ${header.alg}.`);
}

/**
 * RFC 7518 §3.2-3.5: HMAC; RSASSA-PKCS1-v1_5, or PSS with a salt as long as the digest; ECDSA as R || S. On this thread: a
 * verification takes 20 to 150 µs, and handing it to another costs more than that.
 */
function isSignedBy(key: Key, compact: string, alg: string, { keyType, digest }: Algorithm): boolean {
  const input = Buffer.from(compact.slice(0, compact.lastIndexOf('.')));
  const signature = partOf(compact, 2);
  if (key instanceof Uint8Array) {
    const expected = createHmac(digest, key).update(input).digest();
    return signature.length === expected.length && timingSafeEqual(signature, expected);
  }
  try {
    return verify(digest, input, schemeOf(key, alg, keyType), signature);
  } catch {
    return false;
  }
}

/** A bare key where no option is needed: Node looks at an object of options in a roundabout way. */
function schemeOf(key: KeyObject, alg: string, keyType: Algorithm['keyType']) {
  if (keyType === 'EC') return { key, dsaEncoding: 'ieee-p1363' as const };
  if (!alg.startsWith('PS')) return key;
  return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
}

const partOf = (compact: string, index: 1 | 2): Buffer => Buffer.from(compact.split('.')[index] ?? '', 'base64url');

function readPayload(header: JwsHeader, bytes: Uint8Array): Result<VerifiedJws, JwsFailure> {
  const payload = parseJson(bytes);
  if (isObject(payload)) return ok({ header, payload });
  return refuse('jws_payload_not_an_object', "The token's content is not a JSON object in UTF-8.");
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function keyName(header: JwsHeader): string {
  return header.kid === undefined ? '' : ` ${quoted(header.kid)}`;
}

function refuse(code: JwsFailureCode, message: string): { ok: false; error: JwsFailure } {
  return err({ code, message });
}
