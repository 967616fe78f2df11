import { Client } from '@okta/okta-sdk-nodejs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from '../../test/support/app.ts';
import { type HookReceiver, honest, startHookReceiver } from '../../test/support/hook-receiver.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;

const HOOKS = '/api/v1/eventHooks';
const SECRET = 'Bearer a-secret-of-the-hook';
const EVENTS = [
  'group.user_membership.add',
  'group.user_membership.remove',
  'user.lifecycle.suspend',
  'user.lifecycle.unsuspend',
];

let hub: TestHub;
let receiver: HookReceiver;

beforeAll(async () => {
  receiver = await startHookReceiver();
  // One peer is open, so that every other one is held to https and to public addresses.
  hub = await startHub({ allowEgress: [`127.0.0.1:${receiver.port}`] });
});
afterAll(async () => {
  await hub.close();
  await receiver.close();
});
beforeEach(() => {
  receiver.calls.length = 0;
  receiver.answer = honest;
});

const hook = (config: object = {}, more: object = {}): Any => ({
  name: 'Beyond Identity',
  events: { type: 'EVENT_TYPE', items: EVENTS },
  channel: {
    type: 'HTTP',
    version: '1.0.0',
    config: {
      uri: receiver.url,
      headers: [{ key: 'X-Other', value: 'v' }],
      authScheme: { type: 'HEADER', key: 'Authorization', value: SECRET },
      ...config,
    },
  },
  ...more,
});
const make = (config: object = {}, more: object = {}): Promise<Any> => hub.api('POST', HOOKS, hook(config, more));
const step = (id: string, verb: string) => hub.call('POST', `${HOOKS}/${id}/lifecycle/${verb}`);
const refusal = ({ status, body }: { status: number; body: unknown }) => [status, (body as Any).errorCode];
const causes = ({ body }: { body: unknown }) => JSON.stringify((body as Any).errorCauses);
const told = async (type: string, id: string) =>
  (await hub.events(type)).filter(({ target }) => target[0]!.id === id).map(({ outcome }) => outcome.result);

