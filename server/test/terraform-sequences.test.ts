/**
 * The calls that Terraform's provider makes for each resource (contract §19), replayed as it makes them: every field written out, a POST
 * followed by reads that must tell the same, a deactivation before a deletion, and a 404 that means "gone".
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from './support/app.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;

let hub: TestHub;
let count = 0;

beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

const AGENT = { accept: 'application/json', 'user-agent': 'okta-terraform/4.20.0' };

/** One call; the statuses that the provider accepts are 200, 201 and 204, and 404 when it looks whether something is gone. */
async function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: Any }> {
  const { status, body: answer, headers } = await hub.call(method, path, body, AGENT);
  if (answer !== '') expect(headers.get('content-type'), `${method} ${path}`).toMatch(/^application\/json/);
  return { status, body: answer };
}
async function ok(method: string, path: string, body?: unknown): Promise<Any> {
  const answer = await call(method, path, body);
  expect([200, 201, 204], `${method} ${path}: ${JSON.stringify(answer.body)}`).toContain(answer.status);
  return answer.body;
}
const gone = async (path: string) => {
  const { status, body } = await call('GET', path);
  expect([status, body.errorCode]).toEqual([404, 'E0000007']);
};

const provider = (name: string) => ({
  name,
  type: 'OIDC',
  issuerMode: 'ORG_URL',
  status: 'ACTIVE',
  policy: {
    accountLink: { action: 'AUTO', filter: { groups: { include: [] } } },
    maxClockSkew: 0,
    provisioning: {
      action: 'AUTO',
      conditions: { deprovisioned: { action: 'NONE' }, suspended: { action: 'NONE' } },
      groups: { action: 'NONE', assignments: [], filter: [], sourceAttributeName: '' },
      profileMaster: true,
    },
    subject: { matchType: 'USERNAME', matchAttribute: '', filter: '', userNameTemplate: { template: 'idpuser.email' } },
  },
  protocol: {
    type: 'OIDC',
    algorithms: { request: { signature: { algorithm: 'HS256', scope: 'REQUEST' } }, response: { signature: {} } },
    endpoints: {
      acs: { binding: 'HTTP-POST', type: 'INSTANCE' },
      authorization: { binding: 'HTTP-REDIRECT', url: 'https://idp.example.com/authorize' },
      jwks: { binding: 'HTTP-REDIRECT', url: 'https://idp.example.com/keys' },
      token: { binding: 'HTTP-POST', url: 'https://idp.example.com/token' },
      userInfo: {},
    },
    scopes: ['openid'],
    credentials: { client: { client_id: 'efg456', client_secret: 'very secret', pkce_required: false } },
    issuer: { url: 'https://id.example.com' },
  },
});

const application = (label: string) => ({
  name: 'oidc_client',
  label,
  signOnMode: 'OPENID_CONNECT',
  profile: {},
  accessibility: { selfService: false, errorRedirectUrl: '', loginRedirectUrl: '' },
  credentials: {
    oauthClient: {
      autoKeyRotation: true,
      client_id: '',
      token_endpoint_auth_method: 'client_secret_basic',
      pkce_required: true,
    },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the expression language writes its templates so
    userNameTemplate: { template: '${source.login}', type: 'BUILT_IN', pushStatus: '', suffix: '' },
  },
  settings: {
    app: {},
    implicitAssignment: false,
    notes: { admin: '', enduser: '' },
    oauthClient: {
      application_type: 'web',
      client_uri: '',
      consent_method: 'TRUSTED',
      grant_types: ['authorization_code', 'refresh_token'],
      idp_initiated_login: { default_scope: [], mode: 'DISABLED' },
      initiate_login_uri: 'https://app.example.com/login',
      issuer_mode: 'ORG_URL',
      jwks: { keys: [] },
      logo_uri: '',
      post_logout_redirect_uris: ['https://app.example.com/bye'],
      redirect_uris: ['https://app.example.com/callback'],
      response_types: ['code'],
      wildcard_redirect: 'DISABLED',
    },
  },
  visibility: { autoLaunch: false, autoSubmitToolbar: false, hide: { iOS: true, web: true } },
});

const newProvider = (): Promise<Any> => ok('POST', '/api/v1/idps', provider(`Provider ${++count}`));
const newApplication = (): Promise<Any> =>
  ok('POST', '/api/v1/apps?activate=true', application(`Application ${++count}`));
