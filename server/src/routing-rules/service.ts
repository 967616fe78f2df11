/** Routing rules: read and changed by administrators, compiled for a sign-in; and the two policies that every org has. */
import { type Database, type Executor, inTransaction } from '../database/index.ts';
import type { UsedAttribute } from '../directory/profile-schemas/index.ts';
import { apiErrors } from '../http/index.ts';
import type { Configuration } from '../orgs/index.ts';
import type { Clock } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import type { Json } from '../shared/json.ts';
import { PRODUCT } from '../shared/product.ts';
import { type Caller, record } from '../system-log/index.ts';
import { policyTarget, type RuleChanges, ruleChanges } from './changes.ts';
import { attributeOf, compileRule, type KnownProvider } from './compile.ts';
import {
  type CompiledRule,
  evaluate,
  type RouteContext,
  type RouteDecision,
  type RuleZone,
  stillOffers,
} from './evaluate.ts';
import type { PolicyBody, RuleBody } from './schema.ts';
import type { Status, StoredPolicy, StoredRule } from './store.ts';
import * as store from './store.ts';
import { type PolicyWire, policyToWire, type RuleWire, ruleToWire } from './wire.ts';

export interface RoutingRulesDeps {
  database: Database;
  configuration: Configuration;
  clock: Clock;
  providers: { list(orgId: string): Promise<KnownProvider[]> };
  applications: {
    /** The kind of an application, for example `oidc_client`; null where there is none. */
    type(orgId: string, id: string): Promise<string | null>;
  };
  people: {
    /** Of the default user type. */
    attributes(orgId: string): Promise<{ has(name: string): boolean }>;
    /** The profile of who has this login; null where nobody has. */
    profileOf(orgId: string, login: string): Promise<Readonly<Record<string, Json>> | null>;
  };
  zones: {
    /** The active zones that ids (or ALL_ZONES) name. */
    named(orgId: string, ids: readonly string[]): Promise<RuleZone[]>;
    /** Why zones cannot be referred to; none: they can, until the transaction ends. */
    problemsOf(tx: Executor, orgId: string, ids: readonly string[]): Promise<string[]>;
  };
}

export interface Versioned<T> {
  version: number;
  body: T;
}

export interface RoutingRules {
  /** The two policies and the default rule, where they do not exist. */
  ensureDefaults(tx: Executor, orgId: string, at: Date): Promise<void>;
  compiled(orgId: string): Promise<readonly CompiledRule[]>;
  /** Looks the person up where a rule asks for an attribute and `person` is not given. */
  decide(orgId: string, context: Omit<RouteContext, 'appType'>): Promise<RouteDecision>;
  /** Which rules read an attribute of people: sentences that go on after "it is used by". */
  usedBy(tx: Executor, orgId: string, attribute: UsedAttribute): Promise<string[]>;
  /** Asked when a sign-in is completed: the rule by which it left may have been switched off since (security.md G9). */
  stillOffers(orgId: string, ruleId: string, providerId: string): Promise<boolean>;
  accessPolicyId(orgId: string): Promise<string>;
  /** The names of the rules that refer to a network zone by its id. */
  namesUsingZone(tx: Executor, orgId: string, zoneId: string): Promise<string[]>;
  policies(caller: Caller, type: string): Promise<PolicyWire[]>;
  policy(caller: Caller, id: string): Promise<Versioned<PolicyWire>>;
  /** Name and description only. */
  changePolicy(
    caller: Caller,
    id: string,
    body: PolicyBody,
    expectedVersion: number | null,
  ): Promise<Versioned<PolicyWire>>;
  rules(caller: Caller, policyId: string): Promise<RuleWire[]>;
  rule(caller: Caller, policyId: string, ruleId: string): Promise<Versioned<RuleWire>>;
  /** Throws E0000001, E0000007. */
  addRule(caller: Caller, policyId: string, body: RuleBody, activate: boolean): Promise<Versioned<RuleWire>>;
  replaceRule(
    caller: Caller,
    policyId: string,
    ruleId: string,
    body: RuleBody,
    expectedVersion: number | null,
  ): Promise<Versioned<RuleWire>>;
  setRuleStatus(caller: Caller, policyId: string, ruleId: string, status: Status): Promise<void>;
  removeRule: RuleChanges['remove'];
}

