/** Policies and their rules: read and changed by administrators, compiled for a sign-in; and the policies that every org has. */
import { type Database, type Executor, inTransaction } from '../database/index.ts';
import type { UsedAttribute } from '../directory/profile-schemas/index.ts';
import { apiErrors, requireVersion } from '../http/index.ts';
import type { Configuration } from '../orgs/index.ts';
import type { Clock } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import type { Json } from '../shared/json.ts';
import { PRODUCT } from '../shared/product.ts';
import { type Caller, doneBy, record } from '../system-log/index.ts';
import { type RuleChanges, ruleChanges } from './changes.ts';
import { attributeOf, compileRule, type KnownProvider } from './compile.ts';
import {
  type CompiledNetwork,
  type CompiledRule,
  evaluate,
  type RouteContext,
  type RouteDecision,
  type RuleZone,
  stillOffers,
} from './evaluate.ts';
import { routingKind } from './routing-kind.ts';
import { policyTarget } from './rule-list.ts';
import type { AnyRuleBody, NewPolicyBody, PolicyBody } from './schema.ts';
import { ensureDefaultSignOnPolicy, loadSignOnPolicies } from './sign-on/compile.ts';
import { evaluateSignOn, type SignOnContext, type SignOnDecision } from './sign-on/evaluate.ts';
import { signOnKind } from './sign-on/kind.ts';
import { type SignOnPolicyChanges, signOnPolicyChanges } from './sign-on/policies.ts';
import { type SignOnPolicyWire, type SignOnRuleWire, signOnPolicyToWire, signOnRuleToWire } from './sign-on/wire.ts';
import type { RoutingRule, SignOnRule, StoredPolicy, StoredRule } from './store.ts';
import * as store from './store.ts';
import { type PolicyWire, policyToWire, type RuleWire, ruleToWire } from './wire.ts';

export type AnyPolicyWire = PolicyWire | SignOnPolicyWire;
export type AnyRuleWire = RuleWire | SignOnRuleWire;

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
    /** The ids that are nobody's. */
    unknown(orgId: string, ids: readonly string[]): Promise<string[]>;
  };
  groups: {
    everyoneId(orgId: string): Promise<string>;
    /** The ids that are no group's. */
    unknown(orgId: string, ids: readonly string[]): Promise<string[]>;
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
  /** The policies that every org has and their default rules, where they do not exist. */
  ensureDefaults(tx: Executor, orgId: string, at: Date): Promise<void>;
  compiled(orgId: string): Promise<readonly CompiledRule[]>;
  /** What the sign-on policies say of a session that is about to begin. From the compiled configuration. */
  signOn(orgId: string, context: SignOnContext): Promise<SignOnDecision>;
  /** Looks the person up where a rule asks for an attribute and `person` is not given. */
  decide(orgId: string, context: Omit<RouteContext, 'appType'>): Promise<RouteDecision>;
  /** Which rules read an attribute of people: sentences that go on after "it is used by". */
  usedBy(tx: Executor, orgId: string, attribute: UsedAttribute): Promise<string[]>;
  /** Asked when a sign-in is completed: the rule by which it left may have been switched off since (security.md G9). */
  stillOffers(orgId: string, ruleId: string, providerId: string): Promise<boolean>;
  accessPolicyId(orgId: string): Promise<string>;
  /** What refers to a network zone by its id, in words. */
  usingZone(tx: Executor, orgId: string, zoneId: string): Promise<string[]>;
  policies(caller: Caller, type: string): Promise<AnyPolicyWire[]>;
  policy(caller: Caller, id: string): Promise<Versioned<AnyPolicyWire>>;
  /** Only sign-on policies are created. Throws E0000001. */
  createPolicy(caller: Caller, body: NewPolicyBody, activate: boolean): Promise<Versioned<AnyPolicyWire>>;
  /** Name and description; of a sign-on policy also its conditions and its place. */
  changePolicy(
    caller: Caller,
    id: string,
    body: PolicyBody,
    expectedVersion: number | null,
  ): Promise<Versioned<AnyPolicyWire>>;
  setPolicyStatus: SignOnPolicyChanges['setStatus'];
  removePolicy: SignOnPolicyChanges['remove'];
  rules(caller: Caller, policyId: string): Promise<AnyRuleWire[]>;
  rule(caller: Caller, policyId: string, ruleId: string): Promise<Versioned<AnyRuleWire>>;
  /** Throws E0000001, E0000007. */
  addRule(caller: Caller, policyId: string, body: AnyRuleBody, activate: boolean): Promise<Versioned<AnyRuleWire>>;
  replaceRule(
    caller: Caller,
    policyId: string,
    ruleId: string,
    body: AnyRuleBody,
    expectedVersion: number | null,
  ): Promise<Versioned<AnyRuleWire>>;
  setRuleStatus: RuleChanges['setStatus'];
  removeRule: RuleChanges['remove'];
}

