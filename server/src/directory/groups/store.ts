/** The SQL of `groups` and `group_members`; what rules give is in gifts/. */
import type { Executor } from '../../database/index.ts';
import { EVERYONE, type Group } from './schema.ts';

export const COLUMNS = `id, org_id as "orgId", type, gatehouse_profile(org_id, 'group', profile) as profile, created, last_updated as "lastUpdated",
  last_membership_updated as "lastMembershipUpdated", version`;

/** A text, or a part of one, as it is compared with names: without case, in one Unicode form. */
export const lettersOf = (text: string) => text.normalize('NFC').toLowerCase();

/** Group names are unique without case, and without the blanks around them. */
export const nameKey = (name: string) => lettersOf(name.trim());

async function one(db: Executor, statement: { name?: string; text: string; values: unknown[] }): Promise<Group | null> {
  const { rows } = await db.query<Group>(statement);
  return rows[0] ?? null;
}

export function findGroup(db: Executor, orgId: string, id: string): Promise<Group | null> {
  return one(db, {
    name: 'groups_by_id',
    text: `select ${COLUMNS} from groups where org_id = $1 and id = $2`,
    values: [orgId, id],
  });
}

export function lockGroup(tx: Executor, orgId: string, id: string): Promise<Group | null> {
  return one(tx, {
    text: `select ${COLUMNS} from groups where org_id = $1 and id = $2 for update`,
    values: [orgId, id],
  });
}

export function findEveryone(db: Executor, orgId: string): Promise<Group | null> {
  return one(db, {
    text: `select ${COLUMNS} from groups where org_id = $1 and type = 'BUILT_IN' and name_key = $2`,
    values: [orgId, nameKey(EVERYONE)],
  });
}

/** Those of the ids that exist, kept from being deleted meanwhile (but not from other memberships). */
export async function shareGroups(tx: Executor, orgId: string, ids: readonly string[]): Promise<Group[]> {
  const { rows } = await tx.query<Group>({
    text: `select ${COLUMNS} from groups where org_id = $1 and id = any($2) order by id for key share`,
    values: [orgId, ids],
  });
  return rows;
}

/** Kept from memberships too. */
export async function holdGroups(tx: Executor, orgId: string, ids: readonly string[]): Promise<void> {
  await tx.query({
    text: 'select 1 from groups where org_id = $1 and id = any($2) order by id for update',
    values: [orgId, ids],
  });
}

/** `where` and `orderBy` are made by search.ts; `values[0]` is the org's id. */
export async function selectGroups(
  db: Executor,
  query: { where: string; orderBy: string; sortKey: string; limit: number; values: unknown[] },
) {
  const { rows } = await db.query<Group & { sortKey: string }>({
    text: `select ${COLUMNS}, ${query.sortKey} as "sortKey" from groups where org_id = $1 and ${query.where} order by ${query.orderBy} limit ${query.limit}`,
    values: query.values,
  });
  return rows;
}

/** False when a group has that name already. */
export async function insertGroup(tx: Executor, group: Group): Promise<boolean> {
  const { rowCount } = await tx.query({
    text: `insert into groups (org_id, id, type, name_key, profile, created, last_updated, last_membership_updated)
           values ($1, $2, $3, $4, $5, $6, $6, $6) on conflict (org_id, name_key) where type <> 'APP_GROUP' do nothing`,
    values: [
      group.orgId,
      group.id,
      group.type,
      nameKey(group.profile.name),
      JSON.stringify(group.profile),
      group.created,
    ],
  });
  return rowCount === 1;
}

/** False when another group has that name: the transaction can only be rolled back then. */
export async function updateGroup(tx: Executor, group: Group): Promise<boolean> {
  try {
    await tx.query({
      text: 'update groups set name_key = $3, profile = $4, last_updated = $5, version = version + 1 where org_id = $1 and id = $2',
      values: [group.orgId, group.id, nameKey(group.profile.name), JSON.stringify(group.profile), group.lastUpdated],
    });
    return true;
  } catch (error) {
    if ((error as { constraint?: string }).constraint === 'groups_name') return false;
    throw error;
  }
}

export async function deleteGroup(tx: Executor, group: Group): Promise<void> {
  const values = [group.orgId, group.id];
  await tx.query({ text: 'delete from group_rule_members where org_id = $1 and group_id = $2', values });
  await tx.query({ text: 'delete from group_members where org_id = $1 and group_id = $2', values });
  await tx.query({ text: 'delete from groups where org_id = $1 and id = $2', values });
}

