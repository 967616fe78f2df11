/** The SQL of `users`, `attribute_values`, `user_roles` and `tombstones`; `user_profile_sources` has its own (sources/store.ts). */
import type { Executor } from '../../database/index.ts';
import type { Role } from '../../http/index.ts';
import type { Json } from '../../shared/json.ts';
import type { ValueRow } from '../profile-schemas/index.ts';
import type { User } from './schema.ts';

/** `provider_type` and the like become the shape of `User`; the profile is without values of attributes that the schema has lost. */
export const COLUMNS = `id, org_id as "orgId", type_id as "typeId", status, login_key as "loginKey", email_key as "emailKey",
  email_verified as "emailVerified", gatehouse_profile(org_id, type_id, profile) as profile, json_build_object('type', provider_type, 'name', provider_name) as provider,
  password_hash is not null as "hasPassword", recovery_question as "recoveryQuestion", created, created_by as "createdBy", activated, status_changed as "statusChanged",
  last_login as "lastLogin", last_updated as "lastUpdated", password_changed as "passwordChanged", version`;

async function one(db: Executor, statement: { name?: string; text: string; values: unknown[] }): Promise<User | null> {
  const { rows } = await db.query<User>(statement);
  return rows[0] ?? null;
}

export function findUser(db: Executor, orgId: string, id: string): Promise<User | null> {
  return one(db, {
    name: 'users_by_id',
    text: `select ${COLUMNS} from users where org_id = $1 and id = $2`,
    values: [orgId, id],
  });
}

export function lockUser(tx: Executor, orgId: string, id: string): Promise<User | null> {
  return one(tx, {
    text: `select ${COLUMNS} from users where org_id = $1 and id = $2 for update`,
    values: [orgId, id],
  });
}

export function findUserByLogin(db: Executor, orgId: string, loginKey: string): Promise<User | null> {
  return one(db, {
    name: 'users_by_login',
    text: `select ${COLUMNS} from users where org_id = $1 and login_key = $2`,
    values: [orgId, loginKey],
  });
}

/** The one user with that primary address who is not deprovisioned; null when there are several. */
export async function findUserByEmail(db: Executor, orgId: string, emailKey: string): Promise<User | null> {
  const { rows } = await db.query<User>({
    text: `select ${COLUMNS} from users where org_id = $1 and email_key = $2 and status <> 'DEPROVISIONED' limit 2`,
    values: [orgId, emailKey],
  });
  return rows.length === 1 ? rows[0]! : null;
}

/** The one user whose login begins with `shortLogin@`; null when there are several. */
export async function findUserByShortLogin(db: Executor, orgId: string, shortLogin: string): Promise<User | null> {
  const { rows } = await db.query<User>({
    text: `select ${COLUMNS} from users where org_id = $1 and login_key >= $2 || '@' and login_key < $2 || 'A' limit 2`,
    values: [orgId, shortLogin],
  });
  return rows.length === 1 ? rows[0]! : null;
}

/** The same password under newer parameters; only if it is still the one. */
export async function replaceHash(
  db: Executor,
  user: { orgId: string; id: string },
  { from, to }: { from: string; to: string },
): Promise<void> {
  await db.query({
    text: 'update users set password_hash = $4 where org_id = $1 and id = $2 and password_hash = $3',
    values: [user.orgId, user.id, from, to],
  });
}

export async function findUsers(db: Executor, orgId: string, ids: readonly string[]): Promise<User[]> {
  const { rows } = await db.query<User>({
    text: `select ${COLUMNS} from users where org_id = $1 and id = any($2) order by id`,
    values: [orgId, ids],
  });
  return rows;
}

/** The same, held until the transaction ends. */
export async function holdUsers(tx: Executor, orgId: string, ids: readonly string[]): Promise<User[]> {
  const { rows } = await tx.query<User>({
    text: `select ${COLUMNS} from users where org_id = $1 and id = any($2) order by id for update`,
    values: [orgId, ids],
  });
  return rows;
}

/** How many are not deprovisioned. */
export async function countUsers(db: Executor, orgId: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>({
    text: `select count(*) as count from users where org_id = $1 and status <> 'DEPROVISIONED'`,
    values: [orgId],
  });
  return Number(rows[0]!.count);
}

/** `where` and `orderBy` are made by search/selection.ts; `values[0]` is the org's id. */
export async function selectUsers(
  db: Executor,
  query: { where: string; orderBy: string; sortKey: string; limit: number; values: unknown[] },
) {
  const { rows } = await db.query<User & { sortKey: string | null }>({
    text: `select ${COLUMNS}, ${query.sortKey} as "sortKey" from users where org_id = $1 and ${query.where} order by ${query.orderBy} limit ${query.limit}`,
    values: query.values,
  });
  return rows;
}

