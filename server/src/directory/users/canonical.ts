/**
 * The one form in which logins and e-mail addresses are compared (security.md L6): NFC, lower case, a checked alphabet. Whatever could be
 * taken for something else (compatibility characters, mixed scripts, letters without a clean pair of cases) is refused, not repaired.
 */
import { err, ok, type Result } from '../../shared/result.ts';

export type CanonicalProblem = 'empty' | 'too_long' | 'whitespace' | 'characters' | 'not_an_address';

/** Counted before anything is normalised. */
const MAX_LENGTH = 320;
/** RFC 5322 atext, `@`, `.`, and letters, marks and digits of other scripts. */
const ALPHABET = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~@.\-\p{L}\p{M}\p{Nd}]+$/u;
/** In these scripts a mark that NFC leaves standing is a disguise. */
const LOOSE_MARK = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Nd}!-/@]\p{M}|^\p{M}/u;
const LOOKALIKE_SCRIPTS = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
];

/** The key of a login: two spellings of one login have the same key, two logins never do. */
export function canonicalLogin(login: string): Result<string, CanonicalProblem> {
  if (login === '') return err('empty');
  if (login.length > MAX_LENGTH) return err('too_long');
  if (/\s/u.test(login)) return err('whitespace');
  const composed = login.normalize('NFC');
  if (composed !== login.normalize('NFKC')) return err('characters');
  const key = composed.toLowerCase().normalize('NFC');
  if (!ALPHABET.test(key) || LOOSE_MARK.test(key)) return err('characters');
  if (key.toUpperCase().toLowerCase().normalize('NFC') !== key) return err('characters');
  if (key.split(/[@.]/).some(mixesScripts)) return err('characters');
  return ok(key);
}

/** The key of an e-mail address: like a login's, with exactly one `@` between two non-empty parts. */
export function canonicalEmail(email: string): Result<string, CanonicalProblem> {
  const key = canonicalLogin(email);
  if (!key.ok) return key;
  return /^[^@]{1,64}@[^@.]+(?:\.[^@.]+)*$/u.test(key.value) ? key : err('not_an_address');
}

function mixesScripts(label: string): boolean {
  return LOOKALIKE_SCRIPTS.filter((script) => script.test(label)).length > 1;
}
