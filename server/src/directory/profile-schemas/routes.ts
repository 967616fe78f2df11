/** `/api/v1/meta/schemas/…` (contract §5). */
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { administrator, ifMatch, sendVersioned } from '../../http/index.ts';
import { callerOf } from '../../system-log/index.ts';
import type { SchemaKey, Schemas } from './service.ts';

const Part = Type.Object({ properties: Type.Optional(Type.Record(Type.String(), Type.Unknown())) });
const SchemaChange = Type.Object({
  definitions: Type.Optional(Type.Object({ custom: Type.Optional(Part), base: Type.Optional(Part) })),
});

type SchemaParams = { Params: { schemaId: string } };
type OwnerParams = { Params: { ownerId: string } };

export function schemaRoutes({ schemas }: { schemas: Schemas }) {
  return async (server: FastifyInstance) => {
    const describe = (summary: string, body?: typeof SchemaChange) => ({
      onRequest: administrator,
      schema: { tags: ['Schemas'], summary, ...(body ? { body } : {}) },
    });
    const userKey = (schemaId: string): SchemaKey => ({ kind: 'user', schemaId });
    const appKey = (ownerId: string): SchemaKey => ({ kind: 'app', ownerId });

    server.get<SchemaParams>(
      '/api/v1/meta/schemas/user/:schemaId',
      describe('Reads the schema of a user type'),
      async (request, reply) => {
        const { version, body } = await schemas.read(callerOf(request), userKey(request.params.schemaId));
        return sendVersioned(reply, version, body);
      },
    );
    server.post<SchemaParams>(
      '/api/v1/meta/schemas/user/:schemaId',
      describe('Changes attributes of a user type', SchemaChange),
      async (request, reply) => {
        const { version, body } = await schemas.change(
          callerOf(request),
          userKey(request.params.schemaId),
          request.body,
          ifMatch(request),
        );
        return sendVersioned(reply, version, body);
      },
    );
    server.get<OwnerParams>(
      '/api/v1/meta/schemas/apps/:ownerId/default',
      describe("Reads the schema of an application's or identity provider's users"),
      async (request, reply) => {
        const { version, body } = await schemas.read(callerOf(request), appKey(request.params.ownerId));
        return sendVersioned(reply, version, body);
      },
    );
    server.post<OwnerParams>(
      '/api/v1/meta/schemas/apps/:ownerId/default',
      describe("Changes attributes of an application's or identity provider's users", SchemaChange),
      async (request, reply) => {
        const { version, body } = await schemas.change(
          callerOf(request),
          appKey(request.params.ownerId),
          request.body,
          ifMatch(request),
        );
        return sendVersioned(reply, version, body);
      },
    );
  };
}
