/** `/api/v1/users/{id}/credentials/…` (contract §3). */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { describedUnder, textQuery } from '../../../http/index.ts';
import { callerOf } from '../../../system-log/index.ts';
import type { ById, LifecycleRoutesDeps } from '../lifecycle/routes.ts';
import { ChangePasswordBody, credentialsToWire, RecoveryCredentialsBody, type User } from '../schema.ts';

type WithBody<T> = ById & { Body: T };

const described = describedUnder('Users');

export function credentialRoutes({ users, target }: LifecycleRoutesDeps) {
  return async (server: FastifyInstance) => {
    const at = (path: string) => `/api/v1/users/:userId/credentials/${path}`;
    const idOf = (request: FastifyRequest<ById>) => users.idOf(request.org.id, target(request));
    const answer = (reply: FastifyReply, user: User) => reply.type('application/json').send(credentialsToWire(user));

    server.post<WithBody<ChangePasswordBody>>(
      at('change_password'),
      described('Changes a password whose old one is known', {
        body: ChangePasswordBody,
        querystring: textQuery('strict'),
      }),
      async (request, reply) =>
        answer(reply, await users.credentials.changePassword(callerOf(request), await idOf(request), request.body)),
    );
    server.post<WithBody<RecoveryCredentialsBody>>(
      at('change_recovery_question'),
      described('Changes the recovery question', { body: RecoveryCredentialsBody }),
      async (request, reply) =>
        answer(
          reply,
          await users.credentials.changeRecoveryQuestion(callerOf(request), await idOf(request), request.body),
        ),
    );
    server.post<ById>(
      at('forgot_password'),
      described('Makes a link to reset a password', { querystring: textQuery('sendEmail') }),
      async (request, reply) => {
        const sendEmail = request.query.sendEmail !== 'false';
        const link = await users.credentials.forgotPassword(callerOf(request), await idOf(request), sendEmail);
        return reply.type('application/json').send(link === null ? {} : { resetPasswordUrl: link.url });
      },
    );
    server.post<WithBody<RecoveryCredentialsBody>>(
      at('forgot_password_recovery_question'),
      described('Sets a password by the answer to the recovery question', {
        body: RecoveryCredentialsBody,
        querystring: textQuery('sendEmail'),
      }),
      async (request, reply) =>
        answer(reply, await users.credentials.resetByRecovery(callerOf(request), await idOf(request), request.body)),
    );
  };
}
