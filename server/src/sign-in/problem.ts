/** The error page: a plain sentence, what to do, and the trace id as the code to give to an administrator. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pageHeaders } from '../http/index.ts';
import { randomSecret } from '../shared/ids.ts';
import { languageOf, problemPage } from './page/index.ts';
import type { SignInContext } from './service.ts';
import type { SignInTransaction } from './transaction/index.ts';

export interface Problem {
  /** Stable code; the page's texts are chosen by it. */
  code: string;
  traceId: string;
  /** To try again or to return to the application; null when nothing is known of either. */
  transaction: SignInTransaction | null;
  status?: number;
}

export async function sendProblem(
  context: SignInContext,
  request: FastifyRequest,
  reply: FastifyReply,
  problem: Problem,
): Promise<FastifyReply> {
  const { transaction } = problem;
  const application =
    transaction?.request == null
      ? null
      : await context.ports.applications.byId(transaction.orgId, transaction.request.appId);
  const nonce = randomSecret(16);
  const html = problemPage({
    nonce,
    language: languageOf(request.headers['accept-language'], transaction?.request?.uiLocales),
    code: problem.code,
    traceId: problem.traceId,
    retry: transaction === null ? null : `/signin/${transaction.id}/retry`,
    leave:
      transaction === null || application === null
        ? null
        : { action: `/signin/${transaction.id}/leave`, application: application.label },
  });
  return pageHeaders(reply.status(problem.status ?? 400), { nonce, script: true }).send(html);
}
