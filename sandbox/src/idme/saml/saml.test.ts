import { type Profile, type SAML, ValidateInResponseTo } from '@node-saml/node-saml';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from '../../../test/browser.ts';
import {
  ACS,
  AUDIENCE,
  CONTEXT,
  formOf,
  LOGOUT,
  messageOf,
  newKeyPair,
  ours,
  pem,
  postRequest,
  registerServiceProvider,
  requestForm,
  serviceProvider,
} from '../../../test/service-provider.ts';
import { ALEX } from '../../../test/wire.ts';
import { type RunningIdme, startIdme } from '../index.ts';

let idme: RunningIdme;
beforeAll(async () => {
  idme = await startIdme({ port: 0 });
});
afterAll(() => idme.close());
beforeEach(() => {
  registerServiceProvider(idme);
  idme.control.defaults.setApproval(idme.control.persons.find(ALEX)?.uuid ?? '', null, null);
});

const profileOf = async (saml: SAML, page: string) =>
  (await saml.validatePostResponseAsync({ SAMLResponse: formOf(page).fields.SAMLResponse ?? '' })).profile;

describe('a Response', () => {
  test('says who the person is, in the words of ID.me', async () => {
    const saml = serviceProvider(idme);
    const { text } = await postRequest(idme, saml);
    expect(formOf(text)).toMatchObject({ action: ACS, fields: { RelayState: 'r1' } });
    const person = idme.control.persons.find(ALEX);
    expect(await profileOf(saml, text)).toMatchObject({
      issuer: 'api.idmelabs.com',
      nameID: person?.uuid,
      nameIDFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
      nameQualifier: 'api.idmelabs.com',
      spNameQualifier: AUDIENCE,
      uuid: person?.uuid,
      email: ALEX,
      fname: person?.fname,
      lname: person?.lname,
      birth_date: person?.birth_date,
      transaction_ial: '2',
      identity_group: 'identity',
      identity_subgroups: ['IAL2', 'AAL2'],
    });
  });

  test.each(['aes256-cbc', 'aes128-cbc', 'aes256-gcm', 'aes128-gcm'])('is encrypted with %s', async (encryption) => {
    registerServiceProvider(idme, { encryption });
    const saml = serviceProvider(idme);
    const { text } = await postRequest(idme, saml);
    expect(messageOf(text)).toContain(`#${encryption}"`);
    expect(messageOf(text)).not.toContain(ALEX);
    expect(await profileOf(saml, text)).toMatchObject({ email: ALEX });
  });

  test.each([
    ['assertion', 'sha256', { wantAssertionsSigned: true }],
    ['response', 'sha256', { wantAuthnResponseSigned: true }],
    ['both', 'sha256', { wantAssertionsSigned: true, wantAuthnResponseSigned: true }],
    ['both', 'sha512', { wantAssertionsSigned: true, wantAuthnResponseSigned: true }],
  ])('signed as %s with %s is what was agreed', async (signs, signature_algorithm, wanted) => {
    registerServiceProvider(idme, { signs, signature_algorithm });
    const saml = serviceProvider(idme, wanted);
    const { text } = await postRequest(idme, saml);
    expect(await profileOf(saml, text)).toMatchObject({ email: ALEX });
    if (signs !== 'assertion') expect(messageOf(text)).toContain(`rsa-${signature_algorithm}"`);
  });

  test('signed as assertion does not satisfy who wants the Response signed', async () => {
    registerServiceProvider(idme, { signs: 'assertion' });
    const saml = serviceProvider(idme, { wantAuthnResponseSigned: true });
    await expect(profileOf(saml, (await postRequest(idme, saml)).text)).rejects.toThrow();
  });

  test('names the person by e-mail address where that was asked', async () => {
    const saml = serviceProvider(idme, {
      identifierFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
    });
    expect(await profileOf(saml, (await postRequest(idme, saml)).text)).toMatchObject({ nameID: ALEX });
  });
});

