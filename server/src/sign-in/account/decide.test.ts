import { describe, expect, test } from 'vitest';
import { candidateWith, type PolicyChange, policyWith } from '../../../test/support/account.ts';
import { type Candidate, type CreationProblems, type DecisionInput, decide } from './decide.ts';

const KEY = 'gary@example.com';

interface Situation extends Partial<Omit<DecisionInput, 'policy' | 'creation'>> {
  policy?: PolicyChange;
  creation?: Partial<CreationProblems>;
}

const NO_PROBLEMS: CreationProblems = {
  invalidLogin: null,
  loginTaken: false,
  missing: [],
  pattern: [],
  tooLong: [],
  other: [],
};

function decideIn({ policy, creation, ...rest }: Situation) {
  return decide({
    identity: { emailKey: KEY, emailVerified: true },
    userName: { ok: true, value: KEY, key: KEY },
    linked: null,
    byLogin: null,
    byEmail: [],
    byAttribute: [],
    orgCreatesUsers: true,
    ...rest,
    policy: policyWith(policy),
    creation: { ...NO_PROBLEMS, ...creation },
  });
}

const gary = (change: Partial<Candidate> = {}) => candidateWith(change);
const OFF: PolicyChange = { accountLink: { action: 'DISABLED' } };
const NO_JIT = { provisioning: { action: 'DISABLED' } } as const;