describe('an event hook', () => {
  it('is answered whole, without its secret, and sealed at rest', async () => {
    const made = await make();
    expect(made).toEqual({
      id: expect.stringMatching(/^who\w{17}$/),
      status: 'ACTIVE',
      verificationStatus: 'UNVERIFIED',
      name: 'Beyond Identity',
      description: null,
      created: expect.stringMatching(/\.\d{3}Z$/),
      createdBy: expect.stringMatching(/^00u/),
      lastUpdated: made.created,
      events: { type: 'EVENT_TYPE', items: EVENTS, filter: null },
      channel: {
        type: 'HTTP',
        version: '1.0.0',
        config: {
          uri: receiver.url,
          headers: [{ key: 'X-Other', value: 'v' }],
          method: 'POST',
          authScheme: { type: 'HEADER', key: 'Authorization' },
        },
      },
      _links: {
        self: { href: `${hub.url}${HOOKS}/${made.id}` },
        verify: { href: `${hub.url}${HOOKS}/${made.id}/lifecycle/verify`, hints: { allow: ['POST'] } },
        deactivate: { href: `${hub.url}${HOOKS}/${made.id}/lifecycle/deactivate`, hints: { allow: ['POST'] } },
      },
    });
    expect(await hub.api('GET', `${HOOKS}/${made.id}`)).toEqual(made);
    const { rows } = await hub.database.query({
      text: `select row_to_json(h)::text || (select coalesce(string_agg(payload::text, ''), '') from system_log) as all from event_hooks h`,
      values: [],
    });
    expect(JSON.stringify(rows)).not.toContain('a-secret-of-the-hook');
  });

  it('is verified by one GET with its headers and the challenge', async () => {
    const { id } = await make();
    expect((await step(id, 'verify')).body).toMatchObject({ id, verificationStatus: 'VERIFIED' });
    expect(receiver.calls).toHaveLength(1);
    expect(receiver.calls[0]).toMatchObject({
      method: 'GET',
      body: '',
      headers: {
        authorization: SECRET,
        'x-other': 'v',
        'x-okta-verification-challenge': expect.stringMatching(/^.{40,}$/),
      },
    });
    expect(await told('event_hook.verified', id)).toEqual(['SUCCESS']);
  });

  it.each<[string, HookReceiver['answer'], string]>([
    ['another value', (_call, response) => response.end('{"verification":"guess"}'), 'did not send the challenge back'],
    ['no JSON', (_call, response) => response.end('<html>'), 'did not send the challenge back'],
    ['nothing', (_call, response) => response.end(), 'did not send the challenge back'],
    ['an error', (_call, response) => response.writeHead(500).end(), 'status 500'],
    ['no content', (_call, response) => response.writeHead(204).end(), 'status 204'],
    ['a redirect', (_call, response) => response.writeHead(302, { location: 'https://example.com' }).end(), 'redirect'],
    ['a cut connection', (_call, response) => response.socket?.destroy(), 'could not be reached'],
    ['too much', (_call, response) => response.end('x'.repeat(70_000)), 'larger than'],
  ])('is not verified by %s, and the cause is said and recorded', async (_name, answer, words) => {
    const { id } = await make();
    receiver.answer = answer;
    const refused = await step(id, 'verify');
    expect(refusal(refused)).toEqual([400, 'E0000001']);
    expect(causes(refused)).toContain(words);
    expect(causes(refused)).not.toContain('a-secret');
    expect(await hub.api('GET', `${HOOKS}/${id}`)).toMatchObject({ verificationStatus: 'UNVERIFIED' });
    expect(await told('event_hook.verified', id)).toEqual(['FAILURE']);
  });

  it('keeps its secret when it is not sent again, but takes it to no other server; another address is verified anew', async () => {
    const { id } = await make();
    await step(id, 'verify');
    const withoutValue = { authScheme: { type: 'HEADER', key: 'Authorization' } };
    const renamed = await hub.api('PUT', `${HOOKS}/${id}`, hook(withoutValue, { name: 'Renamed' }));
    expect(renamed).toMatchObject({ name: 'Renamed', verificationStatus: 'VERIFIED' });
    const moved = hook({ ...withoutValue, uri: `${receiver.url}/other` });
    expect(await hub.api('PUT', `${HOOKS}/${id}`, moved)).toMatchObject({ verificationStatus: 'UNVERIFIED' });
    await step(id, 'verify');
    expect(receiver.calls.at(-1)!.headers.authorization).toBe(SECRET);
    const elsewhere = await hub.call('PUT', `${HOOKS}/${id}`, hook({ ...withoutValue, uri: 'https://example.com/x' }));
    expect(causes(elsewhere)).toContain('enter the secret again');
    await hub.api('PUT', `${HOOKS}/${id}`, hook({ authScheme: null }));
    await step(id, 'verify');
    expect(receiver.calls.at(-1)!.headers.authorization).toBeUndefined();
  });

  it('loses no update', async () => {
    const made = await hub.call('POST', HOOKS, hook());
    const match = { 'if-match': made.headers.get('etag')! };
    const path = `${HOOKS}/${(made.body as Any).id}`;
    expect((await hub.call('PUT', path, hook(), match)).status).toBe(200);
    expect((await hub.call('PUT', path, hook(), match)).status).toBe(412);
  });

  it('is switched without a second event, and deleted only while inactive', async () => {
    const { id } = await make();
    expect(refusal(await hub.call('DELETE', `${HOOKS}/${id}`))).toEqual([400, 'E0000001']);
    for (const _again of [1, 2]) expect((await step(id, 'deactivate')).body).toMatchObject({ status: 'INACTIVE' });
    const { body } = await hub.call('GET', `${HOOKS}/${id}`);
    expect(Object.keys((body as Any)._links).sort()).toEqual(['activate', 'delete', 'self']);
    for (const _again of [1, 2]) expect((await step(id, 'activate')).body).toMatchObject({ status: 'ACTIVE' });
    await step(id, 'deactivate');
    expect((await hub.call('DELETE', `${HOOKS}/${id}`)).status).toBe(204);
    expect(refusal(await hub.call('GET', `${HOOKS}/${id}`))).toEqual([404, 'E0000007']);
    const counts = ['created', 'deactivated', 'activated', 'deleted'].map((verb) => told(`event_hook.${verb}`, id));
    expect((await Promise.all(counts)).map(({ length }) => length)).toEqual([1, 2, 1, 1]);
  });
});