export function createRoutingRules(deps: RoutingRulesDeps): RoutingRules {
  const { configuration } = deps;
  const slice = configuration.slice((db, orgId) => loadRules(deps, db, orgId));
  const signOn = configuration.slice((db, orgId) =>
    loadSignOnPolicies(deps, db, orgId, (network) => networkOf(deps, orgId, network)),
  );

  return {
    ensureDefaults: (tx, orgId, at) => ensureDefaults(tx, configuration, orgId, at),
    compiled: (orgId) => slice.get(orgId),
    signOn: async (orgId, context) => evaluateSignOn(await signOn.get(orgId), context),
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
      const rules = policy === undefined ? [] : await store.rulesOf<RoutingRule>(tx, orgId, policy.id);
      return rules
        .filter((rule) => attributeOf(rule) === name)
        .map((rule) => `the condition of the routing rule "${rule.name}" (${rule.id})`);
    },
    stillOffers: async (orgId, ruleId, providerId) => stillOffers(await slice.get(orgId), ruleId, providerId),
    async usingZone(tx, orgId, zoneId) {
      const rules = await store.rulesUsingZone(tx, orgId, zoneId);
      return rules.map(({ name, policy, type }) =>
        type === 'OKTA_SIGN_ON' ? `the rule "${name}" of the sign-on policy "${policy}"` : `the routing rule "${name}"`,
      );
    },
    ...administration(deps),
  };
}

type Administration = Pick<
  RoutingRules,
  | 'accessPolicyId'
  | 'policies'
  | 'policy'
  | 'createPolicy'
  | 'changePolicy'
  | 'setPolicyStatus'
  | 'removePolicy'
  | 'rules'
  | 'rule'
  | 'addRule'
  | 'replaceRule'
  | 'setRuleStatus'
  | 'removeRule'
>;

function administration(deps: RoutingRulesDeps): Administration {
  const { database, configuration } = deps;
  const changes = ruleChanges(deps, { IDP_DISCOVERY: routingKind(deps), OKTA_SIGN_ON: signOnKind(deps) });
  const signOn = signOnPolicyChanges(deps);
  const policies = configuration.slice((db, orgId) => store.policiesOf(db, orgId));
  const existing = async (orgId: string, id: string) => {
    const policy = await store.findPolicy(database, orgId, id);
    if (policy === null) throw apiErrors.notFound(id, 'Policy');
    return policy;
  };
  /** Policies of other types are the system's own. */
  const signOnPolicy = async ({ orgId }: Caller, id: string) => {
    const { type } = await existing(orgId, id);
    if (type !== 'OKTA_SIGN_ON')
      throw apiErrors.forbidden(`The policy of the type ${type} is always active and stays.`);
  };
  const policyWire = async (policy: StoredPolicy, { orgId, baseUrl }: Caller): Promise<AnyPolicyWire> =>
    policy.type === 'OKTA_SIGN_ON'
      ? signOnPolicyToWire(policy, baseUrl, await deps.groups.everyoneId(orgId))
      : policyToWire(policy, baseUrl);
  const presentPolicy = async (policy: StoredPolicy, caller: Caller) => ({
    version: policy.version,
    body: await policyWire(policy, caller),
  });
  const presentRule = (rule: StoredRule, { baseUrl }: Caller) => ({
    version: rule.version,
    body: anyRuleToWire(rule, baseUrl),
  });

  return {
    async accessPolicyId(orgId) {
      const policy = (await policies.get(orgId)).find(({ type }) => type === 'ACCESS_POLICY');
      if (policy === undefined) throw new Error(`The org ${orgId} has no access policy.`);
      return policy.id;
    },
    async policies(caller, type) {
      const found = (await policies.get(caller.orgId)).filter((policy) => policy.type === type);
      return Promise.all(found.map((policy) => policyWire(policy, caller)));
    },
    policy: async (caller, id) => presentPolicy(await existing(caller.orgId, id), caller),
    async createPolicy(caller, body, activate) {
      if (body.type !== 'OKTA_SIGN_ON')
        throw apiErrors.validation('type', 'type: only policies of the type OKTA_SIGN_ON can be created');
      return presentPolicy(await signOn.create(caller, body, activate), caller);
    },
    async changePolicy(caller, id, body, expectedVersion) {
      const { type } = await existing(caller.orgId, id);
      const policy =
        type === 'OKTA_SIGN_ON'
          ? await signOn.replace(caller, id, body, expectedVersion)
          : await renamePolicy(deps, caller, id, body, expectedVersion);
      return presentPolicy(policy, caller);
    },
    async setPolicyStatus(caller, id, ...status) {
      await signOnPolicy(caller, id);
      await signOn.setStatus(caller, id, ...status);
    },
    async removePolicy(caller, id, expectedVersion) {
      await signOnPolicy(caller, id);
      await signOn.remove(caller, id, expectedVersion);
    },
    async rules({ orgId, baseUrl }, policyId) {
      const policy = await existing(orgId, policyId);
      return (await store.rulesOf(database, orgId, policy.id)).map((rule) => anyRuleToWire(rule, baseUrl));
    },
    async rule(caller, policyId, ruleId) {
      const rule = (await store.rulesOf(database, caller.orgId, policyId)).find(({ id }) => id === ruleId);
      if (rule === undefined) throw apiErrors.notFound(ruleId, 'PolicyRule');
      return presentRule(rule, caller);
    },
    addRule: async (caller, policyId, body, activate) =>
      presentRule(await changes.add(caller, policyId, body, activate), caller),
    replaceRule: async (caller, policyId, ruleId, body, expected) =>
      presentRule(await changes.replace(caller, policyId, ruleId, body, expected), caller),
    setRuleStatus: changes.setStatus,
    removeRule: changes.remove,
  };
}