const newGroup = (): Promise<Any> =>
  ok('POST', '/api/v1/groups', { profile: { name: `Group ${++count}`, description: '' } });
const newUser = (): Promise<Any> => {
  const login = `person${++count}@example.com`;
  const profile = { login, email: login, firstName: 'P', lastName: 'Q' };
  return ok('POST', '/api/v1/users?activate=true', { profile });
};

it('the provider starts: it asks twice who it is, and what kind of org this is', async () => {
  const me = await ok('GET', '/api/v1/users/me');
  expect(await ok('GET', '/api/v1/users/me')).toEqual(me);
  expect(me).toMatchObject({
    id: expect.stringMatching(/^00u/),
    status: 'ACTIVE',
    profile: { login: expect.anything() },
  });
  expect(await ok('GET', '/.well-known/okta-organization')).toMatchObject({ id: expect.anything(), pipeline: 'v1' });
});

describe('okta_idp_oidc', () => {
  /** What a read dereferences without asking whether it is there. */
  const dereferenced = (idp: Any) => [
    idp.protocol.endpoints.authorization.url,
    idp.protocol.endpoints.token.binding,
    idp.protocol.endpoints.jwks.url,
    idp.protocol.algorithms.request.signature.scope,
    idp.protocol.credentials.client.client_id,
    idp.protocol.issuer.url,
    idp.policy.accountLink.action,
    idp.policy.provisioning.groups.action,
    idp.policy.provisioning.conditions.suspended.action,
    idp.policy.provisioning.conditions.deprovisioned.action,
    idp.policy.subject.userNameTemplate.template,
    idp.policy.subject.matchType,
    idp.policy.maxClockSkew,
  ];

  it('is created, read with its user type, changed, switched off and destroyed', async () => {
    const sent = provider('Terraform OIDC');
    const created = await ok('POST', '/api/v1/idps', sent);
    const path = `/api/v1/idps/${created.id}`;
    const read = await ok('GET', path);
    expect(read).toEqual(created);
    expect(dereferenced(read)).not.toContain(undefined);
    expect(read.protocol.credentials.client).toEqual(sent.protocol.credentials.client);
    expect(read.protocol.endpoints).not.toHaveProperty('userInfo');

    const [mapping] = await ok('GET', `/api/v1/mappings?limit=200&sourceId=${created.id}`);
    const { target } = await ok('GET', `/api/v1/mappings/${mapping.id}`);
    expect((await ok('GET', '/api/v1/meta/types/user')).map(({ id }: Any) => id)).toContain(target.id);

    const endpoints = {
      ...sent.protocol.endpoints,
      userInfo: { binding: 'HTTP-REDIRECT', url: 'https://idp.example.com/u' },
    };
    const changed = {
      ...sent,
      name: 'Renamed',
      protocol: { ...sent.protocol, endpoints, scopes: ['openid', 'email'] },
    };
    const replaced = await ok('PUT', path, changed);
    expect(replaced).toMatchObject({ id: created.id, name: 'Renamed', created: created.created });
    expect(await ok('GET', path)).toEqual(replaced);

    expect(await ok('POST', `${path}/lifecycle/deactivate`)).toMatchObject({ status: 'INACTIVE' });
    expect(await ok('GET', path)).toMatchObject({ status: 'INACTIVE' });
    await ok('DELETE', path);
    await gone(path);
  });

  it('is created inactive, and destroyed while active', async () => {
    const inactive = await ok('POST', '/api/v1/idps', { ...provider('Inactive'), status: 'INACTIVE' });
    expect(inactive.status).toBe('INACTIVE');
    await ok('POST', `/api/v1/idps/${inactive.id}/lifecycle/activate`);
    await ok('DELETE', `/api/v1/idps/${inactive.id}`);
    await gone(`/api/v1/idps/${inactive.id}`);
  });

  it('is found by the data source', async () => {
    const { id, name } = await newProvider();
    await newProvider();
    const query = new URLSearchParams({ limit: '1', q: name, type: 'OIDC' });
    expect((await ok('GET', `/api/v1/idps?${query}`)).map((idp: Any) => idp.id)).toEqual([id]);
  });
});

