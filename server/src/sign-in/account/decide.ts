/**
 * The account decision (contract §13, rows 1-18; security.md §4.2): who is this verified identity here? A pure function: it reads
 * nothing and changes nothing. Rows 19-22 are the callback's and the connector's.
 */
import type { IdpPolicy } from '../../identity-providers/index.ts';
import { type Refused, refusals } from './refusals.ts';
import { type MatchTrust, trustOf } from './trust.ts';

export interface Candidate {
  id: string;
  status: string;
  isAdministrator: boolean;
  /** Ids of the groups that the user is a member of, Everyone left out. */
  groupIds: readonly string[];
  /** Another identity of the same provider is linked to this user already. */
  linkedToThisIdp: boolean;
  hasPassword: boolean;
  emailVerified: boolean;
  createdByAdministrator: boolean;
  loginKey: string;
  emailKey: string | null;
}

/** The transformed user name, or why there is none. `key` is its canonical form. */
export type UserName =
  | { ok: true; value: string; key: string }
  | { ok: false; code: UserNameProblem; detail: string; value?: string };
export type UserNameProblem = 'failed_username_transform' | 'missed_field' | 'invalid_expression' | 'whitespace';

export interface CreationProblems {
  /** The login of the user to be, where it is not an address or holds forbidden characters. */
  invalidLogin: string | null;
  /** Somebody has that login already. */
  loginTaken: boolean;
  missing: readonly string[];
  pattern: readonly string[];
  tooLong: readonly string[];
  other: readonly string[];
}

export interface DecisionInput {
  identity: {
    /** Canonical form of the claimed e-mail address; null when there is none. */
    emailKey: string | null;
    emailVerified: boolean | null;
  };
  userName: UserName;
  /** The user whom (idp, issuer, subject) is linked to. */
  linked: Candidate | null;
  /** Users found by login, e-mail or the match attribute; only those that the policy's match type looks at. */
  byLogin: Candidate | null;
  byEmail: readonly Candidate[];
  byAttribute: readonly Candidate[];
  /** What stands against creating a user from the mapped profile. */
  creation: CreationProblems;
  policy: IdpPolicy;
  /** The org-wide switch. */
  orgCreatesUsers: boolean;
}

export type StatusChange = 'activate' | 'unsuspend' | 'reactivate' | null;

export type Decision =
  | { kind: 'linked'; row: 1 | 16 | 17 | 18; userId: string; statusChange: StatusChange }
  | {
      kind: 'link';
      row: 2 | 16 | 17 | 18;
      userId: string;
      statusChange: StatusChange;
      dropCredentials: boolean;
      trustedDespiteClaim: boolean;
    }
  | { kind: 'create'; row: 7 }
  | ({ kind: 'refuse' } & Refused);

/** Statuses in which a person may sign in through a provider as they are. */
const OPEN_STATUSES = new Set(['ACTIVE', 'PASSWORD_EXPIRED', 'RECOVERY']);

export function decide(input: DecisionInput): Decision {
  const { linked, policy, userName } = input;
  if (linked !== null) {
    if (policy.subject.filter !== null && userName.ok && !policy.subject.filter(userName.value))
      return refusals.filtered(userName.value);
    const status = statusOf(linked, policy, true);
    return status === 'refused'
      ? refusals.status(linked.status)
      : { kind: 'linked', row: status.row ?? 1, userId: linked.id, statusChange: status.change };
  }
  if (!userName.ok) return refusals.userName(userName.code, userName.detail, userName.value);
  if (policy.subject.filter !== null && !policy.subject.filter(userName.value))
    return refusals.filtered(userName.value);

  const match = matchOf(input, userName.key);
  if (match === 'ambiguous') return refusals.ambiguous();
  return match === null ? onNoMatch(input) : onMatch(input, match.user, match.trust);
}

interface Match {
  user: Candidate;
  trust: MatchTrust;
}