/** True when the user was not a member yet. */
export async function insertMember(tx: Executor, group: Group, userId: string, at: Date): Promise<boolean> {
  const { rowCount } = await tx.query({
    text: `with added as (insert into group_members (org_id, group_id, user_id, created) values ($1, $2, $3, $4) on conflict do nothing returning 1)
           update groups set last_membership_updated = $4 where org_id = $1 and id = $2 and exists (select 1 from added)`,
    values: [group.orgId, group.id, userId, at],
  });
  return rowCount === 1;
}

/** True when the user was a member. */
export async function deleteMember(tx: Executor, group: Group, userId: string, at: Date): Promise<boolean> {
  const { rowCount } = await tx.query({
    text: `with removed as (delete from group_members where org_id = $1 and group_id = $2 and user_id = $3 returning 1)
           update groups set last_membership_updated = $4 where org_id = $1 and id = $2 and exists (select 1 from removed)`,
    values: [group.orgId, group.id, userId, at],
  });
  return rowCount === 1;
}

/** How many stored members each of the groups has: people who are deactivated keep their memberships and count. */
export async function countMembers(db: Executor, orgId: string, ids: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await db.query<{ id: string; count: number }>({
    text: 'select group_id as id, count(*) as count from group_members where org_id = $1 and group_id = any($2) group by group_id',
    values: [orgId, ids],
  });
  return new Map(rows.map((row) => [row.id, Number(row.count)]));
}

/** Whether a member is not deactivated; asked person by person, for a page. Of a statement that calls its memberships `m`. */
export const PRESENT = `(select u.status from users u where u.org_id = m.org_id and u.id = m.user_id) <> 'DEPROVISIONED'`;

/** Members who are not deactivated, in the order of their ids, after `after`. */
export async function memberIds(
  db: Executor,
  orgId: string,
  groupId: string,
  after: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>({
    text: `select user_id as id from group_members m
           where org_id = $1 and group_id = $2 and user_id > $3 and ${PRESENT} order by user_id limit ${limit}`,
    values: [orgId, groupId, after],
  });
  return rows.map((row) => row.id);
}

/** The groups of a user, Everyone first. */
export async function groupsOf(db: Executor, orgId: string, userId: string): Promise<Group[]> {
  const { rows } = await db.query<Group>({
    text: `select ${COLUMNS} from groups where org_id = $1 and (type = 'BUILT_IN' or id in (
             select group_id from group_members where org_id = $1 and user_id = $2)) order by type <> 'BUILT_IN', id`,
    values: [orgId, userId],
  });
  return rows;
}

/** Of somebody whose row is held. The groups are shared first, as by everybody who changes memberships. */
export async function deleteMemberships(tx: Executor, orgId: string, userId: string): Promise<void> {
  await tx.query({
    text: `select 1 from groups where org_id = $1 and id in (select group_id from group_members where org_id = $1 and user_id = $2)
           order by id for key share`,
    values: [orgId, userId],
  });
  await tx.query({
    text: 'delete from group_rule_members where org_id = $1 and user_id = $2',
    values: [orgId, userId],
  });
  await tx.query({ text: 'delete from group_members where org_id = $1 and user_id = $2', values: [orgId, userId] });
}

/** The name of each of the ids that exists. */
export async function groupNames(db: Executor, orgId: string, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await db.query<{ id: string; name: string }>({
    text: `select id, profile->>'name' as name from groups where org_id = $1 and id = any($2)`,
    values: [orgId, ids],
  });
  return new Map(rows.map((row) => [row.id, row.name]));
}

/** The name of each of the ids that is a group whose members are chosen here. */
export async function groupsCreatedHere(
  db: Executor,
  orgId: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await db.query<{ id: string; name: string }>({
    text: `select id, profile->>'name' as name from groups where org_id = $1 and id = any($2) and type = 'OKTA_GROUP'`,
    values: [orgId, ids],
  });
  return new Map(rows.map((row) => [row.id, row.name]));
}

/** The stored members of any of the groups, each once. */
export async function membersOfAny(db: Executor, orgId: string, groupIds: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>({
    text: 'select distinct user_id as id from group_members where org_id = $1 and group_id = any($2)',
    values: [orgId, groupIds],
  });
  return rows.map((row) => row.id);
}

export interface Membership {
  userId: string;
  groupId: string;
}

/** The stored memberships of some users. */
export async function membershipsOf(db: Executor, orgId: string, userIds: readonly string[]): Promise<Membership[]> {
  const { rows } = await db.query<Membership>({
    text: 'select user_id as "userId", group_id as "groupId" from group_members where org_id = $1 and user_id = any($2)',
    values: [orgId, userIds],
  });
  return rows;
}
