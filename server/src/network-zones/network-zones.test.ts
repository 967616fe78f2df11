import { Client } from '@okta/okta-sdk-nodejs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from '../../test/support/app.ts';
import { inTransaction } from '../database/index.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;

const ZONES = '/api/v1/zones';
const ME = '198.51.100.7';
/** The administrator calls through a proxy that the hub trusts, so every request has the address that the test gives it. */
const from = (ip: string) => ({ 'x-forwarded-for': ip });

let hub: TestHub;
let count = 0;

beforeAll(async () => {
  hub = await startHub({ trustedProxies: ['127.0.0.1', '::1'] });
});
afterAll(() => hub.close());

const refusal = ({ status, body }: { status: number; body: unknown }) => [status, (body as Any).errorCode];
const cause = ({ body }: { body: unknown }) => (body as Any).errorCauses?.[0]?.errorSummary as string;
const zone = (value: string, more: object = {}) => ({
  type: 'IP',
  name: `Zone ${++count}`,
  gateways: [{ type: value.includes('-') ? 'RANGE' : 'CIDR', value }],
  ...more,
});
const make = (value: string, more: object = {}): Promise<Any> => hub.api('POST', ZONES, zone(value, more));
const lifecycle = (id: string, verb: string) => hub.call('POST', `${ZONES}/${id}/lifecycle/${verb}`);

