/** A password that has expired is right once more: to choose another one, after which the sign-in goes on (contract §3). */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pageHeaders } from '../../http/index.ts';
import { randomSecret } from '../../shared/ids.ts';
import { findCredentials } from '../account/credentials.ts';
import { languageOf, newPasswordPage, type PasswordFault } from '../page/index.ts';
import { completeWithPassword } from '../password.ts';
import { sendProblem } from '../problem.ts';
import { type SignInContext, whence } from '../service.ts';
import type { SignInTransaction } from '../transaction/index.ts';
import { newPasswordIn } from './form.ts';

export async function showRenewal(
  context: SignInContext,
  request: FastifyRequest,
  reply: FastifyReply,
  transaction: SignInTransaction,
  fault: PasswordFault | null = null,
): Promise<FastifyReply> {
  if (transaction.renew === undefined) return reply.redirect(`/signin/${transaction.id}`, 303);
  const nonce = randomSecret(16);
  const html = newPasswordPage({
    nonce,
    language: languageOf(request.headers['accept-language'], transaction.request?.uiLocales),
    occasion: 'expired',
    orgName: await context.ports.org.name(transaction.orgId),
    login: transaction.renew.login,
    action: `/signin/${transaction.id}/new-password`,
    fault,
  });
  return pageHeaders(reply.status(fault === null ? 200 : 400), { nonce }).send(html);
}

export async function renewPassword(
  context: SignInContext,
  request: FastifyRequest,
  reply: FastifyReply,
  transaction: SignInTransaction,
): Promise<FastifyReply> {
  const { renew, orgId } = transaction;
  if (renew === undefined) return reply.redirect(`/signin/${transaction.id}`, 303);
  const { password, fault } = newPasswordIn(request);
  if (fault !== null) return showRenewal(context, request, reply, transaction, fault);
  const { userId, version } = renew;
  const outcome = await context.ports.ownPasswords.renew({ ...whence(request), userId, version, password });
  if (outcome === 'same') return showRenewal(context, request, reply, transaction, 'same');
  const user = outcome === null ? null : await findCredentials(context.database, orgId, outcome.loginKey);
  if (user === null)
    return sendProblem(context, request, reply, { code: 'page_expired', traceId: transaction.traceId, transaction });
  const trace = context.traces.resume(orgId, transaction.traceId);
  return completeWithPassword(context, request, reply, transaction, trace, user);
}
