/** The SQL of many users at once. Parameters are whole batches as JSON; the order of ids and logins keeps two batches from waiting for each other. */
import type { Executor } from '../../../database/index.ts';
import { type Json, storableJson } from '../../../shared/json.ts';
import type { ValueRow } from '../../profile-schemas/index.ts';
import type { User } from '../schema.ts';
import type { Origin } from '../sources/store.ts';
import { COLUMNS, LINKS_ELSEWHERE, type OwnedValueRow } from '../store.ts';

export interface Found {
  user: User;
  administrator: boolean;
}

/** By login key. */
export async function findByLogins(
  db: Executor,
  orgId: string,
  loginKeys: readonly string[],
  lock: boolean,
): Promise<Map<string, Found>> {
  if (loginKeys.length === 0) return new Map();
  const { rows } = await db.query<User & { administrator: boolean }>({
    text: `select ${COLUMNS}, exists (select 1 from user_roles r where r.org_id = $1 and r.user_id = users.id) as administrator
           from users where org_id = $1 and login_key = any($2) order by id${lock ? ' for update' : ''}`,
    values: [orgId, loginKeys],
  });
  return new Map(rows.map(({ administrator, ...user }) => [user.loginKey, { user, administrator }]));
}

/** Who has each of these unique values: attribute and value key, joined by a line end, to a user's id. */
export async function valueOwners(
  db: Executor,
  orgId: string,
  schemaId: string,
  values: readonly ValueRow[],
): Promise<Map<string, string>> {
  const { rows } = await db.query<{ key: string; userId: string }>({
    text: `select v.attribute || E'\\n' || v.value_key as key, v.user_id as "userId"
           from unnest($3::text[], $4::text[]) as w(attribute, value_key)
           join attribute_values v on v.org_id = $1 and v.schema_id = $2 and v.attribute = w.attribute and v.value_key = w.value_key
           where v.is_unique`,
    values: [orgId, schemaId, values.map(({ attribute }) => attribute), values.map(({ valueKey }) => valueKey)],
  });
  return new Map(rows.map(({ key, userId }) => [key, userId]));
}

/** What is the same for all who are created together. */
export type Creation = Pick<User, 'typeId' | 'status' | 'provider' | 'created' | 'createdBy' | 'activated'> & {
  /** Where their values come from: the hub's own administrators say all that there is. */
  origin: Origin;
};

/** Returns the ids of those who went in; the others' logins were taken. */
export async function insertUsers(
  tx: Executor,
  orgId: string,
  { typeId, status, provider, created, createdBy, activated, origin }: Creation,
  users: readonly Pick<User, 'id' | 'loginKey' | 'emailKey' | 'profile'>[],
): Promise<Set<string>> {
  if (users.length === 0) return new Set();
  // Rows of one file mostly have values of the same attributes: their origins are sent once.
  const origins = new Map<string, { at: number; of: Record<string, Origin> }>();
  const rows = users.map(({ id, loginKey, emailKey, profile }) => {
    const names = Object.keys(profile);
    const key = names.join(' ');
    const known = origins.get(key) ?? {
      at: origins.size,
      of: Object.fromEntries(names.map((name) => [name, origin])),
    };
    origins.set(key, known);
    return { id, login: loginKey, email: emailKey, profile, origins: known.at };
  });
  const { rows: written } = await tx.query<{ id: string }>({
    name: 'users_insert_many',
    text: `with u as materialized (
             select * from jsonb_to_recordset($2::jsonb) as u(id text, login text, email text, profile jsonb, origins int) order by login
           ), created as (
             insert into users (org_id, id, type_id, status, login_key, email_key, email_verified, profile, provider_type, provider_name,
               created, created_by, activated, status_changed, last_updated)
             select $1, u.id, $3, $4, u.login, u.email, false, u.profile, $5, $6, $7, $8, $9, $9, $7 from u
             on conflict (org_id, login_key) do nothing returning id
           )
           insert into user_profile_sources (org_id, user_id, source_id, "values", origins, last_updated)
           select $1, u.id, 'hub', u.profile, $10::jsonb -> u.origins, $7 from u join created using (id) returning user_id as id`,
    values: [
      ...[orgId, storableJson(rows), typeId, status, provider.type, provider.name, created, createdBy, activated],
      JSON.stringify([...origins.values()].map(({ of }) => of)),
    ],
  });
  return new Set(written.map(({ id }) => id));
}

