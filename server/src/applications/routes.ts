/** `/api/v1/apps` and the addresses at which a sign-in at an application begins (contract §8). */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import Type from 'typebox';
import {
  apiErrors,
  describedUnder,
  ifMatch,
  LIFECYCLE,
  limitOf,
  NO_CONTENT,
  sendPage,
  sendVersioned,
} from '../http/index.ts';
import { callerOf } from '../system-log/index.ts';
import type { Applications } from './applications.ts';
import { assignmentRoutes } from './assignments/routes.ts';
import { readListFilter } from './list-filter.ts';
import { type ApplicationBody, ApplicationInput } from './schema.ts';

type WithId = { Params: { id: string } };
type Body = { Body: ApplicationBody };

const Listing = Type.Object({
  q: Type.Optional(Type.String({ maxLength: 200 })),
  filter: Type.Optional(Type.String({ maxLength: 4096 })),
  limit: Type.Optional(Type.String()),
  after: Type.Optional(Type.String({ maxLength: 100 })),
  expand: Type.Optional(
    Type.String({ maxLength: 200, description: 'user/{id}: what each application says of that person' }),
  ),
});
const Activation = Type.Object({ activate: Type.Optional(Type.String({ enum: ['true', 'false'] })) });

const described = describedUnder('Applications');

export function applicationRoutes({ applications }: { applications: Applications }) {
  return async (server: FastifyInstance) => {
    server.get<{ Querystring: { q?: string; filter?: string; limit?: string; after?: string; expand?: string } }>(
      '/api/v1/apps',
      described('Lists applications', { querystring: Listing }),
      async (request, reply) =>
        sendPage(
          request,
          reply,
          await applications.listed(callerOf(request), {
            ...request.query,
            filter: readListFilter(request.query.filter),
            limit: limitOf(request.query.limit, { fallback: 20, max: 200 }),
          }),
        ),
    );
    server.post<Body & { Querystring: { activate?: string } }>(
      '/api/v1/apps',
      described('Creates an application; the answer alone holds its client secret', {
        body: ApplicationInput,
        querystring: Activation,
      }),
      async (request, reply) => {
        const { version, body } = await applications.create(
          callerOf(request),
          request.body,
          request.query.activate !== 'false',
        );
        return sendVersioned(reply, version, body);
      },
    );
    server.get<WithId>('/api/v1/apps/:id', described('Reads an application'), async (request, reply) => {
      const { version, body } = await applications.read(callerOf(request), request.params.id);
      return sendVersioned(reply, version, body);
    });
    server.put<WithId & Body>(
      '/api/v1/apps/:id',
      described('Replaces an application; an omitted client secret is kept', { body: ApplicationInput }),
      async (request, reply) => {
        const { version, body } = await applications.replace(
          callerOf(request),
          request.params.id,
          request.body,
          ifMatch(request),
        );
        return sendVersioned(reply, version, body);
      },
    );
    server.delete<WithId>(
      '/api/v1/apps/:id',
      described('Deletes an inactive application', { response: NO_CONTENT }),
      async (request, reply) => {
        await applications.remove(callerOf(request), request.params.id, ifMatch(request));
        return reply.status(204).send();
      },
    );
    for (const [step, status] of LIFECYCLE) {
      server.post<WithId>(
        `/api/v1/apps/:id/lifecycle/${step}`,
        described(`Switches an application ${step === 'activate' ? 'on' : 'off'}`),
        async (request, reply) => {
          await applications.setStatus(callerOf(request), request.params.id, status, ifMatch(request));
          return reply.type('application/json').send({});
        },
      );
    }
    server.register(settingRoutes(applications));
    server.register(assignmentRoutes({ assignments: applications.assignments }));
    server.register(launchRoutes(applications));
  };
}

/** Secrets, and what Terraform reads and writes beside an application. */
function settingRoutes(applications: Applications) {
  return async (server: FastifyInstance) => {
    const read = (request: FastifyRequest<WithId>) => applications.read(callerOf(request), request.params.id);

    server.get<WithId>(
      '/api/v1/apps/:id/credentials/secrets',
      described('Lists client secrets, in clear only where the application allows it'),
      async (request) => applications.secrets(callerOf(request), request.params.id),
    );
    server.post<WithId>(
      '/api/v1/apps/:id/credentials/secrets',
      described('Makes a new client secret; the former one stops to work'),
      async (request) => applications.renewSecret(callerOf(request), request.params.id),
    );
    server.put<{ Params: { id: string; policyId: string } }>(
      '/api/v1/apps/:id/policies/:policyId',
      described('Sets the access policy: the default one', { response: NO_CONTENT }),
      async (request, reply) => {
        await applications.setAccessPolicy(callerOf(request), request.params.id, request.params.policyId);
        return reply.status(204).send();
      },
    );
    for (const method of ['GET', 'POST'] as const) {
      server.route<WithId>({
        method,
        url: '/api/v1/internal/apps/:id/settings/oauth/idToken',
        ...described('Tells which issuer the ID tokens of an application have'),
        handler: async (request) => {
          const { settings } = (await read(request)).body;
          return {
            issuer: null,
            orgUrl: null,
            customUrl: null,
            audience: null,
            issuerMode: settings.oauthClient.issuer_mode,
          };
        },
      });
    }
  };
}

/** The way into an application from its tile (OpenID Connect Core §4). */
function launchRoutes(applications: Applications) {
  return async (server: FastifyInstance) => {
    server.get<{ Params: { name: string; id: string; link: string } }>(
      '/home/:name/:id/:link',
      { schema: { hide: true } },
      async (request, reply) => {
        const location = await applications.launchUri(request.org.id, request.org.baseUrl, request.params.id);
        if (location === null) throw apiErrors.pathNotFound();
        return reply.header('cache-control', 'no-store').redirect(location, 302);
      },
    );
  };
}
