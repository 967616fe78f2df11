/** `GET /`: the portal. It runs the same dispatcher as an application's request and ends at the dashboard (rulings 55). */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pageHeaders } from '../../http/index.ts';
import { randomSecret } from '../../shared/ids.ts';
import { userTarget } from '../account/index.ts';
import { sendToProvider } from '../federation/index.ts';
import { dashboardPage, languageOf, signedOutPage } from '../page/index.ts';
import { sendProblem } from '../problem.ts';
import { newTransaction, proceed, type SignInContext } from '../service.ts';
import type { StoredSession } from '../sessions/index.ts';

export const languageFor = (request: FastifyRequest) => languageOf(request.headers['accept-language'], undefined);

export async function portal(
  context: SignInContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const session = await context.sessions.find(request);
  if (session === null) return toSignIn(context, request, reply, '/');
  const applications = await context.ports.appLinks(request.org.id, session.userId);
  const nonce = randomSecret(16);
  const html = dashboardPage({
    nonce,
    language: languageFor(request),
    orgName: await context.ports.org.name(request.org.id),
    applications,
    ...personOf(session),
  });
  return pageHeaders(reply, { nonce, script: true }).send(html);
}

/** The address of one provider (contract §12): the choice is skipped, what an enforced rule forbids is not (rulings 9). */
export async function startAtProvider(
  context: SignInContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { idpId, returnTo }: { idpId: string; returnTo: string },
): Promise<FastifyReply> {
  const trace = context.traces.start(request.org.id, { outcome: 'OPEN' });
  trace.step({ kind: 'sign_in.began', outcome: 'INFO', detail: [{ label: 'To', made: 'an identity provider' }] });
  const idp = await context.ports.identityProviders.byId(request.org.id, idpId);
  if (idp?.status !== 'ACTIVE') {
    trace.fact({ outcome: 'FAILURE', reason: 'The address names no active identity provider.' });
    return sendProblem(context, request, reply, {
      code: 'idp_inactive',
      traceId: trace.id,
      transaction: null,
      status: 404,
    });
  }
  const transaction = newTransaction(context, request, { request: null, returnTo, traceId: trace.id });
  return sendToProvider(context, request, reply, transaction, { idp, ruleId: null }, trace);
}

export async function signedOut(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const nonce = randomSecret(16);
  return pageHeaders(reply, { nonce }).send(signedOutPage({ nonce, language: languageFor(request) }));
}

export async function toSignIn(
  context: SignInContext,
  request: FastifyRequest,
  reply: FastifyReply,
  returnTo: string,
): Promise<FastifyReply> {
  const trace = context.traces.start(request.org.id, { outcome: 'OPEN' });
  trace.step({ kind: 'sign_in.began', outcome: 'INFO', detail: [{ label: 'To', made: 'the portal' }] });
  return proceed(
    context,
    request,
    reply,
    newTransaction(context, request, { request: null, returnTo, traceId: trace.id }),
    trace,
  );
}

export function personOf(session: StoredSession) {
  return {
    name: userTarget(session.userId, session.profile).displayName,
    login: session.login,
    administrator: session.roles.length > 0,
  };
}
