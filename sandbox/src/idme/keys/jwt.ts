import { createHmac, sign } from 'node:crypto';
import type { SigningKey } from './ring.ts';

/** The two parts of a token before it is signed. */
export interface Draft {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
}

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const unsigned = ({ header, claims }: Draft) => `${encoded(header)}.${encoded(claims)}`;

/** A compact JWS (RFC 7515 §7.1), RS256. */
export function signed(draft: Draft, key: SigningKey): string {
  const text = unsigned({ ...draft, header: { alg: 'RS256', kid: key.kid, ...draft.header } });
  return `${text}.${sign('sha256', Buffer.from(text), key.privateKey).toString('base64url')}`;
}

/** A token without protection: `alg` none, empty signature (RFC 7519 §6.1). */
export function unprotected(draft: Draft): string {
  return `${unsigned({ ...draft, header: { ...draft.header, alg: 'none' } })}.`;
}

/** The classic confusion: HS256 with the public key's PEM text as its secret. */
export function signedWithPublicKey(draft: Draft, key: SigningKey): string {
  const text = unsigned({ ...draft, header: { ...draft.header, alg: 'HS256', kid: key.kid } });
  const secret = key.publicKey.export({ type: 'spki', format: 'pem' });
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

/** The claims of a token that we issued ourselves. */
export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
}
