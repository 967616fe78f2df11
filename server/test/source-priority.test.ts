import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from './support/app.ts';
import { createBrowser } from './support/browser.ts';
import { atProvider, CLAIMS, federate, idpBody } from './support/federation.ts';
import { type StubProvider, startStubProvider } from './support/stub-openid-provider.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;
type Master = { type: string; priority?: { type: string; value?: string }[] };

let hub: TestHub;
let north: StubProvider;
let south: StubProvider;
let northId: string;
let southId: string;
let person = 0;
let login: string;

const ATTRIBUTES = { firstName: 'fname', lastName: 'lname', city: 'city', title: 'title' };

async function map(idpId: string): Promise<void> {
  const [mapping] = await hub.api<Any[]>('GET', `/api/v1/mappings?sourceId=${idpId}`);
  const properties = Object.entries(ATTRIBUTES).map(([target, claim]) => [
    target,
    { expression: `appuser.${claim}`, pushStatus: 'PUSH' },
  ]);
  await hub.api('POST', `/api/v1/mappings/${mapping.id}`, { properties: Object.fromEntries(properties) });
}

const setMaster = (name: string, master: Master) =>
  hub.api('POST', '/api/v1/meta/schemas/user/default', {
    definitions: { base: { id: '#base', type: 'object', properties: { [name]: { master } } } },
  });

async function signIn(provider: StubProvider, claims: Record<string, unknown>): Promise<void> {
  const idpId = provider === north ? northId : southId;
  provider.claims = { ...CLAIMS, sub: login, email: login, ...claims };
  hub.clock.advance(1_000);
  const browser = createBrowser();
  const back = await atProvider(hub, provider, browser, await browser.get(`${hub.url}/sso/idps/${idpId}`));
  expect(back.location, back.body.slice(0, 300)).toBe(`${hub.url}/`);
}

const read = () => hub.api<Any>('GET', `/api/v1/users/${login}`);
const city = async () => (await read()).profile.city;
const change = async (profile: object, method = 'POST') => {
  hub.clock.advance(1_000);
  return (await hub.call(method, `/api/v1/users/${(await read()).id}`, { profile })) as Any;
};
async function provenance(attribute: string): Promise<Any> {
  const { attributes } = await hub.api<Any>('GET', `/api/gatehouse/v1/users/${login}/provenance`);
  return attributes.find((entry: Any) => entry.attribute === attribute);
}

beforeAll(async () => {
  hub = await startHub();
  north = await startStubProvider(() => hub.clock.now());
  south = await startStubProvider(() => hub.clock.now());
  ({ idpId: northId } = await federate(hub, north, { name: 'North' }));
  ({ id: southId } = await hub.api<Any>('POST', '/api/v1/idps', idpBody(south, { name: 'South' })));
  await map(northId);
  await map(southId);
});
afterAll(async () => {
  await north?.close();
  await south?.close();
  await hub?.close();
});
beforeEach(async () => {
  login = `person${++person}@example.com`;
  await setMaster('city', { type: 'PROFILE_MASTER' });
});

it('an address that a provider changes leaves links to the old one worth nothing', async () => {
  const profile = { login, email: login, firstName: 'Mia', lastName: 'Moved' };
  const credentials = { password: { value: 'Abcd1234#@' } };
  const { id } = await hub.api<Any>('POST', '/api/v1/users', { profile, credentials });
  await signIn(north, {});
  const [mapping] = await hub.api<Any[]>('GET', `/api/v1/mappings?sourceId=${northId}`);
  const mapEmail = (pushStatus: string) =>
    hub.api('POST', `/api/v1/mappings/${mapping.id}`, {
      properties: { email: { expression: 'appuser.email', pushStatus } },
    });
  await mapEmail('PUSH');
  const { resetPasswordUrl } = await hub.api<Any>(
    'POST',
    `/api/v1/users/${id}/credentials/forgot_password?sendEmail=false`,
  );
  await signIn(north, { city: 'Oslo' });
  expect((await fetch(resetPasswordUrl)).status).toBe(200);
  await signIn(north, { email: `moved-${login}` });
  expect((await hub.api<Any>('GET', `/api/v1/users/${id}`)).profile.email).toBe(`moved-${login}`);
  expect((await fetch(resetPasswordUrl)).status).toBe(403);
  await mapEmail('DONT_PUSH');
});

