/**
 * An identity provider by which somebody may come to be a super administrator, its keys, its profile and its mappings are changed by
 * super administrators alone (security.md K7): who chooses its addresses or keys could sign in as that person. So an access token needs
 * the scope by which administrators are made.
 */
import type { FastifyInstance } from 'fastify';
import { apiErrors, lacksScope, MAKES_ADMINISTRATORS, SUPER_ADMIN } from '../http/index.ts';

type Named = { idpId: string } | { mappingId: string } | { kid: string };

/** Whether a super administrator is linked to the provider that is named, or the provider may link administrators by itself. */
export type IsGuarded = (orgId: string, named: Named) => Promise<boolean>;

interface Call {
  params: Record<string, string>;
  query: Record<string, string | string[]>;
}

/** Routes whose calls decide who a provider's people are, and how they name the providers that they change. */
const DECIDES: readonly { route: RegExp; named(call: Call): Named[] }[] = [
  {
    route: /^\/api\/v1\/idps\/credentials\/keys\/:\w+$/,
    named: ({ params }) => Object.values(params).map((kid) => ({ kid })),
  },
  {
    route: /^\/api\/v1\/idps\/:idpId(?:$|\/lifecycle\/|\/credentials\/)/,
    named: ({ params: { idpId = '' }, query: { targetIdpId = [] } }) =>
      [idpId, targetIdpId].flat().map((id) => ({ idpId: id })),
  },
  { route: /^\/api\/v1\/mappings\/:id$/, named: ({ params: { id = '' } }) => [{ mappingId: id }] },
  { route: /^\/api\/v1\/meta\/schemas\/apps\/:id\/default$/, named: ({ params: { id = '' } }) => [{ idpId: id }] },
];

export function protectProviders(server: FastifyInstance, isGuarded: IsGuarded): void {
  server.addHook('preValidation', async (request) => {
    const { principal, method, org } = request;
    if (principal === null || method === 'GET' || method === 'HEAD') return;
    const isSuper = principal.roles.includes(SUPER_ADMIN);
    if (isSuper && !lacksScope(principal, MAKES_ADMINISTRATORS)) return;
    const url = request.routeOptions.url ?? '';
    const row = DECIDES.find(({ route }) => route.test(url));
    if (row === undefined) return;
    for (const named of row.named({ params: request.params, query: request.query } as Call))
      if (await isGuarded(org.id, named))
        throw isSuper
          ? apiErrors.insufficientScope(MAKES_ADMINISTRATORS)
          : apiErrors.forbidden(
              'Super administrators sign in, or may do so, through this identity provider: a super administrator can do this.',
            );
  });
}