describe('a request', () => {
  const plain = () => `${idme.url}/saml/SingleSignOnService`;

  test('by redirect is as good as by form', async () => {
    const saml = serviceProvider(idme, { authnRequestBinding: 'HTTP-Redirect' });
    const { text } = await createBrowser(idme.url).get(await saml.getAuthorizeUrlAsync('r2', undefined, {}));
    expect(formOf(text).fields.RelayState).toBe('r2');
    expect(await profileOf(saml, text)).toMatchObject({ email: ALEX });
  });

  test('by redirect whose RelayState was changed ends on a page', async () => {
    const saml = serviceProvider(idme, { authnRequestBinding: 'HTTP-Redirect' });
    const address = (await saml.getAuthorizeUrlAsync('r2', undefined, {})).replace('RelayState=r2', 'RelayState=r3');
    const { status, text } = await createBrowser(idme.url).get(address);
    expect([status, formOf(text).fields]).toEqual([400, {}]);
  });

  test('may name its policy as RequestedAuthnContext', async () => {
    registerServiceProvider(idme, { encryption: 'none' });
    const context = 'http://idmanagement.gov/ns/assurance/loa/3';
    const saml = serviceProvider(idme, {
      entryPoint: plain(),
      disableRequestedAuthnContext: false,
      authnContext: [context],
    });
    const { text } = await postRequest(idme, saml);
    expect(messageOf(text)).toContain(`<saml:AuthnContextClassRef>${context}</saml:AuthnContextClassRef>`);
    expect(await profileOf(saml, text)).toMatchObject({ level_of_assurance: '3', multifactor: 'true' });
  });

  test('for a policy that was not agreed fails as NoAuthnContext', async () => {
    registerServiceProvider(idme, { policies: ['teacher'] });
    const { text } = await postRequest(idme, serviceProvider(idme));
    expect(messageOf(text)).toContain('status:NoAuthnContext');
    expect(messageOf(text)).not.toContain('Assertion ');
  });

  test('for a community policy gets its group', async () => {
    const saml = serviceProvider(idme, { entryPoint: `${plain()}?AuthnContext=teacher` });
    const { text } = await postRequest(idme, saml);
    expect(await profileOf(saml, text)).toMatchObject({
      group: 'teacher',
      subgroups: 'K-12 Teacher',
      verified: 'true',
    });
  });

  test.each<[string, () => Promise<{ status: number; text: string }>]>([
    [
      'unsigned',
      async () => {
        const unsigned = serviceProvider(idme, { privateKey: undefined as unknown as string });
        return postRequest(idme, unsigned);
      },
    ],
    ['signed with another key', async () => postRequest(idme, serviceProvider(idme, { ...keysOf(newKeyPair()) }))],
    [
      'changed after it was signed',
      async () => {
        const { action, fields } = await requestForm(serviceProvider(idme));
        const changed = Buffer.from(fields.SAMLRequest ?? '', 'base64')
          .toString()
          .replace(ACS, 'http://localhost:9/elsewhere');
        return createBrowser(idme.url).post(action, { SAMLRequest: Buffer.from(changed).toString('base64') });
      },
    ],
    ['signed with SHA-1', async () => postRequest(idme, serviceProvider(idme, { signatureAlgorithm: 'sha1' }))],
    [
      'of an unknown application',
      async () => postRequest(idme, serviceProvider(idme, { issuer: 'https://nobody.test' })),
    ],
    [
      'for an ACS that is not registered',
      async () => postRequest(idme, serviceProvider(idme, { callbackUrl: 'http://localhost:9/other' })),
    ],
    [
      'whose Destination lacks the query',
      async () => {
        const { fields } = await requestForm(serviceProvider(idme, { entryPoint: plain() }));
        return createBrowser(idme.url).post(`${plain()}?AuthnContext=${CONTEXT}`, fields);
      },
    ],
    ['without a message', async () => createBrowser(idme.url).post(plain(), {})],
    ['that is no XML', async () => createBrowser(idme.url).post(plain(), { SAMLRequest: 'bm8geG1s' })],
  ])('%s ends on a page', async (_kind, send) => {
    const { status, text } = await send();
    expect(status).toBe(400);
    expect(formOf(text).fields).toEqual({});
  });

  test('that is passive cannot be answered without a person', async () => {
    idme.control.defaults.clearApproval();
    const { text } = await postRequest(idme, serviceProvider(idme, { passive: true }));
    expect(messageOf(text)).toContain('status:NoPassive');
  });
});

const keysOf = ({ privateKey, certificate }: ReturnType<typeof newKeyPair>) => ({
  privateKey,
  publicCert: pem(certificate),
});

describe('a person', () => {
  test('chooses, sees what is shared, and allows or denies', async () => {
    idme.control.defaults.clearApproval();
    const person = idme.control.persons.find(ALEX)?.uuid ?? '';
    for (const decision of ['allow', 'deny']) {
      const saml = serviceProvider(idme);
      const { action, fields } = await requestForm(saml);
      const browser = createBrowser(idme.url);
      const { location } = await browser.post(action, fields);
      expect((await browser.get(location)).text).toContain('saml_wrong_issuer');
      const consent = await browser.follow(await browser.post(location, { person, fault: '', parameter: '' }));
      expect(consent.text).toContain('identity_subgroups');
      const { text } = await browser.post(`${location}/consent`, { person, fault: '', parameter: '', decision });
      if (decision === 'allow') expect(await profileOf(saml, text)).toMatchObject({ email: ALEX });
      else expect(messageOf(text)).toContain('Subject did not consent to attribute release');
    }
  });

  test('is told when nothing waits any more', async () => {
    expect((await createBrowser(idme.url).get('/sign-in/saml-0')).status).toBe(400);
  });
});

