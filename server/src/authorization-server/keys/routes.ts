/** The management of signing keys, an endpoint of our own (rulings 32). */
import type { FastifyInstance } from 'fastify';
import { describedUnder } from '../../http/index.ts';
import type { Clock } from '../../shared/clock.ts';
import { callerOf, type LogActor } from '../../system-log/index.ts';
import type { StoredKey } from './store.ts';

export interface KeyRoutesDeps {
  clock: Clock;
  list(orgId: string): Promise<StoredKey[]>;
  rotate(orgId: string, actor: LogActor): Promise<StoredKey[]>;
}

const described = describedUnder('Signing keys');

export function keyRoutes(deps: KeyRoutesDeps) {
  const wire = (keys: StoredKey[]) => keys.map((key) => toWire(key, keys, deps.clock.now()));
  return async (server: FastifyInstance) => {
    server.get('/api/gatehouse/v1/signing-keys', described('List signing keys'), async (request, reply) => {
      return reply.type('application/json').send(wire(await deps.list(request.org.id)));
    });
    server.post('/api/gatehouse/v1/signing-keys/rotate', described('Rotate signing keys'), async (request, reply) => {
      const { orgId, actor } = callerOf(request);
      return reply.type('application/json').send(wire(await deps.rotate(orgId, actor)));
    });
  };
}

function toWire(key: StoredKey, keys: StoredKey[], now: Date) {
  const signing = keys.findLast((one) => one.purpose === key.purpose && one.alg === key.alg && one.activeFrom <= now);
  return {
    kid: key.kid,
    use: key.purpose === 'token' ? 'TOKENS' : 'IDENTITY_PROVIDERS',
    alg: key.alg,
    status: key.activeFrom > now ? 'NEXT' : key === signing ? 'ACTIVE' : 'RETIRING',
    created: key.created.toISOString(),
    signsFrom: key.activeFrom.toISOString(),
    publishedUntil: key.retireAfter?.toISOString() ?? null,
  };
}
