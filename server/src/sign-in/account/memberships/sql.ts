/** The parts of the sign-in's commit that change memberships, and the assignments that come with them (rulings 35). */
import type { Bind, Part } from '../commit.ts';

const GIFTS = (parameter: string) => `jsonb_to_recordset(${parameter}::jsonb) as w("ruleId" text, "groupId" text)`;

/** Whether all rows of a table that the statement sees are there still; holds them, so that they stay. */
const stays = (table: string, where: string, key: string) =>
  `(select count(*) from (select 1 from ${table} where org_id = $1 and ${where} order by ${key} for key share) held)
      = (select count(*) from ${table} where org_id = $1 and ${where})`;

/** One row, where the groups and their assignments to applications are not just being deleted. */
export function joinGroups(part: Extract<Part, { part: 'join-groups' }>, bind: Bind): string {
  const user = bind(part.userId);
  const groups = bind(part.groupIds);
  const at = bind(part.at);
  const gifts = bind(JSON.stringify(part.gifts ?? []));
  const given = `select w."groupId" from ${GIFTS(gifts)}`;
  const among = (column: string) => `(${column} = any(${groups}::text[]) or ${column} in (${given}))`;
  return `select 1 where ${stays('groups', among('id'), 'id')}
    and ${stays('app_groups', among('group_id'), 'app_id, group_id')}
  ), joined_groups as (
    insert into group_members (org_id, group_id, user_id, source, created)
    select $1, id, ${user}, case when id = any(${groups}::text[]) then 'IDP' else 'RULE' end, ${at} from groups
    where org_id = $1 and ${among('id')} and type = 'OKTA_GROUP' on conflict do nothing
  ), given_by_rules as (
    insert into group_rule_members (org_id, user_id, group_id, rule_id, created)
    select $1, ${user}, g.id, w."ruleId", ${at} from ${GIFTS(gifts)} join groups g on g.org_id = $1 and g.id = w."groupId" and g.type = 'OKTA_GROUP'
    on conflict do nothing
  ), joined_applications as (
    insert into app_users (org_id, app_id, user_id, scope, created, last_updated, status_changed)
    select distinct $1, app_id, ${user}, 'GROUP', ${at}::timestamptz, ${at}::timestamptz, ${at}::timestamptz from app_groups
    where org_id = $1 and ${among('group_id')} on conflict do nothing`;
}

/** Whether a membership `m` ends: the provider takes it away, or it came of rules; and no rule gives it besides those that end here. */
const ends = (groups: string, gifts: string) => `(m.group_id = any(${groups}::text[])
      or m.source = 'RULE' and m.group_id in (select w."groupId" from ${GIFTS(gifts)}))
    and not exists (select 1 from group_rule_members r where r.org_id = $1 and r.user_id = m.user_id and r.group_id = m.group_id
      and not exists (select 1 from ${GIFTS(gifts)} where w."ruleId" = r.rule_id and w."groupId" = r.group_id))`;

export function leaveGroups(part: Extract<Part, { part: 'leave-groups' }>, bind: Bind): string {
  const user = bind(part.userId);
  const groups = bind(part.groupIds);
  const gifts = bind(JSON.stringify(part.gifts ?? []));
  const ending = `g.type = 'OKTA_GROUP' and (${ends(groups, gifts)})`;
  return `delete from group_members m using groups g where m.org_id = $1 and m.user_id = ${user} and g.org_id = $1 and g.id = m.group_id and ${ending}
  ), taken_by_rules as (
    delete from group_rule_members r using ${GIFTS(gifts)}
    where r.org_id = $1 and r.user_id = ${user} and r.group_id = w."groupId" and r.rule_id = w."ruleId"
  ), left_applications as (
    delete from app_users a where a.org_id = $1 and a.user_id = ${user} and a.scope = 'GROUP'
      and exists (select 1 from app_groups ag join groups g on g.org_id = $1 and g.id = ag.group_id and g.type = 'OKTA_GROUP'
        where ag.org_id = $1 and ag.app_id = a.app_id
          and (ag.group_id = any(${groups}::text[]) or ag.group_id in (select w."groupId" from ${GIFTS(gifts)})))
      and not exists (select 1 from app_groups ag join group_members m on m.org_id = $1 and m.group_id = ag.group_id and m.user_id = ${user}
        join groups g on g.org_id = $1 and g.id = ag.group_id
        where ag.org_id = $1 and ag.app_id = a.app_id and not (${ending}))`;
}
