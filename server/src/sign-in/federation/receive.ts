/** The second half of a federated sign-in: the person comes back, and becomes somebody here, or is refused. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { clientOf } from '../../http/index.ts';
import type { ExternalIdentity, IdentityProvider, Refusal } from '../../identity-providers/index.ts';
import type { SignOnDecision } from '../../routing-rules/index.ts';
import { PRODUCT } from '../../shared/product.ts';
import { signInWithIdentity } from '../account/index.ts';
import { finishSignIn } from '../finish.ts';
import { refuse } from '../refuse.ts';
import type { SignInContext } from '../service.ts';
import { deniedReason, SIGN_ON_DENIED, signOnTargets } from '../sessions/sign-on.ts';
import type { Trace } from '../trace/index.ts';
import type { SignInTransaction } from '../transaction/index.ts';

/** Where an OpenID provider's answers arrive; with a provider's id behind it, that provider's own address. */
export const CALLBACK = '/oauth2/v1/authorize/callback';

/** What a provider's answer brought, and where. */
export interface Arrival {
  params: URLSearchParams;
  /** The handle of the transaction: `state`, or `RelayState`. */
  state: string | null;
  /** The address of this hub that was called, without its query. */
  at: string;
  /** The provider that the address names; null for an address that all share. */
  idp: IdentityProvider | null;
}

/** `GET|POST /oauth2/v1/authorize/callback[/{idpId}]`, `POST /sso/saml2[/{idpId}]`. */
export async function receiveFromProvider(
  context: SignInContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { params, state, at: arrivedAt, idp: addressed }: Arrival,
): Promise<FastifyReply> {
  const transaction = await context.transactions.find(request, state ?? undefined);
  const sent = transaction?.sent;
  if (transaction === null || sent === undefined)
    return refuse(context, request, reply, null, addressed, UNKNOWN_STATE);
  const trace = context.traces.resume(transaction.orgId, transaction.traceId);
  const idp = await context.ports.identityProviders.byId(transaction.orgId, sent.idpId);
  if (arrivedAt !== sent.returnsTo) return refuse(context, request, reply, transaction, idp, MIXED_UP);
  if (context.clock.now().getTime() > sent.expires) return refuse(context, request, reply, transaction, idp, EXPIRED);
  if (idp === null || idp.status !== 'ACTIVE')
    return refuse(context, request, reply, transaction, idp, PROVIDER_INACTIVE);

  return completeSignIn(context, request, reply, { transaction, idp, params, trace });
}

/** From the answer to a session, or to a refusal: what is the same for every protocol, and for a sign-in that began at the provider. */
export async function completeSignIn(
  context: SignInContext,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: { transaction: SignInTransaction; idp: IdentityProvider; params: URLSearchParams; trace: Trace },
): Promise<FastifyReply> {
  const { transaction, idp, params, trace } = answer;
  const finished = await idp.connector.finish({ params }, transaction.sent?.remember ?? null, {
    baseUrl: request.org.baseUrl,
    now: context.clock.now(),
    trace,
  });
  if (!finished.ok) return refuse(context, request, reply, transaction, idp, finished.error);
  const gone = await routeGone(context, transaction, idp);
  if (gone !== null) return refuse(context, request, reply, transaction, idp, gone);

  const identity = finished.value;
  const until = new Date((transaction.sent?.expires ?? transaction.expires) + 60_000);
  const outcome = await signInWithIdentity(context.account, {
    orgId: transaction.orgId,
    idpId: idp.id,
    identity,
    request: transaction.request,
    client: clientOf(request),
    requestId: request.id,
    trace,
    // The assertion's key first: where both were burnt before, it is the assertion that came twice.
    once: [...identity.once, { key: `tx:${transaction.id}`, until }],
    previousSession: context.sessions.presented(request),
  });
  switch (outcome.kind) {
    case 'signed-in':
      return finishSignIn(context, request, reply, transaction, trace, outcome);
    case 'refused': {
      const { code, reason, hint, client, row, creates } = outcome.decision;
      return refuse(
        context,
        request,
        reply,
        transaction,
        idp,
        { code, reason, ...(hint !== undefined && { hint }), client, recoverable: false },
        { row, creates },
      );
    }
    case 'forbidden':
      return refuse(context, request, reply, transaction, idp, enforced(outcome.rule, idp));
    case 'denied':
      return refuse(context, request, reply, transaction, idp, denied(outcome.signOn), {
        targets: signOnTargets(outcome.signOn),
      });
    case 'replayed':
      return refuse(context, request, reply, null, idp, outcome.assertion ? replayed(identity) : REPLAYED);
    case 'unusable':
      if (outcome.what === 'identity-provider')
        return refuse(context, request, reply, transaction, outcome.idp, PROVIDER_INACTIVE);
      // Nothing leaves for an application that would not be answered now: what remains to be tried again is the portal.
      return refuse(context, request, reply, { ...transaction, request: null }, outcome.idp, APPLICATION_INACTIVE);
  }
}

