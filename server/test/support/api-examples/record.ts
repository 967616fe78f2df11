/** Records what a hub is asked and answers, in a form that is the same in every run: neutral addresses, ids, times and secrets. */
import type { Example } from '../../../src/admin-api/openapi/examples.ts';
import type { TestHub } from '../app.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
export type Any = any;

export interface Recorder {
  /** Calls the hub; the first answer of an operation becomes its example. Throws for a refusal. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Any>;
  hub: TestHub;
}

const MOST_ITEMS = 4;
const LONGEST = 1_500;
/** The document cannot hold itself. */
const SHORT = (body: Any) => (typeof body?.openapi === 'string' ? { openapi: body.openapi, info: body.info } : body);
const SECRET = /^(client_secret|value|clientSecret|private_sealed|activationToken|sessionToken|tempPassword)$/;
const REQUEST = /^(requestId|traceId|errorId|transactionId)$/;
const KEY_MATERIAL = /^(x5c|x5t#S256|n|x|y|kid|certificate|thumbprint|fingerprint)$/;

export function createRecorder(hub: TestHub, operations: readonly { method: string; path: string }[]) {
  const forms = operations.map(({ method, path }) => ({
    place: `${method} ${path}`,
    method,
    form: new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
    variables: path.split('{').length,
  }));
  const recorded: Record<string, Example> = {};
  const neutral = neutraliser(hub.url);
  /** What is sent as it is, not as JSON. */
  const sendText = async (path: string, text: string, headers: Record<string, string> = {}) => {
    const authorization = `SSWS ${hub.token}`;
    const answer = await fetch(hub.url + path, { method: 'PUT', headers: { authorization, ...headers }, body: text });
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Any };
  };
  const call: Recorder['call'] = async (method, path, body, headers) => {
    const answer =
      typeof body === 'string' ? await sendText(path, body, headers) : await hub.call(method, path, body, headers);
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    const [address, query] = path.split('?');
    const fitting = forms.filter((one) => one.method === method && one.form.test(address!));
    const [best] = fitting.toSorted((a, b) => a.variables - b.variables);
    if (best === undefined) throw new Error(`${method} ${path} is no operation of the document.`);
    if (recorded[best.place] === undefined) {
      const type = answer.headers.get('content-type')?.split(';')[0];
      recorded[best.place] = neutral({
        ...(query === undefined ? {} : { query }),
        ...(body === undefined ? {} : { request: body }),
        status: answer.status,
        ...(answer.body === '' ? {} : { response: SHORT(answer.body) }),
        ...(type === undefined || type === 'application/json' || answer.body === '' ? {} : { contentType: type }),
      });
    }
    return answer.body;
  };
  const missing = () => forms.map(({ place }) => place).filter((place) => recorded[place] === undefined);
  return { call, hub, recorded, missing };
}

const ID = /\b(00u|00g|0oa|00o|00p|0pr|who|prm|oty|osc|nzo|00T|rst|tos|102|oag|job|oar|irb|ocs)[0-9A-Za-z]{17}\b/g;
const TIME = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?(Z|\+00:00)/g;
const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;

/** Ids are counted by kind in the order in which they are first seen. */
function neutraliser(url: string) {
  const seen = new Map<string, string>();
  const counts = new Map<string, number>();
  const idOf = (id: string, kind: string) => {
    const known = seen.get(id);
    if (known !== undefined) return known;
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    const made = kind + String(count).padStart(17, '0');
    seen.set(id, made);
    return made;
  };
  const text = (value: string) =>
    value
      .replaceAll(url, 'https://hub.example.com')
      .replaceAll(new URL(url).host, 'hub.example.com')
      .replace(ID, idOf)
      .replace(UUID, '00000000-0000-7000-8000-000000000001')
      .replace(TIME, '2026-01-15T09:00:00.000Z');
  const walk = (value: Any, name = ''): Any => {
    if (typeof value === 'string') {
      if (REQUEST.test(name)) return 'of-the-request';
      if (SECRET.test(name) && value.length > 20) return 'shown-once';
      if (KEY_MATERIAL.test(name) && value.length > 20) return `${name.replace(/\W/g, '')}-of-the-key`;
      return value.length > LONGEST ? `${text(value.slice(0, LONGEST))}…` : text(value);
    }
    if (Array.isArray(value)) return value.slice(0, MOST_ITEMS).map((item) => walk(item, name));
    if (typeof value !== 'object' || value === null) return value;
    // Readers of the document would look for it there.
    if (typeof value.$ref === 'string') return {};
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [text(key), walk(member, key)]));
  };
  return walk as (example: Example) => Example;
}
