/**
 * The SQL of a refresh token's rotation: one statement as for codes. The successor is computed from the token itself (rulings 13), so
 * that a repeat within the grace finds the successor's row already there; later reuse revokes the grant and with it the family.
 */
import type { Executor } from '../../database/index.ts';
import { type EventInput, logRows } from '../../system-log/index.ts';
import { insertLogAbout } from './log-part.ts';
import {
  ASSIGNED,
  GROUPS,
  type Redeemed,
  type RedeemedRow,
  toRedeemed,
  USABLE_APPLICATION,
  USABLE_USER,
} from './redeemed.ts';

export interface Rotation {
  orgId: string;
  tokenSha256: Buffer;
  now: Date;
  /** A token that was used at or before this time is used up. */
  usedBefore: Date;
  appId: string;
  issuer: string;
  assignedToEveryone: boolean;
  /** Whether a claim needs the user's groups. */
  withGroups: boolean;
  /** The scopes of the new access token; null for all that were granted. */
  scopes: string[] | null;
  access: { id: string; secretSha256: Buffer; audience: string; expires: Date };
  successor: { id: string; secretSha256: Buffer };
  events: EventInput[];
}

const ROTATE = `with rotated as (
    update tokens t set used = coalesce(t.used, $3) from grants g, users u
    where t.org_id = $1 and t.secret_sha256 = $2 and t.kind = 'refresh' and t.revoked is null and t.expires > $3
      and (t.used is null or t.used > $4) and ($8::text[] is null or $8::text[] <@ t.scopes)
      and g.org_id = $1 and g.id = t.grant_id and g.revoked is null and g.app_id = $5 and g.issuer = $6
      and u.org_id = $1 and u.id = g.user_id and ${USABLE_USER} and ${USABLE_APPLICATION('$5')} and ${ASSIGNED('$7', '$5')}
    returning t.grant_id, t.scopes as granted, coalesce($8::text[], t.scopes) as scopes, t.expires, t.audience,
      g.user_id, g.idp_id, g.amr, g.auth_time, g.trace_id, null::text as nonce, gatehouse_profile(u.org_id, u.type_id, u.profile) as profile, u.type_id, u.email_verified, u.last_updated
  ), issued as (
    insert into tokens (org_id, secret_sha256, id, kind, grant_id, parent_sha256, scopes, audience, created, expires)
    select $1, $9::bytea, $10::text, 'access', grant_id, null::bytea, scopes, $11::text, $3::timestamptz, $12::timestamptz from rotated
    union all
    select $1, $13::bytea, $14::text, 'refresh', grant_id, $2, granted, audience, $3::timestamptz, expires from rotated
    on conflict (org_id, secret_sha256) do nothing
  ), logged as (${insertLogAbout('$15', 'rotated')})
  select r.*, p.profile as app_profile, ${GROUPS('$16', 'r.user_id')} as groups from rotated r
  left join app_users p on p.org_id = $1 and p.app_id = $5 and p.user_id = r.user_id`;

/** Uses the token up and writes its successor; null when it may not be used so, and then nothing was written. */
export async function rotateToken(db: Executor, input: Rotation): Promise<Redeemed | null> {
  const { rows } = await db.query<RedeemedRow>({
    name: 'refresh_token_rotate',
    text: ROTATE,
    values: [
      input.orgId,
      input.tokenSha256,
      input.now,
      input.usedBefore,
      input.appId,
      input.issuer,
      input.assignedToEveryone,
      input.scopes,
      input.access.secretSha256,
      input.access.id,
      input.access.audience,
      input.access.expires,
      input.successor.secretSha256,
      input.successor.id,
      logRows(input.events),
      input.withGroups,
    ],
  });
  return rows[0] === undefined ? null : toRedeemed(rows[0]);
}

export interface RefusedToken {
  appId: string;
  issuer: string;
  scopes: string[];
  usedUp: boolean;
  /** Neither expired nor revoked, and neither is its grant. */
  alive: boolean;
  traceId: string;
}

const DIAGNOSE = `with found as (
    select t.scopes as token_scopes, t.used, t.expires > $3 and t.revoked is null and g.revoked is null as alive, g.*, u.profile
    from tokens t join grants g on g.org_id = t.org_id and g.id = t.grant_id left join users u on u.org_id = g.org_id and u.id = g.user_id
    where t.org_id = $1 and t.secret_sha256 = $2 and t.kind = 'refresh'
  ), reused as (
    update grants g set revoked = $3 from found f
    where g.org_id = $1 and g.id = f.id and f.used <= $4 and g.revoked is null
    returning f.user_id, f.trace_id, f.profile
  ), logged as (${insertLogAbout('$5', 'reused')})
  select app_id as "appId", issuer, token_scopes as scopes, coalesce(used <= $4, false) as "usedUp", alive, trace_id as "traceId"
  from found`;

/** Why a refresh token was refused; one that was used up before the grace revokes its whole family (security.md P7). */
export async function diagnoseToken(
  db: Executor,
  input: { orgId: string; tokenSha256: Buffer; now: Date; usedBefore: Date; reuse: EventInput },
): Promise<RefusedToken | null> {
  const { rows } = await db.query<RefusedToken>({
    name: 'refresh_token_diagnose',
    text: DIAGNOSE,
    values: [input.orgId, input.tokenSha256, input.now, input.usedBefore, logRows([input.reuse])],
  });
  return rows[0] ?? null;
}
