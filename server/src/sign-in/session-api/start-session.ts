/** A session token becomes a session: the token is used up, the browser's former session ends, and the sign-in is logged, together. */
import type { FastifyRequest } from 'fastify';
import { inTransaction } from '../../database/index.ts';
import { clientOf } from '../../http/index.ts';
import { sha256 } from '../../shared/secrets.ts';
import { record } from '../../system-log/index.ts';
import { userTarget } from '../account/index.ts';
import type { SignInContext } from '../service.ts';
import type { NewSession, StoredSession } from '../sessions/index.ts';
import { takeToken } from './tokens.ts';

export interface Started {
  session: StoredSession;
  /** With the cookie's secret. */
  made: NewSession;
}

const SHAPE = /^[A-Za-z0-9_-]{20,100}$/;

/** Null for a token that is worth nothing (any more). @param former whether the browser's session is to end: where the cookie is replaced */
export async function startSession(
  { database, clock, sessions }: SignInContext,
  request: FastifyRequest,
  token: string,
  former: boolean,
): Promise<Started | null> {
  if (!SHAPE.test(token)) return null;
  const orgId = request.org.id;
  return inTransaction(database, async (tx) => {
    const at = clock.now();
    const taken = await takeToken(tx, orgId, sha256(token), at);
    if (taken === null) return null;
    const client = clientOf(request);
    const made = sessions.create({ orgId, ...taken, idpId: null, amr: ['pwd'], client });
    const session = await sessions.start(tx, orgId, made, former ? sessions.presented(request) : null);
    if (session === null) return null;
    const user = userTarget(session.userId, session.profile);
    await record(tx, {
      orgId,
      type: 'user.session.start',
      at,
      actor: user,
      targets: [user],
      client,
      requestId: request.id,
      authentication: { credentialType: 'PASSWORD', sessionId: made.id },
    });
    return { session, made };
  });
}
