import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** SHA-256 of a random secret: how tokens and client secrets are stored and looked up (they need no slow hash). */
export function sha256(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}

/** Compares two strings without telling by its timing where they differ. */
export function equalSecrets(a: string, b: string): boolean {
  return timingSafeEqual(sha256(a), sha256(b));
}

export function hmacSha256(key: Uint8Array, value: string | Uint8Array): Buffer {
  return createHmac('sha256', key).update(value).digest();
}
