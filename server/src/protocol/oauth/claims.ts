/** Scopes, the claims that each opens (OIDC Core §5.4, contract §11.4), and the names that belong to the protocol. */
import type { Json } from '../../shared/json.ts';

export const SCOPES = ['openid', 'profile', 'email', 'address', 'phone', 'offline_access'] as const;
const KNOWN: ReadonlySet<string> = new Set(SCOPES);
export const isKnownScope = (scope: string): boolean => KNOWN.has(scope);

/** Who a token speaks of. */
export interface ClaimSubject {
  login: string;
  profile: Record<string, Json>;
  emailVerified: boolean;
  lastUpdated: Date;
}

type Read = (subject: ClaimSubject) => Json | undefined;

const attribute =
  (...names: string[]): Read =>
  ({ profile }) =>
    names.map((name) => profile[name]).find((value) => typeof value === 'string' && value !== '');

function nameOf({ profile, login }: ClaimSubject): string {
  const display = profile.displayName;
  if (typeof display === 'string' && display !== '') return display;
  const parts = [profile.firstName, profile.lastName].filter((part) => typeof part === 'string' && part !== '');
  return parts.length > 0 ? parts.join(' ') : login;
}

function addressOf({ profile }: ClaimSubject): Json | undefined {
  const rows = {
    street_address: 'streetAddress',
    locality: 'city',
    region: 'state',
    postal_code: 'zipCode',
    country: 'countryCode',
  };
  const found = Object.entries(rows).flatMap(([claim, name]) => {
    const value = profile[name];
    return typeof value === 'string' && value !== '' ? [[claim, value] as const] : [];
  });
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}

/** One row per claim: the scope that opens it, where its value comes from, and whether it stands in every ID token. */
const CLAIMS: readonly { name: string; scope: string; read: Read; always?: true }[] = [
  { name: 'name', scope: 'profile', read: nameOf, always: true },
  { name: 'nickname', scope: 'profile', read: attribute('nickName') },
  { name: 'given_name', scope: 'profile', read: attribute('firstName') },
  { name: 'middle_name', scope: 'profile', read: attribute('middleName') },
  { name: 'family_name', scope: 'profile', read: attribute('lastName') },
  { name: 'profile', scope: 'profile', read: attribute('profileUrl') },
  { name: 'zoneinfo', scope: 'profile', read: attribute('timezone') },
  { name: 'locale', scope: 'profile', read: attribute('locale') },
  { name: 'updated_at', scope: 'profile', read: ({ lastUpdated }) => Math.floor(lastUpdated.getTime() / 1000) },
  { name: 'preferred_username', scope: 'profile', read: ({ login }) => login, always: true },
  { name: 'email', scope: 'email', read: attribute('email'), always: true },
  {
    name: 'email_verified',
    scope: 'email',
    read: (subject) => (attribute('email')(subject) === undefined ? undefined : subject.emailVerified),
  },
  { name: 'address', scope: 'address', read: addressOf },
  { name: 'phone_number', scope: 'phone', read: attribute('primaryPhone', 'mobilePhone') },
];

/**
 * The claims that scopes open. `short`: the selection for an ID token that comes with an access token, the rest being at userinfo.
 * Attributes without a value are left out.
 */
export function scopeClaims(
  subject: ClaimSubject,
  scopes: readonly string[],
  extent: 'all' | 'short',
): Record<string, Json> {
  const claims: Record<string, Json> = {};
  for (const { name, scope, read, always } of CLAIMS) {
    if (!scopes.includes(scope) || (extent === 'short' && !always)) continue;
    const value = read(subject);
    if (value !== undefined) claims[name] = value;
  }
  return claims;
}

/** Claims that the protocol or the hub itself makes (OpenID Connect Core §2, RFC 9068, RFC 7662, contract §11.4). */
const PROTOCOL_CLAIMS: ReadonlySet<string> = new Set(
  `iss sub aud exp nbf iat jti azp nonce auth_time at_hash c_hash s_hash acr amr sid ver idp cid uid scp scope client_id cnf act may_act
  events toe txn active username email_verified phone_number_verified _claim_names _claim_sources sub_jwk sub_id
  __proto__ constructor prototype`.split(/\s+/),
);

/** Names that an application's own claims may not have: what they mean is the protocol's. */
export const isProtocolClaim = (name: string): boolean => PROTOCOL_CLAIMS.has(name);

export const SUPPORTED_CLAIMS: readonly string[] = [
  ...['iss', 'ver', 'sub', 'aud', 'iat', 'exp', 'jti', 'auth_time', 'amr', 'idp', 'nonce', 'at_hash', 'c_hash'],
  ...CLAIMS.map(({ name }) => name),
];
