/** The SQL of `profile_schemas`. */
import type { Executor } from '../../database/index.ts';
import type { Definition, OwnerKind } from './attribute.ts';
import type { BaseOverride } from './definitions/parse.ts';

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

const SCHEMA = `id, owner_kind as "ownerKind", owner_id as "ownerId", name, title, custom, base, created, last_updated as "lastUpdated", version`;

export async function listSchemas(db: Executor, orgId: string): Promise<SchemaRow[]> {
  const { rows } = await db.query<SchemaRow>({
    name: 'profile_schemas_of_org',
    text: `select ${SCHEMA} from profile_schemas where org_id = $1`,
    values: [orgId],
  });
  return rows;
}

/** The schemas of the user types of every org. */
export async function listUserSchemas(db: Executor): Promise<SchemaRow[]> {
  const { rows } = await db.query<SchemaRow>({
    text: `select ${SCHEMA} from profile_schemas where owner_kind = 'user_type' order by org_id, id`,
    values: [],
  });
  return rows;
}

/** Keeps a schema as it is until the transaction ends; its version, or null where it is gone. */
export async function holdSchema(tx: Executor, orgId: string, id: string): Promise<number | null> {
  const { rows } = await tx.query<{ version: number }>({
    name: 'profile_schemas_hold',
    text: 'select version from profile_schemas where org_id = $1 and id = $2 for share',
    values: [orgId, id],
  });
  return rows[0]?.version ?? null;
}

/** The same for the schemas of all user types. */
export async function holdUserSchemas(tx: Executor, orgId: string): Promise<SchemaRow[]> {
  const { rows } = await tx.query<SchemaRow>({
    text: `select ${SCHEMA} from profile_schemas where org_id = $1 and owner_kind = 'user_type' order by id for share`,
    values: [orgId],
  });
  return rows;
}

export async function findSchema(db: Executor, orgId: string, id: string): Promise<SchemaRow | null> {
  const { rows } = await db.query<SchemaRow>({
    text: `select ${SCHEMA} from profile_schemas where org_id = $1 and id = $2`,
    values: [orgId, id],
  });
  return rows[0] ?? null;
}

/** For a change. It comes before anything that is held of the people or groups whose schema it is, as `holdSchema` does. */
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

/** The row as it is stored, its attributes in the order in which they will be read. */
export async function updateSchema(tx: Executor, orgId: string, row: SchemaRow): Promise<SchemaRow> {
  const { rows } = await tx.query<SchemaRow>({
    text: `update profile_schemas set custom = $3, base = $4, last_updated = $5, version = version + 1
           where org_id = $1 and id = $2 returning ${SCHEMA}`,
    values: [orgId, row.id, JSON.stringify(row.custom), JSON.stringify(row.base), row.lastUpdated],
  });
  return rows[0] as SchemaRow;
}

/** A schema is called as what it belongs to. */
export async function renameSchemaOf(
  tx: Executor,
  orgId: string,
  ownerKind: OwnerKind,
  ownerId: string,
  title: string,
): Promise<void> {
  await tx.query({
    text: 'update profile_schemas set title = $4 where org_id = $1 and owner_kind = $2 and owner_id = $3',
    values: [orgId, ownerKind, ownerId, title],
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
