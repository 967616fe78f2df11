/** `GET /api/v1/logs` (contract §10.2). */
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { Database } from '../database/index.ts';
import { administrator, limitOf, sendPage } from '../http/index.ts';
import type { Clock } from '../shared/clock.ts';
import { type LogQuery, queryLog } from './query.ts';

const text = (description: string) => Type.Optional(Type.String({ maxLength: 4096, description }));

const LogSearch = Type.Object({
  since: text('ISO 8601; seven days ago unless stated'),
  until: text('ISO 8601; without it, and ascending, the request polls'),
  filter: text('for example: eventType eq "user.session.start" and outcome.result eq "FAILURE"'),
  q: text('up to ten keywords; every one has to be found'),
  limit: text('up to 1000; 100 unless stated'),
  sortOrder: text('ASCENDING or DESCENDING'),
  after: text('from the Link header'),
});

export function systemLogRoutes({ database, clock }: { database: Database; clock: Clock }) {
  return async (server: FastifyInstance) => {
    server.get<{ Querystring: LogQuery & { limit?: string } }>(
      '/api/v1/logs',
      {
        onRequest: administrator,
        schema: {
          tags: ['System Log'],
          summary: 'Lists events of the System Log, or polls for new ones',
          querystring: LogSearch,
        },
      },
      async (request, reply) => {
        const limit = limitOf(request.query.limit, { fallback: 100, max: 1000 });
        return sendPage(request, reply, await queryLog(database, request.org.id, request.query, limit, clock.now()));
      },
    );
  };
}
