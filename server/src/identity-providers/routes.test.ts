import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { fixedClock } from '../../test/support/oidc-connector.ts';
import { createEgress, createServer, type Principal } from '../http/index.ts';
import { createConfiguration } from '../orgs/index.ts';
import { silentLogger } from '../shared/log.ts';
import { createSecretBox } from '../shared/secret-box.ts';
import {
  type CreatedProvider,
  createIdentityProviders,
  type IdentityProviders,
  identityProviderRoutes,
} from './index.ts';

const ORG = { id: '00o1', baseUrl: 'https://hub.example.com' };
const SECRET = 'a client secret that nobody may find at rest';
const ADMINISTRATOR: Principal = {
  kind: 'api-token',
  userId: '00u1',
  login: 'admin@example.com',
  displayName: 'Admin',
  roles: ['SUPER_ADMIN'],
  credentialId: '00T1',
};

const clock = fixedClock();
let test: TestDatabase;
let server: FastifyInstance;
let providers: IdentityProviders;
let principal: Principal | null;
const groups = new Set(['00g1']);
const created: CreatedProvider[] = [];
const removed: string[] = [];

beforeAll(async () => {
  test = await createTestDatabase();
  const { database } = test;
  await database.query({
    text: `insert into orgs (id, company_name, subdomain, base_url, created, last_updated) values ($1, 'Test', 'test', $2, $3, $3)`,
    values: [ORG.id, ORG.baseUrl, clock.now()],
  });
  providers = createIdentityProviders({
    database,
    configuration: createConfiguration(database),
    clock,
    secretBox: createSecretBox(randomBytes(32)),
    egress: createEgress({ allow: ['idp.internal:8080'] }),
    orgName: async () => 'Test',
    clientKeys: async () => Promise.reject(new Error('no client key is used here')),
    directory: {
      userAttribute: async (_orgId, name) =>
        name === 'idme_uuid' ? { type: 'string' } : name === 'tags' ? { type: 'array' } : null,
      unknownGroups: async (_orgId, ids) => ids.filter((id) => !groups.has(id)),
    },
    onCreated: async (_tx, provider) => {
      created.push(provider);
    },
    onRemoved: async (_tx, { id }) => {
      removed.push(id);
    },
  });
  server = createServer({
    log: silentLogger,
    https: true,
    trustedProxies: [],
    orgOf: async () => ORG,
    authenticate: async () => principal,
    ready: async () => true,
  });
  await server.register(identityProviderRoutes({ identityProviders: providers }));
});
beforeEach(async () => {
  principal = ADMINISTRATOR;
  clock.advance(1000);
  await test.database.query({ text: 'delete from identity_providers', values: [] });
  await test.database.query({ text: 'delete from system_log', values: [] });
});
afterAll(async () => {
  await server.close();
  await test.drop();
});

type Tree = { [name: string]: unknown };

/** Sets values by their paths; undefined removes. */
function bodyWith(changes: Record<string, unknown> = {}): Tree {
  const body: Tree = {
    type: 'OIDC',
    name: 'ID.me IdP - OIDC',
    issuerMode: 'ORG_URL',
    status: 'ACTIVE',
    protocol: {
      type: 'OIDC',
      scopes: ['openid'],
      issuer: { url: 'https://id.example.com' },
      endpoints: {
        authorization: { url: 'https://idp.example.com/authorize', binding: 'HTTP-REDIRECT' },
        token: { url: 'https://idp.example.com/token', binding: 'HTTP-POST' },
        userInfo: { url: 'https://idp.example.com/userinfo', binding: 'HTTP-REDIRECT' },
        jwks: { url: 'https://idp.example.com/keys', binding: 'HTTP-REDIRECT' },
        acs: { binding: 'HTTP-POST', type: 'INSTANCE' },
      },
      algorithms: {
        request: { signature: { algorithm: 'HS256', scope: 'REQUEST' } },
        response: { signature: { algorithm: 'SHA-256', scope: 'ANY' } },
      },
      credentials: { client: { client_id: 'efg456', client_secret: SECRET, pkce_required: null } },
      settings: { honorPersistentNameId: false },
    },
    policy: {
      accountLink: { action: 'AUTO' },
      maxClockSkew: 0,
      trustClaims: true,
      provisioning: {
        action: 'AUTO',
        profileMaster: false,
        groups: { action: 'NONE' },
        conditions: { deprovisioned: { action: 'NONE' }, suspended: { action: 'NONE' } },
      },
      subject: { filter: 'abc', matchType: 'USERNAME', userNameTemplate: { template: 'idpuser.email' } },
    },
  };
  for (const [path, value] of Object.entries(changes)) set(body, path, value);
  return body;
}

