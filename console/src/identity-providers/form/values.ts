/** The form of an OpenID Connect provider: its fields, what they begin with, their words and their checks. */
import type { FormErrors } from '@mantine/form';
import type { MatchType, TrustEmail } from '../../contract.ts';
import type { FieldWords } from '../../interface/form/changes.ts';
import { check, filled, missing, notAnAddress } from '../../interface/form/checks.ts';
import { labels } from '../../labels.ts';
import { texts } from '../texts.ts';

export type ProviderValues = {
  name: string;
  displayName: string;
  scopes: string[];
  clientId: string;
  authenticationType: 'CLIENT_SECRET' | 'PRIVATE_KEY' | 'NONE';
  clientSecret: string;
  issuer: string;
  authorizationEndpoint: string;
  tokenEndpoint: string;
  jwksEndpoint: string;
  userInfoEndpoint: string;
  requirePkce: boolean;
  usernameTemplate: string;
  filter: string;
  matchType: MatchType;
  matchAttribute: string;
  linkPolicy: 'AUTO' | 'DISABLED';
  linkGroups: string[];
  excludeAdmins: boolean;
  noMatch: 'AUTO' | 'DISABLED';
  updateExisting: boolean;
  assignGroups: string[];
  trustEmail: TrustEmail;
  trustedDomains: string[];
  clockSkewSeconds: number;
  transactionMinutes: number;
  parseUserInfo: 'json' | 'jwt' | 'quoted_jwt';
  perIdpRedirectUri: boolean;
  requireIssParameter: boolean;
};

/** What the form of every kind of provider asks: who is who, who is created and updated. */
export type AccountValues = Pick<
  ProviderValues,
  | 'usernameTemplate'
  | 'filter'
  | 'matchType'
  | 'matchAttribute'
  | 'linkPolicy'
  | 'linkGroups'
  | 'excludeAdmins'
  | 'noMatch'
  | 'updateExisting'
  | 'assignGroups'
  | 'trustEmail'
  | 'trustedDomains'
  | 'clockSkewSeconds'
  | 'transactionMinutes'
>;

const SHORTEST_TEMPLATE = 9;

export const AUTHENTICATION_TYPES = {
  CLIENT_SECRET: labels.clientSecret,
  PRIVATE_KEY: labels.privateKey,
  NONE: texts.noAuthentication,
};

export const WORDS: FieldWords<ProviderValues> = {
  labels: {
    name: labels.name,
    displayName: labels.displayName,
    scopes: labels.scopes,
    clientId: labels.clientId,
    authenticationType: labels.authenticationType,
    clientSecret: labels.clientSecret,
    issuer: labels.issuer,
    authorizationEndpoint: labels.authorizationEndpoint,
    tokenEndpoint: labels.tokenEndpoint,
    jwksEndpoint: labels.jwksEndpoint,
    userInfoEndpoint: labels.userInfoEndpoint,
    requirePkce: labels.requirePkce,
    usernameTemplate: labels.idpUsername,
    filter: labels.filter,
    matchType: labels.matchAgainst,
    matchAttribute: labels.matchAttribute,
    linkPolicy: labels.accountLinkPolicy,
    linkGroups: labels.autoLinkRestrictions,
    excludeAdmins: texts.help.excludeAdmins,
    noMatch: labels.noMatch,
    updateExisting: labels.profileSource,
    assignGroups: texts.groupAssignments,
    trustEmail: texts.trustEmail,
    trustedDomains: texts.trustedDomains,
    clockSkewSeconds: texts.clockSkew,
    transactionMinutes: texts.lifetime,
    parseUserInfo: texts.help.parseUserInfo,
    perIdpRedirectUri: texts.help.perIdp,
    requireIssParameter: texts.help.iss,
  },
  choices: {
    authenticationType: AUTHENTICATION_TYPES,
    matchType: {
      USERNAME: labels.matchUsername,
      EMAIL: labels.matchEmail,
      USERNAME_OR_EMAIL: labels.matchUsernameOrEmail,
      CUSTOM_ATTRIBUTE: labels.matchAttribute,
    },
    linkPolicy: { AUTO: labels.automatic, DISABLED: labels.disabled },
    noMatch: { AUTO: labels.createNewUser, DISABLED: labels.redirectToSignIn },
    trustEmail: texts.trustChoices,
    parseUserInfo: texts.parseChoices,
  },
  secrets: ['clientSecret'],
};

