/** Local sign-in by user name and password: for administrators, and for people without a provider. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { clientOf, formOf } from '../http/index.ts';
import type { RouteDecision, SignOnDecision } from '../routing-rules/index.ts';
import { type EventInput, insertLog, type LogTarget, logRows, record } from '../system-log/index.ts';
import { CommitConflict, commitSignIn, type Part, userTarget } from './account/index.ts';
import { permits } from './dispatch.ts';
import { finishSignIn } from './finish.ts';
import { askForNewPassword } from './own-password/remember.ts';
import { MAY_SIGN_IN } from './passwords/index.ts';
import type { PasswordOutcome, PasswordUser } from './ports.ts';
import { sendProblem } from './problem.ts';
import { clientFacts, type SignInContext, whence } from './service.ts';
import { deniedReason, SIGN_ON_DENIED, signOnEvents, signOnSteps, signOnTargets } from './sessions/sign-on.ts';
import { showStep } from './step.ts';
import type { Trace } from './trace/index.ts';
import type { SignInTransaction } from './transaction/index.ts';

export async function signInWithPassword(
  context: SignInContext,
  request: FastifyRequest,
  reply: FastifyReply,
  transaction: SignInTransaction,
): Promise<FastifyReply> {
  const trace = context.traces.resume(transaction.orgId, transaction.traceId);
  const login = (formOf(request).get('login') ?? '').trim().slice(0, 255);
  const password = formOf(request).get('password') ?? '';
  const outcome = await context.ports.passwords.check({ ...whence(request), login, password });
  if (outcome.kind === 'right') {
    const route = await routeOf(context, request, transaction, outcome.user);
    const bound = boundElsewhere(route) && !outcome.user.isAdministrator;
    if (bound) return stop(context, request, reply, trace, outcome.user, enforced(route));
    if (outcome.status === 'PASSWORD_EXPIRED')
      return askForNewPassword(context, request, reply, transaction, outcome.user);
    return complete(context, request, reply, transaction, trace, outcome.user, route);
  }
  return refuseGuess(context, request, reply, transaction, trace, login, outcome);
}

/** The rest of the sign-in of somebody whose password was proved or set a moment ago. */
export async function completeWithPassword(
  context: SignInContext,
  request: FastifyRequest,
  reply: FastifyReply,
  transaction: SignInTransaction,
  trace: Trace,
  user: PasswordUser,
): Promise<FastifyReply> {
  const route = await routeOf(context, request, transaction, user);
  return boundElsewhere(route) && !user.isAdministrator
    ? stop(context, request, reply, trace, user, enforced(route))
    : complete(context, request, reply, transaction, trace, user, route);
}

/** By who they are, not by what they typed before. */
const routeOf = (
  context: SignInContext,
  request: FastifyRequest,
  transaction: SignInTransaction,
  { login, profile }: PasswordUser,
): Promise<RouteDecision> =>
  context.ports.routing.decide(transaction.orgId, {
    appId: transaction.request?.appId ?? null,
    ...clientFacts(request),
    login,
    person: profile,
  });

/** A rule marked `enforce` that does not lead here binds everybody but administrators (security.md L11, rulings 8). */
const boundElsewhere = (route: RouteDecision) => !permits(route, null);

async function refuseGuess(
  context: SignInContext,
  request: FastifyRequest,
  reply: FastifyReply,
  transaction: SignInTransaction,
  trace: Trace,
  login: string,
  outcome: FailedOutcome,
): Promise<FastifyReply> {
  const limited = outcome.kind === 'limited';
  const reason = whyNot(outcome);
  trace.fact({ login });
  trace.step({
    kind: 'password.checked',
    outcome: 'FAILED',
    code: limited ? 'attempts_limited' : 'password_wrong',
    detail: [{ label: 'Reason', made: reason }],
  });
  await record(context.database, failedGuess(request, login, outcome, context.clock.now(), trace.id));
  if (limited) reply.header('retry-after', String(outcome.retryAfterSeconds));
  return showStep(context, request, reply, transaction, {
    login,
    notice: limited ? 'attempts_limited' : 'password_wrong',
    status: limited ? 429 : 401,
  });
}

