/**
 * One hook's deliveries: what the System Log has new is written down as waiting, what is due is sent, and what came of it is written
 * down (rulings 36). At least once: a hub that dies between the call and the note sends again when its lease has ended. What waits about
 * one subject is sent in its order; a subject that cannot be delivered holds nobody else up.
 */
import { createHash } from 'node:crypto';
import { type Database, type Executor, inTransaction } from '../../database/index.ts';
import type { Egress } from '../../http/index.ts';
import { after, type Clock, SECOND } from '../../shared/clock.ts';
import type { SecretBox } from '../../shared/secret-box.ts';
import { findEvent, readOutbox, record } from '../../system-log/index.ts';
import { compileFilter } from '../filter.ts';
import { type EventHook, find } from '../store.ts';
import { CALL_TIMEOUT_MS, headersOf, placeOf } from '../verify.ts';
import { deliveryBody } from './body.ts';
import { nextAttempt, outcomeOf } from './schedule.ts';
import type { Attempt, Delivery } from './store.ts';
import * as store from './store.ts';

export interface DrainDeps {
  database: Database;
  clock: Clock;
  secretBox: SecretBox;
  egress: Pick<Egress, 'request'>;
  /** Public address of an org. */
  baseUrl(orgId: string): Promise<string>;
  /** From 0 to 1, for the pauses; a test may bring its own. */
  chance?(): number;
}

const AT_ONCE = 4;
const READ_AT_ONCE = 200;
/** Longer than a call can take. */
const LEASE_MS = 30 * SECOND;
const MOST_BYTES = 64 * 1024;

/** Sends whatever is due; ends when nothing is, or when `stopped` says so. */
export async function drainHook(
  deps: DrainDeps,
  orgId: string,
  hookId: string,
  stopped: () => boolean = () => false,
): Promise<void> {
  const work = async (first: Due | null = null) => {
    for (let due = first; !stopped(); due = null) {
      due ??= await nextDue(deps, orgId, hookId);
      if (due === null) return;
      await deliver(deps, orgId, due);
    }
  };
  const first = await nextDue(deps, orgId, hookId);
  if (first !== null) await Promise.all([work(first), ...Array.from({ length: AT_ONCE - 1 }, () => work())]);
}

interface Due {
  hook: EventHook;
  delivery: Delivery;
}

/** The delivery whose turn has come, leased to us; new events are looked for when none waits. */
async function nextDue({ database, clock }: DrainDeps, orgId: string, hookId: string): Promise<Due | null> {
  return inTransaction(database, async (tx) => {
    const place = await store.lockPlace(tx, orgId, hookId);
    const hook = await find(tx, orgId, hookId);
    if (place === null || hook?.status !== 'ACTIVE' || hook.verificationStatus !== 'VERIFIED') return null;
    const now = clock.now();
    const take = async () => {
      const until = after(now, LEASE_MS);
      const [delivery] = await store.take(tx, orgId, hookId, { now, until, limit: 1 });
      return delivery === undefined ? null : { hook, delivery };
    };
    const waiting = await take();
    if (waiting !== null) return waiting;
    const { events, next } = await readOutbox(tx, { orgId, types: hook.events, place, limit: READ_AT_ONCE, now });
    const wanted = compileFilter(hook.filter);
    const mine = events.filter(({ event }) => wanted(event));
    await store.add(tx, orgId, hookId, mine, now);
    await store.movePlace(tx, orgId, hookId, next);
    return mine.length === 0 ? null : take();
  });
}

async function deliver(deps: DrainDeps, orgId: string, due: Due): Promise<void> {
  const attempt = await send(deps, orgId, due);
  await inTransaction(deps.database, async (tx) => {
    await store.lockPlace(tx, orgId, due.hook.id);
    const ended = await store.endAttempt(tx, orgId, due.hook.id, due.delivery, attempt);
    if (ended && attempt.problem !== null) await tellFailure(tx, orgId, due, attempt);
  });
}

async function send(deps: DrainDeps, orgId: string, { hook, delivery }: Due): Promise<Attempt> {
  const { database, clock, secretBox, egress, chance = Math.random } = deps;
  const event = await findEvent(database, orgId, delivery.published, delivery.eventId);
  if (event === null)
    return { at: clock.now(), status: null, problem: 'The System Log no longer holds the event.', nextAt: null };
  const secret = hook.authValue === null ? null : secretBox.open(hook.authValue, placeOf(hook.id));
  const body = deliveryBody({
    hookId: hook.id,
    baseUrl: await deps.baseUrl(orgId),
    deliveryId: deliveryIdOf(hook.id, delivery.eventId),
    event,
    at: clock.now(),
  });
  const answer = await egress.request({
    url: hook.uri,
    method: 'POST',
    headers: { ...headersOf(hook, secret), 'content-type': 'application/json' },
    body: JSON.stringify(body),
    timeoutMs: CALL_TIMEOUT_MS,
    maxBytes: MOST_BYTES,
  });
  const at = clock.now();
  const again = nextAttempt(delivery.attempts + 1, at, chance());
  if (!answer.ok) return { at, status: null, problem: answer.error.message, nextAt: again };
  const { status } = answer.value;
  const outcome = outcomeOf(status);
  if (outcome === 'taken') return { at, status, problem: null, nextAt: null };
  const problem = `The address answered with status ${status}; expected was 200 or 204.`;
  return { at, status, problem, nextAt: outcome === 'gone' ? null : again };
}

/** The first failure of a delivery is told, and its end; not each attempt between them. */
async function tellFailure(tx: Executor, orgId: string, { hook, delivery }: Due, attempt: Attempt): Promise<void> {
  const givenUp = attempt.nextAt === null;
  if (delivery.attempts > 0 && !givenUp) return;
  const reason = `${attempt.problem}${givenUp ? ' The event is not sent again by itself.' : ''}`;
  await record(tx, {
    orgId,
    type: 'event_hook.delivery',
    at: attempt.at,
    outcome: { result: 'FAILURE', reason },
    targets: [{ id: hook.id, type: 'EventHook', alternateId: hook.uri, displayName: hook.name }],
    debugData: {
      eventId: delivery.eventId,
      eventType: delivery.eventType,
      attempts: delivery.attempts + 1,
      status: attempt.status,
      nextAttempt: attempt.nextAt?.toISOString() ?? null,
    },
  });
}

/** A UUID that is the same for every attempt (RFC 9562 §5.8: version 8, of a hash). */
function deliveryIdOf(hookId: string, eventId: string): string {
  const hash = createHash('sha256').update(`${hookId} ${eventId}`).digest();
  hash[6] = (hash[6]! & 0x0f) | 0x80;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
