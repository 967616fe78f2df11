/** What the SAML connector knows of its provider, compiled from what is stored. */
import type { KeyObject } from 'node:crypto';
import type { DecryptionKey, TrustedCertificate } from '../../protocol/saml/index.ts';

export interface SamlSettings {
  orgId: string;
  idpId: string;
  /** Entity id of the provider, and of the hub towards it. */
  issuer: string;
  audience: string;
  ssoUrl: string;
  ssoBinding: 'HTTP-POST' | 'HTTP-REDIRECT';
  destination: string;
  slo: { url: string; binding: 'HTTP-POST' | 'HTTP-REDIRECT' } | null;
  acsType: 'INSTANCE' | 'ORG';
  nameFormat: string;
  honorPersistentNameId: boolean;
  /** null: requests are not signed. */
  signingKey: { kid: string; privateKey: KeyObject } | null;
  signatureScope: 'RESPONSE' | 'TOKEN' | 'ANY';
  certificates: TrustedCertificate[];
  decryptionKeys: DecryptionKey[];
  allowCbc: boolean;
  requireEncryptedAssertion: boolean;
  allowUnsolicited: boolean;
  requestedAuthnContexts: string[];
  authnContextComparison: 'exact' | 'minimum' | 'maximum' | 'better';
  maxClockSkewSeconds: number;
  groupsAttribute: string;
  sendApplicationContext: boolean;
  relayStateFormat: 'OPAQUE' | 'FROM_URL';
}

const ACS_PATH = '/sso/saml2';

/** Where the provider sends its responses: an address of its own, or the one that all share. */
export const acsUrl = (baseUrl: string, of: { idpId: string; acsType: 'INSTANCE' | 'ORG' }): string =>
  baseUrl + ACS_PATH + (of.acsType === 'INSTANCE' ? `/${of.idpId}` : '');

/** Where the provider sends its logout messages. */
export const sloUrl = (baseUrl: string, idpId: string): string => `${baseUrl}${ACS_PATH}/${idpId}/slo`;
