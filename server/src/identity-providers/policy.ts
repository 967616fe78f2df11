/** The policy of an identity provider, ready for a decision: compiled from the stored wire shape, defaults filled in. Pure. */
import { compile as compileExpression, type Expression } from '../expressions/index.ts';
import { compileFilter } from './configuration/user-name-filter.ts';
import { DEFAULT_CLOCK_SKEW_SECONDS, type PolicyConfig } from './schema.ts';

export interface IdpPolicy {
  accountLink: {
    action: 'AUTO' | 'DISABLED';
    /** null: every group. */
    includeGroups: string[] | null;
    excludeUsers: string[];
    excludeAdmins: boolean;
  };
  provisioning: {
    action: 'AUTO' | 'DISABLED';
    profileMaster: boolean;
    groups: {
      action: 'NONE' | 'ASSIGN' | 'APPEND' | 'SYNC';
      assignments: string[];
      sourceAttributeName: string | null;
      filter: string[];
    };
    deprovisioned: 'NONE' | 'REACTIVATE';
    suspended: 'NONE' | 'UNSUSPEND';
  };
  subject: {
    template: Expression;
    templateSource: string;
    /** Whether the whole transformed user name passes; null: no filter. */
    filter: ((userName: string) => boolean) | null;
    filterSource: string | null;
    matchType: 'USERNAME' | 'EMAIL' | 'USERNAME_OR_EMAIL' | 'CUSTOM_ATTRIBUTE';
    matchAttribute: string | null;
  };
  maxClockSkewSeconds: number;
  trustEmail: 'PROVIDER' | 'VERIFIED_CLAIM' | 'DOMAINS' | 'PROVIDER_DESPITE_CLAIM';
  trustedDomains: string[];
}

/** Throws where a stored expression or filter no longer compiles: they were compiled once before they were stored. */
export function compilePolicy(policy: PolicyConfig): IdpPolicy {
  const { accountLink, provisioning, subject } = policy;
  return {
    accountLink: {
      action: accountLink.action,
      includeGroups: accountLink.filter?.groups?.include ?? null,
      excludeUsers: accountLink.filter?.users?.exclude ?? [],
      excludeAdmins: accountLink.filter?.users?.excludeAdmins ?? true,
    },
    provisioning: {
      action: provisioning.action,
      profileMaster: provisioning.profileMaster,
      groups: {
        action: provisioning.groups.action,
        assignments: provisioning.groups.assignments ?? [],
        sourceAttributeName: provisioning.groups.sourceAttributeName ?? null,
        filter: provisioning.groups.filter ?? [],
      },
      deprovisioned: provisioning.conditions.deprovisioned.action,
      suspended: provisioning.conditions.suspended.action,
    },
    subject: {
      template: templateOf(subject.userNameTemplate.template),
      templateSource: subject.userNameTemplate.template,
      filter: subject.filter === null ? null : filterOf(subject.filter),
      filterSource: subject.filter,
      matchType: subject.matchType,
      matchAttribute: subject.matchAttribute,
    },
    maxClockSkewSeconds: policy.maxClockSkew === 0 ? DEFAULT_CLOCK_SKEW_SECONDS : policy.maxClockSkew / 1000,
    trustEmail: policy.trustEmail,
    trustedDomains: policy.trustedDomains,
  };
}

function templateOf(source: string): Expression {
  const compiled = compileExpression(source, 'idpUsername');
  if (!compiled.ok) throw new Error(`The user name format "${source}" cannot be compiled.`);
  return compiled.value;
}

function filterOf(source: string): (userName: string) => boolean {
  const compiled = compileFilter(source);
  if (!compiled.ok) throw new Error(`The user name filter "${source}" ${compiled.error}.`);
  return compiled.value;
}
