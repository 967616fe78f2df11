/** `/api/v1/meta/types/user` (contract §5), and the console's list with what each type holds. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { describedUnder, ifMatch, NO_CONTENT, sendVersioned } from '../../../http/index.ts';
import { callerOf } from '../../../system-log/index.ts';
import type { Schemas } from '../service.ts';
import { type UserType, UserTypeBody, type UserTypeSummaryWire, userTypeToWire } from './schema.ts';
import type { UserTypes } from './service.ts';

type One = { Params: { typeId: string } };
type Sent = { Body: UserTypeBody };

export interface UserTypeRoutesDeps {
  userTypes: UserTypes;
  schemas: Pick<Schemas, 'compiledUserSchema'>;
}

const described = describedUnder('User types');

export function userTypeRoutes({ userTypes, schemas }: UserTypeRoutesDeps) {
  return async (server: FastifyInstance) => {
    const send = (request: FastifyRequest, reply: FastifyReply, type: UserType) =>
      sendVersioned(reply, type.version, userTypeToWire(type, request.org.baseUrl));

    server.get('/api/v1/meta/types/user', described('Lists the user types'), async (request) =>
      (await userTypes.list(request.org.id)).map((type) => userTypeToWire(type, request.org.baseUrl)),
    );
    server.post<Sent>(
      '/api/v1/meta/types/user',
      described('Creates a user type, with a schema of its own', { body: UserTypeBody }),
      async (request, reply) => send(request, reply, await userTypes.create(callerOf(request), request.body)),
    );
    server.get<One>('/api/v1/meta/types/user/:typeId', described('Reads a user type'), async (request, reply) =>
      send(request, reply, await userTypes.get(request.org.id, request.params.typeId)),
    );
    for (const method of ['POST', 'PUT'] as const) {
      server.route<One & Sent>({
        method,
        url: '/api/v1/meta/types/user/:typeId',
        ...described(method === 'POST' ? 'Changes a user type' : 'Replaces a user type', { body: UserTypeBody }),
        handler: async (request, reply) => {
          const how = { replace: method === 'PUT', expectedVersion: ifMatch(request) };
          return send(
            request,
            reply,
            await userTypes.change(callerOf(request), request.params.typeId, request.body, how),
          );
        },
      });
    }
    server.delete<One>(
      '/api/v1/meta/types/user/:typeId',
      described('Deletes a user type that nobody has', { response: NO_CONTENT }),
      async (request, reply) => {
        await userTypes.remove(callerOf(request), request.params.typeId, ifMatch(request));
        return reply.status(204).send();
      },
    );
    server.get(
      '/api/gatehouse/v1/user-types',
      described('Lists the user types with the numbers of their users and attributes'),
      async (request) => {
        const { id: orgId, baseUrl } = request.org;
        const types = await userTypes.list(orgId);
        return Promise.all(types.map(async (type) => summary(type, baseUrl, orgId)));
      },
    );

    async function summary(type: UserType, baseUrl: string, orgId: string): Promise<UserTypeSummaryWire> {
      const { attributes } = await schemas.compiledUserSchema(orgId, type.id);
      const custom = [...attributes.values()].filter((attribute) => !attribute.base).length;
      return {
        ...userTypeToWire(type, baseUrl),
        users: await userTypes.countUsers(orgId, type.id),
        attributes: { base: attributes.size - custom, custom },
      };
    }
  };
}
