/** `/api/v1/users/{id}/lifecycle/…` (contract §3). */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { administrator, ifMatch, textQuery } from '../../../http/index.ts';
import { callerOf } from '../../../system-log/index.ts';
import type { Users } from '../service.ts';
import { type LifecycleOperation, OPERATIONS } from './operations.ts';

export type ById = { Params: { userId: string }; Querystring: Record<string, string | undefined> };

type Done = Awaited<ReturnType<Users['lifecycle']>>;

export interface LifecycleRoutesDeps {
  users: Users;
  /** The user that the path names, `me` included. */
  target(request: FastifyRequest<ById>): string;
}

const linkOf = ({ link }: Done) => (link === null ? {} : { activationUrl: link.url, activationToken: link.token });

export function lifecycleRoutes({ users, target }: LifecycleRoutesDeps) {
  const answers: Partial<Record<LifecycleOperation, (request: FastifyRequest, done: Done) => unknown>> = {
    activate: (_request, done) => linkOf(done),
    reactivate: (_request, done) => linkOf(done),
    reset_password: (_request, { link }) => (link === null ? {} : { resetPasswordUrl: link.url }),
    expire_password: async (request, { user }) => (await users.toWire(callerOf(request), [user]))[0],
    expire_password_with_temp_password: (_request, { temporaryPassword }) => ({ tempPassword: temporaryPassword }),
  };
  return async (server: FastifyInstance) => {
    for (const operation of Object.keys(OPERATIONS) as LifecycleOperation[]) {
      server.post<ById>(
        `/api/v1/users/:userId/lifecycle/${operation}`,
        {
          onRequest: administrator,
          schema: {
            tags: ['Users'],
            summary: `Lifecycle: ${operation}`,
            querystring: textQuery('sendEmail', 'revokeSessions'),
          },
        },
        async (request, reply: FastifyReply) => {
          const done = await users.lifecycle(callerOf(request), target(request), operation, {
            sendEmail: request.query.sendEmail !== 'false',
            revokeSessions: request.query.revokeSessions === 'true',
            expectedVersion: ifMatch(request),
          });
          return reply.type('application/json').send((await answers[operation]?.(request, done)) ?? {});
        },
      );
    }
  };
}
