import { inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { base64, responseXml, rsaKeys, signXml } from '../../../test/support/saml-signer.ts';
import { connectorConformance } from '../conformance.ts';
import type { Begun, SignInStart } from '../connector.ts';
import { createSamlConnector } from './connector.ts';
import type { SamlSettings } from './settings.ts';

const NOW = new Date('2026-11-21T12:00:00.000Z');
const idp = rsaKeys();
const hub = rsaKeys();
const AUDIENCE = 'https://hub.example.com/saml2/service-provider/sp1';
const START: SignInStart = { baseUrl: 'https://hub.example.com', state: 'state-0123456789', now: NOW };

const settings = (change: Partial<SamlSettings> = {}): SamlSettings => ({
  orgId: '00o1',
  idpId: '0oa1',
  issuer: 'https://idp.example',
  audience: AUDIENCE,
  ssoUrl: 'https://idp.example/sso',
  ssoBinding: 'HTTP-REDIRECT',
  destination: 'https://idp.example/sso',
  slo: null,
  acsType: 'INSTANCE',
  nameFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
  honorPersistentNameId: true,
  signingKey: { kid: 'hub', privateKey: hub.privateKey },
  signatureScope: 'ANY',
  certificates: [
    { kid: 'idp', publicKey: idp.publicKey, notBefore: new Date(0), notAfter: new Date('2049-01-01T00:00:00Z') },
  ],
  decryptionKeys: [{ kid: 'hub', privateKey: hub.privateKey }],
  allowCbc: false,
  requireEncryptedAssertion: false,
  allowUnsolicited: false,
  requestedAuthnContexts: [],
  authnContextComparison: 'exact',
  maxClockSkewSeconds: 60,
  groupsAttribute: 'groups',
  sendApplicationContext: false,
  relayStateFormat: 'OPAQUE',
  ...change,
});
const connector = (change: Partial<SamlSettings> = {}) => createSamlConnector(settings(change), { keyUsed: () => {} });

function requestIn({ outgoing }: Begun): string {
  const encoded =
    outgoing.kind === 'redirect' ? new URL(outgoing.url).searchParams.get('SAMLRequest') : outgoing.fields.SAMLRequest;
  const bytes = Buffer.from(encoded ?? '', 'base64');
  return (outgoing.kind === 'redirect' ? inflateRawSync(bytes) : bytes).toString();
}

const answer = (begun: Begun, change: object = {}) =>
  signXml(
    responseXml({
      issuer: 'https://idp.example',
      audience: AUDIENCE,
      acsUrl: begun.returnsTo,
      now: NOW,
      requestId: / ID="([^"]+)"/.exec(requestIn(begun))![1]!,
      attributes: { email: 'ada@example.com', Groups: ['a', 'b'], subjectNameId: 'forged', __proto__x: 'y' },
      ...change,
    }),
    idp,
    'both',
  );
const params = (xml: string) => new URLSearchParams({ SAMLResponse: base64(xml), RelayState: START.state });

connectorConformance('SAML 2.0', () => ({
  connector: connector(),
  start: START,
  now: () => NOW,
  genuineAnswer: async (begun) => params(answer(begun)),
  cancelledAnswer: async (begun) => params(answer(begun, { status: 'AuthnFailed' })),
  whileUnreachable: null,
  secrets: () => [hub.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().slice(40, 100), 'ada@example.com'],
}));

describe('the request', () => {
  it('asks for the wanted contexts, a fresh sign-in and the application, where that is wanted', async () => {
    const begun = await connector({
      requestedAuthnContexts: ['urn:a', 'urn:b'],
      authnContextComparison: 'minimum',
      sendApplicationContext: true,
    }).begin({ ...START, prompt: 'login', application: { id: '0oaApp', name: 'A <b> & "c"' } });
    const xml = requestIn(begun);
    expect(xml).toContain('ForceAuthn="true"');
    expect(xml).toContain('Comparison="minimum"');
    expect(xml).toContain('urn:b</saml:AuthnContextClassRef>');
    expect(xml).toContain('A &lt;b&gt; &amp; "c"</ext:OktaAppName>');
    // Only the provider can judge what "minimum" is.
    expect(begun.remember).toMatchObject({ authnContexts: [] });
  });

  it('names the shared address where the provider is to use it, and is unsigned where that is the setting', async () => {
    const begun = await connector({ acsType: 'ORG', signingKey: null }).begin(START);
    expect(begun.returnsTo).toBe('https://hub.example.com/sso/saml2');
    expect(requestIn(begun)).toContain('AssertionConsumerServiceURL="https://hub.example.com/sso/saml2"');
    expect(begun.outgoing.kind === 'redirect' && begun.outgoing.url).not.toContain('Signature');
  });
});

