/** The answer of authorize, as the response type and mode of the request say. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { authorizeErrors, isSafeRedirectUri, type OAuthError, responseUrl } from '../protocol/oauth/index.ts';
import { epochSeconds } from '../shared/clock.ts';
import type { GrantDraft } from './grants/draft.ts';
import { findAppProfile, findGroups } from './grants/store.ts';
import { readsAppProfile, readsGroups } from './issue/claims.ts';
import type { Issuing } from './issue/issue.ts';
import type { AuthorizationServerDeps, TokenUser } from './ports.ts';
import type { AuthorizationRequest } from './request.ts';

/** What an error needs of a request to find its way back. */
export type AnswerTo = Pick<AuthorizationRequest, 'issuer' | 'redirectUri' | 'responseMode' | 'state'>;

type RespondDeps = Pick<AuthorizationServerDeps, 'applications' | 'database' | 'pages'> & { issuing: Issuing };

/** Between the request and the authentication: the two clocks differ, and the provider's counts too. */
const SKEW_SECONDS = 180;

/**
 * Answers with what the draft grants; its row must be committed. An ID token is signed here. Where the authentication is older than the
 * request allows, or another user's than it names, `login_required` goes back instead and the code is never told (security.md P11).
 */
export async function respond(
  deps: RespondDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  authorization: AuthorizationRequest,
  draft: GrantDraft,
  user: TokenUser,
): Promise<FastifyReply> {
  const refusal = refusalOf(authorization, draft, user);
  if (refusal !== null) return respondError(deps, request, reply, authorization, refusal);
  const { code } = draft;
  const parameters: Record<string, string> = code === null ? {} : { code };
  if (authorization.responseType !== 'code') {
    const client = await deps.applications.byId(draft.row.org_id, authorization.appId);
    if (client === null)
      return respondProblem(deps, request, reply, authorizeErrors.clientUnknown(), 401, draft.row.trace_id);
    const atApp = readsAppProfile(client)
      ? await findAppProfile(deps.database, draft.row.org_id, client.id, user.id)
      : {};
    const groups = readsGroups(client, 'ID_TOKEN')
      ? await findGroups(deps.database, draft.row.org_id, user.id)
      : undefined;
    parameters.id_token = await deps.issuing.idToken(
      {
        orgId: draft.row.org_id,
        issuer: authorization.issuer,
        client,
        user: { ...user, ...atApp, ...(groups === undefined ? {} : { groups }) },
        scopes: authorization.scopes,
        amr: draft.row.amr,
        authTime: draft.row.auth_time,
        idpId: draft.row.idp_id,
        nonce: draft.row.nonce,
      },
      { ...(code === null ? {} : { code }), withAccessToken: code !== null },
    );
  }
  return send(deps, request, reply, authorization, parameters);
}

function refusalOf(authorization: AuthorizationRequest, draft: GrantDraft, user: TokenUser): OAuthError | null {
  if (authorization.subject !== undefined && authorization.subject !== user.id) return authorizeErrors.otherUser();
  const { requestedAt, maxAge, prompt } = authorization;
  if (requestedAt === undefined) return null;
  const oldest = requestedAt - (prompt?.includes('login') ? 0 : (maxAge ?? Number.POSITIVE_INFINITY)) - SKEW_SECONDS;
  return epochSeconds(draft.row.auth_time) < oldest ? authorizeErrors.notFreshEnough() : null;
}

/** Sends an error to the application. */
export async function respondError(
  deps: Pick<RespondDeps, 'pages'>,
  request: FastifyRequest,
  reply: FastifyReply,
  answerTo: AnswerTo,
  error: OAuthError,
): Promise<FastifyReply> {
  return send(deps, request, reply, answerTo, { error: error.error, error_description: error.error_description });
}

/** An error that must not leave the hub: a page, or JSON for who asks for it. */
export async function respondProblem(
  deps: Pick<RespondDeps, 'pages'>,
  request: FastifyRequest,
  reply: FastifyReply,
  error: OAuthError,
  status: number,
  traceId: string | null,
): Promise<FastifyReply> {
  reply.header('cache-control', 'no-store');
  const accept = request.headers.accept ?? '';
  if (accept.includes('application/json') && !accept.includes('text/html')) {
    return reply.status(status).type('application/json').send(error);
  }
  return deps.pages.problem(request, reply, {
    status,
    error: error.error,
    description: error.error_description,
    traceId,
  });
}

async function send(
  { pages }: Pick<RespondDeps, 'pages'>,
  request: FastifyRequest,
  reply: FastifyReply,
  answerTo: AnswerTo,
  parameters: Record<string, string>,
): Promise<FastifyReply> {
  const { redirectUri, responseMode, state, issuer } = answerTo;
  // A request travels sealed, but a target that a browser would run must be impossible here too (security.md P5).
  if (!isSafeRedirectUri(redirectUri, 'native'))
    throw new Error('An authorization request has a redirect URI that is not allowed.');
  const all = { ...parameters, ...(state === undefined ? {} : { state }), iss: issuer };
  reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer');
  const posts = responseMode === 'form_post' && /^https?:/i.test(redirectUri);
  if (posts) return pages.posting(request, reply, { action: redirectUri, fields: all });
  // An application on the device has an address that no form can be posted to.
  const mode = responseMode === 'form_post' ? 'fragment' : responseMode;
  return reply.redirect(responseUrl(redirectUri, mode, all), request.method === 'GET' ? 302 : 303);
}
