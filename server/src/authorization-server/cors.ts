/** Cross-origin calls from browsers (contract §1.1, rulings 29): anybody without credentials, registered applications with them. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clients } from './client.ts';

const ALLOWED_HEADERS = 'Authorization, Content-Type, Accept, X-Okta-User-Agent-Extended, X-Okta-User-Agent';
const EXPOSED_HEADERS = 'WWW-Authenticate, X-Okta-Request-Id';
const PREFLIGHT_SECONDS = '3600';

export async function allowOrigin(applications: Clients, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { origin } = request.headers;
  if (origin === undefined) return;
  // 'null' is every sandboxed frame's origin, and what a URL of a private scheme calls its own.
  const registered = origin !== 'null' && (await applications.origins(request.org.id)).has(origin);
  reply.header('vary', 'Origin').header('access-control-allow-origin', registered ? origin : '*');
  if (registered) reply.header('access-control-allow-credentials', 'true');
  reply.header('access-control-expose-headers', EXPOSED_HEADERS);
}

export function sendPreflight(reply: FastifyReply): FastifyReply {
  return reply
    .status(204)
    .header('access-control-allow-methods', 'GET, POST, OPTIONS')
    .header('access-control-allow-headers', ALLOWED_HEADERS)
    .header('access-control-max-age', PREFLIGHT_SECONDS)
    .send();
}
