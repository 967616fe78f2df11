import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from '../../test/support/app.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;

let hub: TestHub;
let rules: string;
let idp: string;
let app: string;

beforeAll(async () => {
  hub = await startHub();
  const [policy]: Any = await hub.api('GET', '/api/v1/policies?type=IDP_DISCOVERY');
  rules = `/api/v1/policies/${policy.id}/rules`;
  const endpoint = (path: string, binding: string) => ({ url: `https://idp.example.com/${path}`, binding });
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
  const made: Any = await hub.api('POST', '/api/v1/apps', {
    label: 'App',
    signOnMode: 'OPENID_CONNECT',
    settings: { oauthClient: { redirect_uris: ['https://app.example.com/cb'] } },
  });
  app = made.id;
});
afterAll(() => hub.close());
beforeEach(async () => {
  for (const rule of await hub.api<Any[]>('GET', rules))
    if (!rule.system) await hub.call('DELETE', `${rules}/${rule.id}`);
});

const body = (name: string, more: object = {}, idpAction: object = {}) => ({
  type: 'IDP_DISCOVERY',
  name,
  actions: { idp: { providers: [{ type: 'OIDC', id: idp }], idpSelectionType: 'SPECIFIC', ...idpAction } },
  ...more,
});
const add = (name: string, more: object = {}, action: object = {}): Promise<Any> =>
  hub.api('POST', rules, body(name, more, action));
const order = async () => (await hub.api<Any[]>('GET', rules)).map(({ name, priority }) => `${priority} ${name}`);

describe('the policies of an org', () => {
  it('are one for routing, with its default rule, and one for access', async () => {
    const routing: Any = await hub.api('GET', '/api/v1/policies?type=IDP_DISCOVERY');
    expect(routing).toHaveLength(1);
    expect(routing[0]).toMatchObject({
      name: 'Idp Discovery Policy',
      status: 'ACTIVE',
      system: true,
      conditions: null,
      type: 'IDP_DISCOVERY',
      id: expect.stringMatching(/^00p/),
    });
    const [rule, ...more]: Any = await hub.api('GET', rules);
    expect(more).toEqual([]);
    expect(rule).toMatchObject({
      name: 'Default Rule',
      system: true,
      priority: 1,
      actions: { idp: { providers: [{ type: 'OKTA' }] } },
    });
    expect(rule._links).toEqual({ self: { href: `${hub.url}${rules}/${rule.id}`, hints: { allow: ['GET', 'PUT'] } } });
    expect(await hub.api('GET', '/api/v1/policies?type=ACCESS_POLICY')).toMatchObject([
      { id: expect.stringMatching(/^rst/) },
    ]);
    expect(await hub.api('GET', '/api/v1/policies?type=PASSWORD')).toEqual([]);
    expect((await hub.call('GET', '/api/v1/policies')).status).toBe(400);
  });

  it('take another name and description', async () => {
    const [policy]: Any = await hub.api('GET', '/api/v1/policies?type=IDP_DISCOVERY');
    expect(
      await hub.api('PUT', `/api/v1/policies/${policy.id}`, { ...policy, name: 'Routing', description: 'Ours' }),
    ).toMatchObject({ name: 'Routing', description: 'Ours', type: 'IDP_DISCOVERY' });
    expect(await hub.events('policy.lifecycle.update')).toHaveLength(1);
  });
});

