/** The SQL of `event_hook_positions` and `event_hook_deliveries`. Whoever changes deliveries of a hook holds its position's row. */
import type { Executor } from '../../database/index.ts';
import type { OutboxEvent, OutboxPlace } from '../../system-log/index.ts';

export type DeliveryStatus = 'WAITING' | 'DELIVERED' | 'FAILED';

export interface Delivery {
  eventId: string;
  eventType: string;
  published: Date;
  subject: string;
  sequence: string;
  status: DeliveryStatus;
  attempts: number;
  nextAt: Date;
  lastAt: Date | null;
  lastStatus: number | null;
  lastProblem: string | null;
}

const COLUMNS = `event_id as "eventId", event_type as "eventType", published, subject, sequence::text as sequence, status, attempts,
  next_at as "nextAt", last_at as "lastAt", last_status as "lastStatus", last_problem as "lastProblem"`;

/** Where a hook begins to read; one that reads already goes on. */
export async function beginAt(tx: Executor, orgId: string, hookId: string, place: OutboxPlace): Promise<void> {
  await tx.query({
    text: `insert into event_hook_positions (org_id, hook_id, xid, event_id, looked_at) values ($1, $2, $3::xid8, $4, $5)
      on conflict (org_id, hook_id) do nothing`,
    values: [orgId, hookId, place.xid, place.eventId, place.lookedAt],
  });
}

/** It reads no more; what waits for it stays. */
export async function end(tx: Executor, orgId: string, hookId: string): Promise<void> {
  await tx.query({
    text: 'delete from event_hook_positions where org_id = $1 and hook_id = $2',
    values: [orgId, hookId],
  });
}

export async function forget(tx: Executor, orgId: string, hookId: string): Promise<void> {
  await end(tx, orgId, hookId);
  await tx.query({
    text: 'delete from event_hook_deliveries where org_id = $1 and hook_id = $2',
    values: [orgId, hookId],
  });
}

/** Hooks that are told of events now, with those whose turn has come first. */
export async function delivering(db: Executor): Promise<{ orgId: string; hookId: string }[]> {
  const { rows } = await db.query<{ orgId: string; hookId: string }>({
    name: 'event_hooks_delivering',
    text: `select h.org_id as "orgId", h.id as "hookId" from event_hooks h join event_hook_positions p on p.org_id = h.org_id and p.hook_id = h.id
      where h.status = 'ACTIVE' and h.verification_status = 'VERIFIED' order by p.looked_at`,
    values: [],
  });
  return rows;
}

/** The hook's place, held until the transaction ends; null where it reads nothing, or another hub is at it (`skip`). */
export async function lockPlace(
  tx: Executor,
  orgId: string,
  hookId: string,
  skip = false,
): Promise<OutboxPlace | null> {
  const { rows } = await tx.query<OutboxPlace>({
    text: `select xid::text as xid, event_id as "eventId", looked_at as "lookedAt" from event_hook_positions
      where org_id = $1 and hook_id = $2 for update${skip ? ' skip locked' : ''}`,
    values: [orgId, hookId],
  });
  return rows[0] ?? null;
}

export async function movePlace(tx: Executor, orgId: string, hookId: string, place: OutboxPlace): Promise<void> {
  await tx.query({
    text: `update event_hook_positions set xid = $3::xid8, event_id = $4, looked_at = $5 where org_id = $1 and hook_id = $2`,
    values: [orgId, hookId, place.xid, place.eventId, place.lookedAt],
  });
}

/** In the order given; an event that is there already is left alone. */
export async function add(
  tx: Executor,
  orgId: string,
  hookId: string,
  events: readonly OutboxEvent[],
  at: Date,
): Promise<void> {
  for (const { id, type, published, subject } of events) {
    await tx.query({
      name: 'event_hook_deliveries_add',
      text: `insert into event_hook_deliveries (org_id, hook_id, event_id, event_type, published, subject, status, next_at, head)
        select $1::text, $2::text, $3::uuid, $4, $5::timestamptz, $6::text, 'WAITING', $7::timestamptz, not exists (
          select 1 from event_hook_deliveries d where d.org_id = $1 and d.hook_id = $2 and d.subject = $6 and d.status = 'WAITING')
        on conflict (org_id, hook_id, event_id) do nothing`,
      values: [orgId, hookId, id, type, published, subject, at],
    });
  }
}

