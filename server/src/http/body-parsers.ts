/** Bodies: JSON (empty allowed, depth limited, no prototype names), forms (as URLSearchParams, so that repeated fields stay visible), and their time. */
import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isUnsafeName } from '../shared/json.ts';
import { apiErrors } from './api-errors.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    bodyTimeout?: number;
  }
}

const MAX_DEPTH = 32;
export const JSON_BODY_LIMIT = 64 * 1024;
/** Of a route whose body is a list that may be long: a whole schema, the addresses of a zone. */
export const LONG_BODY_LIMIT = 512 * 1024;

export function addBodyParsers(server: FastifyInstance): void {
  server.addHook('preParsing', async ({ headers }) => {
    const encoding = headers['content-encoding']?.trim() ?? '';
    if (encoding !== '' && encoding.toLowerCase() !== 'identity') throw apiErrors.encodedBody();
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(
    /^application\/(.+\+)?json/i,
    { parseAs: 'buffer' },
    async (_request: unknown, bytes: Buffer) => {
      const body = textOf(bytes);
      if (body.trim() === '') return undefined;
      return parseJson(body);
    },
  );
  server.addContentTypeParser(
    /^application\/x-www-form-urlencoded/i,
    { parseAs: 'string' },
    async (_request: unknown, body: string) => {
      return new URLSearchParams(body);
    },
  );
}

/** RFC 8259 §8.1: JSON is UTF-8. Throws E0000003 for what is not. */
function textOf(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw apiErrors.malformed('The body is not encoded in UTF-8.');
  return bytes.toString('utf8');
}

/** The fields of a form; empty where the body was something else. */
export function formOf(request: FastifyRequest): URLSearchParams {
  return request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
}

/** JSON whose depth is bounded and whose names are safe. Throws E0000003. */
export function parseJson(text: string): unknown {
  if (depthOf(text) > MAX_DEPTH) throw apiErrors.malformed(`The body is nested deeper than ${MAX_DEPTH} levels.`);
  try {
    return JSON.parse(text, (name, value) => {
      if (isUnsafeName(name)) throw apiErrors.malformed(`The name "${name}" is not allowed.`);
      return value;
    });
  } catch (error) {
    throw error instanceof SyntaxError ? apiErrors.malformed() : error;
  }
}

/** The deepest nesting of a JSON text, found before parsing it, strings skipped. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x22) {
      for (i++; i < text.length && text.charCodeAt(i) !== 0x22; i++) if (text.charCodeAt(i) === 0x5c) i++;
    } else if (c === 0x7b || c === 0x5b) {
      deepest = Math.max(deepest, ++depth);
    } else if (c === 0x7d || c === 0x5d) depth--;
  }
  return deepest;
}

const ANSWER = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/**
 * A body that is not there in time (security.md §4.6) ends its connection; whoever reads it meets an error. A route that takes files
 * allows more by `config: { bodyTimeout }`, in milliseconds.
 */
export function limitBodyTime(server: FastifyInstance, milliseconds: number): void {
  server.addHook('onRequest', async (request) => {
    const { headers, socket } = request.raw;
    if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return;
    const timer = setTimeout(() => {
      socket.end(ANSWER);
      socket.destroySoon();
    }, request.routeOptions.config.bodyTimeout ?? milliseconds).unref();
    request.raw.once('end', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
  });
}