/** [what is so, the situation, the decision]; rows of contract §13. */
const ROWS: [string, Situation, object][] = [
  [
    '1: a linked person signs in',
    { linked: gary() },
    { kind: 'linked', row: 1, userId: '00uGary', statusChange: null },
  ],
  [
    '1: whatever the policy says of links and creation',
    { linked: gary(), policy: { ...OFF, ...NO_JIT } },
    { kind: 'linked', row: 1 },
  ],
  [
    '1: a linked administrator too',
    { linked: gary({ isAdministrator: true, linkedToThisIdp: true }) },
    { kind: 'linked', row: 1 },
  ],
  [
    '1: although the user name matches somebody else',
    { linked: gary(), byLogin: gary({ id: '00uOther' }) },
    { kind: 'linked', userId: '00uGary' },
  ],
  [
    '1: although the user name cannot be made',
    { linked: gary(), userName: { ok: false, code: 'missed_field', detail: 'email' } },
    { kind: 'linked', row: 1 },
  ],
  [
    '2: an unlinked match is linked',
    { byLogin: gary() },
    { kind: 'link', row: 2, userId: '00uGary', statusChange: null, dropCredentials: false },
  ],
  [
    '2: matched by e-mail',
    { byEmail: [gary({ loginKey: 'gary' })], policy: { subject: { matchType: 'EMAIL' } } },
    { kind: 'link', row: 2 },
  ],
  [
    '2: one person found by both is one match',
    { byLogin: gary(), byEmail: [gary()], policy: { subject: { matchType: 'USERNAME_OR_EMAIL' } } },
    { kind: 'link', row: 2 },
  ],
  [
    '2: matched by another attribute',
    { byAttribute: [gary()], policy: { subject: { matchType: 'CUSTOM_ATTRIBUTE', matchAttribute: 'employeeNumber' } } },
    { kind: 'link', row: 2 },
  ],
  [
    '2: in one of the groups',
    { byLogin: gary({ groupIds: ['00gB'] }), policy: { accountLink: { includeGroups: ['00gA', '00gB'] } } },
    { kind: 'link', row: 2 },
  ],
  [
    '3: in none of the groups',
    { byLogin: gary({ groupIds: ['00gC'] }), policy: { accountLink: { includeGroups: ['00gA', '00gB'] } } },
    { kind: 'refuse', row: 3, code: 'link_denied_group', creates: false },
  ],
  [
    '3: an empty list of groups lets nobody in',
    { byLogin: gary({ groupIds: ['00gC'] }), policy: { accountLink: { includeGroups: [] } } },
    { kind: 'refuse', row: 3 },
  ],
  [
    '4: an excluded user',
    { byLogin: gary(), policy: { accountLink: { excludeUsers: ['00uGary'] } } },
    { kind: 'refuse', row: 4, code: 'link_denied_user' },
  ],
  [
    '4: another user is excluded: linked',
    { byLogin: gary(), policy: { accountLink: { excludeUsers: ['00uOther'] } } },
    { kind: 'link', row: 2 },
  ],
  [
    '4: an administrator',
    { byLogin: gary({ isAdministrator: true }) },
    { kind: 'refuse', row: 4, code: 'link_denied_user' },
  ],
  [
    '4: an administrator where the filter allows it: linked',
    { byLogin: gary({ isAdministrator: true }), policy: { accountLink: { excludeAdmins: false } } },
    { kind: 'link', row: 2 },
  ],
  [
    '4a: linked to another person of this provider',
    { byLogin: gary({ linkedToThisIdp: true }) },
    { kind: 'refuse', row: 4, code: 'link_denied_already_linked' },
  ],
  [
    '5: linking and creation off',
    { byLogin: gary(), policy: { ...OFF, ...NO_JIT } },
    { kind: 'refuse', row: 5, code: 'link_disabled', creates: false },
  ],
  [
    '5: linking off, creation off in the org',
    { byLogin: gary(), policy: OFF, orgCreatesUsers: false },
    { kind: 'refuse', row: 5 },
  ],
  [
    '6: linking off, creation on: the login is not unique',
    { byLogin: gary(), policy: OFF },
    { kind: 'refuse', row: 6, code: 'jit_failure', creates: true },
  ],
  [
    '6: nobody matches, but the login of the new user is taken',
    { creation: { loginTaken: true } },
    { kind: 'refuse', row: 6, code: 'jit_failure', creates: true },
  ],
  ['7: nobody matches: created', {}, { kind: 'create', row: 7 }],
  ['7: also where linking is off', { policy: OFF }, { kind: 'create', row: 7 }],
  [
    '8: nobody matches, creation off',
    { policy: NO_JIT },
    { kind: 'refuse', row: 8, code: 'jit_disabled', creates: false },
  ],
  [
    '8: nobody matches, creation off in the org',
    { orgCreatesUsers: false },
    { kind: 'refuse', row: 8, code: 'jit_disabled' },
  ],
  [
    '9: a required attribute is missing',
    { creation: { missing: ['lastName', 'x'] } },
    {
      kind: 'refuse',
      row: 9,
      code: 'jit_failure_missing_fields',
      creates: true,
      client: {
        error: 'jit_failure_missing_fields',
        description: "Unable to create the user. The following required properties are missing: 'lastName', 'x'.",
      },
    },
  ],
  [
    '10: the login is not an address',
    { creation: { invalidLogin: 'gary' } },
    { kind: 'refuse', row: 10, code: 'jit_failure_invalid_login_format', creates: true },
  ],
  [
    '11: a pattern is not met',
    { creation: { pattern: ['zip'] } },
    {
      kind: 'refuse',
      row: 11,
      code: 'jit_failure_values_not_match_pattern',
      client: {
        error: 'jit_failure_values_not_match_pattern',
        description: "Unable to create the user. Properties don't match required pattern. Invalid fields: zip.",
      },
    },
  ],
  [
    '11: a value is too long',
    { creation: { tooLong: ['city'] } },
    { kind: 'refuse', row: 11, code: 'jit_failure_values_too_long' },
  ],
  [
    '11: a value does not fit otherwise',
    { creation: { other: ['age'] } },
    { kind: 'refuse', row: 11, code: 'jit_failure' },
  ],
  [
    '12: no user name',
    { userName: { ok: false, code: 'failed_username_transform', detail: 'x' } },
    {
      kind: 'refuse',
      row: 12,
      code: 'failed_username_transform',
      client: { error: 'access_denied', description: 'Failed to generate username.' },
    },
  ],
  [
    '12: a missing claim',
    { userName: { ok: false, code: 'missed_field', detail: 'email' } },
    {
      kind: 'refuse',
      row: 12,
      code: 'missed_field',
      client: { error: 'access_denied', description: "The following required property is missing: 'email'." },
    },
  ],
  [
    '12: an expression of the wrong type',
    { userName: { ok: false, code: 'invalid_expression', detail: 'idpuser.list' } },
    { kind: 'refuse', row: 12, code: 'invalid_expression' },
  ],
  [
    '12: white space inside',
    { userName: { ok: false, code: 'whitespace', detail: '', value: 'ga ry' } },
    { kind: 'refuse', row: 12, code: 'failed_username_transform_whitespaces_found' },
  ],
  [
    '13: the filter refuses',
    { policy: { subject: { filter: () => false } } },
    {
      kind: 'refuse',
      row: 13,
      code: 'invalid_username',
      client: { error: 'access_denied', description: `Transformed username '${KEY}' is invalid.` },
    },
  ],
  [
    '13: the filter refuses a linked person too',
    { linked: gary(), policy: { subject: { filter: () => false } } },
    { kind: 'refuse', row: 13 },
  ],
  [
    '13: the filter accepts: linked',
    { byLogin: gary(), policy: { subject: { filter: (name) => name.endsWith('@example.com') } } },
    { kind: 'link', row: 2 },
  ],
  [
    '14: login and e-mail match two people',
    { byLogin: gary(), byEmail: [gary({ id: '00uOther' })], policy: { subject: { matchType: 'USERNAME_OR_EMAIL' } } },
    { kind: 'refuse', row: 14, code: 'user_match_error' },
  ],
  [
    '14: two people have the address',
    { byEmail: [gary(), gary({ id: '00uOther' })], policy: { subject: { matchType: 'EMAIL' } } },
    { kind: 'refuse', row: 14 },
  ],
  [
    '14: two people have the attribute',
    {
      byAttribute: [gary(), gary({ id: '00uOther' })],
      policy: { subject: { matchType: 'CUSTOM_ATTRIBUTE', matchAttribute: 'n' } },
    },
    { kind: 'refuse', row: 14 },
  ],
  [
    '15: suspended',
    { linked: gary({ status: 'SUSPENDED' }) },
    {
      kind: 'refuse',
      row: 15,
      code: 'invalid_user_status_error',
      client: { error: 'access_denied', description: 'User status is invalid.' },
    },
  ],
  ['15: suspended, not linked yet', { byLogin: gary({ status: 'SUSPENDED' }) }, { kind: 'refuse', row: 15 }],
  ['15: deprovisioned', { linked: gary({ status: 'DEPROVISIONED' }) }, { kind: 'refuse', row: 15 }],
  ['15: locked out', { linked: gary({ status: 'LOCKED_OUT' }) }, { kind: 'refuse', row: 15 }],
  ['15: a status that nobody knows', { linked: gary({ status: 'NEW_ONE' }) }, { kind: 'refuse', row: 15 }],
  [
    '15: the condition for suspended people opens nothing to deprovisioned ones',
    { linked: gary({ status: 'DEPROVISIONED' }), policy: { provisioning: { suspended: 'UNSUSPEND' } } },
    { kind: 'refuse', row: 15 },
  ],
  [
    '16: suspended, UNSUSPEND',
    { linked: gary({ status: 'SUSPENDED' }), policy: { provisioning: { suspended: 'UNSUSPEND' } } },
    { kind: 'linked', row: 16, statusChange: 'unsuspend' },
  ],
  [
    '16: suspended, UNSUSPEND, at linking',
    { byLogin: gary({ status: 'SUSPENDED' }), policy: { provisioning: { suspended: 'UNSUSPEND' } } },
    { kind: 'link', row: 16, statusChange: 'unsuspend' },
  ],
  [
    '17: deprovisioned, REACTIVATE',
    { linked: gary({ status: 'DEPROVISIONED' }), policy: { provisioning: { deprovisioned: 'REACTIVATE' } } },
    { kind: 'linked', row: 17, statusChange: 'reactivate' },
  ],
  [
    '17: deprovisioned, REACTIVATE, at linking',
    { byLogin: gary({ status: 'DEPROVISIONED' }), policy: { provisioning: { deprovisioned: 'REACTIVATE' } } },
    { kind: 'link', row: 17, statusChange: 'reactivate' },
  ],
  [
    '18: staged and linked: activated',
    { linked: gary({ status: 'STAGED', createdByAdministrator: false }) },
    { kind: 'linked', row: 18, statusChange: 'activate' },
  ],
  [
    '18: provisioned by an administrator: activated at linking',
    { byLogin: gary({ status: 'PROVISIONED' }) },
    { kind: 'link', row: 18, statusChange: 'activate' },
  ],
  [
    '18: staged by nobody of the house: refused',
    { byLogin: gary({ status: 'STAGED', createdByAdministrator: false }) },
    { kind: 'refuse', row: 15 },
  ],
  [
    'an expired password does not matter to a provider',
    { linked: gary({ status: 'PASSWORD_EXPIRED' }) },
    { kind: 'linked', row: 1, statusChange: null },
  ],
  ['nor does a recovery', { byLogin: gary({ status: 'RECOVERY' }) }, { kind: 'link', row: 2 }],
];