/** Paths on the wire → fields of this form: for the server's sentences, its notes and its lint. */
export const WIRE_NAMES: Record<string, keyof ProviderValues> = {
  'protocol.scopes': 'scopes',
  'protocol.issuer.url': 'issuer',
  'protocol.endpoints.authorization.url': 'authorizationEndpoint',
  'protocol.endpoints.token.url': 'tokenEndpoint',
  'protocol.endpoints.jwks.url': 'jwksEndpoint',
  'protocol.endpoints.userInfo.url': 'userInfoEndpoint',
  'protocol.credentials.client.client_id': 'clientId',
  'protocol.credentials.client.client_secret': 'clientSecret',
  'protocol.credentials.client.pkce_required': 'requirePkce',
  'protocol.credentials.client.token_endpoint_auth_method': 'authenticationType',
  'protocol.settings.parseUserInfo': 'parseUserInfo',
  'protocol.settings.perIdpRedirectUri': 'perIdpRedirectUri',
  'protocol.settings.requireIssParameter': 'requireIssParameter',
  'policy.subject.userNameTemplate.template': 'usernameTemplate',
  'policy.subject.filter': 'filter',
  'policy.subject.matchAttribute': 'matchAttribute',
  'policy.accountLink.filter.users.excludeAdmins': 'excludeAdmins',
  'policy.provisioning.groups.assignments': 'assignGroups',
  'policy.maxClockSkew': 'clockSkewSeconds',
  'policy.transactionLifetime': 'transactionMinutes',
  'policy.trustEmail': 'trustEmail',
  'policy.trustedDomains': 'trustedDomains',
};

export function validate(values: ProviderValues, hasSecret: boolean): FormErrors {
  const needsSecret = values.authenticationType === 'CLIENT_SECRET' && !hasSecret;
  return check(
    ['name', missing(values.name, labels.name)],
    ['scopes', values.scopes.length === 0 ? texts.help.scopes : null],
    ['clientId', missing(values.clientId, labels.clientId)],
    ['clientSecret', needsSecret ? missing(values.clientSecret, labels.clientSecret) : null],
    ['issuer', missing(values.issuer, labels.issuer)],
    ['issuer', notAnAddress(values.issuer)],
    ['authorizationEndpoint', missing(values.authorizationEndpoint, labels.authorizationEndpoint)],
    ['authorizationEndpoint', notAnAddress(values.authorizationEndpoint)],
    ['tokenEndpoint', missing(values.tokenEndpoint, labels.tokenEndpoint)],
    ['tokenEndpoint', notAnAddress(values.tokenEndpoint)],
    ['jwksEndpoint', missing(values.jwksEndpoint, labels.jwksEndpoint)],
    ['jwksEndpoint', notAnAddress(values.jwksEndpoint)],
    ['userInfoEndpoint', notAnAddress(values.userInfoEndpoint)],
    ...accountChecks(values),
  );
}

type Check = [field: string, sentence: string | null];

export function accountChecks(values: AccountValues): Check[] {
  return [
    ['usernameTemplate', values.usernameTemplate.trim().length < SHORTEST_TEMPLATE ? texts.usernameShort : null],
    [
      'matchAttribute',
      values.matchType === 'CUSTOM_ATTRIBUTE' ? missing(values.matchAttribute, labels.matchAttribute) : null,
    ],
    [
      'trustedDomains',
      values.trustEmail === 'DOMAINS' && filled(values.trustedDomains).length === 0 ? texts.help.trustedDomains : null,
    ],
  ];
}
