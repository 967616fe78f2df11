/** The SQL of `group_rule_members`, and of memberships whose source is a rule. */
import type { Executor } from '../../../database/index.ts';
import type { GroupType } from '../schema.ts';
import { PRESENT } from '../store.ts';

/** A rule gives a person the membership of a group. */
export interface Gift {
  ruleId: string;
  userId: string;
  groupId: string;
}

export interface Pair {
  userId: string;
  groupId: string;
}

/** How a person stands to a group: by whose doing, and which rules give the membership (also beside one that was set by hand). */
export interface Standing {
  userId: string;
  groupId: string;
  name: string;
  type: GroupType;
  source: 'DIRECT' | 'RULE' | 'IDP';
  ruleIds: string[];
}

const STANDING = `m.user_id as "userId", m.group_id as "groupId", g.profile->>'name' as name, g.type, m.source,
  coalesce((select array_agg(r.rule_id order by r.rule_id) from group_rule_members r
    where r.org_id = m.org_id and r.user_id = m.user_id and r.group_id = m.group_id), '{}') as "ruleIds"`;

/** The stored memberships of some people; Everyone's have no rows. */
export async function standingOf(db: Executor, orgId: string, userIds: readonly string[]): Promise<Standing[]> {
  const { rows } = await db.query<Standing>({
    name: 'group_standing',
    text: `select ${STANDING} from group_members m join groups g on g.org_id = m.org_id and g.id = m.group_id
           where m.org_id = $1 and m.user_id = any($2) order by m.user_id, m.group_id`,
    values: [orgId, userIds],
  });
  return rows;
}

export interface MemberOrigin {
  userId: string;
  source: Standing['source'];
  since: Date;
  ruleIds: string[];
}

/** A group's members who are not deactivated, in the order of their ids, after `after`, each with its origin. */
export async function originsOf(
  db: Executor,
  orgId: string,
  groupId: string,
  after: string,
  limit: number,
): Promise<MemberOrigin[]> {
  const { rows } = await db.query<MemberOrigin>({
    text: `select s."userId", s.source, s.created as since, s."ruleIds" from (
             select ${STANDING}, m.created from group_members m join groups g on g.org_id = m.org_id and g.id = m.group_id
             where m.org_id = $1 and m.group_id = $2 and m.user_id > $3 and ${PRESENT}
             order by m.user_id limit $4) s order by s."userId"`,
    values: [orgId, groupId, after, limit],
  });
  return rows;
}

const ROWS = (parameter: string) =>
  `jsonb_to_recordset(${parameter}::jsonb) as w("ruleId" text, "userId" text, "groupId" text)`;

/** Writes gifts of groups that were created here; returns the memberships that are new with them. */
export async function insertGifts(tx: Executor, orgId: string, gifts: readonly Gift[], at: Date): Promise<Pair[]> {
  const { rows } = await tx.query<Pair>({
    text: `with wanted as (
             select w.* from ${ROWS('$2')} join groups g on g.org_id = $1 and g.id = w."groupId" and g.type = 'OKTA_GROUP'
           ), given as (
             insert into group_rule_members (org_id, user_id, group_id, rule_id, created)
             select $1, "userId", "groupId", "ruleId", $3 from wanted order by 2, 3, 4 on conflict do nothing
           )
           insert into group_members (org_id, group_id, user_id, source, created)
           select distinct $1, "groupId", "userId", 'RULE', $3::timestamptz from wanted order by 2, 3 on conflict do nothing
           returning user_id as "userId", group_id as "groupId"`,
    values: [orgId, JSON.stringify(gifts), at],
  });
  return rows;
}

/** Takes gifts back; returns the memberships that ended with them: those that only rules gave, and none gives any more. */
export async function deleteGifts(tx: Executor, orgId: string, gifts: readonly Gift[]): Promise<Pair[]> {
  const values = [orgId, JSON.stringify(gifts)];
  await tx.query({
    text: `delete from group_rule_members r using ${ROWS('$2')}
           where r.org_id = $1 and r.user_id = w."userId" and r.group_id = w."groupId" and r.rule_id = w."ruleId"`,
    values,
  });
  const { rows } = await tx.query<Pair>({
    text: `delete from group_members m using ${ROWS('$2')}
           where m.org_id = $1 and m.user_id = w."userId" and m.group_id = w."groupId" and m.source = 'RULE'
             and not exists (select 1 from group_rule_members r where r.org_id = $1 and r.user_id = m.user_id and r.group_id = m.group_id)
           returning m.user_id as "userId", m.group_id as "groupId"`,
    values,
  });
  return rows;
}

