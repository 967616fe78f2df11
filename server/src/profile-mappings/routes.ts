/** `/api/v1/mappings` (contract §6). */
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { administrator, ifMatch, limitOf, sendPage, sendVersioned } from '../http/index.ts';
import { callerOf } from '../system-log/index.ts';
import { MappingChange, type MappingChangeBody } from './schema.ts';
import type { Mappings } from './service.ts';

const text = () => Type.Optional(Type.String({ maxLength: 100 }));
const Listing = Type.Object({ sourceId: text(), targetId: text(), limit: text(), after: text() });
const Pair = Type.Object({ source: text(), target: text() });

type One = { Params: { id: string } };

export function mappingRoutes({ mappings }: { mappings: Mappings }) {
  const describe = (summary: string, parts: object = {}) => ({
    onRequest: administrator,
    schema: { tags: ['Profile mappings'], summary, ...parts },
  });
  return async (server: FastifyInstance) => {
    server.get<{ Querystring: { sourceId?: string; targetId?: string; limit?: string; after?: string } }>(
      '/api/v1/mappings',
      describe('Lists mappings, without their properties', { querystring: Listing }),
      async (request, reply) => {
        const { sourceId = null, targetId = null, after = null, limit } = request.query;
        const page = await mappings.list(
          callerOf(request),
          { sourceId, targetId, after },
          limitOf(limit, { fallback: 20, max: 200 }),
        );
        return sendPage(request, reply, page);
      },
    );
    server.get<One>('/api/v1/mappings/:id', describe('Reads a mapping'), async (request, reply) => {
      const { version, body } = await mappings.read(callerOf(request), request.params.id);
      return sendVersioned(reply, version, body);
    });
    server.post<One & { Body: MappingChangeBody }>(
      '/api/v1/mappings/:id',
      describe('Sets some properties of a mapping; null removes one', { body: MappingChange }),
      async (request, reply) => {
        const { version, body } = await mappings.change(
          callerOf(request),
          request.params.id,
          request.body,
          ifMatch(request),
        );
        return sendVersioned(reply, version, body);
      },
    );
    server.post(
      '/api/internal/v1/mappings/reapply',
      describe('Accepts the wish that a mapping be applied; it is applied at the next sign-in of each person', {
        querystring: Pair,
      }),
      async (_request, reply) => reply.status(200).send(),
    );
  };
}
