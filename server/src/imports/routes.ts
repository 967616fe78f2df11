/** `/api/gatehouse/v1/imports`: users and memberships from a CSV file, checked before anything happens. */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  apiErrors,
  describedUnder,
  ifMatch,
  limitOf,
  NO_CONTENT,
  sendPage,
  sendVersioned,
  textQuery,
} from '../http/index.ts';
import { MINUTE } from '../shared/clock.ts';
import { csvLine } from '../shared/csv.ts';
import { callerOf } from '../system-log/index.ts';
import { ChangeBody, CreateBody, type Import, importToWire, OUTCOMES } from './schema.ts';
import type { Imports } from './service.ts';

type ById = { Params: { importId: string } };
type Listing = { Querystring: { limit?: string; after?: string } };
type Rows = ById & { Querystring: { outcome?: string; limit?: string; after?: string } };
type Sending = ById & { Querystring: { fileName?: string } };

const ALL = '/api/gatehouse/v1/imports';
const ONE = `${ALL}/:importId`;
const CSV = { content: { 'text/csv': { schema: { type: 'string' } } } };
const UPLOAD_TIME = 15 * MINUTE;

const described = describedUnder('Imports');

export function importRoutes({ imports }: { imports: Imports }) {
  return async (server: FastifyInstance) => {
    // The handler reads the file from the request itself, piece by piece.
    server.addContentTypeParser(/^text\/csv(?:;|$)/i, (_request, _payload, done) => done(null));
    const send = async (request: FastifyRequest, reply: FastifyReply, stored: Import) =>
      sendVersioned(reply, stored.version, importToWire(stored, request.org.baseUrl, await imports.samples(stored)));

    server.get<Listing>(
      ALL,
      described('Lists imports, the newest first', { querystring: textQuery('limit', 'after') }),
      async (request, reply) => {
        const { after, limit } = request.query;
        const page = await imports.list(request.org.id, { after, limit: limitOf(limit, { fallback: 20, max: 200 }) });
        const items = page.items.map((stored) => importToWire(stored, request.org.baseUrl));
        return sendPage(request, reply, { ...page, items });
      },
    );
    server.post<{ Body: CreateBody }>(
      ALL,
      described('Creates an import', { body: CreateBody }),
      async (request, reply) => send(request, reply, await imports.create(callerOf(request), request.body)),
    );
    server.get<ById>(ONE, described('Reads an import'), async (request, reply) =>
      send(request, reply, await imports.get(request.org.id, request.params.importId)),
    );
    server.put<ById & { Body: ChangeBody }>(
      ONE,
      described('Changes what an import does; it has to be checked again', { body: ChangeBody }),
      async (request, reply) => {
        const { importId } = request.params;
        return send(request, reply, await imports.change(callerOf(request), importId, request.body, ifMatch(request)));
      },
    );
    server.delete<ById>(
      ONE,
      described('Deletes an import and its rows, not what it has done', { response: NO_CONTENT }),
      async (request, reply) => {
        await imports.remove(callerOf(request), request.params.importId, ifMatch(request));
        return reply.status(204).send();
      },
    );
    server.put<Sending>(
      `${ONE}/file`,
      {
        ...described('Takes the file: text/csv in UTF-8, at most 256 MB', {
          body: CSV,
          querystring: textQuery('fileName'),
        }),
        // The body is a stream: what is wrong with it is found row by row.
        validatorCompiler: () => () => true,
        config: { bodyTimeout: UPLOAD_TIME },
      },
      async (request, reply) => {
        requireCsv(request.headers['content-type'] ?? '');
        const name = request.query.fileName?.slice(0, 255) || null;
        const stored = await imports.upload(callerOf(request), request.params.importId, name, piecesOf(request.raw));
        return send(request, reply, stored);
      },
    );
    server.post<ById>(`${ONE}/dry-run`, described('Finds out what would happen to each row'), async (request, reply) =>
      send(request, reply, await imports.check(callerOf(request), request.params.importId, ifMatch(request))),
    );
    server.post<ById>(`${ONE}/run`, described('Imports the rows of a checked file'), async (request, reply) =>
      send(request, reply, await imports.run(callerOf(request), request.params.importId, ifMatch(request))),
    );
    contentRoutes(server, imports);
  };
}

/** The rows of an import, and what comes as a file. */
function contentRoutes(server: FastifyInstance, imports: Imports): void {
  server.get(
    `${ALL}/template.csv`,
    described('A file with the header that is understood by itself'),
    async (request, reply) => asFile(reply, 'people.csv').send(csvLine(await imports.template(request.org.id))),
  );
  server.get<Rows>(
    `${ONE}/rows`,
    described('Lists the rows with what would happen, or has happened, to each', {
      querystring: textQuery('outcome', 'limit', 'after'),
    }),
    async (request, reply) => {
      const { limit, ...query } = request.query;
      const size = limitOf(limit, { fallback: 50, max: 200 });
      const page = await imports.rows(request.org.id, request.params.importId, { ...rowQuery(query), limit: size });
      return sendPage(request, reply, page);
    },
  );
  server.get<ById>(
    `${ONE}/errors.csv`,
    described('The rows with errors as a file that can be corrected and imported'),
    async (request, reply) => {
      const { importId } = request.params;
      const lines = await imports.report(request.org.id, importId);
      return asFile(reply, `errors-${importId}.csv`).send(Readable.from(lines));
    },
  );
}

function asFile(reply: FastifyReply, name: string): FastifyReply {
  return reply.type('text/csv; charset=utf-8').header('content-disposition', `attachment; filename="${name}"`);
}

/** The bytes of a request; a connection that breaks off is the client's error. */
async function* piecesOf(bytes: Readable): AsyncGenerator<Buffer> {
  try {
    // Who gives up halfway still answers over this connection, so it is not destroyed, and what else is sent is let go.
    yield* bytes.iterator({ destroyOnReturn: false });
  } catch {
    throw apiErrors.validation('file', 'file: the connection ended before the file did. Send it again.');
  } finally {
    bytes.resume();
  }
}

function requireCsv(contentType: string): void {
  if (!/^text\/csv(?:;|$)/i.test(contentType))
    throw apiErrors.validation('file', 'file: expected Content-Type: text/csv');
  const charset = /;\s*charset="?([^";\s]+)/i.exec(contentType)?.[1] ?? 'utf-8';
  if (!/^(?:utf-?8|us-ascii)$/i.test(charset))
    throw apiErrors.validation('file', `file: expected UTF-8, and the Content-Type says ${charset.slice(0, 40)}`);
}

function rowQuery({ outcome, after }: { outcome?: string; after?: string }) {
  const wanted = OUTCOMES.find((known) => known === outcome) ?? null;
  if (outcome !== undefined && wanted === null)
    throw apiErrors.validation('outcome', `outcome: expected one of ${OUTCOMES.join(', ')}`);
  if (after !== undefined && !/^\d{1,9}$/.test(after))
    throw apiErrors.validation('after', 'after: expected the number of a row');
  return { outcome: wanted, after: Number(after ?? 0) };
}
