/** `/api/v1/apps/{id}/users` and `/groups` (contract §8.2). */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { describedUnder, ifMatch, limitOf, NO_CONTENT, sendPage, sendVersioned } from '../../http/index.ts';
import { callerOf } from '../../system-log/index.ts';
import type { AppGroupBody, AppUserBody } from './context.ts';
import { GroupInput, type GroupPatch, GroupPatchInput } from './patch.ts';
import type { Assignments } from './service.ts';

const optional = (type: string, extra: object = {}) =>
  Type.Optional(Type.Unsafe<unknown>({ type: [type, 'null'], ...extra }));

const UserInput = Type.Object({
  id: optional('string', { maxLength: 100 }),
  credentials: optional('object', { properties: { userName: { type: ['string', 'null'], maxLength: 200 } } }),
  profile: optional('object'),
});
const Listing = Type.Object({
  q: Type.Optional(Type.String({ maxLength: 200 })),
  limit: Type.Optional(Type.String()),
  after: Type.Optional(Type.String({ maxLength: 100 })),
});

type Listed = { Params: { id: string }; Querystring: { q?: string; limit?: string; after?: string } };
type OneUser = { Params: { id: string; userId: string } };
type OneGroup = { Params: { id: string; groupId: string } };

const pageRequest = (request: FastifyRequest<Listed>, fallback: number, max: number) => ({
  after: request.query.after ?? null,
  limit: limitOf(request.query.limit, { fallback, max }),
});

/** The assignment that the address names, at the version that the client expects. */
const userOf = (request: FastifyRequest<OneUser>) => ({
  appId: request.params.id,
  userId: request.params.userId,
  expectedVersion: ifMatch(request),
});
const groupOf = (request: FastifyRequest<OneGroup>) => ({
  appId: request.params.id,
  groupId: request.params.groupId,
  expectedVersion: ifMatch(request),
});

const described = describedUnder('Application assignments');

export function assignmentRoutes({ assignments }: { assignments: Assignments }) {
  return async (server: FastifyInstance) => {
    server.get<Listed>(
      '/api/v1/apps/:id/users',
      described('Lists the people of an application', { querystring: Listing }),
      async (request, reply) =>
        sendPage(
          request,
          reply,
          await assignments.listUsers(callerOf(request), request.params.id, {
            ...pageRequest(request, 50, 500),
            q: request.query.q ?? null,
          }),
        ),
    );
    server.post<{ Params: { id: string }; Body: AppUserBody }>(
      '/api/v1/apps/:id/users',
      described('Assigns a person', { body: UserInput }),
      async (request, reply) => {
        const { version, body } = await assignments.assignUser(callerOf(request), request.params.id, request.body);
        return sendVersioned(reply, version, body);
      },
    );
    server.get<OneUser>('/api/v1/apps/:id/users/:userId', described('Reads an assignment'), async (request, reply) => {
      const { id, userId } = request.params;
      const { version, body } = await assignments.getUser(callerOf(request), id, userId);
      return sendVersioned(reply, version, body);
    });
    server.post<OneUser & { Body: AppUserBody }>(
      '/api/v1/apps/:id/users/:userId',
      described("Changes a person's user name or attributes at an application", { body: UserInput }),
      async (request, reply) => {
        const { version, body } = await assignments.updateUser(callerOf(request), userOf(request), request.body);
        return sendVersioned(reply, version, body);
      },
    );
    server.delete<OneUser>(
      '/api/v1/apps/:id/users/:userId',
      described('Takes the assignment of a person away', { response: NO_CONTENT }),
      async (request, reply) => {
        await assignments.unassignUser(callerOf(request), userOf(request));
        return reply.status(204).send();
      },
    );
    server.register(groupRoutes(assignments));
  };
}

/** Clients assign a group with a bare PUT. */
async function withoutBody(request: { body?: unknown }): Promise<void> {
  request.body ??= {};
}

function groupRoutes(assignments: Assignments) {
  return async (server: FastifyInstance) => {
    server.get<Listed>(
      '/api/v1/apps/:id/groups',
      described('Lists the groups of an application', { querystring: Listing }),
      async (request, reply) =>
        sendPage(
          request,
          reply,
          await assignments.listGroups(callerOf(request), request.params.id, pageRequest(request, 20, 200)),
        ),
    );
    server.get<OneGroup>(
      '/api/v1/apps/:id/groups/:groupId',
      described('Reads the assignment of a group'),
      async (request, reply) => {
        const { id, groupId } = request.params;
        const { version, body } = await assignments.getGroup(callerOf(request), id, groupId);
        return sendVersioned(reply, version, body);
      },
    );
    server.put<OneGroup & { Body: AppGroupBody }>(
      '/api/v1/apps/:id/groups/:groupId',
      { ...described('Assigns a group', { body: GroupInput }), preValidation: withoutBody },
      async (request, reply) => {
        const { version, body } = await assignments.assignGroup(callerOf(request), groupOf(request), request.body);
        return sendVersioned(reply, version, body);
      },
    );
    server.patch<OneGroup & { Body: GroupPatch }>(
      '/api/v1/apps/:id/groups/:groupId',
      described('Changes the priority or the attributes of an assigned group', { body: GroupPatchInput }),
      async (request, reply) => {
        const { version, body } = await assignments.patchGroup(callerOf(request), groupOf(request), request.body);
        return sendVersioned(reply, version, body);
      },
    );
    server.delete<OneGroup>(
      '/api/v1/apps/:id/groups/:groupId',
      described('Takes the assignment of a group away', { response: NO_CONTENT }),
      async (request, reply) => {
        await assignments.unassignGroup(callerOf(request), groupOf(request));
        return reply.status(204).send();
      },
    );
  };
}
