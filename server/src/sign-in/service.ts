/** The sign-in's abilities for the rest of the house, and the context that its steps share. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ActiveSession, AuthorizationRequest } from '../authorization-server/index.ts';
import type { Database, Executor } from '../database/index.ts';
import { clientOf, type Principal } from '../http/index.ts';
import type { Configuration } from '../orgs/index.ts';
import { type Clock, HOUR } from '../shared/clock.ts';
import type { SecretBox } from '../shared/secret-box.ts';
import { record } from '../system-log/index.ts';
import type { AccountDeps } from './account/account.ts';
import { userTarget } from './account/index.ts';
import { dispatch, permits } from './dispatch.ts';
import { sendToProvider } from './federation/send.ts';
import { createNetworkLimit, type NetworkLimit } from './passwords/index.ts';
import type { SignInPorts, Whence } from './ports.ts';
import { startSession } from './session-api/start-session.ts';
import { createSessions, type Sessions, type StoredSession } from './sessions/index.ts';
import type { Trace, Traces } from './trace/index.ts';
import {
  createTransactions,
  DEFAULT_LIFETIME,
  newTransactionId,
  type SignInTransaction,
  type Transactions,
} from './transaction/index.ts';

/** From one network (security.md §4.5). */
const LINKS_PER_HOUR = 20;

export interface SignInContext {
  database: Database;
  clock: Clock;
  ports: SignInPorts;
  transactions: Transactions;
  sessions: Sessions;
  traces: Traces;
  account: AccountDeps;
  /** Links to reset a password that may be asked for from one network. */
  linkRequests: NetworkLimit;
}

export interface SignInDeps {
  database: Database;
  configuration: Configuration;
  secretBox: SecretBox;
  clock: Clock;
  traces: Traces;
  ports: SignInPorts;
}

export interface SignIn {
  context: SignInContext;
  /** Starts a sign-in for an application's request: to the provider at once, or to a page of the hub. */
  begin(
    request: FastifyRequest,
    reply: FastifyReply,
    wanted: AuthorizationRequest,
    trace: Trace,
  ): Promise<FastifyReply>;
  /** Who the browser's session belongs to, for the console's calls. */
  principal(request: FastifyRequest): Promise<Principal | null>;
  /** The browser's session as tokens need it. */
  activeSession(request: FastifyRequest): Promise<ActiveSession | null>;
  /** Makes a session token the browser's session, as tokens need it; null for one that is worth nothing. */
  startSession(request: FastifyRequest, reply: FastifyReply, sessionToken: string): Promise<ActiveSession | null>;
  /** Ends every session of a user in the caller's transaction, but for the one with the id `except`; returns how many. */
  endSessions(tx: Executor, orgId: string, userId: string, at: Date, except?: string | null): Promise<number>;
  /** Ends the browser's session, with its log event. */
  /** Ends the browser's session and resolves with what it was; null where there was none. */
  signOut(request: FastifyRequest, reply: FastifyReply): Promise<StoredSession | null>;
}

export function createSignIn(deps: SignInDeps): SignIn {
  const { database, clock, ports, traces, configuration } = deps;
  const sessions = createSessions({ database, clock });
  const context: SignInContext = {
    database,
    clock,
    ports,
    traces,
    sessions,
    transactions: createTransactions({ database, secretBox: deps.secretBox, clock }),
    account: { database, configuration, clock, sessions, ports },
    linkRequests: createNetworkLimit(LINKS_PER_HOUR, clock, HOUR),
  };
  return {
    context,
    begin: (request, reply, wanted, trace) =>
      proceed(
        context,
        request,
        reply,
        newTransaction(context, request, { request: wanted, returnTo: '/', traceId: trace.id }),
        trace,
      ),
    async principal(request) {
      const session = await sessions.find(request);
      if (session === null) return null;
      const user = userTarget(session.userId, session.profile);
      return {
        kind: 'session',
        userId: session.userId,
        login: session.login,
        displayName: user.displayName,
        roles: session.roles,
        credentialId: session.id,
      };
    },
    async activeSession(request) {
      const session = await sessions.find(request);
      return session === null ? null : toActive(ports, request, session);
    },
    async startSession(request, reply, sessionToken) {
      const started = await startSession(context, request, sessionToken, true);
      if (started === null) return null;
      sessions.setCookie(reply, started.made);
      return toActive(ports, request, started.session);
    },
    endSessions: sessions.endAll,
    async signOut(request, reply) {
      const session = await sessions.find(request);
      const ended = await sessions.end(request, reply);
      if (session === null || ended === null) return null;
      const user = userTarget(session.userId, session.profile);
      await record(database, {
        orgId: request.org.id,
        type: 'user.session.end',
        at: clock.now(),
        actor: user,
        targets: [user],
        client: clientOf(request),
        requestId: request.id,
        authentication: { sessionId: ended.id },
      });
      return session;
    },
  };
}

function toActive(ports: SignInPorts, request: FastifyRequest, session: StoredSession): ActiveSession {
  const { id, userId, idpId, amr, authTime, login, profile, emailVerified, userUpdated, appIds } = session;
  return {
    ...{ id, userId, idpId, amr, authTime },
    user: { id: userId, login, profile, emailVerified, lastUpdated: userUpdated, appProfile: {} },
    assigned: (appId) => appIds.includes(appId),
    permitted: async (appId) =>
      permits(
        await ports.routing.decide(request.org.id, { appId, ...clientFacts(request), login, person: profile }),
        idpId,
      ),
  };
}

export function newTransaction(
  context: SignInContext,
  request: FastifyRequest,
  wish: { request: AuthorizationRequest | null; returnTo: string; traceId: string; local?: { notice: string | null } },
): SignInTransaction {
  const created = context.clock.now().getTime();
  return {
    id: newTransactionId(),
    orgId: request.org.id,
    traceId: wish.traceId,
    created,
    expires: created + DEFAULT_LIFETIME,
    request: wish.request,
    returnTo: wish.returnTo,
    ...(wish.local === undefined ? {} : { local: wish.local }),
  };
}

/** Does what the dispatcher says: leaves for the provider, or shows the transaction's page. */
export async function proceed(
  context: SignInContext,
  request: FastifyRequest,
  reply: FastifyReply,
  transaction: SignInTransaction,
  trace: Trace,
): Promise<FastifyReply> {
  const next = await dispatch(context.ports, transaction, clientFacts(request), trace);
  if (next.kind === 'provider') return sendToProvider(context, request, reply, transaction, next, trace);
  if (next.kind === 'local' && next.passedOver !== null) {
    await record(context.database, {
      orgId: transaction.orgId,
      type: 'policy.evaluate_sign_on',
      at: context.clock.now(),
      outcome: { result: 'SKIPPED', reason: `No routing rule with an identity provider applies. ${next.passedOver}` },
      client: clientOf(request),
      requestId: request.id,
      transactionId: trace.id,
    });
  }
  await context.transactions.keep(request, reply, transaction);
  return reply.header('cache-control', 'no-store').redirect(`/signin/${transaction.id}`, 303);
}

/** Where somebody proves who they are from, for those who have to record it. */
export function whence(request: FastifyRequest): Whence {
  const { id: orgId, baseUrl } = request.org;
  return { orgId, baseUrl, client: clientOf(request), requestId: request.id };
}

export function clientFacts(request: FastifyRequest): { ip: string; userAgent: string } {
  const { ip, userAgent } = clientOf(request);
  return { ip, userAgent };
}
