/**
 * Passwords: Argon2id with the parameters of security.md §4.1, in a bounded pool, as PHC strings. An unknown user costs as much as a
 * known one.
 */
import { hash, verify } from '@node-rs/argon2';
import { apiErrors } from '../../../http/index.ts';
import { randomBase62 } from '../../../shared/ids.ts';
import { costOf, isImported, matchesImported, spend } from './imported.ts';

/** KiB, passes, lanes, bytes. */
const PARAMETERS = { memoryCost: 47_104, timeCost: 1, parallelism: 1, outputLen: 32 };
const ARGON2ID = 2;
const MAX_CONCURRENT = 4;
const MAX_WAITING = 100;

export const PASSWORD_MIN_CHARACTERS = 8;
export const PASSWORD_MAX_CHARACTERS = 128;
export const PASSWORD_MAX_BYTES = 1_024;

export interface Passwords {
  /** A PHC string. Throws 429 when too many are waiting. */
  hash(password: string): Promise<string>;
  /**
   * `phc` null: nobody or nobody with a password; the answer takes as long and is false. `rehash`: made with older parameters or by
   * another system. `costs`: what hashes of other systems cost that some people still have; a wrong guess costs all of them.
   */
  verify(phc: string | null, password: string, costs?: readonly string[]): Promise<{ ok: boolean; rehash: boolean }>;
}

/** `parameters` are for tests: ordinary use has one strength. */
export function createPasswords(parameters: typeof PARAMETERS = PARAMETERS): Passwords {
  const inPool = pool(MAX_CONCURRENT, MAX_WAITING);
  const options = { ...parameters, algorithm: ARGON2ID };
  const prefix = `$argon2id$v=19$m=${parameters.memoryCost},t=${parameters.timeCost},p=${parameters.parallelism}$`;
  let nobody: Promise<string> | undefined;
  return {
    hash: (password) => inPool(() => hash(normalised(password), options)),
    verify(phc, password, costs = []) {
      return inPool(async () => {
        nobody ??= hash('nobody', options);
        const tooLong = Buffer.byteLength(password) > PASSWORD_MAX_BYTES;
        const guess = tooLong ? '' : password;
        const foreign = phc !== null && isImported(phc) ? phc : null;
        const imported = foreign !== null && (await matchesImported(foreign, guess).catch(() => false));
        if (imported && !tooLong) return { ok: true, rehash: true };
        const own = foreign === null && phc !== null ? phc : await nobody;
        const matches = await verify(own, normalised(guess)).catch(() => false);
        const accepted = matches && own === phc && !tooLong;
        if (accepted) return { ok: true, rehash: !phc.startsWith(prefix) };
        for (const cost of costs) if (foreign === null || cost !== costOf(foreign)) await spend(cost, guess);
        return { ok: false, rehash: false };
      });
    },
  };
}

/** A password for an administrator to type once: 20 characters, 119 bits. */
export const newPassword = (): string => randomBase62(20);

/** What is wrong with a new password, as a cause of E0000001; null when nothing is. */
export function passwordProblem(password: string): string | null {
  const length = password.length > PASSWORD_MAX_BYTES ? password.length : [...password].length;
  const fits =
    length >= PASSWORD_MIN_CHARACTERS &&
    length <= PASSWORD_MAX_CHARACTERS &&
    Buffer.byteLength(password) <= PASSWORD_MAX_BYTES;
  if (fits && !password.includes('\u0000')) return null;
  return `password: Password requirements were not met. Password requirements: ${PASSWORD_MIN_CHARACTERS} to ${PASSWORD_MAX_CHARACTERS} characters.`;
}

/** The same password from every keyboard (NIST SP 800-63B §3.1.1.2). */
function normalised(password: string): string {
  return password.normalize('NFKC');
}

function pool(concurrent: number, waiting: number) {
  const queue: (() => void)[] = [];
  let running = 0;
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= concurrent) {
      if (queue.length >= waiting) throw apiErrors.rateLimited(1);
      await new Promise<void>((resume) => queue.push(resume));
    } else {
      running++;
    }
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