/** Deliveries whose turn has come, leased to the caller: nobody else takes them before the lease ends. */
export async function take(
  tx: Executor,
  orgId: string,
  hookId: string,
  { now, until, limit }: { now: Date; until: Date; limit: number },
): Promise<Delivery[]> {
  const { rows } = await tx.query<Delivery>({
    name: 'event_hook_deliveries_take',
    text: `update event_hook_deliveries set leased_until = $4 where org_id = $1 and hook_id = $2 and event_id in (
        select event_id from event_hook_deliveries where org_id = $1 and hook_id = $2 and status = 'WAITING' and head
          and next_at <= $3 and (leased_until is null or leased_until <= $3) order by next_at, sequence limit $5)
      returning ${COLUMNS}`,
    values: [orgId, hookId, now, until, limit],
  });
  return rows;
}

export interface Attempt {
  at: Date;
  /** HTTP status; null where no answer came. */
  status: number | null;
  problem: string | null;
  /** When it is tried again; null: it is over. */
  nextAt: Date | null;
}

/** What came of an attempt. False where the delivery was ended meanwhile by somebody else. */
export async function endAttempt(
  tx: Executor,
  orgId: string,
  hookId: string,
  delivery: Delivery,
  attempt: Attempt,
): Promise<boolean> {
  const status: DeliveryStatus =
    attempt.nextAt !== null ? 'WAITING' : attempt.problem === null ? 'DELIVERED' : 'FAILED';
  const { rowCount } = await tx.query({
    name: 'event_hook_deliveries_end',
    text: `update event_hook_deliveries set status = $4, attempts = attempts + 1, next_at = coalesce($5, next_at), leased_until = null,
        last_at = $6, last_status = $7, last_problem = $8, head = head and $4 = 'WAITING'
      where org_id = $1 and hook_id = $2 and event_id = $3 and status = 'WAITING' and attempts = $9`,
    values: [
      orgId,
      hookId,
      delivery.eventId,
      status,
      attempt.nextAt,
      attempt.at,
      attempt.status,
      attempt.problem,
      delivery.attempts,
    ],
  });
  if (rowCount > 0 && status !== 'WAITING') await promote(tx, orgId, hookId, delivery.subject);
  return rowCount > 0;
}

/** The first that waits about a subject is the one to be sent. */
async function promote(tx: Executor, orgId: string, hookId: string, subject: string): Promise<void> {
  await tx.query({
    name: 'event_hook_deliveries_promote',
    text: `update event_hook_deliveries set head = true where org_id = $1 and hook_id = $2 and event_id = (
        select event_id from event_hook_deliveries where org_id = $1 and hook_id = $2 and subject = $3 and status = 'WAITING'
        order by sequence limit 1)`,
    values: [orgId, hookId, subject],
  });
}

/** Sent once more, as the next about its subject that is not on its way; false where there is no such delivery, or it waits already. */
export async function again(tx: Executor, orgId: string, hookId: string, eventId: string, at: Date): Promise<boolean> {
  const { rows } = await tx.query<{ subject: string }>({
    text: `update event_hook_deliveries d set status = 'WAITING', attempts = 0, next_at = $4, leased_until = null,
        head = not exists (select 1 from event_hook_deliveries o where o.org_id = d.org_id and o.hook_id = d.hook_id
          and o.subject = d.subject and o.status = 'WAITING')
      where org_id = $1 and hook_id = $2 and event_id = $3 and status <> 'WAITING' returning subject`,
    values: [orgId, hookId, eventId, at],
  });
  return rows.length > 0;
}

export async function has(db: Executor, orgId: string, hookId: string, eventId: string): Promise<boolean> {
  const { rowCount } = await db.query({
    text: 'select 1 from event_hook_deliveries where org_id = $1 and hook_id = $2 and event_id = $3',
    values: [orgId, hookId, eventId],
  });
  return rowCount > 0;
}

export async function list(
  db: Executor,
  orgId: string,
  hookId: string,
  { status, before, limit }: { status?: string; before?: string; limit: number },
): Promise<Delivery[]> {
  const { rows } = await db.query<Delivery>({
    text: `select ${COLUMNS} from event_hook_deliveries where org_id = $1 and hook_id = $2 and ($3::text is null or status = $3)
      and ($4::bigint is null or sequence < $4) order by event_hook_deliveries.sequence desc limit $5`,
    values: [orgId, hookId, status ?? null, before ?? null, limit],
  });
  return rows;
}

/** Removes what was delivered or given up before these times; returns how many. */
export async function purge(db: Executor, delivered: Date, failed: Date): Promise<number> {
  const { rowCount } = await db.query({
    text: `delete from event_hook_deliveries where (status = 'DELIVERED' and last_at < $1) or (status = 'FAILED' and last_at < $2)`,
    values: [delivered, failed],
  });
  return rowCount;
}
