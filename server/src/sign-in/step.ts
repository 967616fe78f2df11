/** The page of an open sign-in: the provider buttons or the local form, whichever the dispatcher says. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pageHeaders } from '../http/index.ts';
import { randomSecret } from '../shared/ids.ts';
import { dispatch } from './dispatch.ts';
import { sendToProvider } from './federation/index.ts';
import { choosePage, languageOf, passwordPage } from './page/index.ts';
import { clientFacts, type SignInContext } from './service.ts';
import type { SignInTransaction } from './transaction/index.ts';

export interface StepState {
  /** A notice about the last attempt, by code. */
  notice?: string;
  /** What was typed, to be kept. */
  login?: string;
  status?: number;
}

export async function showStep(
  context: SignInContext,
  request: FastifyRequest,
  reply: FastifyReply,
  transaction: SignInTransaction,
  state: StepState,
): Promise<FastifyReply> {
  const trace = context.traces.resume(transaction.orgId, transaction.traceId);
  const next = await dispatch(context.ports, transaction, clientFacts(request), trace);
  if (next.kind === 'provider') return sendToProvider(context, request, reply, transaction, next, trace);
  const application =
    transaction.request === null
      ? null
      : await context.ports.applications.byId(transaction.orgId, transaction.request.appId);
  const nonce = randomSecret(16);
  const shared = {
    nonce,
    language: languageOf(request.headers['accept-language'], transaction.request?.uiLocales),
    title: application?.label ?? (await context.ports.org.name(transaction.orgId)),
    base: `/signin/${transaction.id}`,
    notice: state.notice ?? (next.kind === 'local' ? next.notice : null),
    login: state.login ?? transaction.request?.loginHint ?? '',
    canLeave: transaction.request !== null && application !== null,
  };
  const html =
    next.kind === 'choose'
      ? choosePage({
          ...shared,
          providers: next.providers.map((idp) => ({ id: idp.id, name: idp.displayName })),
          local: next.local,
        })
      : passwordPage({ ...shared, skipped: transaction.local !== undefined });
  return pageHeaders(reply.status(state.status ?? 200), { nonce, script: next.kind === 'choose' }).send(html);
}
