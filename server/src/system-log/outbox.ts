/**
 * The System Log as an outbox: what was committed after a place, in the order of transactions, and only as far as no open transaction
 * could still come before it. So a reader that keeps its place in its own transaction misses nothing, whatever commits when.
 */
import type { Executor } from '../database/index.ts';
import { after } from '../shared/clock.ts';
import type { JsonObject } from '../shared/json.ts';
import { SETTLING_MS } from './polling.ts';
import { wholeEvent } from './wire.ts';

export interface OutboxPlace {
  xid: string;
  eventId: string;
  /** When the place was reached: nothing older than the settling time before it can still appear. */
  lookedAt: Date;
}

export interface OutboxEvent {
  id: string;
  type: string;
  published: Date;
  /** Deliveries about one subject keep their order. */
  subject: string;
  event: JsonObject;
}

const ZERO = '00000000-0000-0000-0000-000000000000';

/** The place behind everything that is committed, and behind the caller's own transaction. */
export async function outboxEnd(tx: Executor, now: Date): Promise<OutboxPlace> {
  const { rows } = await tx.query<{ xid: string }>({
    text: 'select (pg_current_xact_id()::text::numeric + 1)::text as xid',
    values: [],
  });
  return { xid: rows[0]!.xid, eventId: ZERO, lookedAt: now };
}

interface Row {
  id: string;
  event_type: string;
  published: Date;
  subject_id: string | null;
  payload: JsonObject;
  xid: string;
}

/** Events of some types behind a place, `limit` at most, and the place behind them. */
export async function readOutbox(
  tx: Executor,
  {
    orgId,
    types,
    place,
    limit,
    now,
  }: { orgId: string; types: readonly string[]; place: OutboxPlace; limit: number; now: Date },
): Promise<{ events: OutboxEvent[]; next: OutboxPlace }> {
  const { rows: bounds } = await tx.query<{ xmin: string }>({
    text: 'select pg_snapshot_xmin(pg_current_snapshot())::text as xmin',
    values: [],
  });
  const { xmin } = bounds[0]!;
  const { rows } = await tx.query<Row>({
    text: `select id, event_type, published, subject_id, payload, xid::text as xid from system_log
      where org_id = $1 and (xid, id) > ($2::xid8, $3::uuid) and xid < $4::xid8 and event_type = any($5) and published >= $6
      order by system_log.xid, id limit $7`,
    values: [orgId, place.xid, place.eventId, xmin, types, after(place.lookedAt, -SETTLING_MS), limit],
  });
  const last = rows.at(-1);
  const next =
    last !== undefined && rows.length === limit
      ? { xid: last.xid, eventId: last.id, lookedAt: place.lookedAt }
      : { xid: BigInt(xmin) > BigInt(place.xid) ? xmin : place.xid, eventId: ZERO, lookedAt: now };
  return { events: rows.map(eventOf), next };
}

/** One event by its place; null where the retention has ended it. */
export async function findEvent(db: Executor, orgId: string, published: Date, id: string): Promise<JsonObject | null> {
  const { rows } = await db.query<{ payload: JsonObject }>({
    text: 'select payload from system_log where org_id = $1 and published = $2 and id = $3',
    values: [orgId, published, id],
  });
  return rows[0] === undefined ? null : wholeEvent(rows[0].payload);
}

const eventOf = (row: Row): OutboxEvent => ({
  id: row.id,
  type: row.event_type,
  published: row.published,
  subject: row.subject_id ?? row.id,
  event: wholeEvent(row.payload),
});
