import { markupOf, html as xml } from '../../pages/html.ts';
import type { KeyUse, SamlKeys } from './keys.ts';
import { DSIG, ISSUER, METADATA, NAME_ID, POST, PROTOCOL, REDIRECT, SAML_PATHS } from './names.ts';

/** The IdP metadata: several KeyDescriptors per use, of which `active="true"` marks the current one (contract: providers §2.5). */
export function metadataDocument(url: string, keys: SamlKeys): string {
  const endpoint = (name: 'SingleSignOnService' | 'SingleLogoutService', path: string) =>
    [POST, REDIRECT].map((binding) => {
      const location = `${url}${path}`;
      return name === 'SingleSignOnService'
        ? xml`<md:SingleSignOnService Binding="${binding}" Location="${location}"/>`
        : xml`<md:SingleLogoutService Binding="${binding}" Location="${location}"/>`;
    });
  return markupOf(xml`<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="${METADATA}" xmlns:ds="${DSIG}" entityID="${ISSUER}">
<md:IDPSSODescriptor WantAuthnRequestsSigned="true" protocolSupportEnumeration="${PROTOCOL}">
${descriptors(keys, 'signing')}${descriptors(keys, 'encryption')}${endpoint('SingleLogoutService', SAML_PATHS.logout)}
${Object.values(NAME_ID).map((format) => xml`<md:NameIDFormat>${format}</md:NameIDFormat>`)}
${endpoint('SingleSignOnService', SAML_PATHS.signOn)}
</md:IDPSSODescriptor>
</md:EntityDescriptor>
`);
}

function descriptors(keys: SamlKeys, use: KeyUse) {
  return keys
    .published(use)
    .flatMap(({ certificate, expiredCertificate }, at) => [
      descriptor(use, certificate, at === 0),
      descriptor(use, expiredCertificate, false),
    ]);
}

const descriptor = (
  use: KeyUse,
  certificate: string,
  active: boolean,
) => xml`<md:KeyDescriptor use="${use}"${active && xml` active="true"`}>
<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>
</md:KeyDescriptor>
`;
