/** The page of an open sign-in: the provider buttons or the local form, whichever the dispatcher says. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pageHeaders } from '../http/index.ts';
import { randomSecret } from '../shared/ids.ts';
import { dispatch, type Next, wishOf } from './dispatch.ts';
import { sendToProvider } from './federation/index.ts';
import { choosePage, identifierPage, languageOf, passwordPage, type SignInPage } from './page/index.ts';
import { clientFacts, type SignInContext } from './service.ts';
import type { TraceStep } from './trace/index.ts';
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
  // What led to the page is told already; only what has changed since and leads elsewhere is news.
  const steps: TraceStep[] = [];
  const next = await dispatch(context.ports, transaction, clientFacts(request), {
    id: trace.id,
    step: (step) => steps.push(step),
  });
  if (next.kind === 'provider') {
    for (const step of steps) trace.step(step);
    return sendToProvider(context, request, reply, transaction, next, trace);
  }
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
    login: state.login ?? wishOf(transaction).login ?? '',
    identified: Boolean(transaction.login),
    canLeave: transaction.request !== null && application !== null,
  };
  const html = pageOf(next, shared, transaction);
  return pageHeaders(reply.status(state.status ?? 200), { nonce, script: next.kind === 'choose' }).send(html);
}

function pageOf(next: Exclude<Next, { kind: 'provider' }>, shared: SignInPage, transaction: SignInTransaction): string {
  if (next.kind === 'identify') return identifierPage(shared);
  if (next.kind === 'local') return passwordPage({ ...shared, skipped: transaction.local !== undefined });
  const providers = next.providers.map((idp) => ({ id: idp.id, name: idp.displayName }));
  return choosePage({ ...shared, providers, local: next.local });
}