/** The rule that sent the person must still stand (security.md G9). */
async function routeGone(
  context: SignInContext,
  transaction: SignInTransaction,
  idp: IdentityProvider,
): Promise<Refusal | null> {
  const ruleId = transaction.sent?.ruleId ?? null;
  const stands = ruleId === null || (await context.ports.routing.stillOffers(transaction.orgId, ruleId, idp.id));
  return stands ? null : ROUTE_CHANGED;
}

const enforced = (rule: string, idp: IdentityProvider): Refusal => ({
  code: 'route_enforced',
  reason: `The routing rule "${rule}" is enforced and does not allow the identity provider "${idp.name}".`,
  client: { error: 'access_denied', description: 'Login failed.' },
  recoverable: false,
});

const denied = (signOn: SignOnDecision): Refusal => ({
  code: SIGN_ON_DENIED,
  reason: deniedReason(signOn),
  client: {
    error: 'access_denied',
    description: 'Policy evaluation failed for this request, please check the policy configurations.',
  },
  recoverable: false,
});

const stateRefusal = (code: string, reason: string): Refusal => ({
  code,
  reason,
  client: {
    error: 'server_error',
    description: `The social identity provider returned an invalid state back to ${PRODUCT}.`,
  },
  recoverable: false,
});

const UNKNOWN_STATE = stateRefusal(
  'invalid_social_state',
  'The state that came back belongs to no open sign-in of this browser: the cookie is missing, the sign-in was completed already, or the answer was meant for another browser.',
);
const REPLAYED = stateRefusal('invalid_social_state', 'The sign-in transaction was used already.');

/** An assertion that was burnt before has the contract's words (§11.6). */
function replayed({ once }: ExternalIdentity): Refusal {
  const assertion = once[0]?.key.split(':').slice(2).join(':');
  if (assertion === undefined) return REPLAYED;
  return {
    code: 'saml_replayed',
    reason: `A SAML Assertion with the same ID [${assertion}] has already been processed by ${PRODUCT} for a previous request.`,
    client: { error: 'access_denied', description: 'Login failed.' },
    recoverable: false,
  };
}

const MIXED_UP = stateRefusal(
  'invalid_social_state',
  'The answer came back to another redirect URI than the one that was given to the identity provider: it may be meant for another provider (mix-up).',
);
const EXPIRED: Refusal = {
  code: 'social_transaction_expired',
  reason: "The sign-in took longer than the transaction's lifetime, which is a setting of the identity provider.",
  client: { error: 'access_denied', description: 'Social transaction expired.' },
  recoverable: true,
};
const ROUTE_CHANGED: Refusal = {
  code: 'route_changed',
  reason:
    'The routing rule by which the person was sent to the identity provider was deactivated, deleted or changed before the sign-in was completed.',
  client: { error: 'access_denied', description: 'Login failed.' },
  recoverable: true,
};
const PROVIDER_INACTIVE: Refusal = {
  code: 'idp_inactive',
  reason: 'The identity provider was deactivated or deleted before the sign-in was completed.',
  client: { error: 'access_denied', description: 'Login failed.' },
  recoverable: false,
};
const APPLICATION_INACTIVE: Refusal = {
  code: 'app_inactive',
  reason:
    'The application was deactivated or deleted, or lost the redirect URI of this request, before the sign-in was completed.',
  client: { error: 'access_denied', description: 'Login failed.' },
  recoverable: false,
};
