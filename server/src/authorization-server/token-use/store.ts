/** The SQL of tokens that exist: looked up with the user and the application of the moment (security.md L9), and revoked. */
import type { Executor } from '../../database/index.ts';
import type { Json } from '../../shared/json.ts';
import { type EventInput, logRows } from '../../system-log/index.ts';
import type { TokenUser } from '../ports.ts';
import { insertLogAbout } from '../token/log-part.ts';
import { toTokenUser, USABLE_USER } from '../token/redeemed.ts';

export interface LiveToken {
  id: string;
  kind: 'access' | 'refresh';
  scopes: string[];
  audience: string;
  created: Date;
  expires: Date;
  appId: string;
  clientId: string;
  issuer: string;
  amr: string[];
  user: TokenUser;
}

interface TokenRow extends Omit<LiveToken, 'user'> {
  user_id: string;
  profile: Record<string, Json>;
  type_id: string;
  email_verified: boolean;
  last_updated: Date;
  app_profile: Record<string, Json> | null;
}

const FIND = `select t.id, t.kind, t.scopes, t.audience, t.created, t.expires, g.app_id as "appId", a.client_id as "clientId", g.issuer, g.amr,
    g.user_id, gatehouse_profile(u.org_id, u.type_id, u.profile) as profile, u.type_id, u.email_verified, u.last_updated, p.profile as app_profile
  from tokens t
  join grants g on g.org_id = t.org_id and g.id = t.grant_id and g.revoked is null
  join users u on u.org_id = t.org_id and u.id = g.user_id and ${USABLE_USER}
  join applications a on a.org_id = t.org_id and a.id = g.app_id and a.status = 'ACTIVE'
  left join app_users p on p.org_id = t.org_id and p.app_id = g.app_id and p.user_id = g.user_id
  where t.org_id = $1 and t.secret_sha256 = $2 and t.expires > $3 and t.revoked is null and (t.kind = 'access' or t.used is null)`;

/** A token that is worth something now: neither expired nor revoked nor used, its user and its application usable. */
export async function findLiveToken(
  db: Executor,
  orgId: string,
  secretSha256: Buffer,
  now: Date,
): Promise<LiveToken | null> {
  const { rows } = await db.query<TokenRow>({ name: 'token_find', text: FIND, values: [orgId, secretSha256, now] });
  const row = rows[0];
  if (row === undefined) return null;
  const { id, kind, scopes, audience, created, expires, appId, clientId, issuer, amr } = row;
  return { id, kind, scopes, audience, created, expires, appId, clientId, issuer, amr, user: toTokenUser(row) };
}

const REVOKE = `with found as (
    select t.secret_sha256, t.kind, t.grant_id, g.user_id, g.trace_id, u.profile
    from tokens t join grants g on g.org_id = t.org_id and g.id = t.grant_id join users u on u.org_id = t.org_id and u.id = g.user_id
    where t.org_id = $1 and t.secret_sha256 = $2 and g.app_id = $4
  ), one as (
    update tokens t set revoked = $3 from found f
    where t.org_id = $1 and t.secret_sha256 = f.secret_sha256 and f.kind = 'access' and t.revoked is null
    returning f.user_id, f.trace_id, f.profile
  ), family as (
    update grants g set revoked = $3 from found f
    where g.org_id = $1 and g.id = f.grant_id and f.kind = 'refresh' and g.revoked is null
    returning f.user_id, f.trace_id, f.profile
  ), revoked as (select * from one union all select * from family)
  ${insertLogAbout('$5', 'revoked')}`;

/** Revokes a token of the application; a refresh token takes everything of its grant with it. Nothing happens to a stranger's token. */
export async function revokeToken(
  db: Executor,
  input: { orgId: string; secretSha256: Buffer; appId: string; now: Date; event: EventInput },
): Promise<void> {
  await db.query({
    name: 'token_revoke',
    text: REVOKE,
    values: [input.orgId, input.secretSha256, input.now, input.appId, logRows([input.event])],
  });
}
