/**
 * Which answers a page of another origin may read (contract §1.1, rulings 29): what tells clients about the org, with credentials only for
 * origins of registered redirect URIs. Everything below /api is for its own origin and for API tokens. The authorization server's
 * endpoints see to themselves.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';

export type IsRegisteredOrigin = (orgId: string, origin: string) => Promise<boolean>;

const READABLE = new Set(['/.well-known/okta-organization']);
const ALLOWED_HEADERS = 'Authorization, Content-Type, Accept, X-Okta-User-Agent-Extended';
const PREFLIGHT_SECONDS = '3600';

export function allowOrigins(server: FastifyInstance, isRegisteredOrigin: IsRegisteredOrigin): void {
  server.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers;
    if (origin === undefined || !READABLE.has(request.url.split('?', 1)[0] ?? '')) return;
    const registered = await isRegisteredOrigin(request.org.id, origin);
    reply.header('vary', 'Origin').header('access-control-allow-origin', registered ? origin : '*');
    if (registered) reply.header('access-control-allow-credentials', 'true');
    if (request.method === 'OPTIONS') await sendPreflight(reply);
  });
}

function sendPreflight(reply: FastifyReply): FastifyReply {
  return reply
    .status(204)
    .header('access-control-allow-methods', 'GET, OPTIONS')
    .header('access-control-allow-headers', ALLOWED_HEADERS)
    .header('access-control-max-age', PREFLIGHT_SECONDS)
    .send();
}
