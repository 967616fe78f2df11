/** A service provider of the identity provider sandbox, on node-saml, without a browser. */
import { generateKeyPairSync } from 'node:crypto';
import { SAML, type SamlConfig, ValidateInResponseTo } from '@node-saml/node-saml';
import type { RunningIdme } from '../src/idme/index.ts';
import { selfSigned } from '../src/idme/keys/certificate.ts';
import type { ServiceProviderRequest } from '../src/idme/saml/onboarding/service-providers.ts';
import { createBrowser } from './browser.ts';

export const AUDIENCE = 'https://hub.test/saml2/service-provider/sp1';
export const ACS = 'http://localhost:9/sso/saml2/0oa1';
export const LOGOUT = 'http://localhost:9/logout';
export const CONTEXT = 'http://idmanagement.gov/ns/assurance/ial/2/aal/2';

export interface KeyPair {
  privateKey: string;
  /** Bare base64. */
  certificate: string;
}

export function newKeyPair(): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const certificate = selfSigned('hub.test', publicKey, privateKey, new Date(Date.now() - 60_000)).toString('base64');
  return { privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), certificate };
}

export const pem = (certificate: string) =>
  `-----BEGIN CERTIFICATE-----\n${certificate.match(/.{1,64}/g)?.join('\n')}\n-----END CERTIFICATE-----\n`;

export const ours = newKeyPair();

/** Registers the service provider in the sandbox. */
export function registerServiceProvider(idme: RunningIdme, changes: ServiceProviderRequest = {}) {
  return idme.control.saml.providers.register({
    audience: AUDIENCE,
    acs_urls: [ACS],
    certificate: ours.certificate,
    logout_url: LOGOUT,
    ...changes,
  });
}

/** node-saml set up as the guide says: issuer, SSO URL with its query, certificate of the desk. */
export function serviceProvider(idme: RunningIdme, changes: Partial<SamlConfig> = {}): SAML {
  return new SAML({
    issuer: AUDIENCE,
    audience: AUDIENCE,
    callbackUrl: ACS,
    entryPoint: `${idme.url}/saml/SingleSignOnService?AuthnContext=${CONTEXT}`,
    logoutUrl: `${idme.url}/saml/SingleLogoutService`,
    logoutCallbackUrl: LOGOUT,
    idpIssuer: 'api.idmelabs.com',
    idpCert: pem(idme.control.saml.keys.signing().certificate),
    privateKey: ours.privateKey,
    publicCert: pem(ours.certificate),
    decryptionPvk: ours.privateKey,
    signatureAlgorithm: 'sha256',
    digestAlgorithm: 'sha256',
    authnRequestBinding: 'HTTP-POST',
    identifierFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
    disableRequestedAuthnContext: true,
    wantAssertionsSigned: false,
    wantAuthnResponseSigned: false,
    validateInResponseTo: ValidateInResponseTo.always,
    acceptedClockSkewMs: 5_000,
    // The library compresses a form's message too, which no other peer does.
    skipRequestCompression: changes.authnRequestBinding !== 'HTTP-Redirect',
    ...changes,
  });
}

/** The form that posts the request, taken apart. */
export async function requestForm(saml: SAML, relayState = 'r1') {
  const page = await saml.getAuthorizeFormAsync(relayState);
  return formOf(page);
}

export function formOf(page: string) {
  const unescaped = (text: string) =>
    text
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&#x3A;', ':')
      .replaceAll('&amp;', '&');
  const inputs = [...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  const fields = Object.fromEntries(inputs.map(([, name = '', value = '']) => [name, unescaped(value)]));
  return { action: unescaped(/action="([^"]*)"/.exec(page)?.[1] ?? ''), fields };
}

/** Text of the message that a page posts. */
export const messageOf = (page: string) =>
  Buffer.from(formOf(page).fields.SAMLResponse ?? '', 'base64').toString('utf8');

/** The sandbox's answer to a posted request. */
export async function postRequest(idme: RunningIdme, saml: SAML) {
  const { action, fields } = await requestForm(saml);
  return createBrowser(idme.url).post(action, fields);
}
