/** `/api/v1/groups…` (contract §4). */
import type { FastifyInstance } from 'fastify';
import {
  administrator,
  ifMatch,
  limitOf,
  NO_CONTENT,
  type Page,
  sendPage,
  sendVersioned,
  textQuery,
} from '../../http/index.ts';
import { type Caller, callerOf } from '../../system-log/index.ts';
import { GroupBody, groupToWire } from './schema.ts';
import type { GroupQuery } from './search.ts';
import type { Groups } from './service.ts';

export interface GroupRoutesDeps {
  groups: Groups;
  /** Wire shapes of the applications that a group is assigned to. */
  appsOf(
    place: Pick<Caller, 'orgId' | 'baseUrl'>,
    groupId: string,
    page: { after?: string; limit: number },
  ): Promise<Page<unknown>>;
}

type ById = { Params: { groupId: string } };
type ByMember = { Params: { groupId: string; userId: string } };
type Paged = { Querystring: { limit?: string; after?: string } };

export function groupRoutes({ groups, appsOf }: GroupRoutesDeps) {
  return async (server: FastifyInstance) => {
    const described = (
      summary: string,
      parts: { body?: typeof GroupBody; querystring?: object; response?: object } = {},
    ) => ({
      onRequest: administrator,
      schema: { tags: ['Groups'], summary, ...parts },
    });
    server.get<{ Querystring: GroupQuery & { limit?: string } }>(
      '/api/v1/groups',
      described('Lists groups', {
        querystring: textQuery('q', 'filter', 'search', 'sortBy', 'sortOrder', 'limit', 'after'),
      }),
      async (request, reply) => {
        const limit = limitOf(request.query.limit, { fallback: 10_000, max: 10_000 });
        const page = await groups.list(request.org.id, request.query, limit);
        return sendPage(request, reply, {
          ...page,
          items: page.items.map((group) => groupToWire(group, request.org.baseUrl)),
        });
      },
    );
    server.post<{ Body: GroupBody }>(
      '/api/v1/groups',
      described('Creates a group', { body: GroupBody }),
      async (request, reply) => {
        const group = await groups.create(callerOf(request), request.body);
        return sendVersioned(reply, group.version, groupToWire(group, request.org.baseUrl));
      },
    );
    server.get<ById>('/api/v1/groups/:groupId', described('Reads a group'), async (request, reply) => {
      const group = await groups.get(request.org.id, request.params.groupId);
      return sendVersioned(reply, group.version, groupToWire(group, request.org.baseUrl));
    });
    server.put<ById & { Body: GroupBody }>(
      '/api/v1/groups/:groupId',
      described('Replaces the profile of a group', { body: GroupBody }),
      async (request, reply) => {
        const group = await groups.replace(callerOf(request), request.params.groupId, request.body, ifMatch(request));
        return sendVersioned(reply, group.version, groupToWire(group, request.org.baseUrl));
      },
    );
    server.delete<ById>(
      '/api/v1/groups/:groupId',
      described('Deletes a group', { response: NO_CONTENT }),
      async (request, reply) => {
        await groups.remove(callerOf(request), request.params.groupId);
        return reply.status(204).send();
      },
    );
    server.get<ById & Paged>(
      '/api/v1/groups/:groupId/users',
      described('Lists the members of a group', { querystring: textQuery('limit', 'after') }),
      async (request, reply) => {
        const { after, limit } = request.query;
        const size = limitOf(limit, { fallback: 1_000, max: 1_000 });
        return sendPage(
          request,
          reply,
          await groups.members(callerOf(request), request.params.groupId, { after, limit: size }),
        );
      },
    );
    for (const [method, added, summary] of [
      ['PUT', true, 'Adds a user to a group'],
      ['DELETE', false, 'Removes a user from a group'],
    ] as const) {
      server.route<ByMember>({
        method,
        url: '/api/v1/groups/:groupId/users/:userId',
        ...described(summary, { response: NO_CONTENT }),
        handler: async (request, reply) => {
          await groups.setMember(callerOf(request), request.params.groupId, request.params.userId, added);
          return reply.status(204).send();
        },
      });
    }
    server.get<ById & Paged>(
      '/api/v1/groups/:groupId/apps',
      described('Lists the applications of a group', { querystring: textQuery('limit', 'after') }),
      async (request, reply) => {
        const group = await groups.get(request.org.id, request.params.groupId);
        const { after, limit } = request.query;
        const page = { after, limit: limitOf(limit, { fallback: 20, max: 200 }) };
        return sendPage(request, reply, await appsOf(callerOf(request), group.id, page));
      },
    );
  };
}
