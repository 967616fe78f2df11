/** Sessions of people at the hub: a random cookie, a row, an idle and an absolute end (rulings 12). A new id at every sign-in. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Database, type Executor, inTransaction } from '../../database/index.ts';
import { type ClientInfo, SESSION_COOKIE, sessionCookie } from '../../http/index.ts';
import type { LogoutHandle } from '../../identity-providers/index.ts';
import type { SessionLimits } from '../../routing-rules/index.ts';
import { after, type Clock, HOUR, MINUTE, SECOND } from '../../shared/clock.ts';
import { newId, randomSecret } from '../../shared/ids.ts';
import { sha256 } from '../../shared/secrets.ts';
import {
  endSession,
  endSessionById,
  endSessionsAtProvider,
  endSessionsOf,
  findSession,
  findSessionById,
  insertSession,
  type OpenSession,
  openSessionsOf,
  type ProviderLogout,
  refreshSession,
  type StoredSession,
  touchSession,
} from './store.ts';

export { type OpenSession, purgeSessions, type StoredSession } from './store.ts';

const IDLE = 2 * HOUR;
const ABSOLUTE = 12 * HOUR;
/** A session's last use is written at most this often; oftener where its idle length is short. */
const TOUCH_AFTER = 5 * MINUTE;
const touchAfter = (idleSeconds: number | null) =>
  Math.min(TOUCH_AFTER, ((idleSeconds ?? IDLE / SECOND) * SECOND) / 10);
/** In which statuses a session stays usable (security.md L9). */
const USABLE = new Set(['ACTIVE', 'PASSWORD_EXPIRED', 'RECOVERY']);
/** More open sessions than these are not listed. */
const MANY = 20;
const COOKIE_PATTERN = /^[A-Za-z0-9_-]{43}$/;

export interface NewSession {
  id: string;
  secret: string;
  /** The row of `sessions`, ready for JSON. */
  row: Record<string, unknown>;
}

export interface Sessions {
  /** The browser's session while it and its user are usable; one statement. */
  find(request: FastifyRequest): Promise<StoredSession | null>;
  create(input: {
    orgId: string;
    userId: string;
    idpId: string | null;
    amr: string[];
    authTime: Date;
    client: ClientInfo;
    /** How the provider knows the session, where it takes part in logout. */
    logout?: LogoutHandle;
    /** What a sign-on policy gives; the hub's own lengths hold where they are shorter, and for null. */
    limits: SessionLimits | null;
  }): NewSession;
  setCookie(reply: FastifyReply, session: NewSession): void;
  /** SHA-256 of the cookie that the browser sent, to end that session within a commit; null without one. */
  presented(request: FastifyRequest): Buffer | null;
  end(request: FastifyRequest, reply: FastifyReply): Promise<{ id: string; userId: string } | null>;
  /** Ends what a provider asks to end, once; null where the request was used before. */
  endAtProvider(tx: Executor, orgId: string, wish: ProviderLogout): Promise<{ id: string; userId: string }[] | null>;
  /** A live session whose user is usable. */
  byId(orgId: string, id: string): Promise<StoredSession | null>;
  /** Writes a session that was made, in place of the one with this cookie where there is one; null where its user is not usable. */
  start(tx: Executor, orgId: string, made: NewSession, former: Buffer | null): Promise<StoredSession | null>;
  /** Puts the idle end off; null where there is no such session any more. */
  refresh(orgId: string, id: string): Promise<StoredSession | null>;
  /** Ends one session together with `record`, which is not called where it has ended. */
  endById(orgId: string, id: string, record: (tx: Executor, at: Date) => Promise<void>): Promise<void>;
  /** A user's open sessions, those used last first; the newest ones only where there are many. */
  openOf(orgId: string, userId: string): Promise<OpenSession[]>;
  /** Ends every other session of the session's user together with `record`. */
  endOthers(
    orgId: string,
    session: { id: string; userId: string },
    record: (tx: Executor, at: Date) => Promise<void>,
  ): Promise<void>;
  /** Ends every session of a user in the caller's transaction, but for the one with the id `except`; returns how many. */
  endAll(tx: Executor, orgId: string, userId: string, at: Date, except?: string | null): Promise<number>;
}

