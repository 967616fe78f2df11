/** Who does something, and from where: what a service needs to record it. */
import type { FastifyRequest } from 'fastify';
import { type ClientInfo, clientOf, principalOf } from '../http/index.ts';
import type { EventInput, LogActor } from './record.ts';

export interface Caller {
  orgId: string;
  baseUrl: string;
  actor: LogActor;
  client?: ClientInfo;
  requestId?: string;
}

/** The caller of a guarded management route: a person, or an application that acts by itself. */
export function callerOf(request: FastifyRequest): Caller {
  const principal = principalOf(request);
  return {
    orgId: request.org.id,
    baseUrl: request.org.baseUrl,
    actor: {
      id: principal.userId,
      type: principal.kind === 'oauth-client' ? 'PublicClientApp' : 'User',
      alternateId: principal.login,
      displayName: principal.displayName,
    },
    client: clientOf(request),
    requestId: request.id,
  };
}

/** The event that tells of something that a caller did. */
export function doneBy(
  { orgId, actor, client, requestId }: Caller,
  event: Omit<EventInput, 'orgId' | 'actor' | 'client' | 'requestId'>,
): EventInput {
  return { ...event, orgId, actor, client, requestId };
}
