import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from '../../test/support/app.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;

let hub: TestHub;

beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

const settings = (more: object = {}) => ({ redirect_uris: ['https://app.example.com/callback'], ...more });
const web = (label: string, client: object = {}, credentials: object = {}) => ({
  name: 'oidc_client',
  label,
  signOnMode: 'OPENID_CONNECT',
  credentials: { oauthClient: { token_endpoint_auth_method: 'client_secret_basic', ...credentials } },
  settings: { oauthClient: settings(client) },
});
const create = (body: unknown): Promise<Any> => hub.api('POST', '/api/v1/apps', body);
const refused = async (body: unknown, method = 'POST', path = '/api/v1/apps') => {
  const answer = await hub.call(method, path, body);
  expect(answer.status).toBe(400);
  const { errorCode, errorCauses } = answer.body as Any;
  expect(errorCode).toBe('E0000001');
  return errorCauses.map((cause: Any) => cause.errorSummary).join('\n') as string;
};

describe('creating an application', () => {
  it('answers in the shape of the contract, with every default and the secret', async () => {
    const app = await create({ ...web('Portal'), visibility: { hide: { iOS: true, web: true } } });
    const { client_secret: secret, ...client } = app.credentials.oauthClient;
    expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(Object.keys(app)).toEqual([
      ...['id', 'orn', 'name', 'label', 'status', 'lastUpdated', 'created', 'accessibility', 'visibility', 'features'],
      ...['signOnMode', 'credentials', 'settings', '_links'],
    ]);
    expect(app).toMatchObject({
      id: expect.stringMatching(/^0oa[A-Za-z0-9]{17}$/),
      status: 'ACTIVE',
      accessibility: { selfService: false, errorRedirectUrl: null, loginRedirectUrl: null },
      visibility: {
        autoLaunch: false,
        autoSubmitToolbar: false,
        hide: { iOS: true, web: true },
        appLinks: { oidc_client_link: true },
      },
      features: [],
      settings: {
        app: {},
        manualProvisioning: false,
        implicitAssignment: false,
        notes: { admin: null, enduser: null },
        oauthClient: {
          client_uri: null,
          logo_uri: null,
          response_types: ['code'],
          grant_types: ['authorization_code'],
          application_type: 'web',
          consent_method: 'TRUSTED',
          issuer_mode: 'ORG_URL',
          idp_initiated_login: { mode: 'DISABLED', default_scope: [] },
          wildcard_redirect: 'DISABLED',
          dpop_bound_access_tokens: false,
          id_token_signed_response_alg: 'RS256',
          claims: [],
        },
      },
    });
    expect(client).toEqual({
      autoKeyRotation: true,
      client_id: app.id,
      token_endpoint_auth_method: 'client_secret_basic',
      pkce_required: false,
    });
    expect(app.credentials.signing.kid).toBeTypeOf('string');
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the expression language writes its templates so
    expect(app.credentials.userNameTemplate).toEqual({ template: '${source.login}', type: 'BUILT_IN' });
    expect(app._links.deactivate.href).toBe(`${hub.url}/api/v1/apps/${app.id}/lifecycle/deactivate`);
    const policy = app._links.accessPolicy.href.split('/').pop();
    expect(await hub.api('GET', `/api/v1/policies/${policy}`)).toMatchObject({ type: 'ACCESS_POLICY' });
  });

  it('records it, and creates what belongs to it: schema and both mappings', async () => {
    const app = await create(web('Belongings'));
    expect((await hub.events('application.lifecycle.create')).at(-1)).toMatchObject({
      target: [{ id: app.id, type: 'AppInstance' }],
    });
    expect(await hub.api('GET', `/api/v1/meta/schemas/apps/${app.id}/default`)).toMatchObject({ title: 'Belongings' });
    expect(await hub.api('GET', `/api/v1/mappings?sourceId=${app.id}`)).toHaveLength(1);
    expect(await hub.api('GET', `/api/v1/mappings?targetId=${app.id}`)).toHaveLength(1);
  });

  it('takes a client id and a secret that the client chose', async () => {
    const secret = 'chosen-by-the-client';
    const app = await create(web('Chosen', {}, { client_id: 'my-client', client_secret: secret }));
    expect(app.credentials.oauthClient).toMatchObject({ client_id: 'my-client', client_secret: secret });
    expect(await refused(web('Again', {}, { client_id: 'my-client' }))).toContain('client_id');
    expect(await refused(web('Short', {}, { client_secret: 'short' }))).toContain('client_secret');
  });

  it('keeps the secret sealed and hashed, never in clear (K1)', async () => {
    const app = await create(web('Sealed'));
    const secret: string = app.credentials.oauthClient.client_secret;
    const { rows } = await hub.database.query<Any>({
      text: 'select a::text as whole, client_secret_sha256 as hash from applications a where id = $1',
      values: [app.id],
    });
    expect(rows[0].whole).not.toContain(secret);
    expect(rows[0].hash).toEqual(createHash('sha256').update(secret).digest());
  });

  it('gives a public client no secret and requires PKCE of it', async () => {
    const app = await create(web('SPA', { application_type: 'browser' }, { token_endpoint_auth_method: 'none' }));
    expect(app.credentials.oauthClient).not.toHaveProperty('client_secret');
    expect(app.credentials.oauthClient.pkce_required).toBe(true);
    expect(await refused(web('SPA', {}, { token_endpoint_auth_method: 'none', pkce_required: false }))).toContain(
      'pkce_required',
    );
  });
});

