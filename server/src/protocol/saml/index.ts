/**
 * protocol/saml: SAML 2.0 messages as pure functions over bytes and values. It reads identity from verified bytes only, and knows no
 * provider, store or request. Level 1: imports `shared` only.
 */
export { type CertificateFacts, certificateBytes, readCertificate, selfSignedCertificate } from './certificates.ts';
export { decodeRedirected, inflateMessage, MAX_MESSAGE_BYTES } from './document/decode.ts';
export { type IdentityProviderMetadata, MAX_METADATA_BYTES, readMetadata } from './metadata/read-metadata.ts';
export { writeMetadata } from './metadata/write-metadata.ts';
export { PERSISTENT } from './names.ts';
export { buildAuthnRequest, newMessageId } from './requests/authn-request.ts';
export { buildLogoutRequest, buildLogoutResponse, type LogoutSubject } from './requests/logout.ts';
export { toForm, toRedirect } from './requests/send.ts';
export { verifyPostedLogout, verifyRedirectedLogout } from './response/logout-request.ts';
export type {
  DecryptionKey,
  NameId,
  ResponseExpectation,
  SamlFailure,
  TrustedCertificate,
  VerifiedAssertion,
  VerifyResponse,
} from './types.ts';
export { verifyEncoded } from './verify-response.ts';
export { verifyResponse } from './worker/verify-response.ts';
