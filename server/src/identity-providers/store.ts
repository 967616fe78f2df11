/** The SQL of `identity_providers`. */
import type { Executor, SealedColumn } from '../database/index.ts';
import type { IdentityProviderConfig, STATUSES } from './schema.ts';

export interface StoredIdentityProvider {
  orgId: string;
  id: string;
  type: 'OIDC' | 'SAML2';
  name: string;
  displayName: string | null;
  status: (typeof STATUSES)[number];
  config: IdentityProviderConfig;
  /** Sealed values by name (shared/secret-box.ts). */
  secrets: { client_secret?: string };
  created: Date;
  lastUpdated: Date;
  version: number;
}

interface Row {
  org_id: string;
  id: string;
  type: 'OIDC' | 'SAML2';
  name: string;
  display_name: string | null;
  status: (typeof STATUSES)[number];
  config: IdentityProviderConfig;
  secrets: { client_secret?: string };
  created: Date;
  last_updated: Date;
  version: number;
}

const COLUMNS = 'org_id, id, type, name, display_name, status, config, secrets, created, last_updated, version';
const SELECT = `select ${COLUMNS} from identity_providers where org_id = $1`;

const toStored = (row: Row): StoredIdentityProvider => ({
  orgId: row.org_id,
  id: row.id,
  type: row.type,
  name: row.name,
  displayName: row.display_name,
  status: row.status,
  config: row.config,
  secrets: row.secrets,
  created: row.created,
  lastUpdated: row.last_updated,
  version: row.version,
});

/** Under which a name is unique: case and canonical composition do not matter. */
export const nameKey = (name: string) => name.normalize('NFC').toLowerCase();

async function select(db: Executor, text: string, values: unknown[]): Promise<StoredIdentityProvider[]> {
  const { rows } = await db.query<Row>({ text, values });
  return rows.map(toStored);
}

export async function allOf(db: Executor, orgId: string): Promise<StoredIdentityProvider[]> {
  return select(db, `${SELECT} order by id`, [orgId]);
}

/** The orgs that have a SAML provider. */
export async function orgsWithSaml(db: Executor): Promise<string[]> {
  const text = "select distinct org_id from identity_providers where type = 'SAML2' order by org_id";
  return (await db.query<{ org_id: string }>({ text, values: [] })).rows.map((row) => row.org_id);
}

/** `lock` keeps the row until the transaction ends. */
export async function find(
  db: Executor,
  orgId: string,
  id: string,
  lock = false,
): Promise<StoredIdentityProvider | null> {
  return (await select(db, `${SELECT} and id = $2${lock ? ' for update' : ''}`, [orgId, id]))[0] ?? null;
}

/** Keeps a provider from being deleted until the transaction ends; false when there is none. */
export async function hold(tx: Executor, orgId: string, id: string): Promise<boolean> {
  const { rowCount } = await tx.query({
    text: 'select 1 from identity_providers where org_id = $1 and id = $2 for key share',
    values: [orgId, id],
  });
  return rowCount === 1;
}

export async function findSome(db: Executor, orgId: string, ids: readonly string[]): Promise<StoredIdentityProvider[]> {
  return select(db, `${SELECT} and id = any($2) order by id`, [orgId, ids]);
}

export async function isNameTaken(
  db: Executor,
  orgId: string,
  name: string,
  exceptId: string | null,
): Promise<boolean> {
  const { rows } = await db.query({
    text: 'select 1 from identity_providers where org_id = $1 and name_key = $2 and id is distinct from $3',
    values: [orgId, nameKey(name), exceptId],
  });
  return rows.length > 0;
}

export interface Search {
  /** Beginning of the name; the exact name comes first. */
  q: string | null;
  type: string | null;
  /** The id of the last row seen; `START` right after the exact match. */
  after: string | null;
}

/** Comes before every id: the cursor of the row that matched exactly. */
export const START = '0';

export async function search(
  db: Executor,
  orgId: string,
  { q, type, after }: Search,
  rows: number,
): Promise<StoredIdentityProvider[]> {
  const key = q === null ? null : nameKey(q);
  return select(
    db,
    `${SELECT} and ($2::text is null or type = $2)
      and ($3::text is null or starts_with(name_key, $3))
      and ($4::text is null or (id > $4 and name_key is distinct from $3))
      order by (name_key is not distinct from $3) desc, id limit $5`,
    [orgId, type, key, after, rows],
  );
}

export async function insert(db: Executor, provider: StoredIdentityProvider): Promise<void> {
  await db.query({
    text: `insert into identity_providers (org_id, id, type, name, name_key, display_name, status, config, secrets, created, last_updated, version)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    values: [
      provider.orgId,
      provider.id,
      provider.type,
      provider.name,
      nameKey(provider.name),
      provider.displayName,
      provider.status,
      JSON.stringify(provider.config),
      JSON.stringify(provider.secrets),
      provider.created,
      provider.lastUpdated,
      provider.version,
    ],
  });
}

/** Writes a provider that was read with `lock`; its version must be one above the stored one. */
export async function update(db: Executor, provider: StoredIdentityProvider): Promise<void> {
  await db.query({
    text: `update identity_providers set name = $3, name_key = $4, display_name = $5, status = $6, config = $7, secrets = $8,
      last_updated = $9, version = $10 where org_id = $1 and id = $2`,
    values: [
      provider.orgId,
      provider.id,
      provider.name,
      nameKey(provider.name),
      provider.displayName,
      provider.status,
      JSON.stringify(provider.config),
      JSON.stringify(provider.secrets),
      provider.lastUpdated,
      provider.version,
    ],
  });
}

export async function remove(db: Executor, orgId: string, id: string): Promise<void> {
  await db.query({ text: 'delete from identity_providers where org_id = $1 and id = $2', values: [orgId, id] });
}

export const SEALED_SECRETS: SealedColumn = {
  table: 'identity_providers',
  id: 'id',
  column: 'secrets',
  member: 'client_secret',
};
