/** Local sign-in by user name and password: for administrators, and for people without a provider. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { clientOf, formOf } from '../http/index.ts';
import { type EventInput, insertLog, type LogTarget, logRows, record } from '../system-log/index.ts';
import { commitSignIn, userTarget } from './account/index.ts';
import { finishSignIn } from './finish.ts';
import type { PasswordUser } from './ports.ts';
import type { SignInContext } from './service.ts';
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
  const outcome = await context.ports.passwords.check(
    request.org.id,
    login,
    formOf(request).get('password') ?? '',
    request.ip,
  );
  if (outcome.kind === 'right') return complete(context, request, reply, transaction, trace, outcome.user);

  const limited = outcome.kind === 'limited';
  const reason = limited
    ? 'Too many failed attempts: the next one is allowed later.'
    : outcome.userId === null
      ? 'No usable account has this login.'
      : 'The password is wrong, or the account may not sign in.';
  trace.fact({ login });
  trace.step({
    kind: 'password.checked',
    outcome: 'FAILED',
    code: limited ? 'attempts_limited' : 'password_wrong',
    detail: [{ label: 'reason', made: reason }],
  });
  const targets: LogTarget[] =
    limited || outcome.userId === null
      ? []
      : [{ id: outcome.userId, type: 'User', alternateId: login, displayName: login }];
  await record(context.database, {
    orgId: request.org.id,
    type: 'user.session.start',
    at: context.clock.now(),
    outcome: { result: 'FAILURE', reason: limited ? 'LOCKED_OUT' : 'INVALID_CREDENTIALS' },
    targets,
    client: clientOf(request),
    requestId: request.id,
    transactionId: trace.id,
    authentication: { credentialType: 'PASSWORD' },
    debugData: { code: limited ? 'attempts_limited' : 'password_wrong' },
  });
  if (limited) reply.header('retry-after', String(outcome.retryAfterSeconds));
  return showStep(context, request, reply, transaction, {
    login,
    notice: limited ? 'attempts_limited' : 'password_wrong',
    status: limited ? 429 : 401,
  });
}

async function complete(
  context: SignInContext,
  request: FastifyRequest,
  reply: FastifyReply,
  transaction: SignInTransaction,
  trace: Trace,
  user: PasswordUser,
): Promise<FastifyReply> {
  const { orgId, request: wanted } = transaction;
  const now = context.clock.now();
  const client = clientOf(request);
  const application = wanted === null ? null : await context.ports.applications.byId(orgId, wanted.appId);
  const assigned =
    wanted === null ||
    (application?.status === 'ACTIVE' && (application.assignedToEveryone || user.appIds.includes(application.id)));
  const session = context.sessions.create({ orgId, userId: user.id, idpId: null, amr: ['pwd'], authTime: now, client });
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
  const route = await context.ports.routing.decide(orgId, {
    appId: wanted?.appId ?? null,
    ip: client.ip,
    userAgent: client.userAgent,
  });
  const events: EventInput[] = [{ ...common, type: 'user.session.start' }];
  if (user.isAdministrator && transaction.local !== undefined && route.enforce)
    events.push({ ...common, type: 'gatehouse.sign_in.administrator_outside_policy', severity: 'WARN' });
  const previous = context.sessions.presented(request);
  trace.step({ kind: 'password.checked', outcome: 'PASSED' });
  await commitSignIn(
    context.database,
    orgId,
    [
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
    ],
    null,
  );
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
