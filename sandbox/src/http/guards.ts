import type { FastifyReply, FastifyRequest } from 'fastify';

const LOOPBACK_ADDRESSES = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);
const FORWARDING_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'];

/**
 * Lets only programs of this machine through: the peer is loopback, the Host names loopback (a rebound name does not), nothing was forwarded,
 * and a browser is not calling from another origin's page.
 */
export async function onlyLoopback(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const local =
    LOOPBACK_ADDRESSES.has(request.raw.socket.remoteAddress ?? '') &&
    LOOPBACK_NAMES.has((request.headers.host ?? '').replace(/:\d+$/, '')) &&
    FORWARDING_HEADERS.every((name) => request.headers[name] === undefined);
  if (!local || isCrossSite(request)) {
    await reply
      .code(403)
      .send({ error: 'not_loopback', message: 'The control API answers programs of this machine only.' });
  }
}

/** Refuses a form that a page of another origin posts. Browsers without the header send none. */
export async function onlyOwnForms(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (request.method === 'POST' && isCrossSite(request)) {
    await reply.code(403).send({ error: 'cross_site', message: 'This form is posted from its own page only.' });
  }
}

function isCrossSite(request: FastifyRequest): boolean {
  const site = request.headers['sec-fetch-site'];
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

/** Whether an address of ours or of a peer may be plain http. */
export function isLoopbackUrl(url: string): boolean {
  return LOOPBACK_NAMES.has(new URL(url).hostname) || new URL(url).hostname.endsWith('.localhost');
}
