/** Every path of the hosted sign-in. Forms are accepted from the hub's own pages only (security.md C3). */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, formOf, ownPath, showWhenBusy } from '../http/index.ts';
import { busyPage } from './busy.ts';
import { wishOf } from './dispatch.ts';
import {
  ACS_PATH,
  CALLBACK,
  leaveProvider,
  receiveFromProvider,
  receiveLogout,
  receiveSaml,
  sendToProvider,
} from './federation/index.ts';
import { askForLink, redeemLink, renewPassword, showForgot, showLink, showRenewal } from './own-password/index.ts';
import { signInWithPassword } from './password.ts';
import { account, portal, signedOut, signOutElsewhere, startAtProvider } from './portal/index.ts';
import { sendProblem } from './problem.ts';
import { clientFacts, newTransaction, proceed, type SignIn, type SignInContext } from './service.ts';
import { showStep } from './step.ts';
import type { SignInTransaction } from './transaction/index.ts';

type Handler = (request: FastifyRequest, reply: FastifyReply, transaction: SignInTransaction) => Promise<FastifyReply>;

export function signInRoutes(signIn: SignIn) {
  const { context } = signIn;
  const step = (handler: Handler) => async (request: FastifyRequest, reply: FastifyReply) => {
    const transaction = await context.transactions.find(request, (request.params as { tx: string }).tx);
    if (transaction === null) return gone(context, request, reply);
    if (
      context.clock.now().getTime() > transaction.expires &&
      request.method === 'POST' &&
      !request.url.endsWith('/retry')
    ) {
      return sendProblem(context, request, reply, {
        code: 'social_transaction_expired',
        traceId: transaction.traceId,
        transaction,
      });
    }
    return handler(request, reply, transaction);
  };

  return async (server: FastifyInstance) => {
    showWhenBusy(server, busyPage(context));
    server.get(
      '/signin/:tx',
      step((request, reply, transaction) => showStep(context, request, reply, transaction, {})),
    );
    server.post('/signin/:tx/identifier', { onRequest: fromOwnPage }, step(identify(context)));
    server.post('/signin/:tx/provider', { onRequest: fromOwnPage }, step(chooseProvider(context)));
    server.post(
      '/signin/:tx/password',
      { onRequest: fromOwnPage },
      step((request, reply, transaction) => signInWithPassword(context, request, reply, transaction)),
    );
    ownPasswordRoutes(server, context, step);
    server.post(
      '/signin/:tx/local',
      { onRequest: fromOwnPage },
      step(async (request, reply, transaction) => {
        await context.transactions.keep(request, reply, { ...transaction, local: { notice: null } });
        return reply.redirect(`/signin/${transaction.id}`, 303);
      }),
    );
    server.post('/signin/:tx/retry', { onRequest: fromOwnPage }, step(retry(context)));
    server.post('/signin/:tx/leave', { onRequest: fromOwnPage }, step(leave(context)));

    server.get('/login/default', async (request, reply) => {
      const trace = context.traces.start(request.org.id, { outcome: 'OPEN' });
      const returnTo = returnPathOf(request);
      const transaction = newTransaction(context, request, {
        request: null,
        returnTo,
        traceId: trace.id,
        local: { notice: null },
      });
      return proceed(context, request, reply, transaction, trace);
    });
    server.get<{ Params: { idpId: string } }>('/sso/idps/:idpId', (request, reply) =>
      startAtProvider(context, request, reply, { idpId: request.params.idpId, returnTo: returnPathOf(request) }),
    );
    server.get('/', (request, reply) => portal(context, request, reply));
    server.get('/account', (request, reply) => account(context, request, reply));
    server.post('/account/sign-out-elsewhere', { onRequest: fromOwnPage }, (request, reply) =>
      signOutElsewhere(context, request, reply),
    );
    server.post('/login/signout', { onRequest: fromOwnPage }, async (request, reply) => {
      const session = await signIn.signOut(request, reply);
      return leaveProvider(context, request, reply, session);
    });
    server.get('/login/signed-out', (request, reply) => signedOut(request, reply));

    for (const url of [CALLBACK, `${CALLBACK}/:idpId`]) {
      const receive = (request: FastifyRequest, reply: FastifyReply, params: URLSearchParams) => {
        const { idpId } = request.params as { idpId?: string };
        const arrivedAt = request.org.baseUrl + CALLBACK + (idpId === undefined ? '' : `/${idpId}`);
        return receiveFromProvider(context, request, reply, {
          params,
          state: params.get('state'),
          at: arrivedAt,
          idp: null,
        });
      };
      server.get(url, (request, reply) =>
        receive(request, reply, new URL(request.url, request.org.baseUrl).searchParams),
      );
      server.post(url, (request, reply) => receive(request, reply, formOf(request)));
    }
    samlRoutes(server, context);
  };
}

