/** `/api/v1/eventHooks` (contract §9), and our own list of what a hook can subscribe to. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  administrator,
  apiErrors,
  ifMatch,
  limitOf,
  NO_CONTENT,
  sendPage,
  sendVersioned,
  textQuery,
} from '../http/index.ts';
import { callerOf } from '../system-log/index.ts';
import type { Deliveries } from './delivery/deliveries.ts';
import { EventHookBody } from './schema.ts';
import type { EventHooks } from './service.ts';
import type { EventHook } from './store.ts';
import { deliveryToWire, hookToWire, subscribable } from './wire.ts';

type ById = { Params: { eventHookId: string } };

const ALL = '/api/v1/eventHooks';
const ONE = `${ALL}/:eventHookId`;

export function eventHookRoutes({ eventHooks, deliveries }: { eventHooks: EventHooks; deliveries: Deliveries }) {
  return async (server: FastifyInstance) => {
    const described = (
      summary: string,
      parts: { body?: typeof EventHookBody; querystring?: object; response?: object } = {},
    ) => ({
      onRequest: administrator,
      schema: { tags: ['Event hooks'], summary, ...parts },
    });
    const send = (request: FastifyRequest, reply: FastifyReply, hook: EventHook) =>
      sendVersioned(reply, hook.version, hookToWire(hook, request.org.baseUrl));

    server.get('/api/gatehouse/v1/event-types', described('Lists what a hook can subscribe to'), async () =>
      subscribable(),
    );
    server.get(ALL, described('Lists event hooks'), async ({ org }) =>
      (await eventHooks.list(org.id)).map((hook) => hookToWire(hook, org.baseUrl)),
    );
    server.post<{ Body: EventHookBody }>(
      ALL,
      described('Creates an event hook', { body: EventHookBody }),
      async (request, reply) => send(request, reply, await eventHooks.create(callerOf(request), request.body)),
    );
    server.get<ById>(ONE, described('Reads an event hook'), async (request, reply) =>
      send(request, reply, await eventHooks.get(request.org.id, request.params.eventHookId)),
    );
    server.put<ById & { Body: EventHookBody }>(
      ONE,
      described('Replaces an event hook; without a value the secret stays', { body: EventHookBody }),
      async (request, reply) => {
        const { eventHookId } = request.params;
        const hook = await eventHooks.replace(callerOf(request), eventHookId, request.body, ifMatch(request));
        return send(request, reply, hook);
      },
    );
    server.delete<ById>(
      ONE,
      described('Deletes an inactive event hook', { response: NO_CONTENT }),
      async (request, reply) => {
        await eventHooks.remove(callerOf(request), request.params.eventHookId);
        return reply.status(204).send();
      },
    );
    for (const [verb, status] of [
      ['activate', 'ACTIVE'],
      ['deactivate', 'INACTIVE'],
    ] as const) {
      server.post<ById>(`${ONE}/lifecycle/${verb}`, described(`Lifecycle: ${verb}`), async (request, reply) =>
        send(request, reply, await eventHooks.setStatus(callerOf(request), request.params.eventHookId, status)),
      );
    }
    server.register(deliveryRoutes(eventHooks, deliveries, described));
    server.post<ById>(
      `${ONE}/lifecycle/verify`,
      described('Asks the address whether it wants the events'),
      async (request, reply) =>
        send(request, reply, await eventHooks.verify(callerOf(request), request.params.eventHookId)),
    );
  };
}

type OneDelivery = { Params: { eventHookId: string; eventId: string } };
type Listing = { Querystring: { status?: string; limit?: string; after?: string } };

const DELIVERIES = '/api/gatehouse/v1/event-hooks/:eventHookId/deliveries';
const STATUSES = ['WAITING', 'DELIVERED', 'FAILED'];
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Our own: what a hook was sent, newest first, and sending it once more. */
function deliveryRoutes(
  eventHooks: EventHooks,
  deliveries: Deliveries,
  described: (summary: string, parts?: object) => object,
) {
  return async (server: FastifyInstance) => {
    server.get<ById & Listing>(
      DELIVERIES,
      described('Lists what a hook was sent and is to be sent', { querystring: textQuery('status', 'limit', 'after') }),
      async (request, reply) => {
        const { id } = await eventHooks.get(request.org.id, request.params.eventHookId);
        const { status, after, limit } = request.query;
        if (status !== undefined && !STATUSES.includes(status))
          throw apiErrors.validation('status', `status: expected ${STATUSES.join(', ')}`);
        if (after !== undefined && !/^\d{1,18}$/.test(after))
          throw apiErrors.validation('after', 'after: not a cursor of this request; take it from the Link header');
        const size = limitOf(limit, { fallback: 50, max: 200 });
        const page = await deliveries.list(request.org.id, id, { status, after, limit: size });
        return sendPage(request, reply, { ...page, items: page.items.map(deliveryToWire) });
      },
    );
    server.post<OneDelivery>(
      `${DELIVERIES}/:eventId/replay`,
      described('Sends an event once more', { response: NO_CONTENT }),
      async (request, reply) => {
        const { eventHookId, eventId } = request.params;
        const { id } = await eventHooks.get(request.org.id, eventHookId);
        if (!UUID.test(eventId)) throw apiErrors.notFound(eventId, 'EventHookDelivery');
        await deliveries.replay(request.org.id, id, eventId);
        return reply.status(204).send();
      },
    );
  };
}
