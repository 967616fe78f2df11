/**
 * The SQL of a code's redemption. On success it is one statement: the code is used up, the user, the application and the assignment
 * are read again (security.md L9), token rows and log events are written. It reads `users`, `app_users` and `applications`, which
 * belong to other stores, for the sake of that one round trip (docs/decisions).
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

export interface CodeRedemption {
  orgId: string;
  codeSha256: Buffer;
  now: Date;
  appId: string;
  issuer: string;
  redirectUri: string;
  /** The challenge of the verifier that was sent; null without one. */
  challenge: string | null;
  assignedToEveryone: boolean;
  /** Whether a claim needs the user's groups. */
  withGroups: boolean;
  access: { id: string; secretSha256: Buffer; audience: string; expires: Date };
  /** Null where the client gets none; also the scope `offline_access` must have been granted. */
  refresh: { id: string; secretSha256: Buffer } | null;
  events: EventInput[];
}

const REDEEM = `with redeemed as (
    update grants g set code_consumed = $3 from users u
    where g.org_id = $1 and g.code_sha256 = $2 and g.code_consumed is null and g.code_expires > $3 and g.revoked is null
      and g.app_id = $4 and g.issuer = $5 and g.redirect_uri = $6 and g.code_challenge is not distinct from $7
      and u.org_id = g.org_id and u.id = g.user_id and ${USABLE_USER} and ${USABLE_APPLICATION('$4')} and ${ASSIGNED('$8', '$4')}
    returning g.id, g.user_id, g.idp_id, g.scopes, g.amr, g.auth_time, g.trace_id, g.nonce, g.expires, gatehouse_profile(u.org_id, u.type_id, u.profile) as profile, u.type_id, u.email_verified, u.last_updated
  ), issued as (
    insert into tokens (org_id, secret_sha256, id, kind, grant_id, scopes, audience, created, expires)
    select $1, $9::bytea, $10::text, 'access', id, scopes, $11::text, $3::timestamptz, $12::timestamptz from redeemed
    union all
    select $1, $13::bytea, $14::text, 'refresh', id, scopes, $11::text, $3::timestamptz, expires from redeemed
    where $13 is not null and 'offline_access' = any(scopes)
  ), logged as (${insertLogAbout('$15', 'redeemed')})
  select r.*, p.profile as app_profile, ${GROUPS('$16', 'r.user_id')} as groups from redeemed r
  left join app_users p on p.org_id = $1 and p.app_id = $4 and p.user_id = r.user_id`;

/** Uses the code up; null when it may not be redeemed so, and then nothing was written. */
export async function redeemCode(db: Executor, input: CodeRedemption): Promise<Redeemed | null> {
  const { rows } = await db.query<RedeemedRow>({
    name: 'code_redeem',
    text: REDEEM,
    values: [
      input.orgId,
      input.codeSha256,
      input.now,
      input.appId,
      input.issuer,
      input.redirectUri,
      input.challenge,
      input.assignedToEveryone,
      input.access.secretSha256,
      input.access.id,
      input.access.audience,
      input.access.expires,
      input.refresh?.secretSha256 ?? null,
      input.refresh?.id ?? null,
      logRows(input.events),
      input.withGroups,
    ],
  });
  return rows[0] === undefined ? null : toRedeemed(rows[0]);
}

export interface RefusedCode {
  appId: string;
  issuer: string;
  redirectUri: string;
  challenge: string | null;
  consumed: boolean;
  /** Neither expired nor revoked. */
  alive: boolean;
  traceId: string;
}

const DIAGNOSE = `with found as (
    select g.*, u.profile from grants g left join users u on u.org_id = g.org_id and u.id = g.user_id
    where g.org_id = $1 and g.code_sha256 = $2
  ), reused as (
    update grants g set revoked = $3 from found f
    where g.org_id = $1 and g.id = f.id and g.code_consumed is not null and g.revoked is null
    returning f.user_id, f.trace_id, f.profile
  ), logged as (${insertLogAbout('$4', 'reused')})
  select app_id as "appId", issuer, redirect_uri as "redirectUri", code_challenge as challenge, code_consumed is not null as consumed,
    code_expires > $3 and revoked is null as alive, trace_id as "traceId"
  from found`;

/** Why a code was refused. One that was used before is evidence of a theft: everything that came of it is revoked (security.md P3). */
export async function diagnoseCode(
  db: Executor,
  input: { orgId: string; codeSha256: Buffer; now: Date; reuse: EventInput },
): Promise<RefusedCode | null> {
  const { rows } = await db.query<RefusedCode>({
    name: 'code_diagnose',
    text: DIAGNOSE,
    values: [input.orgId, input.codeSha256, input.now, logRows([input.reuse])],
  });
  return rows[0] ?? null;
}