describe('okta_policy_rule_idp_discovery', () => {
  const rule = (name: string, providerId: string, appId?: string) => ({
    type: 'IDP_DISCOVERY',
    name,
    priority: 1,
    status: 'ACTIVE',
    system: false,
    conditions: {
      network: { connection: 'ANYWHERE', include: null, exclude: null },
      userIdentifier: { attribute: '', type: '', patterns: [] },
      app: { include: appId === undefined ? [] : [{ id: appId, name: '', type: 'APP' }], exclude: [] },
      platform: { include: [{ type: 'ANY', os: { type: 'ANY', expression: '' } }], exclude: null },
    },
    actions: { idp: { providers: [{ type: 'OIDC', id: providerId, name: '' }], idpSelectionType: 'SPECIFIC' } },
  });

  it('is created under the one policy, read, changed, switched off and destroyed', async () => {
    const policies = await ok('GET', '/api/v1/policies?type=IDP_DISCOVERY');
    expect(policies).toHaveLength(1);
    const rules = `/api/v1/policies/${policies[0].id}/rules`;
    const [{ id: idpId }, { id: appId }] = [await newProvider(), await newApplication()];

    const created = await ok('POST', rules, rule('Terraform', idpId));
    const path = `${rules}/${created.id}`;
    expect(await ok('GET', path)).toEqual(created);
    expect(created).toMatchObject({
      priority: 1,
      status: 'ACTIVE',
      conditions: { app: { include: [], exclude: [] }, userIdentifier: { patterns: [] } },
      actions: { idp: { providers: [{ type: 'OIDC', id: idpId }], idpSelectionType: 'SPECIFIC' } },
    });

    const replaced = await ok('PUT', path, rule('Terraform, changed', idpId, appId));
    expect(replaced.conditions.app.include).toEqual([{ type: 'APP', id: appId }]);
    expect(await ok('GET', path)).toEqual(replaced);

    await ok('POST', `${path}/lifecycle/deactivate`);
    expect(await ok('GET', path)).toMatchObject({ status: 'INACTIVE' });
    await ok('POST', `${path}/lifecycle/activate`);
    expect(await ok('GET', path)).toMatchObject({ status: 'ACTIVE' });
    await ok('DELETE', path);
    await gone(path);
  });
});

describe('okta_event_hook and okta_event_hook_verification', () => {
  const hook = (uri: string, events: string[], secret: string) => ({
    name: 'Terraform hook',
    events: { type: 'EVENT_TYPE', items: events },
    channel: {
      type: 'HTTP',
      version: '1.0.0',
      config: {
        uri,
        headers: [{ key: 'x-test-header', value: 'test stuff' }],
        authScheme: { type: 'HEADER', key: 'Authorization', value: secret },
      },
    },
  });

  it('is created, verified, changed, switched off and destroyed; the secret never comes back', async () => {
    const receiver = createServer((request, response) => {
      const verification = request.headers['x-okta-verification-challenge'];
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ verification }));
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const { port } = receiver.address() as AddressInfo;
    const uri = `http://127.0.0.1:${port}/hook`;
    try {
      const events = ['user.lifecycle.create', 'user.lifecycle.delete.initiated'];
      const created = await ok('POST', '/api/v1/eventHooks', hook(uri, events, 'a hook secret'));
      const path = `/api/v1/eventHooks/${created.id}`;
      expect(await ok('GET', path)).toEqual(created);
      expect(created).toMatchObject({ status: 'ACTIVE', verificationStatus: 'UNVERIFIED', events: { items: events } });
      expect(JSON.stringify(created)).not.toContain('a hook secret');

      expect(await ok('POST', `${path}/lifecycle/verify`)).toMatchObject({ verificationStatus: 'VERIFIED' });
      expect(await ok('GET', path)).toMatchObject({ verificationStatus: 'VERIFIED' });

      const changed = await ok('PUT', path, hook(uri, events.slice(1), 'another hook secret'));
      expect(changed).toMatchObject({ verificationStatus: 'VERIFIED', events: { items: events.slice(1) } });
      expect(await ok('GET', path)).toEqual(changed);

      await ok('POST', `${path}/lifecycle/deactivate`);
      expect(await ok('GET', path)).toMatchObject({ status: 'INACTIVE' });
      await ok('DELETE', path);
      await gone(path);
    } finally {
      receiver.close();
    }
  });
});

