/** The hub's metadata towards one provider (SAML metadata §2.4.4), built node by node so that no value can become markup (security.md S25). */
import { XmlDocument, type XmlElement } from 'libxml2-wasm';
import { DS, MD, XENC, XENC11 } from '../names.ts';

export interface ServiceProvider {
  entityId: string;
  acsUrl: string;
  sloUrl: string | null;
  requestsSigned: boolean;
  /** DER; each is published for signing and for encryption. */
  certificates: readonly Uint8Array[];
  acceptsCbc: boolean;
  nameIdFormats: readonly string[];
  organization: { name: string; url: string };
}

const POST = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST';
const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol';
const GCM = ['aes256-gcm', 'aes192-gcm', 'aes128-gcm'].map((name) => `${XENC11}${name}`);
const CBC = ['aes256-cbc', 'aes192-cbc', 'aes128-cbc'].map((name) => `${XENC}${name}`);
const OAEP = `${XENC}rsa-oaep-mgf1p`;
const REQUESTED = ['firstName', 'lastName', 'email', 'mobilePhone'];
const BASIC = 'urn:oasis:names:tc:SAML:2.0:attrname-format:basic';

export function writeMetadata(provider: ServiceProvider): string {
  const document = XmlDocument.create();
  try {
    const root = document.createRoot('EntityDescriptor', MD, 'md');
    root.addNsDeclaration(DS, 'ds');
    root.setAttr('entityID', provider.entityId);
    const descriptor = element(root, 'SPSSODescriptor', {
      AuthnRequestsSigned: String(provider.requestsSigned),
      WantAssertionsSigned: 'true',
      protocolSupportEnumeration: PROTOCOL,
    });
    for (const use of ['encryption', 'signing'] as const) {
      for (const certificate of provider.certificates) keyDescriptor(descriptor, use, certificate, provider.acceptsCbc);
    }
    if (provider.sloUrl !== null)
      element(descriptor, 'SingleLogoutService', { Binding: POST, Location: provider.sloUrl });
    for (const format of provider.nameIdFormats) element(descriptor, 'NameIDFormat').addText(format);
    element(descriptor, 'AssertionConsumerService', {
      Binding: POST,
      Location: provider.acsUrl,
      index: '0',
      isDefault: 'true',
    });
    attributes(descriptor, provider.organization.name);
    organization(root, provider.organization);
    return document.toString({ format: true });
  } finally {
    document.dispose();
  }
}

function element(parent: XmlElement, name: string, attributes: Record<string, string> = {}, prefix = 'md'): XmlElement {
  const made = parent.addElement(name, prefix);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttr(attribute, value);
  return made;
}

function keyDescriptor(parent: XmlElement, use: 'signing' | 'encryption', certificate: Uint8Array, cbc: boolean): void {
  const descriptor = element(parent, 'KeyDescriptor', { use });
  const info = element(descriptor, 'KeyInfo', {}, 'ds');
  const data = element(info, 'X509Data', {}, 'ds');
  element(data, 'X509Certificate', {}, 'ds').addText(Buffer.from(certificate).toString('base64'));
  if (use === 'signing') return;
  for (const Algorithm of [...GCM, ...(cbc ? CBC : []), OAEP]) element(descriptor, 'EncryptionMethod', { Algorithm });
}

function attributes(descriptor: XmlElement, name: string): void {
  const service = element(descriptor, 'AttributeConsumingService', { index: '0' });
  const label = element(service, 'ServiceName');
  label.addText(name);
  label.setAttr('lang', 'en', 'xml');
  for (const Name of REQUESTED) {
    element(service, 'RequestedAttribute', {
      Name,
      NameFormat: BASIC,
      FriendlyName: Name,
      isRequired: String(Name === 'email'),
    });
  }
}

function organization(root: XmlElement, { name, url }: ServiceProvider['organization']): void {
  const made = element(root, 'Organization');
  for (const [tag, text] of [
    ['OrganizationName', name],
    ['OrganizationDisplayName', name],
    ['OrganizationURL', url],
  ] as const) {
    const child = element(made, tag);
    child.addText(text);
    child.setAttr('lang', 'en', 'xml');
  }
}
