/** The Response as XML: a draft says everything that stands in it, so that a fault is a changed draft. */
import { markupOf, html as xml } from '../../../pages/html.ts';
import type { SamlKey } from '../keys.ts';
import { SamlLib } from '../library.ts';
import {
  ASSERTION,
  BASIC,
  ENCRYPTIONS,
  type EncryptionName,
  KEY_TRANSPORT,
  PROTOCOL,
  SIGNATURES,
  type SignatureName,
  SUCCESS,
} from '../names.ts';
import type { SamlAttribute } from './attributes.ts';

export interface Status {
  code: string;
  subcode?: string;
  message?: string;
}

export interface ResponseDraft {
  responseId: string;
  assertionId: string;
  sessionIndex: string;
  issuer: string;
  destination: string;
  recipient: string;
  audience: string;
  inResponseTo: string | null;
  /** The instant of the authentication; the conditions stand around it. */
  now: Date;
  authnContext: string;
  nameId: { format: string; value: string; qualifier: string; spQualifier: string };
  attributes: SamlAttribute[];
  status: Status;
  withAssertion: boolean;
  signs: 'assertion' | 'response' | 'both' | 'nothing';
  algorithm: SignatureName;
  key: SamlKey;
  /** null: the assertion stays readable. */
  encryption: { name: EncryptionName; certificate: string } | null;
}

const VALID_BEFORE_MS = 60_000;
const VALID_FOR_MS = 300_000;
const RESPONSE = "/*[local-name(.)='Response']";

/** The finished Response: assertion signed, then encrypted, then the whole signed (SAML profiles §4.1.3.5). */
export async function finishedResponse(draft: ResponseDraft): Promise<string> {
  const { withAssertion, encryption, signs } = draft;
  let document = responseDocument(draft);
  if (withAssertion && (signs === 'assertion' || signs === 'both')) {
    document = signedElement(document, `${RESPONSE}/*[local-name(.)='Assertion']`, draft);
  }
  if (withAssertion && encryption !== null) document = await encrypted(document, encryption);
  // An error carries no assertion, so that its message is what is signed, whatever was agreed.
  const whole = signs === 'response' || signs === 'both' || (!withAssertion && signs !== 'nothing');
  return whole ? signedElement(document, RESPONSE, draft) : document;
}

/** The signature stands behind the element's Issuer, as the schema wants it. */
export function signedElement(
  document: string,
  xpath: string,
  { algorithm, key }: Pick<ResponseDraft, 'algorithm' | 'key'>,
): string {
  return SamlLib.constructSAMLSignature({
    rawSamlMessage: document,
    referenceTagXPath: xpath,
    privateKey: key.privateKey,
    signatureAlgorithm: SIGNATURES[algorithm],
    signingCert: key.certificate,
    isBase64Output: false,
    signatureConfig: { prefix: 'ds', location: { reference: `${xpath}/*[local-name(.)='Issuer']`, action: 'after' } },
  });
}

async function encrypted(document: string, { name, certificate }: { name: EncryptionName; certificate: string }) {
  type Entities = Parameters<typeof SamlLib.encryptAssertion>;
  const sender = {
    entitySetting: {
      isAssertionEncrypted: true,
      dataEncryptionAlgorithm: ENCRYPTIONS[name],
      keyEncryptionAlgorithm: KEY_TRANSPORT,
      tagPrefix: { encryptedAssertion: 'saml' },
    },
  } as unknown as Entities[0];
  const recipient = { entityMeta: { getX509Certificate: () => certificate } } as unknown as Entities[1];
  return Buffer.from(await SamlLib.encryptAssertion(sender, recipient, document), 'base64').toString('utf8');
}

function responseDocument(draft: ResponseDraft): string {
  const { responseId, now, destination, inResponseTo, issuer, status, withAssertion } = draft;
  return markupOf(
    xml`<samlp:Response xmlns:samlp="${PROTOCOL}" xmlns:saml="${ASSERTION}" ID="${responseId}" Version="2.0" IssueInstant="${now.toISOString()}" Destination="${destination}"${answers(inResponseTo)}><saml:Issuer>${issuer}</saml:Issuer>${statusElement(status)}${withAssertion && assertionElement(draft)}</samlp:Response>`,
  );
}

export function statusElement({ code, subcode, message }: Status) {
  return xml`<samlp:Status><samlp:StatusCode Value="${code}">${subcode !== undefined && xml`<samlp:StatusCode Value="${subcode}"/>`}</samlp:StatusCode>${message !== undefined && xml`<samlp:StatusMessage>${message}</samlp:StatusMessage>`}</samlp:Status>`;
}

export const SUCCEEDED: Status = { code: SUCCESS };

const answers = (request: string | null) => request !== null && xml` InResponseTo="${request}"`;

/** It declares its own namespaces, because encryption takes it out of the message. */
function assertionElement(draft: ResponseDraft) {
  const { nameId, now, inResponseTo } = draft;
  const from = new Date(now.getTime() - VALID_BEFORE_MS).toISOString();
  const until = new Date(now.getTime() + VALID_FOR_MS).toISOString();
  return xml`<saml:Assertion xmlns:saml="${ASSERTION}" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ID="${draft.assertionId}" Version="2.0" IssueInstant="${now.toISOString()}"><saml:Issuer>${draft.issuer}</saml:Issuer><saml:Subject><saml:NameID Format="${nameId.format}" NameQualifier="${nameId.qualifier}" SPNameQualifier="${nameId.spQualifier}">${nameId.value}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="${until}" Recipient="${draft.recipient}"${answers(inResponseTo)}/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="${from}" NotOnOrAfter="${until}"><saml:AudienceRestriction><saml:Audience>${draft.audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="${now.toISOString()}" SessionIndex="${draft.sessionIndex}"><saml:AuthnContext><saml:AuthnContextClassRef>${draft.authnContext}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>${draft.attributes.length > 0 && xml`<saml:AttributeStatement>${draft.attributes.map(attributeElement)}</saml:AttributeStatement>`}</saml:Assertion>`;
}

function attributeElement({ name, friendlyName, values }: SamlAttribute) {
  const content =
    values === null
      ? xml`<saml:AttributeValue xsi:nil="true"/>`
      : values.map((value) => xml`<saml:AttributeValue xsi:type="xs:string">${value}</saml:AttributeValue>`);
  return xml`<saml:Attribute Name="${name}" NameFormat="${BASIC}" FriendlyName="${friendlyName}">${content}</saml:Attribute>`;
}
