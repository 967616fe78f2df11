/** Changes of the rules of a policy: what a rule says is read by the kind of its policy, everything else is the same for all. */
import type { Executor } from '../database/index.ts';
import { apiErrors, requireVersion } from '../http/index.ts';
import { newId } from '../shared/ids.ts';
import type { Caller } from '../system-log/index.ts';
import { changeRules, existingRule, hasRules, orderWith, refuseSameName } from './rule-list.ts';
import type { AnyRuleBody } from './schema.ts';
import type { RoutingRulesDeps } from './service.ts';
import type { Status, StoredPolicy, StoredRule } from './store.ts';
import * as store from './store.ts';

export interface RuleChanges {
  add(caller: Caller, policyId: string, body: AnyRuleBody, activate: boolean): Promise<StoredRule>;
  replace(
    caller: Caller,
    policyId: string,
    ruleId: string,
    body: AnyRuleBody,
    expectedVersion: number | null,
  ): Promise<StoredRule>;
  setStatus(
    caller: Caller,
    policyId: string,
    ruleId: string,
    status: Status,
    expectedVersion: number | null,
  ): Promise<void>;
  remove(caller: Caller, policyId: string, ruleId: string, expectedVersion: number | null): Promise<void>;
}

/** What is particular to the rules of one type of policy. */
export interface RuleKind {
  /**
   * Looks up what the body names, before the transaction. What it resolves with makes of the body what is stored; `present` is the rule
   * that it replaces. Both throw E0000001; a change that a system rule does not allow is E0000006.
   */
  reader(orgId: string, body: AnyRuleBody): Promise<(present: StoredRule | null) => RuleContent>;
}

export type RuleContent = Pick<StoredRule, 'conditions' | 'actions'>;
export type RuleKinds = Readonly<Record<Exclude<StoredPolicy['type'], 'ACCESS_POLICY'>, RuleKind>>;

export function ruleChanges(deps: RoutingRulesDeps, kinds: RuleKinds): RuleChanges {
  const { database } = deps;
  const readerFor = async (orgId: string, policyId: string, body: AnyRuleBody) => {
    const policy = await store.findPolicy(database, orgId, policyId);
    if (policy === null || policy.type === 'ACCESS_POLICY' || !hasRules(policy))
      throw apiErrors.notFound(policyId, 'Policy');
    return kinds[policy.type].reader(orgId, body);
  };

  return {
    async add(caller, policyId, body, activate) {
      const made = (await readerFor(caller.orgId, policyId, body))(null);
      const rule = await changeRules(deps, caller, policyId, 'policy.rule.add', async ({ tx, at, rules }) => {
        refuseSameName(rules, body.name, null);
        await refuseUnknownZones(deps, tx, caller.orgId, made);
        const status = activate && body.status !== 'INACTIVE' ? 'ACTIVE' : 'INACTIVE';
        const fresh: StoredRule = {
          id: newId('policyRule', at),
          policyId,
          name: body.name,
          status,
          priority: 0,
          system: false,
          ...made,
          created: at,
          lastUpdated: at,
          version: 1,
        };
        await store.insertRule(tx, caller.orgId, fresh);
        return { order: orderWith(rules, fresh.id, body.priority ?? null), rule: fresh };
      });
      return rule!;
    },
    async replace(caller, policyId, ruleId, body, expectedVersion) {
      const read = await readerFor(caller.orgId, policyId, body);
      const rule = await changeRules(deps, caller, policyId, 'policy.rule.update', async ({ tx, at, rules }) => {
        const present = existingRule(rules, ruleId);
        requireVersion(expectedVersion, present);
        if (present.system && body.name !== present.name)
          throw apiErrors.forbidden('The default rule keeps its name. Add a rule before it.');
        refuseSameName(rules, body.name, ruleId);
        const made = read(present);
        await refuseUnknownZones(deps, tx, caller.orgId, made);
        const next = { ...present, ...made, name: body.name, lastUpdated: at, version: present.version + 1 };
        await store.updateRule(tx, caller.orgId, next);
        const order = present.system
          ? rules.map(({ id }) => id)
          : orderWith(rules, ruleId, body.priority ?? present.priority);
        return { order, rule: next };
      });
      return rule!;
    },
    async setStatus(caller, policyId, ruleId, status, expectedVersion) {
      const type = status === 'ACTIVE' ? 'policy.rule.activate' : 'policy.rule.deactivate';
      await changeRules(deps, caller, policyId, type, async ({ tx, at, rules }) => {
        const present = existingRule(rules, ruleId);
        requireVersion(expectedVersion, present);
        if (present.system && status === 'INACTIVE')
          throw apiErrors.forbidden('The default rule cannot be deactivated.');
        if (present.status === status) return null;
        const next = { ...present, status, lastUpdated: at, version: present.version + 1 };
        await store.updateRule(tx, caller.orgId, next);
        return { order: rules.map(({ id }) => id), rule: next };
      });
    },
    async remove(caller, policyId, ruleId, expectedVersion) {
      await changeRules(deps, caller, policyId, 'policy.rule.delete', async ({ tx, rules }) => {
        const present = existingRule(rules, ruleId);
        requireVersion(expectedVersion, present);
        if (present.system) throw apiErrors.forbidden('The default rule cannot be deleted.');
        await store.deleteRule(tx, caller.orgId, ruleId);
        return { order: rules.map(({ id }) => id).filter((id) => id !== ruleId), rule: present };
      });
    },
  };
}

/** The zones that a rule names stay usable until it is stored. */
async function refuseUnknownZones(
  { zones }: RoutingRulesDeps,
  tx: Executor,
  orgId: string,
  { conditions: { network } }: RuleContent,
): Promise<void> {
  if (network === undefined) return;
  const problems = await zones.problemsOf(tx, orgId, [...network.include, ...network.exclude]);
  if (problems.length > 0)
    throw apiErrors.validation('conditions.network', ...problems.map((problem) => `conditions.network: ${problem}`));
}
