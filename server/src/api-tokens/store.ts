/**
 * The SQL of `api_tokens`. The look-up of a presented token also reads its owner and the owner's roles: they decide together, and every
 * call of the API pays one statement for it.
 */
import type { Executor } from '../database/index.ts';
import type { Json } from '../shared/json.ts';
import type { TokenNetwork } from './schema.ts';

export interface ApiToken {
  id: string;
  name: string;
  userId: string;
  clientName: string;
  network: TokenNetwork;
  windowSeconds: number;
  created: Date;
  lastUpdated: Date;
  lastUsed: Date | null;
  expiresAt: Date;
  version: number;
}

export interface Presented {
  id: string;
  network: TokenNetwork;
  windowSeconds: number;
  lastUsed: Date | null;
  expiresAt: Date;
  userId: string;
  status: string;
  profile: Record<string, Json>;
  roles: string[];
}

const COLUMNS = `id, name, user_id as "userId", client_name as "clientName", network, token_window_seconds as "windowSeconds", created,
  last_updated as "lastUpdated", last_used as "lastUsed", expires_at as "expiresAt", version`;

export async function findPresented(db: Executor, orgId: string, secretSha256: Buffer): Promise<Presented | null> {
  const { rows } = await db.query<Presented>({
    name: 'api_tokens_presented',
    text: `select t.id, t.network, t.token_window_seconds as "windowSeconds", t.last_used as "lastUsed", t.expires_at as "expiresAt", u.id as "userId", u.status,
             u.profile, array(select r.role from user_roles r where r.org_id = $1 and r.user_id = u.id order by r.role) as roles
           from api_tokens t join users u on u.org_id = t.org_id and u.id = t.user_id where t.org_id = $1 and t.secret_sha256 = $2`,
    values: [orgId, secretSha256],
  });
  return rows[0] ?? null;
}

export async function slide(db: Executor, orgId: string, id: string, used: Date, expiresAt: Date): Promise<void> {
  await db.query({
    name: 'api_tokens_slide',
    text: 'update api_tokens set last_used = $3, expires_at = greatest(expires_at, $4) where org_id = $1 and id = $2',
    values: [orgId, id, used, expiresAt],
  });
}

export async function listTokens(db: Executor, orgId: string): Promise<ApiToken[]> {
  const { rows } = await db.query<ApiToken>({
    text: `select ${COLUMNS} from api_tokens where org_id = $1 order by id`,
    values: [orgId],
  });
  return rows;
}

/** @param lock holds the row for the change that follows */
export async function findToken(db: Executor, orgId: string, id: string, lock = false): Promise<ApiToken | null> {
  const { rows } = await db.query<ApiToken>({
    text: `select ${COLUMNS} from api_tokens where org_id = $1 and id = $2${lock ? ' for update' : ''}`,
    values: [orgId, id],
  });
  return rows[0] ?? null;
}

/** False when this very secret is a token already. */
export async function insertToken(
  tx: Executor,
  orgId: string,
  token: ApiToken,
  secretSha256: Buffer,
): Promise<boolean> {
  const { rowCount } = await tx.query({
    text: `insert into api_tokens (org_id, id, name, user_id, secret_sha256, token_window_seconds, network, client_name, created, last_updated, expires_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10) on conflict (org_id, secret_sha256) do nothing`,
    values: [
      orgId,
      token.id,
      token.name,
      token.userId,
      secretSha256,
      token.windowSeconds,
      JSON.stringify(token.network),
      token.clientName,
      token.created,
      token.expiresAt,
    ],
  });
  return rowCount === 1;
}

export async function updateToken(tx: Executor, orgId: string, token: ApiToken): Promise<void> {
  await tx.query({
    text: 'update api_tokens set name = $3, client_name = $4, network = $5, last_updated = $6, version = $7 where org_id = $1 and id = $2',
    values: [
      orgId,
      token.id,
      token.name,
      token.clientName,
      JSON.stringify(token.network),
      token.lastUpdated,
      token.version,
    ],
  });
}

export async function deleteToken(tx: Executor, orgId: string, id: string): Promise<ApiToken | null> {
  const { rows } = await tx.query<ApiToken>({
    text: `delete from api_tokens where org_id = $1 and id = $2 returning ${COLUMNS}`,
    values: [orgId, id],
  });
  return rows[0] ?? null;
}

export async function deleteTokensOf(tx: Executor, orgId: string, userId: string): Promise<void> {
  await tx.query({ text: 'delete from api_tokens where org_id = $1 and user_id = $2', values: [orgId, userId] });
}

/** The bootstrap token (by its client name) under another secret than the configured one is no longer valid. */
export async function replaceBootstrap(
  tx: Executor,
  orgId: string,
  clientName: string,
  secretSha256: Buffer,
): Promise<void> {
  await tx.query({
    text: 'delete from api_tokens where org_id = $1 and client_name = $2 and secret_sha256 <> $3',
    values: [orgId, clientName, secretSha256],
  });
}

export async function renewBootstrap(
  tx: Executor,
  orgId: string,
  secretSha256: Buffer,
  owner: { userId: string; expiresAt: Date },
): Promise<void> {
  await tx.query({
    text: 'update api_tokens set user_id = $3, expires_at = greatest(expires_at, $4) where org_id = $1 and secret_sha256 = $2',
    values: [orgId, secretSha256, owner.userId, owner.expiresAt],
  });
}

/** The names of the tokens that a zone binds. */
export async function namesUsingZone(tx: Executor, orgId: string, zoneId: string): Promise<string[]> {
  const { rows } = await tx.query<{ name: string }>({
    text: `select name from api_tokens where org_id = $1 and (network->'include' ? $2 or network->'exclude' ? $2) order by name`,
    values: [orgId, zoneId],
  });
  return rows.map(({ name }) => name);
}