type Step = (handler: Handler) => (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;
type ByToken = { Params: { token: string } };

function ownPasswordRoutes(server: FastifyInstance, context: SignInContext, step: Step): void {
  const own = { onRequest: fromOwnPage };
  for (const [path, purpose] of [
    ['/welcome/:token', 'activate'],
    ['/signin/reset-password/:token', 'reset'],
  ] as const) {
    server.get<ByToken>(path, (request, reply) => showLink(context, request, reply, purpose));
    server.post<ByToken>(path, own, (request, reply) => redeemLink(context, request, reply, purpose));
  }
  const at = (path: string) => `/signin/:tx/${path}`;
  server.get(
    at('new-password'),
    step((request, reply, transaction) => showRenewal(context, request, reply, transaction)),
  );
  server.post(
    at('new-password'),
    own,
    step((request, reply, transaction) => renewPassword(context, request, reply, transaction)),
  );
  server.get(
    at('forgot'),
    step((request, reply, transaction) => showForgot(context, request, reply, transaction)),
  );
  server.post(
    at('forgot'),
    own,
    step((request, reply, transaction) => askForLink(context, request, reply, transaction)),
  );
}

/** A message of 256 KB in base64, escaped as a form's field. */
const SAML_BODY_LIMIT = 512 * 1024;

function samlRoutes(server: FastifyInstance, context: SignInContext): void {
  const options = { bodyLimit: SAML_BODY_LIMIT };
  server.post(ACS_PATH, options, (request, reply) => receiveSaml(context, request, reply, null));
  server.post<{ Params: { idpId: string } }>(`${ACS_PATH}/:idpId`, options, (request, reply) =>
    receiveSaml(context, request, reply, request.params.idpId),
  );
  const logout = (request: FastifyRequest, reply: FastifyReply) =>
    receiveLogout(context, request, reply, (request.params as { idpId: string }).idpId);
  server.get(`${ACS_PATH}/:idpId/slo`, logout);
  server.post(`${ACS_PATH}/:idpId/slo`, options, logout);
}

/** The transaction's cookie travels with cross-site posts, so the origin of a form is what tells ours from a stranger's. */
export async function fromOwnPage(request: FastifyRequest): Promise<void> {
  const origin = request.headers.origin;
  const site = request.headers['sec-fetch-site'];
  const own = origin !== undefined ? origin === request.org.baseUrl : site === 'same-origin';
  if (!own || (site !== undefined && site !== 'same-origin')) {
    throw new ApiError(403, 'E0000006', 'You do not have permission to perform the requested action', [
      'This form was not sent from a page of this hub.',
    ]);
  }
}

const returnPathOf = (request: FastifyRequest) =>
  ownPath((request.query as { fromURI?: unknown }).fromURI, request.org.baseUrl);

async function gone(context: SignInContext, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const trace = context.traces.start(request.org.id, {
    outcome: 'FAILURE',
    reason: 'The page belongs to no open sign-in of this browser.',
  });
  return sendProblem(context, request, reply, { code: 'page_expired', traceId: trace.id, transaction: null });
}

const chooseProvider =
  (context: SignInContext): Handler =>
  async (request, reply, transaction) => {
    const trace = context.traces.resume(transaction.orgId, transaction.traceId);
    const idp = await context.ports.identityProviders.byId(transaction.orgId, formOf(request).get('idp') ?? '');
    const offer = idp?.status === 'ACTIVE' ? await offerOf(context, request, transaction, idp.id) : null;
    if (idp === null || offer === null) return proceed(context, request, reply, transaction, trace);
    return sendToProvider(context, request, reply, transaction, { idp, ruleId: offer.ruleId }, trace);
  };

/** Only a provider that the page offers may be chosen on it: by a rule, or because the request itself names it. */
async function offerOf(
  context: SignInContext,
  request: FastifyRequest,
  transaction: SignInTransaction,
  idpId: string,
): Promise<{ ruleId: string | null } | null> {
  const route = await context.ports.routing.decide(transaction.orgId, {
    ...wishOf(transaction),
    ...clientFacts(request),
  });
  if (route.providers.some((provider) => provider.id === idpId)) return { ruleId: route.rule.id };
  return transaction.request?.idpId === idpId ? { ruleId: null } : null;
}

const MAX_LOGIN = 255;

/** The user name that routing waits for; an empty one asks to type another. The same answer whether or not somebody has it. */
const identify =
  (context: SignInContext): Handler =>
  async (request, reply, transaction) => {
    const login = (formOf(request).get('login') ?? '').trim().slice(0, MAX_LOGIN);
    const trace = context.traces.resume(transaction.orgId, transaction.traceId);
    if (login !== '') trace.fact({ login });
    return proceed(context, request, reply, { ...transaction, login }, trace);
  };

const retry =
  (context: SignInContext): Handler =>
  async (request, reply, transaction) => {
    const { local: _local, failed: _failed, sent: _sent, ...wish } = transaction;
    const again = newTransaction(context, request, {
      request: wish.request,
      returnTo: wish.returnTo,
      traceId: wish.traceId,
    });
    context.transactions.drop(reply, transaction.id);
    return proceed(context, request, reply, again, context.traces.resume(transaction.orgId, transaction.traceId));
  };

const leave =
  (context: SignInContext): Handler =>
  async (request, reply, transaction) => {
    context.transactions.drop(reply, transaction.id);
    if (transaction.request === null) return reply.redirect('/', 303);
    const failed = transaction.failed ?? { error: 'access_denied', description: 'Login failed.' };
    return context.ports.authorization.respondError(request, reply, transaction.request, {
      error: failed.error,
      error_description: failed.description,
    });
  };
