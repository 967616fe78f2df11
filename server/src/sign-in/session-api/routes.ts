/**
 * `/api/v1/authn`, `/api/v1/sessions` and the address that turns a session token into the browser's cookie (contract §10.3). What a browser
 * calls with its own cookie (`/sessions/me`) is open to pages of ours and to trusted ones; the rest is management.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Type, { type Static } from 'typebox';
import {
  allowOrigin,
  apiErrors,
  comesFromStranger,
  describedUnder,
  NO_CONTENT,
  ownPath,
  principalOf,
  SUPER_ADMIN,
  sendPreflight,
  type TrustedPages,
} from '../../http/index.ts';
import { callerOf, doneBy, record } from '../../system-log/index.ts';
import { userTarget } from '../account/index.ts';
import type { SignIn, SignInContext } from '../service.ts';
import type { StoredSession } from '../sessions/index.ts';
import { authenticate } from './authn.ts';
import { startSession } from './start-session.ts';
import { sessionToWire } from './wire.ts';

export interface SessionRoutesDeps {
  signIn: SignIn;
  /** Pages that may call with a person's cookie. */
  pages(orgId: string): Promise<TrustedPages>;
  /** Origins to which a browser may be sent back. */
  destinations(orgId: string): Promise<TrustedPages>;
}

const AuthnBody = Type.Object({
  username: Type.Optional(Type.String({ maxLength: 1000 })),
  password: Type.Optional(Type.String({ maxLength: 10_000 })),
});
const SessionBody = Type.Object({ sessionToken: Type.String({ maxLength: 1000 }) });
type ById = { Params: { sessionId: string } };

const TAG = 'Sessions';
const described = describedUnder(TAG);
/** Called without credentials of the management API. */
const open = (summary: string, parts: object = {}) => ({ tags: [TAG], summary, security: [], ...parts });

export function sessionRoutes(deps: SessionRoutesDeps) {
  return async (server: FastifyInstance) => {
    server.register(browserRoutes(deps));
    server.register(managementRoutes(deps.signIn.context));
    server.register(redirectRoute(deps));
  };
}

/** What pages call: authn, and the browser's own session. */
function browserRoutes({ signIn, pages }: SessionRoutesDeps) {
  const { context } = signIn;
  const onRequest = async (request: FastifyRequest, reply: FastifyReply) => {
    const trusted = await pages(request.org.id);
    allowOrigin(request, reply, trusted, { anybody: false });
    if (request.method !== 'OPTIONS' && comesFromStranger(request, trusted))
      throw apiErrors.forbidden(
        'Pages of this origin may not call this: it is neither a trusted origin nor one of a redirect URI.',
      );
  };
  const mine = async (request: FastifyRequest): Promise<StoredSession> => {
    const session = await context.sessions.find(request);
    if (session === null) throw apiErrors.notFound('me', 'Session');
    return session;
  };
  return async (server: FastifyInstance) => {
    const preflight = (url: string, methods: string) =>
      server.options(url, { onRequest, schema: { hide: true, security: [] } }, async (_request, reply) =>
        sendPreflight(reply, methods),
      );
    server.post<{ Body: Static<typeof AuthnBody> }>(
      '/api/v1/authn',
      { onRequest, schema: open('Checks a login and a password: a session token', { body: AuthnBody }) },
      async (request, reply) => {
        const { username = '', password = '' } = request.body;
        return reply
          .header('cache-control', 'no-store')
          .send(await authenticate(context, request, { username, password }));
      },
    );
    preflight('/api/v1/authn', 'POST, OPTIONS');
    server.get(
      '/api/v1/sessions/me',
      { onRequest, schema: open("Reads the browser's session") },
      async (request, reply) =>
        reply.header('cache-control', 'no-store').send(sessionToWire(await mine(request), request.org, 'me')),
    );
    server.delete(
      '/api/v1/sessions/me',
      { onRequest, schema: open("Ends the browser's session", { response: NO_CONTENT }) },
      async (request, reply) => {
        if ((await signIn.signOut(request, reply)) === null) throw apiErrors.notFound('me', 'Session');
        return reply.status(204).send();
      },
    );
    preflight('/api/v1/sessions/me', 'GET, DELETE, OPTIONS');
    server.post(
      '/api/v1/sessions/me/lifecycle/refresh',
      { onRequest, schema: open("Puts the end of the browser's session off") },
      async (request, reply) => {
        const session = await context.sessions.refresh(request.org.id, (await mine(request)).id);
        if (session === null) throw apiErrors.notFound('me', 'Session');
        return reply.header('cache-control', 'no-store').send(sessionToWire(session, request.org, 'me'));
      },
    );
    preflight('/api/v1/sessions/me/lifecycle/refresh', 'POST, OPTIONS');
  };
}

