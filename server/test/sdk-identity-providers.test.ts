/** Every call on identity providers that the contract's §17 lists for OpenID Connect, made by the client library itself. */
import okta from '@okta/okta-sdk-nodejs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from './support/app.ts';

type Api = InstanceType<typeof okta.Client>['identityProviderApi'];
type Input = Parameters<Api['createIdentityProvider']>[0]['identityProvider'];

let hub: TestHub;

beforeAll(async () => {
  hub = await startHub();
});
afterAll(async () => {
  await hub.close();
});

/** What the library's own tests post, members of other protocols included (contract §2.1). */
const provider = (name: string): Input =>
  ({
    type: 'OIDC',
    name,
    issuerMode: 'ORG_URL',
    protocol: {
      type: 'OIDC',
      scopes: ['openid'],
      issuer: { url: 'https://id.example.com' },
      endpoints: {
        acs: { binding: 'HTTP-POST', type: 'INSTANCE' },
        authorization: { url: 'https://idp.example.com/authorize', binding: 'HTTP-REDIRECT' },
        token: { url: 'https://idp.example.com/token', binding: 'HTTP-POST' },
        userInfo: { url: 'https://idp.example.com/userinfo', binding: 'HTTP-REDIRECT' },
        jwks: { url: 'https://idp.example.com/keys', binding: 'HTTP-REDIRECT' },
      },
      algorithms: {
        request: { signature: { algorithm: 'HS256', scope: 'REQUEST' } },
        response: { signature: { algorithm: 'SHA-256', scope: 'ANY' } },
      },
      credentials: { client: { client_id: 'your-client-id', client_secret: 'your-client-secret' } },
    },
    policy: {
      accountLink: { action: 'AUTO', filter: null },
      provisioning: {
        action: 'AUTO',
        conditions: { deprovisioned: { action: 'NONE' }, suspended: { action: 'NONE' } },
        groups: { action: 'NONE' },
      },
      maxClockSkew: 120000,
      subject: { userNameTemplate: { template: 'idpuser.email' }, matchType: 'USERNAME' },
    },
  }) as unknown as Input;

async function namesOf(collection: Awaited<ReturnType<Api['listIdentityProviders']>>): Promise<string[]> {
  const names: string[] = [];
  await collection.each((idp) => {
    names.push(idp?.name ?? '');
  });
  return names;
}

// Once as the library caches by default, once without: its cache is keyed by the links of our answers.
describe.each(['with its cache', 'without a cache'])('the client library, %s,', (cache) => {
  const mark = cache.replaceAll(' ', '-');
  let client: InstanceType<typeof okta.Client>;
  let api: Api;

  beforeAll(() => {
    const options = { orgUrl: hub.url, token: hub.token };
    client = new okta.Client(cache === 'with its cache' ? options : { ...options, cacheMiddleware: null });
    api = client.identityProviderApi;
  });

  it('creates, reads, replaces, deactivates, activates and deletes a provider', async () => {
    const created = await api.createIdentityProvider({ identityProvider: provider(`Life ${mark}`) });
    const idpId = created.id!;
    expect(idpId).toMatch(/^0oa[A-Za-z0-9]{17}$/);
    expect(created).toMatchObject({ name: `Life ${mark}`, status: 'ACTIVE', type: 'OIDC' });
    expect(created.created).toBeInstanceOf(Date);
    expect(created.protocol).toBeInstanceOf(okta.ProtocolOidc ?? Object);

    const read = await api.getIdentityProvider({ idpId });
    expect(read.protocol).toMatchObject({ credentials: { client: { client_secret: 'your-client-secret' } } });
    expect(read.policy).toMatchObject({ maxClockSkew: 120000, accountLink: { action: 'AUTO' } });

    read.name = `Renamed ${mark}`;
    const replaced = await api.replaceIdentityProvider({ idpId, identityProvider: read });
    expect(replaced.name).toBe(`Renamed ${mark}`);
    expect((await api.getIdentityProvider({ idpId })).name).toBe(`Renamed ${mark}`);

    expect((await api.deactivateIdentityProvider({ idpId })).status).toBe('INACTIVE');
    expect((await api.activateIdentityProvider({ idpId })).status).toBe('ACTIVE');
    await api.deleteIdentityProvider({ idpId });
    await expect(api.getIdentityProvider({ idpId })).rejects.toMatchObject({ status: 404, errorCode: 'E0000007' });
  });

  it('lists providers by name and type, page by page', async () => {
    const ids: string[] = [];
    for (const name of ['One', 'Two', 'Three']) {
      const { id } = await api.createIdentityProvider({ identityProvider: provider(`${name} ${mark}`) });
      ids.push(id!);
    }
    const all = await namesOf(await api.listIdentityProviders({ limit: 1 }));
    expect(all).toEqual(expect.arrayContaining([`One ${mark}`, `Two ${mark}`, `Three ${mark}`]));
    expect(new Set(all).size).toBe(all.length);
    expect(await namesOf(await api.listIdentityProviders({ q: 'one' }))).toEqual([`One ${mark}`]);
    expect(await namesOf(await api.listIdentityProviders({ type: 'OIDC', limit: 2 }))).toHaveLength(all.length);
    expect(await namesOf(await api.listIdentityProviders({ type: 'SAML2' }))).toEqual([]);
    for (const idpId of ids) await api.deleteIdentityProvider({ idpId });
  });

  it('links a user, finds the link from both ends, and unlinks', async () => {
    const { id: idpId } = (await api.createIdentityProvider({ identityProvider: provider(`Links ${mark}`) })) as {
      id: string;
    };
    const profile = {
      firstName: 'Ada',
      lastName: 'Lovelace',
      email: `ada-${mark}@example.com`,
      login: `ada-${mark}@example.com`,
    };
    const user = await hub.api<{ id: string }>('POST', '/api/v1/users?activate=false', { profile });
    const at = { idpId, userId: user.id };

    const link = await api.linkUserToIdentityProvider({
      ...at,
      userIdentityProviderLinkRequest: { externalId: '121749775026145' },
    });
    expect(link).toMatchObject({ id: user.id, externalId: '121749775026145' });
    expect((await api.getIdentityProviderApplicationUser(at)).externalId).toBe('121749775026145');
    const linked: (string | undefined)[] = [];
    await (await api.listIdentityProviderApplicationUsers({ idpId })).each((one) => {
      linked.push(one?.id);
    });
    expect(linked).toEqual([user.id]);
    expect(await namesOf(await api.listUserIdentityProviders({ userId: user.id }))).toEqual([`Links ${mark}`]);
    const tokens: unknown[] = [];
    await (await api.listSocialAuthTokens(at)).each((token) => {
      tokens.push(token);
    });
    expect(tokens).toEqual([]);
    await api.unlinkUserFromIdentityProvider(at);
    await expect(api.getIdentityProviderApplicationUser(at)).rejects.toMatchObject({ status: 404 });
    await api.deleteIdentityProvider({ idpId });
  });

  it('is told why a provider is refused', async () => {
    const refused = (input: Input) =>
      api.createIdentityProvider({ identityProvider: input }).then(
        () => null,
        (error) => error,
      );
    const { id: idpId } = (await api.createIdentityProvider({ identityProvider: provider(`Taken ${mark}`) })) as {
      id: string;
    };
    expect(await refused(provider(`taken ${mark}`))).toMatchObject({
      status: 400,
      errorCode: 'E0000001',
      errorCauses: [{ errorSummary: 'name: An object with this field already exists in the current organization' }],
    });
    const unknown = { ...provider('Unknown'), type: 'LINKEDIN' } as Input;
    expect((await refused(unknown)).errorCauses[0].errorSummary).toContain('type: "LINKEDIN" is not available');
    await api.deleteIdentityProvider({ idpId });
  });
});

