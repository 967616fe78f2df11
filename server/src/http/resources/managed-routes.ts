/**
 * The routes of objects that have a status and are replaced whole: create, read, replace, delete, activate, deactivate. What a list can
 * be asked for differs from module to module, so each has its own.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Static, TSchema } from 'typebox';
import type { Described } from './described.ts';
import { ifMatch, sendVersioned } from './etag.ts';
import { NO_CONTENT } from './pagination.ts';

/** What leads to a status, as it stands in addresses: `…/lifecycle/activate`. */
export const LIFECYCLE = [
  ['activate', 'ACTIVE'],
  ['deactivate', 'INACTIVE'],
] as const;

export interface ManagedResource<Caller, Schema extends TSchema, Stored extends { version: number }> {
  /** The address of all of them, and the parameter of one of them: `/api/v1/zones` and `zoneId`. */
  path: string;
  parameter: string;
  described: Described;
  summaries: { create: string; read: string; replace: string; remove: string };
  body: Schema;
  /** In bytes; as everywhere unless given. */
  bodyLimit?: number;
  callerOf(request: FastifyRequest): Caller;
  service: {
    create(caller: Caller, body: Static<Schema>): Promise<Stored>;
    get(orgId: string, id: string): Promise<Stored>;
    replace(caller: Caller, id: string, body: Static<Schema>, expectedVersion: number | null): Promise<Stored>;
    remove(caller: Caller, id: string, expectedVersion: number | null): Promise<void>;
    setStatus(
      caller: Caller,
      id: string,
      status: 'ACTIVE' | 'INACTIVE',
      expectedVersion: number | null,
    ): Promise<Stored>;
  };
  toWire(stored: Stored, baseUrl: string): unknown;
}

/** Adds them to a server. Besides what the service throws they answer 412 where If-Match is not a version. */
export function managedRoutes<Caller, Schema extends TSchema, Stored extends { version: number }>(
  server: FastifyInstance,
  resource: ManagedResource<Caller, Schema, Stored>,
): void {
  const { path, parameter, described, summaries, body, bodyLimit, callerOf, service, toWire } = resource;
  const one = `${path}/:${parameter}`;
  const idOf = ({ params }: FastifyRequest) => (params as Record<string, string>)[parameter]!;
  const sent = (request: FastifyRequest) => request.body as Static<Schema>;
  const taking = (summary: string) => ({ ...described(summary, { body }), bodyLimit });
  const send = (request: FastifyRequest, reply: FastifyReply, stored: Stored) =>
    sendVersioned(reply, stored.version, toWire(stored, request.org.baseUrl));

  server.post(path, taking(summaries.create), async (request, reply) =>
    send(request, reply, await service.create(callerOf(request), sent(request))),
  );
  server.get(one, described(summaries.read), async (request, reply) =>
    send(request, reply, await service.get(request.org.id, idOf(request))),
  );
  server.put(one, taking(summaries.replace), async (request, reply) =>
    send(request, reply, await service.replace(callerOf(request), idOf(request), sent(request), ifMatch(request))),
  );
  server.delete(one, described(summaries.remove, { response: NO_CONTENT }), async (request, reply) => {
    await service.remove(callerOf(request), idOf(request), ifMatch(request));
    return reply.status(204).send();
  });
  for (const [verb, status] of LIFECYCLE) {
    server.post(`${one}/lifecycle/${verb}`, described(`Lifecycle: ${verb}`), async (request, reply) =>
      send(request, reply, await service.setStatus(callerOf(request), idOf(request), status, ifMatch(request))),
    );
  }
}
