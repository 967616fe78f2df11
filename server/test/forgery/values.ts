/** S4-S8: what stands inside values, digests and names so that two readers see two documents. */

import { signXml } from '../support/saml-signer.ts';
import {
  assertionOf,
  DSIG,
  evil,
  FORGED,
  type Forgery,
  genuine,
  NOW,
  provider,
  resign,
  signatureOf,
  swap,
  unsigned,
} from './documents.ts';

const MALLORY = '>mallory@example.com<';
const TRICKS: [string, string][] = [
  ['S4 node-saml CVE-2025-54419 instruction before', `<?p not-?>`],
  ['S5 CVE-2017-11428 comment', '<!---->'],
  ['S5 saml2-js GHSA-5p5w-j3g7-w4wv CDATA', '<![CDATA[]]>'],
];
const SUFFIX = '.evil.test';
const person = `${FORGED}${SUFFIX}`;

/** The provider signs an account called admin@example.com.evil.test; the tamper splits the value where the canonical form does not see it. */
const splits: Forgery[] = TRICKS.flatMap(([id, trick]) => {
  const places: [string, string, string][] = [
    ['NameID', `>${person}</saml:NameID>`, `>${FORGED}${trick}${SUFFIX}</saml:NameID>`],
    ['Attribute', `>${person}</saml:AttributeValue>`, `>${FORGED}${trick}${SUFFIX}</saml:AttributeValue>`],
    ['Audience', '</saml:Audience>', `${trick}</saml:Audience>`],
    ['Issuer', '/saml</saml:Issuer>', `/saml${trick}</saml:Issuer>`],
    ['SubjectConfirmation', '</saml:SubjectConfirmation>', `${trick}</saml:SubjectConfirmation>`],
  ];
  return (['assertion', 'response'] as const).flatMap((way) => {
    const benign = genuine(way, { nameId: person, attributes: { email: person } });
    return places.map(([place, from, to]) => ({
      id: `${id} in ${place}, ${way} signed`,
      xml: swap(benign, from, to),
      benign,
    }));
  });
});

const oneUptime: Forgery[] = [
  ['NameID', '</saml:NameID>'],
  ['AttributeValue', '</saml:AttributeValue>'],
].map(([place, end]) => {
  const benign = genuine();
  return {
    id: `S4 OneUptime #2988 identity as instruction in ${place}`,
    xml: swap(benign, `mallory@example.com${end}`, `<?p ${FORGED}?>mallory@example.com${end}`),
    benign,
  };
});

/** The digest that belongs to the forged document; the provider's signature stays over the genuine one. */
const forgedDigest = () => {
  const forged = signXml(unsigned().replaceAll('mallory@example.com', FORGED), provider, 'assertion');
  return /<ds:DigestValue>([^<]*)</.exec(forged)![1]!;
};
const DIGEST = /<ds:DigestValue>([^<]*)<\/ds:DigestValue>/;
const infoOf = (xml: string) => /<ds:SignedInfo>[\s\S]*?<\/ds:SignedInfo>/.exec(xml)![0];