/** A page of what a rule gives, by user. */
export async function giftsOfRule(
  db: Executor,
  orgId: string,
  ruleId: string,
  after: string,
  users: number,
): Promise<Gift[]> {
  const { rows } = await db.query<Gift>({
    text: `select rule_id as "ruleId", user_id as "userId", group_id as "groupId" from group_rule_members
           where org_id = $1 and rule_id = $2 and user_id in (
             select distinct user_id from group_rule_members where org_id = $1 and rule_id = $2 and user_id > $3 order by user_id limit $4)
           order by user_id, group_id`,
    values: [orgId, ruleId, after, users],
  });
  return rows;
}

/** How many people a rule gives anything. */
export async function countOfRule(db: Executor, orgId: string, ruleId: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>({
    text: 'select count(distinct user_id) as count from group_rule_members where org_id = $1 and rule_id = $2',
    values: [orgId, ruleId],
  });
  return Number(rows[0]!.count);
}

const PEOPLE_AT_A_TIME = 1_000;

/**
 * What a rule gave stays, as if it had been set by hand, where no other rule gives it. Returns how many memberships became so. Of so many
 * people at a time, each by their index: one statement for all took longer than a statement may where the tables were never analyzed.
 */
export async function keepGifts(tx: Executor, orgId: string, ruleId: string): Promise<number> {
  let kept = 0;
  for (let after = ''; ; ) {
    const { rows } = await tx.query<{ id: string }>({
      text: 'select distinct user_id as id from group_rule_members where org_id = $1 and rule_id = $2 and user_id > $3 order by user_id limit $4',
      values: [orgId, ruleId, after, PEOPLE_AT_A_TIME],
    });
    const last = rows.at(-1);
    if (last === undefined) return kept;
    after = last.id;
    const values = [orgId, ruleId, rows.map(({ id }) => id)];
    const { rowCount } = await tx.query({
      text: `update group_members m set source = 'DIRECT' from group_rule_members r
             where r.org_id = $1 and r.rule_id = $2 and r.user_id = any($3) and m.org_id = $1 and m.user_id = r.user_id
               and m.group_id = r.group_id and m.source = 'RULE' and not exists (select 1 from group_rule_members o
                 where o.org_id = $1 and o.user_id = m.user_id and o.group_id = m.group_id and o.rule_id <> $2)`,
      values,
    });
    kept += rowCount;
    await tx.query({
      text: 'delete from group_rule_members where org_id = $1 and rule_id = $2 and user_id = any($3)',
      values,
    });
  }
}

/** The rules that give a person the membership of a group. */
export async function giversOf(tx: Executor, orgId: string, userId: string, groupId: string): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>({
    text: 'select rule_id as id from group_rule_members where org_id = $1 and user_id = $2 and group_id = $3 order by rule_id',
    values: [orgId, userId, groupId],
  });
  return rows.map((row) => row.id);
}

/** A membership that rules gave becomes one that was set by hand. */
export async function makeDirect(tx: Executor, orgId: string, userId: string, groupId: string): Promise<void> {
  await tx.query({
    text: `update group_members set source = 'DIRECT' where org_id = $1 and group_id = $3 and user_id = $2 and source = 'RULE'`,
    values: [orgId, userId, groupId],
  });
}

/** No rule gives this membership any more. */
export async function deleteGiftsOf(tx: Executor, orgId: string, { userId, groupId }: Pair): Promise<void> {
  await tx.query({
    text: 'delete from group_rule_members where org_id = $1 and user_id = $2 and group_id = $3',
    values: [orgId, userId, groupId],
  });
}

/** Notes the time at groups whose members changed; a group that somebody else is changing at this moment is noted by them. */
export async function touchGroups(tx: Executor, orgId: string, ids: readonly string[], at: Date): Promise<void> {
  await tx.query({
    text: `update groups set last_membership_updated = $3 where org_id = $1 and id in (
             select id from groups where org_id = $1 and id = any($2) order by id for no key update skip locked)`,
    values: [orgId, ids, at],
  });
}