describe('the decision table', () => {
  test.each(ROWS)('row %s', (_name, situation, expected) => {
    expect(decideIn(situation)).toMatchObject(expected);
  });

  test.each([
    ['USERNAME', { byEmail: [gary()], byAttribute: [gary()] }],
    ['EMAIL', { byLogin: gary(), byAttribute: [gary()] }],
    ['USERNAME_OR_EMAIL', { byAttribute: [gary()] }],
    ['CUSTOM_ATTRIBUTE', { byLogin: gary(), byEmail: [gary()] }],
  ] as const)('%s looks at nothing else', (matchType, found) => {
    expect(decideIn({ ...found, policy: { subject: { matchType } } })).toEqual({ kind: 'create', row: 7 });
  });

  test('what stands against a creation is told in one order: login, missing, form, pattern, length', () => {
    const all = { loginTaken: true, missing: ['a'], invalidLogin: 'x', pattern: ['b'], tooLong: ['c'], other: ['d'] };
    const codes: string[] = [];
    for (const [name, none] of [
      ['loginTaken', false],
      ['missing', []],
      ['invalidLogin', null],
      ['pattern', []],
      ['tooLong', []],
      ['other', []],
    ] as const) {
      const decision = decideIn({ creation: all });
      codes.push('code' in decision ? decision.code : decision.kind);
      Object.assign(all, { [name]: none });
    }
    expect(codes).toEqual([
      'jit_failure',
      'jit_failure_missing_fields',
      'jit_failure_invalid_login_format',
      'jit_failure_values_not_match_pattern',
      'jit_failure_values_too_long',
      'jit_failure',
    ]);
    expect(decideIn({ creation: all })).toEqual({ kind: 'create', row: 7 });
  });
});

