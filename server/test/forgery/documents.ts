/** The genuine documents from which the corpus is tampered, and the pieces that the attacks move about. */
import { createHmac, type KeyObject, sign as signBytes } from 'node:crypto';
import type { ResponseExpectation } from '../../src/protocol/saml/index.ts';
import { type ResponseParts, responseXml, rsaKeys, type Signed, signXml } from '../support/saml-signer.ts';
import { setting } from './setting.ts';

export const NOW = setting.now;
export const FORGED = 'admin@example.com';
export const ACS = setting.acsUrl;
export const EVIL = 'https://evil.example/acs';
export const { provider, hub } = setting;
export const stranger = rsaKeys();
export const DSIG = 'http://www.w3.org/2000/09/xmldsig#';
export const WAYS: readonly Signed[] = ['assertion', 'response', 'both'];

export const PARTS: ResponseParts = {
  issuer: 'https://idp.example/saml',
  audience: setting.audience,
  acsUrl: ACS,
  now: NOW,
  requestId: setting.requestId,
  responseId: '_response',
  assertionId: '_assertion',
  sessionIndex: '_session',
  nameId: 'mallory@example.com',
  nameIdFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
  attributes: { email: 'mallory@example.com' },
};

export const EXPECTED: ResponseExpectation = {
  issuer: PARTS.issuer,
  audience: PARTS.audience,
  acsUrl: ACS,
  certificates: [
    {
      kid: 'pinned',
      publicKey: provider.publicKey,
      notBefore: new Date('2026-01-01T00:00:00Z'),
      notAfter: new Date('2027-01-01T00:00:00Z'),
    },
  ],
  signatureScope: 'ANY',
  decryptionKeys: [{ kid: 'hub', privateKey: hub.privateKey }],
  allowCbc: false,
  requestId: setting.requestId,
  authnContexts: [],
  now: NOW,
  maxClockSkewSeconds: 60,
};

/** One document that must not be believed. */
export interface Forgery {
  /** The catalogue's number, then the paper or advisory, then the shape. */
  id: string;
  xml: string;
  /** The same document without the tamper. */
  benign: string;
  change?: Partial<ResponseExpectation>;
}

export const unsigned = (parts: Partial<ResponseParts> = {}) =>
  responseXml({
    ...PARTS,
    ...parts,
    attributes: { fname: 'Gary', lname: 'Twinkle', ...(parts.attributes ?? PARTS.attributes) },
  });
export const genuine = (what: Signed = 'assertion', parts: Partial<ResponseParts> = {}) =>
  signXml(unsigned(parts), provider, what);

const piece = (xml: string, pattern: RegExp) => {
  const [found] = pattern.exec(xml) ?? [];
  if (found === undefined) throw new Error(`The document holds no ${pattern.source}.`);
  return found;
};
const SIGNATURE = /<ds:Signature [\s\S]*?<\/ds:Signature>/;
export const assertionOf = (xml: string) => piece(xml, /<saml:Assertion[\s\S]*<\/saml:Assertion>/);
export const signatureOf = (xml: string) => piece(xml, SIGNATURE);
export const withoutSignature = (xml: string) => xml.replace(SIGNATURE, '');
export const withoutSignatures = (xml: string) => xml.replaceAll(new RegExp(SIGNATURE, 'g'), '');
/** Exact replacement, which throws where it changes nothing, so that no attack is a genuine document by mistake. */
export function swap(xml: string, from: string | RegExp, to: string): string {
  const changed = xml.replace(from, () => to);
  if (changed === xml) throw new Error(`Nothing to tamper: ${from}`);
  return changed;
}

/** Another person's assertion or response: unsigned, with an id of its own. */
export const evil = (xml: string, id = '_evil') =>
  withoutSignatures(xml)
    .replaceAll('mallory@example.com', FORGED)
    .replace(/ ID="[^"]*"/, () => ` ID="${id}"`);

/** Puts text before the end tag of the document's outermost element. */
export const append = (xml: string, text: string) => {
  const end = xml.lastIndexOf('</');
  return xml.slice(0, end) + text + xml.slice(end);
};
/** Puts text behind the first Issuer. */
export const afterIssuer = (xml: string, text: string) => swap(xml, '</saml:Issuer>', `</saml:Issuer>${text}`);

const canonicalSignedInfo = (xml: string) =>
  piece(xml, /<ds:SignedInfo>[\s\S]*?<\/ds:SignedInfo>/)
    .replace('<ds:SignedInfo>', `<ds:SignedInfo xmlns:ds="${DSIG}">`)
    .replace(/<([\w:]+)([^>]*)\/>/g, '<$1$2></$1>');

/** Changes SignedInfo and signs it again, with `mac` or with a key: for what signing libraries refuse to write. */
export function resign(
  xml: string,
  change: (signedInfo: string) => string,
  by: { key?: KeyObject; hash: string; mac?: string | Buffer },
): string {
  const changed = xml.replace(/<ds:SignedInfo>[\s\S]*?<\/ds:SignedInfo>/, (info) => change(info));
  const bytes = Buffer.from(canonicalSignedInfo(changed));
  const value =
    by.mac === undefined
      ? signBytes(by.hash, bytes, by.key ?? provider.privateKey)
      : createHmac(by.hash, by.mac).update(bytes).digest();
  return swap(
    changed,
    /<ds:SignatureValue>[^<]*<\/ds:SignatureValue>/,
    `<ds:SignatureValue>${value.toString('base64')}</ds:SignatureValue>`,
  );
}

export const publicKeyAs = {
  pem: provider.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  der: provider.publicKey.export({ type: 'spki', format: 'der' }),
  certificate: provider.certificate,
};
