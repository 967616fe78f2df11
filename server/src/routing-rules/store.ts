/** The SQL of `policies` and `policy_rules`. */
import type { Executor } from '../database/index.ts';
import type { PolicyType, RuleActions, RuleConditions } from './schema.ts';
import type { PolicyConditions, SignOnActions, SignOnConditions } from './sign-on/schema.ts';

export type Status = 'ACTIVE' | 'INACTIVE';

export interface StoredPolicy {
  id: string;
  type: PolicyType;
  name: string;
  description: string | null;
  status: Status;
  priority: number;
  system: boolean;
  /** Null: for everybody. */
  conditions: PolicyConditions | null;
  created: Date;
  lastUpdated: Date;
  version: number;
}

type Conditions = RuleConditions | SignOnConditions;
type Actions = RuleActions | SignOnActions;
export type RoutingRule = StoredRule<RuleConditions, RuleActions>;
export type SignOnRule = StoredRule<SignOnConditions, SignOnActions>;

/** Which of the two it is says the type of its policy. */
export interface StoredRule<C = Conditions, A = Actions> {
  id: string;
  policyId: string;
  name: string;
  status: Status;
  priority: number;
  system: boolean;
  conditions: C;
  actions: A;
  created: Date;
  lastUpdated: Date;
  version: number;
}

const POLICY =
  'id, type, name, description, status, priority, system, conditions, created, last_updated as "lastUpdated", version';
const RULE =
  'id, policy_id as "policyId", name, status, priority, system, conditions, actions, created, last_updated as "lastUpdated", version';

export async function policiesOf(db: Executor, orgId: string): Promise<StoredPolicy[]> {
  const { rows } = await db.query<StoredPolicy>({
    name: 'policies_of_org',
    text: `select ${POLICY} from policies where org_id = $1 order by priority, id`,
    values: [orgId],
  });
  return rows;
}

/** `lock` lets one change of a policy's rules follow the other. */
export async function findPolicy(db: Executor, orgId: string, id: string, lock = false): Promise<StoredPolicy | null> {
  const { rows } = await db.query<StoredPolicy>({
    text: `select ${POLICY} from policies where org_id = $1 and id = $2${lock ? ' for update' : ''}`,
    values: [orgId, id],
  });
  return rows[0] ?? null;
}

/** Those of a type by priority. Held by the lock of the system's own one, so that one change of their order follows the other. */
export async function holdPolicies(tx: Executor, orgId: string, type: PolicyType): Promise<StoredPolicy[]> {
  await tx.query({
    text: 'select 1 from policies where org_id = $1 and type = $2 and system for update',
    values: [orgId, type],
  });
  return (await policiesOf(tx, orgId)).filter((policy) => policy.type === type);
}

/** False when the org has a system policy of the type already. */
export async function insertSystemPolicy(
  tx: Executor,
  orgId: string,
  policy: Pick<StoredPolicy, 'id' | 'type' | 'name' | 'description' | 'created'>,
): Promise<boolean> {
  const { rowCount } = await tx.query({
    text: `insert into policies (org_id, id, type, name, description, system, created, last_updated)
      select $1, $2, $3, $4, $5, true, $6::timestamptz, $6::timestamptz
      where not exists (select 1 from policies where org_id = $1 and type = $3 and system)`,
    values: [orgId, policy.id, policy.type, policy.name, policy.description, policy.created],
  });
  return rowCount > 0;
}

export async function insertPolicy(tx: Executor, orgId: string, policy: StoredPolicy): Promise<void> {
  await tx.query({
    text: `insert into policies (org_id, id, type, name, description, status, priority, conditions, created, last_updated)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)`,
    values: [
      orgId,
      policy.id,
      policy.type,
      policy.name,
      policy.description,
      policy.status,
      policy.priority,
      JSON.stringify(policy.conditions),
      policy.created,
    ],
  });
}