/** Attacks on linking and creation (security.md §1.4): each refused, its honest twin let in. */
describe('attacks and their twins', () => {
  const email: PolicyChange = { subject: { matchType: 'EMAIL' } };

  test('L1: an address that the provider calls unverified links nobody', () => {
    const attack = decideIn({ byEmail: [gary()], policy: email, identity: { emailKey: KEY, emailVerified: false } });
    expect(attack).toMatchObject({ kind: 'refuse', code: 'link_denied_email_unverified' });
    expect(
      decideIn({ byEmail: [gary()], policy: email, identity: { emailKey: KEY, emailVerified: true } }),
    ).toMatchObject({ kind: 'link' });
  });

  test('L1: nor through an attribute that holds the address', () => {
    const custom: PolicyChange = { subject: { matchType: 'CUSTOM_ATTRIBUTE', matchAttribute: 'secondEmail' } };
    const attack = decideIn({
      byAttribute: [gary()],
      policy: custom,
      identity: { emailKey: KEY, emailVerified: false },
    });
    expect(attack).toMatchObject({ kind: 'refuse', code: 'link_denied_email_unverified' });
    expect(decideIn({ byAttribute: [gary()], policy: custom })).toMatchObject({ kind: 'link' });
  });

  test('L1: a provider that must say so and says nothing links nobody', () => {
    const policy: PolicyChange = { ...email, trustEmail: 'VERIFIED_CLAIM' };
    expect(decideIn({ byEmail: [gary()], policy, identity: { emailKey: KEY, emailVerified: null } })).toMatchObject({
      kind: 'refuse',
    });
    expect(decideIn({ byEmail: [gary()], policy, identity: { emailKey: KEY, emailVerified: true } })).toMatchObject({
      kind: 'link',
    });
  });

  test('L1: a verified address vouches for itself only, not for another user name', () => {
    const policy: PolicyChange = { trustEmail: 'VERIFIED_CLAIM' };
    const identity = { emailKey: 'mallory@evil.example', emailVerified: true };
    expect(decideIn({ byLogin: gary(), policy, identity })).toMatchObject({
      kind: 'refuse',
      code: 'link_denied_email_unverified',
    });
    expect(decideIn({ byLogin: gary(), policy })).toMatchObject({ kind: 'link' });
  });

  test('L2: a password set before the address was ever verified is lost at linking', () => {
    expect(decideIn({ byLogin: gary({ emailVerified: false }) })).toMatchObject({
      kind: 'link',
      dropCredentials: true,
    });
    expect(decideIn({ byLogin: gary({ emailVerified: true }) })).toMatchObject({
      kind: 'link',
      dropCredentials: false,
    });
    expect(decideIn({ byLogin: gary({ emailVerified: false, hasPassword: false }) })).toMatchObject({
      kind: 'link',
      dropCredentials: false,
    });
  });

  test('L4: an address outside the list of domains matches nobody', () => {
    const policy: PolicyChange = { ...email, trustedDomains: ['example.org'] };
    expect(decideIn({ byEmail: [gary()], policy })).toEqual({ kind: 'create', row: 7 });
    expect(decideIn({ byEmail: [gary()], policy, creation: { loginTaken: true } })).toMatchObject({
      kind: 'refuse',
      row: 6,
    });
    expect(decideIn({ byEmail: [gary()], policy: { ...email, trustedDomains: ['Example.COM'] } })).toMatchObject({
      kind: 'link',
    });
  });

  test('L4: a subdomain, a longer name or a second @ is not the domain', () => {
    for (const key of [
      'gary@sub.example.com',
      'gary@notexample.com',
      'gary@example.com.evil.example',
      'gary@example.com@evil.example',
    ]) {
      const found = gary({ loginKey: key, emailKey: key });
      const decision = decideIn({
        byEmail: [found],
        userName: { ok: true, value: key, key },
        identity: { emailKey: key, emailVerified: true },
        policy: { ...email, trustedDomains: ['example.com'] },
      });
      expect(decision, key).toEqual({ kind: 'create', row: 7 });
    }
  });

  test('L8: a user name that the provider lets people choose takes nobody’s linked account or administrator', () => {
    const name = {
      userName: { ok: true, value: 'admin', key: 'admin' },
      identity: { emailKey: null, emailVerified: null },
    } as const;
    const admin = gary({ loginKey: 'admin', emailKey: null });
    expect(decideIn({ ...name, byLogin: { ...admin, isAdministrator: true } })).toMatchObject({
      kind: 'refuse',
      row: 4,
    });
    expect(decideIn({ ...name, byLogin: { ...admin, linkedToThisIdp: true } })).toMatchObject({
      kind: 'refuse',
      code: 'link_denied_already_linked',
    });
    expect(decideIn({ ...name, byLogin: admin })).toMatchObject({ kind: 'link' });
  });
});
