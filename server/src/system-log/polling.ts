/**
 * Polling: every event exactly once, although transactions commit in another order than their events were dated. What is older than the
 * settling time is complete and is read by time; what is younger is read by transaction, and only as far as no open transaction could
 * still come before it. The cursor says how far both have come.
 *
 * It rests on one bound: no transaction commits later than the settling time after the date of its events (statements and idle
 * transactions are cut off after a minute, database/pool.ts).
 */
import type { Executor } from '../database/index.ts';
import { Parameters } from '../protocol/scim/index.ts';
import { after, isStamp, MINUTE } from '../shared/clock.ts';
import type { JsonObject } from '../shared/json.ts';
import { wholeEvent } from './wire.ts';

export const SETTLING_MS = 5 * MINUTE;

export interface PollCursor {
  /** Everything settled up to this place in time order has been sent. */
  published: Date;
  id: string;
  /** Everything up to this place in the order of transactions has been sent, from `published` on. */
  xid: string;
  xidId: string;
}

const ZERO = '00000000-0000-0000-0000-000000000000';
const MAX_XID = 2n ** 64n - 1n;
const FORM = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([0-9a-f-]{36}) (\d{1,20}) ([0-9a-f-]{36})$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const pollFrom = (since: Date): PollCursor => ({ published: since, id: ZERO, xid: '0', xidId: ZERO });

export const writePollCursor = ({ published, id, xid, xidId }: PollCursor) =>
  `${published.toISOString()} ${id} ${xid} ${xidId}`;

/** Null for anything that `writePollCursor` did not write. */
export function readPollCursor(text: string): PollCursor | null {
  const [, time, id, xid, xidId] = FORM.exec(text) ?? [];
  if (time === undefined || !isStamp(time) || !UUID.test(id!) || !UUID.test(xidId!)) return null;
  return BigInt(xid!) > MAX_XID ? null : { published: new Date(time), id: id!, xid: xid!, xidId: xidId! };
}

interface Row {
  payload: JsonObject;
  published: Date;
  id: string;
  xid: string;
}

export interface Poll {
  orgId: string;
  cursor: PollCursor;
  limit: number;
  now: Date;
  /** Further conditions, their values added to the parameters. */
  narrow(parameters: Parameters): string[];
}

export async function poll(
  db: Executor,
  { orgId, cursor, limit, now, narrow }: Poll,
): Promise<{ items: JsonObject[]; next: PollCursor }> {
  const horizon = after(now, -SETTLING_MS);
  const read = async (order: string, rows: number, place: (parameters: Parameters) => string[]) => {
    const parameters = new Parameters(orgId);
    const floor = `(xid, id) > (${parameters.add(cursor.xid)}::xid8, ${parameters.add(cursor.xidId)}::uuid)`;
    const conditions = ['org_id = $1', floor, ...place(parameters), ...narrow(parameters)];
    const text = `select payload, published, id, xid::text as xid from system_log where ${conditions.join(' and ')} order by ${order} limit ${parameters.add(rows)}`;
    return (await db.query<Row>({ text, values: parameters.values })).rows;
  };
  const settled = await read('published, id', limit, (p) => [
    `(published, id) > (${p.add(cursor.published)}::timestamptz, ${p.add(cursor.id)}::uuid)`,
    `published >= ${p.add(cursor.published)}`,
    `published < ${p.add(horizon)}`,
  ]);
  const last = settled.at(-1);
  if (last !== undefined && settled.length === limit) {
    return {
      items: settled.map((row) => wholeEvent(row.payload)),
      next: { ...cursor, published: last.published, id: last.id },
    };
  }
  const from = horizon > cursor.published ? horizon : cursor.published;
  const fresh = await read('system_log.xid, id', limit - settled.length, (p) => [
    `published >= ${p.add(from)}`,
    'xid < pg_snapshot_xmin(pg_current_snapshot())',
  ]);
  const newest = fresh.at(-1);
  return {
    items: [...settled, ...fresh].map((row) => wholeEvent(row.payload)),
    next: { published: from, id: ZERO, xid: newest?.xid ?? cursor.xid, xidId: newest?.id ?? cursor.xidId },
  };
}
