/** `/api/v1/eventHooks` (contract §9), and our own list of what a hook can subscribe to. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { administrator, ifMatch, NO_CONTENT, sendVersioned } from '../http/index.ts';
import { callerOf } from '../system-log/index.ts';
import { EventHookBody } from './schema.ts';
import type { EventHooks } from './service.ts';
import type { EventHook } from './store.ts';
import { hookToWire, subscribable } from './wire.ts';

type ById = { Params: { eventHookId: string } };

const ALL = '/api/v1/eventHooks';
const ONE = `${ALL}/:eventHookId`;

export function eventHookRoutes({ eventHooks }: { eventHooks: EventHooks }) {
  return async (server: FastifyInstance) => {
    const described = (summary: string, parts: { body?: typeof EventHookBody; response?: object } = {}) => ({
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
    server.post<ById>(
      `${ONE}/lifecycle/verify`,
      described('Asks the address whether it wants the events'),
      async (request, reply) =>
        send(request, reply, await eventHooks.verify(callerOf(request), request.params.eventHookId)),
    );
  };
}
