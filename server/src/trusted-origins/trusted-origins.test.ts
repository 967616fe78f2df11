import { Client } from '@okta/okta-sdk-nodejs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from '../../test/support/app.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;

const PATH = '/api/v1/trustedOrigins';
const CORS = [{ type: 'CORS' }];

let hub: TestHub;

beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

const credentialed = async (origin: string) => {
  const answer = await fetch(`${hub.url}/oauth2/v1/keys`, { headers: { origin } });
  return [answer.headers.get('access-control-allow-origin'), answer.headers.get('access-control-allow-credentials')];
};
const TRUSTED = (origin: string) => [origin, 'true'];
const ANYBODY = ['*', null];

describe('a trusted origin', () => {
  it('may call the authorization server with a session while it is active, and others without one', async () => {
    const origin = 'https://spa.example.com';
    expect(await credentialed(origin)).toEqual(ANYBODY);
    const { id }: Any = await hub.api('POST', PATH, { name: 'Spa', origin, scopes: CORS });
    expect(await credentialed(origin)).toEqual(TRUSTED(origin));
    for (const other of [
      'https://spa.example.com.evil.example',
      'http://spa.example.com',
      'https://example.com',
      'null',
    ])
      expect(await credentialed(other)).toEqual(ANYBODY);
    await hub.api('POST', `${PATH}/${id}/lifecycle/deactivate`);
    expect(await credentialed(origin)).toEqual(ANYBODY);
    await hub.api('POST', `${PATH}/${id}/lifecycle/activate`);
    expect(await credentialed(origin)).toEqual(TRUSTED(origin));
    await hub.api('PUT', `${PATH}/${id}`, { name: 'Spa', origin, scopes: [{ type: 'REDIRECT' }] });
    expect(await credentialed(origin)).toEqual(ANYBODY);
    expect((await hub.call('DELETE', `${PATH}/${id}`)).status).toBe(204);
    expect((await hub.call('GET', `${PATH}/${id}`)).status).toBe(404);
  });

  it('still does not read the management API', async () => {
    const origin = 'https://console.example.com';
    await hub.api('POST', PATH, { name: 'Console', origin, scopes: CORS });
    const answer = await hub.call('GET', '/api/v1/org', undefined, { origin });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, null]);
  });

  it.each([
    'https://*.example.com',
    'https://app.example.com/path',
    'https://app.example.com?x',
    'https://user:secret@app.example.com',
    'http://app.example.com',
    'file:///etc/passwd',
    'null',
    'app.example.com',
  ])('is not %s', async (origin) => {
    const answer = await hub.call('POST', PATH, { name: origin, origin, scopes: CORS });
    expect([answer.status, (answer.body as Any).errorCode]).toEqual([400, 'E0000001']);
  });

  it.each([
    ['https://Upper.Example.com/', 'https://upper.example.com'],
    ['https://port.example.com:8443', 'https://port.example.com:8443'],
    ['https://default.example.com:443', 'https://default.example.com'],
    ['http://localhost:3000', 'http://localhost:3000'],
  ])('is %s, as browsers write it', async (origin, kept) => {
    expect(await hub.api('POST', PATH, { name: origin, origin, scopes: CORS })).toMatchObject({ origin: kept });
  });

  it('has a name and an address of its own, and no update is lost', async () => {
    const body = { name: 'One', origin: 'https://one.example.com', scopes: CORS };
    const made = await hub.call('POST', PATH, body);
    const { id } = made.body as Any;
    for (const twin of [
      { ...body, name: 'Two' },
      { ...body, origin: 'https://two.example.com' },
    ])
      expect(await hub.call('POST', PATH, twin)).toMatchObject({ status: 400, body: { errorCode: 'E0000001' } });
    const match = { 'if-match': made.headers.get('etag')! };
    expect((await hub.call('PUT', `${PATH}/${id}`, { ...body, name: 'Uno' }, match)).status).toBe(200);
    expect((await hub.call('PUT', `${PATH}/${id}`, body, match)).status).toBe(412);
    const [created, updated] = await Promise.all([
      hub.events('security.trusted_origin.create'),
      hub.events('security.trusted_origin.update'),
    ]);
    const about = (events: typeof created) => events.filter(({ target }) => target[0]!.id === id).length;
    expect([about(created), about(updated)]).toEqual([1, 1]);
  });
});

describe.each([
  ['its cache', {}],
  ['no cache', { cacheMiddleware: null }],
])('the SDK with %s', (_name, options) => {
  it('creates, lists, replaces, switches and deletes', async () => {
    const client = new Client({ orgUrl: hub.url, token: hub.token, ...options } as Any);
    const api = client.trustedOriginApi;
    const scopes = [{ type: 'CORS' as const }, { type: 'REDIRECT' as const }];
    const made = await api.createTrustedOrigin({
      trustedOrigin: { name: 'Sdk', origin: 'https://sdk.example.com', scopes } as Any,
    });
    const trustedOriginId = made.id!;
    expect(made.status).toBe('ACTIVE');
    const names: string[] = [];
    for await (const each of await api.listTrustedOrigins({ limit: 2 })) names.push(each!.name!);
    expect(names).toContain('Sdk');
    expect(new Set(names).size).toBe(names.length);
    const replaced = await api.replaceTrustedOrigin({
      trustedOriginId,
      trustedOrigin: { name: 'Sdk renamed', origin: 'https://sdk.example.com', scopes } as Any,
    });
    expect(replaced.name).toBe('Sdk renamed');
    expect((await api.deactivateTrustedOrigin({ trustedOriginId })).status).toBe('INACTIVE');
    expect((await api.activateTrustedOrigin({ trustedOriginId })).status).toBe('ACTIVE');
    expect((await api.getTrustedOrigin({ trustedOriginId })).name).toBe('Sdk renamed');
    await api.deleteTrustedOrigin({ trustedOriginId });
    await expect(api.getTrustedOrigin({ trustedOriginId })).rejects.toMatchObject({ status: 404 });
  });
});