describe('the identity', () => {
  const finish = async (change: Partial<SamlSettings> = {}, parts: object = {}) => {
    const made = connector(change);
    const begun = await made.begin(START);
    const context = { baseUrl: START.baseUrl, now: NOW, trace: { id: 't', step: () => {} } };
    return made.finish({ params: params(answer(begun, parts)) }, begun.remember, context);
  };

  it('has the attributes, the groups by a name without regard to case, and what the hub itself read of the subject', async () => {
    expect(await finish()).toMatchObject({
      ok: true,
      value: {
        subject: '88f572d4',
        subjectFormat: 'persistent',
        claims: { email: 'ada@example.com', Groups: ['a', 'b'], subjectNameId: '88f572d4' },
        groups: ['a', 'b'],
        emailVerified: null,
      },
    });
  });

  it('has no lasting key where the persistent NameID is not honoured, or the format is another', async () => {
    expect(await finish({ honorPersistentNameId: false })).toMatchObject({ value: { subjectFormat: 'unspecified' } });
    const nameIdFormat = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient';
    expect(await finish({}, { nameIdFormat })).toMatchObject({ value: { subjectFormat: 'transient' } });
  });

  it('is refused unencrypted where encryption is required', async () => {
    expect(await finish({ requireEncryptedAssertion: true })).toMatchObject({ error: { code: 'saml_not_encrypted' } });
  });
});

describe('the level of the sign-in', () => {
  const [HIGH, LOW] = ['urn:example:high', 'urn:example:low'];
  const inAddress = { ssoUrl: `https://idp.example/sso?AuthnContext=${HIGH}` };
  const inSettings = { requestedAuthnContexts: [HIGH] };
  const codeOf = async (change: Partial<SamlSettings>, start: Partial<SignInStart>, authnContext: string) => {
    const made = connector(change);
    const begun = await made.begin({ ...START, ...start });
    const context = { baseUrl: START.baseUrl, now: NOW, trace: { id: 't', step: () => {} } };
    const result = await made.finish({ params: params(answer(begun, { authnContext })) }, begun.remember, context);
    return result.ok ? 'accepted' : result.error.code;
  };

  it.each([
    ['the address', inAddress],
    ['the settings', inSettings],
  ])('that %s ask for cannot be lowered by the acr_values of a browser', async (_where, change) => {
    for (const start of [{}, { acrValues: LOW }, { acrValues: `${LOW} ${HIGH}` }]) {
      expect(await codeOf(change, start, LOW)).toBe('saml_authn_context');
      expect(await codeOf(change, start, HIGH)).toBe('accepted');
    }
  });

  it('is what acr_values choose among several, or where nothing else asks', async () => {
    const several = { requestedAuthnContexts: [HIGH, LOW] };
    expect(await codeOf(several, { acrValues: HIGH }, LOW)).toBe('saml_authn_context');
    expect(await codeOf(several, { acrValues: HIGH }, HIGH)).toBe('accepted');
    expect(await codeOf({}, { acrValues: HIGH }, LOW)).toBe('saml_authn_context');
    expect(await codeOf({}, { acrValues: HIGH }, HIGH)).toBe('accepted');
  });

  it.each([
    ['the address', inAddress],
    ['the settings', inSettings],
  ])('that %s ask for holds for a sign-in that begins at the provider', async (_where, change) => {
    const made = connector({ ...change, allowUnsolicited: true });
    const begun = await made.begin(START);
    const context = { baseUrl: START.baseUrl, now: NOW, trace: { id: 't', step: () => {} } };
    const finish = (authnContext: string) =>
      made.finish({ params: params(answer(begun, { authnContext, requestId: null })) }, null, context);
    expect(await finish(LOW)).toMatchObject({ ok: false, error: { code: 'saml_authn_context' } });
    expect(await finish(HIGH)).toMatchObject({ ok: true });
  });
});
