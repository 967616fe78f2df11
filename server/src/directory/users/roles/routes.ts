/** `/api/v1/users/{id}/roles` in the shape of the clients; the id of an assignment is its type, of which a user has one each. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import Type, { type Static } from 'typebox';
import { describedUnder, NO_CONTENT, principalOf, ROLES, type Role } from '../../../http/index.ts';
import { callerOf } from '../../../system-log/index.ts';
import type { Users } from '../service.ts';
import type { GrantedRole } from './roles.ts';

const GrantBody = Type.Object({ type: Type.Enum(Object.keys(ROLES) as Role[]) });
type GrantBody = Static<typeof GrantBody>;
type ById = { Params: { userId: string } };
type One = { Params: { userId: string; roleId: string } };

function roleToWire({ role, created }: GrantedRole, userId: string, baseUrl: string) {
  const at = created.toISOString();
  return {
    id: role,
    label: ROLES[role],
    type: role,
    status: 'ACTIVE',
    created: at,
    lastUpdated: at,
    assignmentType: 'USER',
    _links: { assignee: { href: `${baseUrl}/api/v1/users/${userId}` } },
  };
}

const described = describedUnder('Administrator roles');

export function roleRoutes({ users }: { users: Pick<Users, 'get' | 'roles'> }) {
  return async (server: FastifyInstance) => {
    const idOf = async (request: FastifyRequest<ById>) => {
      const { userId } = request.params;
      return (await users.get(request.org.id, userId === 'me' ? principalOf(request).userId : userId)).id;
    };
    server.get<ById>(
      '/api/v1/users/:userId/roles',
      described("Lists a user's administrator roles"),
      async (request) => {
        const userId = await idOf(request);
        const granted = await users.roles.list(request.org.id, userId);
        return granted.map((role) => roleToWire(role, userId, request.org.baseUrl));
      },
    );
    server.post<ById & { Body: GrantBody }>(
      '/api/v1/users/:userId/roles',
      described('Makes a user an administrator', { body: GrantBody, response: { 201: { description: 'Granted.' } } }),
      async (request, reply) => {
        const userId = await idOf(request);
        const { kind, credentialId } = principalOf(request);
        const session = kind === 'session' ? credentialId : null;
        const granted = await users.roles.grant(callerOf(request), userId, request.body.type, session);
        return reply
          .status(201)
          .type('application/json')
          .send(roleToWire(granted, userId, request.org.baseUrl));
      },
    );
    server.delete<One>(
      '/api/v1/users/:userId/roles/:roleId',
      described('Takes an administrator role away', { response: NO_CONTENT }),
      async (request, reply) => {
        await users.roles.revoke(callerOf(request), await idOf(request), request.params.roleId);
        return reply.status(204).send();
      },
    );
  };
}
