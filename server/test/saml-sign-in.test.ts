import { verify, X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SignedXml } from 'xml-crypto';
import { startHub, type TestHub } from './support/app.ts';
import { createBrowser } from './support/browser.ts';
import { authorizeUrl, createClient } from './support/federation.ts';
import {
  ATTRIBUTES,
  askedIn,
  CONTEXT,
  federateSaml,
  ISSUER,
  postSaml,
  type SamlFederation,
  SSO_URL,
  samlAnswer,
  samlBody,
  startSaml,
} from './support/saml-federation.ts';
import { base64, rsaKeys, signLogout } from './support/saml-signer.ts';

let hub: TestHub;
let idp: SamlFederation;

beforeAll(async () => {
  hub = await startHub();
  idp = await federateSaml(hub);
});
afterAll(() => hub?.close());

type User = { id: string; status: string; profile: Record<string, unknown> };
const userNamed = async (login: string) =>
  (await hub.api<User[]>('GET', '/api/v1/users')).find((user) => user.profile.login === login);
const failures = async () =>
  (await hub.events('user.authentication.auth_via_IDP')).filter(({ outcome }) => outcome.result === 'FAILURE');

async function signIn(more: Parameters<typeof samlAnswer>[3] = {}, of = idp, browser = createBrowser()) {
  const asked = await startSaml(hub, browser, of);
  const answer = await samlAnswer(of, hub.clock.now(), asked.requestId, more);
  return { browser, asked, answer, back: await postSaml(browser, of.acsUrl, answer, asked.relayState) };
}

describe('the request', () => {
  it('is posted to the SSO address with its query kept, signed, and names the hub', async () => {
    const asked = await startSaml(hub, createBrowser(), idp);
    expect(asked.action).toBe(SSO_URL);
    expect(asked.relayState.length).toBeLessThanOrEqual(80);
    expect(asked.xml).toContain(`Destination="${SSO_URL}"`);
    expect(asked.xml).toContain(`AssertionConsumerServiceURL="${hub.url}/sso/saml2/${idp.idpId}"`);
    expect(asked.xml).toContain(`>${idp.audience}</saml:Issuer>`);
    const [key] = await hub.api<{ x5c: string[] }[]>('GET', `/api/v1/idps/${idp.idpId}/credentials/keys`);
    const signature = /<ds:Signature[\s\S]*<\/ds:Signature>/.exec(asked.xml)![0];
    const checker = new SignedXml({
      publicCert: `-----BEGIN CERTIFICATE-----\n${key!.x5c[0]}\n-----END CERTIFICATE-----`,
    });
    checker.loadSignature(signature);
    expect(checker.checkSignature(asked.xml)).toBe(true);
  });

  it('by redirect carries a signature over the query that is sent', async () => {
    const redirecting = await federateSaml(hub, {
      name: 'By redirect',
      protocol: {
        endpoints: {
          sso: { url: SSO_URL, binding: 'HTTP-REDIRECT', destination: SSO_URL },
          acs: { binding: 'HTTP-POST', type: 'INSTANCE' },
        },
      },
    });
    const away = await createBrowser().get(`${hub.url}/sso/idps/${redirecting.idpId}`);
    const url = new URL(away.location!);
    expect(url.searchParams.get('AuthnContext')).toBe(CONTEXT);
    expect([...url.searchParams.keys()]).toEqual(['AuthnContext', 'SAMLRequest', 'RelayState', 'SigAlg', 'Signature']);
    const [key] = await hub.api<{ x5c: string[] }[]>('GET', `/api/v1/idps/${redirecting.idpId}/credentials/keys`);
    const sent = url.search.slice(url.search.indexOf('SAMLRequest'), url.search.indexOf('&Signature='));
    const signature = Buffer.from(url.searchParams.get('Signature')!, 'base64');
    const { publicKey } = new X509Certificate(Buffer.from(key!.x5c[0]!, 'base64'));
    expect(verify('sha256', Buffer.from(sent), publicKey, signature)).toBe(true);
    expect(verify('sha256', Buffer.from(sent.replace('RelayState=', 'RelayState=x')), publicKey, signature)).toBe(
      false,
    );
  });
});

