/** Whether a session may begin and how long it lasts: the first policy for the person with a rule that holds decides. Pure. */
import { type CompiledNetwork, networkObjection } from '../evaluate.ts';

export interface CompiledSignOnRule {
  id: string;
  name: string;
  active: boolean;
  system: boolean;
  network: CompiledNetwork;
  /** Ids of people whom the rule leaves out. */
  except: ReadonlySet<string>;
  access: 'ALLOW' | 'DENY';
  session: SessionLimits;
}

export interface CompiledSignOnPolicy {
  id: string;
  name: string;
  active: boolean;
  /** Ids; null: everybody. */
  groups: ReadonlySet<string> | null;
  /** By ascending priority. */
  rules: readonly CompiledSignOnRule[];
}

/** Lengths of a session that a rule gives; the hub's own are never exceeded. */
export interface SessionLimits {
  idleMinutes: number;
  /** Null: no limit of the rule. */
  lifetimeMinutes: number | null;
}

export interface SignOnContext {
  userId: string;
  /** Everyone left out. */
  groupIds: readonly string[];
  ip: string;
}

export interface SignOnDecision {
  access: 'ALLOW' | 'DENY';
  /** Null: the hub's own lengths. */
  session: SessionLimits | null;
  policy: { id: string; name: string };
  rule: { id: string; name: string; system: boolean };
  /** What was looked at, in order, and why it did not decide or did. */
  considered: { name: string; matched: boolean; why: string }[];
}

/** `policies` by ascending priority. Where none decides, as before the first start has made the default policy, the hub lets in. */
export function evaluateSignOn(policies: readonly CompiledSignOnPolicy[], context: SignOnContext): SignOnDecision {
  const considered: SignOnDecision['considered'] = [];
  for (const policy of policies) {
    const against = policyObjection(policy, context);
    if (against !== null) {
      considered.push({ name: policy.name, matched: false, why: against });
      continue;
    }
    for (const rule of policy.rules) {
      const why = ruleObjection(rule, context);
      considered.push({
        name: `${policy.name}: ${rule.name}`,
        matched: why === null,
        why: why ?? (rule.system ? 'no rule before it applies' : 'every condition holds'),
      });
      if (why !== null) continue;
      return {
        access: rule.access,
        session: rule.session,
        policy: { id: policy.id, name: policy.name },
        rule: { id: rule.id, name: rule.name, system: rule.system },
        considered,
      };
    }
  }
  return { access: 'ALLOW', session: null, policy: NONE, rule: { ...NONE, system: true }, considered };
}

const NONE = { id: 'none', name: 'None' };

function policyObjection({ active, groups }: CompiledSignOnPolicy, { groupIds }: SignOnContext): string | null {
  if (!active) return 'inactive: the policy is saved, but not activated';
  if (groups === null || groupIds.some((id) => groups.has(id))) return null;
  return 'the person is in none of the groups of the policy';
}

function ruleObjection(rule: CompiledSignOnRule, { userId, ip }: SignOnContext): string | null {
  if (!rule.active) return 'inactive: the rule is saved, but not activated';
  if (rule.except.has(userId)) return 'the rule leaves this person out';
  return networkObjection(rule, ip);
}