describe('okta_network_zone', () => {
  const zone = (gateways: Any[], more: object = {}) => ({
    type: 'IP',
    name: 'Terraform zone',
    usage: 'POLICY',
    status: 'ACTIVE',
    gateways,
    proxies: [{ type: 'CIDR', value: '2.2.3.4/24' }],
    ...more,
  });

  it('is created, read, changed, switched off and destroyed, for both kinds of zones', async () => {
    const gateways = [
      { type: 'CIDR', value: '1.2.3.4/24' },
      { type: 'RANGE', value: '2.3.4.5-2.3.4.15' },
    ];
    const created = await ok('POST', '/api/v1/zones', zone(gateways));
    const path = `/api/v1/zones/${created.id}`;
    expect(await ok('GET', path)).toEqual(created);
    expect(created).toMatchObject(zone(gateways));
    const replaced = await ok('PUT', path, zone(gateways.slice(1), { name: 'Terraform zone, changed', proxies: null }));
    expect(replaced).toMatchObject({ gateways: gateways.slice(1), proxies: [] });
    expect(await ok('GET', path)).toEqual(replaced);

    const dynamic = {
      type: 'DYNAMIC',
      usage: 'POLICY',
      status: 'ACTIVE',
      proxyType: 'NotTorAnonymizer',
      asns: ['2232'],
    };
    const locations = [
      { country: 'US', region: null },
      { country: 'AF', region: 'AF-BGL' },
    ];
    const second = await ok('POST', '/api/v1/zones', { ...dynamic, name: 'Terraform, dynamic', locations });
    expect(await ok('GET', `/api/v1/zones/${second.id}`)).toMatchObject({ ...dynamic, locations });
    for (const each of [path, `/api/v1/zones/${second.id}`]) {
      await ok('POST', `${each}/lifecycle/deactivate`);
      await ok('DELETE', each);
      await gone(each);
    }
  });
});

describe('okta_user_schema_property', () => {
  const SCHEMA = '/api/v1/meta/schemas/user/default';
  const write = (properties: Record<string, unknown>) =>
    ok('POST', SCHEMA, { definitions: { custom: { id: '#custom', type: 'object', properties } } });
  const common = {
    description: '',
    mutability: 'READ_WRITE',
    scope: 'NONE',
    permissions: [{ principal: 'SELF', action: 'READ_ONLY' }],
    master: { type: 'PROFILE_MASTER' },
  };

  it.each<[string, Record<string, unknown>]>([
    ['idme_uuid', { title: 'ID.me UUID', type: 'string', minLength: 1, maxLength: 64, unique: 'UNIQUE_VALIDATED' }],
    ['byndidRegistered', { title: 'Registered', type: 'boolean', master: { type: 'OKTA' } }],
    [
      'level',
      {
        title: 'Level',
        type: 'string',
        enum: ['a', 'b'],
        oneOf: [
          { const: 'a', title: 'A' },
          { const: 'b', title: 'B' },
        ],
      },
    ],
    [
      'subgroups',
      { title: 'Groups', type: 'array', items: { type: 'string', enum: ['x'], oneOf: [{ const: 'x', title: 'X' }] } },
    ],
    ['age', { title: 'Age', type: 'integer' }],
  ])('%s reads back as it was written, and goes with null', async (name, definition) => {
    const before = await ok('GET', SCHEMA);
    const answer = await write({ [name]: { ...common, ...definition } });
    const { description: _none, ...sent } = { ...common, ...definition } as Record<string, unknown>;
    expect(answer.definitions.custom.properties[name]).toEqual(sent);
    expect(await ok('GET', SCHEMA)).toEqual(answer);

    await write({ [name]: { ...common, ...definition, title: 'Changed' } });
    expect((await ok('GET', SCHEMA)).definitions.custom.properties[name].title).toBe('Changed');
    await write({ [name]: null });
    const after = await ok('GET', SCHEMA);
    expect(after.definitions.custom).toEqual(before.definitions.custom);
  });
});

