/** A limit per API token, session or (for nobody) address on everything below /api, told in the headers of every answer (contract §1.4). */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { apiErrors, createRateLimiter, type RateState } from '../http/index.ts';
import { type Clock, epochSeconds } from '../shared/clock.ts';

export const DEFAULT_REQUESTS_PER_MINUTE = 600;

export function limitRate(
  server: FastifyInstance,
  { clock, requestsPerMinute }: { clock: Clock; requestsPerMinute: number },
): void {
  const limiter = createRateLimiter(requestsPerMinute, clock);
  const states = new WeakMap<FastifyRequest, RateState>();
  /** Also for a request that its credentials stopped before it was counted. */
  const stateOf = (request: FastifyRequest) => {
    const state = states.get(request) ?? limiter.hit(keyOf(request));
    states.set(request, state);
    return state;
  };
  server.addHook('onRequest', async (request) => {
    if (!isApi(request)) return;
    const { allowed, reset } = stateOf(request);
    if (!allowed) throw apiErrors.rateLimited(Math.max(1, reset - epochSeconds(clock.now())));
  });
  server.addHook('onSend', async (request, reply) => {
    if (!isApi(request) || request.org === null) return;
    const { limit, remaining, reset } = stateOf(request);
    reply.headers({ 'x-rate-limit-limit': limit, 'x-rate-limit-remaining': remaining, 'x-rate-limit-reset': reset });
  });
}

const isApi = (request: FastifyRequest) => request.url.startsWith('/api/');

const keyOf = ({ org, principal, ip }: FastifyRequest) =>
  principal === null ? `address ${ip}` : `${org.id} ${principal.kind} ${principal.credentialId}`;
