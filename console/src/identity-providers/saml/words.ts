/** How the form of a SAML provider calls its fields where it says what would change. */
import type { FieldWords } from '../../interface/form/changes.ts';
import { labels } from '../../labels.ts';
import { WORDS as PROVIDER_WORDS } from '../form/values.ts';
import { SAML_TEXTS as saml } from './texts.ts';
import type { SamlValues } from './values.ts';

type Shown = Omit<SamlValues, 'certificates'> & { certificates: string[] };

/** The certificates as people tell them apart. */
export function shown(values: SamlValues): Shown {
  const certificates = values.certificates.map(({ kid, subject, notAfter }) =>
    saml.certificate.shown(subject, new Date(notAfter), kid === null),
  );
  return { ...values, certificates };
}

const { labels: account, choices } = PROVIDER_WORDS;

export const WORDS: FieldWords<Shown> = {
  labels: {
    name: labels.name,
    displayName: labels.displayName,
    usernameTemplate: account.usernameTemplate!,
    filter: account.filter!,
    matchType: account.matchType!,
    matchAttribute: account.matchAttribute!,
    linkPolicy: account.linkPolicy!,
    linkGroups: account.linkGroups!,
    excludeAdmins: account.excludeAdmins!,
    noMatch: account.noMatch!,
    updateExisting: account.updateExisting!,
    assignGroups: account.assignGroups!,
    trustEmail: account.trustEmail!,
    trustedDomains: account.trustedDomains!,
    clockSkewSeconds: account.clockSkewSeconds!,
    transactionMinutes: account.transactionMinutes!,
    issuer: labels.idpIssuer,
    ssoUrl: labels.idpSsoUrl,
    certificates: labels.idpCertificate,
    binding: labels.requestBinding,
    signRequests: labels.signRequests,
    algorithm: labels.signatureAlgorithm,
    responseScope: saml.responseScope,
    destination: labels.destination,
    acsType: saml.acsType,
    nameFormat: saml.nameFormat,
    honorPersistentNameId: saml.help.persistent,
    allowUnsolicited: saml.help.allowUnsolicited,
    requireEncryptedAssertion: saml.help.requireEncrypted,
    allowCbc: saml.help.allowCbc,
    contexts: saml.contexts,
    metadataUrl: saml.metadataUrl,
  },
  choices: {
    ...(choices?.matchType && { matchType: choices.matchType }),
    ...(choices?.linkPolicy && { linkPolicy: choices.linkPolicy }),
    ...(choices?.noMatch && { noMatch: choices.noMatch }),
    ...(choices?.trustEmail && { trustEmail: choices.trustEmail }),
    binding: { 'HTTP-POST': labels.httpPost, 'HTTP-REDIRECT': labels.httpRedirect },
    responseScope: saml.scopes,
    acsType: saml.acsTypes,
  },
};