function set(tree: Tree, path: string, value: unknown): void {
  const names = path.split('.');
  const last = names.pop()!;
  let at = tree;
  for (const name of names) {
    at[name] ??= {};
    at = at[name] as Tree;
  }
  at[last] = value;
}

async function call(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  url: string,
  body?: unknown,
  headers: Record<string, string> = {},
) {
  const response = await server.inject({
    method,
    url,
    headers,
    ...(body !== undefined && { payload: body as object }),
  });
  return {
    status: response.statusCode,
    headers: response.headers,
    body: response.body === '' ? null : response.json(),
  };
}
const create = async (changes: Record<string, unknown> = {}) => {
  const { status, body } = await call('POST', '/api/v1/idps', bodyWith(changes));
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body;
};
const causesOf = async (changes: Record<string, unknown>) => {
  const { status, body } = await call('POST', '/api/v1/idps', bodyWith(changes));
  return status === 400
    ? body.errorCauses.map(({ errorSummary }: { errorSummary: string }) => errorSummary)
    : [`status ${status}`];
};
const events = async () => {
  const { rows } = await test.database.query<{ event_type: string; actor_id: string; target_ids: string[] }>({
    text: 'select event_type, actor_id, target_ids from system_log order by published, id',
    values: [],
  });
  return rows;
};

