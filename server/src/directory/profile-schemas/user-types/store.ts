/** The SQL of `user_types`. */
import type { Executor } from '../../../database/index.ts';
import type { UserType } from './schema.ts';

const SELECT = `select t.id, t.name, t.display_name as "displayName", t.description, t.is_default as "isDefault", s.id as "schemaId",
    t.created, t.created_by as "createdBy", t.last_updated as "lastUpdated", t.last_updated_by as "lastUpdatedBy", t.version
  from user_types t left join profile_schemas s on s.org_id = t.org_id and s.owner_kind = 'user_type' and s.owner_id = t.id
  where t.org_id = $1`;

/** The default type first, then in the order of their creation. */
export async function listUserTypes(db: Executor, orgId: string): Promise<UserType[]> {
  const { rows } = await db.query<UserType>({
    name: 'user_types_of_org',
    text: `${SELECT} order by t.is_default desc, t.id`,
    values: [orgId],
  });
  return rows;
}

/** `id`: a type's id, or 'default'. */
export async function findUserType(
  db: Executor,
  orgId: string,
  id: string,
  { lock = false }: { lock?: boolean } = {},
): Promise<UserType | null> {
  const { rows } = await db.query<UserType>({
    text: `${SELECT} and (t.id = $2 or ($2 = 'default' and t.is_default))${lock ? ' for update of t' : ''}`,
    values: [orgId, id],
  });
  return rows[0] ?? null;
}

/** Keeps a type from being deleted until the transaction ends; false when there is none. */
export async function holdUserType(tx: Executor, orgId: string, id: string): Promise<boolean> {
  const { rows } = await tx.query({
    text: 'select 1 from user_types where org_id = $1 and id = $2 for key share',
    values: [orgId, id],
  });
  return rows.length === 1;
}

/** False when another type has that name. */
export async function insertUserType(
  tx: Executor,
  orgId: string,
  type: Omit<UserType, 'schemaId' | 'version'>,
): Promise<boolean> {
  const { rowCount } = await tx.query({
    text: `insert into user_types (org_id, id, name, display_name, description, is_default, created, created_by, last_updated, last_updated_by)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (org_id, lower(name)) do nothing`,
    values: [
      orgId,
      type.id,
      type.name,
      type.displayName,
      type.description,
      type.isDefault,
      type.created,
      type.createdBy,
      type.lastUpdated,
      type.lastUpdatedBy,
    ],
  });
  return rowCount === 1;
}

export async function updateUserType(tx: Executor, orgId: string, type: UserType): Promise<void> {
  await tx.query({
    text: `update user_types set display_name = $3, description = $4, last_updated = $5, last_updated_by = $6, version = version + 1
           where org_id = $1 and id = $2`,
    values: [orgId, type.id, type.displayName, type.description, type.lastUpdated, type.lastUpdatedBy],
  });
}

export async function deleteUserType(tx: Executor, orgId: string, id: string): Promise<void> {
  await tx.query({ text: 'delete from user_types where org_id = $1 and id = $2', values: [orgId, id] });
}