/** False when somebody has that login already. */
export async function insertUser(tx: Executor, user: User, passwordHash: string | null): Promise<boolean> {
  const { rowCount } = await tx.query({
    text: `insert into users (org_id, id, type_id, status, login_key, email_key, email_verified, profile, provider_type, provider_name,
             password_hash, password_changed, created, created_by, activated, status_changed, last_updated)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) on conflict (org_id, login_key) do nothing`,
    values: [
      user.orgId,
      user.id,
      user.typeId,
      user.status,
      user.loginKey,
      user.emailKey,
      user.emailVerified,
      JSON.stringify(user.profile),
      user.provider.type,
      user.provider.name,
      passwordHash,
      user.passwordChanged,
      user.created,
      user.createdBy,
      user.activated,
      user.statusChanged,
      user.lastUpdated,
    ],
  });
  return rowCount === 1;
}

/**
 * Writes what may change of a locked user and counts its version up. Links that went to another address are worth nothing afterwards.
 * False when another user has the new login: the transaction can only be rolled back then.
 */
export async function updateUser(tx: Executor, user: User): Promise<boolean> {
  try {
    await tx.query({
      text: `with links as (
               delete from user_tokens t using users u
               where u.org_id = $1 and u.id = $2 and u.email_key is distinct from $5 and t.org_id = $1 and t.user_id = u.id)
             update users set status = $3, login_key = $4, email_key = $5, email_verified = $6, profile = $7, activated = $8,
               status_changed = $9, last_updated = $10, type_id = $11, version = version + 1 where org_id = $1 and id = $2`,
      values: [
        user.orgId,
        user.id,
        user.status,
        user.loginKey,
        user.emailKey,
        user.emailVerified,
        JSON.stringify(user.profile),
        user.activated,
        user.statusChanged,
        user.lastUpdated,
        user.typeId,
      ],
    });
    return true;
  } catch (error) {
    if ((error as { constraint?: string }).constraint === 'users_login') return false;
    throw error;
  }
}

/** Removes links that went to another address than the new one; of a statement that calls its rows `r`. */
export const LINKS_ELSEWHERE = `delete from user_tokens t using users u, r
  where u.org_id = $1 and u.id = r.id and u.email_key is distinct from r."emailKey" and t.org_id = $1 and t.user_id = u.id`;

/** Writes the profiles of locked users with their keys. False when another user has one of the new logins, as with `updateUser`. */
export async function updateProfiles(tx: Executor, orgId: string, users: readonly User[]): Promise<boolean> {
  const rows = users.map(({ id, loginKey, emailKey, emailVerified, profile, lastUpdated }) => ({
    ...{ id, loginKey, emailKey, emailVerified, profile, lastUpdated },
  }));
  try {
    await tx.query({
      text: `with r as materialized (
               select * from jsonb_to_recordset($2::jsonb)
                 as r(id text, "loginKey" text, "emailKey" text, "emailVerified" boolean, profile jsonb, "lastUpdated" timestamptz)
             ), links as (${LINKS_ELSEWHERE})
             update users u set login_key = r."loginKey", email_key = r."emailKey", email_verified = r."emailVerified", profile = r.profile,
               last_updated = r."lastUpdated", version = version + 1
             from r where u.org_id = $1 and u.id = r.id`,
      values: [orgId, JSON.stringify(rows)],
    });
    return true;
  } catch (error) {
    if ((error as { constraint?: string }).constraint === 'users_login') return false;
    throw error;
  }
}

/** `passwordHash` null removes the password. Links to set one are worth nothing afterwards. */
export async function setPasswordHash(
  tx: Executor,
  user: { orgId: string; id: string },
  passwordHash: string | null,
  changed: Date,
): Promise<void> {
  await tx.query({
    text: `with links as (delete from user_tokens where org_id = $1 and user_id = $2)
           update users set password_hash = $3, password_changed = $4 where org_id = $1 and id = $2`,
    values: [user.orgId, user.id, passwordHash, changed],
  });
}

export async function deleteUser(tx: Executor, user: User, at: Date): Promise<void> {
  const values = [user.orgId, user.id];
  await tx.query({ text: 'delete from user_profile_sources where org_id = $1 and user_id = $2', values });
  await tx.query({ text: 'delete from attribute_values where org_id = $1 and user_id = $2', values });
  await tx.query({ text: 'delete from user_roles where org_id = $1 and user_id = $2', values });
  await tx.query({ text: 'delete from user_tokens where org_id = $1 and user_id = $2', values });
  await tx.query({ text: 'delete from users where org_id = $1 and id = $2', values });
  await tx.query({
    text: `insert into tombstones (org_id, kind, key, deleted) values ($1, 'user', $2, $4), ($1, 'login', $3, $4)
           on conflict (org_id, kind, key) do update set deleted = excluded.deleted`,
    values: [user.orgId, user.id, user.loginKey, at],
  });
}

export type OwnedValueRow = ValueRow & { userId: string };