describe('POST /api/v1/idps', () => {
  it("answers the contract's whole tree", async () => {
    const { status, headers, body } = await call('POST', '/api/v1/idps', bodyWith());
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(headers.etag).toBe('W/"1"');
    expect(body.id).toMatch(/^0oa[A-Za-z0-9]{17}$/);
    expect(body).toMatchObject({
      issuerMode: 'ORG_URL',
      name: 'ID.me IdP - OIDC',
      status: 'ACTIVE',
      created: clock.now().toISOString(),
      lastUpdated: clock.now().toISOString(),
      protocol: {
        type: 'OIDC',
        algorithms: { request: { signature: { algorithm: 'HS256', scope: 'REQUEST' } } },
        settings: { nameFormat: null },
        scopes: ['openid'],
        issuer: { url: 'https://id.example.com' },
      },
      policy: {
        provisioning: {
          action: 'AUTO',
          profileMaster: false,
          groups: { action: 'NONE' },
          conditions: { deprovisioned: { action: 'NONE' }, suspended: { action: 'NONE' } },
        },
        accountLink: { filter: null, action: 'AUTO' },
        subject: {
          userNameTemplate: { template: 'idpuser.email' },
          filter: 'abc',
          matchType: 'USERNAME',
          matchAttribute: null,
        },
        maxClockSkew: 0,
        trustClaims: true,
        transformedUsernameMatchingEnabled: false,
        trustEmail: 'PROVIDER',
        trustedDomains: [],
        transactionLifetime: 900_000,
      },
      type: 'OIDC',
    });
    expect(body.protocol.credentials).toEqual({ client: { client_id: 'efg456', client_secret: SECRET } });
    expect(Object.keys(body.protocol.endpoints)).toEqual(['authorization', 'token', 'userInfo', 'jwks']);
    expect(body._links).toEqual({
      authorize: {
        href: `${ORG.baseUrl}/oauth2/v1/authorize?idp=${body.id}&client_id={clientId}&response_type={responseType}&response_mode={responseMode}&scope={scopes}&redirect_uri={redirectUri}&state={state}&nonce={nonce}`,
        templated: true,
        hints: { allow: ['GET'] },
      },
      clientRedirectUri: { href: `${ORG.baseUrl}/oauth2/v1/authorize/callback`, hints: { allow: ['POST'] } },
    });
  });

  it('makes what belongs to the provider and records one event, in the same transaction', async () => {
    const { id } = await create({ 'policy.provisioning.profileMaster': true });
    expect(created.at(-1)).toMatchObject({
      orgId: ORG.id,
      id,
      type: 'OIDC',
      name: 'ID.me IdP - OIDC',
      profileMaster: true,
    });
    expect(await events()).toEqual([{ event_type: 'system.idp.lifecycle.create', actor_id: '00u1', target_ids: [id] }]);
  });

  it('seals the client secret: the table does not hold it', async () => {
    await create();
    const { rows } = await test.database.query<{ row: string }>({
      text: 'select identity_providers::text as row from identity_providers',
      values: [],
    });
    expect(rows[0]!.row).not.toContain(SECRET);
    expect(JSON.stringify(await test.database.query({ text: 'select * from system_log', values: [] }))).not.toContain(
      SECRET,
    );
  });

  it('fills in every default for the least body', async () => {
    const { status, body } = await call('POST', '/api/v1/idps', {
      type: 'OIDC',
      name: 'Least',
      protocol: {
        scopes: ['openid'],
        issuer: { url: 'https://id.example.com' },
        endpoints: {
          authorization: { url: 'https://a.example.com' },
          token: { url: 'https://t.example.com' },
          jwks: { url: 'https://k.example.com' },
        },
        credentials: { client: { client_id: 'a', client_secret: 'b' } },
      },
    });
    expect(status).toBe(200);
    expect(body.policy.subject).toEqual({
      userNameTemplate: { template: 'idpuser.email' },
      filter: null,
      matchType: 'USERNAME',
      matchAttribute: null,
    });
    expect(body.policy.accountLink).toEqual({ filter: null, action: 'AUTO' });
    expect(body.protocol.endpoints.token.binding).toBe('HTTP-POST');
    expect(body.protocol.algorithms).toEqual({ request: { signature: { algorithm: 'HS256', scope: 'NONE' } } });
  });

  it('stores the address of logout and the application context, and answers them', async () => {
    const slo = { url: 'https://idp.example.com/logout', binding: 'HTTP-REDIRECT' };
    const body = await create({ 'protocol.endpoints.slo': slo, 'protocol.settings.sendApplicationContext': true });
    expect(body.protocol.endpoints.slo).toEqual(slo);
    expect(body.protocol.settings).toMatchObject({ participateSlo: false, sendApplicationContext: true });
    const { body: read } = await call('GET', `/api/v1/idps/${body.id}`);
    expect(read.protocol).toEqual(body.protocol);
    const { connector } = (await providers.byId(ORG.id, body.id))!;
    const application = { id: '0oaShop', name: 'Shop' };
    const { outgoing } = await connector.begin({ baseUrl: ORG.baseUrl, state: 'state', now: clock.now(), application });
    expect(outgoing).toMatchObject({ url: expect.stringContaining('&OktaAppInstanceId=0oaShop&OktaAppName=Shop') });
  });

  it('answers the settings of a provider that was stored before it had them', async () => {
    const { id } = await create();
    await test.database.query({
      text: `update identity_providers set config = config #- '{protocol,settings,participateSlo}' #- '{protocol,settings,sendApplicationContext}'`,
      values: [],
    });
    const { body } = await call('GET', `/api/v1/idps/${id}`);
    expect(body.protocol.settings).toMatchObject({ participateSlo: false, sendApplicationContext: false });
  });

  it('refuses a name that is taken, whatever its case', async () => {
    await create();
    const { status, body } = await call('POST', '/api/v1/idps', bodyWith({ name: 'id.ME idp - oidc' }));
    expect([status, body.errorCode, body.errorSummary]).toEqual([400, 'E0000001', 'Api validation failed: name']);
    expect(body.errorCauses).toEqual([
      { errorSummary: 'name: An object with this field already exists in the current organization' },
    ]);
  });

  it('lets one of two callers have a name', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => call('POST', '/api/v1/idps', bodyWith())));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
  });

  const faults: [changes: Record<string, unknown>, cause: string][] = [
    [{ type: 'LINKEDIN' }, 'type: "LINKEDIN" is not available: the type can be "OIDC" or "SAML2"'],
    [{ type: 'SAML2' }, 'protocol.type: must be "SAML2", as the type'],
    [{ type: 'GOOGLE' }, 'type: "GOOGLE" is not available'],
    [{ type: undefined }, 'type: is required'],
    [{ 'protocol.type': 'OAUTH2' }, 'protocol.type: must be "OIDC"'],
    [{ name: undefined }, 'name: is required'],
    [{ name: 'x'.repeat(101) }, 'name: must not be longer than 100 characters'],
    [{ name: 'a\u0000b' }, 'name: must not contain control characters'],
    [{ name: 7 }, 'name: must be a text'],
    [{ status: 'DELETED' }, 'status: must be one of ACTIVE, INACTIVE'],
    [{ issuerMode: 'X' }, 'issuerMode: must be one of ORG_URL, CUSTOM_URL, DYNAMIC'],
    [{ preset: 'nobody' }, 'preset: must be one of idme-oidc, generic-oidc'],
    [{ 'protocol.scopes': undefined }, 'protocol.scopes: is required'],
    [{ 'protocol.scopes': ['email'] }, 'protocol.scopes: must contain "openid"'],
    [{ 'protocol.scopes': ['openid email'] }, 'protocol.scopes: "openid email" is not one scope'],
    [{ 'protocol.scopes': 'openid' }, 'protocol.scopes: must be a list of texts'],
    [{ 'protocol.issuer.url': undefined }, 'protocol.issuer.url: is required'],
    [{ 'protocol.issuer.url': 'id.example.com' }, 'protocol.issuer.url: must be an https URL'],
    [
      { 'protocol.issuer.url': 'http://id.example.com' },
      'protocol.issuer.url: id.example.com is addressed with plain http',
    ],
    [
      { 'protocol.endpoints.authorization.url': 'javascript:alert(1)' },
      'protocol.endpoints.authorization.url: must be an https URL',
    ],
    [
      { 'protocol.endpoints.authorization.url': 'https://a.example.com/#x' },
      'authorization.url: must not have a fragment',
    ],
    [{ 'protocol.endpoints.token.url': undefined }, 'protocol.endpoints.token.url: is required'],
    [
      { 'protocol.endpoints.token.url': 'http://idp.example.com/token' },
      'token.url: idp.example.com is addressed with plain http',
    ],
    [
      { 'protocol.endpoints.token.url': 'https://127.1/token' },
      'token.url: 127.0.0.1 has the address 127.0.0.1, which is not a public one',
    ],
    [{ 'protocol.endpoints.token.url': 'https://user:x@idp.example.com/' }, 'token.url: must not contain a user name'],
    [{ 'protocol.endpoints.jwks.url': 'https://[::1]/keys' }, 'jwks.url: [::1] has the address'],
    [{ 'protocol.endpoints.jwks.url': undefined }, 'protocol.endpoints.jwks.url: is required'],
    [{ 'protocol.endpoints.userInfo.url': 'https://idp.example.com:22/' }, 'userInfo.url: Port 22'],
    [{ 'protocol.endpoints.token.binding': 'SOAP' }, 'protocol.endpoints.token.binding: must be one of'],
    [{ 'protocol.algorithms.request.signature.algorithm': 'none' }, 'algorithm: must be one of HS256'],
    [{ 'protocol.credentials.client.client_id': '' }, 'protocol.credentials.client.client_id: is required'],
    [{ 'protocol.credentials.client.client_secret': undefined }, 'client_secret: is required unless'],
    [{ 'protocol.credentials.client.pkce_required': 'yes' }, 'pkce_required: must be true, false or null'],
    [{ 'protocol.credentials.client.token_endpoint_auth_method': 'tls' }, 'token_endpoint_auth_method: must be one of'],
    [{ 'protocol.settings.participateSlo': true }, 'participateSlo: only SAML 2.0 providers take part in logout'],
    [{ 'protocol.settings.sendApplicationContext': 'yes' }, 'sendApplicationContext: must be true or false'],
    [{ 'protocol.endpoints.slo.url': 'javascript:alert(1)' }, 'protocol.endpoints.slo.url: must be an https URL'],
    [
      { 'policy.transformedUsernameMatchingEnabled': true },
      'transformedUsernameMatchingEnabled: only false is supported',
    ],
    [{ 'protocol.settings.responseMode': 'fragment' }, 'responseMode: must be one of query, form_post'],
    [{ 'protocol.settings.idTokenAlgorithms': ['none'] }, '"none" is not among RS256'],
    [{ 'protocol.settings.idTokenAlgorithms': [] }, 'must name at least one algorithm'],
    [
      { 'policy.maxClockSkew': 180_001 },
      'policy.maxClockSkew: must be a whole number of milliseconds from 0 to 180000',
    ],
    [{ 'policy.maxClockSkew': -1 }, 'policy.maxClockSkew: must be a whole number'],
    [{ 'policy.subject.userNameTemplate.template': 'short' }, 'template: must have 9 to 1024 characters'],
    [{ 'policy.subject.userNameTemplate.template': 'idpuser.email +' }, 'policy.subject.userNameTemplate.template: '],
    [{ 'policy.subject.userNameTemplate.template': 'nobody.email' }, 'policy.subject.userNameTemplate.template: '],
    [{ 'policy.subject.filter': '(' }, 'policy.subject.filter: cannot be used as a regular expression'],
    [{ 'policy.subject.filter': '(?=x)y' }, 'look-around'],
    [{ 'policy.subject.matchType': 'PHONE' }, 'policy.subject.matchType: must be one of'],
    [{ 'policy.subject.matchType': 'CUSTOM_ATTRIBUTE' }, 'policy.subject.matchAttribute: is required'],
    [
      { 'policy.subject.matchType': 'CUSTOM_ATTRIBUTE', 'policy.subject.matchAttribute': 'nobody' },
      'the user profile has no attribute "nobody"',
    ],
    [
      { 'policy.subject.matchType': 'CUSTOM_ATTRIBUTE', 'policy.subject.matchAttribute': 'tags' },
      '"tags" must be a string',
    ],
    [{ 'policy.accountLink.action': 'CALLOUT' }, 'policy.accountLink.action: must be one of AUTO, DISABLED'],
    [{ 'policy.accountLink.filter': 'x' }, 'policy.accountLink.filter: must be null or an object'],
    [{ 'policy.accountLink.filter': { groups: { include: ['00g9'] } } }, 'there is no group "00g9"'],
    [{ 'policy.provisioning.action': 'CALLOUT' }, 'policy.provisioning.action: must be one of'],
    [{ 'policy.provisioning.groups': { action: 'ASSIGN' } }, 'groups.assignments: is required'],
    [{ 'policy.provisioning.groups': { action: 'ASSIGN', assignments: ['00g9'] } }, 'there is no group "00g9"'],
    [{ 'policy.provisioning.groups': { action: 'SYNC' } }, 'groups.sourceAttributeName: is required'],
    [{ 'policy.trustEmail': 'DOMAINS' }, 'policy.trustedDomains: is required'],
    [{ 'policy.trustedDomains': ['*.example.com'] }, '"*.example.com" is not a domain name'],
    [
      { 'policy.transactionLifetime': 1 },
      'policy.transactionLifetime: must be a whole number of milliseconds from 60000',
    ],
  ];
  it.each(faults)('refuses %j', async (changes, cause) => {
    expect((await causesOf(changes)).join('\n')).toContain(cause);
    expect(await events()).toEqual([]);
  });

  it('names every fault at once, and the first one in the summary', async () => {
    const { body } = await call(
      'POST',
      '/api/v1/idps',
      bodyWith({ name: '', 'protocol.scopes': [], 'policy.maxClockSkew': 1e9 }),
    );
    expect(body.errorSummary).toBe('Api validation failed: name');
    expect(body.errorCauses).toHaveLength(3);
  });

  it('accepts what is unusual and right', async () => {
    const unusual: Record<string, unknown>[] = [
      { 'protocol.endpoints.token.url': 'http://idp.internal:8080/token' },
      {
        'protocol.credentials.client.client_secret': undefined,
        'protocol.credentials.client.token_endpoint_auth_method': 'private_key_jwt',
      },
      {
        'protocol.credentials.client.client_secret': undefined,
        'protocol.credentials.client.token_endpoint_auth_method': 'none',
      },
      { 'protocol.endpoints.userInfo': undefined },
      { 'protocol.endpoints.userInfo': null },
      { 'protocol.endpoints.jwks': undefined, 'protocol.settings.idTokenAlgorithms': ['HS256'] },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: as an administrator may write it
      { 'policy.subject.userNameTemplate.template': '${idpuser.email}' },
      { 'policy.subject.filter': '(\\S+@example\\.com)' },
      { 'policy.subject.matchType': 'CUSTOM_ATTRIBUTE', 'policy.subject.matchAttribute': 'idme_uuid' },
      {
        'policy.accountLink.filter': {
          groups: { include: ['00g1'] },
          users: { exclude: ['00u9'], excludeAdmins: false },
        },
      },
      { 'policy.provisioning.groups': { action: 'ASSIGN', assignments: ['00g1'] } },
      { 'policy.provisioning.groups': { action: 'SYNC', sourceAttributeName: 'Groups', filter: ['00g1'] } },
      { 'policy.maxClockSkew': 180_000 },
      { 'policy.trustEmail': 'DOMAINS', 'policy.trustedDomains': ['Example.com'] },
      { status: 'INACTIVE', id: '0oaother', created: null, _links: {} },
    ];
    for (const [index, changes] of unusual.entries()) {
      expect(await causesOf({ ...changes, name: `Provider ${index}` })).toEqual(['status 200']);
    }
  });

  it('is not for others', async () => {
    principal = null;
    expect((await call('POST', '/api/v1/idps', bodyWith())).status).toBe(401);
    principal = { ...ADMINISTRATOR, roles: [] };
    for (const [method, url] of [
      ['GET', '/api/v1/idps'],
      ['GET', '/api/v1/idps/0oa1'],
      ['DELETE', '/api/v1/idps/0oa1'],
      ['GET', '/api/gatehouse/v1/identity-provider-presets'],
    ] as const) {
      expect((await call(method, url)).body.errorCode).toBe('E0000006');
    }
  });
});

