import { createHash, timingSafeEqual } from 'node:crypto';
import { err, ok, type Result } from '../../shared/result.ts';
import { algorithmOf } from './algorithms.ts';
import { quoted } from './failures.ts';

/** What this sign-in expects of the ID token. Texts are compared byte for byte. */
export interface IdTokenExpectations {
  issuer: string;
  /** Our client id at the provider. */
  audience: string;
  now: Date;
  /** Seconds; absent or 0 means 60, more than 180 counts as 180. */
  maxClockSkewSeconds?: number;
  /** What was sent in the request; null where nothing was. */
  nonce: string | null;
  /** Seconds, as sent in `max_age`. */
  maxAge?: number;
  /** The signature's algorithm, from the verified header; it decides the digest of at_hash and c_hash. */
  algorithm: string;
  /** The access token and the code that came with the ID token. */
  accessToken?: string;
  code?: string;
}

export type ClaimFailureCode =
  | 'id_token_issuer_mismatch'
  | 'id_token_audience_mismatch'
  | 'id_token_authorized_party_mismatch'
  | 'id_token_expiry_missing'
  | 'id_token_expired'
  | 'id_token_issued_at_missing'
  | 'id_token_issued_in_future'
  | 'id_token_too_old'
  | 'id_token_not_before_malformed'
  | 'id_token_not_yet_valid'
  | 'id_token_nonce_mismatch'
  | 'id_token_subject_missing'
  | 'id_token_subject_malformed'
  | 'id_token_auth_time_missing'
  | 'id_token_auth_time_in_future'
  | 'id_token_authentication_too_old'
  | 'id_token_access_token_hash_mismatch'
  | 'id_token_code_hash_mismatch';

export interface ClaimFailure {
  code: ClaimFailureCode;
  claim: string;
  /** In words, for administrators; secrets (nonce, hashes) are described, not shown. */
  expected: string;
  found: string;
  /** By how many seconds a time lies outside, before any skew is allowed: what the two clocks differ by at least, or the age. */
  offBySeconds?: number;
}

export interface IdTokenClaims {
  issuer: string;
  subject: string;
  /** Seconds since 1970. */
  issuedAt: number;
  expiresAt: number;
  /** Everything the token says, as parsed. */
  all: Record<string, unknown>;
}

export const DEFAULT_CLOCK_SKEW_SECONDS = 60;
export const MAX_CLOCK_SKEW_SECONDS = 180;
export const ID_TOKEN_MAX_AGE_SECONDS = 600;
const SUBJECT_MAX_LENGTH = 255;

interface Context extends IdTokenExpectations {
  claims: Record<string, unknown>;
  nowSeconds: number;
  skew: number;
}

/**
 * Checks the claims of an ID token whose signature has been verified (OIDC Core §3.1.3.7, security.md O5). Every check runs; the
 * failures come in the order of the list.
 */
export function checkIdTokenClaims(
  claims: Record<string, unknown>,
  expected: IdTokenExpectations,
): Result<IdTokenClaims, ClaimFailure[]> {
  const nowSeconds = Math.floor(expected.now.getTime() / 1000);
  const context = { ...expected, claims, nowSeconds, skew: effectiveClockSkew(expected.maxClockSkewSeconds) };
  const failures = CHECKS.map((check) => check(context)).filter((failure) => failure !== null);
  if (failures.length > 0) return err(failures);
  const { iss, sub, iat, exp } = claims as { iss: string; sub: string; iat: number; exp: number };
  return ok({ issuer: iss, subject: sub, issuedAt: iat, expiresAt: exp, all: claims });
}

/** Rulings 24: absent or 0 = 60 s, up to 180 s. */
export function effectiveClockSkew(seconds: number | undefined): number {
  return Math.min(seconds && seconds > 0 ? seconds : DEFAULT_CLOCK_SKEW_SECONDS, MAX_CLOCK_SKEW_SECONDS);
}

type Check = (context: Context) => ClaimFailure | null;

const CHECKS: readonly Check[] = [
  issuerIsTheProvider,
  audienceContainsUs,
  authorizedPartyIsUs,
  subjectIsUsable,
  notExpired,
  issuedRecently,
  alreadyValid,
  nonceIsOurs,
  authenticatedRecently,
  accessTokenHashMatches,
  codeHashMatches,
];

function issuerIsTheProvider({ claims, issuer }: Context): ClaimFailure | null {
  if (claims.iss === issuer) return null;
  return failure('id_token_issuer_mismatch', 'iss', quoted(issuer), describe(claims.iss));
}

function audienceContainsUs({ claims, audience }: Context): ClaimFailure | null {
  const audiences = audiencesOf(claims.aud);
  if (audiences?.includes(audience)) return null;
  return failure(
    'id_token_audience_mismatch',
    'aud',
    `a text or list that contains ${quoted(audience)}`,
    describe(claims.aud),
  );
}

/** Needed where the token is for several audiences, and ours wherever it stands. */
function authorizedPartyIsUs({ claims, audience }: Context): ClaimFailure | null {
  const needed = (audiencesOf(claims.aud)?.length ?? 1) > 1;
  if (claims.azp === audience || (claims.azp === undefined && !needed)) return null;
  return failure('id_token_authorized_party_mismatch', 'azp', quoted(audience), describe(claims.azp));
}

