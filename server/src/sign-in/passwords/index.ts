/**
 * sign-in/passwords: whether a login and a password belong together, and how often somebody may guess (security.md §4.5). It is neither
 * the form (sign-in) nor the hash (directory/users): both arrive as ports. An unknown login, one without a password and one that may not
 * sign in cost what a wrong password costs, and get the same answer.
 */
import type { Database } from '../../database/index.ts';
import { type Clock, MINUTE, SECOND } from '../../shared/clock.ts';
import type { Result } from '../../shared/result.ts';
import { sha256 } from '../../shared/secrets.ts';
import type { Guess, PasswordOutcome, PasswordUser, Whence } from '../ports.ts';
import { createNetworkLimit } from './network-limit.ts';
import { type AttemptLimits, clearAttempts, returnAttempt, takeAttempt } from './store.ts';

export { createNetworkLimit, type NetworkLimit } from './network-limit.ts';
export { forgetGuesses, purgePasswordAttempts } from './store.ts';

export interface StoredCredentials extends PasswordUser {
  status: string;
  /** A PHC string; null where the user has no password. */
  passwordHash: string | null;
}

export interface PasswordLimits extends AttemptLimits {
  /** Wrong passwords since the last right one, however slowly they came, after which the account is locked. */
  consecutive: number;
  /** Wrong passwords from one network in a minute. */
  perNetwork: number;
}

export const PASSWORD_LIMITS: PasswordLimits = {
  failures: 10,
  windowMs: 15 * MINUTE,
  firstDelayMs: SECOND,
  longestDelayMs: 15 * MINUTE,
  consecutive: 100,
  perNetwork: 60,
};

export interface PasswordCheckDeps {
  database: Database;
  clock: Clock;
  limits?: PasswordLimits;
  canonicalLogin(login: string): Result<string, string>;
  /** The user with that canonical login, in one statement. */
  findCredentials(orgId: string, loginKey: string): Promise<StoredCredentials | null>;
  /** With null the check takes as long as with a hash, and fails. */
  verify(hash: string | null, password: string, whose: { orgId: string; id: string } | null): Promise<{ ok: boolean }>;
  /** Locks the account of a user at whose password so many guesses were wrong in a row, where it can be locked. */
  lockOut(from: Whence, userId: string, guesses: number): Promise<void>;
}

export interface PasswordCheck {
  check(guess: Guess): Promise<PasswordOutcome>;
}

const MAX_LOGIN_LENGTH = 320;
const MAX_PASSWORD_BYTES = 1024;
/** Not RECOVERY: an administrator has reset the password, and only the link sets a new one. */
export const MAY_SIGN_IN: ReadonlySet<string> = new Set(['ACTIVE', 'PASSWORD_EXPIRED']);

export function createPasswordCheck(deps: PasswordCheckDeps): PasswordCheck {
  const { database, clock, limits = PASSWORD_LIMITS } = deps;
  const network = createNetworkLimit(limits.perNetwork, clock);

  return {
    async check({ login, password, ...from }) {
      const { orgId, client } = from;
      const { ip } = client;
      const wait = network.take(ip);
      if (wait !== null) return { kind: 'limited', retryAfterSeconds: wait };
      const now = clock.now();
      const { counter, loginKey } = keysOf(deps, login);
      const attempt = await takeAttempt(database, orgId, counter, now, limits);
      if (!attempt.allowed) {
        const ms = attempt.until === null ? limits.firstDelayMs : attempt.until.getTime() - now.getTime();
        return { kind: 'limited', retryAfterSeconds: Math.max(1, Math.ceil(ms / SECOND)) };
      }
      try {
        const outcome = await compare(deps, orgId, loginKey, password);
        if (outcome.kind === 'wrong') {
          const { userId, status } = outcome;
          const isLast = attempt.consecutive >= limits.consecutive && MAY_SIGN_IN.has(status ?? '');
          if (isLast && userId !== null) await deps.lockOut(from, userId, attempt.consecutive);
          return outcome;
        }
        network.giveBack(ip);
        await clearAttempts(database, orgId, counter);
        return outcome;
      } catch (error) {
        network.giveBack(ip);
        await returnAttempt(database, orgId, counter);
        throw error;
      }
    },
  };
}

/** A login that nobody can have is counted under its hash: it may hold anything, and be of any length. */
function keysOf(deps: PasswordCheckDeps, login: string): { counter: string; loginKey: string | null } {
  const key = login.length > MAX_LOGIN_LENGTH ? null : deps.canonicalLogin(login);
  return key?.ok
    ? { counter: key.value, loginKey: key.value }
    : { counter: `sha256:${sha256(login).toString('base64url')}`, loginKey: null };
}

async function compare(
  deps: PasswordCheckDeps,
  orgId: string,
  loginKey: string | null,
  password: string,
): Promise<Exclude<PasswordOutcome, { kind: 'limited' }>> {
  const found = await deps.findCredentials(orgId, loginKey ?? '');
  const tooLong = Buffer.byteLength(password) > MAX_PASSWORD_BYTES;
  const whose = found === null ? null : { orgId, id: found.id };
  const { ok } = await deps.verify(tooLong ? null : (found?.passwordHash ?? null), tooLong ? '' : password, whose);
  if (!ok || found === null || !MAY_SIGN_IN.has(found.status))
    return { kind: 'wrong', userId: found?.id ?? null, status: found?.status ?? null };
  const { passwordHash: _hash, status, ...user } = found;
  return { kind: 'right', user, status };
}
