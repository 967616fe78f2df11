import { samlRows } from './saml-rows.ts';

/**
 * The deviations that can be asked for, one row each. `row` is the row of the providers contract's table of failure modes that it plays; `kind`
 * says where: `authorize` before the person leaves, `token` at the token endpoint, `id_token` in the signed token, `userinfo` at that endpoint,
 * `saml` in a SAML Response.
 */
export type FaultKind = 'authorize' | 'token' | 'id_token' | 'userinfo' | 'saml';

export interface Row {
  name: string;
  row: number;
  kind: FaultKind;
  /** What the sandbox does, for the chooser and the control API. */
  does: string;
  /** What a relying party should make of it. */
  expect: string;
  parameter?: { label: string; preset: string; kind: 'claim' | 'seconds' };
}

const rows = [
  {
    name: 'user_denies',
    row: 1,
    kind: 'authorize',
    does: 'The person refuses: error access_denied.',
    expect: 'Say that the sign-in was cancelled and offer to try again.',
  },
  {
    name: 'temporary_unavailable',
    row: 3,
    kind: 'authorize',
    does: 'The error temporary_unavailable, in the spelling that OAuth does not know.',
    expect: 'Treat it like temporarily_unavailable.',
  },
  {
    name: 'never_returns',
    row: 4,
    kind: 'authorize',
    does: 'The person cannot satisfy the policy and stays on this site.',
    expect: 'Let the transaction expire and offer to start again.',
  },
  {
    name: 'wrong_redirect_uri',
    row: 6,
    kind: 'authorize',
    does: 'The redirect URI counts as not registered: an error page, no redirect.',
    expect: 'Compare the registered redirect URI character by character.',
  },
  {
    name: 'unknown_client',
    row: 7,
    kind: 'authorize',
    does: 'The client id counts as unknown: error invalid_client.',
    expect: 'Show the administrator which client id was sent.',
  },
  {
    name: 'scope_not_policy',
    row: 8,
    kind: 'authorize',
    does: 'The scope counts as another policy than the client has: error invalid_scope.',
    expect: 'Say which policy handle is expected.',
  },
  {
    name: 'scope_silently_no_claims',
    row: 9,
    kind: 'id_token',
    does: 'The sign-in succeeds, the ID token or assertion carries no attribute at all.',
    expect: 'Say that the policy released no claims.',
  },
  {
    name: 'extra_scopes',
    row: 11,
    kind: 'authorize',
    does: 'The scope counts as still containing email and profile: error invalid_scope.',
    expect: 'Warn about the additional scopes.',
  },
  {
    name: 'userinfo_json_string',
    row: 13,
    kind: 'userinfo',
    does: 'Userinfo answers application/json with a quoted JWT. This is also the ordinary behaviour here, as at ID.me.',
    expect: 'Leave the userinfo endpoint blank, or parse the body deliberately.',
  },
  {
    name: 'userinfo_jwe',
    row: 14,
    kind: 'userinfo',
    does: 'Userinfo answers a quoted JWE (RSA-OAEP, A256CBC-HS512) around the JWT.',
    expect: 'Decrypt it with the registered key, or leave the endpoint blank.',
  },
  {
    name: 'userinfo_500',
    row: 15,
    kind: 'userinfo',
    does: 'Userinfo answers 500.',
    expect: 'Name the cause in the log.',
  },
  {
    name: 'userinfo_401',
    row: 15,
    kind: 'userinfo',
    does: 'Userinfo answers 401 although the token is good.',
    expect: 'Name the cause in the log.',
  },
  {
    name: 'missing_claim',
    row: 17,
    kind: 'id_token',
    does: 'One claim is left out of the ID token, or one attribute out of the assertion.',
    expect: 'Refuse the creation and name the claim when it is required.',
    parameter: { label: 'Claim', preset: 'email', kind: 'claim' },
  },
  {
    name: 'null_attribute',
    row: 18,
    kind: 'id_token',
    does: 'One claim is null, or one attribute has no value.',
    expect: 'Treat it as absent.',
    parameter: { label: 'Claim', preset: 'phone', kind: 'claim' },
  },
  {
    name: 'secret_wrong',
    row: 21,
    kind: 'token',
    does: 'The client secret counts as wrong: 400 invalid_client.',
    expect: 'Tell it apart from a bad code.',
  },
  {
    name: 'auth_method_wrong',
    row: 21,
    kind: 'token',
    does: 'The method of client authentication counts as not allowed: 400 invalid_client.',
    expect: 'Name the method that was used.',
  },
  {
    name: 'code_expired',
    row: 22,
    kind: 'token',
    does: 'The code has expired when it is redeemed: 400 invalid_grant.',
    expect: 'Start the sign-in again, not the token request.',
  },
  {
    name: 'code_replayed',
    row: 22,
    kind: 'token',
    does: 'The code was redeemed before: 400 invalid_grant, and what it gave is revoked.',
    expect: 'Start the sign-in again, not the token request.',
  },
  {
    name: 'clock_skew_past',
    row: 23,
    kind: 'id_token',
    does: 'iat and exp, or the times of the assertion, lie in the past.',
    expect: 'Refuse what has expired and say how far the clocks differ.',
    parameter: { label: 'Seconds', preset: '21600', kind: 'seconds' },
  },
  {
    name: 'clock_skew_future',
    row: 23,
    kind: 'id_token',
    does: 'iat, nbf and exp, or the times of the assertion, lie in the future.',
    expect: 'Refuse it beyond the allowed skew and say how far the clocks differ.',
    parameter: { label: 'Seconds', preset: '3600', kind: 'seconds' },
  },
  {
    name: 'key_rotated_published',
    row: 24,
    kind: 'id_token',
    does: 'Signs with a new key that the key set contains from now on.',
    expect: 'Fetch the key set once more and accept.',
  },
  {
    name: 'key_rotated_unpublished',
    row: 25,
    kind: 'id_token',
    does: 'Signs with a new key that the key set does not contain.',
    expect: 'Fetch the key set once more, then refuse; no storm of requests.',
  },
  {
    name: 'same_kid_other_key',
    row: 26,
    kind: 'id_token',
    does: 'Signs with another key under the published key id.',
    expect: 'Refuse the signature.',
  },
  {
    name: 'jwks_quirks',
    row: 27,
    kind: 'id_token',
    does: 'Rotates the key and publishes it with "algorithm" for "alg", x5t, and line breaks inside x5c.',
    expect: 'Read the key set all the same.',
  },
  {
    name: 'wrong_aud',
    row: 29,
    kind: 'id_token',
    does: 'aud is another client.',
    expect: 'Refuse and name the claim.',
  },
  {
    name: 'wrong_iss',
    row: 29,
    kind: 'id_token',
    does: 'iss is another issuer.',
    expect: 'Refuse and name the claim.',
  },
  {
    name: 'wrong_nonce',
    row: 29,
    kind: 'id_token',
    does: 'nonce is another value.',
    expect: 'Refuse and name the claim.',
  },
  {
    name: 'alg_none',
    row: 30,
    kind: 'id_token',
    does: 'The token says alg none and has no signature.',
    expect: 'Refuse.',
  },
  {
    name: 'hs256_with_public_key',
    row: 30,
    kind: 'id_token',
    does: 'The token is HS256 with the public key as its secret.',
    expect: 'Refuse.',
  },
  {
    name: 'email_changed',
    row: 32,
    kind: 'id_token',
    does: 'The same uuid comes back with another e-mail address, this time only.',
    expect: 'Keep the person: uuid is the link.',
  },
  ...samlRows,
] as const satisfies readonly Row[];

