/** Changes of the rules: each under the policy's lock, in one transaction with the renumbering and its log event. */
import { type Executor, inTransaction } from '../database/index.ts';
import { apiErrors } from '../http/index.ts';
import { newId } from '../shared/ids.ts';
import { type Caller, type EventTypeName, record } from '../system-log/index.ts';
import { type Known, readRule } from './read-rule.ts';
import type { RuleBody } from './schema.ts';
import type { RoutingRulesDeps } from './service.ts';
import type { Status, StoredPolicy, StoredRule } from './store.ts';
import * as store from './store.ts';

export interface RuleChanges {
  add(caller: Caller, policyId: string, body: RuleBody, activate: boolean): Promise<StoredRule>;
  replace(
    caller: Caller,
    policyId: string,
    ruleId: string,
    body: RuleBody,
    expectedVersion: number | null,
  ): Promise<StoredRule>;
  setStatus(caller: Caller, policyId: string, ruleId: string, status: Status): Promise<void>;
  remove(caller: Caller, policyId: string, ruleId: string): Promise<void>;
}

interface Open {
  tx: Executor;
  at: Date;
  policy: StoredPolicy;
  rules: StoredRule[];
}

export function ruleChanges(deps: RoutingRulesDeps): RuleChanges {
  const change = (caller: Caller, policyId: string, type: EventTypeName, work: Work) =>
    changeRules(deps, caller, policyId, type, work);
  const known = (orgId: string, body: RuleBody) => knownOf(deps, orgId, body);

  return {
    async add(caller, policyId, body, activate) {
      const made = read(body, await known(caller.orgId, body));
      const rule = await change(caller, policyId, 'policy.rule.add', async ({ tx, at, rules }) => {
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
      const facts = await known(caller.orgId, body);
      const rule = await change(caller, policyId, 'policy.rule.update', async ({ tx, at, rules }) => {
        const present = existing(rules, ruleId);
        if (expectedVersion !== null && expectedVersion !== present.version) throw apiErrors.versionConflict();
        if (present.system) refuseSystemChange(present, body);
        refuseSameName(rules, body.name, ruleId);
        const made = present.system ? null : read(withOwnFields(body, present), facts);
        if (made !== null) await refuseUnknownZones(deps, tx, caller.orgId, made);
        const next = { ...present, ...made, name: body.name, lastUpdated: at, version: present.version + 1 };
        await store.updateRule(tx, caller.orgId, next);
        const order = present.system
          ? rules.map(({ id }) => id)
          : orderWith(rules, ruleId, body.priority ?? present.priority);
        return { order, rule: next };
      });
      return rule!;
    },
    async setStatus(caller, policyId, ruleId, status) {
      const type = status === 'ACTIVE' ? 'policy.rule.activate' : 'policy.rule.deactivate';
      await change(caller, policyId, type, async ({ tx, at, rules }) => {
        const present = existing(rules, ruleId);
        if (present.system && status === 'INACTIVE')
          throw apiErrors.forbidden('The default rule cannot be deactivated.');
        if (present.status === status) return null;
        const next = { ...present, status, lastUpdated: at, version: present.version + 1 };
        await store.updateRule(tx, caller.orgId, next);
        return { order: rules.map(({ id }) => id), rule: next };
      });
    },
    async remove(caller, policyId, ruleId) {
      await change(caller, policyId, 'policy.rule.delete', async ({ tx, rules }) => {
        const present = existing(rules, ruleId);
        if (present.system) throw apiErrors.forbidden('The default rule cannot be deleted.');
        await store.deleteRule(tx, caller.orgId, ruleId);
        return { order: rules.map(({ id }) => id).filter((id) => id !== ruleId), rule: present };
      });
    },
  };
}

/** Returns the ids of the rules in their new order and the rule that the event tells of; null when nothing changes. */
type Work = (open: Open) => Promise<{ order: string[]; rule: StoredRule } | null>;

async function changeRules(
  { database, configuration, clock }: RoutingRulesDeps,
  caller: Caller,
  policyId: string,
  type: EventTypeName,
  work: Work,
): Promise<StoredRule | null> {
  const { orgId, actor, client, requestId } = caller;
  return inTransaction(database, async (tx) => {
    const policy = await store.findPolicy(tx, orgId, policyId, true);
    if (policy === null || policy.type !== 'IDP_DISCOVERY') throw apiErrors.notFound(policyId, 'Policy');
    const at = clock.now();
    const done = await work({ tx, at, policy, rules: await store.rulesOf(tx, orgId, policyId) });
    if (done === null) return null;
    const { order, rule } = done;
    await store.renumber(tx, orgId, order);
    await configuration.changed(tx, orgId);
    const targets = [
      policyTarget(policy),
      { id: rule.id, type: 'PolicyRule', alternateId: 'unknown', displayName: rule.name },
    ];
    await record(tx, { orgId, type, at, actor, client, requestId, targets });
    return { ...rule, priority: order.indexOf(rule.id) + 1 || rule.priority };
  });
}

/** What the body names, as far as it exists. Read before the transaction: it comes from the compiled view. */
async function knownOf(
  { providers, applications, people }: RoutingRulesDeps,
  orgId: string,
  body: RuleBody,
): Promise<Known> {
  const { include, exclude } = body.conditions?.app ?? {};
  const named = [...(include ?? []), ...(exclude ?? [])].flatMap(({ id }) => id ?? []);
  const types = await Promise.all(named.map((id) => applications.type(orgId, id)));
  return {
    providerTypes: new Map((await providers.list(orgId)).map(({ id, type }) => [id, type])),
    applicationIds: new Set(named.filter((_, index) => types[index] !== null)),
    attributes: await people.attributes(orgId),
  };
}

export const policyTarget = ({ id, name }: { id: string; name: string }) => ({
  id,
  type: 'PolicyEntity',
  alternateId: 'unknown',
  displayName: name,
});

function read(body: RuleBody, known: Known) {
  const made = readRule(body, known);
  if ('problems' in made) throw apiErrors.validation(made.problems[0]!.split(':')[0]!, ...made.problems);
  return made;
}

/** The zones that a rule names stay usable until it is stored. */
async function refuseUnknownZones(
  { zones }: RoutingRulesDeps,
  tx: Executor,
  orgId: string,
  { conditions: { network } }: Pick<StoredRule, 'conditions'>,
): Promise<void> {
  if (network === undefined) return;
  const problems = await zones.problemsOf(tx, orgId, [...network.include, ...network.exclude]);
  if (problems.length > 0)
    throw apiErrors.validation('conditions.network', ...problems.map((problem) => `conditions.network: ${problem}`));
}

/** Our own fields keep their value where a PUT omits them (rulings 18). */
function withOwnFields(body: RuleBody, { actions }: StoredRule): RuleBody {
  const { idp } = body.actions;
  const presentation = idp.presentation === undefined ? actions.presentation : idp.presentation;
  return { ...body, actions: { idp: { ...idp, presentation, enforce: idp.enforce ?? actions.enforce } } };
}

function existing(rules: readonly StoredRule[], id: string): StoredRule {
  const rule = rules.find((item) => item.id === id);
  if (rule === undefined) throw apiErrors.notFound(id, 'PolicyRule');
  return rule;
}

function refuseSameName(rules: readonly StoredRule[], name: string, exceptId: string | null): void {
  if (rules.some((rule) => rule.id !== exceptId && rule.name.toLowerCase() === name.toLowerCase()))
    throw apiErrors.duplicate('name');
}

/** It always ends at the hub's own sign-in, so that nobody is locked out (rulings 8). */
function refuseSystemChange(present: StoredRule, body: RuleBody): void {
  const providers = body.actions.idp.providers ?? [];
  const same = body.name === present.name && providers.length === 1 && providers[0]!.type === 'OKTA';
  if (!same) throw apiErrors.forbidden('The default rule always ends at the local sign-in. Add a rule before it.');
}

/** The ids with `id` at the wanted place (from 1; null = last), the system rule behind all. */
function orderWith(rules: readonly StoredRule[], id: string, wanted: number | null): string[] {
  const others = rules.filter((rule) => !rule.system && rule.id !== id).map((rule) => rule.id);
  const position = wanted === null ? others.length : Math.min(Math.max(wanted - 1, 0), others.length);
  return [
    ...others.slice(0, position),
    id,
    ...others.slice(position),
    ...rules.filter((rule) => rule.system).map((rule) => rule.id),
  ];
}