describe('a person whom the provider vouches for', () => {
  it('is created with the mapped attributes, linked by the persistent NameID, and signed in', async () => {
    const { back } = await signIn();
    expect(back.location).toBe(`${hub.url}/`);
    const user = await userNamed('gary@example.com');
    expect(user?.status).toBe('ACTIVE');
    expect(user?.profile).toMatchObject({
      firstName: 'Gary',
      lastName: 'Twinkle',
      email: 'gary@example.com',
      idme_uuid: '88f572d491af46efa393cba6c351e252',
      identity_subgroups: 'IAL2,AAL2',
    });
    const links = await hub.api<{ externalId: string }[]>('GET', `/api/v1/idps/${idp.idpId}/users`);
    expect(links).toMatchObject([{ externalId: '88f572d491af46efa393cba6c351e252' }]);
    const event = (await hub.events('user.authentication.auth_via_IDP')).at(-1);
    expect(event?.outcome).toEqual({ result: 'SUCCESS', reason: 'JIT' });
    expect(event?.target[0]).toMatchObject({ alternateId: 'ID.me IdP - SAML', displayName: 'SAML 2.0 IdP' });
  });

  it('stays the same user with another address, and is updated', async () => {
    const before = await userNamed('gary@example.com');
    await signIn({ attributes: { ...ATTRIBUTES, email: 'gary.new@example.com' } });
    const after = await userNamed('gary.new@example.com');
    expect(after?.id).toBe(before?.id);
    await signIn();
  });

  it.each(['response', 'both'] as const)('is believed with the signature at %s', async (signed) => {
    expect((await signIn({ signed })).back.location).toBe(`${hub.url}/`);
  });

  it('is matched anew each time where the NameID is not persistent', async () => {
    const format = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress';
    const before = await hub.api<unknown[]>('GET', `/api/v1/idps/${idp.idpId}/users`);
    for (let i = 0; i < 2; i++) {
      const attributes = { ...ATTRIBUTES, email: 'mail@example.com' };
      const { back } = await signIn({ nameId: 'mail@example.com', nameIdFormat: format, attributes });
      expect(back.location).toBe(`${hub.url}/`);
    }
    expect(await hub.api<unknown[]>('GET', `/api/v1/idps/${idp.idpId}/users`)).toEqual(before);
    expect(await userNamed('mail@example.com')).toBeDefined();
  });

  it('can be sent an encrypted assertion for the certificate in the metadata; which key was used is on record', async () => {
    const [key] = await hub.api<{ x5c: string[]; kid: string }[]>('GET', `/api/v1/idps/${idp.idpId}/credentials/keys`);
    const certificate = new X509Certificate(Buffer.from(key!.x5c[0]!, 'base64'));
    const encryptFor = { ...rsaKeys(), publicKey: certificate.publicKey, certificate: key!.x5c[0]! };
    expect((await signIn({ encryptFor })).back.location).toBe(`${hub.url}/`);
    // Nobody who signs in waits for this note.
    const keys = () => hub.api<{ lastUsed: string }[]>('GET', `/api/v1/idps/${idp.idpId}/credentials/keys`);
    await expect.poll(async () => (await keys())[0]!.lastUsed).toBe(hub.clock.now().toISOString());
  });
});

describe('the preset of ID.me', () => {
  it('reads fname and lname under the names of the provider’s profile', async () => {
    const of = await federateSaml(hub, { name: 'By preset', preset: 'idme-saml' });
    const [mapping] = await hub.api<{ id: string }[]>('GET', `/api/v1/mappings?sourceId=${of.idpId}`);
    const push = (expression: string) => ({ expression, pushStatus: 'PUSH' });
    await hub.api('POST', `/api/v1/mappings/${mapping!.id}`, {
      properties: { firstName: push('appuser.firstName'), lastName: push('appuser.lastName') },
    });
    await signIn({ attributes: { ...ATTRIBUTES, email: 'preset@example.com' }, nameId: 'preset' }, of);
    expect((await userNamed('preset@example.com'))?.profile).toMatchObject({ firstName: 'Gary', lastName: 'Twinkle' });
  });
});

