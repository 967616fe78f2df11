/** Authorize (contract §11.2): check, answer from the session where it is good enough, otherwise let the person sign in. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { clientOf, createRateLimiter } from '../http/index.ts';
import { authorizeErrors, type OAuthError, parametersOf } from '../protocol/oauth/index.ts';
import type { Trace } from '../sign-in/index.ts';
import { type EventInput, type LogTarget, record } from '../system-log/index.ts';
import { type Checked, checkRequest } from './checks/index.ts';
import type { Client } from './client.ts';
import { draftGrant } from './grants/draft.ts';
import { writeGrant } from './grants/store.ts';
import type { Issuing } from './issue/issue.ts';
import type { Lifetimes } from './issue/lifetimes.ts';
import type { Issuer } from './issuers.ts';
import type { Keys } from './keys/keys.ts';
import type { ActiveSession, AuthorizationServerDeps } from './ports.ts';
import type { AuthorizationRequest } from './request.ts';
import { respond, respondError, respondProblem } from './respond.ts';

export type AuthorizeDeps = Omit<AuthorizationServerDeps, 'lifetimes'> & {
  issuing: Issuing;
  keys: Keys;
  lifetimes: Lifetimes;
};

/** Refusals of one application that are written to the log within a minute; the rest only answers. */
const LOGGED_PER_MINUTE = 30;
const MAX_LOGGED = 300;

const NO_SCOPES = async () => new Set<string>();

interface Asked {
  request: FastifyRequest;
  sent: URLSearchParams;
  trace: Trace;
}

export function createAuthorize(deps: AuthorizeDeps) {
  const logged = createRateLimiter(LOGGED_PER_MINUTE, deps.clock);

  async function refuse({ request, sent, trace }: Asked, client: Client | null, error: OAuthError): Promise<void> {
    trace.fact({ outcome: 'FAILURE', reason: error.error_description });
    trace.step({
      kind: 'request.checked',
      outcome: 'FAILED',
      code: error.error,
      detail: [{ label: 'Reason', made: error.error_description }],
    });
    if (client === null || error.error === 'login_required' || !logged.hit(client.id).allowed) return;
    await record(deps.database, refusalEvent({ request, sent, trace }, client, error, deps.clock.now()));
  }

  return async (
    request: FastifyRequest,
    reply: FastifyReply,
    issuer: Issuer,
    sent: URLSearchParams,
  ): Promise<FastifyReply> => {
    const checked = await checkRequest({
      ...deps,
      apiScopes: issuer.apiScopes ? deps.apiScopes : NO_SCOPES,
      orgId: request.org.id,
      issuer: request.org.baseUrl + issuer.path,
      parameters: parametersOf(sent),
    });
    const trace = startTrace(deps, request, checked, sent);
    if (checked.kind === 'untrusted') {
      await refuse({ request, sent, trace }, checked.client, checked.error);
      return respondProblem(deps, request, reply, checked.error, checked.status, trace.id);
    }
    if (checked.kind === 'refused') {
      await refuse({ request, sent, trace }, checked.client, checked.error);
      return respondError(deps, request, reply, checked.answerTo, checked.error);
    }
    const { request: wanted, client } = checked;
    trace.step({ kind: 'request.checked', outcome: 'PASSED' });
    const sessionToken = sent.get('sessionToken');
    const session =
      sessionToken === null
        ? await usableSession(deps, request, wanted)
        : await sessionOfToken(deps, request, reply, wanted, sessionToken);
    if (session === null && !wanted.prompt?.includes('none')) return deps.signIn.begin(request, reply, wanted, trace);
    const error = session === null ? authorizeErrors.loginRequired() : await refusalOf(session, client);
    if (session === null || error !== null) {
      const answer = error ?? authorizeErrors.loginRequired();
      await refuse({ request, sent, trace }, client, answer);
      return respondError(deps, request, reply, wanted, answer);
    }
    return grant(deps, request, reply, { wanted, client, session, trace });
  };
}

const refusalOf = async (session: ActiveSession, client: Client): Promise<OAuthError | null> =>
  client.assignedToEveryone || (await session.assigned(client.id)) ? null : authorizeErrors.notAssigned();

