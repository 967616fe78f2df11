/** English texts of the screens of SAML providers. */
import { PRODUCT } from '../../labels.ts';

export const SAML_TEXTS = {
  protocol: 'SAML Protocol Settings',
  responseScope: 'Response Signature Verification',
  scopes: { ANY: 'Response or Assertion', RESPONSE: 'Response', TOKEN: 'Assertion' },
  nameFormat: 'Name ID Format',
  /** In the order of the formats. */
  nameFormats: ['Unspecified', 'Email address', 'Persistent', 'Transient'],
  acsType: `${PRODUCT} Assertion Consumer Service URL`,
  acsTypes: { INSTANCE: 'Trust-specific', ORG: 'Organization' },
  contexts: 'Requested AuthnContext classes',
  metadataUrl: 'Metadata URL',
  help: {
    issuer: 'The entityID of the provider, character by character. It need not be a URL.',
    ssoUrl: 'Where people are sent. Its query is kept.',
    destination: 'The Destination of the request. Empty: the same as the Single Sign-On URL.',
    signRequests: `Requests are signed with ${PRODUCT}’s key for this provider.`,
    algorithm: 'The hash that signatures are made with.',
    sha1: 'SHA-1 is refused at every sign-in: nobody can come in through this provider until this is SHA-256.',
    scope: 'What must carry a signature in the provider’s answer.',
    persistent: 'Recognise people by a persistent Name ID',
    allowUnsolicited: 'Allow sign-ins that begin at the provider',
    allowCbc: 'Decrypt AES-CBC',
    requireEncrypted: 'Require encrypted assertions',
    contexts: 'Type a class and press Enter. None: the provider decides.',
    metadataUrl:
      'When set, new signing certificates are taken over from there once a day; each change is in the System Log.',
  },
  certificate: {
    description:
      'Upload a file (PEM, DER or metadata), or paste it above. Several certificates may be trusted at once.',
    upload: 'Upload certificate',
    paste: 'Paste a certificate',
    pastePlaceholder: '-----BEGIN CERTIFICATE----- … or what stands between the X509Certificate tags',
    add: 'Add pasted certificate',
    none: 'Add at least one certificate of the provider.',
    until: 'valid until',
    expired: 'expired',
    shown: (subject: string, until: Date, added: boolean) =>
      `${subject} (${added ? 'new, ' : ''}valid until ${until.toLocaleDateString('en', { dateStyle: 'medium' })})`,
    remove: (subject: string) => `Remove ${subject}`,
  },
  metadata: {
    title: 'Import from metadata',
    sentence:
      'Fills in issuer, addresses and certificates from the provider’s metadata. You can change every field afterwards.',
    address: 'Address of the metadata',
    fetch: 'Fetch',
    file: 'Upload metadata',
    done: 'The fields were filled in from the metadata.',
  },
  keys: {
    own: `${PRODUCT}’s keys for this provider`,
    ownSentence: 'Each is published in the metadata; the active one signs requests, all of them decrypt assertions.',
    generate: 'Generate new key',
    activate: 'Make active',
    retire: 'Retire',
    active: 'Active',
    expires: 'Expires',
    lastUsed: 'Last used to decrypt',
    never: 'never',
    id: 'Key ID',
    published: 'Published',
    generated: 'New key published. Make it active once the provider has read the new metadata.',
    activated: 'The key now signs requests.',
    retired: 'The key was retired.',
    askRetire: 'Retire this key?',
    retireSentence: 'Assertions that the provider encrypts for it can no longer be decrypted.',
  },
};
