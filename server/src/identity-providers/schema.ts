/** Wire shapes of identity providers (contract §2.1-2.3); the fields marked "own" are not in the contract. */
import Type, { type Static } from 'typebox';
import { SamlProtocol, type SamlProtocolConfig } from './saml/schema.ts';

export const BINDINGS = ['HTTP-POST', 'HTTP-REDIRECT'] as const;
export const ISSUER_MODES = ['ORG_URL', 'CUSTOM_URL', 'DYNAMIC'] as const;
export const REQUEST_ALGORITHMS = ['HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'SHA-256'] as const;
export const REQUEST_SCOPES = ['REQUEST', 'NONE'] as const;
export const CLIENT_AUTHENTICATIONS = ['client_secret_post', 'client_secret_basic', 'private_key_jwt', 'none'] as const;
export const RESPONSE_MODES = ['query', 'form_post'] as const;
/** How a userinfo answer is read: an object, a JWT, or a JWT that was put between quotes as a JSON string. */
export const USERINFO_FORMS = ['json', 'jwt', 'quoted_jwt'] as const;
export const ASYMMETRIC_ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384'] as const;
export const SYMMETRIC_ALGORITHMS = ['HS256', 'HS384', 'HS512'] as const;
export const MATCH_TYPES = ['USERNAME', 'EMAIL', 'USERNAME_OR_EMAIL', 'CUSTOM_ATTRIBUTE'] as const;
export const TRUST_EMAIL = ['PROVIDER', 'VERIFIED_CLAIM', 'DOMAINS', 'PROVIDER_DESPITE_CLAIM'] as const;
export const GROUP_ACTIONS = ['NONE', 'ASSIGN', 'APPEND', 'SYNC'] as const;
export const SWITCH = ['AUTO', 'DISABLED'] as const;
export const PROVIDER_TYPES = ['OIDC', 'SAML2'] as const;
export const STATUSES = ['ACTIVE', 'INACTIVE'] as const;

const oneOf = <const T extends readonly string[]>(values: T, description?: string) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...values], description });
const nullable = <T>(type: string) => Type.Unsafe<T | null>({ type: [type, 'null'] });
const texts = () => Type.Array(Type.String());

const Endpoint = Type.Object({ url: Type.String({ format: 'uri' }), binding: oneOf(BINDINGS) });

export const Protocol = Type.Object({
  type: oneOf(['OIDC']),
  endpoints: Type.Object({
    authorization: Endpoint,
    token: Endpoint,
    userInfo: Type.Optional(Endpoint),
    jwks: Type.Optional(Endpoint),
    slo: Type.Optional(Endpoint),
  }),
  algorithms: Type.Object({
    request: Type.Object({
      signature: Type.Object({ algorithm: oneOf(REQUEST_ALGORITHMS), scope: oneOf(REQUEST_SCOPES) }),
    }),
  }),
  settings: Type.Object({
    nameFormat: nullable<string>('string'),
    participateSlo: Type.Boolean({ description: 'false: only SAML 2.0 providers take part in logout' }),
    sendApplicationContext: Type.Boolean(),
    parseUserInfo: oneOf(USERINFO_FORMS, 'own: how the UserInfo answer is read'),
    perIdpRedirectUri: Type.Boolean({ description: 'own: the redirect URI ends with the id of the identity provider' }),
    requireIssParameter: Type.Boolean({
      description: 'own: refuse an authorization response without `iss` (RFC 9207)',
    }),
    responseMode: oneOf(RESPONSE_MODES, 'own: how the provider sends the person back'),
    idTokenAlgorithms: Type.Array(oneOf([...ASYMMETRIC_ALGORITHMS, ...SYMMETRIC_ALGORITHMS]), {
      description: 'own: accepted signature algorithms of the ID token',
    }),
  }),
  scopes: texts(),
  issuer: Type.Object({ url: Type.String({ format: 'uri' }) }),
  credentials: Type.Object({
    client: Type.Object({
      client_id: Type.String(),
      client_secret: Type.Optional(Type.String()),
      pkce_required: Type.Optional(Type.Boolean()),
      token_endpoint_auth_method: Type.Optional(oneOf(CLIENT_AUTHENTICATIONS)),
    }),
  }),
});

