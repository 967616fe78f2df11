import type { FastifyInstance, FastifyReply } from 'fastify';
import { onlyOwnForms } from '../http/guards.ts';
import { PAGE_HEADERS } from '../pages/page.ts';
import { type Browsers, recall, remember } from './browsers.ts';
import { failedPage, signedInPage, welcomePage } from './page.ts';
import type { RelyingParty, RelyingPartySettings } from './relying-party.ts';

/** Parameters of /login that are handed on to the hub. */
const HANDED_ON = ['login_hint', 'idp', 'prompt', 'max_age', 'ui_locales', 'acr_values'];

/** Home, sign-in, refresh and sign-out of the sample application. */
export function sampleRoutes(
  app: FastifyInstance,
  settings: RelyingPartySettings,
  party: RelyingParty,
  browsers: Browsers,
) {
  const send = (reply: FastifyReply, page: string, status = 200) => reply.code(status).headers(PAGE_HEADERS).send(page);
  const fail = (reply: FastifyReply, title: string, error: unknown, status = 502) =>
    send(reply, failedPage({ title, ...reasonOf(error) }), status);

  app.get('/', async (request, reply) => {
    const tokens = browsers.of(request)?.tokens ?? null;
    return send(reply, tokens === null ? welcomePage(settings.issuer) : signedInPage(tokens));
  });

  app.get<{ Querystring: Record<string, string> }>('/login', async (request, reply) => {
    const { iss } = request.query;
    if (iss !== undefined && iss !== settings.issuer) {
      const problem = new Error(`This application signs in through ${settings.issuer} only.`);
      return fail(reply, 'This sign-in was started by somebody else', problem, 400);
    }
    const extra = Object.fromEntries(Object.entries(request.query).filter(([name]) => HANDED_ON.includes(name)));
    try {
      const departure = await party.depart(extra);
      remember(browsers.ensure(request, reply), departure);
      return reply.redirect(departure.location, 303);
    } catch (error) {
      return fail(reply, 'The sign-in service does not answer', error);
    }
  });

  app.get('/callback', async (request, reply) => {
    const currentUrl = new URL(request.url, settings.url);
    const departure = recall(browsers.of(request), currentUrl.searchParams.get('state'));
    if (departure === undefined) {
      const problem = new Error('No sign-in of this browser waits for this answer. It may have been used already.');
      return fail(reply, 'This sign-in is not open', problem, 400);
    }
    try {
      browsers.renew(request, reply, await party.arrive(currentUrl, departure));
      return reply.redirect('/', 303);
    } catch (error) {
      return fail(reply, 'You are not signed in', error, 400);
    }
  });

  app.post('/refresh', { preHandler: onlyOwnForms }, async (request, reply) => {
    const browser = browsers.of(request);
    if (browser?.tokens == null) return reply.redirect('/', 303);
    try {
      browser.tokens = await party.refresh(browser.tokens);
      return reply.redirect('/', 303);
    } catch (error) {
      return fail(reply, 'The tokens were not refreshed', error);
    }
  });

  app.post('/sign-out', { preHandler: onlyOwnForms }, async (request, reply) => {
    const tokens = browsers.of(request)?.tokens ?? null;
    browsers.forget(request, reply);
    // Signing out here works even while the hub does not answer.
    const location = tokens === null ? null : await party.signOutLocation(tokens).catch(() => null);
    return reply.redirect(location ?? '/', 303);
  });
}

/** The words of the hub where it gave any (`error`, `error_description`), else those of the library. */
function reasonOf(error: unknown): { code: string; description: string } {
  const { error: code, error_description: description, message, cause } = error as Record<string, unknown>;
  if (typeof code === 'string') return { code, description: typeof description === 'string' ? description : '' };
  const inner = cause instanceof Error ? cause.message : '';
  return {
    code: String((error as { code?: string }).code ?? 'failed'),
    description: [message, inner].filter(Boolean).join(': '),
  };
}
