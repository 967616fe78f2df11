/** `/api/v1/meta/schemas/…` (contract §5). */
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { describedUnder, ifMatch, LONG_BODY_LIMIT, sendVersioned } from '../../http/index.ts';
import { callerOf } from '../../system-log/index.ts';
import type { SchemaKey, Schemas } from './service.ts';

const Part = Type.Object({ properties: Type.Optional(Type.Record(Type.String(), Type.Unknown())) });
const SchemaChange = Type.Object({
  definitions: Type.Optional(Type.Object({ custom: Type.Optional(Part), base: Type.Optional(Part) })),
});

type Owned = { Params: { id: string } };

const described = describedUnder('Schemas');

export function schemaRoutes({ schemas }: { schemas: Schemas }) {
  return async (server: FastifyInstance) => {
    const route = (path: string, whose: string, keyOf: (params: { id: string }) => SchemaKey) => {
      server.get<Owned>(path, described(`Reads the schema of ${whose}`), async (request, reply) => {
        const { version, body } = await schemas.read(callerOf(request), keyOf(request.params));
        return sendVersioned(reply, version, body);
      });
      const change = {
        ...described(`Changes attributes of ${whose}`, { body: SchemaChange }),
        bodyLimit: LONG_BODY_LIMIT,
      };
      server.post<Owned>(path, change, async (request, reply) => {
        const key = keyOf(request.params);
        const { version, body } = await schemas.change(callerOf(request), key, request.body, ifMatch(request));
        return sendVersioned(reply, version, body);
      });
    };
    route('/api/v1/meta/schemas/user/:id', 'a user type', ({ id }) => ({ kind: 'user', schemaId: id }));
    route('/api/v1/meta/schemas/apps/:id/default', "an application's or identity provider's users", ({ id }) => ({
      kind: 'app',
      ownerId: id,
    }));
    route('/api/v1/meta/schemas/group/default', 'groups', () => ({ kind: 'group' }));
  };
}