describe('okta_user_type, and okta_user_schema_property with its user_type', () => {
  it('are created, read, changed and destroyed; the schema is found through the type', async () => {
    const body = { name: 'terraformed', displayName: 'Terraformed', description: 'By Terraform' };
    const created = await ok('POST', '/api/v1/meta/types/user', body);
    const path = `/api/v1/meta/types/user/${created.id}`;
    expect(created).toMatchObject(body);
    expect(await ok('GET', path)).toEqual(created);
    const changed = await ok('POST', path, { ...body, displayName: 'Changed' });
    expect(await ok('GET', path)).toEqual(changed);
    const replaced = await ok('PUT', path, body);
    expect(await ok('GET', path)).toEqual(replaced);
    const listed: Any[] = await ok('GET', '/api/v1/meta/types/user');
    const schemaId = listed
      .find(({ id }) => id === created.id)
      ._links.schema.href.split('/')
      .at(-1);
    const schema = `/api/v1/meta/schemas/user/${schemaId}`;
    const write = (badge: unknown) =>
      ok('POST', schema, { definitions: { custom: { id: '#custom', type: 'object', properties: { badge } } } });
    const badge = {
      title: 'Badge',
      type: 'string',
      mutability: 'READ_WRITE',
      scope: 'NONE',
      permissions: [{ principal: 'SELF', action: 'READ_ONLY' }],
      master: { type: 'OVERRIDE', priority: [{ type: 'APP', value: '0oaSource' }, { type: 'OKTA' }] },
    };
    const answer = await write(badge);
    expect(answer.definitions.custom.properties).toEqual({ badge });
    expect(await ok('GET', schema)).toEqual(answer);
    const usual = await ok('GET', '/api/v1/meta/schemas/user/default');
    expect(usual.definitions.custom.properties.badge).toBeUndefined();
    await write(null);
    expect((await ok('GET', schema)).definitions.custom.properties).toEqual({});
    await ok('DELETE', path);
    await gone(path);
    await gone(schema);
  });
});

describe('okta_user_base_schema_property', () => {
  it('reads back as it was written', async () => {
    const path = '/api/v1/meta/schemas/user/default';
    const before = await ok('GET', path);
    const write = (firstName: object) =>
      ok('POST', path, { definitions: { base: { id: '#base', type: 'object', properties: { firstName } } } });
    const firstName = {
      title: 'First name',
      type: 'string',
      required: false,
      permissions: [{ principal: 'SELF', action: 'READ_ONLY' }],
      master: { type: 'OKTA' },
    };
    const { required: _omitted, ...expected } = firstName;
    const answer = await write(firstName);
    expect(answer.definitions.base.properties.firstName).toEqual({
      ...before.definitions.base.properties.firstName,
      ...expected,
      required: undefined,
    });
    expect(await ok('GET', path)).toEqual(answer);
    await write(before.definitions.base.properties.firstName);
    expect((await ok('GET', path)).definitions).toEqual(before.definitions);
  });
});

describe.each(['okta_group_schema_property', 'okta_app_user_schema_property'])('%s', (resource) => {
  it('reads back as it was written, and goes with null', async () => {
    const app = resource === 'okta_app_user_schema_property';
    const path = `/api/v1/meta/schemas/${app ? `apps/${(await newApplication()).id}` : 'group'}/default`;
    const before = await ok('GET', path);
    const definition = {
      title: 'Cost center',
      type: 'string',
      mutability: 'READ_WRITE',
      scope: 'NONE',
      ...(app ? { externalName: 'cost_center', union: 'DISABLE' } : {}),
      permissions: [{ principal: 'SELF', action: 'READ_ONLY' }],
      master: { type: 'PROFILE_MASTER' },
    };
    const write = (cost: unknown) =>
      ok('POST', path, { definitions: { custom: { id: '#custom', type: 'object', properties: { cost } } } });
    const answer = await write({ ...definition, description: '' });
    expect(answer.definitions.custom.properties.cost).toEqual(definition);
    expect(await ok('GET', path)).toEqual(answer);
    await write(null);
    expect((await ok('GET', path)).definitions).toEqual(before.definitions);
  });
});

