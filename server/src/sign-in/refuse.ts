/**
 * Where an error goes (rulings 15): recoverable ones to a page with "Try again" and "Return to {application}", terminal ones to the
 * application, unknown or foreign state to a page only. Each has exactly one failed auth_via_IDP event.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { clientOf } from '../http/index.ts';
import type { IdentityProvider, Refusal } from '../identity-providers/index.ts';
import { type EventInput, insertLog, type LogTarget, logRows } from '../system-log/index.ts';
import { providerTarget } from './account/index.ts';
import { sendProblem } from './problem.ts';
import type { SignInContext } from './service.ts';
import { DEFAULT_LIFETIME, newTransactionId, type SignInTransaction } from './transaction/index.ts';

/**
 * Row of contract §13, where the account decision refused; `creates`: a creation was tried, which has an event of its own; `targets`: what
 * said no, beside the provider.
 */
interface DecisionRow {
  row?: number;
  creates?: boolean;
  targets?: LogTarget[];
}

const ROW_CREATION_DISABLED = 8;

export async function refuse(
  context: SignInContext,
  request: FastifyRequest,
  reply: FastifyReply,
  transaction: SignInTransaction | null,
  idp: IdentityProvider | null,
  refusal: Refusal,
  decision?: DecisionRow,
): Promise<FastifyReply> {
  const trace =
    transaction === null
      ? context.traces.start(request.org.id)
      : context.traces.resume(transaction.orgId, transaction.traceId);
  trace.fact({ outcome: 'FAILURE', reason: refusal.reason, ...(idp === null ? {} : { idpId: idp.id }) });
  trace.step({
    kind: 'sign_in.refused',
    outcome: 'FAILED',
    code: refusal.code,
    detail: [
      { label: 'Reason', made: refusal.reason },
      ...(refusal.hint === undefined ? [] : [{ label: 'What to do', made: refusal.hint }]),
    ],
  });
  await recordRefusal(context, request, transaction, idp, refusal, decision, trace.id);

  if (transaction === null)
    return sendProblem(context, request, reply, { code: refusal.code, traceId: trace.id, transaction: null });
  const fresh: SignInTransaction = { ...renewed(context, reply, transaction), failed: refusal.client };
  if (decision?.row === ROW_CREATION_DISABLED) {
    const local: SignInTransaction = { ...fresh, local: { notice: 'no_match' } };
    await context.transactions.keep(request, reply, local);
    return reply.redirect(`/signin/${local.id}`, 303);
  }
  if (refusal.recoverable || transaction.request === null) {
    await context.transactions.keep(request, reply, fresh);
    return sendProblem(context, request, reply, { code: refusal.code, traceId: trace.id, transaction: fresh });
  }
  return context.ports.authorization.respondError(request, reply, transaction.request, {
    error: refusal.client.error,
    error_description: refusal.client.description,
  });
}

/** The same wish under a new id: what was sent to the provider is over, and its id is burnt with the log event. */
function renewed(context: SignInContext, reply: FastifyReply, transaction: SignInTransaction): SignInTransaction {
  context.transactions.drop(reply, transaction.id);
  const { sent: _over, ...kept } = transaction;
  return { ...kept, id: newTransactionId(), expires: context.clock.now().getTime() + DEFAULT_LIFETIME };
}

async function recordRefusal(
  context: SignInContext,
  request: FastifyRequest,
  transaction: SignInTransaction | null,
  idp: IdentityProvider | null,
  refusal: Refusal,
  decision: DecisionRow | undefined,
  traceId: string,
): Promise<void> {
  const now = context.clock.now();
  const common: Omit<EventInput, 'type'> = {
    orgId: request.org.id,
    at: now,
    client: clientOf(request),
    requestId: request.id,
    transactionId: traceId,
    outcome: { result: 'FAILURE', reason: refusal.reason },
    targets: [...(idp === null ? [] : [providerTarget(idp)]), ...(decision?.targets ?? [])],
    debugData: {
      code: refusal.code,
      ...(refusal.hint === undefined ? {} : { hint: refusal.hint }),
      ...(decision?.row === undefined ? {} : { row: decision.row }),
    },
  };
  const events: EventInput[] = [
    ...(decision?.creates ? [{ ...common, type: 'user.lifecycle.create' as const }] : []),
    {
      ...common,
      type: 'user.authentication.auth_via_IDP',
      authentication: {
        provider: 'FEDERATION',
        credentialType: 'ASSERTION',
        ...(idp === null ? {} : { interface: idp.name }),
      },
    },
  ];
  const burn =
    transaction === null ? null : { key: `tx:${transaction.id}`, until: new Date(transaction.expires + 60_000) };
  await context.database.query({
    name: 'sign_in_refused',
    text: `with burnt as (insert into consumed_once (org_id, key, until) select $2, $3, $4 where $3::text is not null on conflict do nothing) ${insertLog('$1')}`,
    values: [logRows(events), request.org.id, burn?.key ?? null, burn?.until ?? null],
  });
}
