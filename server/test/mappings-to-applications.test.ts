import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from './support/app.ts';
import { createBrowser } from './support/browser.ts';
import { atProvider, authorizeUrl, CLAIMS, claimsOf, type Federation, federate, redeem } from './support/federation.ts';
import { type StubProvider, startStubProvider } from './support/stub-openid-provider.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;

let hub: TestHub;
let provider: StubProvider;
let federation: Federation;
let appId: string;
let mappingPath: string;
let people = 0;

const PROPERTIES = {
  handle: { expression: "String.substringBefore(user.login, '@')", pushStatus: 'PUSH' },
  place: { expression: "user.city + '@' + org.subDomain", pushStatus: 'PUSH' },
  badge: { expression: 'user.title', pushStatus: 'DONT_PUSH' },
};

beforeAll(async () => {
  hub = await startHub();
  provider = await startStubProvider(() => hub.clock.now());
  federation = await federate(hub, provider);
  appId = federation.clientId;
  const property = (name: string) => ({ title: name, type: 'string', externalName: name });
  const names = ['handle', 'place', 'badge', 'note'];
  await hub.api('POST', `/api/v1/meta/schemas/apps/${appId}/default`, {
    definitions: {
      custom: {
        id: '#custom',
        type: 'object',
        properties: Object.fromEntries(names.map((name) => [name, property(name)])),
      },
    },
  });
  const [mapping] = await hub.api<Any[]>('GET', `/api/v1/mappings?targetId=${appId}`);
  mappingPath = `/api/v1/mappings/${mapping.id}`;
  await hub.api('POST', mappingPath, { properties: PROPERTIES });
});
afterAll(async () => {
  await provider?.close();
  await hub?.close();
});

async function person(more: object = {}): Promise<Any> {
  const login = `mapped${++people}@example.com`;
  return hub.api('POST', '/api/v1/users', {
    profile: { login, email: login, firstName: 'Ada', lastName: 'L', city: 'Oslo', title: 'Countess', ...more },
  });
}
const assign = (id: string, profile: object = {}) => hub.call('POST', `/api/v1/apps/${appId}/users`, { id, profile });
const profileOf = async (id: string) => (await hub.api<Any>('GET', `/api/v1/apps/${appId}/users/${id}`)).profile;
const change = (id: string, profile: object) => hub.api('POST', `/api/v1/users/${id}`, { profile });

describe('a mapping from users to an application', () => {
  it('fills the assignment; what is pushed follows the person, what is not stays as it was', async () => {
    const { id, profile } = await person();
    const subDomain = (await hub.api<Any>('GET', '/api/v1/org')).subdomain;
    const made = (await assign(id, { note: 'by hand' })).body as Any;
    const handle = profile.login.split('@')[0];
    expect(made.profile).toEqual({ handle, place: `Oslo@${subDomain}`, badge: 'Countess', note: 'by hand' });
    await change(id, { city: 'Bergen', title: 'Lady' });
    expect(await profileOf(id)).toEqual({ handle, place: `Bergen@${subDomain}`, badge: 'Countess', note: 'by hand' });
    await change(id, { city: null });
    expect(await profileOf(id)).not.toHaveProperty('place');
  });

  it('leaves to administrators what is not pushed, and refuses what is', async () => {
    const { id } = await person();
    expect((await assign(id, { badge: 'Own' })).body).toMatchObject({ profile: { badge: 'Own' } });
    const path = `/api/v1/apps/${appId}/users/${id}`;
    expect((await hub.api<Any>('POST', path, { profile: { badge: 'Again', note: 'n' } })).profile.badge).toBe('Again');
    const before = await profileOf(id);
    const refused = await hub.call('POST', path, { profile: { handle: 'other' } });
    expect([refused.status, refused.body]).toMatchObject([
      403,
      {
        errorCode: 'E0000075',
        errorSummary: 'Cannot modify the handle attribute because it has a field mapping and profile push is enabled.',
      },
    ]);
    expect((await hub.api<Any>('POST', path, { profile: before })).profile).toEqual(before);
  });

  it('reaches people who have the application through Everyone, and their tokens', async () => {
    const { id } = await person({ title: 'Through Everyone' });
    expect(await profileOf(id)).toMatchObject({ badge: 'Through Everyone', handle: expect.stringMatching(/^mapped/) });
    const app = await hub.api<Any>('GET', `/api/v1/apps/${appId}`);
    app.settings.oauthClient.claims = [{ name: 'handle', expression: 'appuser.handle', location: 'ID_TOKEN' }];
    await hub.api('PUT', `/api/v1/apps/${appId}`, app);
    const browser = createBrowser();
    const asked = authorizeUrl(hub, federation.clientId);
    const back = await atProvider(hub, provider, browser, await browser.get(asked.url));
    const code = new URL(back.location!).searchParams.get('code')!;
    const { body } = await redeem(hub, federation, code, asked.verifier);
    expect(claimsOf(body.id_token!)).toMatchObject({ handle: 'gary' });
  });

  it('is the one of the person’s user type, in every token', async () => {
    const type = await hub.api<Any>('POST', '/api/v1/meta/types/user', { name: 'guest', displayName: 'Guest' });
    const [own] = await hub.api<Any[]>('GET', `/api/v1/mappings?sourceId=${type.id}&targetId=${appId}`);
    const handle = { expression: "'guest ' + user.lastName", pushStatus: 'PUSH' };
    await hub.api('POST', `/api/v1/mappings/${own.id}`, { properties: { handle } });
    const profile = { login: 'guest@example.com', email: 'guest@example.com', firstName: 'Grete', lastName: 'Gast' };
    await hub.api('POST', '/api/v1/users', { profile, type: { id: type.id } });
    provider.claims = { ...CLAIMS, sub: 'guest', email: profile.email, fname: 'Grete', lname: 'Gast' };
    const app = await hub.api<Any>('GET', `/api/v1/apps/${appId}`);
    app.settings.oauthClient.claims = [{ name: 'handle', expression: 'appuser.handle', location: 'ID_TOKEN' }];
    await hub.api('PUT', `/api/v1/apps/${appId}`, app);
    const answer = async (more: Record<string, string | null>) => {
      const asked = authorizeUrl(hub, appId, { scope: 'openid offline_access', ...more });
      const browser = createBrowser();
      const back = await atProvider(hub, provider, browser, await browser.get(asked.url));
      return { at: new URL(back.location!), verifier: asked.verifier };
    };
    const { at, verifier } = await answer({});
    const { body } = await redeem(hub, federation, at.searchParams.get('code')!, verifier);
    const more = { grant_type: 'refresh_token', refresh_token: body.refresh_token! };
    const { body: again } = await redeem(hub, federation, '', '', more);
    const challenge = { code_challenge: null, code_challenge_method: null };
    const implicit = await answer({ response_type: 'id_token', response_mode: 'fragment', ...challenge });
    const tokens = [body.id_token, again.id_token, new URLSearchParams(implicit.at.hash.slice(1)).get('id_token')];
    expect(tokens.map((token) => claimsOf(token!).handle)).toEqual(['guest Gast', 'guest Gast', 'guest Gast']);
  });

  it('says nothing where nothing is mapped', async () => {
    const { id } = await person();
    await hub.api('POST', mappingPath, { properties: { handle: null, place: null, badge: null } });
    expect((await assign(id, { note: 'only this' })).body).toMatchObject({ profile: { note: 'only this' } });
    expect(await profileOf(id)).toEqual({ note: 'only this' });
    await hub.api('POST', mappingPath, { properties: PROPERTIES });
  });
});