describe('two providers that are profile sources', () => {
  it('the one that said it last wins, also when it says what it had said before', async () => {
    await signIn(north, { city: 'Oslo' });
    await signIn(south, { city: 'Rome' });
    expect(await city()).toBe('Rome');
    expect(await provenance('city')).toMatchObject({
      value: 'Rome',
      source: { id: southId, type: 'IDENTITY_PROVIDER', name: 'South' },
      wonAgainst: [{ source: { id: northId }, value: 'Oslo', reason: 'older' }],
    });
    const before = await provenance('city');
    await signIn(north, { city: 'Oslo' });
    expect(await city()).toBe('Oslo');
    const after = await provenance('city');
    expect(after).toMatchObject({ source: { id: northId }, wonAgainst: [{ source: { id: southId }, value: 'Rome' }] });
    expect(after.at > before.at).toBe(true);
    expect(await hub.call('GET', `/api/gatehouse/v1/sign-ins/${after.traceId}`)).toMatchObject({ status: 200 });
  });

  it('a claim that does not come keeps a value, an empty one clears it for whoever said it last', async () => {
    await signIn(north, { city: 'Oslo', title: 'Captain' });
    await signIn(south, { city: '' });
    expect((await read()).profile).toMatchObject({ title: 'Captain' });
    expect(await city()).toBeUndefined();
    expect(await provenance('city')).toMatchObject({ value: null, source: { id: southId } });
    expect(await provenance('title')).toMatchObject({ value: 'Captain', source: { id: northId }, wonAgainst: [] });
  });

  it('by priority: the first that supplies a value, and the next ones when it gives way', async () => {
    await setMaster('city', {
      type: 'OVERRIDE',
      priority: [{ type: 'APP', value: northId }, { type: 'APP', value: southId }, { type: 'OKTA' }],
    });
    await signIn(south, { city: 'Rome' });
    expect(await city()).toBe('Rome');
    await signIn(north, { city: 'Oslo' });
    expect(await city()).toBe('Oslo');
    await signIn(south, { city: 'Bari' });
    expect(await city()).toBe('Oslo');
    expect((await provenance('city')).wonAgainst).toMatchObject([
      { source: { id: southId }, value: 'Bari', reason: 'lower_priority' },
    ]);
    await signIn(north, { city: '' });
    expect(await city()).toBe('Bari');
    expect((await provenance('city')).source.id).toBe(southId);
  });

  it('“Inherit from Okta”: what created the person stays until an administrator says otherwise', async () => {
    await setMaster('city', { type: 'OKTA' });
    await signIn(north, { city: 'Oslo' });
    await signIn(south, { city: 'Rome' });
    await signIn(north, { city: 'Bergen' });
    expect(await city()).toBe('Oslo');
    expect(await provenance('city')).toMatchObject({ source: { id: northId }, writable: true });
    expect((await change({ city: 'Paris' })).status).toBe(200);
    await signIn(south, { city: 'Rome' });
    expect(await city()).toBe('Paris');
    expect(await provenance('city')).toMatchObject({ source: { type: 'HUB' }, by: { name: 'admin@example.com' } });
  });

  it('a value that cannot be stored stops nobody: the old one stays, and so does its origin', async () => {
    await signIn(north, { lname: 'Twinkle' });
    const before = await provenance('lastName');
    await signIn(north, { lname: 'x'.repeat(51) });
    expect((await read()).profile.lastName).toBe('Twinkle');
    expect(await provenance('lastName')).toEqual(before);
    expect((await hub.events('gatehouse.sign_in.attribute_rejected')).at(-1)?.severity).toBe('WARN');
  });
});

