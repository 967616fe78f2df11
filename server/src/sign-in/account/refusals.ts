/**
 * Every way in which the account decision says no, as data: row and texts of contract §13. `client` goes to the application, `reason`
 * to the System Log; `creates` tells that a creation was tried, which has an event of its own.
 */
import { PRODUCT } from '../../shared/product.ts';

export interface Refused {
  row: number;
  code: string;
  reason: string;
  /** What the administrator should look at, where it is known. */
  hint?: string;
  client: { error: string; description: string };
  creates: boolean;
}

const no = (row: number, code: string, error: string, description: string, reason = description, creates = false) =>
  ({ kind: 'refuse', row, code, reason, client: { error, description }, creates }) as const;

const LINKING_DENIED = 'User linking was denied because the user is not allowed by the account linking filters.';
const quoted = (names: readonly string[]) => names.map((name) => `'${name}'`).join(', ');

export const refusals = {
  outsideGroups: () =>
    no(
      3,
      'link_denied_group',
      'access_denied',
      'User linking was denied because the user is not in any of the specified groups.',
      'Account link of incoming subject to user denied due to group membership restriction',
    ),
  excluded: (why: string) =>
    no(
      4,
      'link_denied_user',
      'access_denied',
      LINKING_DENIED,
      `Account link of incoming subject to user denied: ${why}.`,
    ),
  alreadyLinked: () =>
    no(
      4,
      'link_denied_already_linked',
      'access_denied',
      LINKING_DENIED,
      'Account link denied: the matching user is already linked to another person of this provider. That person can sign in locally, then link again.',
    ),
  untrusted: (code: string, why: string) =>
    no(4, code, 'access_denied', LINKING_DENIED, `Account link of incoming subject to user denied: ${why}.`),
  linkingDisabled: () => no(5, 'link_disabled', 'access_denied', 'User linking was disabled.'),
  notUnique: () =>
    no(
      6,
      'jit_failure',
      'jit_failure',
      'Unable to create the user.',
      'Unable to JIT user from the Identity Provider: a user with this username exists and the account link policy does not allow to link to it.',
      true,
    ),
  creationDisabled: () =>
    no(
      8,
      'jit_disabled',
      'access_denied',
      'User creation was disabled.',
      'User Not Found: Unable to match the transformed username',
    ),
  missing: (names: readonly string[]) =>
    no(
      9,
      'jit_failure_missing_fields',
      'jit_failure_missing_fields',
      `Unable to create the user. The following required properties are missing: ${quoted(names)}.`,
      `Unable to JIT user from the Identity Provider: required properties are missing: ${quoted(names)}. Check that the mapping names the claim and that the provider releases it.`,
      true,
    ),
  invalidLogin: (value: string) =>
    no(
      10,
      'jit_failure_invalid_login_format',
      'jit_failure_invalid_login_format',
      'Unable to create the user. Username is not an email address or contains invalid characters.',
      `Unable to JIT user from the Identity Provider: the username '${value.slice(0, 100)}' is not an email address or contains invalid characters.`,
      true,
    ),
  pattern: (names: readonly string[]) =>
    no(
      11,
      'jit_failure_values_not_match_pattern',
      'jit_failure_values_not_match_pattern',
      `Unable to create the user. Properties don't match required pattern. Invalid fields: ${names.join(', ')}.`,
      undefined,
      true,
    ),
  tooLong: (names: readonly string[]) =>
    no(
      11,
      'jit_failure_values_too_long',
      'jit_failure_values_too_long',
      `Unable to create the user. Exceeded max length for properties. Invalid fields: ${names.join(', ')}.`,
      undefined,
      true,
    ),
  invalidValues: (names: readonly string[]) =>
    no(
      11,
      'jit_failure',
      'jit_failure',
      'Unable to create the user.',
      `Unable to JIT user from the Identity Provider: values do not fit the profile: ${names.join(', ')}.`,
      true,
    ),
  valueTaken: () =>
    no(
      11,
      'jit_failure',
      'jit_failure',
      'Unable to create the user.',
      'Unable to JIT user from the Identity Provider: another user has the same value of an attribute that must be unique.',
      true,
    ),
  userName: (code: string, detail: string, value = '') =>
    USER_NAME[code]?.(detail, value) ??
    no(12, 'failed_username_transform', 'access_denied', 'Failed to generate username.', detail),
  filtered: (value: string) =>
    no(
      13,
      'invalid_username',
      'access_denied',
      `Transformed username '${value}' is invalid.`,
      `The transformed username '${value}' was rejected by the username filter.`,
    ),
  ambiguous: () =>
    no(
      14,
      'user_match_error',
      'access_denied',
      `Could not match social profile to a ${PRODUCT} user.`,
      'More than one user matches the incoming subject.',
    ),
  status: (status: string) =>
    no(
      15,
      'invalid_user_status_error',
      'access_denied',
      'User status is invalid.',
      `Unable to Validate User due to Invalid Status: ${status}`,
    ),
} as const;

const USER_NAME: Record<string, (detail: string, value: string) => ReturnType<typeof no>> = {
  missed_field: (detail) =>
    no(
      12,
      'missed_field',
      'access_denied',
      `The following required property is missing: '${detail}'.`,
      `The username expression needs '${detail}', which the provider did not send.`,
    ),
  invalid_expression: (detail) =>
    no(12, 'invalid_expression', 'access_denied', `The username transform '${detail}' is invalid.`),
  whitespace: (_detail, value) =>
    no(
      12,
      'failed_username_transform_whitespaces_found',
      'access_denied',
      `Unable to create a user. Username contains invalid whitespace characters: '${value}'.`,
    ),
};
