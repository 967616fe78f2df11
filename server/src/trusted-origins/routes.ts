/** `/api/v1/trustedOrigins`. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { administrator, ifMatch, limitOf, NO_CONTENT, sendPage, sendVersioned, textQuery } from '../http/index.ts';
import { callerOf } from '../system-log/index.ts';
import { OriginBody, originToWire } from './schema.ts';
import type { TrustedOrigins } from './service.ts';
import type { TrustedOrigin } from './store.ts';

type ById = { Params: { originId: string } };
type Listing = { Querystring: { limit?: string; after?: string } };

const ALL = '/api/v1/trustedOrigins';
const ONE = `${ALL}/:originId`;

export function trustedOriginRoutes({ trustedOrigins }: { trustedOrigins: TrustedOrigins }) {
  return async (server: FastifyInstance) => {
    const described = (
      summary: string,
      parts: { body?: typeof OriginBody; querystring?: object; response?: object } = {},
    ) => ({
      onRequest: administrator,
      schema: { tags: ['Trusted origins'], summary, ...parts },
    });
    const send = (request: FastifyRequest, reply: FastifyReply, stored: TrustedOrigin) =>
      sendVersioned(reply, stored.version, originToWire(stored, request.org.baseUrl));

    server.get<Listing>(
      ALL,
      described('Lists trusted origins', { querystring: textQuery('limit', 'after') }),
      async (request, reply) => {
        const { after, limit } = request.query;
        const size = limitOf(limit, { fallback: 20, max: 200 });
        const page = await trustedOrigins.list(request.org.id, { after, limit: size });
        const items = page.items.map((stored) => originToWire(stored, request.org.baseUrl));
        return sendPage(request, reply, { ...page, items });
      },
    );
    server.post<{ Body: OriginBody }>(
      ALL,
      described('Adds a trusted origin', { body: OriginBody }),
      async (request, reply) => send(request, reply, await trustedOrigins.create(callerOf(request), request.body)),
    );
    server.get<ById>(ONE, described('Reads a trusted origin'), async (request, reply) =>
      send(request, reply, await trustedOrigins.get(request.org.id, request.params.originId)),
    );
    server.put<ById & { Body: OriginBody }>(
      ONE,
      described('Replaces a trusted origin', { body: OriginBody }),
      async (request, reply) => {
        const { originId } = request.params;
        const stored = await trustedOrigins.replace(callerOf(request), originId, request.body, ifMatch(request));
        return send(request, reply, stored);
      },
    );
    server.delete<ById>(
      ONE,
      described('Deletes a trusted origin', { response: NO_CONTENT }),
      async (request, reply) => {
        await trustedOrigins.remove(callerOf(request), request.params.originId);
        return reply.status(204).send();
      },
    );
    for (const [verb, status] of [
      ['activate', 'ACTIVE'],
      ['deactivate', 'INACTIVE'],
    ] as const) {
      server.post<ById>(`${ONE}/lifecycle/${verb}`, described(`Lifecycle: ${verb}`), async (request, reply) =>
        send(request, reply, await trustedOrigins.setStatus(callerOf(request), request.params.originId, status)),
      );
    }
  };
}
