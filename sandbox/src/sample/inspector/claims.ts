/** What the usual claims mean, in plain words. */
const MEANINGS: Record<string, string> = {
  iss: 'Who issued the token',
  sub: 'Who it is about: the stable identifier at the issuer',
  aud: 'For whom it is: the client ID',
  exp: 'Valid until',
  iat: 'Issued at',
  nbf: 'Not valid before',
  auth_time: 'When the person signed in',
  nonce: 'The value that the application sent, against replay',
  amr: 'How the person signed in',
  acr: 'How strong the sign-in was',
  azp: 'The client that asked for it',
  at_hash: 'Ties the token to an access token',
  c_hash: 'Ties the token to a code',
  jti: 'Identifier of the token itself',
  sid: 'Identifier of the session',
  ver: 'Version of the format',
  idp: 'The identity provider that signed the person in',
  name: 'Full name',
  given_name: 'First name',
  family_name: 'Last name',
  middle_name: 'Middle name',
  nickname: 'Nickname',
  preferred_username: 'User name',
  profile: 'Address of the profile page',
  email: 'E-mail address',
  email_verified: 'Whether the address was confirmed',
  phone_number: 'Telephone number',
  address: 'Postal address',
  birthdate: 'Date of birth',
  birth_date: 'Date of birth',
  locale: 'Language and country',
  zoneinfo: 'Time zone',
  updated_at: 'When the profile last changed',
  groups: 'Groups of the person',
  scp: 'Scopes of the token',
  scope: 'Scopes of the token',
  cid: 'The client ID',
  uid: 'The user ID',
  uuid: 'The stable identifier of the ID.me account',
  fname: 'First name, as ID.me names it',
  lname: 'Last name, as ID.me names it',
};

const TIMES = new Set(['exp', 'iat', 'nbf', 'auth_time', 'updated_at']);
const DATES_FROM = 1e8;

export interface ExplainedClaim {
  name: string;
  value: string;
  meaning: string;
}

export function explained(claims: Record<string, unknown>): ExplainedClaim[] {
  return Object.entries(claims).map(([name, value]) => ({
    name,
    value: shown(name, value),
    meaning: MEANINGS[name] ?? '',
  }));
}

/** Times in seconds since 1970 are shown as a date too. */
function shown(name: string, value: unknown): string {
  if (TIMES.has(name) && typeof value === 'number' && value > DATES_FROM && value < 1e11) {
    return `${value} (${new Date(value * 1000).toISOString().replace('.000Z', 'Z')})`;
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}
