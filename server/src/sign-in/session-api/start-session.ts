/** A session token becomes a session: the token is used up, the browser's former session ends, and the sign-in is noted and logged, together. */
import type { FastifyRequest } from 'fastify';
import { inTransaction } from '../../database/index.ts';
import { clientOf } from '../../http/index.ts';
import { sha256 } from '../../shared/secrets.ts';
import { record } from '../../system-log/index.ts';
import { userTarget } from '../account/index.ts';
import type { SignInContext } from '../service.ts';
import type { NewSession, StoredSession } from '../sessions/index.ts';
import { deniedSession, signOnEvents } from '../sessions/sign-on.ts';
import { holdOwner, noteLogin, takeToken } from './tokens.ts';

export interface Started {
  session: StoredSession;
  /** With the cookie's secret. */
  made: NewSession;
}

const SHAPE = /^[A-Za-z0-9_-]{20,100}$/;

/** Null for a token that is worth nothing (any more). @param former whether the browser's session is to end: where the cookie is replaced */
export async function startSession(
  { database, clock, sessions, ports }: SignInContext,
  request: FastifyRequest,
  token: string,
  former: boolean,
): Promise<Started | null> {
  if (!SHAPE.test(token)) return null;
  const orgId = request.org.id;
  return inTransaction(database, async (tx) => {
    const at = clock.now();
    await holdOwner(tx, orgId, sha256(token));
    const taken = await takeToken(tx, orgId, sha256(token), at);
    if (taken === null) return null;
    const client = clientOf(request);
    const { userId, authTime, groupIds } = taken;
    const signOn = await ports.signOn(orgId, { userId, groupIds, ip: client.ip });
    if (signOn.access === 'DENY') {
      await record(tx, deniedSession(request, userTarget(userId, taken.profile), signOn, at));
      return null;
    }
    const made = sessions.create({
      ...{ orgId, userId, authTime, idpId: null, amr: ['pwd'], client },
      limits: signOn.session,
    });
    const session = await sessions.start(tx, orgId, made, former ? sessions.presented(request) : null);
    if (session === null) return null;
    await noteLogin(tx, orgId, userId, at);
    const user = userTarget(session.userId, session.profile);
    const common = { orgId, at, actor: user, targets: [user], client, requestId: request.id };
    const authentication = { credentialType: 'PASSWORD', sessionId: made.id };
    const started = { ...common, type: 'user.session.start', authentication } as const;
    await record(tx, ...signOnEvents(signOn, { ...common, authentication }), started);
    return { session, made };
  });
}
