/** The SQL of `applications`. */
import type { Executor, SealedColumn } from '../database/index.ts';
import type { ApplicationConfig, ApplicationStatus } from './schema.ts';

export interface StoredApplication {
  id: string;
  clientId: string;
  name: string;
  label: string;
  status: ApplicationStatus;
  config: ApplicationConfig;
  secretSealed: string | null;
  secretSha256: Buffer | null;
  created: Date;
  lastUpdated: Date;
  version: number;
}

const COLUMNS = `id, client_id as "clientId", name, label, status, config, client_secret_sealed as "secretSealed",
  client_secret_sha256 as "secretSha256", created, last_updated as "lastUpdated", version`;
const SELECT = `select ${COLUMNS} from applications where org_id = $1`;

export async function allOf(db: Executor, orgId: string): Promise<StoredApplication[]> {
  const { rows } = await db.query<StoredApplication>({
    name: 'applications_of_org',
    text: `${SELECT} order by id`,
    values: [orgId],
  });
  return rows;
}

/** `lock` keeps the row until the transaction ends. */
export async function find(db: Executor, orgId: string, id: string, lock = false): Promise<StoredApplication | null> {
  const { rows } = await db.query<StoredApplication>({
    text: `${SELECT} and id = $2${lock ? ' for update' : ''}`,
    values: [orgId, id],
  });
  return rows[0] ?? null;
}

/** Keeps an application from being deleted until the transaction ends; false when there is none. */
export async function hold(tx: Executor, orgId: string, id: string): Promise<boolean> {
  const { rowCount } = await tx.query({
    text: 'select 1 from applications where org_id = $1 and id = $2 for key share',
    values: [orgId, id],
  });
  return rowCount === 1;
}

export interface Search {
  /** Beginning of the label or name, without case. */
  q: string | null;
  status: string | null;
  name: string | null;
  /** Only these; null for all. */
  ids: string[] | null;
  after: string | null;
}

export async function search(
  db: Executor,
  orgId: string,
  { q, status, name, ids, after }: Search,
  rows: number,
): Promise<StoredApplication[]> {
  const result = await db.query<StoredApplication>({
    text: `${SELECT} and ($2::text is null or starts_with(lower(label), lower($2)) or starts_with(lower(name), lower($2)))
      and ($3::text is null or status = $3) and ($4::text is null or name = $4)
      and ($5::text[] is null or id = any($5)) and ($6::text is null or id > $6)
      order by id limit $7`,
    values: [orgId, q, status, name, ids, after, rows],
  });
  return result.rows;
}

/** False when the client id is taken. */
export async function insert(
  tx: Executor,
  orgId: string,
  signOnMode: string,
  row: StoredApplication,
): Promise<boolean> {
  const { rowCount } = await tx.query({
    text: `insert into applications (org_id, id, client_id, name, label, sign_on_mode, status, config, client_secret_sealed, client_secret_sha256,
      created, last_updated, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
      on conflict (org_id, client_id) do nothing`,
    values: [
      orgId,
      row.id,
      row.clientId,
      row.name,
      row.label,
      signOnMode,
      row.status,
      JSON.stringify(row.config),
      row.secretSealed,
      row.secretSha256,
      row.created,
      row.lastUpdated,
      row.version,
    ],
  });
  return rowCount > 0;
}

/** Writes a row that was read with `lock`. */
export async function update(tx: Executor, orgId: string, row: StoredApplication): Promise<void> {
  await tx.query({
    text: `update applications set label = $3, status = $4, config = $5, client_secret_sealed = $6, client_secret_sha256 = $7,
      last_updated = $8, version = $9 where org_id = $1 and id = $2`,
    values: [
      orgId,
      row.id,
      row.label,
      row.status,
      JSON.stringify(row.config),
      row.secretSealed,
      row.secretSha256,
      row.lastUpdated,
      row.version,
    ],
  });
}

/** The application with its assignments. */
export async function remove(tx: Executor, orgId: string, id: string): Promise<void> {
  for (const table of ['app_users', 'app_groups']) {
    await tx.query({ text: `delete from ${table} where org_id = $1 and app_id = $2`, values: [orgId, id] });
  }
  await tx.query({ text: 'delete from applications where org_id = $1 and id = $2', values: [orgId, id] });
}

export async function labelsOf(db: Executor, orgId: string, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const { rows } = await db.query<{ id: string; label: string }>({
    text: 'select id, label from applications where org_id = $1 and id = any($2)',
    values: [orgId, ids],
  });
  return new Map(rows.map((row) => [row.id, row.label]));
}

export const SEALED_SECRETS: SealedColumn = { table: 'applications', id: 'id', column: 'client_secret_sealed' };
