import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBrowser } from '../../../../test/browser.ts';
import { ACS, AUDIENCE, CONTEXT, LOGOUT, newKeyPair, pem } from '../../../../test/service-provider.ts';
import { type RunningIdme, startIdme } from '../../index.ts';

let idme: RunningIdme;
beforeAll(async () => {
  idme = await startIdme({ port: 0 });
});
afterAll(() => idme.close());

const signing = newKeyPair().certificate;
const encryption = newKeyPair().certificate;
const key = (use: string, certificate: string) =>
  `<md:KeyDescriptor${use}><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>\n${certificate}\n</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`;
const metadata = (keys: string) =>
  `<?xml version="1.0"?><md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${AUDIENCE}"><md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${keys}<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${LOGOUT}"/><md:AssertionConsumerService index="0" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact" Location="http://localhost:9/artifact"/><md:AssertionConsumerService index="1" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${ACS}"/></md:SPSSODescriptor></md:EntityDescriptor>`;

const register = async (body: object) => {
  const response = await fetch(`${idme.url}/control/service-providers`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

describe('by the control API', () => {
  test('metadata says everything, and what the application needs comes back', async () => {
    const keys = `${key(' use="signing"', signing)}${key(' use="encryption"', encryption)}`;
    const { status, body } = await register({ metadata: metadata(keys) });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      entity_id: AUDIENCE,
      acs_urls: [ACS],
      logout: { url: LOGOUT },
      signing_certificates: [signing],
      encryption_certificate: encryption,
      encryption: 'aes256-cbc',
      issuer: 'api.idmelabs.com',
      sso_url: `${idme.url}/saml/SingleSignOnService`,
      idp_certificate: idme.control.saml.keys.signing().certificate,
    });
    const published = await (await fetch(body.metadata_url as string)).text();
    expect(published).toContain(body.idp_certificate);
  });

  test('a key without a use counts for both', async () => {
    const { body } = await register({ metadata: metadata(key('', signing)) });
    expect(body).toMatchObject({ signing_certificates: [signing], encryption_certificate: signing });
  });

  test('audience, ACS and certificate are enough, in each of the usual forms', async () => {
    for (const certificate of [signing, pem(signing), `<ds:X509Certificate>${signing}</ds:X509Certificate>`]) {
      const { body } = await register({ audience: AUDIENCE, acs_urls: [ACS], certificate });
      expect(body).toMatchObject({ signing_certificates: [signing], encryption_certificate: signing });
    }
  });

  test.each<[string, object]>([
    ['audience', { acs_urls: [ACS], certificate: signing }],
    ['acs_urls', { audience: AUDIENCE, certificate: signing }],
    ['acs_urls', { audience: AUDIENCE, acs_urls: ['javascript:alert(1)'], certificate: signing }],
    ['certificate', { audience: AUDIENCE, acs_urls: [ACS] }],
    ['certificate', { audience: AUDIENCE, acs_urls: [ACS], certificate: 'bm8=' }],
    ['policies', { audience: AUDIENCE, acs_urls: [ACS], certificate: signing, policies: ['nobody'] }],
    ['encryption', { audience: AUDIENCE, acs_urls: [ACS], certificate: signing, encryption: 'tripledes' }],
    ['encryption', { metadata: metadata(key(' use="signing"', signing)) }],
  ])('%s is named when it does not fit', async (field, body) => {
    expect(await register(body)).toMatchObject({ status: 400, body: { message: expect.stringMatching(`^${field}:`) } });
  });
});

describe('by the page', () => {
  test('hands back issuer, sign-on address and certificate', async () => {
    const browser = createBrowser(idme.url);
    const form = { audience: AUDIENCE, acs_url: ACS, certificate: pem(signing), policy: CONTEXT };
    const { status, text } = await browser.post('/desk/saml', form);
    expect(status).toBe(200);
    expect(text).toContain('<code>api.idmelabs.com</code>');
    expect(text).toContain(`${idme.url}/saml/SingleSignOnService?AuthnContext=${CONTEXT}`);
    expect(text).toContain(idme.control.saml.keys.signing().certificate);
    expect((await browser.get('/desk/saml')).text).toContain(AUDIENCE);
  });

  test('keeps what was entered when something is missing', async () => {
    const { status, text } = await createBrowser(idme.url).post('/desk/saml', {
      audience: 'https://kept.test',
      policy: CONTEXT,
    });
    expect([status, text.includes('https://kept.test'), text.includes('role="alert"')]).toEqual([400, true, true]);
  });
});
