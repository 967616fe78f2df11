/** Keyset paging as the contract's §1.4 shows it: two Link headers on the same host, an opaque `after`. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { apiErrors } from '../api-errors.ts';

export interface Page<T> {
  items: T[];
  /** The cursor of the next page; null on the last one. */
  after: string | null;
}

/** Cuts a list that was read with one row too many into a page. */
export function pageOf<T>(rows: T[], limit: number, cursor: (last: T) => string): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, after: rows.length > limit && last !== undefined ? cursor(last) : null };
}

/** The `limit` parameter: a whole number from 1 up to `max` (larger values count as `max`). Anything else is a 400. */
export function limitOf(value: string | undefined, options: { fallback: number; max: number }): number {
  if (value === undefined || value === '') return options.fallback;
  if (!/^\d{1,9}$/.test(value) || Number(value) === 0)
    throw apiErrors.validation('limit', `limit: expected a whole number from 1 to ${options.max}`);
  return Math.min(Number(value), options.max);
}

const ID = /^[0-9a-z]{3}[A-Za-z0-9]{17}$/;

/** The `after` parameter of a list whose cursors are ids with this beginning; undefined for the first page. Throws E0000031. */
export function idCursor(after: string | undefined, prefix: string): string | undefined {
  if (after === undefined || after === '') return undefined;
  if (ID.test(after) && after.startsWith(prefix)) return after;
  throw apiErrors.invalidSearch('The parameter "after" is not a cursor of this list.');
}

/** The schema of a query string whose parameters are texts, each at most once. Routes read numbers and booleans out of them by hand. */
export function textQuery(...names: string[]) {
  const properties = Object.fromEntries(names.map((name) => [name, { type: 'string', maxLength: 4096 }]));
  return { type: 'object', properties };
}

/** The answer of a route that has nothing to say, as its schema states it. */
export const NO_CONTENT = { 204: { type: 'null', description: 'Done; there is no body' } };

/** Sends a page: the array as body, `self` and `next` as Link headers. `alwaysNext` is for polling the System Log. */
export function sendPage<T>(request: FastifyRequest, reply: FastifyReply, page: Page<T>): FastifyReply {
  const self = new URL(request.org.baseUrl + request.url);
  const links = [`<${self.href}>; rel="self"`];
  if (page.after !== null) {
    const next = new URL(self);
    next.searchParams.set('after', page.after);
    links.push(`<${next.href}>; rel="next"`);
  }
  return reply.header('link', links).type('application/json').send(page.items);
}
