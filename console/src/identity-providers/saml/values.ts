/** The form of a SAML provider: its fields, what they begin with, their words and their checks. */
import type { FormErrors } from '@mantine/form';
import type { SamlInput, SamlProtocol, SamlProvider } from '../../contract.ts';
import { check, missing, notAnAddress } from '../../interface/form/checks.ts';
import { labels } from '../../labels.ts';
import { type AccountValues, accountChecks, WIRE_NAMES as OIDC_NAMES } from '../form/values.ts';
import { accountFromWire, policyOf } from '../form/wire.ts';
import { texts } from '../texts.ts';
import type { ReadMetadata } from './metadata.ts';

/** A certificate of the provider: stored already under `kid`, or to be stored when the form is sent. */
export interface FormCertificate {
  kid: string | null;
  x5c: string;
  subject: string;
  notAfter: string;
}

export type SamlValues = AccountValues & {
  name: string;
  displayName: string;
  issuer: string;
  ssoUrl: string;
  certificates: FormCertificate[];
  binding: 'HTTP-POST' | 'HTTP-REDIRECT';
  signRequests: boolean;
  algorithm: 'SHA-256' | 'SHA-1';
  responseScope: 'ANY' | 'RESPONSE' | 'TOKEN';
  destination: string;
  acsType: 'INSTANCE' | 'ORG';
  nameFormat: SamlProtocol['settings']['nameFormat'];
  honorPersistentNameId: boolean;
  allowUnsolicited: boolean;
  allowCbc: boolean;
  requireEncryptedAssertion: boolean;
  contexts: string[];
  metadataUrl: string;
};

export const NAME_FORMATS: SamlValues['nameFormat'][] = [
  'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
  'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
  'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
  'urn:oasis:names:tc:SAML:2.0:nameid-format:transient',
];

/** Paths on the wire → fields of this form. */
export const WIRE_NAMES: Record<string, keyof SamlValues> = {
  ...(OIDC_NAMES as Record<string, keyof AccountValues>),
  'protocol.credentials.trust.issuer': 'issuer',
  'protocol.credentials.trust.kid': 'certificates',
  'protocol.endpoints.sso.url': 'ssoUrl',
  'protocol.endpoints.sso.destination': 'destination',
  'protocol.algorithms.request.signature.scope': 'signRequests',
  'protocol.algorithms.response.signature.algorithm': 'algorithm',
  'protocol.settings.allowUnsolicited': 'allowUnsolicited',
  'protocol.settings.allowCbc': 'allowCbc',
  'protocol.settings.metadataUrl': 'metadataUrl',
};

/** A provider, or a preset that is to become one. */
export type Source = SamlProvider | SamlInput;

export function fromWire({ name, displayName, protocol, policy }: Source, certificates: FormCertificate[]): SamlValues {
  const { endpoints, algorithms, settings, credentials } = protocol;
  const { scope } = algorithms.response.signature;
  return {
    name,
    displayName: displayName ?? '',
    issuer: credentials.trust.issuer,
    ssoUrl: endpoints.sso.url,
    certificates,
    binding: endpoints.sso.binding,
    signRequests: algorithms.request.signature.scope === 'REQUEST',
    algorithm: algorithms.response.signature.algorithm,
    responseScope: scope === 'ASSERTION' ? 'TOKEN' : scope,
    destination: endpoints.sso.destination,
    acsType: endpoints.acs.type,
    nameFormat: settings.nameFormat ?? NAME_FORMATS[2]!,
    honorPersistentNameId: settings.honorPersistentNameId ?? true,
    allowUnsolicited: settings.allowUnsolicited ?? false,
    allowCbc: settings.allowCbc ?? false,
    requireEncryptedAssertion: settings.requireEncryptedAssertion ?? false,
    contexts: settings.requestedAuthnContexts ?? [],
    metadataUrl: settings.metadataUrl ?? '',
    ...accountFromWire(policy),
  };
}

/**
 * What metadata fills in. Metadata names an address without a query, while a form may hold the same address with one that says what is asked of
 * the provider (ID.me's `?AuthnContext=`): that one stays.
 */
export function fromMetadata(
  present: Pick<SamlValues, 'ssoUrl'>,
  { entityId, sso, certificates }: ReadMetadata,
  metadataUrl: string | null,
): Partial<SamlValues> {
  const [first] = sso;
  const ssoUrl =
    first === undefined ? null : isSameWithoutQuery(present.ssoUrl, first.url) ? present.ssoUrl : first.url;
  return {
    issuer: entityId,
    ...(first !== undefined && ssoUrl !== null && { ssoUrl, destination: ssoUrl, binding: first.binding }),
    ...(metadataUrl !== null && { metadataUrl }),
    certificates: certificates.map(({ x5c, subject, notAfter }) => ({ kid: null, x5c, subject, notAfter })),
  };
}

function isSameWithoutQuery(present: string, published: string): boolean {
  const [one, other] = [URL.parse(present), URL.parse(published)];
  return (
    one !== null && other !== null && other.search === '' && one.origin + one.pathname === other.origin + other.pathname
  );
}

/** The whole object as PUT and POST take it; `kids` are those of the certificates, in their order. What the form does not show is taken over. */
export function toWire(values: SamlValues, source: Source, kids: string[]): SamlInput {
  const [kid = '', ...additionalKids] = kids;
  const { protocol } = source;
  const signature = { algorithm: values.algorithm };
  const ssoUrl = values.ssoUrl.trim();
  return {
    type: 'SAML2',
    name: values.name.trim(),
    displayName: values.displayName.trim() === '' ? null : values.displayName.trim(),
    preset: source.preset ?? null,
    ...(source.status === undefined ? {} : { status: source.status }),
    protocol: {
      ...protocol,
      endpoints: {
        ...protocol.endpoints,
        sso: { url: ssoUrl, binding: values.binding, destination: values.destination.trim() || ssoUrl },
        acs: { binding: 'HTTP-POST', type: values.acsType },
      },
      algorithms: {
        request: { signature: { ...signature, scope: values.signRequests ? 'REQUEST' : 'NONE' } },
        response: { signature: { ...signature, scope: values.responseScope } },
      },
      settings: {
        ...protocol.settings,
        nameFormat: values.nameFormat,
        honorPersistentNameId: values.honorPersistentNameId,
        allowUnsolicited: values.allowUnsolicited,
        allowCbc: values.allowCbc,
        requireEncryptedAssertion: values.requireEncryptedAssertion,
        requestedAuthnContexts: values.contexts,
        metadataUrl: values.metadataUrl.trim(),
      },
      credentials: {
        ...protocol.credentials,
        trust: { ...protocol.credentials.trust, issuer: values.issuer.trim(), kid, additionalKids },
      },
    },
    policy: policyOf(values, source.policy),
  };
}

export function validate(values: SamlValues): FormErrors {
  return check(
    ['name', missing(values.name, labels.name)],
    ['issuer', missing(values.issuer, labels.idpIssuer)],
    ['ssoUrl', missing(values.ssoUrl, labels.idpSsoUrl)],
    ['ssoUrl', notAnAddress(values.ssoUrl)],
    ['certificates', values.certificates.length === 0 ? texts.saml.certificate.none : null],
    ['metadataUrl', notAnAddress(values.metadataUrl)],
    ...accountChecks(values),
  );
}
