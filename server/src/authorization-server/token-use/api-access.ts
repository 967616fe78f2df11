/**
 * What an opaque access token of the org's own issuer is worth at the management API: whose it is and for which scopes. One statement;
 * the person's roles and status are those of the moment.
 */
import type { Executor } from '../../database/index.ts';
import type { Json } from '../../shared/json.ts';
import { sha256 } from '../../shared/secrets.ts';
import { ACTS_BY_ITSELF } from './client-tokens.ts';

export interface ApiAccess {
  tokenId: string;
  scopes: string[];
  appId: string;
  clientId: string;
  label: string;
  /** On whose behalf; null for an application that acts by itself. */
  user: { id: string; profile: Record<string, Json>; roles: string[] } | null;
}

interface Row extends Omit<ApiAccess, 'user'> {
  userId: string | null;
  profile: Record<string, Json> | null;
  roles: string[];
}

const FIND = `select t.id as "tokenId", t.scopes, a.id as "appId", a.client_id as "clientId", a.label,
    null::text as "userId", null::jsonb as profile, '{}'::text[] as roles
  from client_tokens t join applications a on a.org_id = t.org_id and a.id = t.app_id and ${ACTS_BY_ITSELF}
  where t.org_id = $1 and t.secret_sha256 = $2 and t.expires > $3 and t.revoked is null and t.audience = $4
  union all
  select t.id, t.scopes, a.id, a.client_id, a.label, u.id, u.profile,
    array(select r.role from user_roles r where r.org_id = $1 and r.user_id = u.id order by r.role)
  from tokens t
  join grants g on g.org_id = t.org_id and g.id = t.grant_id and g.revoked is null and g.issuer = $4
  join users u on u.org_id = t.org_id and u.id = g.user_id and u.status = 'ACTIVE'
  join applications a on a.org_id = t.org_id and a.id = g.app_id and a.status = 'ACTIVE'
  where t.org_id = $1 and t.secret_sha256 = $2 and t.kind = 'access' and t.expires > $3 and t.revoked is null`;

/** @param issuer the org's own, which is also the audience of its tokens */
export async function findApiAccess(
  db: Executor,
  { orgId, issuer, token, now }: { orgId: string; issuer: string; token: string; now: Date },
): Promise<ApiAccess | null> {
  const { rows } = await db.query<Row>({ name: 'api_access', text: FIND, values: [orgId, sha256(token), now, issuer] });
  if (rows[0] === undefined) return null;
  const { userId, profile, roles, ...access } = rows[0];
  return { ...access, user: userId === null ? null : { id: userId, profile: profile ?? {}, roles } };
}