export function createRoutingRules(deps: RoutingRulesDeps): RoutingRules {
  const { database, configuration, clock } = deps;
  const changes = ruleChanges(deps);
  const policies = configuration.slice((db, orgId) => store.policiesOf(db, orgId));
  const slice = configuration.slice((db, orgId) => loadRules(deps, db, orgId));
  const existing = async (db: Executor, orgId: string, id: string, lock = false) => {
    const policy = await store.findPolicy(db, orgId, id, lock);
    if (policy === null) throw apiErrors.notFound(id, 'Policy');
    return policy;
  };
  const present = (rule: StoredRule, { baseUrl }: Caller) => ({
    version: rule.version,
    body: ruleToWire(rule, baseUrl),
  });

  return {
    ensureDefaults: (tx, orgId, at) => ensureDefaults(tx, configuration, orgId, at),
    compiled: (orgId) => slice.get(orgId),
    async decide(orgId, context) {
      const rules = await slice.get(orgId);
      const appType = context.appId === null ? null : await deps.applications.type(orgId, context.appId);
      const decision = evaluate(rules, { ...context, appType });
      if (decision.needs !== 'person') return decision;
      const person = await deps.people.profileOf(orgId, context.login ?? '');
      return evaluate(rules, { ...context, appType, person });
    },
    async usedBy(tx, orgId, { ownerKind, elsewhere, name }) {
      if (ownerKind !== 'user_type' || elsewhere) return [];
      const policy = (await store.policiesOf(tx, orgId)).find(({ type }) => type === 'IDP_DISCOVERY');
      const rules = policy === undefined ? [] : await store.rulesOf(tx, orgId, policy.id);
      return rules
        .filter((rule) => attributeOf(rule) === name)
        .map((rule) => `the condition of the routing rule "${rule.name}" (${rule.id})`);
    },
    stillOffers: async (orgId, ruleId, providerId) => stillOffers(await slice.get(orgId), ruleId, providerId),
    async accessPolicyId(orgId) {
      const policy = (await policies.get(orgId)).find(({ type }) => type === 'ACCESS_POLICY');
      if (policy === undefined) throw new Error(`The org ${orgId} has no access policy.`);
      return policy.id;
    },
    namesUsingZone: (tx, orgId, zoneId) => store.namesUsingZone(tx, orgId, zoneId),
    async policies({ orgId, baseUrl }, type) {
      return (await policies.get(orgId))
        .filter((policy) => policy.type === type)
        .map((policy) => policyToWire(policy, baseUrl));
    },
    async policy({ orgId, baseUrl }, id) {
      const policy = await existing(database, orgId, id);
      return { version: policy.version, body: policyToWire(policy, baseUrl) };
    },
    async changePolicy(caller, id, body, expectedVersion) {
      const policy = await inTransaction(database, async (tx) => {
        const before = await existing(tx, caller.orgId, id, true);
        if (expectedVersion !== null && expectedVersion !== before.version) throw apiErrors.versionConflict();
        const at = clock.now();
        const next: StoredPolicy = {
          ...before,
          name: body.name,
          description: body.description ?? null,
          lastUpdated: at,
          version: before.version + 1,
        };
        await store.updatePolicy(tx, caller.orgId, next);
        await configuration.changed(tx, caller.orgId);
        await record(tx, {
          orgId: caller.orgId,
          type: 'policy.lifecycle.update',
          at,
          actor: caller.actor,
          client: caller.client,
          requestId: caller.requestId,
          targets: [policyTarget(next)],
        });
        return next;
      });
      return { version: policy.version, body: policyToWire(policy, caller.baseUrl) };
    },
    async rules({ orgId, baseUrl }, policyId) {
      const policy = await existing(database, orgId, policyId);
      return (await store.rulesOf(database, orgId, policy.id)).map((rule) => ruleToWire(rule, baseUrl));
    },
    async rule(caller, policyId, ruleId) {
      const rule = (await store.rulesOf(database, caller.orgId, policyId)).find(({ id }) => id === ruleId);
      if (rule === undefined) throw apiErrors.notFound(ruleId, 'PolicyRule');
      return present(rule, caller);
    },
    addRule: async (caller, policyId, body, activate) =>
      present(await changes.add(caller, policyId, body, activate), caller),
    replaceRule: async (caller, policyId, ruleId, body, expected) =>
      present(await changes.replace(caller, policyId, ruleId, body, expected), caller),
    setRuleStatus: changes.setStatus,
    removeRule: changes.remove,
  };
}

const DEFAULT_RULE = {
  name: 'Default Rule',
  conditions: { app: { include: [], exclude: [] } },
  actions: { providers: [{ type: 'OKTA' as const }], presentation: null, enforce: false },
};

async function ensureDefaults(tx: Executor, configuration: Configuration, orgId: string, at: Date): Promise<void> {
  const routing = {
    id: newId('policy', at),
    type: 'IDP_DISCOVERY',
    name: 'Idp Discovery Policy',
    description: 'The default IdP Discovery Policy',
    created: at,
  } as const;
  const access = {
    id: newId('accessPolicy', at),
    type: 'ACCESS_POLICY',
    name: 'Default Policy',
    description: `Every application of ${PRODUCT} has it`,
    created: at,
  } as const;
  const isNew = await store.insertPolicy(tx, orgId, routing);
  if (isNew) {
    const rule = {
      id: newId('policyRule', at),
      policyId: routing.id,
      ...DEFAULT_RULE,
      status: 'ACTIVE',
      priority: 1,
      system: true,
      created: at,
      lastUpdated: at,
      version: 1,
    } as const;
    await store.insertRule(tx, orgId, { ...rule, conditions: { app: { include: [], exclude: [] } } });
  }
  if ((await store.insertPolicy(tx, orgId, access)) || isNew) await configuration.changed(tx, orgId);
}

async function loadRules(deps: RoutingRulesDeps, db: Executor, orgId: string): Promise<readonly CompiledRule[]> {
  const policy = (await store.policiesOf(db, orgId)).find(({ type }) => type === 'IDP_DISCOVERY');
  if (policy === undefined) return [];
  const providers = new Map((await deps.providers.list(orgId)).map((provider) => [provider.id, provider]));
  const rules = await store.rulesOf(db, orgId, policy.id);
  return Promise.all(
    rules.map(async (rule) => compileRule(rule, providers, await networkOf(deps, orgId, rule.conditions.network))),
  );
}

async function networkOf(
  { zones }: RoutingRulesDeps,
  orgId: string,
  network: StoredRule['conditions']['network'],
): Promise<CompiledRule['network']> {
  if (network === undefined) return null;
  const { include, exclude } = network;
  const [inside, outside] = [await zones.named(orgId, include), await zones.named(orgId, exclude)];
  return { include: inside, exclude: outside, namesZones: include.length > 0 };
}
