/** The SQL of `imports`. */
import type { Executor } from '../database/index.ts';
import { storableJson } from '../shared/json.ts';
import type { Import, Totals } from './schema.ts';

const COLUMNS = `id, org_id as "orgId", status, file_name as "fileName", options, columns, bytes, rows, totals, job_id as "jobId", created,
  created_by as "createdBy", checked, started, ended, rows_removed as "rowsRemoved", last_updated as "lastUpdated", version`;

export async function insertImport(tx: Executor, stored: Import): Promise<void> {
  await tx.query({
    text: `insert into imports (org_id, id, status, options, created, created_by, last_updated) values ($1, $2, $3, $4, $5, $6, $5)`,
    values: [
      stored.orgId,
      stored.id,
      stored.status,
      JSON.stringify(stored.options),
      stored.created,
      storableJson(stored.createdBy),
    ],
  });
}

/** @param lock holds the row for the change that follows */
export async function findImport(db: Executor, orgId: string, id: string, lock = false): Promise<Import | null> {
  const { rows } = await db.query<Import>({
    text: `select ${COLUMNS} from imports where org_id = $1 and id = $2${lock ? ' for update' : ''}`,
    values: [orgId, id],
  });
  return rows[0] ?? null;
}

/** Newest first. */
export async function listImports(db: Executor, orgId: string, after: string | null, limit: number): Promise<Import[]> {
  const { rows } = await db.query<Import>({
    text: `select ${COLUMNS} from imports where org_id = $1 and ($2::text is null or id < $2) order by id desc limit $3`,
    values: [orgId, after, limit],
  });
  return rows;
}

/** Writes what changes of a locked import and counts its version up. */
export async function saveImport(tx: Executor, stored: Import): Promise<void> {
  await tx.query({
    text: `update imports set status = $3, file_name = $4, options = $5, columns = $6, bytes = $7, rows = $8, totals = $9, job_id = $10,
             checked = $11, started = $12, ended = $13, rows_removed = $14, last_updated = $15, version = version + 1
           where org_id = $1 and id = $2`,
    values: [
      stored.orgId,
      stored.id,
      stored.status,
      stored.fileName,
      JSON.stringify(stored.options),
      storableJson(stored.columns),
      stored.bytes,
      stored.rows,
      JSON.stringify(stored.totals),
      stored.jobId,
      stored.checked,
      stored.started,
      stored.ended,
      stored.rowsRemoved,
      stored.lastUpdated,
    ],
  });
}

export async function saveTotals(tx: Executor, orgId: string, id: string, totals: Totals, at: Date): Promise<void> {
  await tx.query({
    text: 'update imports set totals = $3, last_updated = $4 where org_id = $1 and id = $2',
    values: [orgId, id, JSON.stringify(totals), at],
  });
}

/** From now on only this upload may write rows; null: none. */
export async function setUpload(tx: Executor, orgId: string, id: string, upload: string | null): Promise<void> {
  await tx.query({
    text: 'update imports set upload = $3 where org_id = $1 and id = $2',
    values: [orgId, id, upload],
  });
}

export async function isUploading(tx: Executor, orgId: string, id: string, upload: string): Promise<boolean> {
  const { rowCount } = await tx.query({
    text: 'select 1 from imports where org_id = $1 and id = $2 and upload = $3 for update',
    values: [orgId, id, upload],
  });
  return rowCount === 1;
}

export async function deleteImport(tx: Executor, orgId: string, id: string): Promise<void> {
  await tx.query({ text: 'delete from imports where org_id = $1 and id = $2', values: [orgId, id] });
}

/** Imports of every org that nothing has happened to since then have no rows from now on; running ones are left out. */
export async function giveUpOldRows(db: Executor, before: Date, at: Date): Promise<void> {
  await db.query({
    text: `update imports set rows_removed = $2, upload = null, version = version + 1
           where status not in ('CHECKING', 'RUNNING') and rows_removed is null and last_updated < $1`,
    values: [before, at],
  });
}

/** Imports, perhaps gone themselves, whose rows nobody may read any more. */
export async function abandonedRows(db: Executor): Promise<{ orgId: string; id: string }[]> {
  const { rows } = await db.query<{ orgId: string; id: string }>({
    text: `select distinct r.org_id as "orgId", r.import_id as id from import_rows r
           left join imports i on i.org_id = r.org_id and i.id = r.import_id where i.id is null or i.rows_removed is not null`,
    values: [],
  });
  return rows;
}
