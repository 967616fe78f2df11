/** Serves the description of the API: as a document for programs, as a page for people. */
import type { FastifyInstance } from 'fastify';
import { pageHeaders, textQuery } from '../../http/index.ts';
import { randomSecret } from '../../shared/ids.ts';
import { completed, type Document } from './complete.ts';
import { referencePage } from './reference.ts';

export const OPENAPI_PATH = '/api/v1/openapi.json';
export const REFERENCE_PATH = '/api/v1/reference';

/** Open to everybody: it holds nothing of an org but its address. */
export async function openApiRoutes(server: FastifyInstance): Promise<void> {
  const byAddress = new Map<string, Document>();
  const documentAt = (baseUrl: string) => {
    const known = byAddress.get(baseUrl) ?? completed(server.swagger(), baseUrl);
    if (byAddress.size < 10) byAddress.set(baseUrl, known);
    return known;
  };
  server.get(OPENAPI_PATH, { schema: { tags: ['API'], summary: 'This document', security: [] } }, async (request) =>
    documentAt(request.org.baseUrl),
  );
  server.get<{ Querystring: { q?: string; tag?: string } }>(
    REFERENCE_PATH,
    {
      schema: {
        tags: ['API'],
        summary: 'This description as a page to read and to search',
        security: [],
        querystring: textQuery('q', 'tag'),
      },
    },
    async (request, reply) => {
      const nonce = randomSecret(16);
      const html = referencePage(documentAt(request.org.baseUrl), {
        nonce,
        q: (request.query.q ?? '').slice(0, 100),
        tag: request.query.tag,
      });
      return pageHeaders(reply, { nonce, formTarget: request.org.baseUrl + REFERENCE_PATH }).send(html);
    },
  );
}
