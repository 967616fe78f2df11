/** A limit per API token, session or (for nobody) address on everything below /api, told in the headers of every answer (contract §1.4). */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { apiErrors, createRateLimiter, isManagement, networkOf, type RateState } from '../http/index.ts';
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
    const known = states.get(request);
    if (known !== undefined) return known;
    const limit = await requestsPerMinute(request.org.id);
    const state = isAuthn(request) ? limiter.peek(authnKey(request), limit) : limiter.hit(keyOf(request), limit);
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
    if (isAuthn(request) && reply.statusCode >= 400) limiter.hit(authnKey(request), limit);
    reply.headers({ 'x-rate-limit-limit': limit, 'x-rate-limit-remaining': remaining, 'x-rate-limit-reset': reset });
  });
}

const isApi = (request: FastifyRequest) => isManagement(request.url);

/** A server may check the passwords of many people: only what fails counts there, by network, beside the limits of guessing (rulings 30). */
const isAuthn = (request: FastifyRequest) => request.routeOptions.url === '/api/v1/authn';
const authnKey = ({ ip }: FastifyRequest) => `authn ${networkOf(ip)}`;

const keyOf = ({ org, principal, ip }: FastifyRequest) =>
  principal === null
    ? `address ${ip}`
    : // An application gets as many access tokens as it likes: they share its limit.
      `${org.id} ${principal.kind} ${principal.kind === 'oauth-client' ? principal.userId : principal.credentialId}`;
