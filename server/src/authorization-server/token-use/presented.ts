import { sha256 } from '../../shared/secrets.ts';
import type { Keys } from '../keys/keys.ts';

const MAX_LENGTH = 16_384;

/**
 * The key under which a presented token is kept: SHA-256 of an opaque token, or of the id of a JWT that carries our signature (its
 * id alone proves nothing: it stands in logs). Null for what cannot be a token of ours.
 */
export async function tokenKey(keys: Keys, orgId: string, token: string): Promise<Buffer | null> {
  if (token.length > MAX_LENGTH) return null;
  if (!token.includes('.')) return sha256(token);
  const verified = await keys.verify(orgId, token);
  const id = verified?.payload.jti;
  return typeof id === 'string' && id.startsWith('AT.') ? sha256(id) : null;
}