describe('okta_group and okta_group_memberships', () => {
  it('are created, read, changed and destroyed', async () => {
    const created = await newGroup();
    const path = `/api/v1/groups/${created.id}`;
    expect(await ok('GET', path)).toEqual(created);
    const replaced = await ok('PUT', path, { profile: { name: 'Renamed by Terraform', description: 'People' } });
    expect(await ok('GET', path)).toEqual(replaced);

    const people = [await newUser(), await newUser()].map(({ id }) => id as string);
    for (const id of [...people, people[0]]) expect((await call('PUT', `${path}/users/${id}`)).status).toBe(204);
    const members = async () => (await ok('GET', `${path}/users?limit=200`)).map(({ id }: Any) => id);
    expect(await members()).toEqual([...people].sort());
    for (const id of people) expect((await call('DELETE', `${path}/users/${id}`)).status).toBe(204);
    expect(await members()).toEqual([]);

    const query = new URLSearchParams({ q: 'Renamed by Terraform' });
    expect((await ok('GET', `/api/v1/groups?${query}`)).map(({ id }: Any) => id)).toEqual([created.id]);
    await ok('DELETE', path);
    await gone(path);
  });
});

describe('okta_group_rule', () => {
  const ruleOf = (name: string, groupIds: string[], more: { value?: string; exclude?: string[] } = {}) => ({
    type: 'group_rule',
    name,
    conditions: {
      expression: {
        type: 'urn:okta:expression:1.0',
        value: more.value ?? 'String.startsWith(user.firstName,"andy")',
      },
      ...(more.exclude === undefined ? {} : { people: { users: { exclude: more.exclude } } }),
    },
    actions: { assignUserToGroups: { groupIds } },
  });

  it('is created, activated, read, changed while inactive, and destroyed with what it gave', async () => {
    const group = await newGroup();
    const created = await ok('POST', '/api/v1/groups/rules', ruleOf('Terraform rule', [group.id]));
    const path = `/api/v1/groups/rules/${created.id}`;
    await ok('POST', `${path}/lifecycle/activate`);
    const read = await ok('GET', path);
    expect(read).toEqual({ ...created, status: 'ACTIVE', lastUpdated: read.lastUpdated });
    expect(await ok('GET', '/api/v1/groups/rules?limit=50&search=Terraform%20rule')).toEqual([read]);

    const user = await newUser();
    await ok('POST', `${path}/lifecycle/deactivate`);
    const sent = {
      ...ruleOf('Renamed rule', [group.id], { value: 'user.lastName == "Q"', exclude: [user.id] }),
      id: created.id,
    };
    const changed = await ok('PUT', path, sent);
    await ok('POST', `${path}/lifecycle/activate`);
    expect(await ok('GET', path)).toEqual({ ...changed, status: 'ACTIVE', lastUpdated: expect.anything() });
    expect(changed.conditions.people.users.exclude).toEqual([user.id]);

    await ok('POST', `${path}/lifecycle/deactivate`);
    expect((await call('DELETE', `${path}?removeUsers=true`)).status).toBe(202);
    await gone(path);
  });

  it('that is sent without its people keeps nobody excepted, as it reads', async () => {
    const group = await newGroup();
    const created = await ok('POST', '/api/v1/groups/rules', ruleOf('Terraform rule without people', [group.id]));
    expect(created.conditions.people).toEqual({ users: { exclude: [] }, groups: { exclude: [] } });
    expect((await call('DELETE', `/api/v1/groups/rules/${created.id}?removeUsers=false`)).status).toBe(202);
  });
});

describe('okta_app_oauth', () => {
  it('is created with its policy and issuer, read with its people, changed and destroyed', async () => {
    const sent = application('Terraform application');
    const created = await ok('POST', '/api/v1/apps?activate=true', sent);
    const path = `/api/v1/apps/${created.id}`;
    expect(created.credentials.oauthClient.client_secret).toBeTypeOf('string');

    const issuer = `/api/v1/internal/apps/${created.id}/settings/oauth/idToken`;
    const settings = { issuer: null, orgUrl: null, customUrl: null, audience: null, issuerMode: 'ORG_URL' };
    expect(await ok('POST', issuer, { issuerMode: 'ORG_URL' })).toEqual(settings);
    expect(await ok('GET', issuer)).toEqual(settings);
    const [policy] = await ok('GET', '/api/v1/policies?type=ACCESS_POLICY');
    expect((await call('PUT', `${path}/policies/${policy.id}`)).status).toBe(204);

    const read = await ok('GET', path);
    const { client_secret: _shownOnce, ...client } = created.credentials.oauthClient;
    expect(read).toEqual({ ...created, credentials: { ...created.credentials, oauthClient: client } });
    expect(read._links.accessPolicy.href.split('/').pop()).toBe(policy.id);
    const { application_type, grant_types, redirect_uris, post_logout_redirect_uris, initiate_login_uri } =
      sent.settings.oauthClient;
    expect(read.settings.oauthClient).toMatchObject({
      application_type,
      grant_types,
      redirect_uris,
      post_logout_redirect_uris,
      initiate_login_uri,
    });
    expect(await ok('GET', `${path}/groups?limit=200`)).toEqual([]);
    expect(await ok('GET', `${path}/users?limit=200`)).toEqual([]);

    const replaced = await ok('PUT', path, { ...sent, label: 'Changed', status: 'ACTIVE', id: created.id });
    expect(await ok('GET', path)).toEqual(replaced);
    expect(replaced.credentials.oauthClient.client_id).toBe(created.id);

    expect((await call('DELETE', path)).body.errorCode).toBe('E0000056');
    await ok('POST', `${path}/lifecycle/deactivate`);
    await ok('DELETE', path);
    await gone(path);
  });
});

