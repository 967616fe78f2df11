/** `GET /account`: who the hub says a person is, how they sign in and where they are signed in; and the way to end the other sessions. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { clientOf, pageHeaders } from '../../http/index.ts';
import { randomSecret } from '../../shared/ids.ts';
import { describeUserAgent, record } from '../../system-log/index.ts';
import { userTarget } from '../account/index.ts';
import { accountPage, type ShownSession } from '../page/index.ts';
import type { SignInContext } from '../service.ts';
import type { OpenSession, StoredSession } from '../sessions/index.ts';
import { languageFor, personOf, toSignIn } from './portal.ts';
import { ownProfile } from './profile.ts';

export async function account(
  context: SignInContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { ports } = context;
  const session = await context.sessions.find(request);
  if (session === null) return toSignIn(context, request, reply, '/account');
  const orgId = request.org.id;
  const open = await context.sessions.openOf(orgId, session.userId);
  const sessions = await Promise.all(open.map((one) => shown(context, orgId, one, session)));
  const nonce = randomSecret(16);
  const html = accountPage({
    nonce,
    language: languageFor(request),
    orgName: await ports.org.name(orgId),
    ...personOf(session),
    profile: ownProfile(await ports.schemas.user(orgId, session.typeId), session.profile),
    identities: await ports.linkedIdentities(orgId, session.userId),
    sessions: sessions.toSorted((a, b) => Number(b.isCurrent) - Number(a.isCurrent)),
  });
  return pageHeaders(reply, { nonce }).send(html);
}

/** Ends the person's other sessions, and what could still become one. The form says nothing: whose they are, the cookie tells. */
export async function signOutElsewhere(
  context: SignInContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const session = await context.sessions.find(request);
  if (session === null) return toSignIn(context, request, reply, '/account');
  const person = userTarget(session.userId, session.profile);
  await context.sessions.endOthers(request.org.id, session, (tx, at) =>
    record(tx, {
      orgId: request.org.id,
      type: 'user.session.clear',
      at,
      actor: person,
      targets: [person],
      client: clientOf(request),
      requestId: request.id,
      authentication: { sessionId: session.id },
    }),
  );
  return reply.header('cache-control', 'no-store').redirect('/account', 303);
}

async function shown(
  { ports }: SignInContext,
  orgId: string,
  { id, idpId, userAgent, lastSeen }: OpenSession,
  current: StoredSession,
): Promise<ShownSession> {
  const { browser, os } = describeUserAgent(userAgent ?? '').userAgent;
  const provider = idpId === null ? null : await ports.identityProviders.byId(orgId, idpId);
  return {
    isCurrent: id === current.id,
    browser: BROWSERS[browser] ?? null,
    system: os === 'Unknown' ? null : (SYSTEMS[os] ?? os),
    provider: idpId === null ? null : (provider?.displayName ?? idpId),
    lastUsed: lastSeen,
  };
}

/** As their makers write them. */
const BROWSERS: Readonly<Record<string, string>> = {
  EDGE: 'Edge',
  OPERA: 'Opera',
  FIREFOX: 'Firefox',
  CHROME: 'Chrome',
  SAFARI: 'Safari',
};
const SYSTEMS: Readonly<Record<string, string>> = { 'Mac OS X': 'macOS' };
