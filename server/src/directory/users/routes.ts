/** `/api/v1/users…` (contract §3). */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  describedUnder,
  ifMatch,
  limitOf,
  NO_CONTENT,
  principalOf,
  sendPage,
  sendVersioned,
  signedIn,
  textQuery,
} from '../../http/index.ts';
import { type Caller, callerOf } from '../../system-log/index.ts';
import { credentialRoutes } from './credentials/routes.ts';
import { type ById, lifecycleRoutes } from './lifecycle/routes.ts';
import { roleRoutes } from './roles/routes.ts';
import { ChangeBody, CreateBody } from './schema.ts';
import type { ListQuery } from './search/selection.ts';
import type { Users } from './service.ts';
import { provenanceRoutes } from './sources/routes.ts';

export interface UserRoutesDeps {
  users: Users;
  /** Wire shapes of other modules' objects that belong to a user. */
  groupsOf(place: Pick<Caller, 'orgId' | 'baseUrl'>, userId: string): Promise<unknown[]>;
  appLinksOf(place: Pick<Caller, 'orgId' | 'baseUrl'>, userId: string): Promise<unknown[]>;
  /** Applications that hold tokens of a user, and the consents behind them. */
  clientsOf(place: Pick<Caller, 'orgId' | 'baseUrl'>, userId: string): Promise<unknown[]>;
  grantsOf(place: Pick<Caller, 'orgId' | 'baseUrl'>, userId: string): Promise<unknown[]>;
}

type Listing = { Querystring: ListQuery & { limit?: string } };
type Creating = { Querystring: Record<string, string | undefined>; Body: CreateBody };

const LISTED = {
  querystring: textQuery('q', 'filter', 'search', 'sortBy', 'sortOrder', 'limit', 'after'),
};

const described = describedUnder('Users');

export function userRoutes({ users, groupsOf, appLinksOf, clientsOf, grantsOf }: UserRoutesDeps) {
  return async (server: FastifyInstance) => {
    const wire = async (request: FastifyRequest, user: Awaited<ReturnType<Users['get']>>) =>
      (await users.toWire(callerOf(request), [user]))[0];
    for (const routes of [roleRoutes, provenanceRoutes]) await server.register(routes({ users }));
    const target = (request: FastifyRequest<ById>) =>
      request.params.userId === 'me' ? principalOf(request).userId : request.params.userId;

    server.get(
      '/api/v1/users/me',
      { onRequest: signedIn, schema: { tags: ['Users'], summary: 'Reads the calling user' } },
      async (request, reply) => {
        const user = await users.get(request.org.id, principalOf(request).userId);
        return sendVersioned(reply, user.version, await wire(request, user));
      },
    );
    server.get<Listing>('/api/v1/users', described('Lists users', LISTED), async (request, reply) => {
      const { q, search, filter, limit } = request.query;
      const size = limitOf(limit, { fallback: q && !search && !filter ? 10 : 200, max: 200 });
      const page = await users.list(request.org.id, request.query, size);
      return sendPage(request, reply, { ...page, items: await users.toWire(callerOf(request), page.items) });
    });
    server.post<Creating>(
      '/api/v1/users',
      described('Creates a user', { body: CreateBody, querystring: textQuery('activate', 'provider', 'nextLogin') }),
      async (request, reply) => {
        const { activate, provider, nextLogin } = request.query;
        const options = {
          activate: activate !== 'false',
          provider: provider === 'true',
          changePasswordNext: nextLogin === 'changePassword',
        };
        const user = await users.create(callerOf(request), request.body, options);
        return sendVersioned(reply, user.version, await wire(request, user));
      },
    );
    server.get<ById>('/api/v1/users/:userId', described('Reads a user by id or login'), async (request, reply) => {
      const user = await users.get(request.org.id, request.params.userId);
      return sendVersioned(reply, user.version, await wire(request, user));
    });
    for (const method of ['POST', 'PUT'] as const) {
      server.route<ById & { Body: ChangeBody }>({
        method,
        url: '/api/v1/users/:userId',
        ...described(method === 'POST' ? 'Changes some attributes of a user' : "Replaces a user's profile", {
          body: ChangeBody,
          querystring: textQuery('strict'),
        }),
        handler: async (request, reply) => {
          const how = { replace: method === 'PUT', expectedVersion: ifMatch(request) };
          const user = await users.change(callerOf(request), target(request), request.body, how);
          return sendVersioned(reply, user.version, await wire(request, user));
        },
      });
    }
    server.delete<ById>(
      '/api/v1/users/:userId',
      described('Deactivates a user; deletes one who is deactivated', { response: NO_CONTENT }),
      async (request, reply) => {
        await users.remove(callerOf(request), target(request), ifMatch(request));
        return reply.status(204).send();
      },
    );
    await server.register(lifecycleRoutes({ users, target }));
    await server.register(credentialRoutes({ users, target }));
    server.delete<ById>(
      '/api/v1/users/:userId/sessions',
      described("Ends a user's sessions", { querystring: textQuery('oauthTokens'), response: NO_CONTENT }),
      async (request, reply) => {
        await users.clearSessions(callerOf(request), target(request), {
          oauthTokens: request.query.oauthTokens === 'true',
        });
        return reply.status(204).send();
      },
    );
    for (const [path, of, summary] of [
      ['groups', groupsOf, "Lists a user's groups"],
      ['appLinks', appLinksOf, "Lists a user's applications"],
      ['clients', clientsOf, 'Lists the applications that hold tokens of a user'],
      ['grants', grantsOf, 'Lists what a user has granted to applications'],
    ] as const) {
      server.get<ById>(`/api/v1/users/:userId/${path}`, described(summary), async (request) => {
        const { id } = await users.get(request.org.id, target(request));
        return of(callerOf(request), id);
      });
    }
  };
}
