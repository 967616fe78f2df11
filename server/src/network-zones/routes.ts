/** `/api/v1/zones` (contract §10.3). */
import type { FastifyInstance } from 'fastify';
import { describedUnder, LONG_BODY_LIMIT, limitOf, managedRoutes, sendPage, textQuery } from '../http/index.ts';
import { callerOf } from '../system-log/index.ts';
import { ZoneBody } from './schema.ts';
import type { NetworkZones } from './service.ts';
import { zoneToWire } from './wire.ts';

type Listing = { Querystring: { filter?: string; limit?: string; after?: string } };

const PATH = '/api/v1/zones';
const MOST = 200;
/** How clients spell "as many as there are". */
const NO_LIMIT = '-1';
const described = describedUnder('Network zones');

export function zoneRoutes({ zones }: { zones: NetworkZones }) {
  return async (server: FastifyInstance) => {
    server.get<Listing>(
      PATH,
      described('Lists network zones', { querystring: textQuery('filter', 'limit', 'after') }),
      async (request, reply) => {
        const { filter, after, limit } = request.query;
        const size = limit === NO_LIMIT ? MOST : limitOf(limit, { fallback: MOST, max: MOST });
        const page = await zones.list(request.org.id, { filter, after, limit: size });
        const items = page.items.map((zone) => zoneToWire(zone, request.org.baseUrl));
        return sendPage(request, reply, { ...page, items });
      },
    );
    managedRoutes(server, {
      path: PATH,
      parameter: 'zoneId',
      described,
      summaries: {
        create: 'Creates a network zone',
        read: 'Reads a network zone',
        replace: 'Replaces a network zone',
        remove: 'Deletes an inactive network zone that nothing refers to',
      },
      body: ZoneBody,
      bodyLimit: LONG_BODY_LIMIT,
      callerOf,
      service: zones,
      toWire: zoneToWire,
    });
  };
}
