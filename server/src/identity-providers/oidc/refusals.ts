/** Why a sign-in through an OpenID provider ends: each code with the application's error (contract §13, rows 19-22) and whether trying again may help. */
import type { EgressError, EgressErrorCode } from '../../http/index.ts';
import type { ClaimFailureCode, JwsFailureCode } from '../../protocol/jose/index.ts';
import { PRODUCT } from '../../shared/product.ts';
import { err } from '../../shared/result.ts';
import type { Refusal } from '../connector.ts';

const CLIENT = {
  canceled: { error: 'access_denied', description: 'User canceled the social login request.' },
  exchange: { error: 'invalid_social_token', description: 'Could not acquire access token from authorization code.' },
  userInfo: { error: 'access_denied', description: 'The UserInfo response is invalid.' },
  profile: { error: 'server_error', description: 'Could not fetch social profile.' },
  state: {
    error: 'server_error',
    description: `The social identity provider returned an invalid state back to ${PRODUCT}.`,
  },
  failed: { error: 'access_denied', description: 'Login failed.' },
} as const;

const FINAL = false;
const RECOVERABLE = true;

const ROWS = {
  user_canceled_request: [CLIENT.canceled, RECOVERABLE],
  provider_unavailable: [CLIENT.failed, RECOVERABLE],
  provider_needs_interaction: [CLIENT.failed, RECOVERABLE],
  provider_scope_refused: [CLIENT.failed, FINAL],
  provider_client_refused: [CLIENT.failed, FINAL],
  provider_redirect_uri_refused: [CLIENT.failed, FINAL],
  provider_request_refused: [CLIENT.failed, FINAL],
  provider_error: [CLIENT.failed, FINAL],
  invalid_social_state: [CLIENT.state, RECOVERABLE],
  callback_parameter_repeated: [CLIENT.failed, FINAL],
  callback_issuer_missing: [CLIENT.failed, FINAL],
  callback_issuer_mismatch: [CLIENT.failed, FINAL],
  callback_code_missing: [CLIENT.failed, FINAL],
  callback_code_malformed: [CLIENT.failed, FINAL],
  token_endpoint_unreachable: [CLIENT.exchange, RECOVERABLE],
  token_endpoint_unusable: [CLIENT.exchange, FINAL],
  token_client_refused: [CLIENT.exchange, FINAL],
  token_code_refused: [CLIENT.exchange, RECOVERABLE],
  token_request_refused: [CLIENT.exchange, FINAL],
  token_response_invalid: [CLIENT.exchange, FINAL],
  id_token_missing: [CLIENT.exchange, FINAL],
  id_token_encrypted: [CLIENT.failed, FINAL],
  provider_keys_unavailable: [CLIENT.failed, RECOVERABLE],
  userinfo_access_token_missing: [CLIENT.profile, FINAL],
  userinfo_unreachable: [CLIENT.profile, RECOVERABLE],
  userinfo_unusable: [CLIENT.profile, FINAL],
  userinfo_refused: [CLIENT.profile, FINAL],
  userinfo_not_json: [CLIENT.userInfo, FINAL],
  userinfo_encrypted: [CLIENT.userInfo, FINAL],
  userinfo_signature_invalid: [CLIENT.userInfo, FINAL],
  userinfo_claim_mismatch: [CLIENT.userInfo, FINAL],
  userinfo_subject_mismatch: [CLIENT.userInfo, FINAL],
} as const satisfies Record<string, readonly [Refusal['client'], boolean]>;

/** The codes of the rows above; those of a refused signature or claim pass through and end as row 22. */
export type OidcRefusalCode = keyof typeof ROWS | JwsFailureCode | ClaimFailureCode;

/** `reason` says what happened, what was expected and what was found; `hint` what to do about it. */
export function refuse(code: OidcRefusalCode, reason: string, hint?: string): { ok: false; error: Refusal } {
  const [client, recoverable] = Object.hasOwn(ROWS, code) ? ROWS[code as keyof typeof ROWS] : [CLIENT.failed, FINAL];
  return err({ code, reason, ...(hint !== undefined && { hint }), client: { ...client }, recoverable });
}

const TRANSIENT: readonly EgressErrorCode[] = ['egress_timeout', 'egress_unreachable', 'egress_unresolved'];

/** Whether an outbound call may succeed later as it stands; otherwise the configuration or the peer must change. */
export function isTransient(error: EgressError): boolean {
  return TRANSIENT.includes(error.code);
}

const MAX_QUOTE = 200;

/** Text from outside without line breaks, control characters and direction marks; half surrogate pairs are replaced. */
export function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ')
    .trim();
}

/** A provider's own words, fit for a sentence of ours: one line, no quotes, cut. */
export function quote(text: string): string {
  const clean = oneLine(text).replace(/"/g, "'");
  return `"${clean.length > MAX_QUOTE ? `${clean.slice(0, MAX_QUOTE)}…` : clean}"`;
}