describe('S17: one assertion', () => {
  it('signs in once, of fifty at the same time on two hubs, and never after a restart', async () => {
    const second = await startHub({ beside: hub });
    const browser = createBrowser();
    const asked = await startSaml(hub, browser, idp);
    const answer = await samlAnswer(idp, hub.clock.now(), asked.requestId);
    const before = (await failures()).length;
    const tries = Array.from({ length: 50 }, (_, i) => {
      const jars = new Map([[new URL(hub.url).host, new Map(browser.cookies(new URL(hub.url).host))]]);
      const reach = (url: string) => (i % 2 === 0 ? url : url.replace(hub.url, second.url));
      return postSaml(createBrowser(jars, reach), idp.acsUrl, answer, asked.relayState);
    });
    const answers = await Promise.all(tries);
    expect(answers.filter(({ location }) => location !== null)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(49);
    const told = (await failures()).slice(before);
    expect(told).toHaveLength(49);
    for (const { outcome } of told) expect(outcome.reason).toContain('has already been processed by');
    await second.close();

    const third = await startHub({ beside: hub });
    const thief = createBrowser(
      new Map([[new URL(hub.url).host, new Map(browser.cookies(new URL(hub.url).host))]]),
      (url) => url.replace(hub.url, third.url),
    );
    expect((await postSaml(thief, idp.acsUrl, answer, asked.relayState)).location).toBeNull();
    await third.close();
  });
});

describe('S18-S20: an answer', () => {
  const refused = async (attempt: () => Promise<{ status: number; location: string | null }>, code: string) => {
    const before = (await failures()).length;
    const sessions = (await hub.events('user.session.start')).length;
    const back = await attempt();
    expect(back.location).toBeNull();
    expect(back.status).toBe(400);
    const told = (await failures()).slice(before);
    expect(told.map(({ debugContext }) => debugContext.debugData.code)).toEqual([code]);
    expect(await hub.events('user.session.start')).toHaveLength(sessions);
  };

  it('to no request, to another one, or in another browser is refused', async () => {
    await refused(
      async () => postSaml(createBrowser(), idp.acsUrl, await samlAnswer(idp, hub.clock.now(), null)),
      'invalid_social_state',
    );
    await refused(async () => (await signIn({ requestId: '_bogus' })).back, 'saml_in_response_to');
    const asked = await startSaml(hub, createBrowser(), idp);
    const answer = await samlAnswer(idp, hub.clock.now(), asked.requestId);
    await refused(() => postSaml(createBrowser(), idp.acsUrl, answer, asked.relayState), 'invalid_social_state');
    expect((await signIn()).back.location).toBe(`${hub.url}/`);
  });

  it('of another provider is refused at this one’s address, whatever it signs', async () => {
    const other = await federateSaml(hub, { name: 'Another', issuer: 'https://other.example' });
    await refused(async () => (await signIn({ keys: other.keys })).back, 'saml_signature_invalid');
    await refused(
      async () => (await signIn({ issuer: 'https://other.example', keys: other.keys })).back,
      'saml_issuer',
    );
    await refused(async () => (await signIn({ issuer: 'https://other.example' })).back, 'saml_issuer');
    const browser = createBrowser();
    const asked = await startSaml(hub, browser, idp);
    const answer = await samlAnswer(other, hub.clock.now(), asked.requestId, { issuer: 'https://other.example' });
    await refused(() => postSaml(browser, other.acsUrl, answer, asked.relayState), 'invalid_social_state');
  });

  it.each([
    ['recipient', { recipient: 'https://hub.example/x' }, 'saml_recipient'],
    ['audience', { audience: 'https://hub.example/x' }, 'saml_audience'],
    ['destination', { destination: 'https://hub.example/x' }, 'saml_destination'],
    ['context', { authnContext: 'http://idmanagement.gov/ns/assurance/loa/1' }, 'saml_authn_context'],
    ['status', { status: 'Responder' }, 'saml_status_not_success'],
    ['issuer', { issuer: `https://${ISSUER}` }, 'saml_issuer'],
  ])('with another %s is refused', (_what, change, code) => refused(async () => (await signIn(change)).back, code));

  it('S21: of a provider that was switched off on the way is refused', async () => {
    const browser = createBrowser();
    const asked = await startSaml(hub, browser, idp);
    await hub.api('POST', `/api/v1/idps/${idp.idpId}/lifecycle/deactivate`);
    const answer = await samlAnswer(idp, hub.clock.now(), asked.requestId);
    await refused(() => postSaml(browser, idp.acsUrl, answer, asked.relayState), 'idp_inactive');
    await hub.api('POST', `/api/v1/idps/${idp.idpId}/lifecycle/activate`);
    expect((await signIn()).back.location).toBe(`${hub.url}/`);
  });
});

describe('a sign-in that begins at the provider', () => {
  it('is possible where the provider may, once, and leads to addresses of the hub only', async () => {
    const may = await federateSaml(hub, {
      name: 'May begin',
      settings: { allowUnsolicited: true },
      protocol: undefined as never,
    });
    const body = await hub.api<{ protocol: Record<string, unknown> }>('GET', `/api/v1/idps/${may.idpId}`);
    await hub.api('PUT', `/api/v1/idps/${may.idpId}`, {
      ...body,
      protocol: { ...body.protocol, relayState: { format: 'FROM_URL' } },
    });
    const answer = await samlAnswer(may, hub.clock.now(), null);
    const first = await postSaml(createBrowser(), may.acsUrl, answer, `${hub.url}/account`);
    expect(first.location).toBe(`${hub.url}/account`);
    expect((await postSaml(createBrowser(), may.acsUrl, answer)).location).toBeNull();
    expect((await failures()).at(-1)?.debugContext.debugData.code).toBe('saml_replayed');
    for (const target of ['https://evil.example/', '//evil.example', '/\\evil.example', 'x'.repeat(100_000)]) {
      const again = await samlAnswer(may, hub.clock.now(), null);
      expect((await postSaml(createBrowser(), may.acsUrl, again, target)).location).toBe(`${hub.url}/`);
    }
    await hub.api('POST', `/api/v1/idps/${may.idpId}/lifecycle/deactivate`);
    expect(
      (await postSaml(createBrowser(), may.acsUrl, await samlAnswer(may, hub.clock.now(), null))).location,
    ).toBeNull();
    expect((await failures()).at(-1)?.debugContext.debugData.code).toBe('idp_inactive');
  });
});

describe('groups', () => {
  const groupsOf = async (userId: string) =>
    (await hub.api<{ profile: { name: string } }[]>('GET', `/api/v1/users/${userId}/groups`))
      .map(({ profile }) => profile.name)
      .sort();
  const group = async (name: string) =>
    (await hub.api<{ id: string }>('POST', '/api/v1/groups', { profile: { name } })).id;

  it('APPEND adds what is asserted and listed, SYNC removes the others, ASSIGN adds its own', async () => {
    const [west, enterprise, cloud, mfa] = [
      await group('West Coast Users'),
      await group('Enterprise IdP Users'),
      await group('Cloud Users'),
      await group('MFA Users'),
    ];
    const asserted = {
      ...ATTRIBUTES,
      email: 'groups@example.com',
      Groups: ['Enterprise IdP Users', 'West Coast Users', 'Cloud Users'],
    };
    const of = await federateSaml(hub, {
      name: 'With groups',
      policy: {
        provisioning: {
          action: 'AUTO',
          profileMaster: true,
          groups: { action: 'APPEND', sourceAttributeName: 'groups', filter: [enterprise] },
        },
      },
    });
    const person = { attributes: asserted, nameId: 'groups' };
    await signIn(person, of);
    const user = await userNamed('groups@example.com');
    expect(await groupsOf(user!.id)).toEqual(['Enterprise IdP Users', 'Everyone']);
    await hub.api('PUT', `/api/v1/groups/${cloud}/users/${user!.id}`);
    const change = async (groups: object) => {
      const body = await hub.api<{ policy: { provisioning: object } }>('GET', `/api/v1/idps/${of.idpId}`);
      await hub.api('PUT', `/api/v1/idps/${of.idpId}`, {
        ...body,
        policy: { ...body.policy, provisioning: { ...body.policy.provisioning, groups } },
      });
    };
    await change({ action: 'SYNC', sourceAttributeName: 'groups', filter: [enterprise] });
    await signIn(person, of);
    expect(await groupsOf(user!.id)).toEqual(['Enterprise IdP Users', 'Everyone']);
    await change({ action: 'ASSIGN', assignments: [mfa] });
    await signIn(person, of);
    expect(await groupsOf(user!.id)).toEqual(['Enterprise IdP Users', 'Everyone', 'MFA Users']);
    expect(west).not.toBe('');
  });
});

describe('keys and metadata', () => {
  it('publish two keys while a rollover lasts, decrypt with both, and retire the old one', async () => {
    const base = `/api/v1/idps/${idp.idpId}`;
    const own = `/api/gatehouse/v1/idps/${idp.idpId}/credentials/keys`;
    const [first] = await hub.api<{ kid: string }[]>('GET', `${base}/credentials/keys/active`);
    const next = await hub.api<{ kid: string; x5c: string[] }>(
      'POST',
      `${base}/credentials/keys/generate?validityYears=2`,
    );
    const metadata = (await hub.call('GET', `${base}/metadata.xml`)).body as string;
    expect(metadata.match(/use="signing"/g)).toHaveLength(2);
    expect(metadata.match(/use="encryption"/g)).toHaveLength(2);
    expect(metadata).toContain(`entityID="${idp.audience}"`);
    expect(metadata).not.toContain('tripledes');
    expect(metadata).not.toContain('-cbc');
    await hub.api('POST', `${own}/${next.kid}/activate`);
    expect((await hub.call('DELETE', `${own}/${next.kid}`)).status).toBe(400);
    await hub.call('DELETE', `${own}/${first!.kid}`);
    expect((await hub.api<unknown[]>('GET', `${base}/credentials/keys`)).length).toBe(1);
    expect((await signIn()).back.location).toBe(`${hub.url}/`);
    expect((await fetch(`${hub.url}/saml2/metadata/${idp.idpId}`)).headers.get('content-type')).toContain(
      'application/xml',
    );
  });

  it('refuse a certificate twice, a weak one, and one that is used', async () => {
    const again = await hub.call('POST', '/api/v1/idps/credentials/keys', { x5c: [idp.keys.certificate] });
    expect(again).toMatchObject({ status: 409, body: { errorCode: 'E0000096' } });
    expect(await hub.call('POST', '/api/v1/idps/credentials/keys', { x5c: [rsaKeys(1024).certificate] })).toMatchObject(
      { status: 400 },
    );
    expect(await hub.call('DELETE', `/api/v1/idps/credentials/keys/${idp.trustKid}`)).toMatchObject({ status: 400 });
    expect(await hub.call('POST', '/api/v1/idps', samlBody('unknown-kid', { name: 'No key' }))).toMatchObject({
      status: 400,
    });
  });
});

describe('hostile messages at the address', () => {
  const HOSTILE: [string, () => string][] = [
    ['256 KB of text', () => `<x>${'a'.repeat(250_000)}</x>`],
    ['more than 256 KB', () => `<x>${'a'.repeat(300_000)}</x>`],
    ['depth', () => '<x>'.repeat(5_000) + '</x>'.repeat(5_000)],
    ['width', () => `<x>${'<y/>'.repeat(20_000)}</x>`],
    ['attributes', () => `<x${Array.from({ length: 5_000 }, (_, i) => ` a${i}="x"`).join('')}/>`],
    ['an entity bomb', () => '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'],
    ['nothing readable', () => '\u0000\u0001'],
  ];

  it.each(HOSTILE)('%s is refused with one event, while somebody else signs in', async (_name, xml) => {
    const browser = createBrowser();
    const asked = await startSaml(hub, browser, idp);
    const before = (await failures()).length;
    const [attack, honest] = await Promise.all([
      postSaml(browser, idp.acsUrl, base64(xml()), asked.relayState),
      signIn(),
    ]);
    expect([400, 413]).toContain(attack.status);
    expect(attack.location).toBeNull();
    expect(honest.back.location).toBe(`${hub.url}/`);
    const told = (await failures()).slice(before);
    expect(told.map(({ debugContext }) => String(debugContext.debugData.code))).toEqual([
      expect.stringMatching(/^saml_/),
    ]);
  });
});

describe('single logout', () => {
  const SLO = 'https://api.idmelabs.com/saml/SingleLogoutService';
  const withLogout = async (name: string, binding: string) => {
    const of = await federateSaml(hub, { name, settings: { participateSlo: true }, protocol: logoutProtocol(binding) });
    return { ...of, slo: `${hub.url}/sso/saml2/${of.idpId}/slo` };
  };
  const logoutProtocol = (binding: string) => ({
    endpoints: {
      sso: { url: SSO_URL, binding: 'HTTP-POST', destination: SSO_URL },
      acs: { binding: 'HTTP-POST', type: 'INSTANCE' },
      slo: { url: SLO, binding },
    },
  });
  const requestXml = (of: { slo: string }, change: { nameId?: string; index?: string; id?: string } = {}) =>
    `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${change.id ?? '_logout'}" Version="2.0" IssueInstant="${hub.clock.now().toISOString()}" Destination="${of.slo}"><saml:Issuer>${ISSUER}</saml:Issuer><saml:NameID>${change.nameId ?? 'logout'}</saml:NameID><samlp:SessionIndex>${change.index ?? '_index'}</samlp:SessionIndex></samlp:LogoutRequest>`;
  const person = {
    attributes: { ...ATTRIBUTES, email: 'logout@example.com' },
    nameId: 'logout',
    sessionIndex: '_index',
  };
  const signedIn = async (browser: ReturnType<typeof createBrowser>) =>
    (await browser.get(`${hub.url}/account`)).status === 200;

  it('begun here ends the session, and sends a signed request with the session’s index to the provider', async () => {
    const of = await withLogout('With logout', 'HTTP-POST');
    const { browser } = await signIn(person, of);
    expect(await signedIn(browser)).toBe(true);
    const away = await browser.post(`${hub.url}/login/signout`, {});
    const asked = askedIn(away);
    expect(asked.action).toBe(SLO);
    expect(asked.xml).toContain('<samlp:SessionIndex>_index</samlp:SessionIndex>');
    expect(asked.xml).toContain('<ds:SignatureValue>');
    expect(await signedIn(browser)).toBe(false);
    expect((await postSaml(browser, of.slo, 'anything')).location).toBe(`${hub.url}/login/signed-out`);
  });

  it('begun at the provider ends that session only, once, and only when it is signed', async () => {
    const of = await withLogout('Logs out', 'HTTP-REDIRECT');
    const [one, other] = [await signIn(person, of), await signIn({ ...person, sessionIndex: '_other' }, of)];
    const post = (SAMLRequest: string) =>
      one.browser.post(of.slo, { SAMLRequest }, { origin: 'https://api.idmelabs.com' });
    expect((await post(base64(requestXml(of)))).status).toBe(400);
    expect((await post(base64(signLogout(requestXml(of), rsaKeys())))).status).toBe(400);
    expect(await signedIn(one.browser)).toBe(true);
    const genuine = base64(signLogout(requestXml(of), of.keys));
    expect((await post(genuine)).location).toMatch(
      /^https:\/\/api\.idmelabs\.com\/saml\/SingleLogoutService\?SAMLResponse=.*&Signature=/,
    );
    expect(await signedIn(one.browser)).toBe(false);
    expect(await signedIn(other.browser)).toBe(true);
    expect((await post(genuine)).status).toBe(400);
    const nobody = base64(signLogout(requestXml(of, { nameId: 'nobody', id: '_nobody' }), of.keys));
    const long = await one.browser.post(
      of.slo,
      { SAMLRequest: nobody, RelayState: 'x'.repeat(10_000) },
      { origin: 'https://api.idmelabs.com' },
    );
    expect(long.location).not.toContain('RelayState');
    expect((await hub.events('user.session.end')).at(-1)?.outcome.result).toBe('SKIPPED');
    const codes = (await hub.events('user.session.end')).map(({ debugContext }) => debugContext.debugData.code);
    expect(codes.filter((code) => code !== undefined)).toEqual([
      'saml_signature_missing',
      'saml_signature_invalid',
      'saml_replayed',
    ]);
  });

  it('of a provider that takes no part is refused', async () => {
    const slo = `${hub.url}/sso/saml2/${idp.idpId}/slo`;
    const SAMLRequest = base64(signLogout(requestXml({ slo }), idp.keys));
    expect((await createBrowser().post(slo, { SAMLRequest })).status).toBe(400);
  });
});

describe('an application', () => {
  const authorize = async (more: Record<string, string>) => {
    const { clientId } = await createClient(hub);
    const browser = createBrowser();
    const page = await browser.get(authorizeUrl(hub, clientId, { idp: idp.idpId, ...more }).url);
    return { browser, asked: askedIn(page) };
  };

  it('that asks for a fresh sign-in makes the provider ask again, and another one does not', async () => {
    expect((await authorize({ prompt: 'login' })).asked.xml).toContain('ForceAuthn="true"');
    expect((await authorize({})).asked.xml).not.toContain('ForceAuthn');
  });

  it('cannot lower the level that the administrator asks for by acr_values', async () => {
    const low = 'http://idmanagement.gov/ns/assurance/loa/1';
    const answerTo = async (authnContext: string) => {
      const { browser, asked } = await authorize({ acr_values: low });
      const answer = await samlAnswer(idp, hub.clock.now(), asked.requestId, { authnContext });
      return new URL((await postSaml(browser, idp.acsUrl, answer, asked.relayState)).location!).searchParams;
    };
    expect((await answerTo(low)).get('error')).toBe('access_denied');
    expect((await failures()).at(-1)?.debugContext.debugData.code).toBe('saml_authn_context');
    expect((await answerTo(CONTEXT)).get('code')).toBeTruthy();
  });
});

describe('a transaction that was used', () => {
  it('is told from an assertion that was used', async () => {
    const browser = createBrowser();
    const asked = await startSaml(hub, browser, idp);
    const thief = browser.clone();
    const [one, two] = [
      await samlAnswer(idp, hub.clock.now(), asked.requestId),
      await samlAnswer(idp, hub.clock.now(), asked.requestId),
    ];
    expect((await postSaml(browser, idp.acsUrl, one, asked.relayState)).location).toBe(`${hub.url}/`);
    expect((await postSaml(thief.clone(), idp.acsUrl, two, asked.relayState)).status).toBe(400);
    expect((await failures()).at(-1)?.debugContext.debugData.code).toBe('invalid_social_state');
    expect((await postSaml(thief.clone(), idp.acsUrl, one, asked.relayState)).status).toBe(400);
    expect((await failures()).at(-1)?.debugContext.debugData.code).toBe('saml_replayed');
  });
});
