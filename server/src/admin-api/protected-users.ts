/**
 * Administrators, and applications that may call this API, are changed by super administrators alone (security.md K7): who resets a
 * password or adds a link can sign in as that person, and who changes a client's keys or addresses can act as that application.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { apiErrors, SUPER_ADMIN } from '../http/index.ts';
import { isObject } from '../shared/json.ts';

/** Whether the user with this id or login, if there is one, has an administrator role. */
export type IsAdministrator = (orgId: string, idOrLogin: string) => Promise<boolean>;

/** Whether the application with this id has scopes or roles at the management API. */
export type MayCallApi = (orgId: string, appId: string) => Promise<boolean>;

/** What decides who can act as an application: its settings, its status, its secrets. */
const DECIDES_CLIENT = /^\/api\/v1\/apps\/:id(?:$|\/lifecycle\/|\/credentials\/)/;

const CONCERNS_USER = /^\/api\/v1\/(?:users\/:userId|idps\/:idpId\/users\/:userId)(?:\/|$)/;

export function protectClients(server: FastifyInstance, mayCallApi: MayCallApi): void {
  server.addHook('preValidation', async (request) => {
    const { principal, method, org } = request;
    if (principal === null || principal.roles.includes(SUPER_ADMIN)) return;
    const url = request.routeOptions.url ?? '';
    if (!DECIDES_CLIENT.test(url) || (method === 'GET' && !url.includes('/credentials/'))) return;
    if (await mayCallApi(org.id, (request as FastifyRequest<{ Params: { id: string } }>).params.id))
      throw apiErrors.forbidden('This application may call the management API: a super administrator can do this.');
  });
}

export function protectAdministrators(server: FastifyInstance, isAdministrator: IsAdministrator): void {
  server.addHook('preValidation', async (request) => {
    const { principal, method, org } = request;
    if (principal === null || principal.roles.includes(SUPER_ADMIN) || method === 'GET' || method === 'HEAD') return;
    const url = request.routeOptions.url ?? '';
    if (url.startsWith('/api/v1/idps') && linksAdministrators(request.body))
      throw apiErrors.forbidden('policy.accountLink.filter.users.excludeAdmins: false is for super administrators.');
    if (!CONCERNS_USER.test(url)) return;
    const target = (request as FastifyRequest<{ Params: { userId: string } }>).params.userId;
    if (target === 'me' || (await isAdministrator(org.id, target)))
      throw apiErrors.forbidden('This user is an administrator: a super administrator can do this.');
  });
}

/** A provider that may link administrators by itself makes its operators administrators. */
function linksAdministrators(body: unknown): boolean {
  let at = body;
  for (const name of ['policy', 'accountLink', 'filter', 'users']) at = isObject(at) ? at[name] : undefined;
  return isObject(at) && 'excludeAdmins' in at && at.excludeAdmins !== true;
}
