/** What a body says of a password and a recovery question: read and checked, not hashed yet (contract §3). */
import { apiErrors } from '../../../http/index.ts';
import type { CredentialsBody } from '../schema.ts';
import { keptHash } from './imported.ts';
import { type Passwords, passwordProblem } from './passwords.ts';

type Body = { credentials?: CredentialsBody | null };

/** A password in clear text, or the hash that another system made of it. */
export type GivenPassword = { value: string } | { kept: string };

const isBlank = (value: object | null | undefined) =>
  value === null || value === undefined || Object.values(value).every((member) => member === null);

/** The password that a body sets; null when it sets none. Throws E0000001. */
export function passwordIn({ credentials }: Body): GivenPassword | null {
  const password = credentials?.password;
  if (password === null || password === undefined || isBlank(password)) return null;
  if (password.hook != null)
    throw apiErrors.validation(
      'password',
      'password.hook: password import by inline hook is not available here; send {"value": …} or {"hash": …}',
    );
  if (password.hash != null && password.value != null)
    throw apiErrors.validation('password', 'password: expected either "value" or "hash", found both');
  if (password.hash != null) return { kept: keptHash(password.hash) };
  return { value: acceptable(password.value ?? '') };
}

/** A new password in clear text. Throws E0000001 where it does not meet the requirements. */
export function acceptable(value: string): string {
  const problem = passwordProblem(value);
  if (problem !== null) throw apiErrors.validation('password', problem);
  return value;
}

const QUESTION_LENGTH = 100;
const ANSWER_LENGTHS = [4, 100] as const;

/** The recovery question that a body sets; null when it sets none. Throws E0000001. */
export function recoveryIn({ credentials }: Body): { question: string; answer: string } | null {
  const recovery = credentials?.recovery_question;
  if (recovery === null || recovery === undefined || isBlank(recovery)) return null;
  const question = (recovery.question ?? '').trim();
  const [shortest, longest] = ANSWER_LENGTHS;
  if (question === '' || question.length > QUESTION_LENGTH)
    throw apiErrors.validation(
      'recovery_question',
      `recovery_question.question: expected 1 to ${QUESTION_LENGTH} characters`,
    );
  const answer = canonicalAnswer(recovery.answer ?? '');
  if (answer.length < shortest || answer.length > longest)
    throw apiErrors.validation(
      'recovery_question',
      `recovery_question.answer: expected ${shortest} to ${longest} characters`,
    );
  return { question, answer };
}

/** An answer is the same in any case and with any blanks around it. */
export const canonicalAnswer = (answer: string): string => answer.normalize('NFKC').trim().toLowerCase();

/** The text to store. Throws 429 when too many are waiting to be hashed. */
export async function storedFrom(passwords: Passwords, given: GivenPassword | null): Promise<string | null> {
  if (given === null) return null;
  return 'kept' in given ? given.kept : passwords.hash(given.value);
}
