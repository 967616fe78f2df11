/** The OpenAPI 3.1 document of everything below /api, made from the schemas that the routes themselves check with. */
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { PRODUCT } from '../shared/product.ts';

export const OPENAPI_PATH = '/api/v1/openapi.json';

/** To be called before any route is registered: the document collects them as they come. */
export function collectOpenApi(server: FastifyInstance): void {
  server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: `${PRODUCT} management API`,
        version: '1',
        description: 'Identity providers, people, groups, applications, routing rules, the System Log.',
      },
      components: {
        securitySchemes: {
          SSWS: {
            type: 'apiKey',
            in: 'header',
            name: 'Authorization',
            description: 'The word SSWS, a space, and an API token.',
          },
          Bearer: { type: 'http', scheme: 'bearer', description: 'An API token.' },
        },
      },
      security: [{ SSWS: [] }, { Bearer: [] }],
    },
    transform: ({ schema, url }) => ({ schema: url.startsWith('/api/') ? schema : { ...schema, hide: true }, url }),
  });
}

/** Serves the document, with the org's own address as its server. */
export async function openApiRoutes(server: FastifyInstance): Promise<void> {
  server.get(OPENAPI_PATH, { schema: { tags: ['API'], summary: 'This document', security: [] } }, async (request) => ({
    ...server.swagger(),
    servers: [{ url: request.org.baseUrl }],
  }));
}