describe('a network zone', () => {
  it('has room for as many addresses as a blocklist may have, written as long as they can be', async () => {
    const long = (n: number) => ({
      type: 'RANGE',
      value: `2001:db8:1111:2222:3333:4444:${n.toString(16)}:1-2001:db8:1111:2222:3333:4444:${n.toString(16)}:ffff`,
    });
    const gateways = Array.from({ length: 1000 }, (_, n) => long(n));
    const made = await hub.api<Any>('POST', ZONES, { type: 'IP', name: 'Long', usage: 'BLOCKLIST', gateways });
    expect(made.gateways).toHaveLength(1000);
    const tooLong = await hub.call('PUT', `${ZONES}/${made.id}`, { ...made, name: 'x'.repeat(600_000) });
    expect([tooLong.status, cause(tooLong)]).toEqual([413, 'body: The request is larger than 524288 bytes.']);
    await lifecycle(made.id, 'deactivate');
    await hub.api('DELETE', `${ZONES}/${made.id}`);
  });

  it('is answered whole, as clients read it', async () => {
    const body = {
      type: 'IP',
      name: 'Office',
      gateways: [
        { type: 'CIDR', value: '192.0.2.4/24' },
        { type: 'RANGE', value: '2001:db8::1-2001:db8::ff' },
      ],
      proxies: [{ type: 'CIDR', value: '203.0.113.1/32' }],
    };
    const made: Any = await hub.api('POST', ZONES, body);
    expect(made).toEqual({
      ...body,
      id: expect.stringMatching(/^nzo\w{17}$/),
      status: 'ACTIVE',
      usage: 'POLICY',
      system: false,
      created: expect.stringMatching(/\.\d{3}Z$/),
      lastUpdated: made.created,
      _links: {
        self: { href: `${hub.url}${ZONES}/${made.id}`, hints: { allow: ['GET', 'PUT', 'DELETE'] } },
        deactivate: { href: `${hub.url}${ZONES}/${made.id}/lifecycle/deactivate`, hints: { allow: ['POST'] } },
      },
    });
    expect(await hub.api('GET', `${ZONES}/${made.id}`)).toEqual(made);
  });

  it('has a name of its own, keeps its type, and no update is lost', async () => {
    const made = await hub.call('POST', ZONES, zone('192.0.2.0/24', { name: 'Twin' }));
    const { id } = made.body as Any;
    expect(cause(await hub.call('POST', ZONES, zone('192.0.2.0/24', { name: 'TWIN' })))).toContain('already exists');
    const other = zone('192.0.3.0/24', { name: 'Twin' });
    const match = { 'if-match': made.headers.get('etag')! };
    expect((await hub.call('PUT', `${ZONES}/${id}`, other, match)).status).toBe(200);
    expect((await hub.call('PUT', `${ZONES}/${id}`, other, match)).status).toBe(412);
    const dynamic = { type: 'DYNAMIC', name: 'Twin', asns: ['23457'] };
    expect(cause(await hub.call('PUT', `${ZONES}/${id}`, dynamic))).toContain('a zone stays IP');
  });

  it.each<[string, object, string]>([
    ['no type', { name: 'x' }, 'type'],
    ['another type', { type: 'VPN', name: 'x' }, 'IP, DYNAMIC, DYNAMIC_V2'],
    ['another usage', { ...zone('192.0.2.0/24'), usage: 'FUN' }, 'POLICY, BLOCKLIST'],
    ['no address', { type: 'IP', name: 'x' }, 'at least one address'],
    ['no network', zone('192.0.2.0/40'), '192.0.2.0/40'],
    ['a range the wrong way round', zone('192.0.2.9-192.0.2.1'), 'lower address first'],
    ['a host name', zone('example.com'), 'example.com'],
    [
      'proxies on a blocklist',
      zone('192.0.2.0/24', { usage: 'BLOCKLIST', proxies: [{ value: '192.0.2.1' }] }),
      'proxies',
    ],
    [
      'too many addresses',
      {
        type: 'IP',
        name: 'x',
        gateways: Array.from({ length: 151 }, (_, i) => ({ type: 'CIDR', value: `10.0.0.${i}` })),
      },
      'at most 150',
    ],
    ['a number that is no network', { type: 'DYNAMIC', name: 'x', asns: ['AS1'] }, 'asns'],
    ['a country in words', { type: 'DYNAMIC_V2', name: 'x', locations: { include: [{ country: 'us' }] } }, 'country'],
    ['another kind of proxy', { type: 'DYNAMIC', name: 'x', proxyType: 'Sock' }, 'NotTorAnonymizer'],
  ])('is not %s, and the field is named', async (_name, body, named) => {
    const answer = await hub.call('POST', ZONES, body);
    expect(refusal(answer)).toEqual([400, 'E0000001']);
    expect(JSON.stringify(answer.body)).toContain(named);
  });

  it('of a dynamic type is kept as it came, and contains nobody', async () => {
    const dynamic = {
      type: 'DYNAMIC',
      name: 'Somewhere',
      locations: [{ country: 'BE', region: null }],
      proxyType: 'Any',
      asns: ['23457'],
    };
    expect(await hub.api('POST', ZONES, dynamic)).toMatchObject(dynamic);
    const enhanced = {
      type: 'DYNAMIC_V2',
      name: 'Elsewhere',
      usage: 'BLOCKLIST',
      locations: { include: [{ country: 'US', region: 'US-CA' }], exclude: [] },
      asns: { include: [], exclude: ['23457'] },
      ipServiceCategories: { include: ['TOR_ANONYMIZER'], exclude: [] },
    };
    expect(await hub.api('POST', ZONES, enhanced)).toMatchObject(enhanced);
    expect((await hub.call('GET', ZONES, undefined, from(ME))).status).toBe(200);
  });

  it('is deleted only while inactive', async () => {
    const { id } = await make('192.0.2.0/24');
    expect(cause(await hub.call('DELETE', `${ZONES}/${id}`))).toContain('deactivate it');
    expect((await lifecycle(id, 'deactivate')).body).toMatchObject({ id, status: 'INACTIVE' });
    expect((await lifecycle(id, 'deactivate')).status).toBe(200);
    expect((await hub.call('DELETE', `${ZONES}/${id}`)).status).toBe(204);
    expect(refusal(await hub.call('GET', `${ZONES}/${id}`))).toEqual([404, 'E0000007']);
    const told = await Promise.all(['zone.create', 'zone.deactivate', 'zone.delete'].map(hub.events));
    expect(told.map((events) => events.some(({ target }) => target[0]!.id === id))).toEqual([true, true, true]);
  });
});

describe('the zones of an org', () => {
  const built = ['BlockedIpZone', 'DefaultEnhancedDynamicZone', 'LegacyIpZone'];

  it('begin with three that stay, whose addresses can be changed', async () => {
    const system: Any = await hub.api('GET', `${ZONES}?filter=${encodeURIComponent('system eq true')}`);
    expect(system.map(({ name }: Any) => name).sort()).toEqual(built);
    const blocked = system.find(({ name }: Any) => name === 'BlockedIpZone');
    expect(blocked).toMatchObject({ type: 'IP', usage: 'BLOCKLIST', status: 'ACTIVE', gateways: [] });
    const gateways = [{ type: 'CIDR', value: '203.0.113.99/32' }];
    expect(await hub.api('PUT', `${ZONES}/${blocked.id}`, { ...blocked, gateways })).toMatchObject({ gateways });
    for (const change of [{ name: 'Other' }, { usage: 'POLICY' }])
      expect(refusal(await hub.call('PUT', `${ZONES}/${blocked.id}`, { ...blocked, ...change }))).toEqual([
        400,
        'E0000001',
      ]);
    await lifecycle(blocked.id, 'deactivate');
    expect(cause(await hub.call('DELETE', `${ZONES}/${blocked.id}`))).toContain('built in');
  });

  it('are found by usage, id and name; another filter is refused', async () => {
    const { id, name } = await make('192.0.2.0/24');
    const find = (filter: string) => hub.call('GET', `${ZONES}?filter=${encodeURIComponent(filter)}`);
    expect(((await find(`id eq "${id}"`)).body as Any).map((found: Any) => found.name)).toEqual([name]);
    const usages = ((await find('usage eq "BLOCKLIST"')).body as Any).map(({ usage }: Any) => usage);
    expect(new Set(usages)).toEqual(new Set(['BLOCKLIST']));
    expect(((await find('usage eq "POLICY" and system eq true')).body as Any).map((found: Any) => found.name)).toEqual([
      'LegacyIpZone',
    ]);
    expect(refusal(await find('colour eq "red"'))).toEqual([400, 'E0000031']);
    expect((await hub.call('GET', `${ZONES}?limit=-1`)).status).toBe(200);
  });
});

