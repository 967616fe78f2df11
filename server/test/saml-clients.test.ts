/** SAML providers and their keys as the client library (contract §17) and Terraform (§19) drive them. */
import okta from '@okta/okta-sdk-nodejs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from './support/app.ts';
import { SSO_URL, samlBody } from './support/saml-federation.ts';
import { rsaKeys } from './support/saml-signer.ts';

type Api = InstanceType<typeof okta.Client>['identityProviderApi'];
type Input = Parameters<Api['createIdentityProvider']>[0]['identityProvider'];

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub?.close());

describe.each([
  ['with its cache', {}],
  ['without a cache', { cacheMiddleware: null }],
])('the client library, %s,', (_name, options) => {
  const client = () => new okta.Client({ orgUrl: hub.url, token: hub.token, ...options }).identityProviderApi;

  it('manages certificates, a provider and its keys', async () => {
    const api = client();
    const [one, two] = [rsaKeys(), rsaKeys()];
    const key = await api.createIdentityProviderKey({ jsonWebKey: { x5c: [one.certificate] } } as never);
    expect(key).toMatchObject({ kty: 'RSA', use: 'sig', x5c: [one.certificate] });
    expect((await api.getIdentityProviderKey({ keyId: key.kid!, kid: key.kid! } as never)).kid).toBe(key.kid);
    const name = `SAML ${String(_name)}`;
    const idp = await api.createIdentityProvider({
      identityProvider: samlBody(key.kid!, { name }) as unknown as Input,
    });
    const target = await api.createIdentityProvider({
      identityProvider: samlBody(key.kid!, { name: `${name} 2` }) as unknown as Input,
    });
    expect(idp.protocol).toMatchObject({
      type: 'SAML2',
      credentials: { trust: { kid: key.kid, issuer: 'api.idmelabs.com' } },
    });

    const made = await api.generateIdentityProviderSigningKey({ idpId: idp.id!, validityYears: 2 });
    const kids: string[] = [];
    const list = (await api.listIdentityProviderSigningKeys({ idpId: idp.id! })) as unknown as {
      each(visit: (key: { kid: string }) => void): Promise<void>;
    };
    await list.each(({ kid }) => void kids.push(kid));
    expect(kids).toContain(made.kid);
    expect(kids).toHaveLength(2);
    expect(
      (await api.getIdentityProviderSigningKey({ idpId: idp.id!, keyId: made.kid!, kid: made.kid! } as never)).kid,
    ).toBe(made.kid);
    const cloned = await api.cloneIdentityProviderKey({
      idpId: idp.id!,
      keyId: made.kid!,
      kid: made.kid!,
      targetIdpId: target.id!,
    } as never);
    expect(cloned.kid).toBe(made.kid);

    await expect(api.deleteIdentityProviderKey({ keyId: key.kid!, kid: key.kid! } as never)).rejects.toMatchObject({
      status: 400,
    });
    const spare = await api.createIdentityProviderKey({ jsonWebKey: { x5c: [two.certificate] } } as never);
    const listed: string[] = [];
    await (await api.listIdentityProviderKeys()).each((each) => void listed.push(each?.kid ?? ''));
    expect(listed).toEqual(expect.arrayContaining([key.kid, spare.kid]));
    const replaced = await api.replaceIdentityProviderKey({
      keyId: spare.kid!,
      idPKeyCredential: { x5c: [rsaKeys().certificate] },
    } as never);
    expect(replaced.kid).toBe(spare.kid);
    expect(replaced.x5c).not.toEqual(spare.x5c);
    const active: string[] = [];
    await (await api.listActiveIdentityProviderSigningKey({ idpId: idp.id! })).each(
      (each) => void active.push(each?.kid ?? ''),
    );
    expect(active).toEqual(kids.filter((kid) => kid !== made.kid));

    await api.deleteIdentityProvider({ idpId: idp.id! });
    await api.deleteIdentityProvider({ idpId: target.id! });
    for (const { kid } of [key, spare]) await api.deleteIdentityProviderKey({ keyId: kid!, kid: kid! } as never);
  });
});

describe('a link made by hand', () => {
  const format = (name: string) => `urn:oasis:names:tc:SAML:${name}`;

  it.each([
    ['persistent', { nameFormat: format('2.0:nameid-format:persistent') }, 200],
    [
      'persistent, not honoured',
      { nameFormat: format('2.0:nameid-format:persistent'), honorPersistentNameId: false },
      400,
    ],
    ['transient', { nameFormat: format('2.0:nameid-format:transient') }, 400],
    ['unspecified', { nameFormat: format('1.1:nameid-format:unspecified') }, 400],
    ['emailAddress', { nameFormat: format('1.1:nameid-format:emailAddress') }, 400],
  ])('needs a NameID that lasts: %s', async (name, settings, expected) => {
    const { certificate } = rsaKeys();
    const { kid } = await hub.api<{ kid: string }>('POST', '/api/v1/idps/credentials/keys', { x5c: [certificate] });
    const idp = await hub.api<{ id: string }>('POST', '/api/v1/idps', samlBody(kid, { name: `By ${name}`, settings }));
    const me = await hub.api<{ id: string }>('GET', '/api/v1/users/me');
    const { status } = await hub.call('POST', `/api/v1/idps/${idp.id}/users/${me.id}`, { externalId: 'name-id' });
    expect(status).toBe(expected);
  });
});