describe('GET /api/v1/idps/{id}', () => {
  it('returns the secret and records that it was read', async () => {
    const { id } = await create();
    clock.advance(1000);
    const { status, body } = await call('GET', `/api/v1/idps/${id}`);
    expect([status, body.protocol.credentials.client.client_secret]).toEqual([200, SECRET]);
    expect((await events()).map((event) => event.event_type)).toEqual([
      'system.idp.lifecycle.create',
      'system.idp.lifecycle.read_client_secret',
    ]);
  });

  it('knows nothing of an id that is not one', async () => {
    for (const id of ['0oanobody', '__proto__', '%27%20or%201']) {
      const { status, body } = await call('GET', `/api/v1/idps/${id}`);
      expect([status, body.errorCode]).toEqual([404, 'E0000007']);
    }
  });
});

describe('GET /api/v1/idps', () => {
  const names = async (query: string) =>
    (await call('GET', `/api/v1/idps${query}`)).body.map(({ name }: { name: string }) => name);

  it('lists in pages, without secrets', async () => {
    for (const name of ['One', 'Two', 'Three']) await create({ name });
    const seen: string[] = [];
    let url: string | undefined = '/api/v1/idps?limit=2';
    for (let page = 0; url !== undefined && page < 5; page++) {
      const { body, headers } = await call('GET', url);
      expect(JSON.stringify(body)).not.toContain(SECRET);
      seen.push(...body.map(({ name }: { name: string }) => name));
      const next = ([headers.link].flat() as string[]).find((link) => link.includes('rel="next"'));
      url = next?.slice(next.indexOf('/api'), next.indexOf('>'));
    }
    expect(seen.sort()).toEqual(['One', 'Three', 'Two']);
  });

  it('finds by the beginning of the name, the exact name first', async () => {
    for (const name of ['Acme West', 'Acme', 'Other', 'Acme East']) await create({ name });
    expect((await names('?q=acme'))[0]).toBe('Acme');
    expect(await names('?q=acme')).toHaveLength(3);
    expect(await names('?q=acme&limit=1')).toEqual(['Acme']);
    expect(await names('?q=acme&limit=1&after=0')).not.toContain('Acme');
    expect(await names('?q=nobody')).toEqual([]);
    expect(await names('?q=%25')).toEqual([]);
    expect(await names('?type=OIDC')).toHaveLength(4);
    expect(await names('?type=SAML2')).toEqual([]);
  });

  it('refuses a limit or cursor that is none', async () => {
    expect((await call('GET', '/api/v1/idps?limit=many')).status).toBe(400);
    expect((await call('GET', "/api/v1/idps?after='")).status).toBe(400);
  });
});

