/** The SQL of `profile_mappings`. */
import type { Executor } from '../database/index.ts';
import type { ProfileKind, StoredProperties } from './schema.ts';

export interface StoredMapping {
  id: string;
  sourceId: string;
  sourceKind: ProfileKind;
  sourceName: string;
  targetId: string;
  targetKind: ProfileKind;
  targetName: string;
  properties: StoredProperties;
  created: Date;
  lastUpdated: Date;
  version: number;
}

const COLUMNS = `id, source_id as "sourceId", source_kind as "sourceKind", source_name as "sourceName", target_id as "targetId",
  target_kind as "targetKind", target_name as "targetName", properties, created, last_updated as "lastUpdated", version`;
const SELECT = `select ${COLUMNS} from profile_mappings where org_id = $1`;

export async function allOf(db: Executor, orgId: string): Promise<StoredMapping[]> {
  const { rows } = await db.query<StoredMapping>({
    name: 'profile_mappings_of_org',
    text: `${SELECT} order by id`,
    values: [orgId],
  });
  return rows;
}

export async function find(db: Executor, orgId: string, id: string, lock = false): Promise<StoredMapping | null> {
  const { rows } = await db.query<StoredMapping>({
    text: `${SELECT} and id = $2${lock ? ' for update' : ''}`,
    values: [orgId, id],
  });
  return rows[0] ?? null;
}

export async function search(
  db: Executor,
  orgId: string,
  { sourceId, targetId, after }: { sourceId: string | null; targetId: string | null; after: string | null },
  rows: number,
): Promise<StoredMapping[]> {
  const result = await db.query<StoredMapping>({
    text: `${SELECT} and ($2::text is null or source_id = $2) and ($3::text is null or target_id = $3) and ($4::text is null or id > $4) order by id limit $5`,
    values: [orgId, sourceId, targetId, after, rows],
  });
  return result.rows;
}

export async function insert(
  tx: Executor,
  orgId: string,
  mapping: Omit<StoredMapping, 'lastUpdated' | 'version'>,
): Promise<void> {
  await tx.query({
    text: `insert into profile_mappings (org_id, id, source_id, source_kind, source_name, target_id, target_kind, target_name, properties, created, last_updated)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)`,
    values: [
      orgId,
      mapping.id,
      mapping.sourceId,
      mapping.sourceKind,
      mapping.sourceName,
      mapping.targetId,
      mapping.targetKind,
      mapping.targetName,
      JSON.stringify(mapping.properties),
      mapping.created,
    ],
  });
}

/** Writes a row that was read with `lock`. */
export async function updateProperties(
  tx: Executor,
  orgId: string,
  id: string,
  properties: StoredProperties,
  at: Date,
): Promise<void> {
  await tx.query({
    text: 'update profile_mappings set properties = $3, last_updated = $4, version = version + 1 where org_id = $1 and id = $2',
    values: [orgId, id, JSON.stringify(properties), at],
  });
}

/** Every mapping from or to a provider or application. */
export async function removeOf(tx: Executor, orgId: string, ownerId: string): Promise<void> {
  await tx.query({
    text: 'delete from profile_mappings where org_id = $1 and (source_id = $2 or target_id = $2)',
    values: [orgId, ownerId],
  });
}
