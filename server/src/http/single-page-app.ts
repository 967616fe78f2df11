/**
 * Serves a built single-page application: its assets for ever (their names carry a hash), its page with a fresh nonce and a strict policy
 * (rulings 27: no Trusted Types here, `style-src 'self'` plus the nonce). Where nothing is built, one sentence says so.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { randomSecret } from '../shared/ids.ts';

const NONCE = /__CSP_NONCE__/g;

/** `prefix`: '/admin/'; `directory`: where the build put index.html and assets/. */
export function singlePageApp({ prefix, directory, missing }: { prefix: string; directory: string; missing: string }) {
  return async (server: FastifyInstance) => {
    const page = await readFile(join(directory, 'index.html'), 'utf8').catch(() => null);
    const send = (reply: FastifyReply) => {
      if (page === null) return reply.status(503).type('text/plain; charset=utf-8').send(missing);
      const nonce = randomSecret(16);
      return reply
        .type('text/html; charset=utf-8')
        .header('cache-control', 'no-store')
        .header('x-robots-tag', 'noindex')
        .header(
          'content-security-policy',
          `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'`,
        )
        .send(page.replace(NONCE, nonce));
    };
    if (page !== null) {
      await server.register(fastifyStatic, {
        root: directory,
        prefix,
        wildcard: false,
        globIgnore: ['index.html'],
        immutable: true,
        maxAge: '365d',
        decorateReply: false,
        index: false,
      });
    }
    // The router knows no difference between the two spellings; relative addresses do.
    const bare = prefix.slice(0, -1);
    server.get(bare, (request, reply) => {
      const [path] = request.url.split('?');
      return path === bare ? reply.redirect(prefix, 308) : send(reply);
    });
    server.get(`${prefix}*`, (_request, reply) => send(reply));
  };
}
