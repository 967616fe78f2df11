/** The SQL of `signing_keys`. */
import type { Executor, SealedColumn } from '../../database/index.ts';

export type KeyPurpose = 'token' | 'client';

export interface StoredKey {
  kid: string;
  purpose: KeyPurpose;
  alg: 'RS256' | 'ES256';
  publicJwk: Record<string, string>;
  privateSealed: string;
  created: Date;
  activeFrom: Date;
  retireAfter: Date | null;
}

const COLUMNS = `kid, purpose, alg, public_jwk as "publicJwk", private_sealed as "privateSealed", created,
  active_from as "activeFrom", retire_after as "retireAfter"`;

export async function listKeys(db: Executor, orgId: string): Promise<StoredKey[]> {
  const { rows } = await db.query<StoredKey>({
    text: `select ${COLUMNS} from signing_keys where org_id = $1 order by active_from, created, kid`,
    values: [orgId],
  });
  return rows;
}

/** The same rows, held until the transaction ends: rotations of several hubs wait for each other at the org's row. */
export async function listKeysForChange(tx: Executor, orgId: string): Promise<StoredKey[]> {
  await tx.query({ text: 'select 1 from orgs where id = $1 for update', values: [orgId] });
  return listKeys(tx, orgId);
}

export async function insertKey(tx: Executor, orgId: string, key: StoredKey): Promise<void> {
  await tx.query({
    text: `insert into signing_keys (org_id, kid, purpose, alg, public_jwk, private_sealed, created, active_from, retire_after)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    values: [
      orgId,
      key.kid,
      key.purpose,
      key.alg,
      JSON.stringify(key.publicJwk),
      key.privateSealed,
      key.created,
      key.activeFrom,
      key.retireAfter,
    ],
  });
}

export async function setKeyTimes(
  tx: Executor,
  orgId: string,
  kid: string,
  times: { activeFrom: Date; retireAfter: Date | null },
): Promise<void> {
  await tx.query({
    text: 'update signing_keys set active_from = $3, retire_after = $4 where org_id = $1 and kid = $2',
    values: [orgId, kid, times.activeFrom, times.retireAfter],
  });
}

/** Removes keys whose overlap is over; returns how many. */
export async function deleteRetiredKeys(tx: Executor, orgId: string, now: Date): Promise<number> {
  const { rowCount } = await tx.query({
    text: 'delete from signing_keys where org_id = $1 and retire_after < $2',
    values: [orgId, now],
  });
  return rowCount;
}

export async function orgIds(db: Executor): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>({ text: 'select id from orgs order by id', values: [] });
  return rows.map(({ id }) => id);
}

export const SEALED_KEYS: SealedColumn = { table: 'signing_keys', id: 'kid', column: 'private_sealed' };
