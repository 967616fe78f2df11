/** The SQL of sessions: a cookie's secret is stored as SHA-256 only. */
import type { Executor } from '../../database/index.ts';
import type { LogoutHandle } from '../../identity-providers/index.ts';
import type { Json } from '../../shared/json.ts';

export interface StoredSession {
  id: string;
  userId: string;
  idpId: string | null;
  logout: LogoutHandle | null;
  amr: string[];
  authTime: Date;
  lastSeen: Date;
  created: Date;
  /** Where nothing uses it. */
  idleExpires: Date;
  /** How long it lasts without use; null for the hub's own length. */
  idleSeconds: number | null;
  expires: Date;
  userStatus: string;
  typeId: string;
  login: string;
  profile: Record<string, Json>;
  emailVerified: boolean;
  userUpdated: Date;
  roles: string[];
  appIds: string[];
}

const SELECT = `select s.id, s.user_id as "userId", s.idp_id as "idpId", s.logout, s.amr, s.auth_time as "authTime", s.last_seen as "lastSeen",
    s.created, s.idle_expires as "idleExpires", s.idle_seconds as "idleSeconds", s.expires,
    u.status as "userStatus", u.type_id as "typeId", u.profile->>'login' as login, gatehouse_profile(u.org_id, u.type_id, u.profile) as profile, u.email_verified as "emailVerified", u.last_updated as "userUpdated",
    array(select role from user_roles r where r.org_id = $1 and r.user_id = u.id) as roles,
    array(select app_id from app_users a where a.org_id = $1 and a.user_id = u.id and a.status = 'ACTIVE') as "appIds"
  from sessions s join users u on u.org_id = s.org_id and u.id = s.user_id
  where s.org_id = $1 and s.ended is null and s.expires > $3 and s.idle_expires > $3`;

export async function findSession(
  db: Executor,
  orgId: string,
  secretSha256: Uint8Array,
  now: Date,
): Promise<StoredSession | null> {
  const { rows } = await db.query<StoredSession>({
    name: 'session_find',
    text: `${SELECT} and s.secret_sha256 = $2`,
    values: [orgId, secretSha256, now],
  });
  return rows[0] ?? null;
}

export async function findSessionById(
  db: Executor,
  orgId: string,
  id: string,
  now: Date,
): Promise<StoredSession | null> {
  const { rows } = await db.query<StoredSession>({
    name: 'session_by_id',
    text: `${SELECT} and s.id = $2`,
    values: [orgId, id, now],
  });
  return rows[0] ?? null;
}

export async function insertSession(tx: Executor, row: Record<string, unknown>): Promise<void> {
  await tx.query({
    text: 'insert into sessions select * from jsonb_populate_record(null::sessions, $1::jsonb)',
    values: [JSON.stringify(row)],
  });
}

/** $4: the idle length of a session that has none of its own, in seconds. */
const IDLE_END = `least($3::timestamptz + make_interval(secs => coalesce(idle_seconds, $4::int)), expires)`;

/** Puts its idle end off. */
export async function refreshSession(
  db: Executor,
  orgId: string,
  id: string,
  now: Date,
  ownIdle: number,
): Promise<void> {
  await db.query({
    text: `update sessions set last_seen = $3, idle_expires = ${IDLE_END} where org_id = $1 and id = $2`,
    values: [orgId, id, now, ownIdle],
  });
}

export async function endSessionById(tx: Executor, orgId: string, id: string, now: Date): Promise<boolean> {
  const { rowCount } = await tx.query({
    text: 'update sessions set ended = $3 where org_id = $1 and id = $2 and ended is null',
    values: [orgId, id, now],
  });
  return rowCount === 1;
}

export async function touchSession(
  db: Executor,
  orgId: string,
  secretSha256: Uint8Array,
  now: Date,
  ownIdle: number,
): Promise<void> {
  await db.query({
    name: 'session_touch',
    text: `update sessions set last_seen = $3, idle_expires = ${IDLE_END} where org_id = $1 and secret_sha256 = $2`,
    values: [orgId, secretSha256, now, ownIdle],
  });
}

/** Ends one session; its row tells whose it was. */
export async function endSession(
  db: Executor,
  orgId: string,
  secretSha256: Uint8Array,
  now: Date,
): Promise<{ id: string; userId: string } | null> {
  const { rows } = await db.query<{ id: string; userId: string }>({
    name: 'session_end',
    text: 'update sessions set ended = $3 where org_id = $1 and secret_sha256 = $2 and ended is null returning id, user_id as "userId"',
    values: [orgId, secretSha256, now],
  });
  return rows[0] ?? null;
}

export interface ProviderLogout {
  idpId: string;
  nameId: string;
  sessionIndexes: string[];
  once: { key: string; until: Date };
}

/** One statement: the request's id is burnt and the sessions end together; null where the id was burnt before. */
export async function endSessionsAtProvider(
  db: Executor,
  orgId: string,
  { idpId, nameId, sessionIndexes, once }: ProviderLogout,
  now: Date,
): Promise<{ id: string; userId: string }[] | null> {
  const { rows } = await db.query<{ id: string | null; userId: string | null }>({
    name: 'sessions_end_at_provider',
    text: `with burnt as (
        insert into consumed_once (org_id, key, until) values ($1, $2, $3) on conflict do nothing returning key
      ), ended as (
        update sessions set ended = $4 where org_id = $1 and idp_id = $5 and logout ->> 'nameId' = $6 and ended is null
          and (cardinality($7::text[]) = 0 or logout ->> 'sessionIndex' = any($7::text[])) and exists (select 1 from burnt)
        returning id, user_id
      )
      select e.id, e.user_id as "userId" from burnt left join ended e on true`,
    values: [orgId, once.key, once.until, now, idpId, nameId, sessionIndexes],
  });
  if (rows.length === 0) return null;
  return rows.flatMap(({ id, userId }) => (id === null || userId === null ? [] : [{ id, userId }]));
}

/** What a person is told of a session of theirs. */
export interface OpenSession {
  id: string;
  idpId: string | null;
  userAgent: string | null;
  lastSeen: Date;
}

/** Those used last come first. */
export async function openSessionsOf(
  db: Executor,
  orgId: string,
  userId: string,
  now: Date,
  limit: number,
): Promise<OpenSession[]> {
  const { rows } = await db.query<OpenSession>({
    name: 'sessions_open_of_user',
    text: `select id, idp_id as "idpId", user_agent as "userAgent", last_seen as "lastSeen" from sessions
      where org_id = $1 and user_id = $2 and ended is null and expires > $3 and idle_expires > $3 order by last_seen desc, id desc limit $4`,
    values: [orgId, userId, now, limit],
  });
  return rows;
}

/** Also what could still become a session. `except`: the id of a session that goes on. */
export async function endSessionsOf(
  db: Executor,
  orgId: string,
  userId: string,
  now: Date,
  except: string | null = null,
): Promise<number> {
  await db.query({
    text: 'update session_tokens set used = $3 where org_id = $1 and user_id = $2 and used is null',
    values: [orgId, userId, now],
  });
  const { rowCount } = await db.query({
    text: 'update sessions set ended = $3 where org_id = $1 and user_id = $2 and ended is null and id is distinct from $4',
    values: [orgId, userId, now, except],
  });
  return rowCount;
}

export async function purgeSessions(db: Executor, before: Date): Promise<number> {
  const { rowCount } = await db.query({ text: 'delete from sessions where expires < $1', values: [before] });
  await db.query({ text: 'delete from session_tokens where expires < $1', values: [before] });
  return rowCount;
}