function digests(): Forgery[] {
  const benign = genuine();
  const forged = benign.replaceAll('mallory@example.com', FORGED);
  const good = DIGEST.exec(benign)![1]!;
  const bad = forgedDigest();
  const evilInfo = swap(infoOf(benign), good, bad);
  const value = (text: string) => `<ds:DigestValue>${text}</ds:DigestValue>`;
  const shape = (id: string, xml: string): Forgery => ({ id: `S6 ${id}`, xml, benign });
  return [
    shape(
      'xml-crypto CVE-2025-29775 comment first in DigestValue',
      swap(forged, DIGEST, value(`<!--${bad}-->${good}`)),
    ),
    shape('xml-crypto CVE-2025-29775 comment last in DigestValue', swap(forged, DIGEST, value(`${good}<!--${bad}-->`))),
    shape('xml-crypto CVE-2025-29775 forged text, comment', swap(forged, DIGEST, value(`${bad}<!--${good}-->`))),
    shape('instruction in DigestValue', swap(forged, DIGEST, value(`<?d ${good}?>${bad}`))),
    shape('element in DigestValue', swap(forged, DIGEST, value(`${bad}<x xmlns="">${good}</x>`))),
    shape('xml-crypto CVE-2025-29774 SignedInfo forged first', swap(forged, infoOf(forged), evilInfo + infoOf(benign))),
    shape('xml-crypto CVE-2025-29774 SignedInfo forged last', swap(forged, infoOf(forged), infoOf(benign) + evilInfo)),
    shape(
      'xml-crypto CVE-2025-29774 SignedInfo in Object',
      swap(forged, '</ds:SignatureValue>', `</ds:SignatureValue><ds:Object>${infoOf(benign)}</ds:Object>`),
    ),
    shape('DigestValue twice, forged first', swap(forged, DIGEST, value(bad) + value(good))),
    shape('DigestValue twice, forged last', swap(forged, DIGEST, value(good) + value(bad))),
    shape('digest replaced', swap(forged, DIGEST, value(bad))),
    shape('digest untouched', forged),
    shape('digest empty', swap(forged, DIGEST, value(''))),
    shape('digest of the empty string', swap(forged, DIGEST, value('47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='))),
    shape(
      'second Reference',
      swap(forged, '</ds:Reference>', `</ds:Reference>${/<ds:Reference[\s\S]*<\/ds:Reference>/.exec(evilInfo)![0]}`),
    ),
    shape(
      'SignatureValue twice',
      swap(
        forged,
        /<ds:SignatureValue>[^<]*<\/ds:SignatureValue>/,
        '<ds:SignatureValue>AAAA</ds:SignatureValue><ds:SignatureValue>AAAA</ds:SignatureValue>',
      ),
    ),
    shape(
      'SignatureValue empty',
      swap(forged, /<ds:SignatureValue>[^<]*<\/ds:SignatureValue>/, '<ds:SignatureValue></ds:SignatureValue>'),
    ),
  ];
}