describe('a rule', () => {
  it('is a routing rule by its type too, and its expression is refused with a hint', async () => {
    const causes = async (sent: object) => {
      const answer = await hub.call('POST', rules, sent);
      return [answer.status, (answer.body as Any).errorCauses?.[0]?.errorSummary];
    };
    expect(await causes({ ...body('Other type'), type: 'SIGN_ON' })).toEqual([
      400,
      'type: expected IDP_DISCOVERY for a routing rule, found "SIGN_ON"',
    ]);
    const { type: _type, ...untyped } = body('No type');
    expect((await causes(untyped))[0]).toBe(200);
    const matchCriteria = [{ providerExpression: 'logn.identifier', propertyName: 'name' }];
    const idp = { providers: [], idpSelectionType: 'DYNAMIC', matchCriteria };
    expect((await causes(body('Wrong', {}, idp)))[1]).toMatch(/\(line 1, column 1\) Did you mean login\?$/);
  });

  it('is answered with the defaults filled in', async () => {
    const rule = await add('ID.me');
    expect(rule).toMatchObject({
      id: expect.stringMatching(/^0pr/),
      status: 'ACTIVE',
      priority: 1,
      system: false,
      conditions: {
        network: { connection: 'ANYWHERE' },
        userIdentifier: { patterns: [] },
        app: { include: [], exclude: [] },
        platform: { include: [{ type: 'ANY', os: { type: 'ANY' } }], exclude: [] },
      },
      actions: {
        idp: {
          providers: [{ type: 'OIDC', id: idp }],
          idpSelectionType: 'SPECIFIC',
          presentation: null,
          enforce: false,
        },
      },
      type: 'IDP_DISCOVERY',
    });
    expect(rule._links.deactivate.href).toBe(`${hub.url}${rules}/${rule.id}/lifecycle/deactivate`);
    expect(await hub.api('GET', `${rules}/${rule.id}`)).toEqual(rule);
    expect((await hub.events('policy.rule.add')).at(-1)?.target.map(({ type }) => type)).toEqual([
      'PolicyEntity',
      'PolicyRule',
    ]);
  });

  it('takes its place and shifts the others; the default rule stays last', async () => {
    await add('first');
    await add('second');
    await add('new first', { priority: 1 });
    await add('third', { priority: 3 });
    await add('far behind', { priority: 99 });
    expect(await order()).toEqual(['1 new first', '2 first', '3 third', '4 second', '5 far behind', '6 Default Rule']);
    const [moved]: Any = (await hub.api<Any[]>('GET', rules)).filter(({ name }) => name === 'second');
    expect(await hub.api('PUT', `${rules}/${moved.id}`, { ...moved, priority: 1 })).toMatchObject({ priority: 1 });
    expect((await order()).slice(0, 2)).toEqual(['1 second', '2 new first']);
    await hub.call('DELETE', `${rules}/${moved.id}`);
    expect(await order()).toEqual(['1 new first', '2 first', '3 third', '4 far behind', '5 Default Rule']);
  });

  it('keeps its order when many are added at once', async () => {
    await Promise.all(Array.from({ length: 8 }, (_, index) => add(`rule ${index}`, { priority: 1 })));
    expect((await hub.api<Any[]>('GET', rules)).map(({ priority }) => priority)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('can be saved without being active, and switched', async () => {
    const rule: Any = await hub.api('POST', `${rules}?activate=false`, body('sleeping'));
    expect(rule).toMatchObject({ status: 'INACTIVE', _links: { activate: {} } });
    expect((await hub.call('POST', `${rules}/${rule.id}/lifecycle/activate`)).status).toBe(204);
    expect(await hub.api('GET', `${rules}/${rule.id}`)).toMatchObject({ status: 'ACTIVE' });
    expect((await hub.call('POST', `${rules}/${rule.id}/lifecycle/deactivate`)).status).toBe(204);
    expect(await hub.api('GET', `${rules}/${rule.id}`)).toMatchObject({ status: 'INACTIVE' });
  });

  it('keeps our own fields on a PUT that omits them', async () => {
    const rule = await add('own', {}, { presentation: 'REDIRECT', enforce: true });
    const replaced: Any = await hub.api('PUT', `${rules}/${rule.id}`, body('own 2'));
    expect(replaced).toMatchObject({ name: 'own 2', actions: { idp: { presentation: 'REDIRECT', enforce: true } } });
    expect(await hub.api('PUT', `${rules}/${rule.id}`, body('own 2', {}, { presentation: null }))).toMatchObject({
      actions: { idp: { presentation: null } },
    });
  });

  it('is for certain applications', async () => {
    const include = [{ type: 'APP', id: app }];
    expect(await add('for one', { conditions: { app: { include, exclude: [] } } })).toMatchObject({
      conditions: { app: { include } },
    });
  });

  it.each([
    ['a provider that does not exist', {}, { providers: [{ type: 'OIDC', id: '0oaNONE' }] }, 'providers'],
    ['a provider of another type', {}, { providers: [{ type: 'SAML2', id: 'idp' }] }, 'providers'],
    ['no provider', {}, { providers: [] }, 'providers'],
    [
      'a dynamic choice among named providers',
      {},
      { idpSelectionType: 'DYNAMIC' },
      'DYNAMIC finds the provider itself',
    ],
    ['another kind of choice', {}, { idpSelectionType: 'RANDOM' }, 'SPECIFIC or DYNAMIC'],
    [
      'criteria that nobody asks for',
      {},
      { matchCriteria: [{ providerExpression: 'login.identifier' }] },
      'only DYNAMIC',
    ],
    ['an unknown presentation', {}, { presentation: 'POPUP' }, 'presentation'],
    ['a zone condition without a zone', { conditions: { network: { connection: 'ZONE' } } }, {}, 'at least one zone'],
    [
      'zones that nobody asks for',
      { conditions: { network: { connection: 'ANYWHERE', include: ['nzoX'] } } },
      {},
      'connection has to be ZONE',
    ],
    [
      'a zone that is not there',
      { conditions: { network: { connection: 'ZONE', include: ['nzoX'] } } },
      {},
      'no network zone nzoX',
    ],
    ['another connection', { conditions: { network: { connection: 'VPN' } } }, {}, 'ANYWHERE or ZONE'],
    ['an unknown platform', { conditions: { platform: { include: [{ type: 'WATCH' }] } } }, {}, 'platform'],
    [
      'an attribute that people have not',
      {
        conditions: {
          userIdentifier: { type: 'ATTRIBUTE', attribute: 'a', patterns: [{ matchType: 'EQUALS', value: 'x' }] },
        },
      },
      {},
      'userIdentifier',
    ],
    [
      'an unknown application',
      { conditions: { app: { include: [{ type: 'APP', id: '0oaNONE' }] } } },
      {},
      'there is no application',
    ],
    [
      'a type of application without a name',
      { conditions: { app: { include: [{ type: 'APP_TYPE' }] } } },
      {},
      'APP_TYPE',
    ],
  ])('cannot have %s', async (_name, more, action, sentence) => {
    const answer = await hub.call('POST', rules, body('refused', more, action));
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain(sentence);
  });

  it('has a name of its own', async () => {
    await add('Twice');
    expect(await hub.call('POST', rules, body('twice'))).toMatchObject({
      status: 400,
      body: { errorCauses: [{ errorSummary: expect.stringContaining('already exists') }] },
    });
    expect((await hub.call('POST', rules, body('Default rule'))).status).toBe(400);
  });

  it('is not changed by somebody who read an older version', async () => {
    const rule = await add('versions');
    const { headers } = await hub.call('GET', `${rules}/${rule.id}`);
    const ifMatch = { 'if-match': headers.get('etag')! };
    expect((await hub.call('PUT', `${rules}/${rule.id}`, body('one'), ifMatch)).status).toBe(200);
    expect((await hub.call('PUT', `${rules}/${rule.id}`, body('two'), ifMatch)).status).toBe(412);
  });

  it('stays when its provider is switched off', async () => {
    const rule = await add('stays');
    await hub.call('POST', `/api/v1/idps/${idp}/lifecycle/deactivate`);
    expect(await hub.api('GET', `${rules}/${rule.id}`)).toEqual(rule);
    await hub.call('POST', `/api/v1/idps/${idp}/lifecycle/activate`);
  });
});

describe('the default rule', () => {
  it('can be sent back as it is, and neither changed, switched off nor deleted', async () => {
    const [rule]: Any = (await hub.api<Any[]>('GET', rules)).filter(({ system }) => system);
    const path = `${rules}/${rule.id}`;
    expect((await hub.call('PUT', path, rule)).status).toBe(200);
    expect((await hub.call('PUT', path, body('Default Rule'))).status).toBe(403);
    expect((await hub.call('POST', `${path}/lifecycle/deactivate`)).status).toBe(403);
    expect((await hub.call('DELETE', path)).status).toBe(403);
  });
});