describe('what cannot be saved', () => {
  const cases: [string, object, object, string][] = [
    ['plain http away from loopback', { redirect_uris: ['http://app.example.com/cb'] }, {}, 'https'],
    ['a fragment', { redirect_uris: ['https://app.example.com/cb#x'] }, {}, 'fragment'],
    ['an empty fragment', { redirect_uris: ['https://app.example.com/cb#'] }, {}, 'fragment'],
    ['a wildcard', { redirect_uris: ['https://*.example.com/cb'] }, {}, 'wildcard'],
    ['javascript:', { redirect_uris: ['javascript:alert(1)'] }, {}, 'https'],
    [
      'data: for a native client',
      { redirect_uris: ['data:text/html,x'], application_type: 'native' },
      { token_endpoint_auth_method: 'none' },
      'private-use',
    ],
    ['a user name in the address', { redirect_uris: ['https://me@app.example.com/cb'] }, {}, 'user name'],
    ['a relative address', { redirect_uris: ['/cb'] }, {}, 'absolute'],
    ['a backslash', { redirect_uris: ['https://app.example.com\\@evil.example/cb'] }, {}, 'characters'],
    ['a private-use scheme of a web client', { redirect_uris: ['com.example.app:/cb'] }, {}, 'https'],
    ['no redirect address', { redirect_uris: [] }, {}, 'at least one'],
    [
      'javascript: after logout',
      { post_logout_redirect_uris: ['javascript:alert(1)'] },
      {},
      'post_logout_redirect_uris',
    ],
    ['javascript: to begin a sign-in', { initiate_login_uri: 'javascript:alert(1)' }, {}, 'initiate_login_uri'],
    ['a browser application with a secret', { application_type: 'browser' }, {}, 'use none'],
    ['an unknown kind', { application_type: 'robot' }, {}, 'web, browser, native, service'],
    [
      'a service that signs people in',
      { application_type: 'service', grant_types: ['authorization_code'], response_types: ['code'] },
      {},
      'a service has client_credentials alone',
    ],
    [
      'a native application that acts by itself',
      { application_type: 'native', grant_types: ['authorization_code', 'client_credentials'] },
      { token_endpoint_auth_method: 'private_key_jwt' },
      'client_credentials is for applications of type web or service',
    ],
    [
      'an application that acts by itself without proving itself',
      { grant_types: ['authorization_code', 'client_credentials'] },
      { token_endpoint_auth_method: 'none' },
      'must prove itself',
    ],
    [
      'an unknown way to authenticate',
      {},
      { token_endpoint_auth_method: 'client_secret_jwt' },
      'token_endpoint_auth_method',
    ],
    ['tokens without the implicit grant', { response_types: ['code', 'id_token'] }, {}, 'implicit'],
    [
      'the code grant without the code',
      { response_types: ['id_token'], grant_types: ['authorization_code', 'implicit'] },
      {},
      "'code'",
    ],
    [
      'refresh tokens without the code grant',
      { response_types: ['id_token'], grant_types: ['implicit', 'refresh_token'] },
      {},
      'refresh_token',
    ],
    ['an unknown grant', { grant_types: ['password'] }, {}, 'grant_types'],
    ['private_key_jwt without keys', {}, { token_endpoint_auth_method: 'private_key_jwt' }, 'public keys'],
    ['a private key', { jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', d: 'AA' }] } }, {}, 'private part'],
    [
      'a small RSA key',
      { jwks: { keys: [{ kty: 'RSA', n: Buffer.alloc(128, 255).toString('base64url'), e: 'AQAB' }] } },
      {},
      '2048',
    ],
    [
      'a protocol claim',
      { claims: [{ name: 'sub', expression: 'user.email', location: 'ID_TOKEN' }] },
      {},
      'belongs to the protocol',
    ],
    [
      'an unsafe claim name',
      { claims: [{ name: 'constructor', expression: 'user.email', location: 'ID_TOKEN' }] },
      {},
      'claims[0].name',
    ],
    [
      'a wrong expression',
      { claims: [{ name: 'mail', expression: 'user.email +', location: 'USERINFO' }] },
      {},
      'line 1, column',
    ],
    [
      'a claim twice',
      { claims: ['a', 'a'].map((name) => ({ name, expression: 'user.email', location: 'USERINFO' })) },
      {},
      'twice',
    ],
    ['consent', { consent_method: 'REQUIRED' }, {}, 'TRUSTED'],
  ];
  it.each(cases)('%s', async (_name, client, credentials, sentence) => {
    expect(await refused(web('Refused', client, credentials))).toContain(sentence);
  });
  it.each<[string, { settings?: object; [field: string]: unknown }]>([
    ['selfService', { accessibility: { selfService: true } }],
    ['appLinks', { visibility: { appLinks: { oidc_client_link: false } } }],
    ['notifications.vpn', { settings: { notifications: { vpn: { network: { connection: 'ANYWHERE' } } } } }],
    ['manualProvisioning', { settings: { manualProvisioning: true } }],
    ['implicitAssignment', { settings: { implicitAssignment: true } }],
  ])('%s, which the hub does not do', async (name, more) => {
    const body = web('Refused');
    expect(await refused({ ...body, ...more, settings: { ...body.settings, ...more.settings } })).toContain(name);
  });
  it('another protocol', async () => {
    expect(await refused({ ...web('SAML'), signOnMode: 'SAML_2_0' })).toContain('OPENID_CONNECT');
  });

  it.each([
    [
      'http on loopback',
      { redirect_uris: ['http://localhost:8080/cb', 'http://127.0.0.1/cb', 'http://[::1]:1/cb'] },
      {},
    ],
    [
      'a private-use scheme of a native client',
      { redirect_uris: ['com.example.app:/cb'], application_type: 'native' },
      { token_endpoint_auth_method: 'none' },
    ],
    [
      'implicit and hybrid',
      { response_types: ['code', 'id_token'], grant_types: ['authorization_code', 'implicit'] },
      {},
    ],
    [
      'claims and ES256',
      {
        id_token_signed_response_alg: 'ES256',
        claims: [{ name: 'https://example.com/mail', expression: 'user.email', location: 'ID_TOKEN' }],
      },
      {},
    ],
    [
      'a public key',
      { jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }] } },
      { token_endpoint_auth_method: 'private_key_jwt' },
    ],
  ])('while %s can', async (_name, client, credentials) => {
    const app = await create(web('Accepted', client, credentials));
    expect(app.settings.oauthClient).toMatchObject(client);
  });
});