describe('an administrator and an attribute that a provider masters', () => {
  it('is refused by name, and nothing of the call is done', async () => {
    await signIn(north, { city: 'Oslo', title: 'Captain' });
    const answer = await change({ city: 'Paris', department: 'Sea' });
    expect([answer.status, answer.body.errorCode, answer.body.errorSummary, answer.body.errorCauses.length]).toEqual([
      403,
      'E0000023',
      'Operation failed because user profile is mastered under another system',
      1,
    ]);
    expect(answer.body.errorCauses[0].errorSummary).toMatch(/^city: /);
    expect((await change({ city: null })).status).toBe(403);
    expect((await read()).profile).toMatchObject({ city: 'Oslo' });
    expect((await read()).profile.department).toBeUndefined();
  });

  it('may send back what was read, change the rest, and leave it out of a replacement', async () => {
    await signIn(north, { city: 'Oslo', title: 'Captain' });
    const { profile } = await read();
    expect((await change({ ...profile, department: 'Sea' }, 'PUT')).body.profile).toMatchObject({
      city: 'Oslo',
      department: 'Sea',
    });
    const { city: _, department: __, ...rest } = profile;
    const replaced = await change(rest, 'PUT');
    expect(replaced.body.profile.city).toBe('Oslo');
    expect(replaced.body.profile.department).toBeUndefined();
    expect(await provenance('department')).toBeUndefined();
    expect((await provenance('city')).source.id).toBe(northId);
  });

  it('changes what the hub goes before in, and what it gives up falls to the next source', async () => {
    await setMaster('city', { type: 'OVERRIDE', priority: [{ type: 'OKTA' }, { type: 'APP', value: northId }] });
    await signIn(north, { city: 'Oslo' });
    const changed = await change({ city: 'Paris' });
    expect(changed.body.profile.city).toBe('Paris');
    const [event] = (await hub.events('user.account.update_profile')).slice(-1);
    expect(await provenance('city')).toMatchObject({
      source: { type: 'HUB', name: 'Gatehouse' },
      requestId: event!.debugContext.debugData.requestId,
      wonAgainst: [{ value: 'Oslo', reason: 'lower_priority' }],
    });
    expect((await change({ city: null })).body.profile.city).toBe('Oslo');
  });

  it('may change it again when the person is unlinked or the provider is no profile source any more', async () => {
    await signIn(north, { city: 'Oslo', title: 'Captain' });
    const { id } = await read();
    await hub.api('DELETE', `/api/v1/idps/${northId}/users/${id}`);
    expect((await provenance('city')).writable).toBe(true);
    expect((await change({ city: 'Paris' })).body.profile.city).toBe('Paris');
    await signIn(north, { city: 'Oslo' });
    expect(await city()).toBe('Oslo');
    expect((await change({ city: 'Paris' })).status).toBe(403);
    await hub.api('POST', `/api/v1/idps/${northId}/lifecycle/deactivate`);
    expect((await change({ city: 'Paris' })).body.profile.city).toBe('Paris');
    await hub.api('POST', `/api/v1/idps/${northId}/lifecycle/activate`);
  });
});

describe('where values come from', () => {
  it('is not told of nobody, and dots stand for what is sensitive', async () => {
    expect((await hub.call('GET', '/api/gatehouse/v1/users/nobody@example.com/provenance')).status).toBe(404);
    await hub.api('POST', '/api/v1/meta/schemas/user/default', {
      definitions: {
        custom: {
          id: '#custom',
          type: 'object',
          properties: { ssn: { title: 'SSN', type: 'string', sensitive: true } },
        },
      },
    });
    await hub.api('POST', '/api/v1/users', {
      profile: { login, email: login, firstName: 'Ada', lastName: 'L', ssn: '078-05-1120' },
    });
    expect(await provenance('ssn')).toMatchObject({ value: '••••••••', source: { type: 'HUB' } });
    const answer = await hub.call('GET', `/api/gatehouse/v1/users/${login}/provenance`);
    expect(JSON.stringify(answer.body)).not.toContain('078');
  });
});
