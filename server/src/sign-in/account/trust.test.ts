import { describe, expect, test } from 'vitest';
import { candidateWith, policyWith } from '../../../test/support/account.ts';
import type { Candidate } from './decide.ts';
import { decide } from './decide.ts';

const TRUST = ['PROVIDER', 'VERIFIED_CLAIM', 'DOMAINS', 'PROVIDER_DESPITE_CLAIM'] as const;
const CLAIMS = [true, false, null] as const;
const DOMAINS = [
  ['no list', []],
  ['its domain listed', ['other.example', 'example.com']],
  ['another domain listed', ['other.example']],
] as const;
const MATCHES = [
  'the login is the claimed address',
  'the e-mail is the claimed address',
  'the login is another address',
  'the login is no address',
] as const;
const PEOPLE: [string, Partial<Candidate>][] = [
  ['an ordinary person', {}],
  ['a person whose address was never verified', { emailVerified: false }],
  ['such a person without a password', { emailVerified: false, hasPassword: false }],
  ['an administrator', { isAdministrator: true }],
  ['a person with another link of this provider', { linkedToThisIdp: true }],
  ['a suspended person', { status: 'SUSPENDED' }],
];

interface Cell {
  name: string;
  trustEmail: (typeof TRUST)[number];
  claim: boolean | null;
  domains: readonly string[];
  match: (typeof MATCHES)[number];
  person: Partial<Candidate>;
}

const CELLS: Cell[] = TRUST.flatMap((trustEmail) =>
  CLAIMS.flatMap((claim) =>
    DOMAINS.flatMap(([listed, domains]) =>
      MATCHES.flatMap((match) =>
        PEOPLE.map(([who, person]) => ({
          name: `${trustEmail}, email_verified ${claim}, ${listed}, ${match}: ${who}`,
          trustEmail,
          claim,
          domains,
          match,
          person,
        })),
      ),
    ),
  ),
);

/** security.md §4.2, written down a second time and point by point. */
function expected({ trustEmail, claim, domains, match, person }: Cell): string {
  const isAddress = match !== 'the login is no address';
  const spokenOf =
    match === 'the login is the claimed address' || match === 'the e-mail is the claimed address' ? claim : null;
  const listed = domains.includes('example.com');
  if (isAddress && domains.length > 0 && !listed) return 'nobody matches';
  if (isAddress && trustEmail === 'DOMAINS' && !listed && spokenOf !== false) return 'nobody matches';
  if (person.isAdministrator || person.linkedToThisIdp) return 'refused';
  if (isAddress && trustEmail !== 'PROVIDER_DESPITE_CLAIM' && spokenOf === false) return 'refused';
  if (isAddress && trustEmail === 'VERIFIED_CLAIM' && spokenOf !== true) return 'refused';
  if (person.status === 'SUSPENDED') return 'refused';
  const loses = isAddress && person.emailVerified === false && person.hasPassword !== false;
  return loses ? 'linked, password lost' : 'linked';
}

function outcome({ trustEmail, claim, domains, match, person }: Cell): string {
  const key =
    match === 'the login is no address'
      ? 'gary'
      : match === 'the login is another address'
        ? 'g.goodspeed@example.com'
        : 'gary@example.com';
  const byEmailOnly = match === 'the e-mail is the claimed address';
  const user = candidateWith({ loginKey: byEmailOnly ? 'gary' : key, emailKey: byEmailOnly ? key : null, ...person });
  const decision = decide({
    identity: { emailKey: 'gary@example.com', emailVerified: claim },
    userName: { ok: true, value: key, key },
    linked: null,
    byLogin: byEmailOnly ? null : user,
    byEmail: byEmailOnly ? [user] : [],
    byAttribute: [],
    creation: { invalidLogin: null, loginTaken: false, missing: [], pattern: [], tooLong: [], other: [] },
    policy: policyWith({ trustEmail, trustedDomains: [...domains], subject: { matchType: 'USERNAME_OR_EMAIL' } }),
    orgCreatesUsers: true,
  });
  if (decision.kind === 'create') return 'nobody matches';
  if (decision.kind === 'link') return decision.dropCredentials ? 'linked, password lost' : 'linked';
  return decision.kind === 'refuse' ? 'refused' : decision.kind;
}

describe('whether a match may be linked', () => {
  test(`each of the ${CELLS.length} combinations ends as security.md §4.2 says`, () => {
    const wrong = CELLS.filter((cell) => outcome(cell) !== expected(cell)).map(
      (cell) => `${cell.name} → ${outcome(cell)}, not ${expected(cell)}`,
    );
    expect(wrong).toEqual([]);
  });

  test('the matrix reaches every end', () => {
    expect(new Set(CELLS.map(outcome))).toEqual(
      new Set(['linked', 'linked, password lost', 'refused', 'nobody matches']),
    );
  });

  test('trusting an address despite the claim is told, so that it can be logged', () => {
    const despite = (claim: boolean | null) =>
      decide({
        identity: { emailKey: 'gary@example.com', emailVerified: claim },
        userName: { ok: true, value: 'gary@example.com', key: 'gary@example.com' },
        linked: null,
        byLogin: candidateWith(),
        byEmail: [],
        byAttribute: [],
        creation: { invalidLogin: null, loginTaken: false, missing: [], pattern: [], tooLong: [], other: [] },
        policy: policyWith({ trustEmail: 'PROVIDER_DESPITE_CLAIM' }),
        orgCreatesUsers: true,
      });
    expect(despite(false)).toMatchObject({ kind: 'link', trustedDespiteClaim: true });
    expect(despite(true)).toMatchObject({ kind: 'link', trustedDespiteClaim: false });
  });
});
