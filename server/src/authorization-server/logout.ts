/**
 * Sign-out asked for by an application (OIDC RP-Initiated Logout, contract §11.4). Only an ID token of ours for the very user of the
 * session ends it at once; otherwise the person is asked (security.md P10).
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isSafeRedirectUri, logoutErrors, parametersOf } from '../protocol/oauth/index.ts';
import type { Client, Clients } from './client.ts';
import type { Issuer } from './issuers.ts';
import type { Keys } from './keys/keys.ts';
import type { AuthorizationServerDeps } from './ports.ts';
import { respondProblem } from './respond.ts';

export interface LogoutDeps {
  applications: Clients;
  keys: Keys;
  signIn: AuthorizationServerDeps['signIn'];
  pages: AuthorizationServerDeps['pages'];
}

const AFTERWARDS = '/login/signed-out';
const CONFIRMED = 'confirmed';

export async function logout(
  deps: LogoutDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  issuer: Issuer,
  sent: URLSearchParams,
): Promise<FastifyReply> {
  reply.header('cache-control', 'no-store');
  const parameters = parametersOf(sent);
  const hint = await readHint(deps, request, issuer, parameters.get('id_token_hint'));
  const clientId = hint?.clientId ?? parameters.get('client_id');
  if (hint !== null && parameters.get('client_id') !== undefined && parameters.get('client_id') !== hint.clientId) {
    return respondProblem(deps, request, reply, logoutErrors.hintInvalid(), 400, null);
  }
  const client = clientId === undefined ? null : await deps.applications.byClientId(request.org.id, clientId);
  const wanted = parameters.get('post_logout_redirect_uri');
  if (wanted !== undefined && !mayReturnTo(wanted, client)) {
    return respondProblem(deps, request, reply, logoutErrors.redirectUriInvalid(), 400, null);
  }
  const session = await deps.signIn.session(request);
  const certain = session === null || session.userId === hint?.subject || isConfirmed(request, sent);
  if (!certain) {
    const fields = Object.fromEntries([...sent].filter(([name]) => name !== CONFIRMED));
    return deps.pages.confirmSignOut(request, reply, {
      action: `${issuer.endpoints}/logout`,
      fields: { ...fields, [CONFIRMED]: 'true' },
    });
  }
  if (session !== null) await deps.signIn.endSession(request, reply);
  return reply.redirect(
    wanted === undefined ? AFTERWARDS : withState(wanted, parameters.get('state')),
    request.method === 'GET' ? 302 : 303,
  );
}

/** Whom and which client the hint names; its times do not matter, its signature does. */
async function readHint({ keys }: LogoutDeps, request: FastifyRequest, issuer: Issuer, hint: string | undefined) {
  if (hint === undefined) return null;
  const { iss, aud, sub } = (await keys.verify(request.org.id, hint))?.payload ?? {};
  if (iss !== request.org.baseUrl + issuer.path || typeof aud !== 'string' || typeof sub !== 'string') return null;
  return { clientId: aud, subject: sub };
}

const mayReturnTo = (uri: string, client: Client | null): boolean =>
  client?.status === 'ACTIVE' &&
  client.postLogoutRedirectUris.includes(uri) &&
  isSafeRedirectUri(uri, client.applicationType);

/** The page's own form, posted from the page: another site's form has another origin, and not the session's cookie either. */
function isConfirmed(request: FastifyRequest, sent: URLSearchParams): boolean {
  const site = request.headers['sec-fetch-site'];
  return (
    request.method === 'POST' &&
    sent.get(CONFIRMED) === 'true' &&
    request.headers.origin === request.org.baseUrl &&
    (site === undefined || site === 'same-origin')
  );
}

function withState(uri: string, state: string | undefined): string {
  return state === undefined ? uri : `${uri}${uri.includes('?') ? '&' : '?'}${new URLSearchParams({ state })}`;
}
