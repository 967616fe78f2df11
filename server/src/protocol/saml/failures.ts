/** Every way in which a SAML message is refused. The codes are stable; the sentence is the administrator's. */
import { err, type Result } from '../../shared/result.ts';
import type { SamlFailure } from './types.ts';

export type SamlFailureCode =
  | 'saml_message_missing'
  | 'saml_message_encoding'
  | 'saml_message_too_large'
  | 'saml_document_refused'
  | 'saml_not_wellformed'
  | 'saml_duplicate_id'
  | 'saml_structure'
  | 'saml_signature_missing'
  | 'saml_signature_structure'
  | 'saml_signature_reference'
  | 'saml_signature_algorithm'
  | 'saml_signature_sha1'
  | 'saml_signature_invalid'
  | 'saml_certificate_missing'
  | 'saml_certificate_expired'
  | 'saml_encryption_algorithm'
  | 'saml_undecryptable'
  | 'saml_not_encrypted'
  | 'saml_status_not_success'
  | 'saml_issuer'
  | 'saml_destination'
  | 'saml_in_response_to'
  | 'saml_recipient'
  | 'saml_subject_confirmation'
  | 'saml_audience'
  | 'saml_conditions'
  | 'saml_expired'
  | 'saml_not_yet_valid'
  | 'saml_authn_statement'
  | 'saml_authn_context'
  | 'saml_name_id'
  | 'saml_attributes'
  | 'saml_verification_timeout';

const LONGEST_VALUE = 200;

/** A value out of a message as it may stand in a sentence: short, without control characters or halves of characters. */
export function shown(value: string | null): string {
  if (value === null) return 'nothing';
  const cut = value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value;
  return `"${cut.replace(/[\p{Cc}\p{Cs}\u2028\u2029]/gu, '\ufffd')}"`;
}

/** Ends a verification from any depth; it never leaves this module: the public functions return its failure as a value. */
export class Refused extends Error {
  readonly failure: SamlFailure;

  constructor(code: SamlFailureCode, reason: string, more: Partial<Pick<SamlFailure, 'id' | 'status'>> = {}) {
    super(code);
    this.failure = { code, reason, id: null, ...more };
  }
}

export function refuse(
  code: SamlFailureCode,
  reason: string,
  more?: Partial<Pick<SamlFailure, 'id' | 'status'>>,
): never {
  throw new Refused(code, reason, more);
}

export const failure = (code: SamlFailureCode, reason: string): Result<never, SamlFailure> =>
  err({ code, reason, id: null });
