/** The OpenAPI 3.1 document of everything below /api, made from the schemas that the routes themselves check with. */
import swagger from '@fastify/swagger';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { isManagement } from '../../http/index.ts';
import { PRODUCT } from '../../shared/product.ts';
import { TAGS } from './vocabulary.ts';

const ERROR = {
  type: 'object' as const,
  description: 'What went wrong, in the form of every error of this API.',
  required: ['errorCode', 'errorSummary', 'errorLink', 'errorId', 'errorCauses'],
  properties: {
    errorCode: { type: 'string' as const, examples: ['E0000001'] },
    errorSummary: { type: 'string' as const },
    errorLink: { type: 'string' as const },
    errorId: { type: 'string' as const },
    errorCauses: {
      type: 'array' as const,
      items: { type: 'object' as const, properties: { errorSummary: { type: 'string' as const } } },
    },
  },
};
const ANY_ERROR = {
  description: 'Refused: the body says why.',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
};

/** What follows from the address and the method: a name that generated clients can use, and the answers that a route did not state. */
function described(schema: FastifySchema, url: string, method: string | string[]): FastifySchema {
  const { response = { 200: { description: 'Done.' } } } = schema as { response?: object };
  return {
    ...schema,
    operationId: operationIdOf(String(method), url),
    response: { ...response, '4XX': ANY_ERROR },
  } as FastifySchema;
}

/** `GET /api/v1/users/:userId/groups` → `getUsersByUserIdGroups`. */
function operationIdOf(method: string, url: string): string {
  const words = url
    .replace(/^\/(?:api|oauth2)\/(?:v1\/)?/, '')
    .split(/[/.]|(?=:)/)
    .filter(Boolean)
    .map((part) => part.replace(/^:/, 'by-').replace(/[-_]([a-z])/g, (_, letter: string) => letter.toUpperCase()))
    .map((word) => word[0]!.toUpperCase() + word.slice(1));
  return method.toLowerCase() + words.join('');
}

/** To be called before any route is registered: the document collects them as they come. */
export function collectOpenApi(server: FastifyInstance): void {
  server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: `${PRODUCT} management API`,
        version: '1',
        description: 'Identity providers, people, groups, applications, routing rules, the System Log.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
      components: {
        schemas: { Error: ERROR },
        securitySchemes: {
          SSWS: {
            type: 'apiKey',
            in: 'header',
            name: 'Authorization',
            description: 'The word SSWS, a space, and an API token.',
          },
          Bearer: {
            type: 'http',
            scheme: 'bearer',
            description:
              'An API token, or an access token of this org with the scope of the call; GET /api/gatehouse/v1/api-scopes lists the scopes.',
          },
        },
      },
      security: [{ SSWS: [] }, { Bearer: [] }],
    },
    transform: ({ schema, url, route }) => ({
      schema: isManagement(url) ? described(schema, url, route.method) : { ...schema, hide: true },
      url,
    }),
  });
}