describe('Terraform', () => {
  it('okta_idp_saml_key and okta_idp_saml: what was written is read again, and what was deleted is gone', async () => {
    const { certificate } = rsaKeys();
    const wrapped = certificate.match(/.{1,64}/g)!.join('\n');
    const key = await hub.api<{ kid: string; x5c: string[] }>('POST', '/api/v1/idps/credentials/keys', {
      x5c: [wrapped],
    });
    expect(key.x5c).toEqual([wrapped]);
    expect(await hub.api('GET', `/api/v1/idps/credentials/keys/${key.kid}`)).toEqual(key);
    const renewed = { x5c: [rsaKeys().certificate] };
    const updated = await hub.api<{ kid: string; x5c: string[] }>(
      'PUT',
      `/api/v1/idps/credentials/keys/${key.kid}`,
      renewed,
    );
    expect(updated).toMatchObject({ kid: key.kid, ...renewed });
    expect(await hub.api('GET', `/api/v1/idps/credentials/keys/${key.kid}`)).toEqual(updated);
    const body = {
      ...samlBody(key.kid, { name: 'By Terraform' }),
      issuerMode: 'ORG_URL',
      status: 'ACTIVE',
    };
    const made = await hub.api<Record<string, unknown> & { id: string }>('POST', '/api/v1/idps', body);
    expect(await hub.api('GET', `/api/v1/idps/${made.id}`)).toEqual(made);
    expect(made).not.toHaveProperty('issuerMode');
    expect(made).toMatchObject({
      protocol: {
        endpoints: { sso: { url: SSO_URL, destination: SSO_URL, binding: 'HTTP-POST' }, acs: { type: 'INSTANCE' } },
        algorithms: { request: { signature: { scope: 'REQUEST' } }, response: { signature: { scope: 'ANY' } } },
        credentials: { trust: { revocation: null, revocationCacheLifetime: 0 }, signing: { kid: expect.any(String) } },
      },
      _links: {
        metadata: { href: `${hub.url}/api/v1/idps/${made.id}/metadata.xml` },
        acs: { href: `${hub.url}/sso/saml2/${made.id}` },
      },
    });
    const mappings = await hub.api<{ id: string }[]>('GET', `/api/v1/mappings?limit=200&sourceId=${made.id}`);
    expect(await hub.api('GET', `/api/v1/mappings/${mappings[0]!.id}`)).toMatchObject({
      source: { name: 'saml_idp' },
      properties: { login: { expression: 'source.userName', pushStatus: 'PUSH' } },
    });
    expect((await hub.api<{ id: string }[]>('GET', '/api/v1/idps?type=SAML2')).map(({ id }) => id)).toContain(made.id);
    const changed = await hub.api<{ name: string }>('PUT', `/api/v1/idps/${made.id}`, { ...made, name: 'Renamed' });
    expect(changed.name).toBe('Renamed');
    const withTrust = (more: object) => {
      const body = samlBody(key.kid, { name: 'Renamed' });
      return {
        ...body,
        protocol: { ...body.protocol, credentials: { trust: { ...body.protocol.credentials.trust, ...more } } },
      };
    };
    const unchecked = await hub.call('PUT', `/api/v1/idps/${made.id}`, withTrust({ revocation: 'CRL' }));
    expect([unchecked.status, JSON.stringify(unchecked.body)]).toEqual([
      400,
      expect.stringContaining('trust.revocation'),
    ]);
    expect(await hub.api('PUT', `/api/v1/idps/${made.id}`, withTrust({ revocationCacheLifetime: 2880 }))).toMatchObject(
      {
        protocol: { credentials: { trust: { revocation: null, revocationCacheLifetime: 2880 } } },
      },
    );
    await hub.api('POST', `/api/v1/idps/${made.id}/lifecycle/deactivate`);
    await hub.api('DELETE', `/api/v1/idps/${made.id}`);
    expect((await hub.call('GET', `/api/v1/idps/${made.id}`)).status).toBe(404);
    await hub.api('DELETE', `/api/v1/idps/credentials/keys/${key.kid}`);
    expect((await hub.call('GET', `/api/v1/idps/credentials/keys/${key.kid}`)).status).toBe(404);
  });
});
