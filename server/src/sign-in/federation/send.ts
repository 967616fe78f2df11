/** The first half of a federated sign-in: sending the person to the provider. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { IdentityProvider } from '../../identity-providers/index.ts';
import { wishOf } from '../dispatch.ts';
import type { SignInContext } from '../service.ts';
import type { Trace } from '../trace/index.ts';
import { newTransactionId, type SignInTransaction } from '../transaction/index.ts';
import { sendOutgoing } from './outgoing.ts';

/**
 * Sends the browser to the provider; the transaction gets a new id, so that each journey has a `state` of its own. The page that the person
 * leaves stays open, for the browser's back button.
 */
export async function sendToProvider(
  context: SignInContext,
  request: FastifyRequest,
  reply: FastifyReply,
  transaction: SignInTransaction,
  to: { idp: IdentityProvider; ruleId: string | null },
  trace: Trace,
): Promise<FastifyReply> {
  const now = context.clock.now();
  const { idp, ruleId } = to;
  const wanted = transaction.request;
  const { login } = wishOf(transaction);
  const id = newTransactionId();
  const application = wanted === null ? null : await context.ports.applications.byId(transaction.orgId, wanted.appId);
  const begun = await idp.connector.begin({
    baseUrl: request.org.baseUrl,
    state: id,
    now,
    ...(login === null ? {} : { loginHint: login }),
    ...(wanted?.prompt?.includes('login') ? { prompt: 'login' } : {}),
    ...(wanted?.maxAge === undefined ? {} : { maxAge: wanted.maxAge }),
    ...(wanted?.acrValues === undefined ? {} : { acrValues: wanted.acrValues }),
    ...(wanted?.uiLocales === undefined ? {} : { uiLocales: wanted.uiLocales }),
    ...(application === null ? {} : { application: { id: application.id, name: application.label } }),
  });
  const expires = now.getTime() + idp.transactionLifetimeMs;
  const { local: _skipped, ...kept } = transaction;
  const page = context.transactions.isOpen(request, transaction.id) ? { page: transaction.id } : {};
  await context.transactions.keep(request, reply, {
    ...kept,
    ...page,
    id,
    expires,
    sent: { idpId: idp.id, ruleId, returnsTo: begun.returnsTo, remember: begun.remember, expires },
  });
  trace.fact({ idpId: idp.id });
  trace.step({ kind: 'provider.sent', outcome: 'PASSED', detail: [{ label: 'Identity provider', made: idp.name }] });
  return sendOutgoing(reply, begun.outgoing);
}
