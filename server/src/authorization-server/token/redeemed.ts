/** What redemptions of codes and of refresh tokens have in common: the conditions that are read again, and the row that comes back. */
import type { Json } from '../../shared/json.ts';
import type { TokenUser, UserGroup } from '../ports.ts';

/** The statuses in which a user's session is usable too (security.md L9). `u`: the user's row. */
export const USABLE_USER = `u.status in ('ACTIVE', 'PASSWORD_EXPIRED', 'RECOVERY')`;

export const USABLE_APPLICATION = (appId: string): string =>
  `exists (select 1 from applications a where a.org_id = $1 and a.id = ${appId} and a.status = 'ACTIVE')`;

export const ASSIGNED = (toEveryone: string, appId: string): string =>
  `(${toEveryone}::boolean or exists (select 1 from app_users s where s.org_id = $1 and s.app_id = ${appId} and s.user_id = u.id and s.status = 'ACTIVE'))`;

export interface RedeemedRow {
  user_id: string;
  idp_id: string | null;
  scopes: string[];
  amr: string[];
  auth_time: Date;
  trace_id: string;
  nonce: string | null;
  expires: Date;
  profile: Record<string, Json>;
  type_id: string;
  email_verified: boolean;
  last_updated: Date;
  app_profile: Record<string, Json> | null;
  groups?: UserGroup[] | null;
}

/** The groups of a user as JSON, Everyone among them; null where the flag says that nobody asks. */
export const GROUPS = (wanted: string, userId: string): string =>
  `case when ${wanted}::boolean then (select jsonb_agg(jsonb_build_object('id', g.id, 'name', g.profile->>'name', 'type', g.type) order by g.type <> 'BUILT_IN', g.id)
     from groups g where g.org_id = $1 and (g.type = 'BUILT_IN'
       or g.id in (select m.group_id from group_members m where m.org_id = $1 and m.user_id = ${userId}))) end`;

export interface Redeemed {
  user: TokenUser;
  idpId: string | null;
  scopes: string[];
  amr: string[];
  authTime: Date;
  traceId: string;
  nonce: string | null;
}

export function toRedeemed(row: RedeemedRow): Redeemed {
  return {
    user: toTokenUser(row),
    idpId: row.idp_id,
    scopes: row.scopes,
    amr: row.amr,
    authTime: row.auth_time,
    traceId: row.trace_id,
    nonce: row.nonce,
  };
}

type UserColumns = Pick<
  RedeemedRow,
  'user_id' | 'profile' | 'type_id' | 'email_verified' | 'last_updated' | 'app_profile' | 'groups'
>;

export function toTokenUser(row: UserColumns): TokenUser {
  return {
    id: row.user_id,
    login: String(row.profile.login ?? ''),
    profile: row.profile,
    emailVerified: row.email_verified,
    lastUpdated: row.last_updated,
    typeId: row.type_id,
    appProfile: row.app_profile ?? {},
    ...(row.groups == null ? {} : { groups: row.groups }),
  };
}
