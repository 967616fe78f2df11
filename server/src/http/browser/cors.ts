/** Cross-origin calls from browsers (contract §1.1, rulings 29): who may read an answer, and who may send a person's cookie with the call. */
import type { FastifyReply, FastifyRequest } from 'fastify';

const ALLOWED_HEADERS = 'Authorization, Content-Type, Accept, X-Okta-User-Agent-Extended, X-Okta-User-Agent';
const EXPOSED_HEADERS = 'WWW-Authenticate, X-Okta-Request-Id';
const PREFLIGHT_SECONDS = '3600';

/** Origins of registered redirect URIs and trusted origins. */
export type TrustedPages = Pick<ReadonlySet<string>, 'has'>;

/** Whether the page that calls is one of these. 'null' is every sandboxed frame's origin, and what a URL of a private scheme calls its own. */
const isTrusted = (origin: string, pages: TrustedPages) => origin !== 'null' && pages.has(origin);

/** @param anybody whether every page may read the answer to a call without credentials */
export function allowOrigin(
  request: FastifyRequest,
  reply: FastifyReply,
  pages: TrustedPages,
  { anybody }: { anybody: boolean },
): void {
  const { origin } = request.headers;
  if (origin === undefined) return;
  reply.header('vary', 'Origin');
  const trusted = isTrusted(origin, pages);
  if (!trusted && !anybody) return;
  reply.header('access-control-allow-origin', trusted ? origin : '*');
  if (trusted) reply.header('access-control-allow-credentials', 'true');
  reply.header('access-control-expose-headers', EXPOSED_HEADERS);
}

/** Whether a page that is neither ours nor trusted sent the request. Browsers name the page in every call that changes something. */
export function comesFromStranger({ headers, org }: FastifyRequest, pages: TrustedPages): boolean {
  const { origin } = headers;
  return origin !== undefined && origin !== new URL(org.baseUrl).origin && !isTrusted(origin, pages);
}

export function sendPreflight(reply: FastifyReply, methods = 'GET, POST, OPTIONS'): FastifyReply {
  return reply
    .status(204)
    .header('access-control-allow-methods', methods)
    .header('access-control-allow-headers', ALLOWED_HEADERS)
    .header('access-control-max-age', PREFLIGHT_SECONDS)
    .send();
}
