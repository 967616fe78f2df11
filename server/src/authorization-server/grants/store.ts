/** The SQL of `grants` at authorize, and the clearing away of what is over. */
import type { Executor } from '../../database/index.ts';
import type { Json } from '../../shared/json.ts';
import { insertLog, logRows } from '../../system-log/index.ts';
import type { TokenUser, UserGroup } from '../ports.ts';
import { GROUPS } from '../token/redeemed.ts';
import type { GrantDraft } from './draft.ts';

/** `insert` of the row of a draft, passed as JSON in parameter `$n`, to be one part of a larger statement. */
export const insertGrantSql = (parameter: string): string =>
  `insert into grants select * from jsonb_populate_record(null::grants, ${parameter}::jsonb)`;

/** Writes a draft and its events in one statement. */
export async function writeGrant(db: Executor, draft: GrantDraft): Promise<void> {
  await db.query({
    name: 'grant_write',
    text: `with granted as (${insertGrantSql('$1')}) ${insertLog('$2')}`,
    values: [JSON.stringify(draft.row), logRows(draft.events)],
  });
}

/** The groups of a user, Everyone among them. */
export async function findGroups(db: Executor, orgId: string, userId: string): Promise<UserGroup[]> {
  const { rows } = await db.query<{ groups: UserGroup[] | null }>({
    name: 'grant_groups',
    text: `select ${GROUPS('true', '$2')} as groups`,
    values: [orgId, userId],
  });
  return rows[0]?.groups ?? [];
}

/** What a user's application profile says, an empty one where there is none, and the user type that it is mapped from. */
export async function findAppProfile(
  db: Executor,
  orgId: string,
  appId: string,
  userId: string,
): Promise<Pick<TokenUser, 'typeId' | 'appProfile'>> {
  const { rows } = await db.query<{ typeId: string; appProfile: Record<string, Json> }>({
    name: 'grant_app_profile',
    text: `select u.type_id as "typeId", coalesce(p.profile, '{}') as "appProfile" from users u
           left join app_users p on p.org_id = u.org_id and p.app_id = $2 and p.user_id = u.id where u.org_id = $1 and u.id = $3`,
    values: [orgId, appId, userId],
  });
  return rows[0] ?? { appProfile: {} };
}

/** Ids of the applications that hold a token of a user that is still worth something. */
export async function appsWithTokensOf(db: Executor, orgId: string, userId: string, at: Date): Promise<string[]> {
  const { rows } = await db.query<{ appId: string }>({
    text: `select distinct app_id as "appId" from grants g where org_id = $1 and user_id = $2 and revoked is null and exists (
             select 1 from tokens t where t.org_id = $1 and t.grant_id = g.id and t.revoked is null and t.used is null and t.expires > $3)
           order by 1`,
    values: [orgId, userId, at],
  });
  return rows.map((row) => row.appId);
}

/** Ends everything that was granted for a user, in the caller's transaction (security.md L9). */
export async function revokeGrantsOf(tx: Executor, orgId: string, userId: string, at: Date): Promise<void> {
  await tx.query({
    text: 'update grants set revoked = $3 where org_id = $1 and user_id = $2 and revoked is null',
    values: [orgId, userId, at],
  });
}

const BATCH = 1000;

/** What may go, oldest first: tokens and grants that expired, and marks of things that can no longer be repeated. */
const EXPIRED = [
  'delete from tokens where (org_id, secret_sha256) in (select org_id, secret_sha256 from tokens where expires < $1 limit $2)',
  'delete from client_tokens where (org_id, secret_sha256) in (select org_id, secret_sha256 from client_tokens where expires < $1 limit $2)',
  'delete from grants where (org_id, id) in (select org_id, id from grants where expires < $1 limit $2)',
  'delete from consumed_once where (org_id, key) in (select org_id, key from consumed_once where until < $1 limit $2)',
];

/** Deletes expired rows in batches of 1,000, so that no lock is held long; returns how many. */
export async function purgeExpired(db: Executor, before: Date, signal?: AbortSignal): Promise<number> {
  let deleted = 0;
  for (const text of EXPIRED) {
    for (let rows = BATCH; rows === BATCH && signal?.aborted !== true; ) {
      rows = (await db.query({ text, values: [before, BATCH] })).rowCount;
      deleted += rows;
    }
  }
  return deleted;
}
