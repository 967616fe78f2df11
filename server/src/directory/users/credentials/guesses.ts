/** Whether a password is a user's, at a cost that tells nobody whose it is, nor whether it was imported. */
import type { Database } from '../../../database/index.ts';
import { type Clock, MINUTE } from '../../../shared/clock.ts';
import type { Passwords } from '../passwords/passwords.ts';
import { replaceHash } from '../store.ts';
import { costsInUse } from './store.ts';

const REFRESH = MINUTE;

/**
 * Null costs as much as a hash, and fails. A hash of older parameters or of another system is renewed on the way, for `whose` it is.
 * Throws 429 when too many are waiting.
 */
export type VerifyPassword = (
  passwordHash: string | null,
  password: string,
  whose: { orgId: string; id: string } | null,
) => Promise<{ ok: boolean }>;

export function createGuesses(deps: { database: Database; clock: Clock; passwords: Passwords }): VerifyPassword {
  const { database, clock, passwords } = deps;
  let known: { costs: string[]; until: number } | undefined;
  async function costs(): Promise<string[]> {
    const now = clock.now().getTime();
    if (known === undefined || known.until <= now) known = { costs: await costsInUse(database), until: now + REFRESH };
    return known.costs;
  }
  return async (passwordHash, password, whose) => {
    const { ok, rehash } = await passwords.verify(passwordHash, password, await costs());
    if (rehash && passwordHash !== null && whose !== null)
      await replaceHash(database, whose, { from: passwordHash, to: await passwords.hash(password) });
    return { ok };
  };
}
