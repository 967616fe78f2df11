import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PAGE_HEADERS } from '../../pages/page.ts';
import { withoutSecrets } from '../control/request-log.ts';
import { NEVER_RETURNS } from '../faults/refusals.ts';
import { problemPage } from '../pages/problem.ts';
import type { Sandbox } from '../sandbox.ts';
import { checkLogoutResponse, type LogoutAnswer, logoutAnswer, logoutRequest } from './logout.ts';
import { incomingMessage, MessageRefused } from './messages.ts';
import { metadataDocument } from './metadata.ts';
import { SAML_PATHS } from './names.ts';
import { onboardingRoutes } from './onboarding/routes.ts';
import { CONTINUE_SCRIPT, continuePage, startPage } from './pages.ts';
import { NO_AUTHN_CONTEXT, NO_PASSIVE } from './response/play.ts';
import { type SignOn, signOnOf, startOf } from './sign-on.ts';

type Form = Record<string, string> | undefined;

/** ID.me's SAML endpoints, the start page and the desk for service providers. */
export function samlRoutes(parent: FastifyInstance, sandbox: Sandbox): void {
  parent.register(async (app) => {
    app.setErrorHandler(async (error, _request, reply) => {
      if (!(error instanceof MessageRefused)) throw error;
      return page(reply.code(400), problemPage({ title: error.title, text: error.message }));
    });
    app.addHook('onResponse', async (request, reply) => {
      if (!WIRE.has(pathOf(request))) return;
      const logged = sandbox.requests.add(request.method, request.url, undefined);
      Object.assign(logged.parameters, withoutSecrets(new URLSearchParams((request.body as Form) ?? {})));
      logged.status = reply.statusCode;
    });
    publicRoutes(app, sandbox);
    exchangeRoutes(app, sandbox);
    onboardingRoutes(app, sandbox);
  });
}

const WIRE = new Set<string>([SAML_PATHS.metadata, SAML_PATHS.metadataProvider, SAML_PATHS.signOn, SAML_PATHS.logout]);
const pathOf = ({ url }: FastifyRequest) => url.split('?')[0] ?? '';
const queryOf = ({ url }: FastifyRequest) => url.split('?').slice(1).join('?');
const page = (reply: FastifyReply, text: string) => reply.headers(PAGE_HEADERS).send(text);

function publicRoutes(app: FastifyInstance, { url, saml }: Sandbox): void {
  for (const path of [SAML_PATHS.metadata, SAML_PATHS.metadataProvider]) {
    app.get(path, async (_request, reply) =>
      reply.type('application/samlmetadata+xml; charset=utf-8').send(metadataDocument(url, saml.keys)),
    );
  }
  app.get(SAML_PATHS.script, async (_request, reply) => reply.type('text/javascript').send(CONTINUE_SCRIPT));
  app.get(SAML_PATHS.start, async (_request, reply) => page(reply, startPage(saml.providers.list())));
}

function exchangeRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  const { saml, url } = sandbox;
  const signOn = async (request: FastifyRequest, reply: FastifyReply) => {
    const message = incomingMessage(request.method, queryOf(request), (request.body as Form) ?? {});
    if (message !== undefined) return go(reply, sandbox, signOnOf(message, url, saml));
    const query = new URLSearchParams(queryOf(request));
    if (request.method === 'GET' && query.has('EntityID')) return go(reply, sandbox, startOf(query, saml));
    throw new MessageRefused('Nothing was asked', 'A SAMLRequest is missing, and no EntityID is named.');
  };
  app.get(SAML_PATHS.signOn, signOn);
  app.post(SAML_PATHS.signOn, signOn);

  const logout = async (request: FastifyRequest, reply: FastifyReply) => {
    const message = incomingMessage(request.method, queryOf(request), (request.body as Form) ?? {});
    if (message === undefined) throw new MessageRefused('Nothing was asked', 'A SAMLRequest is missing.');
    if (message.parameter === 'SAMLResponse') {
      checkLogoutResponse(message, saml);
      return page(
        reply,
        problemPage({ title: 'Signed out', text: 'The application answered that it ended its session.' }),
      );
    }
    return send(reply, logoutAnswer(message, url, saml));
  };
  const send = (reply: FastifyReply, answer: LogoutAnswer) =>
    'address' in answer ? reply.redirect(answer.address, 303) : page(reply, continuePage(answer, answer.parameter));
  app.get<{ Querystring: { EntityID?: string } }>(SAML_PATHS.end, async ({ query }, reply) =>
    send(reply, logoutRequest(query.EntityID ?? '', saml)),
  );
  app.get(SAML_PATHS.logout, logout);
  app.post(SAML_PATHS.logout, logout);
}

/** A person decides on the sign-in page, or the control API has decided for them. */
async function go(reply: FastifyReply, sandbox: Sandbox, { request, passive, contextKnown }: SignOn) {
  const { saml, defaults, persons } = sandbox;
  if (!contextKnown) return page(reply, continuePage(await saml.fail(request, NO_AUTHN_CONTEXT)));
  const approval = defaults.takeApproval();
  const person = approval === null ? undefined : persons.find(approval.person);
  if (approval !== null && person !== undefined) {
    const byDefault = defaults.takeFault();
    const fault = approval.fault ?? byDefault;
    if (fault?.fault === 'never_returns') return page(reply, problemPage(NEVER_RETURNS));
    return page(reply, continuePage(await saml.succeed(request, person, fault)));
  }
  if (passive) return page(reply, continuePage(await saml.fail(request, NO_PASSIVE)));
  return reply.redirect(`/sign-in/${saml.wait(request)}`, 303);
}
