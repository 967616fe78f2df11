/** `/api/gatehouse/v1/mail`: the outbox. The text of a message is for super administrators (http/roles): its link signs in as its person. */
import type { FastifyInstance } from 'fastify';
import { administrator, limitOf, sendPage, textQuery } from '../http/index.ts';
import { callerOf } from '../system-log/index.ts';
import type { Mail } from './mail.ts';
import { messageToWire } from './wire.ts';

type Listing = { Querystring: { limit?: string; after?: string } };
type ById = { Params: { messageId: string } };

export function mailRoutes({ mail }: { mail: Pick<Mail, 'list' | 'read'> }) {
  return async (server: FastifyInstance) => {
    server.get<Listing>(
      '/api/gatehouse/v1/mail',
      {
        onRequest: administrator,
        schema: {
          tags: ['Mail'],
          summary: 'Lists the messages of the outbox, without their texts',
          querystring: textQuery('limit', 'after'),
        },
      },
      async (request, reply) => {
        const limit = limitOf(request.query.limit, { fallback: 50, max: 200 });
        const page = await mail.list(request.org.id, request.query.after ?? null, limit);
        return sendPage(request, reply, { ...page, items: page.items.map(messageToWire) });
      },
    );
    server.get<ById>(
      '/api/gatehouse/v1/mail/:messageId',
      { onRequest: administrator, schema: { tags: ['Mail'], summary: 'Reads a message with its text' } },
      async (request) => {
        const { message, body } = await mail.read(callerOf(request), request.params.messageId);
        return { ...messageToWire(message), body };
      },
    );
  };
}
