/** The wire conventions that no module can break (contract §1): errors of the contract, whatever goes wrong before a handler. */
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import Type from 'typebox';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../../test/support/app.ts';
import { silentLogger } from '../shared/log.ts';
import { administrator, createServer } from './index.ts';

const Body = Type.Object({
  profile: Type.Object({ name: Type.String({ minLength: 1 }), tags: Type.Optional(Type.Array(Type.String())) }),
});
const server = createServer({
  log: silentLogger,
  https: false,
  trustedProxies: [],
  orgOf: async () => ({ id: '00o1', baseUrl: 'http://localhost' }),
  authenticate: async () => null,
  ready: async () => true,
  bodyTimeout: 50,
});
let port: number;

beforeAll(async () => {
  port = await freePort();
  server.post('/api/v1/things', { schema: { body: Body } }, async () => ({}));
  server.post('/api/v1/things/:id/lifecycle/start', async (_request, reply) => reply.type('application/json').send({}));
  server.get<{ Params: { id: string } }>('/api/v1/things/:id', async ({ params }) => ({ id: params.id }));
  server.get('/api/v1/guarded', { onRequest: administrator }, async () => ({}));
  server.post('/api/v1/files', { config: { bodyTimeout: 60_000 } }, async () => ({}));
  await server.listen({ host: '127.0.0.1', port });
});
afterAll(() => server.close());

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  body: { errorCode: string; errorSummary: string; errorCauses: { errorSummary: string }[]; id?: string };
}

/** By hand: `fetch` would correct the address and add a Content-Type. */
function send(
  method: string,
  path: string,
  body?: string | Buffer,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: JSON.parse(text) }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

const json = { 'content-type': 'application/json' };
const causes = ({ body }: Answer) => body.errorCauses.map(({ errorSummary }) => errorSummary);

it.each([
  ['{}', 'Api validation failed: profile', ['profile: The field cannot be left blank']],
  ['{"profile":{}}', 'Api validation failed: profile.name', ['profile.name: The field cannot be left blank']],
  ['{"profile":{"name":5}}', 'Api validation failed: profile.name', ['profile.name: must be string']],
  ['[]', 'The request body was not well-formed.', ['The body must be a JSON object.']],
  ['', 'The request body was not well-formed.', ['The body must be a JSON object.']],
  ['{', 'The request body was not well-formed.', []],
])('a body %s is refused with the field that is wrong', async (body, summary, expected) => {
  const answer = await send('POST', '/api/v1/things', body, json);
  expect([answer.status, answer.body.errorSummary, causes(answer)]).toEqual([400, summary, expected]);
});

it('a body of another media type is told so, with a status of 400', async () => {
  const answer = await send('POST', '/api/v1/things', '<x/>', { 'content-type': 'text/xml' });
  expect([answer.status, answer.body.errorCode]).toEqual([400, 'E0000018']);
});

it('a body that is no UTF-8 is not well-formed, whatever stands in it', async () => {
  const named = (name: Buffer) => Buffer.concat([Buffer.from('{"profile":{"name":"'), name, Buffer.from('"}}')]);
  const wrong = await send('POST', '/api/v1/things', named(Buffer.from([0xc3, 0x28])), json);
  expect([wrong.status, wrong.body.errorCode]).toEqual([400, 'E0000003']);
  expect((await send('POST', '/api/v1/things', named(Buffer.from('ü')), json)).status).toBe(200);
});

it('a body that is compressed is refused, and one that says that it is not is read', async () => {
  const as = (encoding: string) =>
    send('POST', '/api/v1/things', '{"profile":{"name":"a"}}', { ...json, 'content-encoding': encoding });
  for (const encoding of ['gzip', 'identity, br', 'GZIP']) {
    const { status, body } = await as(encoding);
    expect([status, body.errorCode, body.errorCauses]).toEqual([415, 'E0000018', expect.any(Array)]);
  }
  for (const encoding of ['identity', 'Identity', '']) expect((await as(encoding)).status).toBe(200);
});

it('a POST without body needs no Content-Type, and may have one', async () => {
  const path = '/api/v1/things/1/lifecycle/start';
  for (const headers of [{ 'content-length': '0' }, { ...json, 'content-length': '0' }]) {
    expect((await send('POST', path, undefined, headers)).status).toBe(200);
  }
});

it.each([
  ['//api/v1/things/1', '1'],
  ['/api//v1///things/1/', '1'],
  ['/api/v1/things/e%40x', 'e@x'],
  ['/api/v1/things/a%2Fb', 'a/b'],
  ['/api/v1/things/%C3%BC', 'ü'],
  ['/api/v1/things/%25zz', '%zz'],
  [`/api/v1/things/${'a'.repeat(400)}`, 'a'.repeat(400)],
])('the path %s is understood', async (path, id) => {
  expect((await send('GET', path)).body.id).toBe(id);
});

it.each([
  ['GET', '/api/v1/things/%zz', 400, 'E0000003'],
  ['GET', '/api/v1/nothing', 404, 'E0000008'],
  ['PATCH', '/api/v1/things', 405, 'E0000022'],
] as const)('%s %s is answered in the form of every error', async (method, path, status, code) => {
  const { headers, body, ...answer } = await send(method, path);
  expect([answer.status, body.errorCode, body.errorCauses]).toEqual([status, code, []]);
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
  expect(headers['x-okta-request-id']).toBeTruthy();
  expect(headers['x-content-type-options']).toBe('nosniff');
});

it('nobody, a token that is none, and a cookie that does not count are told apart', async () => {
  const code = async (headers: Record<string, string>) => {
    const { status, body } = await send('GET', '/api/v1/guarded', undefined, headers);
    return `${status} ${body.errorCode}`;
  };
  expect(await code({})).toBe('401 E0000004');
  expect(await code({ authorization: 'SSWS x' })).toBe('401 E0000011');
  expect(await code({ cookie: 'a=b' })).toBe('403 E0000005');
});

it('does not wait long for a body, unless the route takes files', async () => {
  const slow = (path: string) =>
    new Promise<number>((resolve, reject) => {
      const options = { host: '127.0.0.1', port, method: 'POST', path, headers: { ...json, 'content-length': 2 } };
      const request = httpRequest(options, (response) => resolve(response.resume().statusCode!));
      request.on('error', reject);
      request.write('{');
      later.push(() => request.end('}'));
    });
  const later: (() => void)[] = [];
  const patient = slow('/api/v1/files');
  expect(await slow('/api/v1/things/1/lifecycle/start')).toBe(408);
  for (const send of later) send();
  expect(await patient).toBe(200);
});

it('does not wait for the body of an address that cannot be read', async () => {
  const answer = await new Promise<string>((resolve, reject) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(
        'POST /%zz HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{',
      ),
    );
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.on('error', reject).on('close', () => resolve(text));
  });
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toMatch(/^connection: close\r$/im);
});