/** For the administrator: the person is told no more than that it did not fit. */
function whyNot(outcome: FailedOutcome): string {
  if (outcome.kind === 'limited') return 'Too many failed attempts: the next one is allowed later.';
  if (outcome.status === null) return 'No account has this login.';
  if (MAY_SIGN_IN.has(outcome.status)) return 'The password is wrong, or the account has none here.';
  return `The status of the account is ${outcome.status}: no password is accepted.`;
}

type FailedOutcome = Exclude<PasswordOutcome, { kind: 'right' }>;

/** The event of a login and a password that did not fit, or were not looked at. */
export function failedGuess(
  request: FastifyRequest,
  login: string,
  outcome: FailedOutcome,
  at: Date,
  traceId?: string,
): EventInput {
  const limited = outcome.kind === 'limited';
  const targets: LogTarget[] =
    limited || outcome.userId === null
      ? []
      : [{ id: outcome.userId, type: 'User', alternateId: login, displayName: login }];
  return {
    orgId: request.org.id,
    type: 'user.session.start',
    at,
    outcome: { result: 'FAILURE', reason: limited ? 'LOCKED_OUT' : 'INVALID_CREDENTIALS' },
    targets,
    client: clientOf(request),
    requestId: request.id,
    ...(traceId === undefined ? {} : { transactionId: traceId }),
    authentication: { credentialType: 'PASSWORD' },
    debugData: { code: limited ? 'attempts_limited' : 'password_wrong' },
  };
}

async function complete(
  context: SignInContext,
  request: FastifyRequest,
  reply: FastifyReply,
  transaction: SignInTransaction,
  trace: Trace,
  user: PasswordUser,
  route: RouteDecision,
): Promise<FastifyReply> {
  const { orgId, request: wanted } = transaction;
  const now = context.clock.now();
  const client = clientOf(request);
  const application = wanted === null ? null : await context.ports.applications.byId(orgId, wanted.appId);
  if (wanted !== null && !context.ports.authorization.accepts(application, wanted))
    return stop(context, request, reply, trace, user, APPLICATION_GONE);
  const signOn = await context.ports.signOn(orgId, { userId: user.id, groupIds: user.groupIds, ip: client.ip });
  for (const step of signOnSteps(signOn)) trace.step(step);
  const isDenied = signOn.access === 'DENY';
  // Nobody locks the administrator out of the hub's own pages (rulings 8).
  if (isDenied && !(wanted === null && user.isSuperAdministrator))
    return stop(context, request, reply, trace, user, denied(signOn));
  const assigned = application === null || application.assignedToEveryone || user.appIds.includes(application.id);
  const session = context.sessions.create({
    ...{ orgId, userId: user.id, idpId: null, amr: ['pwd'], authTime: now, client },
    limits: isDenied ? null : signOn.session,
  });
  const target = userTarget(user.id, user.profile);
  const draft =
    wanted === null || !assigned
      ? null
      : context.ports.authorization.draftGrant(wanted, {
          orgId,
          userId: user.id,
          sessionId: session.id,
          idpId: null,
          amr: ['pwd'],
          authTime: now,
          traceId: trace.id,
          user: target,
          applicationLabel: application?.label,
          client,
          requestId: request.id,
        });
  const common: Omit<EventInput, 'type'> = {
    orgId,
    at: now,
    actor: target,
    targets: [target],
    client,
    requestId: request.id,
    transactionId: trace.id,
    authentication: { credentialType: 'PASSWORD', sessionId: session.id },
  };
  const events: EventInput[] = [...signOnEvents(signOn, common), { ...common, type: 'user.session.start' }];
  if (boundElsewhere(route) || isDenied)
    events.push({
      ...common,
      type: 'gatehouse.sign_in.administrator_outside_policy',
      severity: 'WARN',
      targets: isDenied ? [target, ...signOnTargets(signOn)] : [target],
    });
  const previous = context.sessions.presented(request);
  trace.step({ kind: 'password.checked', outcome: 'PASSED' });
  const parts: Part[] = [
    { part: 'once', rows: [{ key: `tx:${transaction.id}`, until: new Date(transaction.expires + 60_000) }] },
    { part: 'touch-user', userId: user.id, version: user.version, at: now },
    ...(previous === null ? [] : [{ part: 'end-session', secretSha256: previous, at: now } as const]),
    { part: 'session', row: session.row },
    ...(draft === null
      ? []
      : [
          {
            part: 'sql',
            name: 'grant',
            sql: context.ports.authorization.insertGrantSql,
            value: JSON.stringify(draft.row),
          } as const,
        ]),
    { part: 'sql', name: 'log', sql: insertLog, value: logRows([...events, ...(draft?.events ?? [])]) },
  ];
  const conflict = await commit(context, orgId, parts);
  if (conflict !== null) return stop(context, request, reply, trace, user, conflict);
  const tokenUser = {
    id: user.id,
    login: user.login,
    profile: user.profile,
    emailVerified: user.emailVerified,
    lastUpdated: user.lastUpdated,
    appProfile: {},
  };
  return finishSignIn(context, request, reply, transaction, trace, { user: tokenUser, session, draft });
}

