/** `/api/v1/idps/credentials/keys` and `/api/v1/idps/{id}/credentials/keys` (contract §2.4); activate and retire are our own. */
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { apiErrors, describedUnder, limitOf, NO_CONTENT, sendPage } from '../../http/index.ts';
import { callerOf } from '../../system-log/index.ts';
import { DEFAULT_VALIDITY_YEARS } from './create.ts';
import type { ProviderKeys } from './service.ts';

const Kid = Type.Object({ kid: Type.String() });
const OfProvider = Type.Object({ idpId: Type.String() });
const OneOfProvider = Type.Object({ idpId: Type.String(), kid: Type.String() });
const Certificate = Type.Object({
  x5c: Type.Array(Type.String(), { description: 'one certificate: base64 of its DER, or PEM' }),
});
/** The schema documents the body; service.ts reads it, for sentences that say what to do. */
const read = { validatorCompiler: () => () => true };
const JSON_TYPE = 'application/json; charset=utf-8';

type Of = { Params: { idpId: string; kid: string } };

const described = describedUnder('Identity provider keys');

export function providerKeyRoutes(keys: ProviderKeys) {
  return async (server: FastifyInstance) => {
    trustRoutes(server, keys);
    signingRoutes(server, keys);
  };
}

function trustRoutes(server: FastifyInstance, keys: ProviderKeys): void {
  const list = Type.Object({ limit: Type.Optional(Type.String()), after: Type.Optional(Type.String()) });
  server.get<{ Querystring: { limit?: string; after?: string } }>(
    '/api/v1/idps/credentials/keys',
    described('Lists the certificates by which providers are trusted', { querystring: list }),
    async (request, reply) => {
      const { after = '', limit } = request.query;
      return sendPage(
        request,
        reply,
        await keys.trustList(request.org.id, after, limitOf(limit, { fallback: 20, max: 200 })),
      );
    },
  );
  server.post(
    '/api/v1/idps/credentials/keys',
    { ...described('Adds a certificate', { body: Certificate }), ...read },
    async (request, reply) => reply.type(JSON_TYPE).send(await keys.addTrust(callerOf(request), request.body)),
  );
  server.get<Of>(
    '/api/v1/idps/credentials/keys/:kid',
    described('Reads a certificate', { params: Kid }),
    async (request, reply) => reply.type(JSON_TYPE).send(await keys.trust(request.org.id, request.params.kid)),
  );
  server.put<Of>(
    '/api/v1/idps/credentials/keys/:kid',
    { ...described('Replaces a certificate', { params: Kid, body: Certificate }), ...read },
    async (request, reply) =>
      reply.type(JSON_TYPE).send(await keys.replaceTrust(callerOf(request), request.params.kid, request.body)),
  );
  server.delete<Of>(
    '/api/v1/idps/credentials/keys/:kid',
    described('Removes a certificate that no provider uses', { params: Kid, response: NO_CONTENT }),
    async (request, reply) => {
      await keys.removeTrust(callerOf(request), request.params.kid);
      return reply.status(204).send();
    },
  );
}

function signingRoutes(server: FastifyInstance, keys: ProviderKeys): void {
  server.get<Of>(
    '/api/v1/idps/:idpId/credentials/keys',
    described("Lists the hub's keys towards a SAML provider", { params: OfProvider }),
    async (request, reply) => reply.type(JSON_TYPE).send(await keys.signingList(request.org.id, request.params.idpId)),
  );
  server.get<Of>(
    '/api/v1/idps/:idpId/credentials/keys/active',
    described('Lists the key that signs requests', { params: OfProvider }),
    async (request, reply) => reply.type(JSON_TYPE).send(await keys.active(request.org.id, request.params.idpId)),
  );
  server.get<Of>(
    '/api/v1/idps/:idpId/credentials/keys/:kid',
    described("Reads one of the hub's keys", { params: OneOfProvider }),
    async (request, reply) => {
      const { idpId, kid } = request.params;
      return reply.type(JSON_TYPE).send(await keys.signing(request.org.id, idpId, kid));
    },
  );
  server.post<Of & { Querystring: { validityYears?: string } }>(
    '/api/v1/idps/:idpId/credentials/keys/generate',
    described('Adds a key, which is published at once and signs only after it was made active', {
      params: OfProvider,
      querystring: Type.Object({ validityYears: Type.Optional(Type.String({ description: '2 to 10' })) }),
    }),
    async (request, reply) => {
      const years = Number(request.query.validityYears ?? DEFAULT_VALIDITY_YEARS);
      if (!Number.isInteger(years) || years < 2 || years > 10)
        throw apiErrors.validation('validityYears', 'validityYears: must be a whole number of years from 2 to 10');
      return reply.type(JSON_TYPE).send(await keys.generate(callerOf(request), request.params.idpId, years));
    },
  );
  server.post<Of & { Querystring: { targetIdpId?: string } }>(
    '/api/v1/idps/:idpId/credentials/keys/:kid/clone',
    described('Gives a key to another SAML provider', {
      params: OneOfProvider,
      querystring: Type.Object({ targetIdpId: Type.String() }),
    }),
    async (request, reply) => {
      const { idpId, kid } = request.params;
      const made = await keys.clone(callerOf(request), idpId, kid, request.query.targetIdpId ?? '');
      return reply.status(201).type(JSON_TYPE).send(made);
    },
  );
  server.post<Of>(
    '/api/gatehouse/v1/idps/:idpId/credentials/keys/:kid/activate',
    described('Makes a key the one that signs requests', { params: OneOfProvider }),
    async (request, reply) => {
      const { idpId, kid } = request.params;
      return reply.type(JSON_TYPE).send(await keys.activate(callerOf(request), idpId, kid));
    },
  );
  server.delete<Of>(
    '/api/gatehouse/v1/idps/:idpId/credentials/keys/:kid',
    described('Retires a key: it is published no longer and decrypts no longer', {
      params: OneOfProvider,
      response: NO_CONTENT,
    }),
    async (request, reply) => {
      await keys.retire(callerOf(request), request.params.idpId, request.params.kid);
      return reply.status(204).send();
    },
  );
}
