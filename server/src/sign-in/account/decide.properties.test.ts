import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { candidateWith, policyWith } from '../../../test/support/account.ts';
import { type Candidate, type Decision, type DecisionInput, decide } from './decide.ts';

const STATUSES = [
  'STAGED',
  'PROVISIONED',
  'ACTIVE',
  'RECOVERY',
  'PASSWORD_EXPIRED',
  'LOCKED_OUT',
  'SUSPENDED',
  'DEPROVISIONED',
];
const keys = fc.constantFrom('gary@example.com', 'ada@example.com', 'gary', 'ceo@other.example');
const groups = fc.subarray(['00gA', '00gB', '00gC']);
const names = fc.subarray(['a', 'b']);

/** Three people; whoever is found several times is the same each time. */
const person = (id: string): fc.Arbitrary<Candidate> =>
  fc
    .record({
      id: fc.constant(id),
      status: fc.constantFrom(...STATUSES),
      isAdministrator: fc.boolean(),
      groupIds: groups,
      linkedToThisIdp: fc.boolean(),
      hasPassword: fc.boolean(),
      emailVerified: fc.boolean(),
      createdByAdministrator: fc.boolean(),
      loginKey: keys,
      emailKey: fc.option(keys),
    })
    .map(candidateWith);

const policies = fc
  .record({
    link: fc.constantFrom('AUTO', 'DISABLED'),
    includeGroups: fc.option(groups),
    excludeUsers: fc.subarray(['00uA', '00uB']),
    excludeAdmins: fc.boolean(),
    jit: fc.constantFrom('AUTO', 'DISABLED'),
    suspended: fc.constantFrom('NONE', 'UNSUSPEND'),
    deprovisioned: fc.constantFrom('NONE', 'REACTIVATE'),
    matchType: fc.constantFrom('USERNAME', 'EMAIL', 'USERNAME_OR_EMAIL', 'CUSTOM_ATTRIBUTE'),
    filtered: fc.boolean(),
    trustEmail: fc.constantFrom('PROVIDER', 'VERIFIED_CLAIM', 'DOMAINS', 'PROVIDER_DESPITE_CLAIM'),
    trustedDomains: fc.subarray(['example.com', 'other.example']),
  } as const)
  .map((made) =>
    policyWith({
      accountLink: {
        action: made.link,
        includeGroups: made.includeGroups,
        excludeUsers: made.excludeUsers,
        excludeAdmins: made.excludeAdmins,
      },
      provisioning: { action: made.jit, suspended: made.suspended, deprovisioned: made.deprovisioned },
      subject: { matchType: made.matchType, filter: made.filtered ? (name) => name.endsWith('@example.com') : null },
      trustEmail: made.trustEmail,
      trustedDomains: made.trustedDomains,
    }),
  );

const people = fc.tuple(person('00uA'), person('00uB'), person('00uC'));

const inputs: fc.Arbitrary<DecisionInput> = people.chain((found) => {
  const one = fc.option(fc.constantFrom(...found));
  return fc.record({
    identity: fc.record({ emailKey: fc.option(keys), emailVerified: fc.constantFrom(true, false, null) }),
    userName: fc.oneof(
      { weight: 5, arbitrary: keys.map((key) => ({ ok: true as const, value: key, key })) },
      fc.constant({ ok: false as const, code: 'missed_field' as const, detail: 'email' }),
    ),
    linked: one,
    byLogin: one,
    byEmail: fc.subarray(found),
    byAttribute: fc.subarray(found),
    creation: fc.record({
      invalidLogin: fc.option(fc.constant('x')),
      loginTaken: fc.boolean(),
      missing: names,
      pattern: names,
      tooLong: names,
      other: names,
    }),
    policy: policies,
    orgCreatesUsers: fc.boolean(),
  });
});

const always = (property: (input: DecisionInput, decision: Decision) => void) =>
  fc.assert(
    fc.property(inputs, (input) => {
      property(input, decide(input));
    }),
    { numRuns: 3_000 },
  );

const everybody = (input: DecisionInput) =>
  [input.linked, input.byLogin, ...input.byEmail, ...input.byAttribute].filter((user) => user !== null);

/** Those whom the match type looks at. */
function matched({ policy, byLogin, byEmail, byAttribute }: DecisionInput): Candidate[] {
  const login = byLogin === null ? [] : [byLogin];
  return {
    USERNAME: login,
    EMAIL: [...byEmail],
    USERNAME_OR_EMAIL: [...login, ...byEmail],
    CUSTOM_ATTRIBUTE: [...byAttribute],
  }[policy.subject.matchType];
}

