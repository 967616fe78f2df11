/** The two ways in which a message leaves with the browser (SAML bindings §3.4, §3.5), signed with RSA-SHA256 or not at all. */
import { createHash, type KeyObject, sign } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { XmlC14NMode, type XmlDocument, type XmlElement } from 'libxml2-wasm';
import { DS, ENVELOPED, EXC_C14N, XENC } from '../names.ts';

const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
const PLAIN = { format: false, noDeclaration: true };
const EXCLUSIVE = { mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0 };

/** The value of the form parameter: with an enveloped signature behind the Issuer. Disposes of the document. */
export function toForm(document: XmlDocument, privateKey: KeyObject | null): string {
  try {
    if (privateKey !== null) envelop(document, privateKey);
    return Buffer.from(document.toString(PLAIN)).toString('base64');
  } finally {
    document.dispose();
  }
}

function envelop(document: XmlDocument, privateKey: KeyObject): void {
  const { root } = document;
  const digest = createHash('sha256').update(document.canonicalizeToString(EXCLUSIVE)).digest('base64');
  // Unused in the signed part, so that its canonical form does not know the prefix.
  root.addNsDeclaration(DS, 'ds');
  const made = (root.firstChild as XmlElement).appendElement('Signature', 'ds');
  const info = made.addElement('SignedInfo', 'ds');
  info.addElement('CanonicalizationMethod', 'ds').setAttr('Algorithm', EXC_C14N);
  info.addElement('SignatureMethod', 'ds').setAttr('Algorithm', RSA_SHA256);
  const reference = info.addElement('Reference', 'ds');
  reference.setAttr('URI', `#${root.attr('ID')?.value ?? ''}`);
  const transforms = reference.addElement('Transforms', 'ds');
  for (const algorithm of [ENVELOPED, EXC_C14N])
    transforms.addElement('Transform', 'ds').setAttr('Algorithm', algorithm);
  reference.addElement('DigestMethod', 'ds').setAttr('Algorithm', `${XENC}sha256`);
  reference.addElement('DigestValue', 'ds').addText(digest);
  const value = sign('sha256', Buffer.from(info.canonicalizeToString(EXCLUSIVE)), privateKey);
  made.addElement('SignatureValue', 'ds').addText(value.toString('base64'));
}

/** The address to redirect to: the endpoint's own query is kept, and the signature covers exactly what is sent (bindings §3.4.4.1). Disposes of the document. */
export function toRedirect(
  document: XmlDocument,
  of: { parameter: 'SAMLRequest' | 'SAMLResponse'; endpoint: string; relayState: string | null },
  privateKey: KeyObject | null,
): string {
  try {
    const message = deflateRawSync(Buffer.from(document.toString(PLAIN))).toString('base64');
    const parts = [`${of.parameter}=${encodeURIComponent(message)}`];
    if (of.relayState !== null) parts.push(`RelayState=${encodeURIComponent(of.relayState)}`);
    if (privateKey !== null) {
      parts.push(`SigAlg=${encodeURIComponent(RSA_SHA256)}`);
      const signature = sign('sha256', Buffer.from(parts.join('&')), privateKey).toString('base64');
      parts.push(`Signature=${encodeURIComponent(signature)}`);
    }
    return of.endpoint + (of.endpoint.includes('?') ? '&' : '?') + parts.join('&');
  } finally {
    document.dispose();
  }
}
