/** Why a signed token was not accepted. Stable; they stand in the System Log and in traces. */
export type JwsFailureCode =
  | 'jws_too_large'
  | 'jws_malformed'
  | 'jws_critical_header_refused'
  | 'jws_algorithm_not_allowed'
  | 'jws_key_unknown'
  | 'jws_key_type_mismatch'
  | 'jws_secret_too_short'
  | 'jws_signature_invalid'
  | 'jws_payload_not_an_object';

export interface JwsFailure {
  code: JwsFailureCode;
  /** For administrators: what was expected and found; never a part of the token beyond algorithm and key id. */
  message: string;
}

export type JwksFailureCode = 'jwks_too_large' | 'jwks_malformed' | 'jwks_too_many_keys';

export interface JwksFailure {
  code: JwksFailureCode;
  message: string;
}

/** Text from outside, cut and quoted, for a message. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 64 ? `${text.slice(0, 64)}…` : text);
}
