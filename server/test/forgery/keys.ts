/** S10-S12, S14, S16: signatures that are absent, made with the wrong key or with the wrong algorithm. */
import { generateKeyPairSync } from 'node:crypto';
import { encryptAssertion, rsaKeys, signXml } from '../support/saml-signer.ts';
import {
  DSIG,
  EXPECTED,
  FORGED,
  type Forgery,
  genuine,
  hub,
  provider,
  publicKeyAs,
  resign,
  signatureOf,
  stranger,
  swap,
  unsigned,
  WAYS,
  withoutSignature,
  withoutSignatures,
} from './documents.ts';

const FORGED_PARTS = { nameId: FORGED, attributes: { email: FORGED } };
const forge = (xml: string) => xml.replaceAll('mallory@example.com', FORGED);

const stripped: Forgery[] = [
  ...WAYS.map((way) => ({
    id: `S10 Frontegg CVE-2026-75800 stripped, ${way} signed`,
    xml: forge(withoutSignatures(genuine(way))),
    benign: genuine(way),
  })),
  {
    id: 'S10 better-auth PR 6682 response signature stripped, assertion changed',
    xml: forge(withoutSignature(genuine('both'))),
    benign: genuine('both'),
  },
  ...WAYS.map((way) => ({
    id: `S10 CloudStack #4519 empty Signature, ${way} signed`,
    xml: forge(swap(genuine(way), signatureOf(genuine(way)), `<ds:Signature xmlns:ds="${DSIG}"/>`)),
    benign: genuine(way),
  })),
  {
    id: 'S10 response signature missing where it is required',
    xml: genuine('assertion', FORGED_PARTS),
    benign: genuine('response'),
    change: { signatureScope: 'RESPONSE' as const },
  },
  {
    id: 'S10 assertion signature missing where it is required',
    xml: genuine('response', FORGED_PARTS),
    benign: genuine('assertion'),
    change: { signatureScope: 'TOKEN' as const },
  },
];

const withKeyInfo = (xml: string, info: string) =>
  swap(xml, '</ds:Signature>', `<ds:KeyInfo>${info}</ds:KeyInfo></ds:Signature>`);
const foreign: Forgery[] = WAYS.flatMap((way) => {
  const xml = signXml(unsigned(FORGED_PARTS), stranger, way);
  const benign = genuine(way);
  return [
    {
      id: `S11 xml-crypto CVE-2024-32962 stranger’s certificate in KeyInfo, ${way} signed`,
      xml: withKeyInfo(
        xml,
        `<ds:X509Data><ds:X509Certificate>${stranger.certificate}</ds:X509Certificate></ds:X509Data>`,
      ),
      benign,
    },
    {
      id: `S11 stranger’s key, provider’s certificate in KeyInfo, ${way} signed`,
      xml: withKeyInfo(
        xml,
        `<ds:X509Data><ds:X509Certificate>${provider.certificate}</ds:X509Certificate></ds:X509Data>`,
      ),
      benign,
    },
    { id: `S11 stranger’s key, no KeyInfo, ${way} signed`, xml, benign },
    {
      id: `S11 stranger’s key named in KeyInfo, ${way} signed`,
      xml: withKeyInfo(xml, '<ds:KeyName>pinned</ds:KeyName>'),
      benign,
    },
  ];
});

const method = (algorithm: string) => (info: string) =>
  swap(info, /(?<=<ds:SignatureMethod Algorithm=")[^"]*/, algorithm);