export type FaultName = (typeof rows)[number]['name'];
export type Fault = Row & { name: FaultName };

export const FAULTS: readonly Fault[] = rows;

export type Protocol = 'oidc' | 'saml';

/** Faults that both protocols play, each in its own way. */
const OF_BOTH: ReadonlySet<FaultName> = new Set<FaultName>([
  'never_returns',
  'scope_silently_no_claims',
  'missing_claim',
  'null_attribute',
  'clock_skew_past',
  'clock_skew_future',
]);

/** What can be rehearsed in a sign-in by this protocol. */
export const faultsOf = (protocol: Protocol): readonly Fault[] =>
  FAULTS.filter(({ name, kind }) => OF_BOTH.has(name) || (kind === 'saml') === (protocol === 'saml'));

/** A fault as it is asked for. `parameter` is a claim's name or a number of seconds, where the row has one. */
export interface ChosenFault {
  fault: FaultName;
  parameter?: string;
}

/** Thrown with a sentence for whoever asked. */
export class InvalidFault extends Error {}

export const faultOf = (name: FaultName): Fault => FAULTS.find((fault) => fault.name === name) as Fault;

/** Empty means none. Throws InvalidFault for a name that is in no row and for a parameter that does not fit. */
export function chooseFault(name: string, parameter?: string): ChosenFault | null {
  if (name === '') return null;
  const fault = FAULTS.find((row) => row.name === name);
  if (fault === undefined) throw new InvalidFault(`fault: there is none called ${JSON.stringify(name)}.`);
  if (fault.parameter === undefined) return { fault: fault.name };
  const value = parameter?.trim() || fault.parameter.preset;
  if (fault.parameter.kind === 'seconds' && !/^\d{1,9}$/.test(value)) {
    throw new InvalidFault('parameter: a number of seconds.');
  }
  return { fault: fault.name, parameter: value };
}
