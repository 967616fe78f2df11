/** Deliveries in a running hub: a look every second for each hook, and at once when somebody wants it; and what administrators see of them. */
import { type Database, inTransaction } from '../../database/index.ts';
import { apiErrors, type Page, pageOf } from '../../http/index.ts';
import { after, type Clock, DAY, SECOND } from '../../shared/clock.ts';
import type { Logger } from '../../shared/log.ts';
import { type DrainDeps, drainHook } from './drain.ts';
import type { Delivery } from './store.ts';
import * as store from './store.ts';

export interface Deliveries {
  /** Begins to look for what is to be sent. */
  start(): void;
  /** Takes nothing new, and waits for the calls that are on their way. */
  stop(): Promise<void>;
  list(orgId: string, hookId: string, page: DeliveryPage): Promise<Page<Delivery>>;
  /** Sends an event once more. Throws E0000007, and E0000001 while it waits to be sent anyway. */
  replay(orgId: string, hookId: string, eventId: string): Promise<void>;
  /** Removes what is over for long. */
  purge(): Promise<number>;
}

export interface DeliveryPage {
  status?: string;
  /** The sequence of the last one on the page before. */
  after?: string;
  limit: number;
}

/** There is no notification of a new event: it would cost every sign-in more than this look costs a hub (one statement, where hooks are). */
const LOOK_EVERY_MS = SECOND;
const KEPT = { delivered: 7 * DAY, failed: 30 * DAY };

export function createDeliveries(deps: DrainDeps & { database: Database; clock: Clock; log: Logger }): Deliveries {
  const { database, clock, log } = deps;
  const busy = new Map<string, Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let looking: Promise<void> = Promise.resolve();

  function drain(orgId: string, hookId: string): void {
    const key = `${orgId} ${hookId}`;
    if (busy.has(key)) return;
    const run = drainHook(deps, orgId, hookId, () => stopped)
      .catch((error: Error) => log.error('event_hooks.drain_failed', { hookId, error }))
      .finally(() => busy.delete(key));
    busy.set(key, run);
  }
  async function look(): Promise<void> {
    try {
      for (const { orgId, hookId } of await store.delivering(database)) if (!stopped) drain(orgId, hookId);
    } catch (error) {
      log.warn('event_hooks.look_failed', { error: error as Error });
    }
    if (!stopped) timer = setTimeout(lookAgain, LOOK_EVERY_MS);
  }
  const lookAgain = () => {
    looking = look();
  };

  return {
    start: lookAgain,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await looking;
      await Promise.all(busy.values());
    },
    async list(orgId, hookId, { status, after: before, limit }) {
      const rows = await store.list(database, orgId, hookId, { status, before, limit: limit + 1 });
      return pageOf(rows, limit, ({ sequence }) => sequence);
    },
    replay: (orgId, hookId, eventId) =>
      inTransaction(database, async (tx) => {
        await store.lockPlace(tx, orgId, hookId);
        if (await store.again(tx, orgId, hookId, eventId, clock.now())) return;
        const known = await store.has(tx, orgId, hookId, eventId);
        if (!known) throw apiErrors.notFound(eventId, 'EventHookDelivery');
        throw apiErrors.validation('delivery', 'delivery: the event waits to be sent already');
      }),
    purge: () => store.purge(database, after(clock.now(), -KEPT.delivered), after(clock.now(), -KEPT.failed)),
  };
}
