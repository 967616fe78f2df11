/** The SQL of `trusted_origins`. */
import type { Executor } from '../database/index.ts';

export interface TrustedOrigin {
  id: string;
  name: string;
  origin: string;
  scopes: string[];
  status: 'ACTIVE' | 'INACTIVE';
  created: Date;
  createdBy: string;
  lastUpdated: Date;
  lastUpdatedBy: string;
  version: number;
}

const COLUMNS = `id, name, origin, scopes, status, created, created_by as "createdBy", last_updated as "lastUpdated",
  last_updated_by as "lastUpdatedBy", version`;

export async function list(db: Executor, orgId: string, after: string, limit: number): Promise<TrustedOrigin[]> {
  const { rows } = await db.query<TrustedOrigin>({
    text: `select ${COLUMNS} from trusted_origins where org_id = $1 and id > $2 order by id limit $3`,
    values: [orgId, after, limit],
  });
  return rows;
}

/** @param lock holds the row for the change that follows */
export async function find(db: Executor, orgId: string, id: string, lock = false): Promise<TrustedOrigin | null> {
  const { rows } = await db.query<TrustedOrigin>({
    text: `select ${COLUMNS} from trusted_origins where org_id = $1 and id = $2${lock ? ' for update' : ''}`,
    values: [orgId, id],
  });
  return rows[0] ?? null;
}

export async function activeFor(db: Executor, orgId: string, scope: string): Promise<string[]> {
  const { rows } = await db.query<{ origin: string }>({
    text: `select origin from trusted_origins where org_id = $1 and status = 'ACTIVE' and $2 = any(scopes)`,
    values: [orgId, scope],
  });
  return rows.map(({ origin }) => origin);
}

/** New, or in the place of the one with this id. */
export async function save(tx: Executor, orgId: string, stored: TrustedOrigin): Promise<void> {
  await tx.query({
    text: `insert into trusted_origins (org_id, id, name, origin, scopes, status, created, created_by, last_updated, last_updated_by, version)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (org_id, id) do update set name = excluded.name,
             origin = excluded.origin, scopes = excluded.scopes, status = excluded.status, last_updated = excluded.last_updated,
             last_updated_by = excluded.last_updated_by, version = excluded.version`,
    values: [
      orgId,
      stored.id,
      stored.name,
      stored.origin,
      stored.scopes,
      stored.status,
      stored.created,
      stored.createdBy,
      stored.lastUpdated,
      stored.lastUpdatedBy,
      stored.version,
    ],
  });
}

export async function remove(tx: Executor, orgId: string, id: string): Promise<void> {
  await tx.query({ text: 'delete from trusted_origins where org_id = $1 and id = $2', values: [orgId, id] });
}
