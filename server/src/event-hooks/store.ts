/** The SQL of `event_hooks`. */
import type { Executor, SealedColumn } from '../database/index.ts';
import type { HookFilter, SentHeader } from './schema.ts';

export interface EventHook {
  id: string;
  name: string;
  description: string | null;
  status: 'ACTIVE' | 'INACTIVE';
  verificationStatus: 'VERIFIED' | 'UNVERIFIED';
  events: string[];
  filter: HookFilter | null;
  uri: string;
  headers: SentHeader[];
  /** The header that carries the secret; null: the calls carry none. */
  authKey: string | null;
  /** Sealed. */
  authValue: string | null;
  created: Date;
  createdBy: string;
  lastUpdated: Date;
  version: number;
}

/** For a new key-encryption key (rulings 4). */
export const SEALED_SECRETS: SealedColumn = { table: 'event_hooks', id: 'id', column: 'auth_value' };

const COLUMNS = `id, name, description, status, verification_status as "verificationStatus", events, filter, uri, headers,
  auth_key as "authKey", auth_value as "authValue", created, created_by as "createdBy", last_updated as "lastUpdated", version`;

export async function list(db: Executor, orgId: string): Promise<EventHook[]> {
  const { rows } = await db.query<EventHook>({
    text: `select ${COLUMNS} from event_hooks where org_id = $1 order by id`,
    values: [orgId],
  });
  return rows;
}

/** @param lock holds the row for the change that follows */
export async function find(db: Executor, orgId: string, id: string, lock = false): Promise<EventHook | null> {
  const { rows } = await db.query<EventHook>({
    text: `select ${COLUMNS} from event_hooks where org_id = $1 and id = $2${lock ? ' for update' : ''}`,
    values: [orgId, id],
  });
  return rows[0] ?? null;
}

/** How many there are, and how many of them are active and verified. Holds other counts back until the transaction ends. */
export async function countThem(tx: Executor, orgId: string): Promise<{ all: number; delivering: number }> {
  await tx.query({ text: `select pg_advisory_xact_lock(hashtext('gatehouse event hooks ' || $1))`, values: [orgId] });
  const { rows } = await tx.query<{ all: number; delivering: number }>({
    text: `select count(*)::int as all,
        count(*) filter (where status = 'ACTIVE' and verification_status = 'VERIFIED')::int as delivering
      from event_hooks where org_id = $1`,
    values: [orgId],
  });
  return rows[0]!;
}

/** New, or in the place of the one with this id. */
export async function save(tx: Executor, orgId: string, hook: EventHook): Promise<void> {
  await tx.query({
    text: `insert into event_hooks (org_id, id, name, description, status, verification_status, events, filter, uri, headers, auth_key,
             auth_value, created, created_by, last_updated, version)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
           on conflict (org_id, id) do update set name = excluded.name, description = excluded.description, status = excluded.status,
             verification_status = excluded.verification_status, events = excluded.events, filter = excluded.filter,
             uri = excluded.uri, headers = excluded.headers, auth_key = excluded.auth_key, auth_value = excluded.auth_value,
             last_updated = excluded.last_updated, version = excluded.version`,
    values: [
      orgId,
      hook.id,
      hook.name,
      hook.description,
      hook.status,
      hook.verificationStatus,
      hook.events,
      hook.filter === null ? null : JSON.stringify(hook.filter),
      hook.uri,
      JSON.stringify(hook.headers),
      hook.authKey,
      hook.authValue,
      hook.created,
      hook.createdBy,
      hook.lastUpdated,
      hook.version,
    ],
  });
}

export async function remove(tx: Executor, orgId: string, id: string): Promise<void> {
  await tx.query({ text: 'delete from event_hooks where org_id = $1 and id = $2', values: [orgId, id] });
}
