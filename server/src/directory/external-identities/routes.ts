/** `/api/v1/idps/{id}/users…` and `/api/v1/users/{id}/idps` (contract §2.5). */
import type { FastifyInstance } from 'fastify';
import { describedUnder, limitOf, NO_CONTENT, principalOf, sendPage, textQuery } from '../../http/index.ts';
import { type Caller, callerOf } from '../../system-log/index.ts';
import { LinkBody, linkToWire } from './schema.ts';
import type { ExternalIdentities } from './service.ts';

type ByProvider = {
  Params: { idpId: string };
  Querystring: { q?: string; after?: string; limit?: string; expand?: string };
};
type ByUser = { Params: { idpId: string; userId: string } };

export interface ExternalIdentityRoutesDeps {
  externalIdentities: ExternalIdentities;
  /** Wire shapes of users, for `expand=user`. */
  people(place: Pick<Caller, 'orgId' | 'baseUrl'>, ids: string[]): Promise<{ id: string }[]>;
}

const described = describedUnder('Identity providers');

export function externalIdentityRoutes({ externalIdentities, people }: ExternalIdentityRoutesDeps) {
  return async (server: FastifyInstance) => {
    server.get<ByProvider>(
      '/api/v1/idps/:idpId/users',
      described('Lists the linked users of an identity provider', {
        querystring: textQuery('q', 'expand', 'limit', 'after'),
      }),
      async (request, reply) => {
        const { q, after, limit, expand } = request.query;
        const page = await externalIdentities.list(request.org.id, request.params.idpId, {
          q,
          after,
          limit: limitOf(limit, { fallback: 20, max: 200 }),
        });
        const ids = expand === 'user' ? page.items.map((link) => link.userId) : [];
        const users = new Map((await people(callerOf(request), ids)).map((user) => [user.id, user]));
        const items = page.items.map((link) => {
          const user = users.get(link.userId);
          return { ...linkToWire(link, request.org.baseUrl), ...(user === undefined ? {} : { _embedded: { user } }) };
        });
        return sendPage(request, reply, { ...page, items });
      },
    );
    server.get<ByUser>('/api/v1/idps/:idpId/users/:userId', described('Reads the link of a user'), async (request) => {
      const link = await externalIdentities.get(request.org.id, request.params.idpId, request.params.userId);
      return linkToWire(link, request.org.baseUrl);
    });
    server.post<ByUser & { Body: LinkBody }>(
      '/api/v1/idps/:idpId/users/:userId',
      described('Links a user to an identity', { body: LinkBody }),
      async (request) => {
        const link = await externalIdentities.link(
          callerOf(request),
          request.params.idpId,
          request.params.userId,
          request.body.externalId,
        );
        return linkToWire(link, request.org.baseUrl);
      },
    );
    server.delete<ByUser>(
      '/api/v1/idps/:idpId/users/:userId',
      described('Unlinks a user', { response: NO_CONTENT }),
      async (request, reply) => {
        await externalIdentities.unlink(callerOf(request), request.params.idpId, request.params.userId);
        return reply.status(204).send();
      },
    );
    server.get<{ Params: { userId: string } }>(
      '/api/v1/users/:userId/idps',
      described('Lists the identity providers that a user is linked to'),
      async (request) => {
        const userId = request.params.userId === 'me' ? principalOf(request).userId : request.params.userId;
        return externalIdentities.providersOfUser(callerOf(request), userId);
      },
    );
  };
}
