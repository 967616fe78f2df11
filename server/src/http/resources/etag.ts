/** Optional optimistic locking (rulings 32): a weak ETag made of the row's version, and If-Match against it. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { apiErrors } from '../api-errors.ts';

export function sendVersioned(reply: FastifyReply, version: number, body: unknown): FastifyReply {
  return reply.header('etag', `W/"${version}"`).type('application/json').send(body);
}

/** The version that the client expects; null when it sent none (or `*`). */
export function ifMatch(request: FastifyRequest): number | null {
  const header = request.headers['if-match'];
  if (header === undefined || header === '*') return null;
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(header)?.[1];
  if (version === undefined) throw apiErrors.versionConflict();
  return Number(version);
}

/** Throws 412 where a client expects another version than there is; null: it expects none. */
export function requireVersion(expected: number | null, present: { version: number }): void {
  if (expected !== null && expected !== present.version) throw apiErrors.versionConflict();
}
