/** `/api/v1/mappings` (contract §6), and our own preview and application to everybody. */
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { describedUnder, ifMatch, limitOf, sendPage, sendVersioned } from '../http/index.ts';
import { callerOf } from '../system-log/index.ts';
import { MappingChange, type MappingChangeBody, type PreviewBody, PreviewInput } from './schema.ts';
import type { Mappings } from './service.ts';

const text = () => Type.Optional(Type.String({ maxLength: 100 }));
const Listing = Type.Object({ sourceId: text(), targetId: text(), limit: text(), after: text() });
const Pair = Type.Object({ source: text(), target: text() });

const OWN = '/api/gatehouse/v1/mappings';
type One = { Params: { id: string } };

const described = describedUnder('Profile mappings');

export function mappingRoutes({ mappings }: { mappings: Mappings }) {
  return async (server: FastifyInstance) => {
    server.get<{ Querystring: { sourceId?: string; targetId?: string; limit?: string; after?: string } }>(
      '/api/v1/mappings',
      described('Lists mappings, without their properties', { querystring: Listing }),
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
    server.get<One>('/api/v1/mappings/:id', described('Reads a mapping'), async (request, reply) => {
      const { version, body } = await mappings.read(callerOf(request), request.params.id);
      return sendVersioned(reply, version, body);
    });
    server.post<One & { Body: MappingChangeBody }>(
      '/api/v1/mappings/:id',
      described('Sets some properties of a mapping; null removes one', { body: MappingChange }),
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
    server.post<One & { Body: PreviewBody }>(
      `${OWN}/:id/preview`,
      described('Tells what a mapping, or a draft of it, would make of a profile; nothing is written', {
        body: PreviewInput,
      }),
      async (request) => mappings.preview(callerOf(request), request.params.id, request.body),
    );
    server.post<One>(
      `${OWN}/:id/apply`,
      described('Applies a mapping to everybody, with what the provider asserted of them last, as a job'),
      async (request, reply) => reply.status(202).send(await mappings.apply(callerOf(request), request.params.id)),
    );
    server.post<{ Querystring: { source?: string; target?: string } }>(
      '/api/internal/v1/mappings/reapply',
      described('Applies the mapping of a pair to everybody, as a job', { querystring: Pair }),
      async (request, reply) => {
        const { source, target = null } = request.query;
        if (source !== undefined) await mappings.applyPair(callerOf(request), { sourceId: source, targetId: target });
        return reply.status(200).send();
      },
    );
  };
}