describe('a body that writes out what it has nothing to say of', () => {
  it('is read as one that does not', async () => {
    const empty = { client_uri: '', initiate_login_uri: '', logo_uri: '', jwks_uri: '', jwks: { keys: [] } };
    const app = await create({
      ...web('Written out', { ...empty, idp_initiated_login: null }, { client_id: '', client_secret: '' }),
      accessibility: null,
      visibility: { hide: null },
      profile: {},
    });
    expect(app.credentials.oauthClient.client_id).toBe(app.id);
    expect(app.settings.oauthClient).toMatchObject({ client_uri: null, logo_uri: null });
    expect(app.settings.oauthClient).not.toHaveProperty('jwks');
    const bare = await create({
      label: 'Nulls',
      signOnMode: 'OPENID_CONNECT',
      visibility: null,
      credentials: null,
      settings: { notes: null, oauthClient: settings({ jwks: null }) },
    });
    expect(bare.visibility).toEqual({ ...app.visibility });
    expect(bare.credentials.userNameTemplate).toEqual(app.credentials.userNameTemplate);
  });
});

describe('replacing an application', () => {
  it('keeps the secret and our own fields where the body omits them', async () => {
    const claims = [{ name: 'mail', expression: 'user.email', location: 'USERINFO' }];
    const app = await create(
      web('Before', { claims, id_token_signed_response_alg: 'ES256', client_secret_shown_again: true }),
    );
    const secret = app.credentials.oauthClient.client_secret;
    const replaced: Any = await hub.api('PUT', `/api/v1/apps/${app.id}`, web('After'));
    expect(replaced.label).toBe('After');
    expect(replaced.credentials.oauthClient).not.toHaveProperty('client_secret');
    expect(replaced.settings.oauthClient).toMatchObject({ claims, id_token_signed_response_alg: 'ES256' });
    const [shown]: Any = await hub.api('GET', `/api/v1/apps/${app.id}/credentials/secrets`);
    expect(shown.client_secret).toBe(secret);
  });

  it('ignores what is read-only in the body, so that what was read can be sent back', async () => {
    const { id } = await create(web('Round trip'));
    const read: Any = await hub.api('GET', `/api/v1/apps/${id}`);
    const replaced: Any = await hub.api('PUT', `/api/v1/apps/${id}`, { ...read, label: 'Round trip 2', created: null });
    expect({ ...replaced, lastUpdated: '', label: '' }).toEqual({ ...read, lastUpdated: '', label: '' });
  });

  it('refuses a lost update and a changed client id', async () => {
    const app = await create(web('Versions'));
    const { headers } = await hub.call('GET', `/api/v1/apps/${app.id}`);
    const ifMatch = { 'if-match': headers.get('etag')! };
    expect((await hub.call('PUT', `/api/v1/apps/${app.id}`, web('First'), ifMatch)).status).toBe(200);
    expect((await hub.call('PUT', `/api/v1/apps/${app.id}`, web('Second'), ifMatch)).status).toBe(412);
    expect(await refused(web('Third', {}, { client_id: 'another' }), 'PUT', `/api/v1/apps/${app.id}`)).toContain(
      'cannot be changed',
    );
  });

  it('makes a secret when the client needs one from now on, and forgets it when not', async () => {
    const app = await create(web('Switch', {}, { token_endpoint_auth_method: 'none' }));
    const confidential: Any = await hub.api('PUT', `/api/v1/apps/${app.id}`, web('Switch'));
    expect(confidential.credentials.oauthClient.client_secret).toMatch(/^[\w-]{43}$/);
    await hub.api(
      'PUT',
      `/api/v1/apps/${app.id}`,
      web('Switch', {}, { token_endpoint_auth_method: 'none', pkce_required: true }),
    );
    expect(await hub.api('GET', `/api/v1/apps/${app.id}/credentials/secrets`)).toEqual([]);
  });
});