export async function updatePolicy(tx: Executor, orgId: string, policy: StoredPolicy): Promise<void> {
  await tx.query({
    text: `update policies set name = $3, description = $4, status = $5, conditions = $6, last_updated = $7, version = $8
      where org_id = $1 and id = $2`,
    values: [
      orgId,
      policy.id,
      policy.name,
      policy.description,
      policy.status,
      policy.conditions === null ? null : JSON.stringify(policy.conditions),
      policy.lastUpdated,
      policy.version,
    ],
  });
}

/** The policy first: whoever is adding a rule to it holds it, and that rule is seen afterwards. */
export async function deletePolicy(tx: Executor, orgId: string, id: string): Promise<void> {
  await tx.query({ text: 'delete from policies where org_id = $1 and id = $2', values: [orgId, id] });
  await tx.query({ text: 'delete from policy_rules where org_id = $1 and policy_id = $2', values: [orgId, id] });
}

/** The priorities of policies, from 1 on, in the order of the ids. */
export async function renumberPolicies(tx: Executor, orgId: string, ids: readonly string[]): Promise<void> {
  await tx.query({
    text: `update policies p set priority = o.position from unnest($2::text[]) with ordinality as o(id, position)
      where p.org_id = $1 and p.id = o.id and p.priority <> o.position`,
    values: [orgId, ids],
  });
}

/** By priority: the order in which they are considered. */
export async function rulesOf<R extends StoredRule = StoredRule>(
  db: Executor,
  orgId: string,
  policyId: string,
): Promise<R[]> {
  const { rows } = await db.query<R>({
    name: 'policy_rules_of_policy',
    text: `select ${RULE} from policy_rules where org_id = $1 and policy_id = $2 order by priority, id`,
    values: [orgId, policyId],
  });
  return rows;
}

/** Rules that name a network zone by its id, on either side. */
export async function rulesUsingZone(
  db: Executor,
  orgId: string,
  zoneId: string,
): Promise<{ name: string; policy: string; type: PolicyType }[]> {
  const { rows } = await db.query<{ name: string; policy: string; type: PolicyType }>({
    text: `select r.name, p.name as policy, p.type from policy_rules r join policies p on p.org_id = r.org_id and p.id = r.policy_id
      where r.org_id = $1 and (r.conditions #> '{network,include}' ? $2 or r.conditions #> '{network,exclude}' ? $2)
      order by p.type, p.priority, r.priority`,
    values: [orgId, zoneId],
  });
  return rows;
}

export async function insertRule(tx: Executor, orgId: string, rule: StoredRule): Promise<void> {
  await tx.query({
    text: `insert into policy_rules (org_id, id, policy_id, name, status, priority, system, conditions, actions, created, last_updated, version)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    values: [
      orgId,
      rule.id,
      rule.policyId,
      rule.name,
      rule.status,
      rule.priority,
      rule.system,
      JSON.stringify(rule.conditions),
      JSON.stringify(rule.actions),
      rule.created,
      rule.lastUpdated,
      rule.version,
    ],
  });
}

export async function updateRule(tx: Executor, orgId: string, rule: StoredRule): Promise<void> {
  await tx.query({
    text: `update policy_rules set name = $3, status = $4, priority = $5, conditions = $6, actions = $7, last_updated = $8, version = $9
      where org_id = $1 and id = $2`,
    values: [
      orgId,
      rule.id,
      rule.name,
      rule.status,
      rule.priority,
      JSON.stringify(rule.conditions),
      JSON.stringify(rule.actions),
      rule.lastUpdated,
      rule.version,
    ],
  });
}

/** The priorities of a policy's rules, from 1 on, in the order of the ids. */
export async function renumber(tx: Executor, orgId: string, ids: readonly string[]): Promise<void> {
  await tx.query({
    text: `update policy_rules r set priority = o.position from unnest($2::text[]) with ordinality as o(id, position)
      where r.org_id = $1 and r.id = o.id and r.priority <> o.position`,
    values: [orgId, ids],
  });
}

export async function deleteRule(tx: Executor, orgId: string, id: string): Promise<void> {
  await tx.query({ text: 'delete from policy_rules where org_id = $1 and id = $2', values: [orgId, id] });
}
