/** What goes into the verification of a SAML response and what comes out of it. */
import type { KeyObject } from 'node:crypto';
import type { Result } from '../../shared/result.ts';

/** A certificate of the provider that was pinned by an administrator or by its metadata. */
export interface TrustedCertificate {
  kid: string;
  publicKey: KeyObject;
  notBefore: Date;
  notAfter: Date;
}

/** A private key of the hub towards this provider; several of them while a rollover lasts. */
export interface DecryptionKey {
  kid: string;
  privateKey: KeyObject;
}

/** What a response must look like to be believed; everything is compared exactly (security.md S1-S20). */
export interface ResponseExpectation {
  issuer: string;
  audience: string;
  /** The address at which the response arrived: Destination and Recipient must name it. */
  acsUrl: string;
  certificates: readonly TrustedCertificate[];
  signatureScope: 'RESPONSE' | 'TOKEN' | 'ANY';
  decryptionKeys: readonly DecryptionKey[];
  /** AES-CBC is decrypted only where the provider's settings say so (rulings 25, 57). */
  allowCbc: boolean;
  /** The AuthnRequest's id; null: unsolicited, and then the response must not name a request. */
  requestId: string | null;
  /** AuthnContext class references of which one must come back; empty: any. */
  authnContexts: readonly string[];
  now: Date;
  maxClockSkewSeconds: number;
}

export interface NameId {
  value: string;
  /** As sent; null where the provider said none. */
  format: string | null;
  nameQualifier: string | null;
  spNameQualifier: string | null;
  spProvidedId: string | null;
}

/** Read from verified bytes only. */
export interface VerifiedAssertion {
  assertionId: string;
  responseId: string;
  issuer: string;
  nameId: NameId;
  confirmation: { method: string; address: string | null };
  sessionIndex: string | null;
  authnContextClassRef: string | null;
  authnInstant: Date;
  sessionNotOnOrAfter: Date | null;
  /** Attribute values in document order; an attribute without a value, or with xsi:nil, has none. */
  attributes: { name: string; friendlyName: string | null; nameFormat: string | null; values: string[] }[];
  /** Until when the assertion's id must be remembered against replay: effective expiry plus skew. */
  expires: Date;
  /** Which pinned certificate verified it, what was signed, and which hub key decrypted it. */
  evidence: {
    certificateKid: string;
    signed: ('RESPONSE' | 'TOKEN')[];
    signatureAlgorithm: string;
    decryptionKid: string | null;
    encryptionAlgorithm: string | null;
  };
}

/** Why a message is refused. The reason names what was expected and what was found, never a secret, never more than 200 characters of a value. */
export interface SamlFailure {
  /** Stable, for example 'saml_signature_invalid', 'saml_audience', 'saml_destination', 'saml_status_not_success', 'saml_undecryptable'. */
  code: string;
  reason: string;
  /** The response's or assertion's id where one could be read; for the System Log's sentence. */
  id: string | null;
  /** The provider's own words, for a status other than Success. */
  status?: { code: string; subcode: string | null; message: string | null };
}

/** `encoded` is the form parameter SAMLResponse as it arrived (base64). */
export type VerifyResponse = (
  encoded: string,
  expected: ResponseExpectation,
) => Promise<Result<VerifiedAssertion, SamlFailure>>;
