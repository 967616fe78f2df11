/** Who may call a route. Guards read `request.principal`; they do not authenticate (the authenticator is app.ts's). */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { apiErrors } from './api-errors.ts';
import type { Principal } from './request-context.ts';
import { mayCall } from './roles/roles.ts';
import { holdsScope, scopeOf } from './roles/scopes.ts';

export type Guard = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** Any caller with a valid API token, console session, or access token with the scope of this very route. */
export const signedIn: Guard = async (request) => {
  if (request.principal === null) throw noCredentials(request);
  requireScope(request);
};

/** A caller who administers the org and whose role allows this very route. */
export const administrator: Guard = async (request) => {
  if (request.principal === null) throw noCredentials(request);
  requireScope(request);
  if (!mayCall(request.principal.roles, request.method, request.routeOptions.url ?? '')) throw apiErrors.forbidden();
};

/** An access token reaches what its scopes name and nothing else; whoever calls without one is not bound by scopes. */
function requireScope({ principal, method, routeOptions }: FastifyRequest): void {
  if (principal === null || !isBound(principal)) return;
  const wanted = scopeOf(method, routeOptions.url ?? '');
  if (wanted === null) throw apiErrors.forbidden('No scope of an access token opens this address: use an API token.');
  if (lacksScope(principal, wanted)) throw apiErrors.insufficientScope(wanted);
}

const isBound = ({ kind }: Principal) => kind.startsWith('oauth-');

/** Whether the caller is bound by scopes, and this one is not among them. */
export const lacksScope = (principal: Principal, wanted: string): boolean =>
  isBound(principal) && !holdsScope(principal.scopes ?? [], wanted);

/** The caller, on a route that a guard protects. */
export function principalOf(request: FastifyRequest) {
  if (request.principal === null) throw noCredentials(request);
  return request.principal;
}

/** Nothing at all was presented, or a token that is none, or a cookie that does not count here (contract §1.3). */
function noCredentials({ headers }: FastifyRequest) {
  if (headers.authorization !== undefined) return apiErrors.invalidToken();
  return headers.cookie === undefined ? apiErrors.authenticationFailed() : apiErrors.invalidSession();
}