describe('what a hook cannot be', () => {
  const filter = (event: string, expression: string) => ({
    events: {
      type: 'EVENT_TYPE',
      items: EVENTS,
      filter: { type: 'EXPRESSION_LANGUAGE', eventFilterMap: [{ event, condition: { version: null, expression } }] },
    },
  });
  const header = (key: string, value = 'x') => ({ headers: [{ key, value }] });

  it.each<[string, object, object, string]>([
    ['plain http', { uri: 'http://example.com/hook' }, {}, 'use https'],
    ['a private address', { uri: 'https://10.0.0.1/hook' }, {}, 'not a public one'],
    ['another port', { uri: 'https://example.com:9000/' }, {}, 'Port 9000'],
    ['another scheme', { uri: 'ftp://example.com/' }, {}, 'http or https'],
    ['a password in the address', { uri: 'https://a:b@example.com/' }, {}, 'user name or a password'],
    ['an address with a fragment', { uri: 'https://example.com/#x' }, {}, '#'],
    ['another method', { method: 'GET' }, {}, 'by POST'],
    ['another scheme of authentication', { authScheme: { type: 'OAUTH2' } }, {}, 'use HEADER'],
    ['a host header', header('Host'), {}, 'cannot be set'],
    ['a length', header('content-length'), {}, 'cannot be set'],
    ['a connection header', header('Transfer-Encoding'), {}, 'cannot be set'],
    ['a proxy header', header('Proxy-Authorization'), {}, 'cannot be set'],
    ['a name with a blank', header('X Other'), {}, 'not a header name'],
    ['a value with a line break', header('X-Other', 'a\r\nb: c'), {}, 'line break'],
    ['the header of the secret twice', header('authorization'), {}, 'there twice'],
    ['a type that no hook gets', {}, { events: { type: 'EVENT_TYPE', items: ['zone.create'] } }, 'no hook can'],
    ['a type that does not exist', {}, { events: { type: 'EVENT_TYPE', items: ['user.fun'] } }, 'no event type'],
    ['a name of JavaScript', {}, { events: { type: 'EVENT_TYPE', items: ['toString'] } }, 'no event type'],
    ['no type', {}, { events: { type: 'EVENT_TYPE', items: [] } }, 'events.items'],
    ['a filter of something else', {}, filter('user.lifecycle.create', 'true'), 'not among the subscribed'],
    ['a filter that is no expression', {}, filter(EVENTS[0]!, 'event.target.?['), 'line 1'],
    ['a filter of another root', {}, filter(EVENTS[0]!, "user.login eq 'x'"), 'not known here'],
  ])('%s', async (_name, config, more, words) => {
    const refused = await hub.call('POST', HOOKS, hook(config, more));
    expect(refusal(refused)).toEqual([400, 'E0000001']);
    expect(JSON.stringify(refused.body)).toContain(words);
  });

  it('one of more than 25 that are active and verified', async () => {
    const { rows } = await hub.database.query<{ id: string }>({ text: 'select id from orgs', values: [] });
    await hub.database.query({
      text: `insert into event_hooks (org_id, id, name, status, verification_status, events, uri, headers, created, created_by, last_updated)
        select $1, 'whofull' || n, 'full', 'ACTIVE', 'VERIFIED', '{}', 'https://example.com', '[]', now(), 'x', now() from generate_series(1, 24) n`,
      values: [rows[0]!.id],
    });
    await hub.database.query({
      text: `update event_hooks set status = 'INACTIVE' where id not like 'whofull%'`,
      values: [],
    });
    try {
      const [first, second] = [await make(), await make()];
      const answers = await Promise.all([first, second].map(({ id }) => step(id, 'verify')));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
      expect(JSON.stringify(answers)).toContain('at most 25');
    } finally {
      await hub.database.query({ text: `delete from event_hooks where id like 'whofull%'`, values: [] });
    }
  });
});

it('a filter is kept as it was sent, and asked of events', async () => {
  const expression = "event.target.?[type eq 'UserGroup'].size()>0 && event.target.?[displayName eq 'Sales'].size()>0";
  const filter = {
    type: 'EXPRESSION_LANGUAGE',
    eventFilterMap: [{ event: EVENTS[0], condition: { version: null, expression } }],
  };
  const made = await make({}, { events: { type: 'EVENT_TYPE', items: EVENTS, filter } });
  expect(made.events.filter).toEqual(filter);
});

it('what can be subscribed to goes by the names that guides use', async () => {
  const types: Any = await hub.api('GET', '/api/gatehouse/v1/event-types');
  const byType = new Map<string, string>(types.map(({ type, name }: Any) => [type, name]));
  expect(EVENTS.map((type) => byType.get(type))).toEqual([
    'User Added to Group',
    'User Removed from Group',
    'User suspended',
    'User unsuspended',
  ]);
  expect([byType.has('zone.create'), byType.has('event_hook.created')]).toEqual([false, false]);
});

describe.each([
  ['its cache', {}],
  ['no cache', { cacheMiddleware: null }],
])('the SDK with %s', (_name, options) => {
  it('creates, lists, reads, replaces, verifies, switches and deletes', async () => {
    const api = new Client({ orgUrl: hub.url, token: hub.token, ...options } as Any).eventHookApi;
    const made = await api.createEventHook({ eventHook: hook({}, { name: 'Sdk' }) });
    const eventHookId = made.id!;
    expect(made).toMatchObject({ name: 'Sdk', status: 'ACTIVE', verificationStatus: 'UNVERIFIED' });
    expect(made.channel.config.authScheme).toMatchObject({ key: 'Authorization' });
    const ids: string[] = [];
    for await (const each of await api.listEventHooks()) ids.push(each!.id!);
    expect(ids).toContain(eventHookId);
    const replaced = await api.replaceEventHook({ eventHookId, eventHook: hook({}, { name: 'Sdk renamed' }) });
    expect(replaced.name).toBe('Sdk renamed');
    expect((await api.getEventHook({ eventHookId })).name).toBe('Sdk renamed');
    expect((await api.verifyEventHook({ eventHookId })).verificationStatus).toBe('VERIFIED');
    expect((await api.getEventHook({ eventHookId })).verificationStatus).toBe('VERIFIED');
    expect((await api.deactivateEventHook({ eventHookId })).status).toBe('INACTIVE');
    expect((await api.activateEventHook({ eventHookId })).status).toBe('ACTIVE');
    await api.deactivateEventHook({ eventHookId });
    await api.deleteEventHook({ eventHookId });
    await expect(api.getEventHook({ eventHookId })).rejects.toMatchObject({ status: 404 });
  });
});