describe('a blocklist', () => {
  it('refuses its addresses everything, and nobody else anything; each minute has one event of them', async () => {
    const { id } = await make('192.0.2.0/24', { usage: 'BLOCKLIST', name: 'Attackers' });
    const paths = ['/login/default', '/oauth2/v1/authorize?client_id=x', '/api/v1/users/me', '/admin/', '/'];
    for (const path of paths) {
      expect([path, (await hub.call('GET', path, undefined, from('192.0.2.200'))).status]).toEqual([path, 403]);
      expect([path, (await hub.call('GET', path, undefined, from('192.0.3.200'))).status]).not.toEqual([path, 403]);
    }
    expect((await hub.call('POST', '/oauth2/v1/token', {}, from('192.0.2.200'))).status).toBe(403);
    expect(refusal(await hub.call('GET', '/api/v1/users', undefined, from('::ffff:192.0.2.200')))).toEqual([
      403,
      'E0000006',
    ]);
    const page = await hub.call('GET', '/', undefined, { ...from('192.0.2.200'), accept: 'text/html' });
    expect([page.status, page.headers.get('content-type')]).toEqual([403, 'text/plain; charset=utf-8']);
    expect(page.body).toContain('192.0.2.200');
    expect(await hub.events('security.request.blocked')).toMatchObject([
      { outcome: { result: 'DENY', reason: expect.stringContaining('Attackers') } },
    ]);
    expect((await hub.call('GET', '/healthz', undefined, from('192.0.2.200'))).status).toBe(200);
    await lifecycle(id, 'deactivate');
    expect((await hub.call('GET', '/api/v1/users/me', undefined, from('192.0.2.200'))).status).toBe(200);
  });

  it('cannot shut out who saves it, in any of the three ways; and never this very computer', async () => {
    const calling = (method: string, path: string, body?: object) => hub.call(method, path, body, from(ME));
    const own = zone(`${ME}/32`, { usage: 'BLOCKLIST' });
    expect(cause(await calling('POST', ZONES, own))).toContain(ME);
    const { body: waiting } = await calling('POST', ZONES, { ...own, status: 'INACTIVE' });
    const at = `${ZONES}/${(waiting as Any).id}`;
    expect(refusal(await calling('POST', `${at}/lifecycle/activate`))).toEqual([400, 'E0000001']);
    expect(refusal(await calling('PUT', at, { ...own, status: 'ACTIVE' }))).toEqual([400, 'E0000001']);
    expect((await calling('GET', ZONES)).status).toBe(200);

    expect((await calling('POST', ZONES, zone('127.0.0.0/8', { usage: 'BLOCKLIST' }))).status).toBe(200);
    expect((await hub.call('GET', '/api/v1/users/me')).status).toBe(200);
  });
});

