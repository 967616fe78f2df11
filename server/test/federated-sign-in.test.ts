import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from './support/app.ts';
import { createBrowser } from './support/browser.ts';
import { atProvider, authorizeUrl, CLAIMS, claimsOf, type Federation, federate, redeem } from './support/federation.ts';
import { type StubProvider, startStubProvider } from './support/stub-openid-provider.ts';

let hub: TestHub;
let provider: StubProvider;
let federation: Federation;

beforeAll(async () => {
  hub = await startHub();
  provider = await startStubProvider(() => hub.clock.now());
  federation = await federate(hub, provider);
});
afterAll(async () => {
  await provider?.close();
  await hub?.close();
});
beforeEach(() => {
  provider.reset();
  provider.claims = { ...CLAIMS };
});

type User = {
  id: string;
  status: string;
  profile: Record<string, string>;
  credentials: { provider: { type: string } };
};
const users = () => hub.api<User[]>('GET', '/api/v1/users');
const userNamed = async (login: string) => (await users()).find((user) => user.profile.login === login);

async function signIn(more: Record<string, string | null> = {}) {
  const browser = createBrowser();
  const asked = authorizeUrl(hub, federation.clientId, more);
  const away = await browser.get(asked.url);
  const back = await atProvider(hub, provider, browser, away);
  return { browser, asked, away, back };
}

describe('a person whom the provider vouches for', () => {
  it('is created with the mapped attributes, and the application holds our tokens', async () => {
    const { asked, back } = await signIn();
    expect(back.location).toContain('code=');
    const location = new URL(back.location!);
    expect(location.searchParams.get('state')).toBe('abc123');
    const { status, body } = await redeem(hub, federation, location.searchParams.get('code')!, asked.verifier);
    expect(status).toBe(200);
    const claims = claimsOf(body.id_token!);
    const user = await userNamed('gary@example.com');
    expect(user?.status).toBe('ACTIVE');
    expect(user?.credentials.provider.type).toBe('FEDERATION');
    expect(user?.profile).toMatchObject({
      firstName: 'Gary',
      lastName: 'Twinkle',
      mobilePhone: '12069827345',
      idme_uuid: CLAIMS.uuid,
      email: 'gary@example.com',
    });
    expect(claims).toMatchObject({
      iss: hub.url,
      aud: federation.clientId,
      sub: user?.id,
      nonce: asked.nonce,
      idp: federation.idpId,
      amr: ['fed'],
      email: 'gary@example.com',
    });
    expect((await hub.events('user.authentication.auth_via_IDP')).at(-1)?.outcome).toEqual({
      result: 'SUCCESS',
      reason: 'JIT',
    });
    expect(
      (await hub.events('user.lifecycle.create')).filter((event) => event.target[0]?.id === user?.id),
    ).toHaveLength(1);
  });

  it('is the same user at the second sign-in, with changed attributes updated', async () => {
    await signIn();
    const before = await userNamed('gary@example.com');
    provider.claims = { ...CLAIMS, phone: '12065550100' };
    const { back } = await signIn();
    expect(new URL(back.location!).searchParams.get('code')).toBeTruthy();
    const after = await userNamed('gary@example.com');
    expect(after?.id).toBe(before?.id);
    expect(after?.profile.mobilePhone).toBe('12065550100');
  });

  it('stays the same user when the e-mail address changes', async () => {
    await signIn();
    const before = await userNamed('gary@example.com');
    provider.claims = { ...CLAIMS, email: 'gary.new@example.com' };
    await signIn();
    const all = await users();
    expect(all.filter((user) => user.id === before?.id)[0]?.profile.email).toBe('gary.new@example.com');
    provider.claims = { ...CLAIMS };
    await signIn();
  });
});

describe('the address of one provider', () => {
  const go = async (path: string) => {
    const browser = createBrowser();
    const away = await browser.get(hub.url + path);
    return { browser, away };
  };

  it('leads to it without a page, and back to a path of the hub', async () => {
    const { browser, away } = await go(`/sso/idps/${federation.idpId}?fromURI=${encodeURIComponent('/account')}`);
    expect(away.location).toContain(provider.url);
    expect((await atProvider(hub, provider, browser, away)).location).toBe(`${hub.url}/account`);
  });

  it('never leads to another site afterwards', async () => {
    const { browser, away } = await go(`/sso/idps/${federation.idpId}?fromURI=https%3A%2F%2Fevil.example%2F`);
    expect((await atProvider(hub, provider, browser, away)).location).toBe(`${hub.url}/`);
  });

  it('of a provider that is unknown or switched off leads nowhere', async () => {
    expect((await go('/sso/idps/0oaUnknown')).away).toMatchObject({ status: 404, location: null });
    await hub.api('POST', `/api/v1/idps/${federation.idpId}/lifecycle/deactivate`);
    expect((await go(`/sso/idps/${federation.idpId}`)).away).toMatchObject({ status: 404, location: null });
    await hub.api('POST', `/api/v1/idps/${federation.idpId}/lifecycle/activate`);
  });

  it('is signed in, but gets no further at an application that they are not assigned to; the log says so', async () => {
    const [everyone] = await hub.api<{ id: string }[]>('GET', '/api/v1/groups?q=Everyone');
    const [app] = await hub.api<{ id: string }[]>('GET', `/api/v1/apps?q=${encodeURIComponent('Portal of tests')}`);
    await hub.api('DELETE', `/api/v1/apps/${app!.id}/groups/${everyone!.id}`);
    const { back } = await signIn();
    expect(new URL(back.location!).searchParams.get('error')).toBe('access_denied');
    const event = (await hub.events('app.oauth2.authorize')).at(-1);
    expect(event?.outcome.result).toBe('FAILURE');
    expect(event?.debugContext.debugData).toMatchObject({ code: 'not_assigned', clientId: expect.any(String) });
    expect(event?.target[0]).toMatchObject({ id: app!.id, displayName: 'Portal of tests' });
    await hub.api('PUT', `/api/v1/apps/${app!.id}/groups/${everyone!.id}`, {});
    expect(new URL((await signIn()).back.location!).searchParams.get('code')).toBeTruthy();
  });
});