/** Step D: the one user that the match type finds, its trust judged; an untrusted domain matches nobody. Of several, nobody is picked. */
function matchOf(input: DecisionInput, key: string): Match | null | 'ambiguous' {
  const { policy, identity } = input;
  const found = matchedUsers(input).map((user) => ({ user, trust: trustOf({ policy, identity, key, user }) }));
  const match = found.find(({ trust }) => trust.verdict !== 'no-match') ?? null;
  return match !== null && found.length > 1 ? 'ambiguous' : match;
}

function matchedUsers({ policy, byLogin, byEmail, byAttribute }: DecisionInput): Candidate[] {
  const login = byLogin === null ? [] : [byLogin];
  const found = {
    USERNAME: login,
    EMAIL: byEmail,
    USERNAME_OR_EMAIL: [...login, ...byEmail],
    CUSTOM_ATTRIBUTE: byAttribute,
  }[policy.subject.matchType];
  return [...new Map(found.map((user) => [user.id, user])).values()];
}

function onMatch(input: DecisionInput, user: Candidate, trust: MatchTrust): Decision {
  const { policy } = input;
  const { accountLink } = policy;
  if (accountLink.action === 'DISABLED') {
    return policy.provisioning.action === 'AUTO' && input.orgCreatesUsers
      ? refusals.notUnique()
      : refusals.linkingDisabled();
  }
  if (accountLink.includeGroups !== null && !user.groupIds.some((id) => accountLink.includeGroups?.includes(id)))
    return refusals.outsideGroups();
  if (accountLink.excludeUsers.includes(user.id))
    return refusals.excluded('the user is excluded by the account link filter');
  if (accountLink.excludeAdmins && user.isAdministrator)
    return refusals.excluded('administrators are not linked automatically');
  if (user.linkedToThisIdp) return refusals.alreadyLinked();
  if (trust.verdict === 'refuse') return refusals.untrusted(trust.code, trust.reason);
  const status = statusOf(user, policy, false);
  if (status === 'refused') return refusals.status(user.status);
  return {
    kind: 'link',
    row: status.row ?? 2,
    userId: user.id,
    statusChange: status.change,
    dropCredentials: trust.emailDecides && user.hasPassword && !user.emailVerified,
    trustedDespiteClaim: trust.despiteClaim,
  };
}

function onNoMatch(input: DecisionInput): Decision {
  const { policy, creation } = input;
  if (policy.provisioning.action !== 'AUTO' || !input.orgCreatesUsers) return refusals.creationDisabled();
  if (creation.loginTaken) return refusals.notUnique();
  if (creation.missing.length > 0) return refusals.missing(creation.missing);
  if (creation.invalidLogin !== null) return refusals.invalidLogin(creation.invalidLogin);
  if (creation.pattern.length > 0) return refusals.pattern(creation.pattern);
  if (creation.tooLong.length > 0) return refusals.tooLong(creation.tooLong);
  if (creation.other.length > 0) return refusals.invalidValues(creation.other);
  return { kind: 'create', row: 7 };
}

/** Rows 15-18: what a status allows, and what must change before the person may come in. */
function statusOf(
  user: Candidate,
  policy: IdpPolicy,
  linked: boolean,
): { row: 16 | 17 | 18 | null; change: StatusChange } | 'refused' {
  if (OPEN_STATUSES.has(user.status)) return { row: null, change: null };
  if (user.status === 'STAGED' || user.status === 'PROVISIONED') {
    return linked || user.createdByAdministrator ? { row: 18, change: 'activate' } : 'refused';
  }
  if (user.status === 'SUSPENDED' && policy.provisioning.suspended === 'UNSUSPEND')
    return { row: 16, change: 'unsuspend' };
  if (user.status === 'DEPROVISIONED' && policy.provisioning.deprovisioned === 'REACTIVATE')
    return { row: 17, change: 'reactivate' };
  return 'refused';
}