describe('a zone that a routing rule names', () => {
  let rules: string;
  const rule = (network: object) => ({
    name: `Rule ${++count}`,
    conditions: { network },
    actions: { idp: { providers: [{ type: 'OKTA' }] } },
  });

  beforeAll(async () => {
    const [policy]: Any = await hub.api('GET', '/api/v1/policies?type=IDP_DISCOVERY');
    rules = `/api/v1/policies/${policy.id}/rules`;
  });

  it('comes back as it was sent, and stays until the rule is gone', async () => {
    const { id } = await make('192.0.2.0/24', { name: 'Branch office' });
    for (const network of [
      { connection: 'ZONE', include: [id], exclude: [] },
      { connection: 'ZONE', include: ['ALL_ZONES'], exclude: [] },
      { connection: 'ZONE', include: [], exclude: [id] },
    ]) {
      const made: Any = await hub.api('POST', rules, rule(network));
      expect(made.conditions.network).toEqual(network);
      if (network.include[0] === 'ALL_ZONES') continue;
      const refused = [
        await lifecycle(id, 'deactivate'),
        await hub.call('PUT', `${ZONES}/${id}`, zone('192.0.2.0/24', { usage: 'BLOCKLIST' })),
      ];
      for (const answer of refused) expect(cause(answer)).toContain(`routing rule "${made.name}"`);
      await hub.api('DELETE', `${rules}/${made.id}`);
    }
    expect((await lifecycle(id, 'deactivate')).status).toBe(200);
    const late = await hub.call('POST', rules, rule({ connection: 'ZONE', include: [id] }));
    expect(cause(late)).toContain('"Branch office" is inactive');
  });

  it('is no blocklist, and stands on one side', async () => {
    const { id } = await make('192.0.2.0/24', { usage: 'BLOCKLIST' });
    const blocked = await hub.call('POST', rules, rule({ connection: 'ZONE', include: [id] }));
    expect(cause(blocked)).toContain('is a blocklist');
    const plain = (await make('192.0.2.0/24')).id;
    const both = rule({ connection: 'ZONE', include: [plain], exclude: [plain] });
    expect(cause(await hub.call('POST', rules, both))).toContain('in include and in exclude');
  });
});

describe.each([
  ['its cache', {}],
  ['no cache', { cacheMiddleware: null }],
])('the SDK with %s', (_name, options) => {
  it('creates, pages without a duplicate, replaces, switches and deletes', async () => {
    const client = new Client({ orgUrl: hub.url, token: hub.token, ...options } as Any);
    const api = client.networkZoneApi;
    const ip = await api.createNetworkZone({ zone: { ...zone('1.2.3.4/24'), name: `Sdk ${++count}` } as Any });
    const dynamic = await api.createNetworkZone({
      zone: {
        type: 'DYNAMIC',
        name: `Sdk ${++count}`,
        status: 'ACTIVE',
        proxyType: 'null',
        locations: [{ country: 'AX', region: 'AX-123' }],
      } as Any,
    });
    expect([ip.constructor.name, dynamic.constructor.name]).toEqual(['IPNetworkZone', 'DynamicNetworkZone']);
    const seen: string[] = [];
    for await (const each of await api.listNetworkZones({ limit: 3 })) seen.push(each!.id!);
    expect(seen.length).toBeGreaterThanOrEqual(5);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining([ip.id, dynamic.id]));
    const zoneId = ip.id!;
    const replaced: Any = await api.replaceNetworkZone({
      zoneId,
      zone: { ...zone('2.3.4.5-2.3.4.15'), name: ip.name } as Any,
    });
    expect(replaced.gateways).toMatchObject([{ type: 'RANGE', value: '2.3.4.5-2.3.4.15' }]);
    expect((await api.getNetworkZone({ zoneId })).name).toBe(ip.name);
    expect((await api.deactivateNetworkZone({ zoneId })).status).toBe('INACTIVE');
    expect((await api.activateNetworkZone({ zoneId })).status).toBe('ACTIVE');
    for (const each of [zoneId, dynamic.id!]) {
      await api.deactivateNetworkZone({ zoneId: each });
      await api.deleteNetworkZone({ zoneId: each });
      await expect(api.getNetworkZone({ zoneId: each })).rejects.toMatchObject({ status: 404 });
    }
  });
});

describe('the limit on zones', () => {
  it('holds for callers who come together', async () => {
    const other = await startHub();
    try {
      const [org] = (await other.database.query<{ id: string }>({ text: 'select id from orgs', values: [] })).rows;
      await other.database.query({
        text: `insert into network_zones (org_id, id, name, type, status, usage, definition, created, last_updated)
          select $1, 'nzoFiller' || n, 'Filler ' || n, 'IP', 'ACTIVE', 'POLICY', '{"gateways":[],"proxies":[]}', $2, $2 from generate_series(1, 99) as n`,
        values: [org!.id, other.clock.now()],
      });
      const waiting = async () => {
        const text = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
        return (await other.database.query({ text, values: [] })).rowCount;
      };
      let calls: Promise<{ status: number }[]> | undefined;
      // Both have counted, or wait to count, before the first of them can end.
      await inTransaction(other.database, async (tx) => {
        await tx.query({ text: 'select 1 from orgs where id = $1 for update', values: [org!.id] });
        calls = Promise.all(['192.0.2.1/32', '192.0.2.2/32'].map((value) => other.call('POST', ZONES, zone(value))));
        await expect.poll(waiting).toBe(2);
      });
      expect((await calls)!.map(({ status }) => status).sort()).toEqual([200, 400]);
    } finally {
      await other.close();
    }
  });
});
