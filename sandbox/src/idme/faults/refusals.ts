import type { ChosenFault, FaultName } from './table.ts';

/** What a sign-in that ends before any code comes to: an error at the relying party, or a page here. */
export type Refusal =
  | { to: 'relying party'; error: string; description: string }
  | { to: 'page'; status: number; title: string; text: string };

export const SCOPE_NOT_RESOLVED = 'scope cant be resolved to an existing policy for the client';

export const INVALID_SCOPE: Refusal = { to: 'relying party', error: 'invalid_scope', description: SCOPE_NOT_RESOLVED };
export const INVALID_CLIENT: Refusal = {
  to: 'relying party',
  error: 'invalid_client',
  description: 'client_id cannot be resolved',
};
export const INVALID_REDIRECT_URI: Refusal = {
  to: 'page',
  status: 400,
  title: 'This redirect URI is not registered',
  text: 'The application asked to send you to an address that is not registered for it, so you stay here. It is compared character by character.',
};
export const DENIED: Refusal = { to: 'relying party', error: 'access_denied', description: 'User denied access' };

export const NEVER_RETURNS: Refusal & { to: 'page' } = {
  to: 'page',
  status: 200,
  title: 'We could not verify you yet',
  text: 'What this application asks for could not be confirmed. Nothing is sent back to it; you may close this page.',
};

const REFUSALS: Partial<Record<FaultName, Refusal>> = {
  user_denies: DENIED,
  temporary_unavailable: {
    to: 'relying party',
    error: 'temporary_unavailable',
    description: 'The service is temporarily unavailable',
  },
  never_returns: NEVER_RETURNS,
  wrong_redirect_uri: INVALID_REDIRECT_URI,
  unknown_client: INVALID_CLIENT,
  scope_not_policy: INVALID_SCOPE,
  extra_scopes: INVALID_SCOPE,
};

/** null for faults that play later than the authorization response. */
export const refusalOf = (chosen: ChosenFault | null): Refusal | null =>
  chosen === null ? null : (REFUSALS[chosen.fault] ?? null);

/** The address of an error response (RFC 6749 §4.1.2.1), without RFC 9207's iss, as ID.me sends it. */
export function errorLocation(
  redirectUri: string,
  { error, description }: Refusal & { to: 'relying party' },
  state?: string,
) {
  const location = new URL(redirectUri);
  location.searchParams.set('error', error);
  location.searchParams.set('error_description', description);
  if (state !== undefined) location.searchParams.set('state', state);
  return location.href;
}