describe('PUT /api/v1/idps/{id}', () => {
  it('replaces, and answers what was asked for', async () => {
    const before = await create();
    clock.advance(1000);
    const { status, body, headers } = await call(
      'PUT',
      `/api/v1/idps/${before.id}`,
      bodyWith({ name: 'New', 'protocol.endpoints.userInfo': undefined, 'policy.provisioning.action': 'DISABLED' }),
    );
    expect([status, headers.etag, body.name, body.policy.provisioning.action]).toEqual([
      200,
      'W/"2"',
      'New',
      'DISABLED',
    ]);
    expect(body.protocol.endpoints).not.toHaveProperty('userInfo');
    expect([body.created, body.lastUpdated]).toEqual([before.created, clock.now().toISOString()]);
    expect((await events()).map((event) => event.event_type)).toEqual([
      'system.idp.lifecycle.create',
      'system.idp.lifecycle.update',
    ]);
  });

  it('keeps our own fields and the secret where the body does not have them', async () => {
    const own = {
      displayName: 'ID.me',
      preset: 'idme-oidc',
      'protocol.settings': {
        parseUserInfo: 'quoted_jwt',
        perIdpRedirectUri: true,
        requireIssParameter: true,
        responseMode: 'form_post',
        idTokenAlgorithms: ['ES256'],
      },
      'policy.trustEmail': 'DOMAINS',
      'policy.trustedDomains': ['example.com'],
      'policy.transactionLifetime': 3_600_000,
    };
    const before = await create(own);
    expect(before._links.clientRedirectUri.href).toBe(`${ORG.baseUrl}/oauth2/v1/authorize/callback/${before.id}`);
    await call(
      'PUT',
      `/api/v1/idps/${before.id}`,
      bodyWith({ 'protocol.credentials.client.client_secret': undefined }),
    );
    const { body } = await call('GET', `/api/v1/idps/${before.id}`);
    expect({ ...body, lastUpdated: '' }).toEqual({ ...before, lastUpdated: '' });
    const { body: cleared } = await call(
      'PUT',
      `/api/v1/idps/${before.id}`,
      bodyWith({ displayName: '', 'policy.trustEmail': 'PROVIDER', 'policy.trustedDomains': [] }),
    );
    expect([cleared.displayName, cleared.policy.trustEmail, cleared.policy.trustedDomains]).toEqual([
      null,
      'PROVIDER',
      [],
    ]);
  });

  it('may be given back what it gave', async () => {
    const { id } = await create();
    const { body: read } = await call('GET', `/api/v1/idps/${id}`);
    const { status, body } = await call('PUT', `/api/v1/idps/${id}`, read);
    expect([status, { ...body, lastUpdated: '' }]).toEqual([200, { ...read, lastUpdated: '' }]);
  });

  it.each([
    ['policy.provisioning.groups', (ids: string[]) => ({ action: 'ASSIGN', assignments: ids })],
    ['policy.provisioning.groups', (ids: string[]) => ({ action: 'SYNC', sourceAttributeName: 'groups', filter: ids })],
    ['policy.accountLink.filter', (ids: string[]) => ({ groups: { include: ids } })],
  ])('keeps a group that was deleted since where it stood, and takes no other: %s', async (field, naming) => {
    groups.add('00g2');
    const { id } = await create({ [field]: naming(['00g1', '00g2']) });
    groups.delete('00g2');
    const { body: read } = await call('GET', `/api/v1/idps/${id}`);
    const put = (ids: string[]) => {
      const changed = structuredClone(read);
      set(changed, field, naming(ids));
      return call('PUT', `/api/v1/idps/${id}`, changed);
    };
    expect((await put(['00g2', '00g1'])).status).toBe(200);
    expect((await put(['00g2', '00g3'])).body.errorCauses).toHaveLength(1);
    expect((await put(['00g1'])).status).toBe(200);
    expect((await put(['00g1', '00g2'])).status).toBe(400);
    expect((await call('POST', '/api/v1/idps', bodyWith({ [field]: naming(['00g2']) }))).status).toBe(400);
  });

  it('does not change the status, nor overwrite what somebody else changed', async () => {
    const { id } = await create();
    const first = await call('PUT', `/api/v1/idps/${id}`, bodyWith({ status: 'INACTIVE' }), { 'if-match': 'W/"1"' });
    expect([first.status, first.body.status]).toEqual([200, 'ACTIVE']);
    expect((await call('PUT', `/api/v1/idps/${id}`, bodyWith(), { 'if-match': 'W/"1"' })).status).toBe(412);
  });

  it('takes no name of another, and no id of nobody', async () => {
    await create({ name: 'Taken' });
    const { id } = await create({ name: 'Mine' });
    expect((await call('PUT', `/api/v1/idps/${id}`, bodyWith({ name: 'taken' }))).status).toBe(400);
    expect((await call('PUT', `/api/v1/idps/${id}`, bodyWith({ name: 'MINE' }))).status).toBe(200);
    expect((await call('PUT', '/api/v1/idps/0oanobody', bodyWith())).status).toBe(404);
  });
});

