import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDirectory, person, type TestDirectory } from '../../../test/support/directory.ts';

let directory: TestDirectory;
let call: TestDirectory['call'];
let ada: string;
let grace: string;
const IDP = '0oaProviderOfTheTest0';

beforeAll(async () => {
  directory = await createTestDirectory();
  call = directory.call;
  directory.providers.set(IDP, { id: IDP, name: 'ID.me', linkIssuer: 'https://api.id.me/oidc' });
  directory.providers.set('0oaSaml', { id: '0oaSaml', name: 'SAML', linkIssuer: null });
  ada = (await call('POST', '/users', person('ada@example.com'))).body.id;
  grace = (await call('POST', '/users', person('grace@example.com'))).body.id;
});
afterAll(() => directory.close());

describe('links', () => {
  it('are made, read, listed and removed', async () => {
    const made = await call('POST', `/idps/${IDP}/users/${ada}`, { externalId: '121749775026145' });
    expect(made.status).toBe(200);
    expect(made.body).toEqual({
      id: ada,
      externalId: '121749775026145',
      created: '2026-11-21T10:00:00.000Z',
      lastUpdated: '2026-11-21T10:00:00.000Z',
      profile: {},
      _links: {
        self: { href: `http://localhost/api/v1/idps/${IDP}/users/${ada}`, hints: { allow: ['GET', 'DELETE'] } },
        idp: { href: `http://localhost/api/v1/idps/${IDP}` },
        user: { href: `http://localhost/api/v1/users/${ada}` },
      },
    });
    expect((await call('GET', `/idps/${IDP}/users/${ada}`)).body).toEqual(made.body);
    expect((await call('GET', `/idps/${IDP}/users`)).body).toEqual([made.body]);
    expect((await call('GET', `/idps/${IDP}/users?expand=user`)).body).toEqual([
      { ...made.body, _embedded: { user: (await call('GET', `/users/${ada}`)).body } },
    ]);
    expect((await call('GET', `/idps/${IDP}/users?q=999`)).body).toEqual([]);
    expect((await call('GET', `/users/${ada}/idps`)).body).toEqual([{ id: IDP, type: 'OIDC', name: 'ID.me' }]);
    const key = { idpId: IDP, issuer: 'https://api.id.me/oidc', subject: '121749775026145' };
    expect((await directory.externalIdentities.findBySubject(directory.orgId, key))?.userId).toBe(ada);
    expect(
      await directory.externalIdentities.findBySubject(directory.orgId, { ...key, issuer: 'https://evil.example' }),
    ).toBeNull();
    expect((await call('DELETE', `/idps/${IDP}/users/${ada}`)).status).toBe(204);
    expect((await call('GET', `/idps/${IDP}/users/${ada}`)).status).toBe(404);
    expect((await call('DELETE', `/idps/${IDP}/users/${ada}`)).status).toBe(404);
  });
  it('take an external id that looks like somebody else as plain text', async () => {
    for (const externalId of ['1', grace, 'c0ffee00-0000-4000-8000-000000000000']) {
      expect((await call('POST', `/idps/${IDP}/users/${ada}`, { externalId })).body.id).toBe(ada);
      expect((await call('GET', `/idps/${IDP}/users/${grace}`)).status).toBe(404);
      await call('DELETE', `/idps/${IDP}/users/${ada}`);
    }
  });
  it.each([1, '', null, 'a'.repeat(256), ['1']])('refuse the external id %j', async (externalId) => {
    const { status, body } = await call('POST', `/idps/${IDP}/users/${ada}`, { externalId });
    expect([status, body.errorCode]).toEqual([400, 'E0000001']);
  });
  it('belong to one person, and a person has one at each provider', async () => {
    await call('POST', `/idps/${IDP}/users/${ada}`, { externalId: 'mine' });
    expect((await call('POST', `/idps/${IDP}/users/${ada}`, { externalId: 'mine' })).status).toBe(200);
    expect((await call('POST', `/idps/${IDP}/users/${grace}`, { externalId: 'mine' })).status).toBe(400);
    expect((await call('POST', `/idps/${IDP}/users/${ada}`, { externalId: 'other' })).status).toBe(400);
    expect((await call('GET', `/idps/${IDP}/users`)).body).toHaveLength(1);
  });
  it('cannot be made by hand where the provider has no lasting identities', async () => {
    expect((await call('POST', `/idps/0oaSaml/users/${ada}`, { externalId: 'x' })).status).toBe(400);
  });
  it('need a provider and a user that exist', async () => {
    expect((await call('GET', '/idps/0oaNobody/users')).body.errorSummary).toContain('(Idp)');
    expect((await call('POST', `/idps/${IDP}/users/00uDoesNotExist00000`, { externalId: 'x' })).status).toBe(404);
  });
});
