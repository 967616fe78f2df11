/** Plays a SAML identity provider for tests: builds responses, signs them with xml-crypto and encrypts them with xml-encryption, which share no code with the hub. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { SignedXml } from 'xml-crypto';
import xmlEncryption from 'xml-encryption';
import { selfSignedCertificate } from '../../src/protocol/saml/index.ts';

export interface SamlKeys {
  privateKey: KeyObject;
  publicKey: KeyObject;
  /** DER in base64, valid from 2020 to 2049. */
  certificate: string;
}

export function rsaKeys(bits = 2048): SamlKeys {
  const keys = generateKeyPairSync('rsa', { modulusLength: bits });
  const dates = { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2049-12-31T00:00:00Z') };
  return {
    ...keys,
    certificate: selfSignedCertificate({ name: 'test provider', ...keys, ...dates }).toString('base64'),
  };
}

export const pemOf = (certificate: string) =>
  `-----BEGIN CERTIFICATE-----\n${certificate.match(/.{1,64}/g)!.join('\n')}\n-----END CERTIFICATE-----\n`;

export interface ResponseParts {
  issuer: string;
  audience: string;
  acsUrl: string;
  now: Date;
  requestId?: string | null;
  responseId?: string;
  assertionId?: string;
  nameId?: string;
  nameIdFormat?: string | null;
  authnContext?: string;
  sessionIndex?: string;
  attributes?: Record<string, string | string[]>;
  status?: string;
  destination?: string | null;
  recipient?: string | null;
  notBefore?: Date;
  notOnOrAfter?: Date;
  issueInstant?: Date;
}

const SAML = 'urn:oasis:names:tc:SAML:2.0:assertion';
const SAMLP = 'urn:oasis:names:tc:SAML:2.0:protocol';
export const PERSISTENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent';

let count = 0;
const attr = (name: string, value: string | null | undefined) =>
  value == null ? '' : ` ${name}="${escapeXml(value)}"`;
export const escapeXml = (text: string) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/** The unsigned message with its assertion in place. */
export function responseXml(parts: ResponseParts): string {
  const serial = ++count;
  const issued = (parts.issueInstant ?? parts.now).toISOString();
  const requestId = parts.requestId;
  const destination = parts.destination === undefined ? parts.acsUrl : parts.destination;
  return (
    `<samlp:Response xmlns:samlp="${SAMLP}" xmlns:saml="${SAML}" ID="${parts.responseId ?? `_response${serial}`}" Version="2.0"` +
    ` IssueInstant="${issued}"${attr('Destination', destination)}${attr('InResponseTo', requestId)}>` +
    `<saml:Issuer>${escapeXml(parts.issuer)}</saml:Issuer>` +
    `<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:${parts.status ?? 'Success'}"/></samlp:Status>` +
    `${assertionXml(parts, serial, issued)}</samlp:Response>`
  );
}

function assertionXml(parts: ResponseParts, serial: number, issued: string): string {
  const notBefore = (parts.notBefore ?? parts.now).toISOString();
  const until = (parts.notOnOrAfter ?? new Date(parts.now.getTime() + 300_000)).toISOString();
  const recipient = parts.recipient === undefined ? parts.acsUrl : parts.recipient;
  const format = parts.nameIdFormat === undefined ? PERSISTENT : parts.nameIdFormat;
  const attributes = Object.entries(parts.attributes ?? { email: 'ada@example.com' })
    .map(
      ([name, value]) =>
        `<saml:Attribute Name="${escapeXml(name)}" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:basic">${[
          value,
        ]
          .flat()
          .map((item) => `<saml:AttributeValue>${escapeXml(item)}</saml:AttributeValue>`)
          .join('')}</saml:Attribute>`,
    )
    .join('');
  return (
    `<saml:Assertion xmlns:saml="${SAML}" ID="${parts.assertionId ?? `_assertion${serial}`}" Version="2.0" IssueInstant="${issued}">` +
    `<saml:Issuer>${escapeXml(parts.issuer)}</saml:Issuer>` +
    `<saml:Subject><saml:NameID${attr('Format', format)}>${escapeXml(parts.nameId ?? '88f572d4')}</saml:NameID>` +
    `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData` +
    `${attr('Recipient', recipient)} NotOnOrAfter="${until}"${attr('InResponseTo', parts.requestId)}/></saml:SubjectConfirmation></saml:Subject>` +
    `<saml:Conditions NotBefore="${notBefore}" NotOnOrAfter="${until}"><saml:AudienceRestriction>` +
    `<saml:Audience>${escapeXml(parts.audience)}</saml:Audience></saml:AudienceRestriction></saml:Conditions>` +
    `<saml:AuthnStatement AuthnInstant="${issued}" SessionIndex="${parts.sessionIndex ?? `_session${serial}`}"><saml:AuthnContext>` +
    `<saml:AuthnContextClassRef>${escapeXml(parts.authnContext ?? 'urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified')}</saml:AuthnContextClassRef>` +
    `</saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>${attributes}</saml:AttributeStatement></saml:Assertion>`
  );
}

/** A LogoutRequest with an enveloped signature. */
export function signLogout(xml: string, { privateKey }: SamlKeys): string {
  const signer = new SignedXml({
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    canonicalizationAlgorithm: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  });
  const xpath = "/*[local-name()='LogoutRequest']";
  signer.addReference({
    xpath,
    digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
    transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', 'http://www.w3.org/2001/10/xml-exc-c14n#'],
  });
  signer.computeSignature(xml, {
    prefix: 'ds',
    location: { reference: `${xpath}/*[local-name()='Issuer']`, action: 'after' },
  });
  return signer.getSignedXml();
}

export type Signed = 'assertion' | 'response' | 'both';

/** Signs the assertion first, then the response around it. */
export function signXml(
  xml: string,
  { privateKey }: SamlKeys,
  what: Signed = 'assertion',
  algorithms: { signature?: string; digest?: string } = {},
): string {
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const sign = (text: string, name: string) => {
    const signer = new SignedXml({
      privateKey: pem,
      signatureAlgorithm: algorithms.signature ?? 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
      canonicalizationAlgorithm: 'http://www.w3.org/2001/10/xml-exc-c14n#',
    });
    const xpath = name === 'Response' ? "/*[local-name()='Response']" : "//*[local-name()='Assertion']";
    signer.addReference({
      xpath,
      digestAlgorithm: algorithms.digest ?? 'http://www.w3.org/2001/04/xmlenc#sha256',
      transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', 'http://www.w3.org/2001/10/xml-exc-c14n#'],
    });
    signer.computeSignature(text, {
      prefix: 'ds',
      location: { reference: `${xpath}/*[local-name()='Issuer']`, action: 'after' },
    });
    return signer.getSignedXml();
  };
  const inner = what === 'response' ? xml : sign(xml, 'Assertion');
  return what === 'assertion' ? inner : sign(inner, 'Response');
}

/** Puts an EncryptedAssertion in the assertion's place. */
export async function encryptAssertion(
  xml: string,
  recipient: SamlKeys,
  options: { content?: string; key?: string; digest?: string } = {},
): Promise<string> {
  const [assertion] = /<saml:Assertion[\s\S]*<\/saml:Assertion>/.exec(xml) ?? [];
  if (assertion === undefined) throw new Error('The message holds no assertion.');
  const rsa_pub = recipient.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const encrypted = await new Promise<string>((resolve, reject) =>
    xmlEncryption.encrypt(
      assertion,
      {
        rsa_pub,
        pem: pemOf(recipient.certificate),
        encryptionAlgorithm: options.content ?? 'http://www.w3.org/2009/xmlenc11#aes256-gcm',
        keyEncryptionAlgorithm: options.key ?? 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p',
        ...(options.digest === undefined ? {} : { keyEncryptionDigest: options.digest }),
        warnInsecureAlgorithm: false,
      } as never,
      (error: Error | null, result: string) => (error ? reject(error) : resolve(result)),
    ),
  );
  return xml.replace(assertion, () => `<saml:EncryptedAssertion>${encrypted}</saml:EncryptedAssertion>`);
}

export const base64 = (xml: string): string => Buffer.from(xml).toString('base64');
