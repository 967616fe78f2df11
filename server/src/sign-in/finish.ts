/** The end of every successful sign-in: new session cookie, transaction dropped, answer to the application or the portal. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GrantDraft, TokenUser } from '../authorization-server/index.ts';
import { clientOf } from '../http/index.ts';
import { record } from '../system-log/index.ts';
import { userTarget } from './account/index.ts';
import type { SignInContext } from './service.ts';
import type { NewSession } from './sessions/index.ts';
import type { Trace } from './trace/index.ts';
import type { SignInTransaction } from './transaction/index.ts';

export interface Finished {
  user: TokenUser;
  session: NewSession;
  draft: GrantDraft | null;
}

export const NOT_ASSIGNED = {
  error: 'access_denied',
  error_description: 'User is not assigned to the client application.',
};

export async function finishSignIn(
  context: SignInContext,
  request: FastifyRequest,
  reply: FastifyReply,
  transaction: SignInTransaction,
  trace: Trace,
  { user, session, draft }: Finished,
): Promise<FastifyReply> {
  context.sessions.setCookie(reply, session);
  context.transactions.drop(reply, transaction.id);
  if (transaction.page !== undefined) context.transactions.drop(reply, transaction.page);
  trace.fact({ userId: user.id, login: user.login });
  if (transaction.request === null) {
    trace.fact({ outcome: 'SUCCESS' });
    return reply.header('cache-control', 'no-store').redirect(transaction.returnTo, 303);
  }
  if (draft === null) {
    trace.fact({ outcome: 'FAILURE', reason: NOT_ASSIGNED.error_description });
    trace.step({
      kind: 'assignment.checked',
      outcome: 'FAILED',
      code: 'not_assigned',
      detail: [{ label: 'Reason', made: 'The user is signed in, but is not assigned to the application.' }],
    });
    const person = userTarget(user.id, user.profile);
    const { appId, clientId } = transaction.request;
    const application = await context.ports.applications.byId(transaction.orgId, appId);
    const label = application?.label ?? clientId;
    await record(context.database, {
      orgId: transaction.orgId,
      type: 'app.oauth2.authorize',
      at: context.clock.now(),
      outcome: { result: 'FAILURE', reason: NOT_ASSIGNED.error_description },
      actor: person,
      targets: [{ id: appId, type: 'AppInstance', alternateId: label, displayName: label }, person],
      client: clientOf(request),
      requestId: request.id,
      transactionId: trace.id,
      debugData: { code: 'not_assigned', clientId },
    });
    return context.ports.authorization.respondError(request, reply, transaction.request, NOT_ASSIGNED);
  }
  trace.fact({ outcome: 'SUCCESS' });
  trace.step({
    kind: 'grant.issued',
    outcome: 'PASSED',
    detail: [{ label: 'Response type', made: transaction.request.responseType }],
  });
  return context.ports.authorization.respond(request, reply, transaction.request, draft, user);
}
