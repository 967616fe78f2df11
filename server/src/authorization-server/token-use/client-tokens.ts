/** The SQL of `client_tokens`: access tokens of applications that act by themselves, valid while the application is active and may ask for such tokens. */
import type { Executor } from '../../database/index.ts';
import { type EventInput, insertLog, logRows } from '../../system-log/index.ts';

export interface ClientToken {
  id: string;
  scopes: string[];
  audience: string;
  created: Date;
  expires: Date;
  appId: string;
  clientId: string;
}

/** An application (`a`) that acts by itself. */
export const ACTS_BY_ITSELF = `a.status = 'ACTIVE' and a.config->'oauthClient'->'grant_types' ? 'client_credentials'`;

/** Writes a token and its event in one statement. */
export async function insertClientToken(
  db: Executor,
  input: {
    orgId: string;
    appId: string;
    scopes: string[];
    access: { id: string; secretSha256: Buffer; audience: string; created: Date; expires: Date };
    event: EventInput;
  },
): Promise<void> {
  const { orgId, appId, scopes, access, event } = input;
  await db.query({
    name: 'client_token_insert',
    text: `with issued as (
        insert into client_tokens (org_id, secret_sha256, id, app_id, scopes, audience, created, expires)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
      ) ${insertLog('$9')}`,
    values: [
      orgId,
      access.secretSha256,
      access.id,
      appId,
      scopes,
      access.audience,
      access.created,
      access.expires,
      logRows([event]),
    ],
  });
}

/** A token that is worth something now. */
export async function findClientToken(
  db: Executor,
  orgId: string,
  secretSha256: Buffer,
  now: Date,
): Promise<ClientToken | null> {
  const { rows } = await db.query<ClientToken>({
    name: 'client_token_find',
    text: `select t.id, t.scopes, t.audience, t.created, t.expires, t.app_id as "appId", a.client_id as "clientId"
      from client_tokens t join applications a on a.org_id = t.org_id and a.id = t.app_id and ${ACTS_BY_ITSELF}
      where t.org_id = $1 and t.secret_sha256 = $2 and t.expires > $3 and t.revoked is null`,
    values: [orgId, secretSha256, now],
  });
  return rows[0] ?? null;
}

/** Ends a token of the application, with its event; nothing happens to a stranger's. */
export async function revokeClientToken(
  db: Executor,
  input: { orgId: string; secretSha256: Buffer; appId: string; now: Date; event: EventInput },
): Promise<void> {
  await db.query({
    name: 'client_token_revoke',
    text: `with revoked as (
        update client_tokens set revoked = $3 where org_id = $1 and secret_sha256 = $2 and app_id = $4 and revoked is null returning id
      ) ${insertLog('$5')} where exists (select 1 from revoked)`,
    values: [input.orgId, input.secretSha256, input.now, input.appId, logRows([input.event])],
  });
}
