/** `/api/v1/idps` (contract §2), presets and lint (our own). */
import type { FastifyInstance } from 'fastify';
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
import { type IdentityProviders, NOT_FOUND_TYPE } from './deps.ts';
import { providerKeyRoutes } from './keys/routes.ts';
import { metadataRoutes } from './metadata/routes.ts';
import { lint, PRESETS, presetToWire } from './presets/index.ts';
import { IdentityProviderBody } from './schema.ts';

const ById = Type.Object({ idpId: Type.String() });
const OfUser = Type.Object({ idpId: Type.String(), userId: Type.String() });
const Query = Type.Object({
  q: Type.Optional(Type.String({ description: 'beginning of the name; an exact match comes first' })),
  type: Type.Optional(Type.String()),
  limit: Type.Optional(Type.String({ description: '1 to 200, 20 unless given' })),
  after: Type.Optional(Type.String({ description: 'cursor from the Link header' })),
});
/** What is not sent is filled in, so nothing inside is asked for. */
function allOptional(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(allOptional);
  if (typeof schema !== 'object' || schema === null) return schema;
  const kept = Object.entries(schema).filter(([key, value]) => key !== 'required' || !Array.isArray(value));
  return Object.fromEntries(kept.map(([key, value]) => [key, allOptional(value)]));
}
const Body = Type.Unsafe<unknown>({
  ...(allOptional(IdentityProviderBody) as object),
  required: ['type', 'name', 'protocol'],
});
/** The schema documents the body; service.ts reads it, for sentences that say what to do. */
const read = { validatorCompiler: () => () => true };

const described = describedUnder('Identity providers');

export function identityProviderRoutes({ identityProviders }: { identityProviders: IdentityProviders }) {
  return async (server: FastifyInstance) => {
    await providerKeyRoutes(identityProviders.keys)(server);
    await metadataRoutes(identityProviders)(server);

    server.get<{ Querystring: { q?: string; type?: string; limit?: string; after?: string } }>(
      '/api/v1/idps',
      described('Lists identity providers', { querystring: Query }),
      async (request, reply) => {
        const { q, type, after, limit } = request.query;
        if (after !== undefined && !/^\w{1,40}$/.test(after))
          throw apiErrors.validation('after', 'after: not a cursor of this list');
        const search = { q: q || null, type: type || null, after: after ?? null };
        const { id, baseUrl } = request.org;
        return sendPage(
          request,
          reply,
          await identityProviders.search(id, baseUrl, search, limitOf(limit, { fallback: 20, max: 200 })),
        );
      },
    );
    server.post(
      '/api/v1/idps',
      { ...described('Creates an identity provider', { body: Body }), ...read },
      async (request, reply) => {
        const { body, version } = await identityProviders.create(callerOf(request), request.body);
        return sendVersioned(reply, version, body);
      },
    );
    server.get<{ Params: { idpId: string } }>(
      '/api/v1/idps/:idpId',
      described('Reads an identity provider with its client secret', { params: ById }),
      async (request, reply) => {
        const { body, version } = await identityProviders.read(callerOf(request), request.params.idpId);
        return sendVersioned(reply, version, body);
      },
    );
    server.put<{ Params: { idpId: string } }>(
      '/api/v1/idps/:idpId',
      { ...described('Replaces an identity provider', { params: ById, body: Body }), ...read },
      async (request, reply) => {
        const { body, version } = await identityProviders.replace(
          callerOf(request),
          request.params.idpId,
          request.body,
          ifMatch(request),
        );
        return sendVersioned(reply, version, body);
      },
    );
    server.delete<{ Params: { idpId: string } }>(
      '/api/v1/idps/:idpId',
      described('Deletes an identity provider and unlinks its people', { params: ById, response: NO_CONTENT }),
      async (request, reply) => {
        await identityProviders.remove(callerOf(request), request.params.idpId, ifMatch(request));
        return reply.status(204).send();
      },
    );
    for (const [verb, status] of LIFECYCLE) {
      server.post<{ Params: { idpId: string } }>(
        `/api/v1/idps/:idpId/lifecycle/${verb}`,
        described(`${verb === 'activate' ? 'Activates' : 'Deactivates'} an identity provider`, { params: ById }),
        async (request, reply) => {
          const { idpId } = request.params;
          const { body, version } = await identityProviders.setStatus(
            callerOf(request),
            idpId,
            status,
            ifMatch(request),
          );
          return sendVersioned(reply, version, body);
        },
      );
    }
    server.get<{ Params: { idpId: string; userId: string } }>(
      '/api/v1/idps/:idpId/users/:userId/credentials/tokens',
      described("Lists a person's tokens of the provider: none, for they are not kept", { params: OfUser }),
      async (request, reply) => {
        const { idpId } = request.params;
        if ((await identityProviders.byId(request.org.id, idpId)) === null)
          throw apiErrors.notFound(idpId, NOT_FOUND_TYPE);
        return reply.type('application/json').send([]);
      },
    );
    server.get(
      '/api/gatehouse/v1/identity-provider-presets',
      described('Lists the kinds of identity providers with their fields filled in'),
      async (_request, reply) => reply.type('application/json').send(PRESETS.map(presetToWire)),
    );
    server.post(
      '/api/gatehouse/v1/identity-providers/lint',
      { ...described('Says what is doubtful in a configuration, complete or not', { body: Body }), ...read },
      async (request, reply) => reply.type('application/json').send({ findings: lint(request.body) }),
    );
  };
}
