/**
 * Applications that may call this API are changed by super administrators alone (security.md K7): who changes a client's keys or addresses
 * can act as that application. An access token gets no further by it than its own scopes reach.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { apiErrors, lacksScope, SUPER_ADMIN } from '../http/index.ts';

/** What the application with this id has been given at the management API. */
export type AccessOf = (
  orgId: string,
  appId: string,
) => Promise<{ scopes: ReadonlySet<string>; roles: readonly string[] }>;

/** What decides who can act as an application: its settings, its status, its secrets. */
const DECIDES_CLIENT = /^\/api\/v1\/apps\/:id(?:$|\/lifecycle\/|\/credentials\/)/;

/** Who has it can give any scope to any application. */
const GIVES_SCOPES = 'okta.appGrants.manage';

export function protectClients(server: FastifyInstance, accessOf: AccessOf): void {
  server.addHook('preValidation', async (request) => {
    const { principal, method, org } = request;
    const url = request.routeOptions.url ?? '';
    if (principal === null || !DECIDES_CLIENT.test(url) || (method === 'GET' && !url.includes('/credentials/'))) return;
    const { scopes, roles } = await accessOf(org.id, (request as FastifyRequest<{ Params: { id: string } }>).params.id);
    if (scopes.size + roles.length === 0) return;
    if (!principal.roles.includes(SUPER_ADMIN))
      throw apiErrors.forbidden('This application may call the management API: a super administrator can do this.');
    const missing = [...scopes].find((scope) => lacksScope(principal, scope));
    if (missing !== undefined && lacksScope(principal, GIVES_SCOPES)) throw apiErrors.insufficientScope(missing);
  });
}
