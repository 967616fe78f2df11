/** The ordered rules of a policy, whatever its type: changed under the policy's lock, renumbered and logged in one transaction. */
import { type Executor, inTransaction } from '../database/index.ts';
import { apiErrors } from '../http/index.ts';
import { type Caller, doneBy, type EventTypeName, record } from '../system-log/index.ts';
import type { RoutingRulesDeps } from './service.ts';
import type { StoredPolicy, StoredRule } from './store.ts';
import * as store from './store.ts';

export interface Open {
  tx: Executor;
  at: Date;
  policy: StoredPolicy;
  rules: StoredRule[];
}

/** Returns the ids of the rules in their new order and the rule that the event tells of; null when nothing changes. */
export type Work = (open: Open) => Promise<{ order: string[]; rule: StoredRule } | null>;

/** Policies whose rules administrators change. */
export const hasRules = ({ type }: Pick<StoredPolicy, 'type'>) => type !== 'ACCESS_POLICY';

export async function changeRules(
  { database, configuration, clock }: Pick<RoutingRulesDeps, 'database' | 'configuration' | 'clock'>,
  caller: Caller,
  policyId: string,
  type: EventTypeName,
  work: Work,
): Promise<StoredRule | null> {
  const { orgId } = caller;
  return inTransaction(database, async (tx) => {
    const policy = await store.findPolicy(tx, orgId, policyId, true);
    if (policy === null || !hasRules(policy)) throw apiErrors.notFound(policyId, 'Policy');
    const at = clock.now();
    const done = await work({ tx, at, policy, rules: await store.rulesOf(tx, orgId, policyId) });
    if (done === null) return null;
    const { order, rule } = done;
    await store.renumber(tx, orgId, order);
    await configuration.changed(tx, orgId);
    await record(tx, doneBy(caller, { type, at, targets: [policyTarget(policy), ruleTarget(rule)] }));
    return { ...rule, priority: order.indexOf(rule.id) + 1 || rule.priority };
  });
}

export const policyTarget = ({ id, name }: { id: string; name: string }) => ({
  id,
  type: 'PolicyEntity',
  alternateId: 'unknown',
  displayName: name,
});

const ruleTarget = ({ id, name }: { id: string; name: string }) => ({
  id,
  type: 'PolicyRule',
  alternateId: 'unknown',
  displayName: name,
});

export function existingRule(rules: readonly StoredRule[], id: string): StoredRule {
  const rule = rules.find((item) => item.id === id);
  if (rule === undefined) throw apiErrors.notFound(id, 'PolicyRule');
  return rule;
}

interface Listed {
  id: string;
  name: string;
  system: boolean;
}

/** Of rules of one policy, or of policies of one type. */
export function refuseSameName(items: readonly Listed[], name: string, exceptId: string | null): void {
  if (items.some((item) => item.id !== exceptId && item.name.toLowerCase() === name.toLowerCase()))
    throw apiErrors.duplicate('name');
}

/** The ids with `id` at the wanted place (from 1; null = last), what belongs to the system behind all. */
export function orderWith(items: readonly Listed[], id: string, wanted: number | null): string[] {
  const others = items.filter((item) => !item.system && item.id !== id).map((item) => item.id);
  const position = wanted === null ? others.length : Math.min(Math.max(wanted - 1, 0), others.length);
  return [
    ...others.slice(0, position),
    id,
    ...others.slice(position),
    ...items.filter((item) => item.system).map((item) => item.id),
  ];
}
