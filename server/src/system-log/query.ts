/** Reading the System Log (contract §10.2): bounded requests by time, polling requests by a cursor that no later commit can slip behind. */
import type { Executor } from '../database/index.ts';
import { apiErrors, type Page } from '../http/index.ts';
import { type Column, type Filter, Parameters, parseFilter, toCondition } from '../protocol/scim/index.ts';
import { DAY } from '../shared/clock.ts';
import type { JsonObject } from '../shared/json.ts';

export interface LogQuery {
  since?: string;
  until?: string;
  filter?: string;
  q?: string;
  sortOrder?: string;
  after?: string;
}

const DEFAULT_WINDOW = 7 * DAY;
const MAX_KEYWORDS = 10;
const MAX_KEYWORD_LENGTH = 40;

interface Row {
  payload: JsonObject;
  cursor: string;
}

/** The page that a request asks for. A polling request (no `until`, ascending) always has a next page. Throws E0000001, E0000053. */
export async function queryLog(
  db: Executor,
  orgId: string,
  query: LogQuery,
  limit: number,
  now: Date,
): Promise<Page<JsonObject>> {
  const descending = directionOf(query.sortOrder) === 'DESCENDING';
  const polling = query.until === undefined && !descending;
  const parameters = new Parameters(orgId);
  const since = timeOf('since', query.since) ?? new Date(now.getTime() - DEFAULT_WINDOW);
  const until = timeOf('until', query.until);
  const conditions = ['org_id = $1', `published >= ${parameters.add(since)}`];
  if (until !== null) conditions.push(`published < ${parameters.add(until)}`);
  if (query.filter !== undefined && query.filter !== '') conditions.push(filterCondition(query.filter, parameters));
  for (const word of keywordsOf(query.q))
    conditions.push(`payload::text ilike ${parameters.add(`%${word.replace(/[\\%_]/g, '\\$&')}%`)}`);

  const order = polling ? POLLING : descending ? DESCENDING : ASCENDING;
  if (polling) conditions.push('xid < pg_snapshot_xmin(pg_current_snapshot())');
  const after = cursorOf(query.after, order.fields);
  if (after !== null) conditions.push(order.beyond(after, parameters));
  const { rows } = await db.query<Row>({
    text: `select payload, ${order.cursor} as cursor from system_log where ${conditions.join(' and ')} order by ${order.by} limit ${parameters.add(limit + 1)}`,
    values: parameters.values,
  });
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const next =
    rows.length > limit || polling ? (last?.cursor ?? (polling ? await startOfPolling(db, query.after) : null)) : null;
  return { items: items.map((row) => row.payload), after: next === null ? null : encode(next) };
}

interface Order {
  by: string;
  /** SQL that makes the cursor of a row: fields joined by a space. */
  cursor: string;
  fields: RegExp;
  beyond(cursor: string, parameters: Parameters): string;
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const BY_TIME = (direction: 'asc' | 'desc', comparison: '>' | '<'): Order => ({
  by: `published ${direction}, id ${direction}`,
  cursor: `to_char(published at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || ' ' || id`,
  fields: new RegExp(`^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z ${UUID}$`),
  beyond(cursor, parameters) {
    const [published, id] = cursor.split(' ');
    return `(published, id) ${comparison} (${parameters.add(published)}::timestamptz, ${parameters.add(id)}::uuid)`;
  },
});
const ASCENDING = BY_TIME('asc', '>');
const DESCENDING = BY_TIME('desc', '<');
const POLLING: Order = {
  by: 'xid, published, id',
  cursor: "xid::text || ' ' || id",
  fields: new RegExp(`^\\d{1,20} ${UUID}$`),
  beyond(cursor, parameters) {
    const [xid, id] = cursor.split(' ');
    return `(xid, id) > (${parameters.add(xid)}::xid8, ${parameters.add(id)}::uuid)`;
  },
};

/** An empty poll keeps its cursor, or starts at what can already be seen completely. */
async function startOfPolling(db: Executor, after: string | undefined): Promise<string> {
  if (after !== undefined) return Buffer.from(after, 'base64url').toString();
  const { rows } = await db.query<{ xmin: string }>({
    text: 'select (pg_snapshot_xmin(pg_current_snapshot())::text::numeric - 1)::text as xmin',
    values: [],
  });
  return `${rows[0]?.xmin ?? '0'} ffffffff-ffff-ffff-ffff-ffffffffffff`;
}

const encode = (cursor: string) => Buffer.from(cursor).toString('base64url');

function cursorOf(after: string | undefined, fields: RegExp): string | null {
  if (after === undefined || after === '') return null;
  const cursor = Buffer.from(after, 'base64url').toString();
  if (!fields.test(cursor))
    throw apiErrors.validation('after', 'after: not a cursor of this request; take it from the Link header');
  return cursor;
}

function directionOf(sortOrder: string | undefined): 'ASCENDING' | 'DESCENDING' {
  const direction = sortOrder === undefined || sortOrder === '' ? 'ASCENDING' : sortOrder.toUpperCase();
  if (direction !== 'ASCENDING' && direction !== 'DESCENDING')
    throw apiErrors.validation('sortOrder', 'sortOrder: expected ASCENDING or DESCENDING');
  return direction;
}

function timeOf(name: string, text: string | undefined): Date | null {
  if (text === undefined || text === '') return null;
  const time = new Date(text);
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(time.getTime()))
    throw apiErrors.validation(name, `${name}: expected an ISO 8601 time such as 2026-01-31T08:00:00Z`);
  return time;
}

function keywordsOf(q: string | undefined): string[] {
  const words = (q ?? '').split(/\s+/).filter((word) => word !== '');
  if (words.length > MAX_KEYWORDS || words.some((word) => word.length > MAX_KEYWORD_LENGTH)) {
    throw apiErrors.validation('q', `q: at most ${MAX_KEYWORDS} words of ${MAX_KEYWORD_LENGTH} characters`);
  }
  return words;
}

function filterCondition(text: string, parameters: Parameters): string {
  const parsed = parseFilter(text, { not: true });
  if (!parsed.ok) throw apiErrors.invalidFilter(`filter: ${parsed.error.message} at position ${parsed.error.position}`);
  const condition = toCondition(parsed.value satisfies Filter, columnOf, parameters);
  if (!condition.ok) throw apiErrors.invalidFilter(`filter: ${condition.error.message}`);
  return condition.value;
}

const TEXT = ['eq', 'ne', 'co', 'sw', 'ew', 'pr', 'gt', 'ge', 'lt', 'le'] as const;
const OWN_COLUMNS: Record<string, Column> = {
  eventtype: { sql: 'event_type', type: 'exact', operators: TEXT },
  published: { sql: 'published', type: 'time', operators: ['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'pr'] },
};
const PATH = /^[A-Za-z]\w{0,40}(?:\.[A-Za-z]\w{0,40}){0,5}$/;

/** Any path into an event; `target.…` looks at every target. The path is checked to be words only before it stands in the statement. */
function columnOf(attribute: string): Column | null {
  const own = OWN_COLUMNS[attribute.toLowerCase()];
  if (own !== undefined) return own;
  if (!PATH.test(attribute)) return null;
  const [first, ...rest] = attribute.split('.');
  if (first === 'target' && rest.length > 0) {
    return {
      sql: `jsonb_path_query_array(payload, '$.target[*].${rest.join('.')}')`,
      type: 'set',
      operators: ['eq', 'ne', 'co', 'sw', 'ew', 'pr'],
    };
  }
  return { sql: `payload #>> '{${attribute.split('.').join(',')}}'`, type: 'text', operators: TEXT };
}