/** Adds value rows; returns those of unique attributes whose value another user has. */
export async function insertValueRows(
  tx: Executor,
  orgId: string,
  schemaId: string,
  rows: readonly OwnedValueRow[],
): Promise<OwnedValueRow[]> {
  if (rows.length === 0) return [];
  const written = await tx.query<{ attribute: string; userId: string }>({
    text: `insert into attribute_values (org_id, schema_id, attribute, value_key, user_id, is_unique)
           select $1, $2, r.attribute, r."valueKey", r."userId", r."isUnique"
           from jsonb_to_recordset($3::jsonb) as r(attribute text, "valueKey" text, "userId" text, "isUnique" boolean)
           on conflict do nothing returning attribute, user_id as "userId"`,
    values: [orgId, schemaId, JSON.stringify(rows)],
  });
  const kept = new Set(written.rows.map((row) => `${row.attribute} ${row.userId}`));
  return rows.filter((row) => row.isUnique && !kept.has(`${row.attribute} ${row.userId}`));
}

export async function deleteValueRows(
  tx: Executor,
  orgId: string,
  of: { userId: string } | { schemaId: string },
): Promise<void> {
  const [column, value] = 'userId' in of ? ['user_id', of.userId] : ['schema_id', of.schemaId];
  await tx.query({ text: `delete from attribute_values where org_id = $1 and ${column} = $2`, values: [orgId, value] });
}

export async function countOfType(db: Executor, orgId: string, typeId: string): Promise<number> {
  const { rows } = await db.query<{ users: string }>({
    text: 'select count(*) as users from users where org_id = $1 and type_id = $2',
    values: [orgId, typeId],
  });
  return Number(rows[0]?.users ?? 0);
}

/** A batch of profiles in the order of ids, for rebuilding value rows. */
export async function profilesAfter(tx: Executor, orgId: string, typeId: string, after: string, limit: number) {
  const { rows } = await tx.query<{ orgId: string; id: string; profile: Record<string, Json> }>({
    text: `select org_id as "orgId", id, profile from users where org_id = $1 and type_id = $2 and id > $3 order by id limit ${limit} for update`,
    values: [orgId, typeId, after],
  });
  return rows;
}

/** Links to set a password are worth nothing afterwards: who made them could make them for somebody without the role. */
export async function grantRole(tx: Executor, orgId: string, userId: string, role: string, at: Date): Promise<void> {
  await tx.query({
    text: `with granted as (
             insert into user_roles (org_id, user_id, role, created) values ($1, $2, $3, $4)
             on conflict (org_id, user_id, role) do nothing returning user_id)
           delete from user_tokens t using granted g where t.org_id = $1 and t.user_id = g.user_id`,
    values: [orgId, userId, role, at],
  });
}

/** The ids of who has a role. */
export async function holdersOf(db: Executor, orgId: string, role: string): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>({
    text: 'select user_id as id from user_roles where org_id = $1 and role = $2',
    values: [orgId, role],
  });
  return rows.map(({ id }) => id);
}

export async function rolesOf(db: Executor, orgId: string, userId: string): Promise<{ role: Role; created: Date }[]> {
  const { rows } = await db.query<{ role: Role; created: Date }>({
    text: 'select role, created from user_roles where org_id = $1 and user_id = $2 order by role',
    values: [orgId, userId],
  });
  return rows;
}

/** Those of the ids who have a role. */
export async function administratorsAmong(
  db: Executor,
  orgId: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ userId: string }>({
    text: 'select distinct user_id as "userId" from user_roles where org_id = $1 and user_id = any($2)',
    values: [orgId, ids],
  });
  return new Set(rows.map(({ userId }) => userId));
}

export async function takeRole(tx: Executor, orgId: string, userId: string, role: string): Promise<void> {
  await tx.query({
    text: 'delete from user_roles where org_id = $1 and user_id = $2 and role = $3',
    values: [orgId, userId, role],
  });
}

/**
 * Locks a role's holders, so that two administrators cannot remove each other at once; returns those who can still sign in. Statuses are
 * read by a second statement: its snapshot is younger than the wait for the lock.
 */
export async function lockActiveHolders(
  tx: Executor,
  orgId: string,
  role: string,
): Promise<{ all: string[]; active: string[] }> {
  const { rows } = await tx.query<{ userId: string }>({
    text: 'select user_id as "userId" from user_roles where org_id = $1 and role = $2 order by user_id for update',
    values: [orgId, role],
  });
  const all = rows.map((row) => row.userId);
  const holders = await findUsers(tx, orgId, all);
  return { all, active: holders.filter((user) => user.status === 'ACTIVE').map((user) => user.id) };
}

export async function defaultTypeId(tx: Executor, orgId: string): Promise<string | null> {
  const { rows } = await tx.query<{ id: string }>({
    text: 'select id from user_types where org_id = $1 and is_default',
    values: [orgId],
  });
  return rows[0]?.id ?? null;
}

/** Everybody who is not deprovisioned, by id, after an id. */
export async function usersAfter(db: Executor, orgId: string, after: string, limit: number): Promise<User[]> {
  const { rows } = await db.query<User>({
    text: `select ${COLUMNS} from users where org_id = $1 and status <> 'DEPROVISIONED' and id > $2 order by id limit $3`,
    values: [orgId, after, limit],
  });
  return rows;
}
