/** What a client says of the version that it read (rulings 32): every change of an object that has an ETag asks for it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHub, type TestHub } from './support/app.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;

let hub: TestHub;
let count = 0;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

const make = async (path: string, body: object): Promise<string> =>
  `${path}/${(await hub.api<{ id: string }>('POST', path, body)).id}`;
const named = (what: string) => `${what} ${++count}`;
const one = (id: string) => id.split('/').at(-1)!;

const person = () => {
  const login = `version-${++count}@example.com`;
  return { profile: { login, email: login, firstName: 'V', lastName: 'N' } };
};
const oidcProvider = () => ({
  type: 'OIDC',
  name: named('Provider'),
  protocol: {
    type: 'OIDC',
    scopes: ['openid'],
    issuer: { url: 'https://id.example.com' },
    endpoints: {
      authorization: { url: 'https://id.example.com/authorize' },
      token: { url: 'https://id.example.com/token' },
      jwks: { url: 'https://id.example.com/keys' },
    },
    credentials: { client: { client_id: 'hub', client_secret: 'a secret' } },
  },
  policy: { subject: { matchType: 'USERNAME', userNameTemplate: { template: 'idpuser.email' } } },
});
const application = () => ({
  name: 'oidc_client',
  label: named('App'),
  signOnMode: 'OPENID_CONNECT',
  credentials: { oauthClient: { token_endpoint_auth_method: 'client_secret_basic' } },
  settings: {
    oauthClient: {
      application_type: 'web',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      redirect_uris: ['https://app.example.com/callback'],
    },
  },
});
const hook = () => ({
  name: named('Hook'),
  events: { type: 'EVENT_TYPE', items: ['user.lifecycle.create'] },
  channel: { type: 'HTTP', version: '1.0.0', config: { uri: 'https://hooks.example.com/' } },
});
const zone = () => ({ type: 'IP', name: named('Zone'), gateways: [{ type: 'CIDR', value: '192.0.2.0/24' }] });
const origin = () => ({
  name: named('Origin'),
  origin: `https://origin-${count}.example.com`,
  scopes: [{ type: 'CORS' }],
});
const policy = () => ({ type: 'OKTA_SIGN_ON', name: named('Policy') });
const rule = () => ({
  type: 'IDP_DISCOVERY',
  name: named('Rule'),
  conditions: { network: { connection: 'ANYWHERE' } },
  actions: { idp: { providers: [{ type: 'OKTA' }] } },
});
const groupRule = async () => ({
  type: 'group_rule',
  name: named('Group rule'),
  conditions: { expression: { value: 'user.firstName == "nobody"', type: 'urn:okta:expression:1.0' } },
  actions: { assignUserToGroups: { groupIds: [one(await group())] } },
});
const group = () => make('/api/v1/groups', { profile: { name: named('Group') } });
const routingRules = async () => {
  const [found] = await hub.api<Any>('GET', '/api/v1/policies?type=IDP_DISCOVERY');
  return `/api/v1/policies/${found.id}/rules`;
};
const assigned = async (what: 'users' | 'groups') => {
  const app = await make('/api/v1/apps', application());
  if (what === 'groups') {
    const path = `${app}/groups/${one(await group())}`;
    await hub.api('PUT', path, {});
    return path;
  }
  const id = one(await make('/api/v1/users', person()));
  await hub.api('POST', `${app}/users`, { id });
  return `${app}/users/${id}`;
};
const ACTIVATION = ['POST /lifecycle/deactivate', 'POST /lifecycle/activate'];

/** An object, and its changes in an order in which each is possible; a body is what was read. */
const OBJECTS: [what: string, create: () => Promise<string>, changes: string[]][] = [
  ['a user', () => make('/api/v1/users', person()), ['POST', 'PUT', 'POST /lifecycle/deactivate', 'DELETE']],
  ['a group', group, ['PUT', 'DELETE']],
  [
    'a group rule',
    async () => make('/api/v1/groups/rules', await groupRule()),
    ['PUT', ...ACTIVATION.toReversed(), 'DELETE'],
  ],
  [
    'a user type',
    () => make('/api/v1/meta/types/user', { name: `type${++count}`, displayName: 'T' }),
    ['POST', 'PUT', 'DELETE'],
  ],
  ['an identity provider', () => make('/api/v1/idps', oidcProvider()), ['PUT', ...ACTIVATION, 'DELETE']],
  ['an application', () => make('/api/v1/apps', application()), ['PUT', ...ACTIVATION, ACTIVATION[0]!, 'DELETE']],
  ['an event hook', () => make('/api/v1/eventHooks', hook()), ['PUT', ...ACTIVATION.toReversed(), 'DELETE']],
  ['a network zone', () => make('/api/v1/zones', zone()), ['PUT', ...ACTIVATION.toReversed(), 'DELETE']],
  ['a trusted origin', () => make('/api/v1/trustedOrigins', origin()), ['PUT', ...ACTIVATION, 'DELETE']],
  ['a sign-on policy', () => make('/api/v1/policies', policy()), ['PUT', ...ACTIVATION, 'DELETE']],
  ['a routing rule', async () => make(await routingRules(), rule()), ['PUT', ...ACTIVATION, 'DELETE']],
  ['an API token', () => make('/api/v1/api-tokens', { name: named('Token') }), ['PUT', 'DELETE']],
  ['a person of an application', () => assigned('users'), ['POST', 'DELETE']],
  ['a group of an application', () => assigned('groups'), ['PUT', 'PATCH', 'DELETE']],
  ['an import', () => make('/api/gatehouse/v1/imports', { name: named('Import') }), ['PUT', 'DELETE']],
];

describe('If-Match', () => {
  test.each(OBJECTS)(
    'of another version stops every change of %s, of the present one none',
    async (_what, create, changes) => {
      const created = await create();
      const path = created.replace(/\?[^/]*/, '');
      const answers: string[] = [];
      for (const change of changes) {
        const [method, suffix = ''] = change.split(' ');
        const { headers, body } = await hub.call('GET', path);
        const sent = suffix === '' && method !== 'DELETE' ? body : undefined;
        const etag = headers.get('etag') ?? 'none';
        for (const expected of ['W/"77"', etag]) {
          const { status } = await hub.call(method!, path + suffix, sent, { 'if-match': expected });
          answers.push(`${change} ${expected === etag ? 'present' : 'another'}: ${status < 300 ? 'done' : status}`);
        }
      }
      expect(answers).toEqual(changes.flatMap((change) => [`${change} another: 412`, `${change} present: done`]));
    },
  );

  test('counts for the contacts of the org, which change with it', async () => {
    const path = '/api/v1/org/contacts/TECHNICAL';
    const me = await hub.api<{ id: string }>('GET', '/api/v1/users/me');
    const { headers } = await hub.call('GET', path);
    const set = (expected: string) => hub.call('PUT', path, { userId: me.id }, { 'if-match': expected });
    expect((await set('W/"77"')).status).toBe(412);
    const done = await set(headers.get('etag')!);
    expect([done.status, done.headers.get('etag')]).toEqual([200, expect.stringMatching(/^W\/"\d+"$/)]);
    expect((await set(headers.get('etag')!)).status).toBe(412);
  });
});
