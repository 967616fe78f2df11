/** `GET /api/v1/logs` (contract §10.2). */
import type { FastifyInstance } from 'fastify';
import type { Database } from '../database/index.ts';
import { administrator, limitOf, sendPage } from '../http/index.ts';
import type { Clock } from '../shared/clock.ts';
import { type LogQuery, queryLog } from './query.ts';

export function systemLogRoutes({ database, clock }: { database: Database; clock: Clock }) {
  return async (server: FastifyInstance) => {
    server.get<{ Querystring: LogQuery & { limit?: string } }>(
      '/api/v1/logs',
      {
        onRequest: administrator,
        schema: { tags: ['SystemLog'], summary: 'Lists events of the System Log, or polls for new ones' },
      },
      async (request, reply) => {
        const limit = limitOf(request.query.limit, { fallback: 100, max: 1000 });
        return sendPage(request, reply, await queryLog(database, request.org.id, request.query, limit, clock.now()));
      },
    );
  };
}
