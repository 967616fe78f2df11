/** Policies and rules as `/api/v1/policies` sends them, with the defaults that a client reads back (contract §7). Pure. */
import type { IdentifierCondition, PlatformCondition } from './conditions/index.ts';
import type { RuleActions } from './schema.ts';
import type { RoutingRule, StoredPolicy } from './store.ts';

export type PolicyWire = ReturnType<typeof policyToWire>;
export type RuleWire = ReturnType<typeof ruleToWire>;

export function policyToWire(policy: StoredPolicy, baseUrl: string) {
  const self = `${baseUrl}/api/v1/policies/${policy.id}`;
  return {
    id: policy.id,
    status: policy.status,
    name: policy.name,
    description: policy.description,
    priority: policy.priority,
    system: policy.system,
    conditions: null,
    created: policy.created.toISOString(),
    lastUpdated: policy.lastUpdated.toISOString(),
    _links: {
      self: { href: self, hints: { allow: ['GET', 'PUT'] } },
      rules: { href: `${self}/rules`, hints: { allow: policy.type === 'IDP_DISCOVERY' ? ['GET', 'POST'] : ['GET'] } },
    },
    type: policy.type,
  };
}

export function ruleToWire(rule: RoutingRule, baseUrl: string) {
  return {
    id: rule.id,
    status: rule.status,
    name: rule.name,
    priority: rule.priority,
    created: rule.created.toISOString(),
    lastUpdated: rule.lastUpdated.toISOString(),
    system: rule.system,
    conditions: {
      network: networkToWire(rule.conditions.network),
      userIdentifier: identifierToWire(rule.conditions.userIdentifier),
      app: rule.conditions.app,
      platform: rule.conditions.platform ?? EVERY_DEVICE,
    },
    actions: { idp: actionsToWire(rule) },
    _links: linksOf(rule, `${baseUrl}/api/v1/policies/${rule.policyId}/rules/${rule.id}`),
    type: 'IDP_DISCOVERY' as const,
  };
}

const EVERY_DEVICE: PlatformCondition = { include: [{ type: 'ANY', os: { type: 'ANY' } }], exclude: [] };

const identifierToWire = (
  condition: RoutingRule['conditions']['userIdentifier'],
): Partial<IdentifierCondition> & Pick<IdentifierCondition, 'patterns'> => condition ?? { patterns: [] };

interface ActionsWire {
  providers: RuleActions['providers'];
  idpSelectionType?: 'SPECIFIC' | 'DYNAMIC';
  matchCriteria?: { providerExpression: string; propertyName: 'name' }[];
  shouldFallBackToOkta?: boolean;
  presentation?: RuleActions['presentation'];
  enforce?: boolean;
}

function actionsToWire({ system, actions }: RoutingRule): ActionsWire {
  const { providers, dynamic, presentation, enforce } = actions;
  if (system) return { providers };
  if (dynamic === undefined) return { providers, idpSelectionType: 'SPECIFIC', presentation, enforce };
  return {
    providers: [],
    idpSelectionType: 'DYNAMIC',
    matchCriteria: [{ providerExpression: dynamic.providerExpression, propertyName: 'name' }],
    shouldFallBackToOkta: dynamic.fallBack,
    presentation,
    enforce,
  };
}

/** Lists only where a zone is asked for, as clients compare what they sent. */
export function networkToWire(network: RoutingRule['conditions']['network']): NetworkWire {
  return network === undefined ? { connection: 'ANYWHERE' } : { connection: 'ZONE', ...network };
}

interface NetworkWire {
  connection: 'ANYWHERE' | 'ZONE';
  include?: string[];
  exclude?: string[];
}

export function linksOf({ system, status }: Pick<StoredPolicy, 'system' | 'status'>, self: string) {
  if (system) return { self: { href: self, hints: { allow: ['GET', 'PUT'] } } };
  const change = status === 'ACTIVE' ? 'deactivate' : 'activate';
  return {
    self: { href: self, hints: { allow: ['GET', 'PUT', 'DELETE'] } },
    [change]: { href: `${self}/lifecycle/${change}`, hints: { allow: ['POST'] } },
  };
}