describe('whatever comes', () => {
  test('a linked person is never anybody else', () =>
    always((input, decision) => {
      if (input.linked === null) return;
      expect(['linked', 'refuse']).toContain(decision.kind);
      if (decision.kind === 'linked') expect(decision.userId).toBe(input.linked.id);
    }));

  test('nobody is linked where two people match and both may be believed', () =>
    always((input, decision) => {
      if (decision.kind !== 'link' || input.policy.trustedDomains.length > 0) return;
      expect(new Set(matched(input).map((user) => user.id))).toEqual(new Set([decision.userId]));
    }));

  test('a link needs the policy’s yes, its groups, and none of its exclusions', () =>
    always((input, decision) => {
      if (decision.kind !== 'link') return;
      const { accountLink } = input.policy;
      const user = matched(input).find(({ id }) => id === decision.userId)!;
      expect(accountLink.action).toBe('AUTO');
      expect(accountLink.excludeUsers).not.toContain(user.id);
      expect(user.linkedToThisIdp).toBe(false);
      if (accountLink.includeGroups !== null)
        expect(user.groupIds.some((id) => accountLink.includeGroups?.includes(id))).toBe(true);
    }));

  test('an administrator is never linked unless the filter names administrators', () =>
    always((input, decision) => {
      if (decision.kind !== 'link' || !input.policy.accountLink.excludeAdmins) return;
      expect(matched(input).find(({ id }) => id === decision.userId)?.isAdministrator).toBe(false);
    }));

  test('an address that the provider calls unverified links nobody, unless the administrator vouches for it', () =>
    always((input, decision) => {
      if (decision.kind !== 'link' || !input.userName.ok || input.policy.trustEmail === 'PROVIDER_DESPITE_CLAIM')
        return;
      if (input.identity.emailKey === input.userName.key) expect(input.identity.emailVerified).not.toBe(false);
    }));

  test('nobody is created where creation is off, somebody has the login or something is missing', () =>
    always((input, decision) => {
      if (decision.kind !== 'create') return;
      expect(input.policy.provisioning.action).toBe('AUTO');
      expect(input.orgCreatesUsers).toBe(true);
      expect(input.linked).toBeNull();
      expect(input.creation).toEqual({
        invalidLogin: null,
        loginTaken: false,
        missing: [],
        pattern: [],
        tooLong: [],
        other: [],
      });
    }));

  test('nobody suspended, deprovisioned or locked out comes in unless the conditions say so', () =>
    always((input, decision) => {
      if (decision.kind !== 'link' && decision.kind !== 'linked') return;
      const user = everybody(input).find(
        ({ id, status }) => id === decision.userId && allowed(status, input, decision),
      );
      expect(user).toBeDefined();
    }));

  test('a status changes by the table only, and nothing else of a user does', () =>
    always((_input, decision) => {
      const names = {
        linked: ['kind', 'row', 'statusChange', 'userId'],
        link: ['dropCredentials', 'kind', 'row', 'statusChange', 'trustedDespiteClaim', 'userId'],
        create: ['kind', 'row'],
        refuse: ['client', 'code', 'creates', 'kind', 'reason', 'row'],
      };
      expect(Object.keys(decision).sort()).toEqual(names[decision.kind]);
      if (decision.kind === 'link' || decision.kind === 'linked') {
        const rows = { activate: 18, unsuspend: 16, reactivate: 17, none: decision.kind === 'linked' ? 1 : 2 };
        expect(decision.row).toBe(rows[decision.statusChange ?? 'none']);
      }
    }));

  test('a refusal has a code, a reason and the texts of the contract, and never names another person', () =>
    always((input, decision) => {
      if (decision.kind !== 'refuse') return;
      expect(decision.code).toMatch(/^[a-z_]+$/);
      expect(decision.reason).not.toBe('');
      expect(decision.client.description).not.toBe('');
      for (const { id } of everybody(input)) expect(JSON.stringify(decision)).not.toContain(id);
    }));

  test('what the filter refuses never comes in', () =>
    always((input, decision) => {
      if (
        input.policy.subject.filter === null ||
        !input.userName.ok ||
        input.policy.subject.filter(input.userName.value)
      )
        return;
      expect(decision).toMatchObject({ kind: 'refuse', code: 'invalid_username' });
    }));

  test('the same input has the same answer', () =>
    always((input, decision) => expect(decide(input)).toEqual(decision)));
});

function allowed(status: string, input: DecisionInput, decision: Extract<Decision, { userId: string }>): boolean {
  const { suspended, deprovisioned } = input.policy.provisioning;
  if (status === 'SUSPENDED') return suspended === 'UNSUSPEND' && decision.statusChange === 'unsuspend';
  if (status === 'DEPROVISIONED') return deprovisioned === 'REACTIVATE' && decision.statusChange === 'reactivate';
  if (status === 'STAGED' || status === 'PROVISIONED') return decision.statusChange === 'activate';
  return status !== 'LOCKED_OUT' && decision.statusChange === null;
}
