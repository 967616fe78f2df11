/** Proof key for code exchange (RFC 7636), method S256 only (rulings 10). */
import { createHash } from 'node:crypto';

const CHALLENGE = /^[A-Za-z0-9_-]{43}$/;
const VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;

export const isChallenge = (text: string): boolean => CHALLENGE.test(text);

/** The challenge of a verifier; null where it is none (RFC 7636 §4.1: 43 to 128 unreserved characters). */
export function challengeOf(verifier: string): string | null {
  return VERIFIER.test(verifier) ? createHash('sha256').update(verifier).digest('base64url') : null;
}
