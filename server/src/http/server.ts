/**
 * The HTTP server: limits, headers, host → org, error replies. It knows no domain word; modules mount their routes on it.
 * Timeouts and sizes are security.md §4.6's.
 */
import cookie from '@fastify/cookie';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { randomSecret } from '../shared/ids.ts';
import type { Logger } from '../shared/log.ts';
import { ApiError, apiErrors } from './api-errors.ts';
import { addBodyParsers, JSON_BODY_LIMIT, limitBodyTime } from './body-parsers.ts';
import { isBusy } from './busy.ts';
import { isManagement, type Principal, type RequestOrg } from './request-context.ts';
import { commonHeaders } from './security-headers.ts';

export interface ServerDeps {
  log: Logger;
  https: boolean;
  trustedProxies: string[];
  /** The org that a host name belongs to; null for a host that is not ours. */
  orgOf(host: string): Promise<RequestOrg | null>;
  authenticate(request: FastifyRequest): Promise<Principal | null>;
  /** Whether the client gets no answer but a refusal, whatever it asks for; absent: everybody is answered. */
  refuses?(request: FastifyRequest): Promise<boolean>;
  ready(): Promise<boolean>;
  /** Milliseconds for a body; 15 seconds unless stated. */
  bodyTimeout?: number;
}

type Issue = NonNullable<FastifyError['validation']>[number];

const BODY_TIMEOUT = 15_000;
const MAX_HEADER_SIZE = 16 * 1024;

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

export function createServer(deps: ServerDeps): FastifyInstance {
  const headers = commonHeaders(deps.https);
  const server = fastify({
    logger: false,
    bodyLimit: JSON_BODY_LIMIT,
    connectionTimeout: 0,
    keepAliveTimeout: 5_000,
    // Of bodies; counted by limitBodyTime, so that a route may allow more.
    requestTimeout: 0,
    trustProxy: deps.trustedProxies.length > 0 ? deps.trustedProxies : false,
    genReqId: () => randomSecret(16),
    // As long as an address may be: what is too long to be an id is looked for, and not found, as any other.
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: MAX_HEADER_SIZE },
    rewriteUrl: (request) => readable(collapseSlashes(request.url ?? '/')),
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: true } },
    http: { maxHeaderSize: MAX_HEADER_SIZE, headersTimeout: 10_000 },
    forceCloseConnections: 'idle',
    // What comes this far reaches no hook, so nothing limits the time of its body: the connection ends with the answer.
    frameworkErrors: (error, request, reply) => {
      reply.headers(headers).header('x-okta-request-id', request.id).header('connection', 'close');
      sendError(asApiError(error, deps.log, request), request, reply);
    },
  });
  server.setSerializerCompiler(() => (data) => JSON.stringify(data));
  server.register(cookie);
  addBodyParsers(server);
  limitBodyTime(server, deps.bodyTimeout ?? BODY_TIMEOUT);
  server.decorateRequest('org', null as unknown as RequestOrg);
  server.decorateRequest('principal', null);

  server.get('/healthz', async () => ({ status: 'ok' }));
  server.get('/readyz', async (_request, reply) => {
    const ready = await deps.ready();
    return reply.status(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready' });
  });

  server.addHook('onRequest', async (request, reply) => {
    reply.headers(headers).header('x-okta-request-id', request.id);
    if (request.url === '/healthz' || request.url === '/readyz') return;
    const org = await deps.orgOf(request.host.toLowerCase());
    if (org === null)
      throw new ApiError(421, 'E0000008', `This hub does not answer for the host "${request.host.slice(0, 100)}".`);
    request.org = org;
    if (await deps.refuses?.(request)) return refuse(request, reply);
    if (isManagement(request.url)) request.principal = await deps.authenticate(request);
  });
  server.addHook('onRequest', async ({ originalUrl }, reply) => {
    if (isReadable(pathOf(originalUrl))) return;
    // Nobody waits for a body that goes nowhere.
    reply.header('connection', 'close');
    throw apiErrors.malformed();
  });
  server.setErrorHandler(async (error: FastifyError, request, reply) => {
    const known = asApiError(error, deps.log, request);
    const { busyPage } = request.routeOptions.config;
    if (busyPage === undefined || !isBusy(error)) return sendError(known, request, reply);
    return busyPage(request, reply).catch((failure) =>
      sendError(asApiError(failure, deps.log, request), request, reply),
    );
  });
  server.setNotFoundHandler((request, reply) => {
    const known = METHODS.some(
      (method) =>
        method !== request.method && server.findRoute({ url: request.url.split('?')[0] ?? '/', method }) !== null,
    );
    return sendError(known ? apiErrors.methodNotAllowed() : apiErrors.pathNotFound(), request, reply);
  });
  return server;
}

