/** Which words a refusal's code gets. Codes of connectors and of the account decision stay exact in the log; people see a few kinds. */
import type { Advice, NoticeKind, ProblemKind } from './texts/texts.ts';

export interface ProblemWords {
  kind: ProblemKind;
  advice: Advice;
}

const EXACT: Readonly<Record<string, readonly [ProblemKind, Advice]>> = {
  user_canceled_request: ['cancelled', 'again'],
  temporarily_unavailable: ['unavailable', 'later'],
  server_error: ['generic', 'later'],
  hub_busy: ['generic', 'again'],
  provider_unavailable: ['unavailable', 'later'],
  provider_keys_unavailable: ['unavailable', 'later'],
  token_endpoint_unreachable: ['unavailable', 'later'],
  userinfo_unreachable: ['unavailable', 'later'],
  provider_needs_interaction: ['generic', 'again'],
  provider_error: ['generic', 'again'],
  social_transaction_expired: ['tooLong', 'again'],
  saml_in_response_to: ['staleAnswer', 'again'],
  saml_replayed: ['staleAnswer', 'again'],
  saml_expired: ['tooLong', 'again'],
  page_expired: ['pageExpired', 'startOver'],
  invalid_social_state: ['staleAnswer', 'again'],
  token_code_refused: ['notAccepted', 'again'],
  invalid_scope: ['misconfigured', 'administrator'],
  idp_inactive: ['switchedOff', 'another'],
  app_inactive: ['applicationOff', 'administrator'],
  route_enforced: ['elsewhere', 'another'],
  route_changed: ['elsewhere', 'another'],
  sign_on_denied: ['signOnDenied', 'administrator'],
  not_assigned: ['notAssigned', 'administrator'],
  jit_disabled: ['noAccount', 'administrator'],
  no_match: ['noAccount', 'administrator'],
  jit_failure_missing_fields: ['missingDetails', 'administrator'],
  user_match_error: ['notLinked', 'administrator'],
  user_link_error: ['notLinked', 'administrator'],
  invalid_user_status_error: ['closedAccount', 'administrator'],
  invalid_username: ['unknownPerson', 'administrator'],
  missed_field: ['unknownPerson', 'administrator'],
  invalid_expression: ['unknownPerson', 'administrator'],
  email_domain_not_trusted: ['noAccount', 'administrator'],
  attempts_limited: ['tooManyAttempts', 'later'],
  password_wrong: ['wrongPassword', 'again'],
  reset_link_gone: ['linkGone', 'newResetLink'],
  activation_link_gone: ['linkGone', 'newActivationLink'],
};

/** By the code's beginning, where the exact one has no row; the first that fits. */
const FAMILIES: readonly (readonly [prefix: string, kind: ProblemKind, advice: Advice])[] = [
  ['id_token_', 'notAccepted', 'administrator'],
  ['userinfo_', 'notAccepted', 'administrator'],
  ['invalid_userinfo', 'notAccepted', 'administrator'],
  ['invalid_social_', 'notAccepted', 'administrator'],
  ['get_social_', 'notAccepted', 'administrator'],
  ['jws_', 'notAccepted', 'administrator'],
  ['jwks_', 'notAccepted', 'administrator'],
  ['callback_', 'notAccepted', 'again'],
  ['saml_', 'notAccepted', 'administrator'],
  ['token_', 'misconfigured', 'administrator'],
  ['provider_', 'misconfigured', 'administrator'],
  ['jit_', 'notCreated', 'administrator'],
  ['link_', 'notLinked', 'administrator'],
  ['failed_username_', 'unknownPerson', 'administrator'],
  ['invalid_', 'badRequest', 'administrator'],
  ['unauthorized_', 'badRequest', 'administrator'],
  ['unsupported_', 'badRequest', 'administrator'],
  ['redirect_uri_', 'badRequest', 'administrator'],
];

export function wordsOf(code: string): ProblemWords {
  const exact = Object.hasOwn(EXACT, code) ? EXACT[code] : undefined;
  if (exact !== undefined) return { kind: exact[0], advice: exact[1] };
  const family = FAMILIES.find(([prefix]) => code.startsWith(prefix));
  return family === undefined ? { kind: 'generic', advice: 'administrator' } : { kind: family[1], advice: family[2] };
}

const NOTICES: Readonly<Record<string, NoticeKind>> = {
  no_match: 'noMatch',
  jit_disabled: 'noMatch',
  password_wrong: 'wrongPassword',
  attempts_limited: 'tooManyAttempts',
};

export function noticeOf(code: string): NoticeKind {
  return Object.hasOwn(NOTICES, code) ? NOTICES[code]! : 'other';
}
