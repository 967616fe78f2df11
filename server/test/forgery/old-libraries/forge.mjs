// Reads documents from standard input and says which of them make which old library believe in another person. A process of its own:
// these libraries are vulnerable on purpose, and they read the system's clock, which stands still here.
import { text } from 'node:stream/consumers';

const { documents, now, certificate, issuer, audience, acsUrl, forged } = JSON.parse(await text(process.stdin));
const SystemDate = Date;
globalThis.Date = class extends SystemDate {
  constructor(...parts) {
    if (parts.length === 0) super(now);
    else super(...parts);
  }
  static now() {
    return SystemDate.parse(now);
  }
};

const { DOMParser } = (await import('@xmldom/xmldom')).default;
const { SignedXml } = (await import('xml-crypto')).default;
const xpath = (await import('xpath')).default;
const { SAML } = (await import('@node-saml/node-saml')).default;
const samlify = (await import('samlify')).default;

const quiet = { warning() {}, error() {}, fatalError() {} };

/** As many services did: verify the first signature, then ask the document for the name. */
async function throughTheDocument(xml) {
  const dom = new DOMParser({ errorHandler: quiet }).parseFromString(xml);
  const signer = new SignedXml({ publicCert: certificate });
  signer.loadSignature(xpath.select("//*[local-name(.)='Signature']", dom)[0]);
  if (!signer.checkSignature(xml)) return null;
  return xpath.select("string((//*[local-name(.)='Assertion']//*[local-name(.)='NameID'])[1]/text()[1])", dom);
}

async function throughNodeSaml(xml, wantAuthnResponseSigned) {
  const saml = new SAML({
    callbackUrl: acsUrl,
    issuer: audience,
    audience,
    idpCert: certificate,
    entryPoint: issuer,
    wantAssertionsSigned: !wantAuthnResponseSigned,
    wantAuthnResponseSigned,
  });
  const { profile } = await saml.validatePostResponseAsync({ SAMLResponse: Buffer.from(xml).toString('base64') });
  return profile?.nameID ?? null;
}

samlify.setSchemaValidator({ validate: async () => 'valid' });
const provider = samlify.IdentityProvider({
  entityID: issuer,
  signingCert: certificate,
  singleSignOnService: [
    { Binding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST', Location: 'https://idp.example/sso' },
  ],
});
async function throughSamlify(xml, wantMessageSigned) {
  const service = samlify.ServiceProvider({
    entityID: audience,
    wantMessageSigned,
    assertionConsumerService: [{ Binding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST', Location: acsUrl }],
  });
  const { extract } = await service.parseLoginResponse(provider, 'post', {
    body: { SAMLResponse: Buffer.from(xml).toString('base64') },
  });
  return extract.nameID;
}

const READERS = {
  'xml-crypto 6.0.0': [throughTheDocument],
  'node-saml 5.0.1': [(xml) => throughNodeSaml(xml, false), (xml) => throughNodeSaml(xml, true)],
  'samlify 2.9.0': [(xml) => throughSamlify(xml, false), (xml) => throughSamlify(xml, true)],
};

/** Whether one of the readers comes to the name by itself; a refusal is what the library ought to do. */
async function believes(readers, xml, name) {
  for (const read of readers) {
    const found = await read(xml).catch(() => null);
    if (found === name) return true;
  }
  return false;
}

const log = console.log;
for (const name of ['log', 'warn', 'error', 'info']) console[name] = () => {};
const result = {};
for (const [library, readers] of Object.entries(READERS)) {
  const fooled = [];
  let genuine = 0;
  for (const { id, xml, benign, person } of documents) {
    if (await believes(readers, xml, forged)) fooled.push(id);
    if (await believes(readers, benign, person)) genuine += 1;
  }
  result[library] = { fooled, genuine };
}
log(JSON.stringify(result));
