/** G2: what independent signers write is read: no false refusal (xml-crypto with xml-encryption, node-saml's own xml-crypto helper, samlify, xmlsec1). */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signXml as nodeSamlSignXml } from '@node-saml/node-saml/lib/xml.js';
import samlify from 'samlify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyEncoded } from '../src/protocol/saml/index.ts';
import { EXPECTED, hub, PARTS, provider, unsigned, WAYS } from './forgery/documents.ts';
import { base64, encryptAssertion, PERSISTENT, pemOf, type Signed, signXml } from './support/saml-signer.ts';

const MORE = 'http://www.w3.org/2001/04/xmldsig-more#';
const XMLENC = 'http://www.w3.org/2001/04/xmlenc#';
const HASHES = {
  sha256: { signature: `${MORE}rsa-sha256`, digest: `${XMLENC}sha256` },
  sha384: { signature: `${MORE}rsa-sha384`, digest: `${MORE}sha384` },
  sha512: { signature: `${MORE}rsa-sha512`, digest: `${XMLENC}sha512` },
};
type Hash = keyof typeof HASHES;
const CONTENTS = {
  plain: null,
  'AES-128-GCM': 'http://www.w3.org/2009/xmlenc11#aes128-gcm',
  'AES-256-GCM': 'http://www.w3.org/2009/xmlenc11#aes256-gcm',
  'AES-256-CBC': `${XMLENC}aes256-cbc`,
};
type Content = keyof typeof CONTENTS;
const NAMES = {
  persistent: { nameId: '88f572d491af', nameIdFormat: PERSISTENT },
  email: { nameId: 'gary@example.com', nameIdFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress' },
};
const pem = provider.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const SIGNED: Record<Signed, string[]> = { assertion: ['TOKEN'], response: ['RESPONSE'], both: ['RESPONSE', 'TOKEN'] };
let read = 0;

/** That it was read, and that the signer wrote what was asked of it. */
function expectRead(xml: string, name: { nameId: string }, way: Signed, content: Content) {
  const result = verifyEncoded(base64(xml), { ...EXPECTED, allowCbc: true });
  expect(result).toMatchObject({
    ok: true,
    value: { nameId: { value: name.nameId }, evidence: { encryptionAlgorithm: CONTENTS[content] } },
  });
  if (result.ok) expect([...result.value.evidence.signed].sort()).toEqual(SIGNED[way]);
  read += 1;
}

const cases = <Item>(...lists: Item[][]) =>
  lists.reduce<Item[][]>((rows, list) => rows.flatMap((row) => list.map((item) => [...row, item])), [[]]);
const hashes = Object.keys(HASHES) as Hash[];
const contents = Object.keys(CONTENTS) as Content[];
const names = Object.keys(NAMES) as (keyof typeof NAMES)[];

/** Encrypting replaces the assertion, which a signature of the response around it would no longer cover: it is signed afterwards. */
async function build(
  sign: (xml: string, what: Signed, hash: Hash) => string,
  way: Signed,
  content: Content,
  hash: Hash,
  name: keyof typeof NAMES,
) {
  const xml = unsigned(NAMES[name]);
  const algorithm = CONTENTS[content];
  if (algorithm === null) return sign(xml, way, hash);
  const inner = way === 'response' ? xml : sign(xml, 'assertion', hash);
  const encrypted = await encryptAssertion(inner, hub, { content: algorithm });
  return way === 'assertion' ? encrypted : sign(encrypted, 'response', hash);
}

const rows = cases<string>([...WAYS], contents, hashes, names) as [Signed, Content, Hash, keyof typeof NAMES][];
/** xml-crypto writes SHA-256 and SHA-512 only; xmlsec1 writes all three. */
const withoutSha384 = rows.filter(([, , hash]) => hash !== 'sha384');

describe('xml-crypto with xml-encryption', () => {
  it.each(withoutSha384)('%s signed, %s, %s, %s name', async (way, content, hash, name) => {
    expectRead(
      await build((xml, what, by) => signXml(xml, provider, what, HASHES[by]), way, content, hash, name),
      NAMES[name],
      way,
      content,
    );
  });
});

describe('node-saml’s helper', () => {
  const sign = (xml: string, what: Signed, hash: Hash): string => {
    const once = (text: string, element: string) =>
      nodeSamlSignXml(
        text,
        `//*[local-name(.)='${element}']`,
        { reference: `//*[local-name(.)='${element}']/*[local-name(.)='Issuer']`, action: 'after' },
        { privateKey: pem, signatureAlgorithm: hash as 'sha256', digestAlgorithm: hash },
      );
    const inner = what === 'response' ? xml : once(xml, 'Assertion');
    return what === 'assertion' ? inner : once(inner, 'Response');
  };
  it.each(withoutSha384)('%s signed, %s, %s, %s name', async (way, content, hash, name) => {
    expectRead(await build(sign, way, content, hash, name), NAMES[name], way, content);
  });
});

const noXmlsec = spawnSync('xmlsec1', ['--version']).status !== 0;
describe.skipIf(noXmlsec)('xmlsec1, where it is installed (Debian: xmlsec1)', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-xmlsec-'));
    writeFileSync(join(folder, 'key.pem'), pem);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const template = (id: string, hash: Hash) =>
    `<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>` +
    `<ds:SignatureMethod Algorithm="${HASHES[hash].signature}"/><ds:Reference URI="#${id}"><ds:Transforms>` +
    `<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></ds:Transforms>` +
    `<ds:DigestMethod Algorithm="${HASHES[hash].digest}"/><ds:DigestValue/></ds:Reference></ds:SignedInfo><ds:SignatureValue/></ds:Signature>`;
  function once(xml: string, element: 'Assertion' | 'Response', hash: Hash) {
    const start = xml.indexOf(element === 'Assertion' ? '<saml:Assertion' : '<samlp:Response');
    const at = xml.indexOf('</saml:Issuer>', start) + '</saml:Issuer>'.length;
    const id = element === 'Assertion' ? '_assertion' : '_response';
    const file = join(folder, 'message.xml');
    writeFileSync(file, xml.slice(0, at) + template(id, hash) + xml.slice(at));
    const namespace = `urn:oasis:names:tc:SAML:2.0:${element === 'Assertion' ? 'assertion' : 'protocol'}:${element}`;
    const args = ['--sign', '--privkey-pem', join(folder, 'key.pem'), '--id-attr:ID', namespace];
    const where = ['--node-xpath', `//*[local-name()='${element}']/*[local-name()='Signature']`];
    return execFileSync('xmlsec1', [...args, ...where, file], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  }
  const sign = (xml: string, what: Signed, hash: Hash) => {
    const inner = what === 'response' ? xml : once(xml, 'Assertion', hash);
    return what === 'assertion' ? inner : once(inner, 'Response', hash);
  };
  it.each(rows.filter(([, content]) => content === 'plain' || content === 'AES-256-GCM'))(
    '%s signed, %s, %s, %s name',
    async (way, content, hash, name) =>
      expectRead(await build(sign, way, content, hash, name), NAMES[name], way, content),
  );
});

describe('samlify', () => {
  samlify.setSchemaValidator({ validate: async () => 'valid' });
  const POST = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST';
  const shapes = cases<string>([...WAYS], ['plain', 'AES-256-GCM', 'AES-256-CBC'], ['sha256', 'sha512']) as [
    Signed,
    Content,
    Hash,
  ][];
  it.each(shapes)('%s signed, %s, %s', async (way, content, hash) => {
    const encrypted = CONTENTS[content] !== null;
    const service = samlify.ServiceProvider({
      entityID: PARTS.audience,
      encryptCert: pemOf(hub.certificate),
      wantAssertionsSigned: way !== 'response',
      wantMessageSigned: way !== 'assertion',
      assertionConsumerService: [{ Binding: POST, Location: PARTS.acsUrl }],
    });
    const idp = samlify.IdentityProvider({
      entityID: PARTS.issuer,
      privateKey: pem,
      signingCert: pemOf(provider.certificate),
      requestSignatureAlgorithm: HASHES[hash].signature,
      isAssertionEncrypted: encrypted,
      messageSigningOrder: 'encrypt-then-sign',
      dataEncryptionAlgorithm: CONTENTS[content] ?? undefined,
      keyEncryptionAlgorithm: `${XMLENC}rsa-oaep-mgf1p`,
      singleSignOnService: [{ Binding: POST, Location: 'https://idp.example/sso' }],
      loginResponseTemplate: { context: unsigned(NAMES.email), attributes: [] },
    } as never);
    const { context } = await idp.createLoginResponse(
      service,
      { extract: { request: { id: '_request' } } } as never,
      'post',
      { email: NAMES.email.nameId } as never,
      ((text: string) => ({ id: '_response', context: text })) as never,
      true,
    );
    expectRead(Buffer.from(context, 'base64').toString(), NAMES.email, way, content);
  });
});

it('they were at least sixty', () => expect(read).toBeGreaterThanOrEqual(60));
