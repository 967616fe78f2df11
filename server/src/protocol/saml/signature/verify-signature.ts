/** Whether one of the pinned certificates signed an element, and the very bytes that it signed. KeyInfo is never looked at (security.md S11). */
import { createHash, timingSafeEqual } from 'node:crypto';
import { canonicalBytes, childrenNamed, detach, type Element, type Tree } from '../document/tree.ts';
import { refuse } from '../failures.ts';
import { DS } from '../names.ts';
import type { TrustedCertificate } from '../types.ts';
import { madeBy, SIGNATURE_ALGORITHMS } from './algorithms.ts';
import { type ReadSignature, readSignature } from './read-signature.ts';

export interface SignedBytes {
  /** The canonical form of the signed element without its signature: the only thing to read from. */
  bytes: Buffer;
  certificateKid: string;
  algorithm: string;
}

/** The signature that stands directly in the element; null where there is none. Throws Refused for two, and for one out of place. */
export function signatureIn(element: Element): ReadSignature | null {
  const signatures = childrenNamed(element, DS, 'Signature');
  if (signatures.length > 1) refuse('saml_signature_structure', `${element.name} holds more than one signature.`);
  const [signature] = signatures;
  if (signature === undefined) return null;
  if (element.children.indexOf(signature) > 1)
    refuse('saml_signature_structure', `The signature does not stand behind the Issuer of ${element.name}.`);
  return readSignature(signature, element);
}

/** Takes the signature out of the tree. Throws Refused unless a pinned certificate that is valid now made it. */
export function verifySignature(
  tree: Tree,
  element: Element,
  signature: ReadSignature,
  certificates: readonly TrustedCertificate[],
  now: Date,
): SignedBytes {
  const signedInfo = canonicalBytes(tree, signature.signedInfo, signature.signedInfoPrefixes);
  const certificate = signerOf(signature, signedInfo, certificates, now);
  detach(signature.element);
  const bytes = canonicalBytes(tree, element, signature.prefixes);
  const digest = createHash(signature.digestHash).update(bytes).digest();
  if (digest.length !== signature.digest.length || !timingSafeEqual(digest, signature.digest))
    refuse('saml_signature_invalid', `${element.name} was altered after it was signed: its digest differs.`);
  return { bytes, certificateKid: certificate.kid, algorithm: signature.algorithm };
}

function signerOf(
  { algorithm, value }: ReadSignature,
  signedInfo: Buffer,
  certificates: readonly TrustedCertificate[],
  now: Date,
): TrustedCertificate {
  if (certificates.length === 0)
    refuse(
      'saml_certificate_missing',
      'The identity provider has no certificate that its signatures could be checked with.',
    );
  const method = SIGNATURE_ALGORITHMS.get(algorithm)!;
  // A renewed certificate may have the key of the one before it: those that are valid now come first.
  const validNow = ({ notBefore, notAfter }: TrustedCertificate) => notBefore <= now && notAfter >= now;
  const inOrder = [...certificates.filter(validNow), ...certificates.filter((each) => !validNow(each))];
  const signer = inOrder.find(({ publicKey }) => madeBy(publicKey, method, signedInfo, value));
  if (signer === undefined)
    return refuse(
      'saml_signature_invalid',
      `None of the ${certificates.length} trusted certificates of the identity provider made the signature: it was made by another key or is damaged.`,
    );
  if (signer.notAfter < now || signer.notBefore > now)
    refuse(
      'saml_certificate_expired',
      `The signature was made with the certificate ${signer.kid}, which is valid from ${signer.notBefore.toISOString()} to ${signer.notAfter.toISOString()}.`,
    );
  return signer;
}