function differentials(): Forgery[] {
  const benign = genuine();
  const forgedAssertion = evil(assertionOf(benign));
  const withForged = swap(benign, assertionOf(benign), forgedAssertion);
  const shape = (id: string, xml: string): Forgery => ({ id, xml, benign });
  const doctype = (internal: string) => `<!DOCTYPE samlp:Response [${internal}]>`;
  return [
    shape(
      'S7 ruby-saml CVE-2025-25291 doctype hides the assertion',
      `${doctype(`<!NOTATION a SYSTEM '"'><!--'>]>${benign}<!--`)}-->${withForged}`,
    ),
    shape(
      'S7 ruby-saml CVE-2025-25292 namespace by ATTLIST',
      doctype('<!ATTLIST ds:Signature xmlns:ds CDATA "urn:other">') + withForged,
    ),
    shape(
      'S7 ruby-saml CVE-2025-66567 attribute default',
      doctype('<!ATTLIST saml:Assertion ID CDATA "_assertion">') + withForged,
    ),
    shape('S7 entity for the identity', doctype(`<!ENTITY who "${FORGED}">`) + swap(benign, MALLORY, '>&who;<')),
    shape(
      'S7 crewjam CVE-2020-27846 colon in a name',
      swap(withForged, '<samlp:Status>', `<x::y xmlns:x="urn:x"/>${'<samlp:Status>'}`),
    ),
    shape('S7 Dex CVE-2020-26290 empty prefix', swap(withForged, '<samlp:Status>', '<:x/><samlp:Status>')),
    shape('S7 Dex CVE-2020-26290 colon attribute', swap(withForged, 'Version="2.0"', 'Version="2.0" :ID="_assertion"')),
    shape('S7 crewjam CVE-2020-27846 directive', swap(withForged, '<samlp:Status>', '<!x <!--><samlp:Status>')),
    shape(
      'S7 newline in an end tag over a forged value',
      swap(benign.replaceAll('mallory@example.com', FORGED), '</saml:NameID>', '</saml:NameID\n>'),
    ),
    shape('S7 second root', benign + withForged),
    shape('S7 text behind the root', `${benign}${forgedAssertion}`),
    shape('S7 NUL cuts the document', `${benign}\0${withForged}`),
    shape('S7 forged before the root', `${forgedAssertion}${benign}`),
    shape(
      'S8 The Fragile Lock relative namespace, empty digest',
      swap(
        swap(
          swap(
            withForged,
            forgedAssertion,
            swap(forgedAssertion, '</saml:Issuer>', `</saml:Issuer>${signatureOf(benign)}`),
          ),
          'ID="_evil"',
          'ID="_assertion" xmlns:r="../relative"',
        ),
        DIGEST,
        '<ds:DigestValue>47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=</ds:DigestValue>',
      ),
    ),
    shape(
      'S8 Nokogiri CVE-2026-79772 empty canonical form',
      swap(benign.replaceAll('mallory@example.com', FORGED), DIGEST, '<ds:DigestValue></ds:DigestValue>'),
    ),
    ...['x:ID', 'Id', 'id', 'xml:id', 'AssertionID'].map((name) =>
      shape(
        `S8 attribute pollution by ${name}`,
        swap(
          benign,
          assertionOf(benign),
          swap(
            forgedAssertion,
            'ID="_evil"',
            `ID="_evil" ${name.startsWith('x:') ? 'xmlns:x="urn:x" ' : ''}${name}="_assertion"`,
          ) + assertionOf(benign),
        ),
      ),
    ),
    ...['urn:oasis:names:tc:SAML:1.0:assertion', 'urn:evil', ''].map((namespace) =>
      shape(
        `S8 namespace confusion, assertion in "${namespace}"`,
        swap(
          benign,
          assertionOf(benign),
          forgedAssertion
            .replaceAll('saml:', '')
            .replace(
              /<Assertion[^>]*>/,
              `<Assertion xmlns="${namespace}" ID="_evil" Version="2.0" IssueInstant="${NOW.toISOString()}">`,
            ),
        ),
      ),
    ),
    shape(
      'S8 signature in another namespace',
      swap(benign.replaceAll('mallory@example.com', FORGED), `xmlns:ds="${DSIG}"`, 'xmlns:ds="urn:evil"'),
    ),
    shape('S8 root in another namespace', swap(withForged, 'SAML:2.0:protocol', 'SAML:2.0:protocol/')),
  ];
}

/** A transform that the signer may choose must not choose what is read: each is truly signed by the provider's key. */
function transforms(): Forgery[] {
  const benign = genuine();
  const EXCLUSIVE = '<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>';
  const replaced: Record<string, string> = {
    'c14n with comments': '<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#WithComments"/>',
    'inclusive c14n': '<ds:Transform Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>',
    base64: `<ds:Transform Algorithm="${DSIG}base64"/>${EXCLUSIVE}`,
    XPath: `<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><ds:XPath>true()</ds:XPath></ds:Transform>${EXCLUSIVE}`,
    'XPath filter 2': `<ds:Transform Algorithm="http://www.w3.org/2002/06/xmldsig-filter2"/>${EXCLUSIVE}`,
    XSLT: `<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"/>${EXCLUSIVE}`,
    unknown: `<ds:Transform Algorithm="urn:evil"/>${EXCLUSIVE}`,
    none: '',
  };
  const one = /<ds:Transform Algorithm="http:\/\/www.w3.org\/2001\/10\/xml-exc-c14n#"\/>/;
  return [
    ...Object.entries(replaced).map(([name, text]) => ({
      id: `S16 transform ${name}`,
      xml: resign(benign, (info) => swap(info, one, text), { hash: 'sha256' }),
      benign,
    })),
    ...[
      'http://www.w3.org/2001/10/xml-exc-c14n#WithComments',
      'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
      'urn:evil',
    ].map((name) => ({
      id: `S16 SignedInfo canonicalised by ${name}`,
      xml: resign(benign, (info) => swap(info, /(?<=<ds:CanonicalizationMethod Algorithm=")[^"]*/, name), {
        hash: 'sha256',
      }),
      benign,
    })),
  ];
}

export const values: readonly Forgery[] = [...splits, ...oneUptime, ...digests(), ...differentials(), ...transforms()];