const anyRuleToWire = (rule: StoredRule, baseUrl: string): AnyRuleWire =>
  'access' in rule.actions ? signOnRuleToWire(rule as SignOnRule, baseUrl) : ruleToWire(rule as RoutingRule, baseUrl);

async function renamePolicy(
  { database, configuration, clock }: RoutingRulesDeps,
  caller: Caller,
  id: string,
  body: PolicyBody,
  expectedVersion: number | null,
): Promise<StoredPolicy> {
  const { orgId } = caller;
  return inTransaction(database, async (tx) => {
    const before = await store.findPolicy(tx, orgId, id, true);
    if (before === null) throw apiErrors.notFound(id, 'Policy');
    requireVersion(expectedVersion, before);
    const at = clock.now();
    const { name, description = null } = body;
    const next: StoredPolicy = { ...before, name, description, lastUpdated: at, version: before.version + 1 };
    await store.updatePolicy(tx, orgId, next);
    await configuration.changed(tx, orgId);
    await record(tx, doneBy(caller, { type: 'policy.lifecycle.update', at, targets: [policyTarget(next)] }));
    return next;
  });
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
  const isNew = await store.insertSystemPolicy(tx, orgId, routing);
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
  const made = [
    isNew,
    await store.insertSystemPolicy(tx, orgId, access),
    await ensureDefaultSignOnPolicy(tx, orgId, at),
  ];
  if (made.includes(true)) await configuration.changed(tx, orgId);
}

async function loadRules(deps: RoutingRulesDeps, db: Executor, orgId: string): Promise<readonly CompiledRule[]> {
  const policy = (await store.policiesOf(db, orgId)).find(({ type }) => type === 'IDP_DISCOVERY');
  if (policy === undefined) return [];
  const providers = new Map((await deps.providers.list(orgId)).map((provider) => [provider.id, provider]));
  const rules = await store.rulesOf<RoutingRule>(db, orgId, policy.id);
  return Promise.all(
    rules.map(async (rule) => compileRule(rule, providers, await networkOf(deps, orgId, rule.conditions.network))),
  );
}

async function networkOf(
  { zones }: RoutingRulesDeps,
  orgId: string,
  network: StoredRule['conditions']['network'],
): Promise<CompiledNetwork> {
  if (network === undefined) return null;
  const { include, exclude } = network;
  const [inside, outside] = [await zones.named(orgId, include), await zones.named(orgId, exclude)];
  return { include: inside, exclude: outside, namesZones: include.length > 0 };
}
