/** The paths of both issuers (contract §11.1): one registration each, the same endpoints behind. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { allowOrigin, sendPreflight } from '../http/index.ts';
import { metadataOf, type OAuthError } from '../protocol/oauth/index.ts';
import type { Result } from '../shared/result.ts';
import type { Clients } from './client.ts';
import { ISSUERS, type Issuer } from './issuers.ts';
import type { Keys } from './keys/keys.ts';

type Answer = Promise<FastifyReply>;
type Asked = Promise<Result<object | null, OAuthError>>;

/** What stands behind the paths. Endpoints for browsers answer by themselves, those for programs give a value. */
export interface Endpoints {
  authorize(request: FastifyRequest, reply: FastifyReply, issuer: Issuer, sent: URLSearchParams): Answer;
  logout(request: FastifyRequest, reply: FastifyReply, issuer: Issuer, sent: URLSearchParams): Answer;
  userinfo(request: FastifyRequest, reply: FastifyReply, issuer: Issuer): Answer;
  token(request: FastifyRequest, issuer: Issuer): Asked;
  introspect(request: FastifyRequest, issuer: Issuer): Asked;
  revoke(request: FastifyRequest, issuer: Issuer): Asked;
}

export function endpointRoutes(endpoints: Endpoints, { keys, applications }: { keys: Keys; applications: Clients }) {
  const cors = {
    onRequest: async (request: FastifyRequest, reply: FastifyReply) =>
      allowOrigin(request, reply, await applications.origins(request.org.id), { anybody: true }),
  };

  // HEAD would do what GET does: issue a code, end a session.
  const noHead = { exposeHeadRoute: false };

  return async (server: FastifyInstance) => {
    const shared = (
      url: string,
      methods: ('GET' | 'POST')[],
      handler: (request: FastifyRequest, reply: FastifyReply) => Answer,
    ) => {
      server.route({ url, method: methods, ...cors, handler });
      server.options(url, cors, async (_request, reply) => sendPreflight(reply));
    };
    for (const issuer of ISSUERS) {
      const at = (name: string) => `${issuer.endpoints}/${name}`;
      server.get(at('authorize'), noHead, (request, reply) =>
        endpoints.authorize(request, reply, issuer, queryOf(request)),
      );
      server.post(at('authorize'), (request, reply) => endpoints.authorize(request, reply, issuer, formOf(request)));
      server.get(at('logout'), { ...noHead, ...cors }, (request, reply) =>
        endpoints.logout(request, reply, issuer, queryOf(request)),
      );
      server.post(at('logout'), cors, (request, reply) => endpoints.logout(request, reply, issuer, formOf(request)));
      server.options(at('logout'), cors, async (_request, reply) => sendPreflight(reply));
      shared(at('token'), ['POST'], async (request, reply) =>
        answer(request, reply, await endpoints.token(request, issuer)),
      );
      shared(at('introspect'), ['POST'], async (request, reply) =>
        answer(request, reply, await endpoints.introspect(request, issuer)),
      );
      shared(at('revoke'), ['POST'], async (request, reply) =>
        answer(request, reply, await endpoints.revoke(request, issuer)),
      );
      shared(at('userinfo'), ['GET', 'POST'], (request, reply) => endpoints.userinfo(request, reply, issuer));
      shared(at('keys'), ['GET'], (request, reply) => sendKeys(keys, request, reply));
      for (const document of ['openid-configuration', 'oauth-authorization-server']) {
        shared(`${issuer.path}/.well-known/${document}`, ['GET'], (request, reply) =>
          sendMetadata(issuer, request, reply),
        );
      }
    }
    // Verifiers of tokens look for the keys at {issuer}/v1/keys; RFC 8414 §3.1 puts an issuer's path behind the well-known one.
    shared('/v1/keys', ['GET'], (request, reply) => sendKeys(keys, request, reply));
    shared('/.well-known/oauth-authorization-server/oauth2/default', ['GET'], (request, reply) =>
      sendMetadata(ISSUERS[1] as Issuer, request, reply),
    );
  };
}

const queryOf = (request: FastifyRequest): URLSearchParams => {
  const at = request.url.indexOf('?');
  return new URLSearchParams(at === -1 ? '' : request.url.slice(at + 1));
};

const formOf = (request: FastifyRequest): URLSearchParams =>
  request.body instanceof URLSearchParams ? request.body : new URLSearchParams();

/** RFC 6749 §5.1 and §5.2: nothing of it may be stored; 401 for a client that could not prove itself. */
function answer(request: FastifyRequest, reply: FastifyReply, result: Result<object | null, OAuthError>): FastifyReply {
  reply.header('cache-control', 'no-store').header('pragma', 'no-cache');
  if (result.ok) return result.value === null ? reply.send() : reply.type('application/json').send(result.value);
  const refused = result.error.error === 'invalid_client';
  if (refused && request.headers.authorization !== undefined)
    reply.header('www-authenticate', `Basic realm="${request.org.baseUrl}"`);
  return reply
    .status(refused ? 401 : 400)
    .type('application/json')
    .send(result.error);
}

async function sendKeys(keys: Keys, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { body, etag } = await keys.published(request.org.id);
  reply.header('cache-control', 'public, max-age=3600').header('etag', etag);
  if (request.headers['if-none-match'] === etag) return reply.status(304).send();
  return reply.type('application/json').send(body);
}

async function sendMetadata(issuer: Issuer, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { baseUrl } = request.org;
  return reply
    .header('cache-control', 'public, max-age=3600')
    .type('application/json')
    .send(metadataOf(baseUrl + issuer.path, baseUrl + issuer.endpoints, issuer.apiScopes));
}