/** The browser's session, unless the request wants a fresh sign-in, a more recent one, or another user's. */
async function usableSession(
  deps: AuthorizeDeps,
  request: FastifyRequest,
  wanted: AuthorizationRequest,
): Promise<ActiveSession | null> {
  if (wanted.prompt?.some((word) => word === 'login' || word === 'select_account')) return null;
  const session = await deps.signIn.session(request);
  if (session === null) return null;
  if (wanted.subject !== undefined && wanted.subject !== session.userId) return null;
  if (!(await session.permitted(wanted.appId))) return null;
  const age = deps.clock.now().getTime() - session.authTime.getTime();
  return wanted.maxAge !== undefined && (wanted.maxAge === 0 || age > wanted.maxAge * 1000) ? null : session;
}

/** A session token is a sign-in of its own: it comes before the cookie, and one that is worth nothing leaves nobody signed in. */
async function sessionOfToken(
  { signIn }: AuthorizeDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  wanted: AuthorizationRequest,
  token: string,
): Promise<ActiveSession | null> {
  const session = await signIn.startSession(request, reply, token);
  if (session === null || (wanted.subject !== undefined && wanted.subject !== session.userId)) return null;
  return (await session.permitted(wanted.appId)) ? session : null;
}

interface Grantable {
  wanted: AuthorizationRequest;
  client: Client;
  session: ActiveSession;
  trace: Trace;
}

async function grant(
  deps: AuthorizeDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  { wanted, client, session, trace }: Grantable,
): Promise<FastifyReply> {
  const { user } = session;
  const draft = draftGrant(
    wanted,
    {
      orgId: request.org.id,
      userId: session.userId,
      sessionId: session.id,
      idpId: session.idpId,
      amr: session.amr,
      authTime: session.authTime,
      traceId: trace.id,
      user: userTarget(user.id, user.login, user.profile),
      applicationLabel: client.label,
      client: clientOf(request),
      requestId: request.id,
    },
    { now: deps.clock.now(), lifetimes: deps.lifetimes },
  );
  await writeGrant(deps.database, draft);
  trace.fact({ outcome: 'SUCCESS', userId: session.userId, login: user.login });
  trace.step({
    kind: 'session.found',
    outcome: 'PASSED',
    detail: [{ label: 'Signed in at', made: session.authTime.toISOString() }],
  });
  trace.step({
    kind: 'grant.issued',
    outcome: 'PASSED',
    detail: [{ label: 'Response type', made: wanted.responseType }],
  });
  return respond(deps, request, reply, wanted, draft, user);
}

function userTarget(id: string, login: string, profile: Record<string, unknown>): LogTarget {
  const name = [profile.firstName, profile.lastName]
    .filter((part) => typeof part === 'string' && part !== '')
    .join(' ');
  return { id, type: 'User', alternateId: login, displayName: name === '' ? login : name };
}

/** Names of parameters are shown, values only where they tell nothing of a person or a secret. */
const SHOWN = [
  'response_type',
  'response_mode',
  'redirect_uri',
  'scope',
  'prompt',
  'max_age',
  'idp',
  'code_challenge_method',
];

function startTrace(deps: AuthorizeDeps, request: FastifyRequest, checked: Checked, sent: URLSearchParams): Trace {
  const { client } = checked;
  const trace = deps.traces.start(request.org.id, {
    outcome: 'OPEN',
    ...(client === null ? {} : { appId: client.id }),
  });
  const shown = SHOWN.flatMap((name) => (sent.has(name) ? [{ label: name, received: sent.get(name) }] : []));
  const detail = [{ label: 'Parameters', received: [...new Set(sent.keys())].slice(0, 30) }, ...shown];
  trace.step({ kind: 'request.received', outcome: 'INFO', detail });
  return trace;
}

function refusalEvent({ request, sent, trace }: Asked, client: Client, error: OAuthError, at: Date): EventInput {
  return {
    orgId: request.org.id,
    type: 'app.oauth2.authorize',
    at,
    outcome: { result: 'FAILURE', reason: error.error_description },
    client: clientOf(request),
    requestId: request.id,
    transactionId: trace.id,
    targets: [{ id: client.id, type: 'AppInstance', alternateId: client.label, displayName: client.label }],
    debugData: {
      code: error.error,
      clientId: client.clientId,
      redirectUri: sent.get('redirect_uri')?.slice(0, MAX_LOGGED) ?? null,
    },
  };
}