describe('the life of a provider', () => {
  it('is deactivated and activated, once recorded each', async () => {
    const { id } = await create();
    for (const [verb, status] of [
      ['deactivate', 'INACTIVE'],
      ['deactivate', 'INACTIVE'],
      ['activate', 'ACTIVE'],
    ] as const) {
      clock.advance(1000);
      const response = await call('POST', `/api/v1/idps/${id}/lifecycle/${verb}`);
      expect([response.status, response.body.status]).toEqual([200, status]);
      expect((await providers.byId(ORG.id, id))?.status).toBe(status);
    }
    expect((await events()).map((event) => event.event_type)).toEqual([
      'system.idp.lifecycle.create',
      'system.idp.lifecycle.deactivate',
      'system.idp.lifecycle.activate',
    ]);
  });

  it('ends by DELETE, also while active, with what belongs to it', async () => {
    const { id } = await create();
    clock.advance(1000);
    expect((await call('DELETE', `/api/v1/idps/${id}`)).status).toBe(204);
    expect(removed).toContain(id);
    expect((await call('GET', `/api/v1/idps/${id}`)).status).toBe(404);
    expect((await call('DELETE', `/api/v1/idps/${id}`)).status).toBe(404);
    expect(await providers.byId(ORG.id, id)).toBeNull();
    expect((await events()).at(-1)?.event_type).toBe('system.idp.lifecycle.delete');
  });
});

