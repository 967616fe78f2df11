/** Who gets no answer at all: addresses of an active blocklist. The refusals are told in the System Log, a few a minute. */
import type { Database } from '../database/index.ts';
import { type ClientInfo, createRateLimiter } from '../http/index.ts';
import type { Clock } from '../shared/clock.ts';
import { record } from '../system-log/index.ts';
import type { NetworkZones } from './service.ts';

/** True: the request is to be refused. */
export type Blocking = (request: { orgId: string; client: ClientInfo; requestId: string }) => Promise<boolean>;

/** Events a minute: one of each address, and these of all, so that a flood of refused requests is not one of writes. */
const EVENTS_PER_MINUTE = 30;

export function createBlocking({
  zones,
  database,
  clock,
}: {
  zones: Pick<NetworkZones, 'blocking'>;
  database: Database;
  clock: Clock;
}): Blocking {
  const told = createRateLimiter(1, clock);
  const toldInAll = createRateLimiter(EVENTS_PER_MINUTE, clock);
  return async ({ orgId, client, requestId }) => {
    const zone = await zones.blocking(orgId, client.ip);
    if (zone === null) return false;
    if (told.hit(`${orgId} ${client.ip}`).allowed && toldInAll.hit(orgId).allowed) {
      const outcome = { result: 'DENY' as const, reason: `The address is in the blocklist "${zone}".` };
      const at = clock.now();
      await record(database, { orgId, type: 'security.request.blocked', at, client, requestId, outcome });
    }
    return true;
  };
}