describe('a start without a request', () => {
  test("gives an unsolicited Response, by the page or by ID.me's own address", async () => {
    registerServiceProvider(idme, { encryption: 'none' });
    const browser = createBrowser(idme.url);
    expect((await browser.get('/saml/start')).text).toContain(AUDIENCE);
    const query = new URLSearchParams({
      EntityID: AUDIENCE,
      Binding: 'POST',
      AuthnContext: CONTEXT,
      RelayState: 'home',
    });
    const { text } = await browser.get(`/saml/SingleSignOnService?${query}`);
    expect(formOf(text).fields.RelayState).toBe('home');
    expect(messageOf(text)).not.toContain('InResponseTo');
    expect(messageOf(text)).toContain(ALEX);
  });
});

describe('sign-out', () => {
  // The library looks for InResponseTo in a login's Response only, so that it cannot check it in the form of a sign-out.
  const byRedirect = { authnRequestBinding: 'HTTP-Redirect', validateInResponseTo: ValidateInResponseTo.never };
  const profile = { issuer: 'api.idmelabs.com', nameID: 'n1', nameIDFormat: 'f', ID: '_1' };

  test('by redirect is answered by form, signed', async () => {
    const saml = serviceProvider(idme, byRedirect);
    const { status, text } = await createBrowser(idme.url).get(await saml.getLogoutUrlAsync(profile, 'bye', {}));
    expect([status, formOf(text).action, formOf(text).fields.RelayState]).toEqual([200, LOGOUT, 'bye']);
    const answer = { SAMLResponse: formOf(text).fields.SAMLResponse ?? '' };
    expect(await saml.validatePostResponseAsync(answer)).toMatchObject({ loggedOut: true });
  });

  test('is answered by redirect where the metadata says so', async () => {
    registerServiceProvider(idme, { certificate: '', logout_url: '', metadata: spMetadata(ours.certificate) });
    const saml = serviceProvider(idme, { authnRequestBinding: 'HTTP-Redirect' });
    const { status, location } = await createBrowser(idme.url).get(await saml.getLogoutUrlAsync(profile, 'bye', {}));
    const query = new URL(location).search.slice(1);
    const container = Object.fromEntries(new URLSearchParams(query));
    expect([status, container.RelayState]).toEqual([303, 'bye']);
    expect(await saml.validateRedirectAsync(container, query)).toMatchObject({ loggedOut: true });
  });

  test('can begin here: the last session is named, and the answer of the application is verified', async () => {
    const saml = serviceProvider(idme);
    await postRequest(idme, saml);
    const browser = createBrowser(idme.url);
    const end = `/saml/end?${new URLSearchParams({ EntityID: AUDIENCE })}`;
    const { SAMLRequest = '' } = formOf((await browser.get(end)).text).fields;
    const { profile: asked } = await saml.validatePostRequestAsync({ SAMLRequest });
    expect(asked).toMatchObject({ issuer: 'api.idmelabs.com', nameID: idme.control.persons.find(ALEX)?.uuid });
    for (const [party, success, status] of [
      [serviceProvider(idme, byRedirect), true, 200],
      [serviceProvider(idme, byRedirect), false, 400],
      [serviceProvider(idme, { ...byRedirect, ...keysOf(newKeyPair()) }), true, 400],
    ] as const) {
      const answer = await party.getLogoutResponseUrlAsync(asked as Profile, '', {}, success);
      expect((await browser.get(answer)).status).toBe(status);
    }
  });

  test('has nothing to end where nobody signed in', async () => {
    expect((await createBrowser(idme.url).get('/saml/end?EntityID=nobody')).status).toBe(400);
  });

  test('that is not signed by the application ends on a page', async () => {
    const stranger = serviceProvider(idme, { ...byRedirect, ...keysOf(newKeyPair()) });
    const { status } = await createBrowser(idme.url).get(await stranger.getLogoutUrlAsync(profile, 'bye', {}));
    expect(status).toBe(400);
  });
});

const spMetadata = (certificate: string) =>
  `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${AUDIENCE}"><SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><KeyDescriptor><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>
${certificate}
</X509Certificate></X509Data></KeyInfo></KeyDescriptor><SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${LOGOUT}"/><AssertionConsumerService index="0" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${ACS}"/></SPSSODescriptor></EntityDescriptor>`;