describe('the compiled provider', () => {
  it('is current after every change, and has a connector', async () => {
    const { id } = await create({ displayName: 'ID.me', 'policy.maxClockSkew': 120_000 });
    const provider = await providers.byId(ORG.id, id);
    expect(provider).toMatchObject({
      id,
      type: 'OIDC',
      displayName: 'ID.me',
      status: 'ACTIVE',
      issuer: 'https://id.example.com',
      transactionLifetimeMs: 900_000,
    });
    expect(provider?.policy).toMatchObject({
      maxClockSkewSeconds: 120,
      accountLink: { action: 'AUTO', includeGroups: null, excludeAdmins: true },
    });
    const begun = await provider!.connector.begin({ baseUrl: ORG.baseUrl, state: 's', now: clock.now() });
    expect(begun.outgoing).toMatchObject({ kind: 'redirect', url: expect.stringContaining('client_id=efg456') });
    await call(
      'PUT',
      `/api/v1/idps/${id}`,
      bodyWith({ 'policy.accountLink.filter': { users: { exclude: [], excludeAdmins: false } } }),
    );
    const changed = await providers.byId(ORG.id, id);
    expect(changed?.policy).toMatchObject({ maxClockSkewSeconds: 60, accountLink: { excludeAdmins: false } });
    expect(await providers.list(ORG.id)).toHaveLength(1);
  });

  it('filters by the whole user name', async () => {
    const { id } = await create({ 'policy.subject.filter': '(\\S+@example\\.com)' });
    const filter = (await providers.byId(ORG.id, id))!.policy.subject.filter!;
    expect([filter('ada@example.com'), filter('ada@example.com.attacker.org'), filter('x ada@example.com')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('presets and lint', () => {
  it('offer ID.me with its fields filled in, which can be created as they stand', async () => {
    const { body: presets } = await call('GET', '/api/gatehouse/v1/identity-provider-presets');
    expect(presets.map(({ id }: { id: string }) => id)).toEqual([
      'idme-oidc',
      'idme-saml',
      'generic-oidc',
      'generic-saml',
    ]);
    const [sandbox, production] = presets[0].environments;
    expect(sandbox.body.protocol.issuer.url).toBe('https://api.idmelabs.com/oidc');
    expect(production.body.protocol.endpoints.jwks.url).toBe('https://api.id.me/oidc/.well-known/jwks');
    const filled = structuredClone(sandbox.body);
    filled.protocol.scopes.push('nist_aal2_ial2');
    filled.protocol.credentials.client = { client_id: 'a', client_secret: 'b' };
    const { status, body } = await call('POST', '/api/v1/idps', filled);
    expect([status, body.displayName, body.policy.transactionLifetime, body.policy.trustEmail]).toEqual([
      200,
      'ID.me',
      3_600_000,
      'PROVIDER',
    ]);
    expect(body.protocol.endpoints).not.toHaveProperty('userInfo');
    const { body: linted } = await call('POST', '/api/gatehouse/v1/identity-providers/lint', body);
    expect(linted.findings.filter(({ severity }: { severity: string }) => severity === 'error')).toEqual([]);
  });

  it.each([
    ['idme_userinfo_set', { 'protocol.endpoints.userInfo.url': 'https://api.idmelabs.com/api/public/v3/userinfo' }],
    ['idme_standard_scopes', { 'protocol.scopes': ['openid', 'email', 'teacher'] }],
    ['idme_policy_handle_missing', { 'protocol.scopes': ['openid'] }],
    ['idme_policy_handles_several', { 'protocol.scopes': ['openid', 'teacher', 'military'] }],
    ['idme_environments_mixed', { 'protocol.issuer.url': 'https://api.id.me/oidc' }],
    ['idme_issuer_path', { 'protocol.issuer.url': 'https://api.idmelabs.com' }],
    ['idme_transaction_short', { 'policy.transactionLifetime': 900_000 }],
    ['email_trusted_despite_claim', { 'policy.trustEmail': 'PROVIDER_DESPITE_CLAIM' }],
    ['administrators_may_be_linked', { 'policy.accountLink.filter': { users: { excludeAdmins: false } } }],
    ['pkce_off', { 'protocol.credentials.client.pkce_required': false }],
    ['symmetric_id_token', { 'protocol.settings.idTokenAlgorithms': ['HS256'] }],
    ['logout_address_unused', { 'protocol.endpoints.slo': { url: 'https://a.example.com/logout' } }],
    ['request_signature_unused', { 'protocol.algorithms.request.signature.scope': 'REQUEST' }],
  ])('find %s, and not in the right configuration', async (code, changes) => {
    const { body: presets } = await call('GET', '/api/gatehouse/v1/identity-provider-presets');
    const right = presets[0].environments[0].body;
    right.protocol.scopes = ['openid', 'teacher'];
    const lintOf = async (body: unknown) =>
      (await call('POST', '/api/gatehouse/v1/identity-providers/lint', body)).body.findings.map(
        (finding: { code: string }) => finding.code,
      );
    expect(await lintOf(right)).not.toContain(code);
    const wrong = structuredClone(right);
    for (const [path, value] of Object.entries(changes)) {
      set(wrong, path, value);
    }
    expect(await lintOf(wrong)).toContain(code);
  });

  it('bear whatever they are given', async () => {
    for (const body of [{}, { protocol: 7 }, { policy: { trustEmail: [] }, protocol: { scopes: [1, null] } }, []]) {
      expect((await call('POST', '/api/gatehouse/v1/identity-providers/lint', body)).status).toBe(200);
    }
  });
});
