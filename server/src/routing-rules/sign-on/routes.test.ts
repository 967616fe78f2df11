/** Sign-on policies and their rules as administrators make them. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from '../../../test/support/app.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;

const POLICIES = '/api/v1/policies';
const LIST = `${POLICIES}?type=OKTA_SIGN_ON`;
let hub: TestHub;
let group: string;
let everyone: string;

beforeAll(async () => {
  hub = await startHub();
  group = (await hub.api<Any>('POST', '/api/v1/groups', { profile: { name: 'Staff' } })).id;
  [{ id: everyone }] = await hub.api<Any>('GET', '/api/v1/groups?q=Everyone');
});
afterAll(() => hub.close());
beforeEach(async () => {
  for (const policy of await hub.api<Any[]>('GET', LIST))
    if (!policy.system) await hub.api('DELETE', `${POLICIES}/${policy.id}`);
});

const people = (include: string[]) => ({ people: { groups: { include } } });
const body = (name: string, more: object = {}) => ({
  type: 'OKTA_SIGN_ON',
  name,
  conditions: people([group]),
  ...more,
});
const add = (name: string, more: object = {}): Promise<Any> => hub.api('POST', POLICIES, body(name, more));
const signon = (more: object = {}) => ({ actions: { signon: { access: 'ALLOW', ...more } } });
const ruleBody = (name: string, more: object = {}) => ({ type: 'SIGN_ON', name, ...signon(), ...more });
const addRule = (policy: Any, name: string, more: object = {}): Promise<Any> =>
  hub.api('POST', `${POLICIES}/${policy.id}/rules`, ruleBody(name, more));
const order = async (path: string) =>
  (await hub.api<Any[]>('GET', path)).map(({ priority, name }) => `${priority} ${name}`);
const said = (answer: { body: unknown }) => JSON.stringify(answer.body);

describe('the default policy', () => {
  it('is there from the first start: it lets everybody in, with no limits but the hub’s own', async () => {
    const [policy, ...others]: Any = await hub.api('GET', LIST);
    expect(others).toEqual([]);
    expect(policy).toMatchObject({
      name: 'Default Policy',
      status: 'ACTIVE',
      system: true,
      priority: 1,
      conditions: people([everyone]),
      type: 'OKTA_SIGN_ON',
    });
    const rules: Any = await hub.api('GET', `${POLICIES}/${policy.id}/rules`);
    expect(rules).toMatchObject([
      {
        name: 'Default Rule',
        system: true,
        type: 'SIGN_ON',
        conditions: { network: { connection: 'ANYWHERE' }, authContext: { authType: 'ANY' } },
        actions: {
          signon: {
            access: 'ALLOW',
            requireFactor: false,
            session: { usePersistentCookie: false, maxSessionIdleMinutes: 120, maxSessionLifetimeMinutes: 0 },
          },
        },
      },
    ]);
  });

  it('and its rule can be sent back as they are, and neither switched off, deleted, renamed nor narrowed', async () => {
    const [policy]: Any = await hub.api('GET', LIST);
    const path = `${POLICIES}/${policy.id}`;
    const [rule]: Any = await hub.api('GET', `${path}/rules`);
    expect((await hub.call('PUT', path, policy)).status).toBe(200);
    expect((await hub.call('PUT', `${path}/rules/${rule.id}`, rule)).status).toBe(200);
    const attempts: [string, string, unknown?][] = [
      ['DELETE', path],
      ['POST', `${path}/lifecycle/deactivate`],
      ['PUT', path, { ...policy, name: 'Another' }],
      ['PUT', path, { ...policy, conditions: people([group]) }],
      ['DELETE', `${path}/rules/${rule.id}`],
      ['POST', `${path}/rules/${rule.id}/lifecycle/deactivate`],
      ['PUT', `${path}/rules/${rule.id}`, { ...rule, name: 'Another' }],
      [
        'PUT',
        `${path}/rules/${rule.id}`,
        { ...rule, conditions: { people: { users: { exclude: [(await admin()).id] } } } },
      ],
    ];
    for (const [method, at, sent] of attempts)
      expect((await hub.call(method, at, sent)).status, `${method} ${at}`).toBe(403);
    expect(await order(LIST)).toEqual(['1 Default Policy']);
  });
});

const admin = async (): Promise<Any> => hub.api('GET', '/api/v1/users/admin@example.com');

describe('a sign-on policy', () => {
  it('is created, read, replaced, switched and deleted with its rules, each with its event', async () => {
    const policy = await add('Staff', { description: 'For us' });
    expect(policy).toMatchObject({
      name: 'Staff',
      description: 'For us',
      status: 'ACTIVE',
      system: false,
      priority: 1,
      conditions: people([group]),
      _links: { deactivate: {}, rules: {} },
    });
    const path = `${POLICIES}/${policy.id}`;
    expect(await hub.api('GET', path)).toEqual(policy);
    expect(await hub.api('PUT', path, { ...policy, name: 'All', conditions: people([everyone]) })).toMatchObject({
      name: 'All',
      conditions: people([everyone]),
    });
    const rule = await addRule(policy, 'Short');
    expect((await hub.call('POST', `${path}/lifecycle/deactivate`)).status).toBe(204);
    expect(await hub.api('GET', path)).toMatchObject({ status: 'INACTIVE', _links: { activate: {} } });
    expect((await hub.call('POST', `${path}/lifecycle/activate`)).status).toBe(204);
    expect((await hub.call('DELETE', path)).status).toBe(204);
    for (const gone of [path, `${path}/rules`, `${path}/rules/${rule.id}`])
      expect((await hub.call('GET', gone)).status).toBe(404);
    for (const step of ['create', 'update', 'deactivate', 'activate', 'delete']) {
      const event = (await hub.events(`policy.lifecycle.${step}`)).at(-1)!;
      expect(event.target.map(({ id, type }) => [type, id])).toEqual([['PolicyEntity', policy.id]]);
    }
    expect((await hub.events('policy.rule.add')).at(-1)!.target.map(({ id }) => id)).toEqual([policy.id, rule.id]);
  });

  it('takes its place and shifts the others; the default policy stays last', async () => {
    await add('first');
    const second = await add('second');
    await add('new first', { priority: 1 });
    expect(await order(LIST)).toEqual(['1 new first', '2 first', '3 second', '4 Default Policy']);
    expect(await hub.api('PUT', `${POLICIES}/${second.id}`, { ...second, priority: 1 })).toMatchObject({ priority: 1 });
    expect(await order(LIST)).toEqual(['1 second', '2 new first', '3 first', '4 Default Policy']);
    await hub.api('DELETE', `${POLICIES}/${second.id}`);
    expect(await order(LIST)).toEqual(['1 new first', '2 first', '3 Default Policy']);
  });

  it('keeps its order when many are added at once', async () => {
    await Promise.all(Array.from({ length: 6 }, (_, at) => add(`policy ${at}`, { priority: 1 })));
    expect((await hub.api<Any[]>('GET', LIST)).map(({ priority }) => priority)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('can be created without being active', async () => {
    expect(await hub.api('POST', `${POLICIES}?activate=false`, body('asleep'))).toMatchObject({ status: 'INACTIVE' });
    expect(await add('asleep too', { status: 'INACTIVE' })).toMatchObject({ status: 'INACTIVE' });
  });

  it('keeps a group that was deleted since, so that it can be sent back', async () => {
    const { id } = await hub.api<Any>('POST', '/api/v1/groups', { profile: { name: 'Passing' } });
    const policy = await add('passing', { conditions: people([id]) });
    await hub.api('DELETE', `/api/v1/groups/${id}`);
    expect((await hub.call('PUT', `${POLICIES}/${policy.id}`, policy)).status).toBe(200);
  });

  it('is not changed by somebody who read an older version', async () => {
    const policy = await add('versions');
    const path = `${POLICIES}/${policy.id}`;
    const { headers } = await hub.call('GET', path);
    const ifMatch = { 'if-match': headers.get('etag')! };
    expect((await hub.call('PUT', path, { ...policy, name: 'one' }, ifMatch)).status).toBe(200);
    expect((await hub.call('PUT', path, { ...policy, name: 'two' }, ifMatch)).status).toBe(412);
  });

  it.each([
    ['a group that does not exist', { conditions: people(['00gNONE']) }, 'there is no group 00gNONE'],
    ['people', { conditions: { people: { users: { include: ['00uX'] } } } }, 'users.include'],
    ['groups that it leaves out', { conditions: { people: { groups: { exclude: ['00gX'] } } } }, 'groups.exclude'],
    ['a condition of another kind', { conditions: { platform: {} } }, '\\"platform\\" is not supported'],
    ['another type', { type: 'PASSWORD' }, 'OKTA_SIGN_ON'],
    ['no name', { name: '' }, 'name'],
    ['the name of another one', { name: 'default policy' }, 'already exists'],
  ])('cannot have %s', async (_name, more, sentence) => {
    const answer = await hub.call('POST', POLICIES, body('refused', more));
    expect(answer.status).toBe(400);
    expect(said(answer)).toContain(sentence);
    expect(await order(LIST)).toEqual(['1 Default Policy']);
  });

  it('is the only kind that is switched or deleted', async () => {
    for (const type of ['IDP_DISCOVERY', 'ACCESS_POLICY']) {
      const [policy]: Any = await hub.api('GET', `${POLICIES}?type=${type}`);
      expect((await hub.call('DELETE', `${POLICIES}/${policy.id}`)).status).toBe(403);
      expect((await hub.call('POST', `${POLICIES}/${policy.id}/lifecycle/deactivate`)).status).toBe(403);
    }
    expect((await hub.call('DELETE', `${POLICIES}/00pNONE`)).status).toBe(404);
  });
});

describe('a rule of a sign-on policy', () => {
  it('is kept as it was sent, with the defaults of what was left out', async () => {
    const policy = await add('rules');
    const { id } = await admin();
    const rule = await addRule(policy, 'Short', {
      conditions: {
        network: { connection: 'ANYWHERE' },
        people: { users: { exclude: [id] } },
        authContext: { authType: 'ANY' },
        riskScore: { level: 'ANY' },
        identityProvider: { provider: 'ANY' },
      },
      ...signon({
        factorPromptMode: 'ALWAYS',
        rememberDeviceByDefault: false,
        factorLifetime: 15,
        primaryFactor: 'PASSWORD_IDP',
        session: { usePersistentCookie: false, maxSessionIdleMinutes: 30, maxSessionLifetimeMinutes: 480 },
      }),
    });
    expect(rule).toMatchObject({
      type: 'SIGN_ON',
      priority: 1,
      conditions: { people: { users: { exclude: [id] } }, network: { connection: 'ANYWHERE' } },
      actions: {
        signon: {
          access: 'ALLOW',
          requireFactor: false,
          factorPromptMode: 'ALWAYS',
          factorLifetime: 15,
          primaryFactor: 'PASSWORD_IDP',
          session: { usePersistentCookie: false, maxSessionIdleMinutes: 30, maxSessionLifetimeMinutes: 480 },
        },
      },
    });
    const path = `${POLICIES}/${policy.id}/rules/${rule.id}`;
    expect(await hub.api('GET', path)).toEqual(rule);
    expect(await hub.api('PUT', path, ruleBody('Short'))).toMatchObject({
      conditions: { people: { users: { exclude: [] } } },
      actions: { signon: { session: { maxSessionIdleMinutes: 120, maxSessionLifetimeMinutes: 0 } } },
    });
    await addRule(policy, 'Before', { priority: 1 });
    expect(await order(`${POLICIES}/${policy.id}/rules`)).toEqual(['1 Before', '2 Short']);
    expect((await hub.call('POST', `${path}/lifecycle/deactivate`)).status).toBe(204);
    expect(await hub.api('GET', path)).toMatchObject({ status: 'INACTIVE' });
    expect((await hub.call('DELETE', path)).status).toBe(204);
    expect(await order(`${POLICIES}/${policy.id}/rules`)).toEqual(['1 Before']);
  });

  it('keeps the zone that it names from being switched off, and is named then', async () => {
    const zone = await hub.api<Any>('POST', '/api/v1/zones', {
      type: 'IP',
      name: 'Office',
      gateways: [{ type: 'CIDR', value: '192.0.2.0/24' }],
    });
    const policy = await add('zoned');
    await addRule(policy, 'In the office', { conditions: { network: { connection: 'ZONE', include: [zone.id] } } });
    const answer = await hub.call('POST', `/api/v1/zones/${zone.id}/lifecycle/deactivate`);
    expect(answer.status).toBe(400);
    expect(said(answer)).toContain('the rule \\"In the office\\" of the sign-on policy \\"zoned\\"');
  });

  it.each([
    ['a second factor', signon({ requireFactor: true }), 'there is no second factor here'],
    ['a cookie that outlives the browser', signon({ session: { usePersistentCookie: true } }), 'usePersistentCookie'],
    ['an idle length of nothing', signon({ session: { maxSessionIdleMinutes: 0 } }), 'maxSessionIdleMinutes'],
    ['a negative lifetime', signon({ session: { maxSessionLifetimeMinutes: -1 } }), 'maxSessionLifetimeMinutes'],
    ['another access', signon({ access: 'CHALLENGE' }), 'access'],
    ['the action of a routing rule', { actions: { idp: { providers: [{ type: 'OKTA' }] } } }, 'signon'],
    ['another context', { conditions: { authContext: { authType: 'RADIUS' } } }, 'RADIUS'],
    ['a risk', { conditions: { riskScore: { level: 'HIGH' } } }, 'riskScore'],
    ['certain people', { conditions: { people: { users: { include: ['00uX'] } } } }, 'users.include'],
    ['a person who does not exist', { conditions: { people: { users: { exclude: ['00uNONE'] } } } }, '00uNONE'],
    ['groups', { conditions: { people: { groups: { include: ['00gX'] } } } }, 'groups.include'],
    [
      'a zone that is not there',
      { conditions: { network: { connection: 'ZONE', include: ['nzoX'] } } },
      'no network zone nzoX',
    ],
  ])('cannot have %s', async (_name, more, sentence) => {
    const policy = await add('refusals');
    const answer = await hub.call('POST', `${POLICIES}/${policy.id}/rules`, ruleBody('refused', more));
    expect(answer.status).toBe(400);
    expect(said(answer)).toContain(sentence);
    expect(await hub.api('GET', `${POLICIES}/${policy.id}/rules`)).toEqual([]);
  });

  it('is no routing rule, and a routing rule is none of a sign-on policy', async () => {
    const [routing]: Any = await hub.api('GET', `${POLICIES}?type=IDP_DISCOVERY`);
    const answer = await hub.call('POST', `${POLICIES}/${routing.id}/rules`, ruleBody('wrong place'));
    expect(answer.status).toBe(400);
    expect(said(answer)).toContain('expected \\"idp\\" in a routing rule');
  });
});
