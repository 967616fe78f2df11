/** The SQL of `user_tokens`: the newest link of each purpose, by the SHA-256 of its token. */
import type { Executor } from '../../../database/index.ts';
import type { LinkPurpose } from './links.ts';

interface Place {
  orgId: string;
  userId: string;
  purpose: LinkPurpose;
}

/** Takes the place of the link of the same purpose that was there. */
export async function putToken(
  tx: Executor,
  row: Place & { tokenSha256: Uint8Array; created: Date; expires: Date },
): Promise<void> {
  await tx.query({
    text: `insert into user_tokens (org_id, user_id, purpose, token_sha256, created, expires) values ($1, $2, $3, $4, $5, $6)
           on conflict (org_id, user_id, purpose) do update
             set token_sha256 = excluded.token_sha256, created = excluded.created, expires = excluded.expires`,
    values: [row.orgId, row.userId, row.purpose, row.tokenSha256, row.created, row.expires],
  });
}

export async function findToken(db: Executor, orgId: string, tokenSha256: Uint8Array, at: Date): Promise<Place | null> {
  const { rows } = await db.query<Place>({
    name: 'user_token',
    text: `select org_id as "orgId", user_id as "userId", purpose from user_tokens
           where org_id = $1 and token_sha256 = $2 and expires > $3`,
    values: [orgId, tokenSha256, at],
  });
  return rows[0] ?? null;
}

/** False when the link was used or replaced meanwhile. */
export async function takeToken(tx: Executor, orgId: string, tokenSha256: Uint8Array): Promise<boolean> {
  const { rowCount } = await tx.query({
    text: 'delete from user_tokens where org_id = $1 and token_sha256 = $2',
    values: [orgId, tokenSha256],
  });
  return rowCount === 1;
}

/** Removes links that can no longer be used; returns how many. */
export async function purgeTokens(db: Executor, at: Date): Promise<number> {
  const { rowCount } = await db.query({ text: 'delete from user_tokens where expires <= $1', values: [at] });
  return rowCount;
}
