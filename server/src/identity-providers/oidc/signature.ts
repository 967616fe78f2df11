/** A signed token of the provider, verified by the configured algorithms and keys; nothing in the token chooses either. */
import { type VerifiedJws, verifyJws } from '../../protocol/jose/index.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { KeySetFailure, KeySets } from './key-sets.ts';
import type { OidcSettings } from './settings.ts';

export async function verifySignature(
  compact: string,
  settings: OidcSettings,
  keySets: KeySets,
): Promise<Result<VerifiedJws, KeySetFailure>> {
  let unavailable = false;
  const verified = await verifyJws(compact, {
    algorithms: settings.idTokenAlgorithms,
    ...(settings.clientSecret !== null && { secret: Buffer.from(settings.clientSecret) }),
    keys: async (header) => {
      if (settings.jwksUrl === null)
        return err({ code: 'jws_key_unknown', message: 'No address of keys is configured.' });
      const found = await keySets.keysFor(settings.jwksUrl, header);
      if (found.ok) return found;
      unavailable = found.error.unavailable;
      return err(found.error.failure);
    },
  });
  return verified.ok ? ok(verified.value) : err({ unavailable, failure: verified.error });
}

/** Whether a token has the five parts of an encrypted one (RFC 7516 §7.1). */
export function isEncrypted(compact: string): boolean {
  return compact.split('.', 6).length === 5;
}
