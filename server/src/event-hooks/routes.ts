/** `/api/v1/eventHooks` (contract §9), and our own list of what a hook can subscribe to. */
import type { FastifyInstance } from 'fastify';
import {
  apiErrors,
  describedUnder,
  ifMatch,
  limitOf,
  managedRoutes,
  NO_CONTENT,
  sendPage,
  sendVersioned,
  textQuery,
} from '../http/index.ts';
import { callerOf } from '../system-log/index.ts';
import type { Deliveries } from './delivery/deliveries.ts';
import { EventHookBody } from './schema.ts';
import type { EventHooks } from './service.ts';
import { deliveryToWire, hookToWire, subscribable } from './wire.ts';

type ById = { Params: { eventHookId: string } };

const PATH = '/api/v1/eventHooks';
const described = describedUnder('Event hooks');

export function eventHookRoutes({ eventHooks, deliveries }: { eventHooks: EventHooks; deliveries: Deliveries }) {
  return async (server: FastifyInstance) => {
    server.get('/api/gatehouse/v1/event-types', described('Lists what a hook can subscribe to'), async () =>
      subscribable(),
    );
    server.get(PATH, described('Lists event hooks'), async ({ org }) =>
      (await eventHooks.list(org.id)).map((hook) => hookToWire(hook, org.baseUrl)),
    );
    managedRoutes(server, {
      path: PATH,
      parameter: 'eventHookId',
      described,
      summaries: {
        create: 'Creates an event hook',
        read: 'Reads an event hook',
        replace: 'Replaces an event hook; without a value the secret stays',
        remove: 'Deletes an inactive event hook',
      },
      body: EventHookBody,
      callerOf,
      service: eventHooks,
      toWire: hookToWire,
    });
    server.register(deliveryRoutes(eventHooks, deliveries));
    server.post<ById>(
      `${PATH}/:eventHookId/lifecycle/verify`,
      described('Asks the address whether it wants the events'),
      async (request, reply) => {
        const hook = await eventHooks.verify(callerOf(request), request.params.eventHookId, ifMatch(request));
        return sendVersioned(reply, hook.version, hookToWire(hook, request.org.baseUrl));
      },
    );
  };
}

type OneDelivery = { Params: { eventHookId: string; eventId: string } };
type Listing = { Querystring: { status?: string; limit?: string; after?: string } };

const DELIVERIES = '/api/gatehouse/v1/event-hooks/:eventHookId/deliveries';
const STATUSES = ['WAITING', 'DELIVERED', 'FAILED'];
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Our own: what a hook was sent, newest first, and sending it once more. */
function deliveryRoutes(eventHooks: EventHooks, deliveries: Deliveries) {
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
