/** For whom the corpus is written: a verifier alone, unless a test says otherwise before it imports the documents. */
import { rsaKeys } from '../support/saml-signer.ts';

export const setting = {
  now: new Date('2026-11-20T10:00:00Z'),
  acsUrl: 'https://hub.example/sso/saml2/0oa1',
  audience: 'https://hub.example/saml2/service-provider/sp1',
  /** null: the sign-in begins at the provider, and the attacks on InResponseTo have no object. */
  requestId: '_request' as string | null,
  provider: rsaKeys(),
  /** Whose public key encrypts assertions. */
  hub: rsaKeys(),
};
