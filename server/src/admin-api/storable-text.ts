/** Text that the database cannot hold is refused at the door: U+0000, and halves of surrogate pairs (PostgreSQL's text and jsonb). */
import type { FastifyInstance } from 'fastify';
import { apiErrors } from '../http/index.ts';
import { isObject } from '../shared/json.ts';

export function refuseUnstorableText(server: FastifyInstance): void {
  server.addHook('onRequest', async (request) => {
    if (request.url.includes('%00')) throw apiErrors.malformed('The address holds the character U+0000.');
  });
  server.addHook('preValidation', async (request) => {
    if (!isStorable(request.body))
      throw apiErrors.malformed('A text in the body holds U+0000 or half of a surrogate pair.');
  });
}

/** Names and values, at any depth; the parser has bounded it. */
export function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !value.includes('\0') && value.isWellFormed();
  if (Array.isArray(value)) return value.every(isStorable);
  return !isObject(value) || Object.entries(value).every(([name, item]) => isStorable(name) && isStorable(item));
}
