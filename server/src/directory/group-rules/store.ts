/** The SQL of `group_rules`. */
import type { Executor } from '../../database/index.ts';
import type { GroupRule, RuleStatus } from './schema.ts';

const COLUMNS = `id, org_id as "orgId", name, status, expression, excluded_users as "excludedUsers", excluded_groups as "excludedGroups",
  group_ids as "groupIds", created, last_updated as "lastUpdated", version`;

/** Names are unique without case. */
export const nameKey = (name: string) => name.normalize('NFC').trim().toLowerCase();

/**
 * Evaluations hold this lock together, a change of which rules are active holds it alone: so no evaluation under the rules of before
 * commits after such a change. A job for everybody holds it alone before it looks at anybody. Whoever takes it alone waits for nothing
 * afterwards that a transaction may hold which wants it.
 */
export async function lockRules(tx: Executor, orgId: string, how: 'together' | 'alone'): Promise<void> {
  await tx.query({
    name: `group_rules_lock_${how}`,
    text: `select pg_advisory_xact_lock${how === 'together' ? '_shared' : ''}(hashtextextended($1, 0))`,
    values: [`group_rules ${orgId}`],
  });
}

/** In the order of their ids. */
export async function activeRules(db: Executor, orgId: string): Promise<GroupRule[]> {
  const { rows } = await db.query<GroupRule>({
    name: 'group_rules_active',
    text: `select ${COLUMNS} from group_rules where org_id = $1 and status = 'ACTIVE' order by id`,
    values: [orgId],
  });
  return rows;
}

export async function allRules(db: Executor, orgId: string): Promise<GroupRule[]> {
  const { rows } = await db.query<GroupRule>({
    text: `select ${COLUMNS} from group_rules where org_id = $1 order by id`,
    values: [orgId],
  });
  return rows;
}

export async function findRule(db: Executor, orgId: string, id: string, lock = false): Promise<GroupRule | null> {
  const { rows } = await db.query<GroupRule>({
    text: `select ${COLUMNS} from group_rules where org_id = $1 and id = $2${lock ? ' for update' : ''}`,
    values: [orgId, id],
  });
  return rows[0] ?? null;
}

/** Rules in whose name the text is, by id, after an id. */
export async function listRules(
  db: Executor,
  orgId: string,
  query: { text: string | null; after: string | null; limit: number },
): Promise<GroupRule[]> {
  const pattern = query.text === null ? null : `%${nameKey(query.text).replace(/[\\%_]/g, '\\$&')}%`;
  const { rows } = await db.query<GroupRule>({
    text: `select ${COLUMNS} from group_rules where org_id = $1 and ($2::text is null or name_key like $2)
             and ($3::text is null or id > $3) order by id limit $4`,
    values: [orgId, pattern, query.after, query.limit],
  });
  return rows;
}

/** $1 to $10 of the two statements that write a rule whole. */
const valuesOf = (rule: GroupRule, at: Date) => [
  rule.orgId,
  rule.id,
  rule.name,
  nameKey(rule.name),
  rule.status,
  rule.expression,
  rule.excludedUsers,
  rule.excludedGroups,
  rule.groupIds,
  at,
];

/** False when a rule has that name already. */
export async function insertRule(tx: Executor, rule: GroupRule): Promise<boolean> {
  const { rowCount } = await tx.query({
    text: `insert into group_rules (org_id, id, name, name_key, status, expression, excluded_users, excluded_groups, group_ids, created, last_updated)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) on conflict (org_id, name_key) do nothing`,
    values: valuesOf(rule, rule.created),
  });
  return rowCount === 1;
}

/** False when another rule has that name: the transaction can only be rolled back then. */
export async function updateRule(tx: Executor, rule: GroupRule): Promise<boolean> {
  try {
    await tx.query({
      text: `update group_rules set name = $3, name_key = $4, status = $5, expression = $6, excluded_users = $7, excluded_groups = $8,
               group_ids = $9, last_updated = $10, version = version + 1 where org_id = $1 and id = $2`,
      values: valuesOf(rule, rule.lastUpdated),
    });
    return true;
  } catch (error) {
    if ((error as { constraint?: string }).constraint === 'group_rules_name') return false;
    throw error;
  }
}

export async function setStatus(tx: Executor, { orgId, id }: GroupRule, status: RuleStatus, at: Date): Promise<void> {
  await tx.query({
    text: 'update group_rules set status = $3, last_updated = $4, version = version + 1 where org_id = $1 and id = $2',
    values: [orgId, id, status, at],
  });
}

/** Excepts a person from rules; returns those that did not except them before. */
export async function addExcludedUser(
  tx: Executor,
  orgId: string,
  ids: readonly string[],
  userId: string,
  at: Date,
): Promise<GroupRule[]> {
  const { rows } = await tx.query<GroupRule>({
    text: `update group_rules set excluded_users = excluded_users || $3::text, last_updated = $4, version = version + 1
           where org_id = $1 and not ($3 = any(excluded_users)) and id in (
             select id from group_rules where org_id = $1 and id = any($2) order by id for no key update) returning ${COLUMNS}`,
    values: [orgId, ids, userId, at],
  });
  return rows;
}

export async function deleteRule(tx: Executor, { orgId, id }: GroupRule): Promise<void> {
  await tx.query({ text: 'delete from group_rules where org_id = $1 and id = $2', values: [orgId, id] });
}

export async function ruleNames(db: Executor, orgId: string, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await db.query<{ id: string; name: string }>({
    text: 'select id, name from group_rules where org_id = $1 and id = any($2)',
    values: [orgId, ids],
  });
  return new Map(rows.map((row) => [row.id, row.name]));
}