describe('the client secret', () => {
  it('is masked unless the application shows it again, and a new one replaces it', async () => {
    const app = await create(web('Masked'));
    const path = `/api/v1/apps/${app.id}/credentials/secrets`;
    const [masked]: Any = await hub.api('GET', path);
    expect(masked).toMatchObject({ status: 'ACTIVE', client_secret: expect.stringMatching(/^\*+$/) });
    const fresh: Any = await hub.api('POST', path);
    expect(fresh.client_secret).toMatch(/^[\w-]{43}$/);
    expect(fresh.client_secret).not.toBe(app.credentials.oauthClient.client_secret);
    expect(fresh.secret_hash).not.toBe(masked.secret_hash);
  });

  it('leaves an event whenever it is shown again, and none while it is masked', async () => {
    const shown = async (body: unknown) => {
      const app = await create(body);
      const before = (await hub.events('gatehouse.application.read_client_secret')).length;
      const [secret]: Any = await hub.api('GET', `/api/v1/apps/${app.id}/credentials/secrets`);
      const events = (await hub.events('gatehouse.application.read_client_secret')).slice(before);
      return { app, secret, events };
    };
    const again = await shown(web('Shown', { client_secret_shown_again: true }));
    expect(again.secret.client_secret).toBe(again.app.credentials.oauthClient.client_secret);
    expect(again.events.map(({ target }) => target.map(({ id }) => id))).toEqual([[again.app.id]]);
    expect(JSON.stringify(again.events)).not.toContain(again.secret.client_secret);
    expect((await shown(web('Not shown'))).events).toEqual([]);
  });
});

