/** `/api/v1/api-tokens` (contract §10.1); POST is our own: the value stands in its answer and nowhere else. */
import type { FastifyInstance } from 'fastify';
import { apiErrors, describedUnder, ifMatch, NO_CONTENT, principalOf, sendVersioned, signedIn } from '../http/index.ts';
import { callerOf } from '../system-log/index.ts';
import { IssueBody, tokenToWire, UpdateBody } from './schema.ts';
import type { ApiTokens } from './service.ts';

type ById = { Params: { tokenId: string } };

const described = describedUnder('API tokens');

export function apiTokenRoutes({ apiTokens }: { apiTokens: ApiTokens }) {
  return async (server: FastifyInstance) => {
    server.get('/api/v1/api-tokens', described('Lists API tokens'), async (request) => {
      const tokens = await apiTokens.list(request.org.id);
      return tokens.map((token) => tokenToWire(token, request.org.baseUrl));
    });
    server.post<{ Body: IssueBody }>(
      '/api/v1/api-tokens',
      described('Creates an API token of the caller', { body: IssueBody }),
      async (request, reply) => {
        const { token, secret } = await apiTokens.issue(callerOf(request), request.body);
        return reply
          .header('cache-control', 'no-store')
          .send({ ...tokenToWire(token, request.org.baseUrl), value: secret });
      },
    );
    server.get<ById>('/api/v1/api-tokens/:tokenId', described('Reads an API token'), async (request, reply) => {
      const token = await apiTokens.get(request.org.id, request.params.tokenId);
      return sendVersioned(reply, token.version, tokenToWire(token, request.org.baseUrl));
    });
    server.put<ById & { Body: UpdateBody }>(
      '/api/v1/api-tokens/:tokenId',
      described('Renames an API token', { body: UpdateBody }),
      async (request, reply) => {
        const { tokenId } = request.params;
        const token = await apiTokens.update(callerOf(request), tokenId, request.body, ifMatch(request));
        return sendVersioned(reply, token.version, tokenToWire(token, request.org.baseUrl));
      },
    );
    server.delete(
      '/api/v1/api-tokens/current',
      // Whoever holds a token may put an end to it, also when its owner is no administrator any more.
      { ...described('Revokes the API token of this very request', { response: NO_CONTENT }), onRequest: signedIn },
      async (request, reply) => {
        const principal = principalOf(request);
        if (principal.kind !== 'api-token') throw apiErrors.notFound('current', 'ApiToken');
        await apiTokens.revoke(callerOf(request), principal.credentialId, null);
        return reply.status(204).send();
      },
    );
    server.delete<ById>(
      '/api/v1/api-tokens/:tokenId',
      described('Revokes an API token', { response: NO_CONTENT }),
      async (request, reply) => {
        await apiTokens.revoke(callerOf(request), request.params.tokenId, ifMatch(request));
        return reply.status(204).send();
      },
    );
  };
}
