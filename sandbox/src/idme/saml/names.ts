/** Names of SAML 2.0 and of ID.me's endpoints for it (contract: providers §2.5). */
export const SAML_PATHS = {
  metadata: '/saml/metadata',
  metadataProvider: '/saml/metadata/provider',
  signOn: '/saml/SingleSignOnService',
  logout: '/saml/SingleLogoutService',
  start: '/saml/start',
  end: '/saml/end',
  script: '/saml/continue.js',
} as const;

/** EntityID and Issuer: the guide's bare string, not an address. */
export const ISSUER = 'api.idmelabs.com';

export const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol';
export const ASSERTION = 'urn:oasis:names:tc:SAML:2.0:assertion';
export const METADATA = 'urn:oasis:names:tc:SAML:2.0:metadata';
export const DSIG = 'http://www.w3.org/2000/09/xmldsig#';
export const BASIC = 'urn:oasis:names:tc:SAML:2.0:attrname-format:basic';
export const POST = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST';
export const REDIRECT = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect';
export const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success';

const FORMAT_1_1 = 'urn:oasis:names:tc:SAML:1.1:nameid-format:';
const FORMAT_2_0 = 'urn:oasis:names:tc:SAML:2.0:nameid-format:';
export const NAME_ID = {
  persistent: `${FORMAT_2_0}persistent`,
  transient: `${FORMAT_2_0}transient`,
  emailAddress: `${FORMAT_1_1}emailAddress`,
  unspecified: `${FORMAT_1_1}unspecified`,
} as const;

const MORE = 'http://www.w3.org/2001/04/xmldsig-more#';
/** Signature algorithms by the name that the desk offers; `sha1` is only ever played as a fault. */
export const SIGNATURES = {
  sha256: `${MORE}rsa-sha256`,
  sha512: `${MORE}rsa-sha512`,
  sha1: `${DSIG}rsa-sha1`,
} as const;
export type SignatureName = keyof typeof SIGNATURES;

/** What a request may be signed with, and the digest that goes with it. */
export const REQUEST_DIGESTS: Readonly<Record<string, string>> = {
  [SIGNATURES.sha256]: 'sha256',
  [`${MORE}rsa-sha384`]: 'sha384',
  [SIGNATURES.sha512]: 'sha512',
};

/** Content encryption by the name that the desk offers. */
export const ENCRYPTIONS = {
  'aes256-cbc': 'http://www.w3.org/2001/04/xmlenc#aes256-cbc',
  'aes128-cbc': 'http://www.w3.org/2001/04/xmlenc#aes128-cbc',
  'aes256-gcm': 'http://www.w3.org/2009/xmlenc11#aes256-gcm',
  'aes128-gcm': 'http://www.w3.org/2009/xmlenc11#aes128-gcm',
} as const;
export type EncryptionName = keyof typeof ENCRYPTIONS;
export const KEY_TRANSPORT = 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p';
