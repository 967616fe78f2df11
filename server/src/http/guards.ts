/** Who may call a route. Guards read `request.principal`; they do not authenticate (the authenticator is app.ts's). */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { apiErrors } from './api-errors.ts';
import { mayCall } from './roles/roles.ts';

export type Guard = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** Any caller with a valid API token or console session. */
export const signedIn: Guard = async (request) => {
  if (request.principal === null) throw noCredentials(request);
};

/** A caller who administers the org and whose role allows this very route. */
export const administrator: Guard = async (request) => {
  if (request.principal === null) throw noCredentials(request);
  if (!mayCall(request.principal.roles, request.method, request.routeOptions.url ?? '')) throw apiErrors.forbidden();
};

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