function managementRoutes(context: SignInContext) {
  const existing = async (request: FastifyRequest): Promise<StoredSession> => {
    const { sessionId } = (request as FastifyRequest<ById>).params;
    const session = await context.sessions.byId(request.org.id, sessionId);
    if (session === null) throw apiErrors.notFound(sessionId, 'Session');
    return session;
  };
  /** An administrator's session is changed by super administrators, or by its owner. */
  const changeable = async (request: FastifyRequest): Promise<StoredSession> => {
    const { roles, userId } = principalOf(request);
    const session = await existing(request);
    if (session.roles.length > 0 && !roles.includes(SUPER_ADMIN) && session.userId !== userId)
      throw apiErrors.forbidden('This is the session of an administrator: a super administrator can do this.');
    return session;
  };
  return async (server: FastifyInstance) => {
    server.post<{ Body: Static<typeof SessionBody> }>(
      '/api/v1/sessions',
      described('Creates a session from a session token', { body: SessionBody }),
      async (request, reply) => {
        const started = await startSession(context, request, request.body.sessionToken, false);
        if (started === null) throw apiErrors.authenticationFailed();
        const body = sessionToWire(started.session, request.org, started.session.id);
        return reply.header('cache-control', 'no-store').send(body);
      },
    );
    server.get<ById>('/api/v1/sessions/:sessionId', described('Reads a session'), async (request) =>
      sessionToWire(await existing(request), request.org, request.params.sessionId),
    );
    server.delete<ById>(
      '/api/v1/sessions/:sessionId',
      described('Ends a session', { response: NO_CONTENT }),
      async (request, reply) => {
        await endSession(context, request, await changeable(request));
        return reply.status(204).send();
      },
    );
    server.post<ById>(
      '/api/v1/sessions/:sessionId/lifecycle/refresh',
      described('Puts the end of a session off'),
      async (request) => {
        const { id } = await changeable(request);
        const session = await context.sessions.refresh(request.org.id, id);
        if (session === null) throw apiErrors.notFound(id, 'Session');
        return sessionToWire(session, request.org, id);
      },
    );
  };
}

async function endSession(context: SignInContext, request: FastifyRequest, session: StoredSession): Promise<void> {
  const caller = callerOf(request);
  const targets = [userTarget(session.userId, session.profile)];
  const authentication = { sessionId: session.id };
  await context.sessions.endById(caller.orgId, session.id, async (tx, at) =>
    record(tx, doneBy(caller, { type: 'user.session.end', at, targets, authentication })),
  );
}

/** A browser comes with a session token, gets the cookie, and goes on to where it was meant to go. */
function redirectRoute({ signIn: { context }, destinations }: SessionRoutesDeps) {
  return async (server: FastifyInstance) => {
    server.get(
      '/login/sessionCookieRedirect',
      { exposeHeadRoute: false, schema: { hide: true } },
      async (request, reply) => {
        const { token, redirectUrl } = request.query as Record<string, unknown>;
        const to = await destinationOf(request, redirectUrl, destinations);
        if (to === null)
          throw apiErrors.validation(
            'redirectUrl',
            'redirectUrl: expected an address of this hub, or of a trusted origin with the scope REDIRECT',
          );
        const started = typeof token === 'string' ? await startSession(context, request, token, true) : null;
        reply.header('cache-control', 'no-store');
        if (started === null) return reply.redirect('/login/default', 303);
        context.sessions.setCookie(reply, started.made);
        return reply.redirect(to, 303);
      },
    );
  };
}

async function destinationOf(
  { org }: FastifyRequest,
  wanted: unknown,
  destinations: SessionRoutesDeps['destinations'],
): Promise<string | null> {
  if (typeof wanted !== 'string' || wanted.length > 2000) return null;
  const url = URL.parse(wanted, org.baseUrl);
  if (url === null || url.username !== '' || url.password !== '') return null;
  if (url.origin === new URL(org.baseUrl).origin) return ownPath(url.pathname + url.search + url.hash, org.baseUrl);
  return (await destinations(org.id)).has(url.origin) ? url.href : null;
}