function subjectIsUsable({ claims: { sub } }: Context): ClaimFailure | null {
  const expected = `a text of 1 to ${SUBJECT_MAX_LENGTH} characters`;
  if (sub === undefined || sub === null || sub === '') {
    return failure('id_token_subject_missing', 'sub', expected, describe(sub));
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  const usable = typeof sub === 'string' && sub.length <= SUBJECT_MAX_LENGTH && !/[\u0000-\u001f\u007f]/.test(sub);
  if (usable) return null;
  const found =
    typeof sub === 'string' ? `a text of ${sub.length} characters or with control characters` : describe(sub);
  return failure('id_token_subject_malformed', 'sub', expected, found);
}

function notExpired({ claims: { exp }, nowSeconds, skew }: Context): ClaimFailure | null {
  if (!isTime(exp)) return failure('id_token_expiry_missing', 'exp', 'seconds since 1970', describe(exp));
  if (nowSeconds < exp + skew) return null;
  return timeFailure(
    'id_token_expired',
    'exp',
    `after ${time(nowSeconds)}, give or take ${skew} s`,
    exp,
    nowSeconds - exp,
  );
}

function issuedRecently({ claims: { iat }, nowSeconds, skew }: Context): ClaimFailure | null {
  if (!isTime(iat)) return failure('id_token_issued_at_missing', 'iat', 'seconds since 1970', describe(iat));
  if (iat > nowSeconds + skew) {
    const expected = `not after ${time(nowSeconds)}, give or take ${skew} s`;
    return timeFailure('id_token_issued_in_future', 'iat', expected, iat, iat - nowSeconds);
  }
  if (iat >= nowSeconds - ID_TOKEN_MAX_AGE_SECONDS - skew) return null;
  const expected = `at most ${ID_TOKEN_MAX_AGE_SECONDS} s before ${time(nowSeconds)}, give or take ${skew} s`;
  return timeFailure('id_token_too_old', 'iat', expected, iat, nowSeconds - iat);
}

function alreadyValid({ claims: { nbf }, nowSeconds, skew }: Context): ClaimFailure | null {
  if (nbf === undefined) return null;
  if (!isTime(nbf)) return failure('id_token_not_before_malformed', 'nbf', 'seconds since 1970', describe(nbf));
  if (nbf <= nowSeconds + skew) return null;
  const expected = `not after ${time(nowSeconds)}, give or take ${skew} s`;
  return timeFailure('id_token_not_yet_valid', 'nbf', expected, nbf, nbf - nowSeconds);
}

function nonceIsOurs({ claims, nonce }: Context): ClaimFailure | null {
  if (nonce === null) return null;
  if (typeof claims.nonce === 'string' && equalInConstantTime(claims.nonce, nonce)) return null;
  const found = typeof claims.nonce === 'string' ? 'another value' : describe(claims.nonce);
  return failure('id_token_nonce_mismatch', 'nonce', 'the value of this sign-in', found);
}

function authenticatedRecently({ claims, maxAge, nowSeconds, skew }: Context): ClaimFailure | null {
  if (maxAge === undefined) return null;
  const at = claims.auth_time;
  if (!isTime(at)) return failure('id_token_auth_time_missing', 'auth_time', 'seconds since 1970', describe(at));
  if (at > nowSeconds + skew) {
    const expected = `not after ${time(nowSeconds)}, give or take ${skew} s`;
    return timeFailure('id_token_auth_time_in_future', 'auth_time', expected, at, at - nowSeconds);
  }
  if (nowSeconds - at <= maxAge + skew) return null;
  const expected = `at most ${maxAge} s before ${time(nowSeconds)}, give or take ${skew} s`;
  return timeFailure('id_token_authentication_too_old', 'auth_time', expected, at, nowSeconds - at);
}

function accessTokenHashMatches({ claims, accessToken, algorithm }: Context): ClaimFailure | null {
  if (hashMatches(claims.at_hash, accessToken, algorithm)) return null;
  return hashFailure('id_token_access_token_hash_mismatch', 'at_hash', 'the access token', claims.at_hash);
}

function codeHashMatches({ claims, code, algorithm }: Context): ClaimFailure | null {
  if (hashMatches(claims.c_hash, code, algorithm)) return null;
  return hashFailure('id_token_code_hash_mismatch', 'c_hash', 'the code', claims.c_hash);
}

/** A hash claim that is there must be right; without the value that it is of there is nothing to compare. */
function hashMatches(claim: unknown, value: string | undefined, algorithm: string): boolean {
  if (claim === undefined || value === undefined) return true;
  return typeof claim === 'string' && equalInConstantTime(claim, halfHash(value, algorithm));
}

/** The left half of the digest that belongs to the algorithm, in base64url (OIDC Core §3.1.3.6). */
export function halfHash(value: string, algorithm: string): string {
  const digest = createHash(algorithmOf(algorithm)?.digest ?? 'sha256')
    .update(value)
    .digest();
  return digest.subarray(0, digest.length / 2).toString('base64url');
}

function audiencesOf(aud: unknown): string[] | null {
  if (typeof aud === 'string') return [aud];
  return Array.isArray(aud) && aud.every((item) => typeof item === 'string') ? aud : null;
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function equalInConstantTime(left: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

function failure(code: ClaimFailureCode, claim: string, expected: string, found: string): ClaimFailure {
  return { code, claim, expected, found };
}

function timeFailure(
  code: ClaimFailureCode,
  claim: string,
  expected: string,
  found: number,
  offBySeconds: number,
): ClaimFailure {
  return { code, claim, expected, found: time(found), offBySeconds };
}

function hashFailure(code: ClaimFailureCode, claim: string, of: string, found: unknown): ClaimFailure {
  return failure(
    code,
    claim,
    `the hash of ${of} received`,
    typeof found === 'string' ? 'another hash' : describe(found),
  );
}

function time(seconds: number): string {
  return seconds < 1e11 ? new Date(seconds * 1000).toISOString() : String(seconds);
}

/** A claim from outside in words, cut. */
function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.slice(0, 5).map(describe).join(', ')}${value.length > 5 ? ', …' : ''}]`;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