const Groups = Type.Object({
  action: oneOf(GROUP_ACTIONS),
  assignments: Type.Optional(texts()),
  sourceAttributeName: Type.Optional(Type.String()),
  filter: Type.Optional(texts()),
});

const LinkFilter = Type.Object({
  groups: Type.Optional(Type.Object({ include: texts() })),
  users: Type.Optional(Type.Object({ exclude: texts(), excludeAdmins: Type.Optional(Type.Boolean()) })),
});

export const Policy = Type.Object({
  provisioning: Type.Object({
    action: oneOf(SWITCH),
    profileMaster: Type.Boolean(),
    groups: Groups,
    conditions: Type.Object({
      deprovisioned: Type.Object({ action: oneOf(['NONE', 'REACTIVATE']) }),
      suspended: Type.Object({ action: oneOf(['NONE', 'UNSUSPEND']) }),
    }),
  }),
  accountLink: Type.Object({ filter: Type.Union([LinkFilter, Type.Null()]), action: oneOf(SWITCH) }),
  subject: Type.Object({
    userNameTemplate: Type.Object({ template: Type.String() }),
    filter: nullable<string>('string'),
    matchType: oneOf(MATCH_TYPES),
    matchAttribute: nullable<string>('string'),
  }),
  maxClockSkew: Type.Integer({ description: 'milliseconds; 0 stands for the default of 60 s; up to 180 s' }),
  trustClaims: Type.Boolean(),
  transformedUsernameMatchingEnabled: Type.Boolean(),
  trustEmail: oneOf(TRUST_EMAIL, 'own: whether an e-mail address of this provider may match a person'),
  trustedDomains: Type.Array(Type.String(), {
    description: 'own: where not empty, only addresses of these domains match',
  }),
  transactionLifetime: Type.Integer({ description: 'own: how long a person may take, in milliseconds' }),
});

export const IdentityProviderBody = Type.Object({
  id: Type.String(),
  issuerMode: oneOf(ISSUER_MODES),
  name: Type.String(),
  displayName: nullable<string>('string'),
  preset: nullable<string>('string'),
  status: oneOf(STATUSES),
  created: Type.String({ format: 'date-time' }),
  lastUpdated: Type.String({ format: 'date-time' }),
  protocol: Type.Union([Protocol, SamlProtocol]),
  policy: Policy,
  type: oneOf(PROVIDER_TYPES),
  _links: Type.Unsafe<Record<string, { href: string }>>(Type.Record(Type.String(), Type.Unknown())),
});

/** An identity provider as `/api/v1/idps` sends it. */
export type IdentityProviderWire = OidcProviderWire | SamlProviderWire;

type CommonWire = Omit<Static<typeof IdentityProviderBody>, 'protocol' | 'type' | 'issuerMode'>;
export type OidcProviderWire = CommonWire & {
  type: 'OIDC';
  issuerMode: (typeof ISSUER_MODES)[number];
  protocol: ProtocolConfig;
};
export type SamlProviderWire = CommonWire & { type: 'SAML2'; protocol: SamlProtocolConfig };
export type ProtocolConfig = Static<typeof Protocol>;
export type PolicyConfig = Static<typeof Policy>;

/** What is stored: the wire shape without names, dates and secrets. */
export interface IdentityProviderConfig {
  issuerMode: (typeof ISSUER_MODES)[number];
  preset: string | null;
  protocol: ProtocolConfig | SamlProtocolConfig;
  policy: PolicyConfig;
}

export const DEFAULT_TRANSACTION_LIFETIME_MS = 15 * 60_000;
export const DEFAULT_CLOCK_SKEW_SECONDS = 60;
export const MAX_CLOCK_SKEW_MS = 180_000;