describe('the life of an application', () => {
  it('is deleted only when it is inactive, with everything that belongs to it', async () => {
    const app = await create(web('Life'));
    const path = `/api/v1/apps/${app.id}`;
    expect(await hub.call('DELETE', path)).toMatchObject({ status: 403, body: { errorCode: 'E0000056' } });
    expect(await hub.call('POST', `${path}/lifecycle/deactivate`)).toMatchObject({ status: 200, body: {} });
    expect(await hub.api('GET', path)).toMatchObject({ status: 'INACTIVE', _links: { activate: {} } });
    expect((await hub.call('DELETE', path)).status).toBe(204);
    expect(await hub.call('GET', path)).toMatchObject({ status: 404, body: { errorCode: 'E0000007' } });
    expect((await hub.call('GET', `/api/v1/meta/schemas/apps/${app.id}/default`)).status).toBe(404);
    expect(await hub.api('GET', `/api/v1/mappings?sourceId=${app.id}`)).toEqual([]);
  });

  it('can begin inactive', async () => {
    const app: Any = await hub.api('POST', '/api/v1/apps?activate=false', web('Sleeping'));
    expect(app.status).toBe('INACTIVE');
  });
});

describe('listing applications', () => {
  it('pages, searches by beginning and filters', async () => {
    const labels = ['Zebra one', 'Zebra two', 'Zebra three'];
    const ids = [];
    for (const label of labels) {
      hub.clock.advance(1);
      ids.push((await create(web(label))).id);
    }
    await hub.api('POST', `/api/v1/apps/${ids[2]}/lifecycle/deactivate`);
    const first = await hub.call('GET', '/api/v1/apps?q=zebra&limit=2');
    expect((first.body as Any).map((app: Any) => app.label)).toEqual(labels.slice(0, 2));
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link')!)![1]!;
    const second = await hub.call('GET', next.slice(hub.url.length));
    expect((second.body as Any).map((app: Any) => app.label)).toEqual(labels.slice(2));
    expect(second.headers.get('link')).not.toContain('rel="next"');
    const inactive: Any = await hub.api(
      'GET',
      `/api/v1/apps?q=Zebra&filter=${encodeURIComponent('status eq "INACTIVE" and name eq "oidc_client"')}`,
    );
    expect(inactive.map((app: Any) => app.id)).toEqual([ids[2]]);
    for (const filter of ['label eq "x"', 'status ne "ACTIVE"', 'status eq', '__proto__ eq "x"']) {
      expect(await hub.call('GET', `/api/v1/apps?filter=${encodeURIComponent(filter)}`)).toMatchObject({
        status: 400,
        body: { errorCode: 'E0000031' },
      });
    }
  });
});

describe('beside an application', () => {
  it('answers what Terraform asks', async () => {
    const app = await create(web('Terraform'));
    const internal = `/api/v1/internal/apps/${app.id}/settings/oauth/idToken`;
    expect(await hub.api('POST', internal, {})).toEqual({
      issuer: null,
      orgUrl: null,
      customUrl: null,
      audience: null,
      issuerMode: 'ORG_URL',
    });
    const policy = app._links.accessPolicy.href.split('/').pop();
    expect((await hub.call('PUT', `/api/v1/apps/${app.id}/policies/${policy}`)).status).toBe(204);
    expect((await hub.call('PUT', `/api/v1/apps/${app.id}/policies/rst123`)).status).toBe(404);
  });

  it('begins a sign-in at the application from its tile', async () => {
    const app = await create(web('Tile', { initiate_login_uri: 'https://app.example.com/login?x=1' }));
    const link = app._links.appLinks[0].href.slice(hub.url.length);
    const answer = await hub.call('GET', link);
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toBe(`https://app.example.com/login?x=1&iss=${encodeURIComponent(hub.url)}`);
    const without = await create(web('No tile'));
    expect((await hub.call('GET', without._links.appLinks[0].href.slice(hub.url.length))).status).toBe(404);
  });
});
