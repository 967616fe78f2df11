/**
 * An identity provider that a super administrator is linked to, its profile and its mappings are changed by super administrators alone
 * (security.md K7): who chooses its addresses or keys could sign in as that person.
 */
import type { FastifyInstance } from 'fastify';
import { apiErrors, SUPER_ADMIN } from '../http/index.ts';

type Named = { idpId: string } | { mappingId: string } | { kid: string };

/** Whether a super administrator is linked to the provider that is named. */
export type IsGuarded = (orgId: string, named: Named) => Promise<boolean>;

/** Routes whose calls decide who a provider's people are, and by which parameter they name it. */
const DECIDES: readonly { route: RegExp; named(params: Record<string, string>): Named }[] = [
  { route: /^\/api\/v1\/idps\/credentials\/keys\/:\w+$/, named: (params) => ({ kid: Object.values(params)[0] ?? '' }) },
  {
    route: /^\/api\/v1\/idps\/:idpId(?:$|\/lifecycle\/|\/credentials\/)/,
    named: ({ idpId = '' }) => ({ idpId }),
  },
  { route: /^\/api\/v1\/mappings\/:id$/, named: ({ id = '' }) => ({ mappingId: id }) },
  { route: /^\/api\/v1\/meta\/schemas\/apps\/:id\/default$/, named: ({ id = '' }) => ({ idpId: id }) },
];

export function protectProviders(server: FastifyInstance, isGuarded: IsGuarded): void {
  server.addHook('preValidation', async (request) => {
    const { principal, method, org } = request;
    if (principal === null || principal.roles.includes(SUPER_ADMIN) || method === 'GET' || method === 'HEAD') return;
    const url = request.routeOptions.url ?? '';
    const row = DECIDES.find(({ route }) => route.test(url));
    if (row === undefined || !(await isGuarded(org.id, row.named(request.params as Record<string, string>)))) return;
    throw apiErrors.forbidden(
      'A super administrator signs in through this identity provider: a super administrator can do this.',
    );
  });
}
