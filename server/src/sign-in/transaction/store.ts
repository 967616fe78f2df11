/** Transactions that are too large for a cookie. */
import type { Executor } from '../../database/index.ts';

export async function insertTransaction(
  db: Executor,
  row: { orgId: string; id: string; sealed: Uint8Array; expires: Date },
): Promise<void> {
  await db.query({
    name: 'sign_in_transaction_insert',
    text: `insert into sign_in_transactions (org_id, id, sealed, expires) values ($1, $2, $3, $4)
           on conflict (org_id, id) do update set sealed = excluded.sealed, expires = excluded.expires`,
    values: [row.orgId, row.id, row.sealed, row.expires],
  });
}

export async function findTransaction(db: Executor, orgId: string, id: string): Promise<Buffer | null> {
  const { rows } = await db.query<{ sealed: Buffer }>({
    name: 'sign_in_transaction_find',
    text: 'select sealed from sign_in_transactions where org_id = $1 and id = $2',
    values: [orgId, id],
  });
  return rows[0]?.sealed ?? null;
}

/** Removes what ran out; returns how many. */
export async function purgeTransactions(db: Executor, before: Date): Promise<number> {
  const { rowCount } = await db.query({
    text: 'delete from sign_in_transactions where expires < $1',
    values: [before],
  });
  return rowCount;
}