describe('okta_app_group_assignment and okta_app_user', () => {
  const withTeam = async (): Promise<Any> => {
    const app = await newApplication();
    const properties = { team: { title: 'Team', type: 'string', externalName: 'team' } };
    await ok('POST', `/api/v1/meta/schemas/apps/${app.id}/default`, { definitions: { custom: { properties } } });
    return app;
  };

  it('a group is assigned, read, changed and taken away', async () => {
    const [app, group] = [await withTeam(), await newGroup()];
    const path = `/api/v1/apps/${app.id}/groups/${group.id}`;
    await gone(path);
    const assigned = await ok('PUT', path, { priority: 0, profile: { team: 'red' } });
    expect(await ok('GET', path)).toEqual(assigned);
    const changed = await ok('PUT', path, { priority: 3, profile: {} });
    expect(changed).toMatchObject({ id: group.id, priority: 3, profile: {} });
    expect(await ok('GET', path)).toEqual(changed);
    expect((await ok('GET', `/api/v1/apps/${app.id}/groups?limit=200`)).map(({ id }: Any) => id)).toEqual([group.id]);
    expect((await call('DELETE', path)).status).toBe(204);
    await gone(path);
  });

  it('a person is assigned, read, changed and taken away', async () => {
    const [app, user] = [await withTeam(), await newUser()];
    const users = `/api/v1/apps/${app.id}/users`;
    const path = `${users}/${user.id}`;
    const credentials = { userName: 'rae@example.com' };
    const assigned = await ok('POST', users, { id: user.id, scope: 'USER', credentials, profile: {} });
    expect(await ok('GET', path)).toEqual(assigned);
    const changed = await ok('POST', path, {
      credentials: { userName: 'other@example.com' },
      profile: { team: 'red' },
    });
    expect(changed).toMatchObject({ credentials: { userName: 'other@example.com' }, profile: { team: 'red' } });
    expect(await ok('GET', path)).toEqual(changed);
    expect((await call('DELETE', path)).status).toBe(204);
    await gone(path);
  });
});

describe('okta_profile_mapping', () => {
  it('is found by its ends, written, read the same, and applied', async () => {
    const idp = await newProvider();
    const type = (await ok('GET', '/api/v1/meta/types/user')).find((one: Any) => one.default);
    const found = await ok('GET', `/api/v1/mappings?sourceId=${idp.id}&targetId=${type.id}`);
    expect(found).toHaveLength(1);
    expect(found[0]).not.toHaveProperty('properties');
    const path = `/api/v1/mappings/${found[0].id}`;

    const wanted = {
      login: { expression: 'appuser.email', pushStatus: 'PUSH' },
      nickName: { expression: 'appuser.nickname', pushStatus: 'PUSH' },
    };
    const before = (await ok('GET', path)).properties;
    const others = Object.keys(before).filter((name) => !Object.hasOwn(wanted, name));
    const removed = Object.fromEntries(others.map((name) => [name, null]));
    const written = await ok('POST', path, { properties: { ...removed, ...wanted } });
    expect(written.properties).toEqual(wanted);
    expect(await ok('GET', path)).toEqual(written);
    expect((await call('POST', `/api/internal/v1/mappings/reapply?source=${idp.id}&target=${type.id}`)).status).toBe(
      200,
    );
  });
});
