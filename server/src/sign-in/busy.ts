/** What a person sees when the database had no time for their step: nothing was done, so that they can try again (rulings 15). */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { formOf } from '../http/index.ts';
import type { Refusal } from '../identity-providers/index.ts';
import { ACS_PATH, CALLBACK } from './federation/index.ts';
import { sendProblem } from './problem.ts';
import { refuse } from './refuse.ts';
import type { SignInContext } from './service.ts';

const BUSY: Refusal = {
  code: 'hub_busy',
  reason: 'The database had no time for this step: it waited too long for another change, or ran too long.',
  client: { error: 'temporarily_unavailable', description: 'Login failed.' },
  recoverable: true,
};

const ARRIVALS = new Set<string | undefined>([CALLBACK, ACS_PATH].flatMap((address) => [address, `${address}/:idpId`]));

/** An answer of a provider that could not be dealt with is a failed sign-in; any other step is only shown anew. */
export function busyPage(context: SignInContext) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const arrival = ARRIVALS.has(request.routeOptions.url);
    const sent = request.method === 'POST' ? formOf(request) : new URL(request.url, request.org.baseUrl).searchParams;
    const { tx } = request.params as { tx?: string };
    const handle = arrival ? (sent.get('state') ?? sent.get('RelayState')) : tx;
    const transaction = await context.transactions.find(request, handle ?? undefined);
    if (arrival) {
      const idpId = transaction?.sent?.idpId;
      const idp = idpId === undefined ? null : await context.ports.identityProviders.byId(request.org.id, idpId);
      return refuse(context, request, reply, transaction, idp, BUSY);
    }
    const trace =
      transaction === null
        ? context.traces.start(request.org.id, { outcome: 'FAILURE', reason: BUSY.reason })
        : context.traces.resume(transaction.orgId, transaction.traceId);
    return sendProblem(context, request, reply, { code: BUSY.code, traceId: trace.id, transaction, status: 503 });
  };
}
