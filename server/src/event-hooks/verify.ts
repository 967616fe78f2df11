/**
 * The one call by which a hook's address shows that it wants the events (contract §9): a GET with a challenge in a header, answered with
 * the same value in JSON.
 */
import type { Egress } from '../http/index.ts';
import { randomSecret } from '../shared/ids.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { EventHook } from './store.ts';

/** For verification and delivery alike (rulings 12). */
export const CALL_TIMEOUT_MS = 5_000;
const MAX_ANSWER = 64 * 1024;

/** What the secret is sealed for: it opens for no other hook. */
export const placeOf = (id: string) => `event_hooks/${id}/auth_value`;

/** The headers that every call of a hook carries. @param secret opened; null where the hook has none */
export function headersOf({ headers, authKey }: EventHook, secret: string | null): Record<string, string> {
  return {
    accept: 'application/json',
    ...Object.fromEntries(headers.map(({ key, value }) => [key, value])),
    ...(authKey === null || secret === null ? {} : { [authKey]: secret }),
  };
}

/** The error is a sentence for the administrator; it never holds the secret or the address's answer. */
export async function challenge(
  egress: Pick<Egress, 'request'>,
  hook: EventHook,
  secret: string | null,
): Promise<Result<void, string>> {
  const value = randomSecret(32);
  const answer = await egress.request({
    url: hook.uri,
    headers: { ...headersOf(hook, secret), 'x-okta-verification-challenge': value },
    timeoutMs: CALL_TIMEOUT_MS,
    maxBytes: MAX_ANSWER,
  });
  if (!answer.ok) return err(answer.error.message);
  const { status, text } = answer.value;
  if (status !== 200) return err(`The address answered with status ${status}; expected was 200. ${EXPECTED}`);
  return verificationIn(text) === value
    ? ok(undefined)
    : err(`The address did not send the challenge back. ${EXPECTED}`);
}

const EXPECTED =
  'It must answer a GET with {"verification": "…"}, the value of the header x-okta-verification-challenge.';

function verificationIn(text: string): unknown {
  try {
    return (JSON.parse(text) as { verification?: unknown } | null)?.verification;
  } catch {
    return undefined;
  }
}