const MORE = 'http://www.w3.org/2001/04/xmldsig-more#';
const MACS: [string, string][] = [
  [`${DSIG}hmac-sha1`, 'sha1'],
  [`${MORE}hmac-sha256`, 'sha256'],
  [`${MORE}hmac-sha512`, 'sha512'],
];
const confusion: Forgery[] = MACS.flatMap(([algorithm, hash]) =>
  Object.entries({ ...publicKeyAs, 'empty key': '' }).map(([form, mac]) => ({
    id: `S12 xml-crypto GHSA-c27r-x354-4m68 ${algorithm.split('#')[1]} keyed with ${form}`,
    xml: resign(signXml(unsigned(FORGED_PARTS), stranger), method(algorithm), { hash, mac }),
    benign: genuine(),
  })),
);

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const small = rsaKeys(1024);
const curve = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
const pinned = (publicKey: typeof ec.publicKey) => ({ certificates: [{ ...EXPECTED.certificates[0]!, publicKey }] });
const algorithms: Forgery[] = [
  ...(
    [
      [`${DSIG}rsa-sha1`, 'sha1'],
      [`${MORE}rsa-md5`, 'md5'],
      [`${MORE}rsa-sha224`, 'sha224'],
      [`${MORE}rsa-ripemd160`, 'ripemd160'],
      [`${DSIG}dsa-sha1`, 'sha1'],
      [`${MORE}ecdsa-sha256`, 'sha256'],
      ['urn:evil', 'sha256'],
      ['', 'sha256'],
      [`${MORE}RSA-SHA256`, 'sha256'],
    ] as const
  ).map(([algorithm, hash]) => ({
    id: `S16 signature method "${algorithm}"`,
    xml: resign(genuine('assertion', FORGED_PARTS), method(algorithm), { hash }),
    benign: genuine(),
  })),
  {
    id: 'S16 digest SHA-1',
    xml: signXml(unsigned(FORGED_PARTS), provider, 'assertion', { digest: `${DSIG}sha1` }),
    benign: genuine(),
  },
  ...['http://www.w3.org/2001/04/xmldsig-more#md5', 'urn:evil', ''].map((digest) => ({
    id: `S16 digest method "${digest}"`,
    xml: resign(
      genuine('assertion', FORGED_PARTS),
      (info) => swap(info, /(?<=<ds:DigestMethod Algorithm=")[^"]*/, digest),
      { hash: 'sha256' },
    ),
    benign: genuine(),
  })),
  {
    id: 'S16 RSA of 1,024 bits, of which an administrator pinned the certificate',
    xml: signXml(unsigned(FORGED_PARTS), small),
    benign: genuine(),
    change: pinned(small.publicKey),
  },
  {
    id: 'S12 RSA method verified by an elliptic key',
    xml: genuine('assertion', FORGED_PARTS),
    benign: genuine(),
    change: pinned(ec.publicKey),
  },
  {
    id: 'S16 curve secp256k1',
    xml: resign(genuine('assertion', FORGED_PARTS), method(`${MORE}ecdsa-sha256`), {
      hash: 'sha256',
      key: curve.privateKey,
    }),
    benign: genuine(),
    change: pinned(curve.publicKey),
  },
];

async function injected(): Promise<Forgery[]> {
  const cases: [string, string, string][] = [
    ['unsigned assertion', unsigned(FORGED_PARTS), genuine()],
    ['assertion of a stranger', signXml(unsigned(FORGED_PARTS), stranger), genuine()],
    ['assertion changed after signing', forge(genuine()), genuine()],
    ['stripped assertion of a response signed before', withoutSignature(forge(genuine('both'))), genuine()],
  ];
  const found = cases.map(async ([name, xml, benign]) => ({
    id: `S14 Keycloak CVE-2026-2092 encrypted ${name}`,
    xml: await encryptAssertion(xml, hub),
    benign: await encryptAssertion(benign, hub),
  }));
  const contents: [string, string, string?][] = [
    ['AES-CBC where it is off', 'http://www.w3.org/2001/04/xmlenc#aes256-cbc'],
    ['3DES', 'http://www.w3.org/2001/04/xmlenc#tripledes-cbc'],
    ['RSA 1.5', 'http://www.w3.org/2009/xmlenc11#aes256-gcm', 'http://www.w3.org/2001/04/xmlenc#rsa-1_5'],
  ];
  const weak = contents.map(async ([name, content, key]) => ({
    id: `S15 Jager-Somorovsky ${name}`,
    xml: await encryptAssertion(genuine('assertion', FORGED_PARTS), hub, { content, key }),
    benign: await encryptAssertion(genuine(), hub),
  }));
  const beside = (async () => {
    const benign = genuine();
    const encrypted = await encryptAssertion(unsigned(FORGED_PARTS), hub);
    const [block] = /<saml:EncryptedAssertion[\s\S]*<\/saml:EncryptedAssertion>/.exec(encrypted)!;
    return {
      id: 'S14 forged EncryptedAssertion beside the signed assertion',
      xml: swap(benign, '<samlp:Status>', `${block}<samlp:Status>`),
      benign,
    };
  })();
  return Promise.all([...found, ...weak, beside]);
}

export const keys: readonly Forgery[] = [...stripped, ...foreign, ...confusion, ...algorithms, ...(await injected())];
