/** The hub as it describes itself to one provider: what is in metadata is what is accepted (rulings 25). */
import { writeMetadata } from '../../protocol/saml/index.ts';
import type { SigningKey } from '../keys/store.ts';
import type { SamlProtocolConfig } from '../saml/schema.ts';
import { acsUrl, sloUrl } from '../saml/settings.ts';

const NAME_ID_FORMATS = [
  'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
  'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
  'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
  'urn:oasis:names:tc:SAML:2.0:nameid-format:transient',
];

export function describeHub(of: {
  id: string;
  protocol: SamlProtocolConfig;
  keys: readonly SigningKey[];
  baseUrl: string;
  orgName: string;
}): string {
  const { endpoints, settings, credentials, algorithms } = of.protocol;
  const active = credentials.signing.kid;
  const first = of.keys.filter(({ kid }) => kid === active);
  const others = of.keys.filter(({ kid }) => kid !== active);
  return writeMetadata({
    entityId: credentials.trust.audience,
    acsUrl: acsUrl(of.baseUrl, { idpId: of.id, acsType: endpoints.acs.type }),
    sloUrl: settings.participateSlo ? sloUrl(of.baseUrl, of.id) : null,
    requestsSigned: algorithms.request.signature.scope === 'REQUEST',
    certificates: [...first, ...others].map(({ certificate }) => certificate),
    acceptsCbc: settings.allowCbc,
    nameIdFormats: NAME_ID_FORMATS,
    organization: { name: of.orgName, url: of.baseUrl },
  });
}
