/** User types through the whole hub: the mappings that come and go with them, sign-ins of their people, and where attributes are used. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from './support/app.ts';
import { createBrowser } from './support/browser.ts';
import { person } from './support/directory.ts';
import { atProvider, authorizeUrl, CLAIMS, type Federation, federate, idpBody } from './support/federation.ts';
import { overlapping } from './support/overlapping.ts';
import { type StubProvider, startStubProvider } from './support/stub-openid-provider.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;

let hub: TestHub;
let provider: StubProvider;
let federation: Federation;
let appId: string;
let defaultType: string;

beforeAll(async () => {
  hub = await startHub();
  provider = await startStubProvider(() => hub.clock.now());
  federation = await federate(hub, provider);
  const apps: Any[] = await hub.api('GET', '/api/v1/apps');
  appId = apps.find((app) => app.label === 'Portal of tests').id;
  defaultType = (await hub.api<Any>('GET', '/api/v1/meta/types/user/default')).id;
});
afterAll(async () => {
  await provider?.close();
  await hub?.close();
});

const newType = (name: string): Promise<Any> =>
  hub.api('POST', '/api/v1/meta/types/user', { name, displayName: `The ${name}` });
const schemaOf = (type: Any): string => type._links.schema.href.replace(hub.url, '');
const attributes = (path: string, properties: object) =>
  hub.call('POST', path, { definitions: { custom: { properties } } }) as Promise<{ status: number; body: Any }>;
const USER = '/api/v1/meta/schemas/user/default';
const mappings = async (query: string): Promise<Any[]> => hub.api('GET', `/api/v1/mappings?limit=200&${query}`);
const pairs = async (query: string) =>
  (await mappings(query)).map(({ source, target }) => `${source.name} ${source.id} > ${target.name} ${target.id}`);

it('a change of a person keeps what it meets when their type changes at the same time', async () => {
  const type = await newType('moving');
  await attributes(schemaOf(type), { desk: { type: 'string' } });
  const user: Any = await hub.api('POST', '/api/v1/users', person('moving@example.com'));
  const path = `/api/v1/users/${user.id}`;
  const retyped = { type: { id: type.id }, profile: { ...user.profile, desk: 'D-12' } };
  const calls = {
    first: async () => (await hub.call('PUT', path, retyped)).status,
    second: async () => (await hub.call('POST', path, { profile: { nickName: 'Mo' } })).status,
  };
  expect(await overlapping(hub, calls)).toEqual([200, 200]);
  expect(await hub.api('GET', path)).toMatchObject({
    type: { id: type.id },
    profile: { desk: 'D-12', nickName: 'Mo' },
  });
});

describe('the mappings of a user type', () => {
  it('come with it, one pair for each provider and application, as they begin', async () => {
    const { idpId } = federation;
    const type = await newType('contractor');
    expect((await pairs(`targetId=${type.id}`)).sort()).toEqual(
      [`oidc_client ${appId} > contractor ${type.id}`, `oidc_idp ${idpId} > contractor ${type.id}`].sort(),
    );
    expect(await pairs(`sourceId=${type.id}`)).toEqual([`contractor ${type.id} > oidc_client ${appId}`]);
    const [mapping] = await mappings(`sourceId=${idpId}&targetId=${type.id}`);
    const whole: Any = await hub.api('GET', `/api/v1/mappings/${mapping.id}`);
    expect(whole.properties.email).toEqual({ expression: 'appuser.email', pushStatus: 'PUSH' });
    expect(whole.properties.idme_uuid).toBeUndefined();
    expect(whole.target._links.schema.href).toBe(type._links.schema.href);
  });

  it('are there for whatever is created later, the default type first', async () => {
    const type = await newType('later');
    const idp: Any = await hub.api('POST', '/api/v1/idps', idpBody(provider, { name: 'Second' }));
    const listed = await mappings(`sourceId=${idp.id}`);
    expect(listed[0].target.id).toBe(defaultType);
    expect(listed.map(({ target }) => target.id)).toContain(type.id);
    await hub.api('POST', `/api/v1/idps/${idp.id}/lifecycle/deactivate`);
    await hub.api('DELETE', `/api/v1/idps/${idp.id}`);
    expect(await mappings(`sourceId=${idp.id}`)).toEqual([]);
    await hub.api('DELETE', `/api/v1/meta/types/user/${type.id}`);
    expect([...(await mappings(`targetId=${type.id}`)), ...(await mappings(`sourceId=${type.id}`))]).toEqual([]);
  });

  it('are complete also where types and providers are created at the same time', async () => {
    const work = [0, 1, 2].flatMap((n): Promise<Any>[] => [
      newType(`parallel${n}`),
      hub.api('POST', '/api/v1/idps', idpBody(provider, { name: `Parallel ${n}` })),
    ]);
    const made = await Promise.all(work);
    const types = made.filter(({ id }) => id.startsWith('oty'));
    const idps = made.filter(({ id }) => id.startsWith('0oa'));
    for (const idp of idps) {
      const targets = (await mappings(`sourceId=${idp.id}`)).map(({ target }) => target.id);
      for (const type of types) expect(targets.filter((id) => id === type.id)).toHaveLength(1);
    }
  });

  it('take only attributes that their own type has', async () => {
    const type = await newType('narrow');
    await attributes(schemaOf(type), { onlyHere: { type: 'string' } });
    const [mapping] = await mappings(`sourceId=${federation.idpId}&targetId=${type.id}`);
    const set = (name: string, id = mapping.id) =>
      hub.call('POST', `/api/v1/mappings/${id}`, {
        properties: { [name]: { expression: 'appuser.uuid', pushStatus: 'PUSH' } },
      });
    expect((await set('onlyHere')).status).toBe(200);
    expect((await set('idme_uuid')).status).toBe(400);
    const [usual] = await mappings(`sourceId=${federation.idpId}&targetId=${defaultType}`);
    expect((await set('onlyHere', usual.id)).status).toBe(400);
  });
});

describe('a sign-in', () => {
  const signIn = async () => {
    const browser = createBrowser();
    const away = await browser.get(authorizeUrl(hub, federation.clientId).url);
    return atProvider(hub, provider, browser, away);
  };
  const named = async (login: string): Promise<Any> => hub.api('GET', `/api/v1/users/${login}`);

  it('creates people of the default type', async () => {
    provider.claims = { ...CLAIMS, email: 'new@example.com', uuid: 'new' };
    expect((await signIn()).location).toContain('code=');
    expect((await named('new@example.com')).type.id).toBe(defaultType);
  });

  it('updates a person of another type by that type’s mapping and schema', async () => {
    const type = await newType('guest');
    await attributes(schemaOf(type), {
      claimUuid: { type: 'string', maxLength: 8, unique: 'UNIQUE_VALIDATED' },
      phoneNumber: { type: 'integer' },
    });
    const [mapping] = await mappings(`sourceId=${federation.idpId}&targetId=${type.id}`);
    const push = (expression: string) => ({ expression, pushStatus: 'PUSH' });
    await hub.api('POST', `/api/v1/mappings/${mapping.id}`, {
      properties: {
        ...{ claimUuid: push('appuser.uuid'), phoneNumber: push('appuser.phone'), title: push('"Guest"') },
        ...{ firstName: push('appuser.fname'), lastName: push('appuser.lname') },
      },
    });
    const body = { ...person('guest@example.com'), type: { id: type.id } };
    const created: Any = await hub.api('POST', '/api/v1/users?activate=true', body);
    provider.claims = { ...CLAIMS, sub: 'guest', email: 'guest@example.com', uuid: 'guest-1' };
    expect((await signIn()).location).toContain('code=');
    const user = await named('guest@example.com');
    expect([user.id, user.type.id]).toEqual([created.id, type.id]);
    expect(user.profile).toMatchObject({
      firstName: 'Gary',
      claimUuid: 'guest-1',
      phoneNumber: 12069827345,
      title: 'Guest',
    });
    expect(user.profile.idme_uuid).toBeUndefined();
    expect(user.profile.mobilePhone).toBeNull();

    provider.claims = {
      ...CLAIMS,
      sub: 'guest',
      email: 'guest@example.com',
      uuid: 'longer than eight',
      phone: '12065550100',
    };
    expect((await signIn()).location).toContain('code=');
    expect((await named('guest@example.com')).profile).toMatchObject({
      claimUuid: 'guest-1',
      phoneNumber: 12065550100,
    });
  });

  it('keeps a unique value of another person of that type apart, and lets both in', async () => {
    const types: Any[] = await hub.api('GET', '/api/v1/meta/types/user');
    const type = types.find(({ name }) => name === 'guest');
    await hub.api('POST', '/api/v1/users', { ...person('guest2@example.com'), type: { id: type.id } });
    provider.claims = { ...CLAIMS, sub: 'guest2', email: 'guest2@example.com', uuid: 'guest-1' };
    expect((await signIn()).location).toContain('code=');
    const { profile } = await named('guest2@example.com');
    expect([profile.firstName, profile.claimUuid]).toEqual(['Gary', undefined]);
  });
});

describe('an attribute that is used', () => {
  const removal = async (path: string, name: string) => {
    const { status, body } = await attributes(path, { [name]: null });
    return [status, ...(body.errorCauses ?? []).map((cause: Any) => cause.errorSummary)];
  };

  it('is not removed: every place is named, with its id', async () => {
    const { idpId } = federation;
    await attributes(USER, { company: { type: 'string' } });
    await attributes(`/api/v1/meta/schemas/apps/${idpId}/default`, {
      firm: { type: 'string', externalName: 'https://id.example.com/firm' },
    });
    const idp: Any = await hub.api('GET', `/api/v1/idps/${idpId}`);
    const subject = { matchType: 'CUSTOM_ATTRIBUTE', matchAttribute: 'company' };
    await hub.api('PUT', `/api/v1/idps/${idpId}`, {
      ...idp,
      policy: { ...idp.policy, subject: { ...subject, userNameTemplate: { template: 'idpuser.firm + "-x"' } } },
    });
    const app: Any = await hub.api('GET', `/api/v1/apps/${appId}`);
    const { oauthClient } = app.settings;
    await hub.api('PUT', `/api/v1/apps/${appId}`, {
      ...app,
      credentials: {
        ...app.credentials,
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the expression language writes its templates so
        userNameTemplate: { template: '${user.company}', type: 'CUSTOM' },
      },
      settings: {
        ...app.settings,
        oauthClient: {
          ...oauthClient,
          claims: [{ name: 'firm', expression: 'user["company"]', location: 'ID_TOKEN' }],
        },
      },
    });
    const [mapping] = await mappings(`sourceId=${idpId}&targetId=${defaultType}`);
    const setMapping = (company: unknown) =>
      hub.api('POST', `/api/v1/mappings/${mapping.id}`, { properties: { company } });
    await setMapping({ expression: 'appuser.firm', pushStatus: 'PUSH' });

    expect(await removal(USER, 'company')).toEqual([
      400,
      `company: cannot be removed, it is used by the mapping from the identity provider "ID.me IdP - OIDC" (${idpId}), which writes it`,
      `company: cannot be removed, it is used by the setting "Match against" of the identity provider "ID.me IdP - OIDC" (${idpId})`,
      `company: cannot be removed, it is used by the claim "firm" of the application "Portal of tests" (${appId})`,
      `company: cannot be removed, it is used by the user name format of the application "Portal of tests" (${appId})`,
    ]);
    expect(await removal(`/api/v1/meta/schemas/apps/${idpId}/default`, 'firm')).toEqual([
      400,
      `firm: cannot be removed, it is used by the mapping from the identity provider "ID.me IdP - OIDC" (${idpId}), which reads it for company`,
      `firm: cannot be removed, it is used by the IdP Username of the identity provider "ID.me IdP - OIDC" (${idpId})`,
    ]);

    await setMapping(null);
    await hub.api('PUT', `/api/v1/idps/${idpId}`, idp);
    await hub.api('PUT', `/api/v1/apps/${appId}`, app);
    expect(await removal(USER, 'company')).toEqual([200]);
    expect(await removal(`/api/v1/meta/schemas/apps/${idpId}/default`, 'firm')).toEqual([200]);
  });

  it('may go from one type where another type keeps it for those who read it', async () => {
    const type = await newType('sharing');
    await attributes(schemaOf(type), { shared: { type: 'string' } });
    await attributes(USER, { shared: { type: 'string' } });
    const app: Any = await hub.api('GET', `/api/v1/apps/${appId}`);
    const claims = [{ name: 'shared', expression: 'user.shared', location: 'ID_TOKEN' }];
    const settings = { ...app.settings, oauthClient: { ...app.settings.oauthClient, claims } };
    await hub.api('PUT', `/api/v1/apps/${appId}`, { ...app, settings });
    expect(await removal(schemaOf(type), 'shared')).toEqual([200]);
    expect((await removal(USER, 'shared'))[0]).toBe(400);
    await hub.api('PUT', `/api/v1/apps/${appId}`, app);
    expect(await removal(USER, 'shared')).toEqual([200]);
  });
});