/** Of the refused address only; a person reads a sentence, a program the contract's error. */
function refuse(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const sentence = `Requests from ${request.ip} are refused here. If that is a mistake, tell your administrator this address and the time.`;
  const page = !request.url.startsWith('/api/') && (request.headers.accept ?? '').includes('text/html');
  if (!page) return sendError(apiErrors.forbidden(sentence), request, reply);
  return reply.status(403).header('cache-control', 'no-store').type('text/plain; charset=utf-8').send(`${sentence}\n`);
}

const pathOf = (url: string): string => url.split('?', 1)[0]!;

/** Whether the percent signs of a path stand for text. */
function isReadable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

/** A path that cannot be read goes on as the letters that it has, as far as the hooks, so that its answer is one like all others. */
function readable(url: string): string {
  const path = pathOf(url);
  return isReadable(path) ? url : path.replaceAll('%', '%25') + url.slice(path.length);
}

/** `//api/v1/…` is what some clients send when their base URL ends with a slash (contract §1.1). Only the path is touched. */
function collapseSlashes(url: string): string {
  const path = pathOf(url);
  return path.includes('//') ? path.replace(/\/{2,}/g, '/') + url.slice(path.length) : url;
}

/** What went wrong on the way to a handler or in it, as an error of the contract (§1.3): schema, body, address, or our own fault. */
function asApiError(error: FastifyError, log: Logger, request: FastifyRequest): ApiError {
  if (error instanceof ApiError) return error;
  if (error.validation !== undefined) return invalid(error.validation);
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return apiErrors.payloadTooLarge(request.routeOptions.bodyLimit ?? JSON_BODY_LIMIT);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return apiErrors.unknownMediaType();
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return apiErrors.pathNotFound();
  }
  if (error.statusCode !== undefined && error.statusCode < 500) return apiErrors.malformed();
  const where = { requestId: request.id, method: request.method, path: request.routeOptions.url ?? '' };
  if (isBusy(error)) {
    log.warn('request_busy', { ...where, code: error.code, reason: error.message });
    return apiErrors.busy();
  }
  log.error('request_failed', { ...where, error });
  return apiErrors.internal();
}

/**
 * Of a value that may be one of several things, a validator says for each how it is not that one. What remains is what a client can do
 * something about: what is wrong deepest inside, and not that there could have been nothing at all.
 */
function telling(issues: Issue[]): Issue[] {
  const said = issues.filter(({ keyword }) => keyword !== 'anyOf');
  const deepest = said.filter(({ instancePath: path }) =>
    said.every((other) => !other.instancePath.startsWith(`${path}/`)),
  );
  const something = deepest.filter(({ keyword, params }) => keyword !== 'type' || params.type !== 'null');
  return something.length > 0 ? something : issues;
}

/** Names each field once, and in the summary the first one. A body that is no object has no field to name. */
function invalid(issues: Issue[]): ApiError {
  const each = telling(issues).map((issue) => {
    const path = issue.instancePath.slice(1).split('/').filter(Boolean);
    const { property, text } = told(issue);
    return { field: [...path, ...(property === undefined ? [] : [property])].join('.'), text };
  });
  const causes = [...Map.groupBy(each, ({ field }) => field)].map(([field, of]) => {
    const texts = of.map(({ text }) => text);
    return { field, text: [...new Set(texts)].join(' or ') };
  });
  const first = causes[0]?.field ?? '';
  if (first === '') return apiErrors.malformed('The body must be a JSON object.');
  return apiErrors.validation(first, ...causes.map(({ field, text }) => `${field}: ${text}`));
}

/** `property`: the one inside the place, where the place is the object around it. */
function told({ keyword, params, message = 'invalid' }: Issue): { property?: string; text: string } {
  if (keyword === 'required')
    return { property: String(params.missingProperty), text: 'The field cannot be left blank' };
  if (keyword === 'additionalProperties')
    return { property: String(params.additionalProperty).slice(0, 100), text: 'There is no such field' };
  if (keyword === 'enum' && Array.isArray(params.allowedValues))
    return { text: `expected one of ${params.allowedValues.join(', ')}` };
  return { text: message };
}

/** The contract's error body (§1.3); `errorCauses` is always an array. */
function sendError(error: ApiError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply
    .status(error.status)
    .headers(error.headers)
    .header('cache-control', 'no-store')
    .type('application/json')
    .send({
      errorCode: error.errorCode,
      errorSummary: error.message,
      errorLink: error.errorCode,
      errorId: `oae${request.id}`,
      errorCauses: error.causes,
    });
}
