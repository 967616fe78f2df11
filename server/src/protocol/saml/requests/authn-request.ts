/** The AuthnRequest (SAML core §3.4), built node by node (security.md S25). */
import { randomBytes } from 'node:crypto';
import { XmlDocument, type XmlElement } from 'libxml2-wasm';
import { SAML, SAMLP } from '../names.ts';

export interface AuthnRequest {
  id: string;
  issuer: string;
  destination: string;
  acsUrl: string;
  issued: Date;
  nameFormat: string;
  forceAuthn: boolean;
  /** Empty: none is asked for. */
  authnContexts: readonly string[];
  comparison: 'exact' | 'minimum' | 'maximum' | 'better';
  /** For providers that act by the application: `OktaAppInstanceId` and `OktaAppName` (contract §11.6). */
  application: { id: string; name: string } | null;
}

const POST = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST';
const EXTENSION = 'http://www.okta.com/saml/extensions';

/** 160 random bits; an NCName, as xs:ID wants. */
export const newMessageId = (): string => `_${randomBytes(20).toString('hex')}`;

/** The document; the caller disposes of it. Attributes and children stand in the schema's order, so that a signature can follow the Issuer. */
export function buildAuthnRequest(request: AuthnRequest): XmlDocument {
  const document = XmlDocument.create();
  const root = document.createRoot('AuthnRequest', SAMLP, 'samlp');
  root.addNsDeclaration(SAML, 'saml');
  setAll(root, {
    ID: request.id,
    Version: '2.0',
    IssueInstant: request.issued.toISOString(),
    Destination: request.destination,
    AssertionConsumerServiceURL: request.acsUrl,
    ProtocolBinding: POST,
    ...(request.forceAuthn && { ForceAuthn: 'true' }),
  });
  root.addElement('Issuer', 'saml').addText(request.issuer);
  if (request.application !== null) extensions(root, request.application);
  setAll(root.addElement('NameIDPolicy', 'samlp'), { Format: request.nameFormat, AllowCreate: 'true' });
  if (request.authnContexts.length > 0) {
    const wanted = root.addElement('RequestedAuthnContext', 'samlp');
    wanted.setAttr('Comparison', request.comparison);
    for (const context of request.authnContexts) wanted.addElement('AuthnContextClassRef', 'saml').addText(context);
  }
  return document;
}

export function setAll(element: XmlElement, attributes: Record<string, string>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttr(name, value);
}

function extensions(root: XmlElement, { id, name }: { id: string; name: string }): void {
  const holder = root.addElement('Extensions', 'samlp');
  holder.addNsDeclaration(EXTENSION, 'ext');
  for (const [tag, text] of [
    ['OktaAppInstanceId', id],
    ['OktaAppName', name],
  ] as const) {
    holder.addElement(tag, 'ext').addText(text);
  }
}
