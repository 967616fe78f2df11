/**
 * Reading the System Log (contract §10.2). A bounded request (`until` given, or descending) is read by time and ends; a polling request
 * always has a next page (polling.ts).
 */
import type { Executor } from '../database/index.ts';
import { apiErrors, type Page, pageOf } from '../http/index.ts';
import { Parameters } from '../protocol/scim/index.ts';
import { DAY, isStamp, after as later, readTime } from '../shared/clock.ts';
import type { JsonObject } from '../shared/json.ts';
import { filterCondition, keywordConditions } from './filter.ts';
import { poll, pollFrom, readPollCursor, writePollCursor } from './polling.ts';
import { wholeEvent } from './wire.ts';

export interface LogQuery {
  since?: string;
  until?: string;
  filter?: string;
  q?: string;
  sortOrder?: string;
  after?: string;
}

const DEFAULT_WINDOW = 7 * DAY;

/** The page that a request asks for. Throws E0000001, E0000053. */
export async function queryLog(
  db: Executor,
  orgId: string,
  query: LogQuery,
  limit: number,
  now: Date,
): Promise<Page<JsonObject>> {
  const direction = directionOf(query.sortOrder);
  const since = timeOf('since', query.since) ?? later(now, -DEFAULT_WINDOW);
  const until = timeOf('until', query.until);
  const cursor =
    query.after === undefined || query.after === '' ? null : Buffer.from(query.after, 'base64url').toString();
  const narrow = (parameters: Parameters) => [
    ...(query.filter === undefined || query.filter === '' ? [] : [filterCondition(query.filter, parameters)]),
    ...keywordConditions(query.q ?? '', parameters),
  ];
  if (until === null && direction === 'asc') {
    const from = cursor === null ? pollFrom(since) : readPollCursor(cursor);
    if (from === null) throw badCursor();
    const { items, next } = await poll(db, { orgId, cursor: from, limit, now, narrow });
    return { items, after: encode(writePollCursor(next)) };
  }
  const page = await readBounded(db, { orgId, since, until, direction, cursor, narrow }, limit);
  return { items: page.items.map((row) => wholeEvent(row.payload)), after: page.after };
}

interface Bounded {
  orgId: string;
  since: Date;
  until: Date | null;
  direction: 'asc' | 'desc';
  cursor: string | null;
  narrow(parameters: Parameters): string[];
}

interface Row {
  payload: JsonObject;
  published: Date;
  id: string;
}

async function readBounded(
  db: Executor,
  { orgId, since, until, direction, cursor, narrow }: Bounded,
  limit: number,
): Promise<Page<Row>> {
  const parameters = new Parameters(orgId);
  const conditions = ['org_id = $1', `published >= ${parameters.add(since)}`];
  if (until !== null) conditions.push(`published < ${parameters.add(until)}`);
  if (cursor !== null) {
    const [, published, id] = PLACE.exec(cursor) ?? [];
    if (published === undefined || !isStamp(published)) throw badCursor();
    const place = `(${parameters.add(published)}::timestamptz, ${parameters.add(id)}::uuid)`;
    conditions.push(`(published, id) ${direction === 'asc' ? '>' : '<'} ${place}`);
  }
  conditions.push(...narrow(parameters));
  const text = `select payload, published, id from system_log where ${conditions.join(' and ')}
    order by published ${direction}, id ${direction} limit ${parameters.add(limit + 1)}`;
  const { rows } = await db.query<Row>({ text, values: parameters.values });
  return pageOf(rows, limit, (last) => encode(`${last.published.toISOString()} ${last.id}`));
}

const PLACE = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

const encode = (cursor: string) => Buffer.from(cursor).toString('base64url');
const badCursor = () =>
  apiErrors.validation('after', 'after: not a cursor of this request; take it from the Link header');

function directionOf(sortOrder: string | undefined): 'asc' | 'desc' {
  const order = sortOrder === undefined || sortOrder === '' ? 'ASCENDING' : sortOrder.toUpperCase();
  if (order === 'ASCENDING') return 'asc';
  if (order === 'DESCENDING') return 'desc';
  throw apiErrors.validation('sortOrder', 'sortOrder: expected ASCENDING or DESCENDING');
}

function timeOf(name: string, text: string | undefined): Date | null {
  if (text === undefined || text === '') return null;
  const time = readTime(text);
  if (time !== null) return time;
  throw apiErrors.validation(name, `${name}: expected an ISO 8601 time such as 2026-01-31T08:00:00Z`);
}
