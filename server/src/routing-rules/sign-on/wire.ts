/** Sign-on policies and their rules as `/api/v1/policies` sends them, with the defaults that a client reads back (contract §7). Pure. */
import type { SignOnRule, StoredPolicy } from '../store.ts';
import { linksOf, networkToWire } from '../wire.ts';

export type SignOnPolicyWire = ReturnType<typeof signOnPolicyToWire>;
export type SignOnRuleWire = ReturnType<typeof signOnRuleToWire>;

/** @param everyoneId of the group that the default policy names */
export function signOnPolicyToWire(policy: StoredPolicy, baseUrl: string, everyoneId: string) {
  const self = `${baseUrl}/api/v1/policies/${policy.id}`;
  return {
    id: policy.id,
    status: policy.status,
    name: policy.name,
    description: policy.description,
    priority: policy.priority,
    system: policy.system,
    conditions: { people: { groups: { include: policy.conditions?.groups ?? [everyoneId] } } },
    created: policy.created.toISOString(),
    lastUpdated: policy.lastUpdated.toISOString(),
    _links: {
      ...linksOf(policy, self),
      rules: { href: `${self}/rules`, hints: { allow: ['GET', 'POST'] } },
    },
    type: 'OKTA_SIGN_ON' as const,
  };
}

export function signOnRuleToWire(rule: SignOnRule, baseUrl: string) {
  const { network, except } = rule.conditions;
  const { access, session, factors } = rule.actions;
  return {
    id: rule.id,
    status: rule.status,
    name: rule.name,
    priority: rule.priority,
    created: rule.created.toISOString(),
    lastUpdated: rule.lastUpdated.toISOString(),
    system: rule.system,
    conditions: {
      people: { users: { exclude: except } },
      network: networkToWire(network),
      authContext: { authType: 'ANY' as const },
    },
    actions: {
      signon: {
        access,
        requireFactor: false as const,
        primaryFactor: 'PASSWORD_IDP_ANY_FACTOR' as const,
        rememberDeviceByDefault: false,
        ...factors,
        session: { usePersistentCookie: false as const, ...session },
      },
    },
    _links: linksOf(rule, `${baseUrl}/api/v1/policies/${rule.policyId}/rules/${rule.id}`),
    type: 'SIGN_ON' as const,
  };
}