describe('a provider', () => {
  it('comes with its profile and its mapping, and leaves with them and its links', async () => {
    const idp = await hub.api<{ id: string }>('POST', '/api/v1/idps', provider('Whole'));
    const schema = await hub.api<{ definitions: object }>('GET', `/api/v1/meta/schemas/apps/${idp.id}/default`);
    expect(Object.keys(schema.definitions)).toEqual(expect.arrayContaining(['base', 'custom']));
    const mappings = await hub.api<{ source: { id: string } }[]>('GET', `/api/v1/mappings?sourceId=${idp.id}`);
    expect(mappings.map(({ source }) => source.id)).toEqual([idp.id]);
    const profile = { firstName: 'Grace', lastName: 'Hopper', email: 'grace@example.com', login: 'grace@example.com' };
    const user = await hub.api<{ id: string }>('POST', '/api/v1/users?activate=false', { profile });
    await hub.api('POST', `/api/v1/idps/${idp.id}/users/${user.id}`, { externalId: 'x' });

    expect((await hub.call('DELETE', `/api/v1/idps/${idp.id}`)).status).toBe(204);
    expect((await hub.call('GET', `/api/v1/meta/schemas/apps/${idp.id}/default`)).status).toBe(404);
    expect(await hub.api('GET', `/api/v1/mappings?sourceId=${idp.id}`)).toEqual([]);
    expect(await hub.api('GET', `/api/v1/users/${user.id}/idps`)).toEqual([]);
  });

  it('matches by an attribute of the user profile that exists, and names groups that exist', async () => {
    const matching = (matchAttribute: string) => {
      const body = provider(`By ${matchAttribute}`) as unknown as { policy: { subject: object } };
      body.policy.subject = { ...body.policy.subject, matchType: 'CUSTOM_ATTRIBUTE', matchAttribute };
      return hub.call('POST', '/api/v1/idps', body);
    };
    expect((await matching('nickName')).status).toBe(200);
    expect((await matching('nobody')).status).toBe(400);
    const group = await hub.api<{ id: string }>('POST', '/api/v1/groups', { profile: { name: 'Verified people' } });
    const assigning = (id: string) => {
      const body = provider(`Into ${id}`) as unknown as { policy: { provisioning: object } };
      body.policy.provisioning = { ...body.policy.provisioning, groups: { action: 'ASSIGN', assignments: [id] } };
      return hub.call('POST', '/api/v1/idps', body);
    };
    expect((await assigning(group.id)).status).toBe(200);
    expect((await assigning('00gnobody')).status).toBe(400);
  });
});
