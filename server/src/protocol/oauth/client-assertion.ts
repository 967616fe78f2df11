/** The claims of a client's assertion (RFC 7523 §3); its signature is checked by protocol/jose. */
import { err, ok, type Result } from '../../shared/result.ts';

const SKEW_SECONDS = 60;
const MAX_LIFETIME_SECONDS = 3600;

export interface AssertionExpectations {
  clientId: string;
  /** The issuer and the endpoints of ours that the assertion may name as its audience. */
  audiences: readonly string[];
  /** Seconds since 1970. */
  now: number;
}

/** The assertion's id and the time until which it must not come again. The error says in words what is wrong. */
export function checkAssertion(
  payload: Record<string, unknown>,
  expected: AssertionExpectations,
): Result<{ jti: string; until: number }, string> {
  const { iss, sub, aud, exp, iat, nbf, jti } = payload;
  if (iss !== expected.clientId || sub !== expected.clientId) return err("'iss' and 'sub' must be the client id.");
  const audiences: unknown[] = Array.isArray(aud) ? aud : [aud];
  if (audiences.length !== 1 || typeof audiences[0] !== 'string' || !expected.audiences.includes(audiences[0])) {
    return err("'aud' must be the issuer or the endpoint.");
  }
  if (typeof exp !== 'number' || !Number.isFinite(exp)) return err("'exp' is missing.");
  if (exp + SKEW_SECONDS <= expected.now) return err('it has expired.');
  if (exp > expected.now + MAX_LIFETIME_SECONDS + SKEW_SECONDS) return err("'exp' is more than an hour ahead.");
  if (typeof iat === 'number' && iat > expected.now + SKEW_SECONDS) return err("'iat' is in the future.");
  if (typeof nbf === 'number' && nbf > expected.now + SKEW_SECONDS) return err("'nbf' is in the future.");
  if (typeof jti !== 'string' || jti === '' || jti.length > 255) return err("'jti' is missing or too long.");
  return ok({ jti, until: exp + SKEW_SECONDS });
}
