/** The page behind a link from a message: the password is set, the link is used up, and the person is signed in. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pageHeaders } from '../../http/index.ts';
import { randomSecret } from '../../shared/ids.ts';
import { findCredentials } from '../account/credentials.ts';
import { languageOf, newPasswordPage, type PasswordFault } from '../page/index.ts';
import { completeWithPassword } from '../password.ts';
import { sendProblem } from '../problem.ts';
import { newTransaction, type SignInContext, whence } from '../service.ts';
import { newPasswordIn } from './form.ts';

export type Purpose = 'activate' | 'reset';
const PATHS = { activate: '/welcome/', reset: '/signin/reset-password/' } as const;

type ByToken = FastifyRequest<{ Params: { token: string } }>;

/** Reading uses nothing up: mail programs open links before people do. */
export async function showLink(
  context: SignInContext,
  request: ByToken,
  reply: FastifyReply,
  purpose: Purpose,
  fault: PasswordFault | null = null,
): Promise<FastifyReply> {
  const { token } = request.params;
  const found = await context.ports.ownPasswords.find(request.org.id, token);
  if (found?.purpose !== purpose) return gone(context, request, reply, purpose);
  const nonce = randomSecret(16);
  const html = newPasswordPage({
    nonce,
    language: languageOf(request.headers['accept-language'], undefined),
    occasion: purpose,
    orgName: await context.ports.org.name(request.org.id),
    login: found.login,
    action: PATHS[purpose] + token,
    fault,
  });
  return pageHeaders(reply.status(fault === null ? 200 : 400), { nonce }).send(html);
}

export async function redeemLink(
  context: SignInContext,
  request: ByToken,
  reply: FastifyReply,
  purpose: Purpose,
): Promise<FastifyReply> {
  const { password, fault } = newPasswordIn(request);
  if (fault !== null) return showLink(context, request, reply, purpose, fault);
  const { token } = request.params;
  const { ports, database } = context;
  const found = await ports.ownPasswords.find(request.org.id, token);
  const owner =
    found?.purpose === purpose ? await ports.ownPasswords.redeem({ ...whence(request), token, password }) : null;
  const user = owner === null ? null : await findCredentials(database, request.org.id, owner.loginKey);
  if (user === null) return gone(context, request, reply, purpose);
  const trace = context.traces.start(request.org.id, { outcome: 'OPEN' });
  trace.step({
    kind: 'sign_in.began',
    outcome: 'INFO',
    detail: [{ label: 'By', made: purpose === 'activate' ? 'an activation link' : 'a link to reset the password' }],
  });
  const transaction = newTransaction(context, request, { request: null, returnTo: '/', traceId: trace.id });
  return completeWithPassword(context, request, reply, transaction, trace, user);
}

/** One answer for a link that was used, replaced, has expired or never was. */
function gone(
  context: SignInContext,
  request: FastifyRequest,
  reply: FastifyReply,
  purpose: Purpose,
): Promise<FastifyReply> {
  const trace = context.traces.start(request.org.id, {
    outcome: 'FAILURE',
    reason: 'The link to set a password cannot be used: it was used before, replaced by a newer one, or has expired.',
  });
  return sendProblem(context, request, reply, {
    code: purpose === 'activate' ? 'activation_link_gone' : 'reset_link_gone',
    traceId: trace.id,
    transaction: null,
    status: 403,
  });
}
