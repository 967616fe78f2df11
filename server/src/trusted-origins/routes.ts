/** `/api/v1/trustedOrigins`. */
import type { FastifyInstance } from 'fastify';
import { describedUnder, limitOf, managedRoutes, sendPage, textQuery } from '../http/index.ts';
import { callerOf } from '../system-log/index.ts';
import { OriginBody, originToWire } from './schema.ts';
import type { TrustedOrigins } from './service.ts';

type Listing = { Querystring: { limit?: string; after?: string } };

const PATH = '/api/v1/trustedOrigins';
const described = describedUnder('Trusted origins');

export function trustedOriginRoutes({ trustedOrigins }: { trustedOrigins: TrustedOrigins }) {
  return async (server: FastifyInstance) => {
    server.get<Listing>(
      PATH,
      described('Lists trusted origins', { querystring: textQuery('limit', 'after') }),
      async (request, reply) => {
        const { after, limit } = request.query;
        const size = limitOf(limit, { fallback: 20, max: 200 });
        const page = await trustedOrigins.list(request.org.id, { after, limit: size });
        const items = page.items.map((stored) => originToWire(stored, request.org.baseUrl));
        return sendPage(request, reply, { ...page, items });
      },
    );
    managedRoutes(server, {
      path: PATH,
      parameter: 'originId',
      described,
      summaries: {
        create: 'Adds a trusted origin',
        read: 'Reads a trusted origin',
        replace: 'Replaces a trusted origin',
        remove: 'Deletes a trusted origin',
      },
      body: OriginBody,
      callerOf,
      service: trustedOrigins,
      toWire: originToWire,
    });
  };
}
