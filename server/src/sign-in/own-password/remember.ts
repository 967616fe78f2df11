/** Between a right password that has expired and the page that asks for another one. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PasswordUser } from '../ports.ts';
import type { SignInContext } from '../service.ts';
import type { SignInTransaction } from '../transaction/index.ts';

/** Remembers in the browser's transaction who proved the old password, and asks for a new one. */
export async function askForNewPassword(
  context: SignInContext,
  request: FastifyRequest,
  reply: FastifyReply,
  transaction: SignInTransaction,
  user: PasswordUser,
): Promise<FastifyReply> {
  const renew = { userId: user.id, login: user.login, version: user.version };
  await context.transactions.keep(request, reply, { ...transaction, renew });
  return reply.header('cache-control', 'no-store').redirect(`/signin/${transaction.id}/new-password`, 303);
}
