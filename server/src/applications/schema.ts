/** Wire shapes of an OpenID Connect application (contract §8.1); fields marked "own" are not in the contract. */
import Type, { type Static, type TProperties } from 'typebox';
import type { JsonObject } from '../shared/json.ts';

export const APPLICATION_NAME = 'oidc_client';
export const SIGN_ON_MODE = 'OPENID_CONNECT';
export const STATUSES = ['ACTIVE', 'INACTIVE'] as const;
export const APPLICATION_TYPES = ['web', 'browser', 'native', 'service'] as const;
export const AUTH_METHODS = ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'] as const;
export const GRANT_TYPES = ['authorization_code', 'implicit', 'refresh_token', 'client_credentials'] as const;
export const RESPONSE_TYPES = ['code', 'id_token', 'token'] as const;
export const ISSUER_MODES = ['ORG_URL', 'CUSTOM_URL', 'DYNAMIC'] as const;
export const INITIATED_LOGIN_MODES = ['DISABLED', 'SPEC', 'OKTA'] as const;
export const ID_TOKEN_ALGORITHMS = ['RS256', 'ES256'] as const;
export const CLAIM_LOCATIONS = ['ID_TOKEN', 'USERINFO'] as const;

export type ApplicationType = (typeof APPLICATION_TYPES)[number];
export type AuthMethod = (typeof AUTH_METHODS)[number];
export type GrantType = (typeof GRANT_TYPES)[number];
export type ResponseType = (typeof RESPONSE_TYPES)[number];
export type IdTokenAlgorithm = (typeof ID_TOKEN_ALGORITHMS)[number];
export type ClaimLocation = (typeof CLAIM_LOCATIONS)[number];
export type ApplicationStatus = (typeof STATUSES)[number];

const nullable = <T>(type: string, extra: object = {}) => Type.Unsafe<T | null>({ type: [type, 'null'], ...extra });
/** Clients send null for an object that they have nothing to say of. */
const object = <T extends TProperties>(properties: T) =>
  Type.Optional(
    Type.Unsafe<Static<ReturnType<typeof Type.Object<T>>> | null>({
      ...Type.Object(properties),
      type: ['object', 'null'],
    }),
  );
const text = () => Type.Optional(nullable<string>('string', { maxLength: 1000 }));
const flag = () => Type.Optional(nullable<boolean>('boolean'));
const texts = () =>
  Type.Optional(nullable<string[]>('array', { items: { type: 'string', maxLength: 1000 }, maxItems: 100 }));

export const Claim = Type.Object({
  name: Type.String({ maxLength: 200 }),
  expression: Type.String({ maxLength: 4096 }),
  location: Type.Unsafe<ClaimLocation>({ type: 'string', enum: [...CLAIM_LOCATIONS] }),
});

const OAUTH_CLIENT = {
  application_type: text(),
  grant_types: texts(),
  response_types: texts(),
  redirect_uris: texts(),
  post_logout_redirect_uris: texts(),
  initiate_login_uri: text(),
  client_uri: text(),
  logo_uri: text(),
  consent_method: text(),
  issuer_mode: text(),
  idp_initiated_login: Type.Optional(nullable<{ mode?: string; default_scope?: string[] }>('object')),
  wildcard_redirect: text(),
  dpop_bound_access_tokens: flag(),
  jwks: Type.Optional(nullable<{ keys?: unknown }>('object', { description: 'public keys for private_key_jwt' })),
  jwks_uri: text(),
  id_token_signed_response_alg: Type.Optional(nullable<string>('string', { description: 'own: RS256 or ES256' })),
  claims: Type.Optional(
    nullable<Static<typeof Claim>[]>('array', {
      items: Claim,
      maxItems: 50,
      description: 'own: claims of the ID token and of userinfo',
    }),
  ),
  client_secret_shown_again: Type.Optional(
    nullable<boolean>('boolean', { description: 'own: whether the secret can be read after its creation' }),
  ),
};

const CREDENTIALS = {
  client_id: text(),
  client_secret: Type.Optional(nullable<string>('string', { maxLength: 1024 })),
  token_endpoint_auth_method: text(),
  pkce_required: flag(),
  autoKeyRotation: flag(),
};

/** What a client sends to create or replace an application. Fields that are not named here are ignored. */
export const ApplicationInput = Type.Object({
  name: text(),
  label: Type.String({ minLength: 1, maxLength: 100 }),
  signOnMode: Type.String({ maxLength: 100 }),
  accessibility: Type.Optional(
    nullable<{ selfService?: unknown; errorRedirectUrl?: string | null; loginRedirectUrl?: string | null }>('object'),
  ),
  visibility: object({
    autoLaunch: flag(),
    autoSubmitToolbar: flag(),
    hide: object({ iOS: flag(), web: flag() }),
    appLinks: Type.Optional(nullable<Record<string, unknown>>('object')),
  }),
  credentials: object({
    userNameTemplate: object({ template: text(), type: text() }),
    oauthClient: object(CREDENTIALS),
  }),
  settings: object({
    oauthClient: object(OAUTH_CLIENT),
    notes: Type.Optional(nullable<{ admin?: string | null; enduser?: string | null }>('object')),
    notifications: object({ vpn: object({ network: object({ connection: text() }) }) }),
    manualProvisioning: flag(),
    implicitAssignment: flag(),
  }),
});

export type ApplicationBody = Static<typeof ApplicationInput>;
export type ClaimSetting = Static<typeof Claim>;

export type Jwk = JsonObject;

/** `settings.oauthClient` as stored: every default filled in. */
export interface OAuthClient {
  client_uri: string | null;
  logo_uri: string | null;
  redirect_uris: string[];
  post_logout_redirect_uris: string[];
  response_types: ResponseType[];
  grant_types: GrantType[];
  initiate_login_uri: string | null;
  application_type: ApplicationType;
  consent_method: 'TRUSTED';
  issuer_mode: (typeof ISSUER_MODES)[number];
  idp_initiated_login: { mode: (typeof INITIATED_LOGIN_MODES)[number]; default_scope: string[] };
  jwks: { keys: Jwk[] } | null;
  id_token_signed_response_alg: IdTokenAlgorithm;
  claims: ClaimSetting[];
  client_secret_shown_again: boolean;
}

/** What the `config` column holds: the wire shape without names, dates and secrets. */
export interface ApplicationConfig {
  accessibility: { errorRedirectUrl: string | null; loginRedirectUrl: string | null };
  visibility: { autoLaunch: boolean; autoSubmitToolbar: boolean; hide: { iOS: boolean; web: boolean } };
  userNameTemplate: { template: string; type: string };
  authMethod: AuthMethod;
  pkceRequired: boolean;
  autoKeyRotation: boolean;
  oauthClient: OAuthClient;
  notes: { admin: string | null; enduser: string | null };
  /** When the present client secret was made; null without one. */
  secretCreated: string | null;
}
