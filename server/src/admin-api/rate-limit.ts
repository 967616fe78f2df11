/** A limit per API token, session or (for nobody) address on everything below /api, told in the headers of every answer (contract §1.4). */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { apiErrors, createRateLimiter, isManagement, type RateState } from '../http/index.ts';
import { type Clock, epochSeconds } from '../shared/clock.ts';

/** The limit of an org (its own setting), per API token, session, application or address. */
export type RequestsPerMinute = (orgId: string) => Promise<number>;

const USUAL = 600;

export function limitRate(
  server: FastifyInstance,
  { clock, requestsPerMinute }: { clock: Clock; requestsPerMinute: RequestsPerMinute },
): void {
  const limiter = createRateLimiter(USUAL, clock);
  const states = new WeakMap<FastifyRequest, RateState>();
  /** Also for a request that its credentials stopped before it was counted. */
  const stateOf = async (request: FastifyRequest) => {
    const state = states.get(request) ?? limiter.hit(keyOf(request), await requestsPerMinute(request.org.id));
    states.set(request, state);
    return state;
  };
  server.addHook('onRequest', async (request) => {
    if (!isApi(request)) return;
    const { allowed, reset } = await stateOf(request);
    if (!allowed) throw apiErrors.rateLimited(Math.max(1, reset - epochSeconds(clock.now())));
  });
  server.addHook('onSend', async (request, reply) => {
    if (!isApi(request) || request.org === null) return;
    const { limit, remaining, reset } = await stateOf(request);
    reply.headers({ 'x-rate-limit-limit': limit, 'x-rate-limit-remaining': remaining, 'x-rate-limit-reset': reset });
  });
}

const isApi = (request: FastifyRequest) => isManagement(request.url);

const keyOf = ({ org, principal, ip }: FastifyRequest) =>
  principal === null
    ? `address ${ip}`
    : // An application gets as many access tokens as it likes: they share its limit.
      `${org.id} ${principal.kind} ${principal.kind === 'oauth-client' ? principal.userId : principal.credentialId}`;
