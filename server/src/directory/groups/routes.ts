/** `/api/v1/groups…` (contract §4), and our own list of members with how they came. */
import type { FastifyInstance } from 'fastify';
import {
  describedUnder,
  idCursor,
  ifMatch,
  limitOf,
  NO_CONTENT,
  type Page,
  sendPage,
  sendVersioned,
  textQuery,
} from '../../http/index.ts';
import { type Caller, callerOf } from '../../system-log/index.ts';
import { type Group, GroupBody, type GroupStats, groupToWire } from './schema.ts';
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
  /** How many applications each of the groups is assigned to. */
  appCounts(orgId: string, groupIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

type ById = { Params: { groupId: string } };
type ByMember = { Params: { groupId: string; userId: string } };
type Paged = { Querystring: { limit?: string; after?: string } };

const described = describedUnder('Groups');

export function groupRoutes(deps: GroupRoutesDeps) {
  const { groups } = deps;
  return async (server: FastifyInstance) => {
    server.get<{ Querystring: GroupQuery & { limit?: string; expand?: string } }>(
      '/api/v1/groups',
      described('Lists groups', {
        querystring: textQuery('q', 'filter', 'search', 'sortBy', 'sortOrder', 'limit', 'after', 'expand'),
      }),
      async (request, reply) => {
        const limit = limitOf(request.query.limit, { fallback: 10_000, max: 10_000 });
        const page = await groups.list(request.org.id, request.query, limit);
        const stats = await statsOf(deps, request.org.id, page.items, request.query.expand);
        return sendPage(request, reply, {
          ...page,
          items: page.items.map((group) => groupToWire(group, request.org.baseUrl, stats.get(group.id))),
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
    server.get<ById & { Querystring: { expand?: string } }>(
      '/api/v1/groups/:groupId',
      described('Reads a group', { querystring: textQuery('expand') }),
      async (request, reply) => {
        const group = await groups.get(request.org.id, request.params.groupId);
        const stats = await statsOf(deps, request.org.id, [group], request.query.expand);
        return sendVersioned(reply, group.version, groupToWire(group, request.org.baseUrl, stats.get(group.id)));
      },
    );
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
        await groups.remove(callerOf(request), request.params.groupId, ifMatch(request));
        return reply.status(204).send();
      },
    );
    server.register(memberRoutes(deps));
  };
}

function memberRoutes({ groups, appsOf }: GroupRoutesDeps) {
  return async (server: FastifyInstance) => {
    server.get<ById & Paged>(
      '/api/v1/groups/:groupId/users',
      described('Lists the members of a group', { querystring: textQuery('limit', 'after') }),
      async (request, reply) => {
        const { after, limit } = request.query;
        const page = { after: idCursor(after, '00u'), limit: limitOf(limit, { fallback: 1_000, max: 1_000 }) };
        return sendPage(request, reply, await groups.members(callerOf(request), request.params.groupId, page));
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
    server.get<ById & Paged>(
      '/api/gatehouse/v1/groups/:groupId/members',
      described('Lists the members of a group with how each came to it', { querystring: textQuery('limit', 'after') }),
      async (request, reply) => {
        const { after, limit } = request.query;
        const page = { after: idCursor(after, '00u'), limit: limitOf(limit, { fallback: 100, max: 1_000 }) };
        return sendPage(request, reply, await groups.origins(callerOf(request), request.params.groupId, page));
      },
    );
  };
}

async function statsOf(
  { groups, appCounts }: GroupRoutesDeps,
  orgId: string,
  items: readonly Group[],
  expand: string | undefined,
): Promise<ReadonlyMap<string, GroupStats>> {
  if (expand !== 'stats') return new Map();
  const ids = items.map((group) => group.id);
  const [people, apps] = [await groups.memberCounts(orgId, items), await appCounts(orgId, ids)];
  return new Map(ids.map((id) => [id, { usersCount: people.get(id) ?? 0, appsCount: apps.get(id) ?? 0 }]));
}