export function createSessions(deps: { database: Database; clock: Clock }): Sessions {
  const { database, clock } = deps;
  const presented = (request: FastifyRequest) => {
    const secret = request.cookies[SESSION_COOKIE];
    return secret !== undefined && COOKIE_PATTERN.test(secret) ? sha256(secret) : null;
  };
  const byId = async (db: Executor, orgId: string, id: string) => {
    const session = await findSessionById(db, orgId, id, clock.now());
    return session !== null && USABLE.has(session.userStatus) ? session : null;
  };
  return {
    presented,
    byId: (orgId, id) => byId(database, orgId, id),
    async start(tx, orgId, made, former) {
      if (former !== null) await endSession(tx, orgId, former, clock.now());
      await insertSession(tx, made.row);
      return byId(tx, orgId, made.id);
    },
    async refresh(orgId, id) {
      const now = clock.now();
      await refreshSession(database, orgId, id, now, IDLE / SECOND);
      return byId(database, orgId, id);
    },
    endById: (orgId, id, record) =>
      inTransaction(database, async (tx) => {
        const now = clock.now();
        if (await endSessionById(tx, orgId, id, now)) await record(tx, now);
      }),
    async find(request) {
      const hash = presented(request);
      if (hash === null) return null;
      const now = clock.now();
      const session = await findSession(database, request.org.id, hash, now);
      if (session === null || !USABLE.has(session.userStatus)) return null;
      if (now.getTime() - session.lastSeen.getTime() > touchAfter(session.idleSeconds))
        await touchSession(database, request.org.id, hash, now, IDLE / SECOND);
      return session;
    },
    create({ orgId, userId, idpId, amr, authTime, client, logout, limits }) {
      const now = clock.now();
      const { idle, absolute } = lengthsOf(limits);
      const expires = after(now, absolute);
      const secret = randomSecret(32);
      const id = newId('session', now);
      return {
        id,
        secret,
        row: {
          org_id: orgId,
          secret_sha256: `\\x${sha256(secret).toString('hex')}`,
          id,
          user_id: userId,
          idp_id: idpId,
          amr,
          auth_time: authTime,
          created: now,
          last_seen: now,
          idle_expires: after(now, Math.min(idle, absolute)),
          expires,
          ended: null,
          logout: logout ?? null,
          ip: client.ip,
          user_agent: client.userAgent,
          idle_seconds: idle / SECOND,
        },
      };
    },
    setCookie(reply, session) {
      reply.setCookie(SESSION_COOKIE, session.secret, sessionCookie);
    },
    async end(request, reply) {
      const hash = presented(request);
      reply.clearCookie(SESSION_COOKIE, sessionCookie);
      return hash === null ? null : endSession(database, request.org.id, hash, clock.now());
    },
    endAtProvider: (tx, orgId, wish) => endSessionsAtProvider(tx, orgId, wish, clock.now()),
    openOf: (orgId, userId) => openSessionsOf(database, orgId, userId, clock.now(), MANY),
    endOthers: (orgId, { id, userId }, record) =>
      inTransaction(database, async (tx) => {
        const now = clock.now();
        await endSessionsOf(tx, orgId, userId, now, id);
        await record(tx, now);
      }),
    endAll: endSessionsOf,
  };
}

/** In milliseconds: never longer than the hub's own. */
function lengthsOf(limits: SessionLimits | null): { idle: number; absolute: number } {
  return {
    idle: Math.min(IDLE, limits === null ? IDLE : limits.idleMinutes * MINUTE),
    absolute: Math.min(ABSOLUTE, limits?.lifetimeMinutes == null ? ABSOLUTE : limits.lifetimeMinutes * MINUTE),
  };
}
