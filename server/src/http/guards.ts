/** Who may call a route. Guards read `request.principal`; they do not authenticate (the authenticator is app.ts's). */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { apiErrors } from './api-errors.ts';

export const SUPER_ADMIN = 'SUPER_ADMIN';

export type Guard = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** Any caller with a valid API token or console session. */
export const signedIn: Guard = async (request) => {
  if (request.principal === null) throw noCredentials(request);
};

/** A caller who administers the org. */
export const administrator: Guard = async (request) => {
  if (request.principal === null) throw noCredentials(request);
  if (!request.principal.roles.includes(SUPER_ADMIN)) throw apiErrors.forbidden();
};

/** The caller, on a route that a guard protects. */
export function principalOf(request: FastifyRequest) {
  if (request.principal === null) throw noCredentials(request);
  return request.principal;
}

function noCredentials(request: FastifyRequest) {
  return request.headers.authorization === undefined ? apiErrors.invalidSession() : apiErrors.invalidToken();
}
