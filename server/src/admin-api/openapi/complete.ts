/** The document with what the routes' own schemas do not say: recorded examples, the shapes of answers, refusals, the meaning of parameters. */
import { type Example, examples } from './examples.ts';
import { type Shape, shapeOf } from './shapes.ts';
import { PARAMETERS, REFUSALS, type Refusal, resourceOf } from './vocabulary.ts';

export interface Media {
  schema?: unknown;
  example?: unknown;
}
export interface Operation {
  operationId: string;
  summary: string;
  description?: string;
  tags: string[];
  security?: unknown[];
  parameters?: {
    name: string;
    in: string;
    required?: boolean;
    description?: string;
    schema?: unknown;
    example?: unknown;
  }[];
  requestBody?: { content: Record<string, Media>; required?: boolean };
  responses: Record<string, { $ref?: string; description?: string; content?: Record<string, Media> }>;
}
export interface Document {
  info: { title: string; description?: string };
  servers: { url: string }[];
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown>; responses?: Record<string, unknown> };
}

/** Changes nothing of what it is given. */
export function completed(raw: object, baseUrl: string): Document {
  const document = structuredClone(raw) as Document;
  document.servers = [{ url: baseUrl }];
  document.components.responses = Object.fromEntries(
    Object.entries(REFUSALS).map(([status, refusal]) => [`Refused${status}`, refusalOf(refusal)]),
  );
  const recorded = examples();
  for (const [path, item] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(item))
      complete(operation, { path, method, example: recorded[`${method.toUpperCase()} ${path}`] });
  Object.assign(document.components.schemas, resourceShapes(recorded));
  return document;
}

function refusalOf({ description, ...error }: Refusal) {
  const example = {
    errorCode: error.errorCode,
    errorSummary: error.errorSummary,
    errorLink: error.errorCode,
    errorId: 'oaeExample',
    errorCauses: error.errorCauses,
  };
  return { description, content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' }, example } } };
}

function complete(
  operation: Operation,
  { path, method, example }: { path: string; method: string; example: Example | undefined },
): void {
  const sent = new URLSearchParams(example?.query ?? '');
  for (const parameter of operation.parameters ?? []) {
    if (parameter.in === 'path')
      parameter.description ??= 'The id, as the object itself shows it; of a user also the login.';
    else parameter.description ??= PARAMETERS[parameter.name] ?? parameter.name;
    const value = parameter.in === 'query' ? sent.get(parameter.name) : null;
    if (value !== null) parameter.example = value;
  }
  const [body] = Object.values(operation.requestBody?.content ?? {});
  if (body !== undefined && example?.request !== undefined) body.example = example.request;
  if (example !== undefined) answer(operation, path, example);
  const open = operation.security?.length === 0;
  const statuses = [
    ...(operation.requestBody !== undefined || operation.parameters?.some((one) => one.in === 'query') ? [400] : []),
    ...(open ? [] : [401, 403]),
    ...(path.includes('{') ? [404] : []),
    ...(path.includes('{') && ['put', 'post'].includes(method) && operation.requestBody !== undefined ? [412] : []),
    429,
    503,
  ];
  for (const status of statuses)
    operation.responses[String(status)] ??= { $ref: `#/components/responses/Refused${status}` };
}

/** The recorded answer takes the place of the bare "done" that the framework writes. */
function answer(
  operation: Operation,
  path: string,
  { status, response, contentType = 'application/json' }: Example,
): void {
  for (const key of Object.keys(operation.responses))
    if (/^2/.test(key) && key !== String(status)) delete operation.responses[key];
  const made = operation.responses[String(status)] ?? {};
  operation.responses[String(status)] = made;
  made.description = status === 204 ? 'Done; there is no body.' : (made.description ?? 'Done.');
  if (response === undefined) return;
  made.content = { [contentType]: { schema: schemaOf(path, response), example: response } };
}

function schemaOf(path: string, response: unknown): unknown {
  if (typeof response === 'string') return { type: 'string' };
  const name = resourceOf(path);
  if (name === undefined) return shapeOf([response]);
  const reference = { $ref: `#/components/schemas/${name}` };
  return Array.isArray(response) ? { type: 'array', items: reference } : reference;
}

/** One shape a resource, of all answers that hold it. */
function resourceShapes(recorded: Readonly<Record<string, Example>>): Record<string, Shape> {
  const values = new Map<string, unknown[]>();
  for (const [place, { response }] of Object.entries(recorded)) {
    const name = resourceOf(place.split(' ')[1]!);
    if (name === undefined || typeof response !== 'object' || response === null) continue;
    values.set(name, [...(values.get(name) ?? []), ...(Array.isArray(response) ? response : [response])]);
  }
  return Object.fromEntries([...values].map(([name, found]) => [name, shapeOf(found)]));
}
