/** `/api/gatehouse/v1/users/{id}/provenance`: where the values of a profile come from. */
import type { FastifyInstance } from 'fastify';
import { administrator } from '../../../http/index.ts';
import { callerOf } from '../../../system-log/index.ts';
import type { Users } from '../service.ts';

export function provenanceRoutes({ users }: { users: Pick<Users, 'provenance'> }) {
  return async (server: FastifyInstance) => {
    server.get<{ Params: { userId: string } }>(
      '/api/gatehouse/v1/users/:userId/provenance',
      {
        onRequest: administrator,
        schema: {
          tags: ['Users'],
          summary: "Reads where the values of a user's profile come from, and what each won against",
        },
      },
      async (request) => users.provenance(callerOf(request).orgId, request.params.userId),
    );
  };
}
