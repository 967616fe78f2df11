/** The SQL of `profile_schemas` and `user_types`. */
import type { Executor } from '../../database/index.ts';
import type { Definition, OwnerKind } from './attribute.ts';
import type { BaseOverride } from './definitions.ts';

export interface SchemaRow {
  id: string;
  ownerKind: OwnerKind;
  ownerId: string;
  name: string;
  title: string;
  custom: Record<string, Definition>;
  base: Record<string, BaseOverride>;
  created: Date;
  lastUpdated: Date;
  version: number;
}

export interface UserType {
  id: string;
  name: string;
  displayName: string;
  description: string | null;
  isDefault: boolean;
  created: Date;
  lastUpdated: Date;
}

const SCHEMA = `id, owner_kind as "ownerKind", owner_id as "ownerId", name, title, custom, base, created, last_updated as "lastUpdated", version`;
const TYPE = `id, name, display_name as "displayName", description, is_default as "isDefault", created, last_updated as "lastUpdated"`;

export async function listSchemas(db: Executor, orgId: string): Promise<SchemaRow[]> {
  const { rows } = await db.query<SchemaRow>({
    name: 'profile_schemas_of_org',
    text: `select ${SCHEMA} from profile_schemas where org_id = $1`,
    values: [orgId],
  });
  return rows;
}

export async function lockSchema(tx: Executor, orgId: string, id: string): Promise<SchemaRow | null> {
  const { rows } = await tx.query<SchemaRow>({
    text: `select ${SCHEMA} from profile_schemas where org_id = $1 and id = $2 for update`,
    values: [orgId, id],
  });
  return rows[0] ?? null;
}

export async function insertSchema(
  tx: Executor,
  orgId: string,
  row: Omit<SchemaRow, 'custom' | 'lastUpdated' | 'version'>,
): Promise<void> {
  await tx.query({
    text: `insert into profile_schemas (org_id, id, owner_kind, owner_id, name, title, base, created, last_updated) values ($1, $2, $3, $4, $5, $6, $7, $8, $8)`,
    values: [orgId, row.id, row.ownerKind, row.ownerId, row.name, row.title, JSON.stringify(row.base), row.created],
  });
}

export async function updateSchema(tx: Executor, orgId: string, row: SchemaRow, at: Date): Promise<void> {
  await tx.query({
    text: `update profile_schemas set custom = $3, base = $4, last_updated = $5, version = version + 1 where org_id = $1 and id = $2`,
    values: [orgId, row.id, JSON.stringify(row.custom), JSON.stringify(row.base), at],
  });
}

export async function deleteSchemaOf(
  tx: Executor,
  orgId: string,
  ownerKind: OwnerKind,
  ownerId: string,
): Promise<void> {
  await tx.query({
    text: 'delete from profile_schemas where org_id = $1 and owner_kind = $2 and owner_id = $3',
    values: [orgId, ownerKind, ownerId],
  });
}

export async function listUserTypes(db: Executor, orgId: string): Promise<UserType[]> {
  const { rows } = await db.query<UserType>({
    name: 'user_types_of_org',
    text: `select ${TYPE} from user_types where org_id = $1 order by id`,
    values: [orgId],
  });
  return rows;
}

export async function insertDefaultUserType(
  tx: Executor,
  orgId: string,
  type: { id: string; at: Date; description: string },
): Promise<void> {
  await tx.query({
    text: `insert into user_types (org_id, id, name, display_name, description, is_default, created, last_updated)
           values ($1, $2, 'user', 'User', $3, true, $4, $4)`,
    values: [orgId, type.id, type.description, type.at],
  });
}
