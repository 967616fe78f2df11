/** Single logout: a person who signs out here is signed out at the provider too, and the other way round. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { inTransaction } from '../../database/index.ts';
import { clientOf, formOf } from '../../http/index.ts';
import { type EventInput, record } from '../../system-log/index.ts';
import { providerTarget } from '../account/index.ts';
import { sendProblem } from '../problem.ts';
import type { SignInContext } from '../service.ts';
import type { StoredSession } from '../sessions/index.ts';
import { sendOutgoing } from './outgoing.ts';

const SIGNED_OUT = '/login/signed-out';
const ENDED = { result: 'SUCCESS' as const, reason: 'Ended by the identity provider' };
const NO_SESSION = { result: 'SKIPPED' as const, reason: 'The identity provider named no session that is open here' };

/** After the hub's own session has ended: on to the provider where it takes part, otherwise to the page that says so. */
export async function leaveProvider(
  context: SignInContext,
  request: FastifyRequest,
  reply: FastifyReply,
  session: StoredSession | null,
): Promise<FastifyReply> {
  const idp = session?.idpId == null ? null : await context.ports.identityProviders.byId(request.org.id, session.idpId);
  const handle = session?.logout ?? null;
  if (idp?.status !== 'ACTIVE' || idp.connector.logout === undefined || handle === null)
    return reply.redirect(SIGNED_OUT, 303);
  return sendOutgoing(reply, idp.connector.logout.begin({ handle, now: context.clock.now() }));
}

/** `GET|POST /sso/saml2/{idpId}/slo`: the provider's answer to our request, or its own request. */
export async function receiveLogout(
  context: SignInContext,
  request: FastifyRequest,
  reply: FastifyReply,
  idpId: string,
): Promise<FastifyReply> {
  const idp = await context.ports.identityProviders.byId(request.org.id, idpId);
  const query = request.url.includes('?') ? request.url.slice(request.url.indexOf('?') + 1) : '';
  const form = request.method === 'POST' ? formOf(request) : null;
  const params = form ?? new URLSearchParams(query);
  // The hub's session ended before the person left for the provider: its answer changes nothing here.
  if (params.has('SAMLResponse') && !params.has('SAMLRequest')) return reply.redirect(SIGNED_OUT, 303);
  const logout = idp?.status === 'ACTIVE' ? idp.connector.logout : undefined;
  if (idp === null || logout === undefined) return refused(context, request, reply, 'saml_logout_unknown');
  const now = context.clock.now();
  const common: Omit<EventInput, 'type'> = {
    orgId: request.org.id,
    at: now,
    client: clientOf(request),
    requestId: request.id,
    targets: [providerTarget(idp)],
  };
  const fail = async (code: string, reason: string) => {
    const outcome = { result: 'FAILURE' as const, reason };
    await record(context.database, { ...common, type: 'user.session.end', outcome, debugData: { code } });
    return refused(context, request, reply, code);
  };
  const wish = logout.receive({ baseUrl: request.org.baseUrl, now, form, query });
  if (!wish.ok) return fail(wish.error.code, wish.error.reason);
  const ended = await inTransaction(context.database, async (tx) => {
    const sessions = await context.sessions.endAtProvider(tx, request.org.id, { idpId, ...wish.value });
    if (sessions?.length === 0) await record(tx, { ...common, type: 'user.session.end', outcome: NO_SESSION });
    for (const { id } of sessions ?? [])
      await record(tx, { ...common, type: 'user.session.end', outcome: ENDED, authentication: { sessionId: id } });
    return sessions;
  });
  if (ended === null) return fail('saml_replayed', 'The LogoutRequest was processed already.');
  return sendOutgoing(reply, wish.value.answer);
}

function refused(context: SignInContext, request: FastifyRequest, reply: FastifyReply, code: string) {
  const trace = context.traces.start(request.org.id, { outcome: 'FAILURE', reason: code });
  return sendProblem(context, request, reply, { code, traceId: trace.id, transaction: null });
}
