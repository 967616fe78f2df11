import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from '../../test/support/app.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;

let hub: TestHub;
let idp: string;
let path: string;

beforeAll(async () => {
  hub = await startHub();
  const endpoint = (name: string, binding: string) => ({ url: `https://idp.example.com/${name}`, binding });
  const created: Any = await hub.api('POST', '/api/v1/idps', {
    type: 'OIDC',
    name: 'Example IdP',
    protocol: {
      type: 'OIDC',
      scopes: ['openid'],
      issuer: { url: 'https://idp.example.com' },
      endpoints: {
        authorization: endpoint('authorize', 'HTTP-REDIRECT'),
        token: endpoint('token', 'HTTP-POST'),
        jwks: endpoint('keys', 'HTTP-REDIRECT'),
      },
      credentials: { client: { client_id: 'us', client_secret: 'a client secret' } },
    },
    policy: {
      accountLink: { action: 'AUTO' },
      provisioning: { action: 'AUTO', profileMaster: true, groups: { action: 'NONE' } },
      subject: { userNameTemplate: { template: 'idpuser.email' }, matchType: 'USERNAME' },
    },
  });
  idp = created.id;
  const [mapping]: Any = await hub.api('GET', `/api/v1/mappings?limit=200&sourceId=${idp}`);
  path = `/api/v1/mappings/${mapping.id}`;
});
afterAll(() => hub.close());

const change = (properties: object) => hub.call('POST', path, { properties });
const refused = async (properties: object) => {
  const answer = await change(properties);
  expect(answer).toMatchObject({ status: 400, body: { errorCode: 'E0000001' } });
  return JSON.stringify((answer.body as Any).errorCauses);
};

describe('the mapping of an identity provider', () => {
  it('exists from the start, in the shape of the contract', async () => {
    const [listed]: Any = await hub.api('GET', `/api/v1/mappings?sourceId=${idp}`);
    expect(listed).not.toHaveProperty('properties');
    const mapping: Any = await hub.api('GET', path);
    const userType = mapping.target.id;
    expect(mapping).toMatchObject({
      id: expect.stringMatching(/^prm/),
      source: {
        id: idp,
        name: 'oidc_idp',
        type: 'appuser',
        _links: {
          self: { href: `${hub.url}/api/v1/apps/${idp}` },
          schema: { href: `${hub.url}/api/v1/meta/schemas/apps/${idp}/default` },
        },
      },
      target: {
        id: expect.stringMatching(/^oty/),
        name: 'user',
        type: 'user',
        _links: { self: { href: `${hub.url}/api/v1/meta/types/user/${userType}` } },
      },
      properties: {
        login: { expression: 'appuser.email', pushStatus: 'PUSH' },
        nickName: { expression: 'appuser.nickname', pushStatus: 'PUSH' },
      },
      _links: { self: { href: hub.url + path } },
    });
    expect((await hub.call('GET', mapping.target._links.schema.href.slice(hub.url.length))).status).toBe(200);
    expect(Object.keys(mapping.properties)).toHaveLength(15);
  });

  it('takes changes one by one; null and an empty expression remove', async () => {
    await hub.api('POST', path, {
      properties: {
        mobilePhone: { expression: 'appuser.phone', pushStatus: 'PUSH' },
        displayName: null,
        nickName: { expression: '' },
      },
    });
    const { properties }: Any = await hub.api('GET', path);
    expect(properties.mobilePhone).toEqual({ expression: 'appuser.phone', pushStatus: 'PUSH' });
    expect(properties).not.toHaveProperty('displayName');
    expect(properties).not.toHaveProperty('nickName');
    expect(properties.email).toEqual({ expression: 'appuser.email', pushStatus: 'PUSH' });
    const event = (await hub.events('directory.mapping.update')).at(-1);
    expect(event?.debugContext.debugData).toMatchObject({ properties: 'mobilePhone, displayName, nickName' });
    expect(event?.target[0]?.displayName).toBe('Example IdP to Gatehouse User');
  });

  it('refuses what could not work, with the place of the mistake', async () => {
    expect(await refused({ city: { expression: 'appuser.city +', pushStatus: 'PUSH' } })).toContain('line 1, column');
    expect(await refused({ nowhere: { expression: 'appuser.city', pushStatus: 'PUSH' } })).toContain(
      'no such attribute',
    );
    expect(await refused({ city: { expression: 'String.nothing(appuser.city)', pushStatus: 'PUSH' } })).toContain(
      'String.nothing',
    );
    expect((await change({ city: { expression: 'appuser.city', pushStatus: 'SOMETIMES' } })).status).toBe(400);
  });

  it.each(['id', 'status', 'roles', 'groups', 'credentials'])('cannot write %s (L5)', async (target) => {
    expect(await refused({ [target]: { expression: 'appuser.x', pushStatus: 'PUSH' } })).toContain(
      'no mapping may write',
    );
  });

  it('cannot be given a target with a name of the language (H5)', async () => {
    const answer = await fetch(hub.url + path, {
      method: 'POST',
      headers: { authorization: `SSWS ${hub.token}`, 'content-type': 'application/json' },
      body: '{"properties":{"__proto__":{"expression":"appuser.email","pushStatus":"PUSH"}}}',
    });
    expect(answer.status).toBe(400);
  });

  it('refuses a lost update', async () => {
    const { headers } = await hub.call('GET', path);
    const body = { properties: { city: { expression: 'appuser.city', pushStatus: 'PUSH' } } };
    const ifMatch = { 'if-match': headers.get('etag')! };
    expect((await hub.call('POST', path, body, ifMatch)).status).toBe(200);
    expect((await hub.call('POST', path, body, ifMatch)).status).toBe(412);
  });

  it('keeps an attribute from being removed while it is used', async () => {
    const custom = (idme_uuid: object | null) => ({
      definitions: { custom: { id: '#custom', type: 'object', properties: { idme_uuid } } },
    });
    const schema = '/api/v1/meta/schemas/user/default';
    await hub.api('POST', schema, custom({ title: 'ID.me uuid', type: 'string' }));
    await hub.api('POST', path, { properties: { idme_uuid: { expression: 'appuser.uuid', pushStatus: 'PUSH' } } });
    expect(JSON.stringify((await hub.call('POST', schema, custom(null))).body)).toContain(
      'the mapping from the identity provider',
    );
    await hub.api('POST', path, { properties: { idme_uuid: null } });
    expect((await hub.call('POST', schema, custom(null))).status).toBe(200);
  });

  it('accepts the wish to be applied, and an unknown one is not found', async () => {
    expect(await hub.call('POST', `/api/internal/v1/mappings/reapply?source=${idp}&target=x`)).toMatchObject({
      status: 200,
      body: '',
    });
    expect((await hub.call('GET', '/api/v1/mappings/prmNONE')).status).toBe(404);
  });

  it('goes with its provider', async () => {
    await hub.call('DELETE', `/api/v1/idps/${idp}`);
    expect((await hub.call('GET', path)).status).toBe(404);
  });
});
