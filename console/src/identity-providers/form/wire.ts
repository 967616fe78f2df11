/** The form of an OpenID Connect provider to and from the wire. */
import type { Endpoint, OidcInput, OidcProvider } from '../../contract.ts';
import { filled } from '../../interface/form/checks.ts';
import type { AccountValues, ProviderValues } from './values.ts';

const SECOND = 1000;
const MINUTE = 60_000;

/** A provider, or a preset that is to become one. */
export type Source = OidcProvider | OidcInput;

const DEFAULT_MINUTES = 15;
const AUTHENTICATION: Record<string, ProviderValues['authenticationType']> = {
  private_key_jwt: 'PRIVATE_KEY',
  none: 'NONE',
};

export function fromWire(source: Source): ProviderValues {
  const { protocol, policy } = source;
  const client = protocol.credentials.client;
  return {
    name: source.name,
    displayName: source.displayName ?? '',
    scopes: protocol.scopes,
    clientId: client.client_id,
    authenticationType: AUTHENTICATION[client.token_endpoint_auth_method ?? ''] ?? 'CLIENT_SECRET',
    clientSecret: '',
    issuer: protocol.issuer.url,
    authorizationEndpoint: protocol.endpoints.authorization.url,
    tokenEndpoint: protocol.endpoints.token.url,
    jwksEndpoint: protocol.endpoints.jwks?.url ?? '',
    userInfoEndpoint: protocol.endpoints.userInfo?.url ?? '',
    requirePkce: client.pkce_required ?? true,
    ...accountFromWire(policy),
    parseUserInfo: protocol.settings?.parseUserInfo ?? 'json',
    perIdpRedirectUri: protocol.settings?.perIdpRedirectUri ?? false,
    requireIssParameter: protocol.settings?.requireIssParameter ?? false,
  };
}

export function accountFromWire(policy: Source['policy']): AccountValues {
  return {
    usernameTemplate: policy.subject.userNameTemplate.template,
    filter: policy.subject.filter ?? '',
    matchType: policy.subject.matchType,
    matchAttribute: policy.subject.matchAttribute ?? '',
    linkPolicy: policy.accountLink.action,
    linkGroups: policy.accountLink.filter?.groups?.include ?? [],
    excludeAdmins: policy.accountLink.filter?.users?.excludeAdmins ?? true,
    noMatch: policy.provisioning.action,
    updateExisting: policy.provisioning.profileMaster,
    assignGroups: policy.provisioning.groups.assignments ?? [],
    trustEmail: policy.trustEmail ?? 'PROVIDER',
    trustedDomains: policy.trustedDomains ?? [],
    clockSkewSeconds: (policy.maxClockSkew ?? 0) / SECOND,
    transactionMinutes: (policy.transactionLifetime ?? DEFAULT_MINUTES * MINUTE) / MINUTE,
  };
}

/** The whole object as PUT and POST take it. What the form does not show is taken over from where it began. */
export function toWire(values: ProviderValues, source: Source): OidcInput {
  return {
    type: 'OIDC',
    name: values.name.trim(),
    displayName: values.displayName.trim() === '' ? null : values.displayName.trim(),
    preset: source.preset ?? null,
    issuerMode: source.issuerMode ?? 'ORG_URL',
    ...(source.status === undefined ? {} : { status: source.status }),
    protocol: protocolOf(values, source.protocol),
    policy: policyOf(values, source.policy),
  };
}

function protocolOf(values: ProviderValues, before: OidcInput['protocol']): OidcInput['protocol'] {
  return {
    ...before,
    type: 'OIDC',
    scopes: values.scopes,
    issuer: { url: values.issuer.trim() },
    endpoints: {
      authorization: redirect(values.authorizationEndpoint),
      token: { url: values.tokenEndpoint.trim(), binding: 'HTTP-POST' },
      jwks: redirect(values.jwksEndpoint),
      ...(values.userInfoEndpoint.trim() === '' ? {} : { userInfo: redirect(values.userInfoEndpoint) }),
    },
    credentials: { client: clientOf(values, before.credentials.client) },
    settings: {
      ...before.settings,
      parseUserInfo: values.parseUserInfo,
      perIdpRedirectUri: values.perIdpRedirectUri,
      requireIssParameter: values.requireIssParameter,
    },
  };
}

type Client = OidcProvider['protocol']['credentials']['client'];

/** Unset means on: PKCE is named only where it is, or was, switched off. */
function clientOf(values: ProviderValues, before: Client): Client {
  const { client_secret: stored, token_endpoint_auth_method: method, pkce_required: pkce } = before;
  const client = {
    client_id: values.clientId.trim(),
    ...(values.requirePkce && pkce == null ? {} : { pkce_required: values.requirePkce }),
  };
  if (values.authenticationType === 'PRIVATE_KEY') return { ...client, token_endpoint_auth_method: 'private_key_jwt' };
  if (values.authenticationType === 'NONE') return { ...client, token_endpoint_auth_method: 'none' };
  const secret = values.clientSecret === '' ? stored : values.clientSecret;
  return {
    ...client,
    ...(method?.startsWith('client_secret') ? { token_endpoint_auth_method: method } : {}),
    ...(secret ? { client_secret: secret } : {}),
  };
}

function redirect(url: string): Endpoint {
  return { url: url.trim(), binding: 'HTTP-REDIRECT' };
}

export function policyOf(values: AccountValues, before: OidcInput['policy']): OidcInput['policy'] {
  const excluded = before.accountLink.filter?.users?.exclude;
  return {
    ...before,
    accountLink: {
      action: values.linkPolicy,
      filter: {
        ...(values.linkGroups.length === 0 ? {} : { groups: { include: values.linkGroups } }),
        users: { ...(excluded === undefined ? {} : { exclude: excluded }), excludeAdmins: values.excludeAdmins },
      },
    },
    provisioning: {
      ...before.provisioning,
      action: values.noMatch,
      profileMaster: values.updateExisting,
      groups: groupsOf(values, before.provisioning.groups),
    },
    subject: {
      ...before.subject,
      userNameTemplate: { template: values.usernameTemplate.trim() },
      filter: values.filter.trim() === '' ? null : values.filter.trim(),
      matchType: values.matchType,
      matchAttribute: values.matchType === 'CUSTOM_ATTRIBUTE' ? values.matchAttribute : null,
    },
    maxClockSkew: values.clockSkewSeconds * SECOND,
    trustEmail: values.trustEmail,
    trustedDomains: filled(values.trustedDomains),
    transactionLifetime: values.transactionMinutes * MINUTE,
  };
}

/** Group rules that only the API can set (by claim) stay as they are. */
function groupsOf(values: AccountValues, before: Source['policy']['provisioning']['groups']) {
  if (before.action === 'APPEND' || before.action === 'SYNC') return before;
  if (values.assignGroups.length === 0) return { action: 'NONE' as const };
  return { action: 'ASSIGN' as const, assignments: values.assignGroups };
}
