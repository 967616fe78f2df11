/** The public Node.js management SDK and the Terraform provider's call sequences drive profile mappings, unchanged. */
import { Client } from '@okta/okta-sdk-nodejs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from './support/app.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;

const PROVIDER = {
  type: 'OIDC',
  name: 'Works',
  protocol: {
    type: 'OIDC',
    scopes: ['openid'],
    issuer: { url: 'https://id.example.com' },
    endpoints: {
      authorization: { url: 'https://id.example.com/authorize', binding: 'HTTP-REDIRECT' },
      token: { url: 'https://id.example.com/token', binding: 'HTTP-POST' },
      jwks: { url: 'https://id.example.com/keys', binding: 'HTTP-REDIRECT' },
    },
    credentials: { client: { client_id: 'client', client_secret: 'secret' } },
  },
  policy: {
    accountLink: { action: 'AUTO' },
    provisioning: { action: 'AUTO', profileMaster: true, groups: { action: 'NONE' } },
    subject: { matchType: 'USERNAME', userNameTemplate: { template: 'idpuser.email' } },
  },
};

let hub: TestHub;
let idpId: string;
let typeId: string;

beforeAll(async () => {
  hub = await startHub();
  idpId = (await hub.api<{ id: string }>('POST', '/api/v1/idps', PROVIDER)).id;
  typeId = (await hub.api<Any[]>('GET', '/api/v1/meta/types/user')).find((type) => type.default).id;
});
afterAll(() => hub.close());

describe.each([
  ['with its default cache', {}],
  ['without a cache', { cacheMiddleware: null }],
])('the management SDK %s', (_name, options) => {
  it('lists, reads and changes mappings, and a null removes a property', async () => {
    const client = new Client({ orgUrl: `${hub.url}/`, token: hub.token, ...options });
    const listed: Any[] = [];
    await (await client.profileMappingApi.listProfileMappings({ sourceId: idpId, targetId: typeId })).each(
      (mapping) => void listed.push(mapping),
    );
    expect(listed.map(({ source, target }) => [source.id, source.name, target.id])).toEqual([
      [idpId, 'oidc_idp', typeId],
    ]);
    const mappingId: string = listed[0].id;
    const before = await client.profileMappingApi.getProfileMapping({ mappingId });
    expect(before.properties?.login).toMatchObject({ expression: 'appuser.email', pushStatus: 'PUSH' });
    const change = (properties: Any) =>
      client.profileMappingApi.updateProfileMapping({ mappingId, profileMapping: { properties } });
    const changed = await change({ nickName: { expression: 'appuser.nick', pushStatus: 'DONT_PUSH' }, state: null });
    expect(changed.properties?.nickName).toMatchObject({ expression: 'appuser.nick', pushStatus: 'DONT_PUSH' });
    const read = await client.profileMappingApi.getProfileMapping({ mappingId });
    expect(read.properties).toEqual(changed.properties);
    expect(read.properties).not.toHaveProperty('state');
    await change({
      nickName: { expression: 'appuser.nickname', pushStatus: 'PUSH' },
      state: before.properties?.state ?? null,
    });
    expect((await client.profileMappingApi.getProfileMapping({ mappingId })).properties).toEqual(before.properties);
    await expect(change({ nickName: { expression: 'appuser.', pushStatus: 'PUSH' } })).rejects.toMatchObject({
      status: 400,
      errorCode: 'E0000001',
    });
  });
});

describe('the resource okta_profile_mapping', () => {
  /** What the provider calls on apply: find the pair, read it, set the mapping, apply it, read it again. */
  it('finds the pair, sets it, removes what is not in the plan, applies it to everybody and reads the same', async () => {
    const found = await hub.api<Any[]>('GET', `/api/v1/mappings?sourceId=${idpId}&targetId=${typeId}`);
    expect(found).toHaveLength(1);
    const path = `/api/v1/mappings/${found[0].id}`;
    const { properties } = await hub.api<Any>('GET', path);
    const planned = {
      login: { expression: 'appuser.email', pushStatus: 'PUSH' },
      email: { expression: 'appuser.email', pushStatus: 'PUSH' },
      firstName: { expression: 'String.toUpperCase(appuser.firstName)', pushStatus: 'DONT_PUSH' },
    };
    const gone = Object.fromEntries(Object.keys(properties).map((name) => [name, null]));
    const written = await hub.api<Any>('POST', path, { properties: { ...gone, ...planned } });
    expect(written.properties).toEqual(planned);
    const reapply = await hub.call('POST', `/api/internal/v1/mappings/reapply?source=${idpId}&target=${typeId}`);
    expect([reapply.status, reapply.body]).toEqual([200, '']);
    expect((await hub.call('POST', `/api/internal/v1/mappings/reapply?source=${idpId}&target=${typeId}`)).status).toBe(
      200,
    );
    expect((await hub.api<Any>('GET', path)).properties).toEqual(planned);
    const jobs = await hub.api<Any[]>('GET', `/api/gatehouse/v1/jobs?kind=mappings.reapply&subjectId=${found[0].id}`);
    expect(jobs.length).toBeGreaterThan(0);
    expect(jobs[0].title).toBe('Apply Works to everybody');
  });

  it('a provider that is no profile source has nothing to apply, and our own call says so', async () => {
    const provisioning = { action: 'AUTO', profileMaster: false, groups: { action: 'NONE' } };
    const idp = await hub.api<Any>('POST', '/api/v1/idps', {
      ...PROVIDER,
      name: 'Elsewhere',
      policy: { ...PROVIDER.policy, provisioning },
    });
    const [mapping] = await hub.api<Any[]>('GET', `/api/v1/mappings?sourceId=${idp.id}`);
    expect((await hub.call('POST', `/api/internal/v1/mappings/reapply?source=${idp.id}&target=${typeId}`)).status).toBe(
      200,
    );
    expect(await hub.call('POST', `/api/gatehouse/v1/mappings/${mapping.id}/apply`)).toMatchObject({
      status: 400,
      body: { errorCode: 'E0000001' },
    });
  });
});

describe('whatever is set', () => {
  it('is read as it was written, and null takes it away', async () => {
    const [mapping] = await hub.api<Any[]>('GET', `/api/v1/mappings?sourceId=${idpId}`);
    const path = `/api/v1/mappings/${mapping.id}`;
    const expression = fc.oneof(
      fc.constantFrom(
        'appuser.email',
        'source.userName',
        'appuser.a ?: appuser.b',
        'user.city == null ? "x" : user.city',
      ),
      fc.string({ maxLength: 20 }).map((text) => `"${text.replaceAll(/["\\]/g, '')}"`),
    );
    const property = fc.record({ expression, pushStatus: fc.constantFrom('PUSH', 'DONT_PUSH') });
    const target = fc.constantFrom('city', 'state', 'title', 'department', 'nickName');
    await fc.assert(
      fc.asyncProperty(fc.dictionary(target, fc.option(property), { maxKeys: 5 }), async (properties) => {
        const before = (await hub.api<Any>('GET', path)).properties;
        const answer = await hub.api<Any>('POST', path, { properties });
        const merged = Object.entries({ ...before, ...properties }).filter(([, value]) => value !== null);
        expect(answer.properties).toEqual(Object.fromEntries(merged));
        expect((await hub.api<Any>('GET', path)).properties).toEqual(answer.properties);
      }),
      { numRuns: 40 },
    );
  });
});
