/**
 * Administrators are changed by super administrators alone (security.md K7): who resets a password or adds a link can sign in as that
 * person. An access token that cannot make administrators becomes none that way: it changes what leads nobody into the account.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { apiErrors, lacksScope, MAKES_ADMINISTRATORS, SUPER_ADMIN } from '../http/index.ts';
import { isObject } from '../shared/json.ts';

/** The profile of the user with this id or login, where there is one who has an administrator role. */
export type AdministratorOf = (orgId: string, idOrLogin: string) => Promise<Readonly<Record<string, unknown>> | null>;

const CONCERNS_USER = /^\/api\/v1\/(?:users\/:userId|idps\/:idpId\/users\/:userId)(?:\/|$)/;

/** Calls that give nobody a way into the account. */
const LEADS_NOWHERE: readonly RegExp[] = [
  /^DELETE /,
  /^POST \/api\/v1\/users\/:userId\/lifecycle\/(?:deactivate|suspend|unsuspend|unlock)$/,
  // The password that is there has to be known.
  /^POST \/api\/v1\/users\/:userId\/credentials\/change_(?:password|recovery_question)$/,
];
/** Calls of which it depends on what is sent. */
const CHANGES_USER = /^(?:POST|PUT) \/api\/v1\/users\/:userId$/;

export function protectAdministrators(server: FastifyInstance, administratorOf: AdministratorOf): void {
  server.addHook('preValidation', async (request) => {
    const { principal, method, org, body } = request;
    if (principal === null || method === 'GET' || method === 'HEAD') return;
    const isSuper = principal.roles.includes(SUPER_ADMIN);
    if (isSuper && !lacksScope(principal, MAKES_ADMINISTRATORS)) return;
    const url = request.routeOptions.url ?? '';
    const refusal = (sentence: string) =>
      isSuper ? apiErrors.insufficientScope(MAKES_ADMINISTRATORS) : apiErrors.forbidden(sentence);
    if (url.startsWith('/api/v1/idps') && linksAdministrators(body))
      throw refusal('policy.accountLink.filter.users.excludeAdmins: false is for super administrators.');
    if (!CONCERNS_USER.test(url)) return;
    const { userId } = (request as FastifyRequest<{ Params: { userId: string } }>).params;
    const known = await administratorOf(org.id, userId === 'me' ? principal.userId : userId);
    if (known === null && (isSuper || userId !== 'me')) return;
    if (isSuper && leadsNowhere(`${method} ${url}`, body, known ?? {})) return;
    throw refusal('This user is an administrator: a super administrator can do this.');
  });
}

function leadsNowhere(call: string, body: unknown, known: Readonly<Record<string, unknown>>): boolean {
  if (LEADS_NOWHERE.some((one) => one.test(call))) return true;
  if (!CHANGES_USER.test(call) || !isObject(body) || 'credentials' in body) return false;
  const { profile } = body;
  // Links go to the address, and providers find people by both.
  return !isObject(profile) || ['login', 'email'].every((name) => !(name in profile) || profile[name] === known[name]);
}

/** A provider that may link administrators by itself makes its operators administrators. */
function linksAdministrators(body: unknown): boolean {
  let at = body;
  for (const name of ['policy', 'accountLink', 'filter', 'users']) at = isObject(at) ? at[name] : undefined;
  return isObject(at) && 'excludeAdmins' in at && at.excludeAdmins !== true;
}
