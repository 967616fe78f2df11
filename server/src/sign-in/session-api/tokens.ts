/** The SQL of `session_tokens`: each is worth one session, for the user as they are when it is used. Only its SHA-256 is kept. */
import type { Executor } from '../../database/index.ts';
import { MINUTE } from '../../shared/clock.ts';
import type { Json } from '../../shared/json.ts';

export const SESSION_TOKEN_LIFETIME = 5 * MINUTE;

export async function insertToken(
  tx: Executor,
  row: { orgId: string; secretSha256: Uint8Array; userId: string; created: Date; expires: Date },
): Promise<void> {
  await tx.query({
    text: 'insert into session_tokens (org_id, secret_sha256, user_id, created, expires) values ($1, $2, $3, $4, $5)',
    values: [row.orgId, row.secretSha256, row.userId, row.created, row.expires],
  });
}

/** Holds the person whose token it is: whoever changes a person holds them first, and then what they could come in with. */
export async function holdOwner(tx: Executor, orgId: string, secretSha256: Uint8Array): Promise<void> {
  await tx.query({
    text: `select 1 from users u join session_tokens t on t.org_id = u.org_id and t.user_id = u.id
      where t.org_id = $1 and t.secret_sha256 = $2 for no key update of u`,
    values: [orgId, secretSha256],
  });
}

/** As every sign-in does (account/commit.ts). */
export async function noteLogin(tx: Executor, orgId: string, userId: string, at: Date): Promise<void> {
  await tx.query({
    text: 'update users set last_login = $3 where org_id = $1 and id = $2',
    values: [orgId, userId, at],
  });
}

export interface TakenToken {
  userId: string;
  authTime: Date;
  profile: Record<string, Json>;
  /** Everyone left out. */
  groupIds: string[];
}

/** Whose token it was and when the password was checked; null for one that is unknown, used, too old, or older than a new password. */
export async function takeToken(
  tx: Executor,
  orgId: string,
  secretSha256: Uint8Array,
  now: Date,
): Promise<TakenToken | null> {
  const { rows } = await tx.query<TakenToken>({
    text: `update session_tokens t set used = $3 from users u
      where t.org_id = $1 and t.secret_sha256 = $2 and t.used is null and t.expires > $3
        and u.org_id = t.org_id and u.id = t.user_id and u.status in ('ACTIVE', 'RECOVERY')
        and (u.password_changed is null or u.password_changed <= t.created)
      returning t.user_id as "userId", t.created as "authTime", gatehouse_profile(u.org_id, u.type_id, u.profile) as profile,
        array(select m.group_id from group_members m where m.org_id = $1 and m.user_id = u.id) as "groupIds"`,
    values: [orgId, secretSha256, now],
  });
  return rows[0] ?? null;
}
