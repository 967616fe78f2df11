/** `/api/v1/zones` (contract §10.3). */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  administrator,
  ifMatch,
  LONG_BODY_LIMIT,
  limitOf,
  NO_CONTENT,
  sendPage,
  sendVersioned,
  textQuery,
} from '../http/index.ts';
import { callerOf } from '../system-log/index.ts';
import { ZoneBody } from './schema.ts';
import type { NetworkZones } from './service.ts';
import type { Zone } from './store.ts';
import { zoneToWire } from './wire.ts';

type ById = { Params: { zoneId: string } };
type Listing = { Querystring: { filter?: string; limit?: string; after?: string } };

const ALL = '/api/v1/zones';
const ONE = `${ALL}/:zoneId`;
const MOST = 200;
/** How clients spell "as many as there are". */
const NO_LIMIT = '-1';

export function zoneRoutes({ zones }: { zones: NetworkZones }) {
  return async (server: FastifyInstance) => {
    const described = (
      summary: string,
      parts: { body?: typeof ZoneBody; querystring?: object; response?: object } = {},
    ) => ({ onRequest: administrator, schema: { tags: ['Network zones'], summary, ...parts } });
    const send = (request: FastifyRequest, reply: FastifyReply, zone: Zone) =>
      sendVersioned(reply, zone.version, zoneToWire(zone, request.org.baseUrl));

    server.get<Listing>(
      ALL,
      described('Lists network zones', { querystring: textQuery('filter', 'limit', 'after') }),
      async (request, reply) => {
        const { filter, after, limit } = request.query;
        const size = limit === NO_LIMIT ? MOST : limitOf(limit, { fallback: MOST, max: MOST });
        const page = await zones.list(request.org.id, { filter, after, limit: size });
        const items = page.items.map((zone) => zoneToWire(zone, request.org.baseUrl));
        return sendPage(request, reply, { ...page, items });
      },
    );
    const long = { bodyLimit: LONG_BODY_LIMIT };
    server.post<{ Body: ZoneBody }>(
      ALL,
      { ...described('Creates a network zone', { body: ZoneBody }), ...long },
      async (request, reply) => send(request, reply, await zones.create(callerOf(request), request.body)),
    );
    server.get<ById>(ONE, described('Reads a network zone'), async (request, reply) =>
      send(request, reply, await zones.get(request.org.id, request.params.zoneId)),
    );
    server.put<ById & { Body: ZoneBody }>(
      ONE,
      { ...described('Replaces a network zone', { body: ZoneBody }), ...long },
      async (request, reply) => {
        const { zoneId } = request.params;
        return send(request, reply, await zones.replace(callerOf(request), zoneId, request.body, ifMatch(request)));
      },
    );
    server.delete<ById>(
      ONE,
      described('Deletes an inactive network zone that nothing refers to', { response: NO_CONTENT }),
      async (request, reply) => {
        await zones.remove(callerOf(request), request.params.zoneId);
        return reply.status(204).send();
      },
    );
    for (const [verb, status] of [
      ['activate', 'ACTIVE'],
      ['deactivate', 'INACTIVE'],
    ] as const) {
      server.post<ById>(`${ONE}/lifecycle/${verb}`, described(`Lifecycle: ${verb}`), async (request, reply) =>
        send(request, reply, await zones.setStatus(callerOf(request), request.params.zoneId, status)),
      );
    }
  };
}