/** Writes what a profile change moves of locked users. */
export async function updateProfiles(tx: Executor, orgId: string, users: readonly User[]): Promise<void> {
  if (users.length === 0) return;
  await tx.query({
    name: 'users_update_profiles',
    text: `with r as materialized (
             select * from jsonb_to_recordset($2::jsonb) as r(id text, "emailKey" text, "emailVerified" boolean, profile jsonb, "lastUpdated" timestamptz)
           ), links as (${LINKS_ELSEWHERE})
           update users set email_key = r."emailKey", email_verified = r."emailVerified", profile = r.profile, last_updated = r."lastUpdated",
             version = users.version + 1
           from r where users.org_id = $1 and users.id = r.id`,
    values: [orgId, storableJson(users)],
  });
}

/** All that the hub's own administrators say of people, in place of what they said before. */
export async function writeHubSources(
  tx: Executor,
  orgId: string,
  sources: readonly { userId: string; values: Record<string, Json>; origins: Record<string, Origin> }[],
  at: Date,
): Promise<void> {
  if (sources.length === 0) return;
  await tx.query({
    name: 'user_profile_sources_hub_many',
    text: `insert into user_profile_sources (org_id, user_id, source_id, "values", origins, last_updated)
           select $1, s."userId", 'hub', s."values", s.origins, $3
           from jsonb_to_recordset($2::jsonb) as s("userId" text, "values" jsonb, origins jsonb)
           on conflict (org_id, user_id, source_id) do update
             set "values" = excluded."values", origins = excluded.origins, last_updated = excluded.last_updated`,
    values: [orgId, storableJson(sources), at],
  });
}

/** Adds value rows; returns those that somebody else has already. */
export async function addValues(
  tx: Executor,
  orgId: string,
  schemaId: string,
  rows: readonly OwnedValueRow[],
): Promise<OwnedValueRow[]> {
  if (rows.length === 0) return [];
  const { rows: written } = await tx.query<{ attribute: string; valueKey: string; userId: string }>({
    name: 'attribute_values_add_many',
    text: `insert into attribute_values (org_id, schema_id, attribute, value_key, user_id, is_unique)
           select $1, $2, r.attribute, r."valueKey", r."userId", r."isUnique"
           from jsonb_to_recordset($3::jsonb) as r(attribute text, "valueKey" text, "userId" text, "isUnique" boolean)
           order by r.attribute, r."valueKey" on conflict do nothing
           returning attribute, value_key as "valueKey", user_id as "userId"`,
    values: [orgId, schemaId, storableJson(rows)],
  });
  const kept = new Set(written.map(rowKey));
  return rows.filter((row) => row.isUnique && !kept.has(rowKey(row)));
}

const rowKey = ({ attribute, valueKey, userId }: { attribute: string; valueKey: string; userId: string }) =>
  `${userId}\n${attribute}\n${valueKey}`;

export async function removeValues(tx: Executor, orgId: string, rows: readonly OwnedValueRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query({
    text: `delete from attribute_values v
           using jsonb_to_recordset($2::jsonb) as r(attribute text, "valueKey" text, "userId" text)
           where v.org_id = $1 and v.user_id = r."userId" and v.attribute = r.attribute and v.value_key = r."valueKey"`,
    values: [orgId, storableJson(rows)],
  });
}

/** People who were inserted by this very transaction, with everything that was written of them. */
export async function takeBack(tx: Executor, orgId: string, userIds: readonly string[]): Promise<void> {
  if (userIds.length === 0) return;
  for (const [table, column] of [
    ['attribute_values', 'user_id'],
    ['user_profile_sources', 'user_id'],
    ['users', 'id'],
  ])
    await tx.query({
      text: `delete from ${table} where org_id = $1 and ${column} = any($2)`,
      values: [orgId, userIds],
    });
}
