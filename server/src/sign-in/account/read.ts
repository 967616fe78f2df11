/** The one statement that reads what the account decision needs, and the configuration version it was decided under (rulings 22, 38). */
import type { Executor } from '../../database/index.ts';
import type { Standing } from '../../directory/groups/index.ts';
import { type Json, storableJson } from '../../shared/json.ts';
import type { Candidate } from './decide.ts';

export interface ReadInput {
  orgId: string;
  idpId: string;
  issuer: string;
  /** null: the provider said nothing by which a person could be linked. */
  subject: string | null;
  /** What the provider asserts now, to be compared with what it asserted last. */
  claims: Record<string, Json>;
  /** Canonical forms to match; null where the match type does not look at them. */
  loginKey: string | null;
  emailKey: string | null;
  /** The custom attribute that must equal the user name; null unless the match type says so. */
  attribute: { name: string; value: Json } | null;
  /** The login that a new user would get. */
  newLoginKey: string | null;
  appId: string | null;
  /** Groups that the provider's group action may touch. */
  groupIds: readonly string[];
}

export interface StoredUser extends Candidate {
  profile: Record<string, Json>;
  typeId: string;
  version: number;
  lastUpdated: Date;
  /** To the application that asks, directly or through a group. */
  assigned: boolean;
  assignedDirectly: boolean;
  /** Everyone left out. */
  memberships: (StoredGroup & Pick<Standing, 'source' | 'ruleIds'>)[];
  /** What each source last said: the hub, this provider, others. */
  sources: { sourceId: string; values: Record<string, Json>; released: boolean }[];
}

export interface StoredGroup {
  id: string;
  name: string;
  type: string;
}

export interface AccountFacts {
  configurationVersion: number;
  linked: StoredUser | null;
  /** Whom the identity is linked to instead: the id of a user who is not there. */
  lostLink: string | null;
  /** Whether the provider asserts of the linked person what it asserted last; true where nobody is linked. */
  sameClaims: boolean;
  byLogin: StoredUser | null;
  byEmail: StoredUser[];
  byAttribute: StoredUser[];
  loginTaken: boolean;
  groups: StoredGroup[];
}

/** Somebody whom the decision names. */
export function personOf(facts: AccountFacts, userId: string): StoredUser {
  const read = [facts.linked, facts.byLogin, ...facts.byEmail, ...facts.byAttribute];
  const user = read.find((candidate) => candidate?.id === userId);
  if (user === undefined || user === null) throw new Error('The decision names a user who was not read.');
  return user;
}

/**
 * At most this many users are read for one match: two are enough to know that it is ambiguous. Ids are collected first, each way by its
 * own index: the same conditions joined by `or` made PostgreSQL look at every user, and so did a limit within `by_attribute`, of whose
 * values a prepared plan knows nothing: it expects to meet three of them soon on any way.
 */
