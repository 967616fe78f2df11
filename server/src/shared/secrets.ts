import { createHash, createHmac } from 'node:crypto';

/** SHA-256 of a random secret: how tokens and client secrets are stored and looked up (they need no slow hash). */
export function sha256(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}

export function hmacSha256(key: Uint8Array, value: string | Uint8Array): Buffer {
  return createHmac('sha256', key).update(value).digest();
}