async function commit(context: SignInContext, orgId: string, parts: Part[]): Promise<Stop | null> {
  try {
    await commitSignIn(context.database, orgId, parts, null);
    return null;
  } catch (error) {
    if (error instanceof CommitConflict) return error.kind === 'replay' ? CONFLICTS.used : CONFLICTS.changed;
    throw error;
  }
}

interface Stop {
  /** Of the log and of the page. */
  code: string;
  reason: string;
  /** What said no, beside the person. */
  targets?: LogTarget[];
}

const denied = (signOn: SignOnDecision): Stop => ({
  code: SIGN_ON_DENIED,
  reason: deniedReason(signOn),
  targets: signOnTargets(signOn),
});

const enforced = (route: RouteDecision): Stop => ({
  code: 'route_enforced',
  reason: `The routing rule "${route.rule.name}" is enforced and does not allow a local sign-in.`,
});
/** Nobody is signed in for an application that would not be answered now, and nothing leaves for it. */
const APPLICATION_GONE: Stop = {
  code: 'app_inactive',
  reason:
    'The application was deactivated or deleted, or lost the redirect URI of this request, before the sign-in was completed.',
};
const CONFLICTS: Readonly<Record<'used' | 'changed', Stop>> = {
  used: { code: 'page_expired', reason: 'The sign-in was completed already: the form was sent twice.' },
  changed: { code: 'page_expired', reason: 'The account was changed while the password was checked.' },
};

/** The password was right, and nobody is signed in all the same. */
async function stop(
  context: SignInContext,
  request: FastifyRequest,
  reply: FastifyReply,
  trace: Trace,
  user: PasswordUser,
  { code, reason, targets = [] }: Stop,
): Promise<FastifyReply> {
  trace.fact({ outcome: 'FAILURE', reason, userId: user.id, login: user.login });
  trace.step({ kind: 'sign_in.refused', outcome: 'FAILED', code, detail: [{ label: 'Reason', made: reason }] });
  await record(context.database, {
    orgId: request.org.id,
    type: 'user.session.start',
    at: context.clock.now(),
    outcome: { result: 'FAILURE', reason },
    targets: [userTarget(user.id, user.profile), ...targets],
    client: clientOf(request),
    requestId: request.id,
    transactionId: trace.id,
    authentication: { credentialType: 'PASSWORD' },
    debugData: { code },
  });
  return sendProblem(context, request, reply, { code, traceId: trace.id, transaction: null });
}
