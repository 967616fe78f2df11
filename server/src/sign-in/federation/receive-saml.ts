/** `POST /sso/saml2/{idpId}` and `/sso/saml2`: the answer to a request of ours, or, where the provider may, a sign-in that began there. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { formOf } from '../../http/index.ts';
import type { IdentityProvider, Refusal } from '../../identity-providers/index.ts';
import { refuse } from '../refuse.ts';
import { newTransaction, type SignInContext } from '../service.ts';
import { completeSignIn, receiveFromProvider } from './receive.ts';

/** Where responses arrive (contract §11.6); with a provider's id behind it, that provider's own address. */
export const ACS_PATH = '/sso/saml2';

/** Handles of ours are 22 characters; whatever else a provider sends as RelayState is not one. */
const HANDLE = /^[\w-]{22}$/;

export async function receiveSaml(
  context: SignInContext,
  request: FastifyRequest,
  reply: FastifyReply,
  idpId: string | null,
): Promise<FastifyReply> {
  const params = formOf(request);
  const idp = idpId === null ? null : await context.ports.identityProviders.byId(request.org.id, idpId);
  if (idpId !== null && idp?.saml == null) return refuse(context, request, reply, null, null, NO_SUCH_PROVIDER);
  const relayState = params.get('RelayState');
  const state = relayState !== null && HANDLE.test(relayState) ? relayState : null;
  if (idp?.saml?.allowUnsolicited && (state === null || (await context.transactions.find(request, state)) === null))
    return unsolicited(context, request, reply, idp);
  const at = request.org.baseUrl + ACS_PATH + (idpId === null ? '' : `/${idpId}`);
  return receiveFromProvider(context, request, reply, { params, state, at, idp });
}

/** Nobody was sent: the transaction begins with the answer, and the assertion's id is all that keeps it from being used twice. */
async function unsolicited(
  context: SignInContext,
  request: FastifyRequest,
  reply: FastifyReply,
  idp: IdentityProvider,
): Promise<FastifyReply> {
  const params = formOf(request);
  const trace = context.traces.start(request.org.id, { outcome: 'OPEN', idpId: idp.id });
  trace.step({ kind: 'sign_in.began', outcome: 'INFO', detail: [{ label: 'From', made: idp.name }] });
  const returnTo = pathFrom(params.get('RelayState'), idp, request.org.baseUrl);
  const transaction = newTransaction(context, request, { request: null, returnTo, traceId: trace.id });
  if (idp.status !== 'ACTIVE') return refuse(context, request, reply, transaction, idp, INACTIVE);
  return completeSignIn(context, request, reply, { transaction, idp, params, trace });
}

/** FROM_URL: an absolute address of this hub; anything that leads elsewhere becomes the portal (S27). */
function pathFrom(relayState: string | null, idp: IdentityProvider, baseUrl: string): string {
  const url = idp.saml?.relayStateFormat === 'FROM_URL' && relayState !== null ? URL.parse(relayState) : null;
  const own =
    url !== null && url.origin === new URL(baseUrl).origin && url.username === '' && !url.pathname.startsWith('//');
  return own ? url.pathname + url.search : '/';
}

const FAILED = { error: 'access_denied', description: 'Login failed.' };

const NO_SUCH_PROVIDER: Refusal = {
  code: 'saml_provider_unknown',
  reason:
    'The address names no SAML identity provider: compare the Assertion Consumer Service URL that was given to the provider.',
  client: FAILED,
  recoverable: false,
};

const INACTIVE: Refusal = {
  code: 'idp_inactive',
  reason: 'The identity provider is deactivated.',
  client: FAILED,
  recoverable: false,
};
