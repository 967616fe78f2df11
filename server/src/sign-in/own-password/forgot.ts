/** Asking for a link to reset a password. The answer is the same for everybody, and takes the same time (security.md K8, §4.5). */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { formOf, pageHeaders } from '../../http/index.ts';
import { randomSecret } from '../../shared/ids.ts';
import { forgotPage, languageOf, linkSentPage } from '../page/index.ts';
import type { SignInContext } from '../service.ts';
import type { SignInTransaction } from '../transaction/index.ts';

const MAX_LOGIN_LENGTH = 255;

const languageFor = (request: FastifyRequest, transaction: SignInTransaction) =>
  languageOf(request.headers['accept-language'], transaction.request?.uiLocales);

export async function showForgot(
  _context: SignInContext,
  request: FastifyRequest,
  reply: FastifyReply,
  transaction: SignInTransaction,
): Promise<FastifyReply> {
  const nonce = randomSecret(16);
  const html = forgotPage({
    nonce,
    language: languageFor(request, transaction),
    base: `/signin/${transaction.id}`,
    login: transaction.request?.loginHint ?? '',
  });
  return pageHeaders(reply, { nonce }).send(html);
}

export async function askForLink(
  context: SignInContext,
  request: FastifyRequest,
  reply: FastifyReply,
  transaction: SignInTransaction,
): Promise<FastifyReply> {
  const language = languageFor(request, transaction);
  const login = (formOf(request).get('login') ?? '').trim().slice(0, MAX_LOGIN_LENGTH);
  // Beyond the limit of a network the answer stays the same, and nothing is sent.
  if (context.linkRequests.take(request.ip) === null)
    await context.ports.ownPasswords.wishLink({ orgId: request.org.id, login, language });
  const nonce = randomSecret(16);
  return pageHeaders(reply, { nonce }).send(linkSentPage({ nonce, language, base: `/signin/${transaction.id}` }));
}