const READ = `
with link as (
  select e.user_id, e.profile - $11::text[] = $12::jsonb - $11::text[] as same,
    exists (select 1 from users u where u.org_id = $1 and u.id = e.user_id) as there
  from external_identities e where e.org_id = $1 and e.idp_id = $2 and e.issuer = $3 and e.subject = $4
), linked as (
  select user_id, same from link where there
), by_attribute as materialized (
  select u.id from users u where u.org_id = $1 and $7::jsonb is not null and u.profile @> $7::jsonb and not exists (select 1 from linked)
), ids as (
  select user_id as id from linked
  union all
  (select u.id from users u where u.org_id = $1 and u.login_key = any(array[$5, $8]::text[]) and not exists (select 1 from linked))
  union all
  (select u.id from users u where u.org_id = $1 and u.email_key = $6 and not exists (select 1 from linked) limit 3)
  union all
  (select id from by_attribute limit 3)
), found as (
  select u.* from users u where u.org_id = $1 and u.id = any(array(select id from ids))
)
select
  (select config_version from orgs where id = $1) as config_version,
  (select user_id from linked) as linked_id,
  (select user_id from link where not there) as lost_id,
  coalesce((select same from linked), true) as same_claims,
  coalesce((select jsonb_agg(jsonb_build_object('id', g.id, 'name', g.profile->>'name', 'type', g.type))
     from groups g where g.org_id = $1 and g.id = any($10::text[])), '[]') as groups,
  coalesce((select jsonb_agg(jsonb_build_object(
    'id', u.id, 'typeId', u.type_id, 'status', u.status, 'profile', gatehouse_profile(u.org_id, u.type_id, u.profile), 'version', u.version, 'lastUpdated', u.last_updated,
    'loginKey', u.login_key, 'emailKey', u.email_key, 'emailVerified', u.email_verified, 'hasPassword', u.password_hash is not null,
    'createdBy', u.created_by,
    'byAttribute', $7::jsonb is not null and u.profile @> $7::jsonb,
    'isAdministrator', exists (select 1 from user_roles r where r.org_id = $1 and r.user_id = u.id),
    'linkedToThisIdp', exists (select 1 from external_identities e where e.org_id = $1 and e.user_id = u.id and e.idp_id = $2),
    'memberships', coalesce((select jsonb_agg(jsonb_build_object('id', g.id, 'name', g.profile->>'name', 'type', g.type, 'source', m.source,
         'ruleIds', coalesce((select jsonb_agg(r.rule_id) from group_rule_members r
           where r.org_id = $1 and r.user_id = m.user_id and r.group_id = m.group_id), '[]')))
       from group_members m join groups g on g.org_id = $1 and g.id = m.group_id where m.org_id = $1 and m.user_id = u.id), '[]'),
    'assignedDirectly', $9::text is not null and exists (select 1 from app_users a
       where a.org_id = $1 and a.app_id = $9 and a.user_id = u.id and a.status = 'ACTIVE' and a.scope = 'USER'),
    'assigned', $9::text is null or exists (select 1 from app_users a where a.org_id = $1 and a.app_id = $9 and a.user_id = u.id and a.status = 'ACTIVE'),
    'sources', coalesce((select jsonb_agg(jsonb_build_object('sourceId', s.source_id, 'values', s."values", 'released', s.released is not null))
       from user_profile_sources s where s.org_id = $1 and s.user_id = u.id), '[]')
  )) from found u), '[]') as users`;

/** Claims of one exchange: they change at every sign-in and say nothing of the person. */
const PASSING_CLAIMS = ['exp', 'iat', 'nbf', 'jti', 'auth_time', 'sid'];

interface ReadRow {
  config_version: number;
  linked_id: string | null;
  lost_id: string | null;
  same_claims: boolean;
  groups: AccountFacts['groups'];
  users: (Omit<StoredUser, 'createdByAdministrator' | 'lastUpdated' | 'groupIds'> & {
    createdBy: string;
    byAttribute: boolean;
    lastUpdated: string;
  })[];
}

/** `created_by` of users whom a provider's sign-in created. */
export const CREATED_BY_JIT = 'jit';

export async function readAccount(db: Executor, input: ReadInput): Promise<AccountFacts> {
  const { rows } = await db.query<ReadRow>({
    name: 'sign_in_account_read',
    text: READ,
    values: [
      input.orgId,
      input.idpId,
      input.issuer,
      input.subject,
      input.loginKey,
      input.emailKey,
      input.attribute === null ? null : JSON.stringify({ [input.attribute.name]: input.attribute.value }),
      input.newLoginKey,
      input.appId,
      input.groupIds,
      PASSING_CLAIMS,
      storableJson(input.claims),
    ],
  });
  const row = rows[0];
  if (row === undefined) throw new Error('The account statement returned no row.');
  const users = row.users.map(({ createdBy, byAttribute, lastUpdated, ...user }) => ({
    byAttribute,
    user: {
      ...user,
      groupIds: user.memberships.map((group) => group.id),
      lastUpdated: new Date(lastUpdated),
      createdByAdministrator: createdBy !== CREATED_BY_JIT,
    },
  }));
  const found = users.map(({ user }) => user);
  return {
    configurationVersion: Number(row.config_version),
    linked: found.find((user) => user.id === row.linked_id) ?? null,
    lostLink: row.lost_id,
    sameClaims: row.same_claims,
    byLogin: input.loginKey === null ? null : (found.find((user) => user.loginKey === input.loginKey) ?? null),
    byEmail: input.emailKey === null ? [] : found.filter((user) => user.emailKey === input.emailKey),
    byAttribute: users.filter((entry) => entry.byAttribute).map(({ user }) => user),
    loginTaken: found.some((user) => user.loginKey === input.newLoginKey),
    groups: row.groups,
  };
}
