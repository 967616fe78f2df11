/** The wire shapes of the hub's API that the console reads and writes, field by field as the server sends them. */

export type Status = 'ACTIVE' | 'INACTIVE';

export interface Org {
  id: string;
  companyName: string;
}

export interface ErrorBody {
  errorCode: string;
  errorSummary: string;
  errorId?: string;
  errorCauses?: { errorSummary: string }[];
}

// Identity providers

export interface Endpoint {
  url: string;
  binding: 'HTTP-POST' | 'HTTP-REDIRECT';
}

export type MatchType = 'USERNAME' | 'EMAIL' | 'USERNAME_OR_EMAIL' | 'CUSTOM_ATTRIBUTE';
export type TrustEmail = 'PROVIDER' | 'VERIFIED_CLAIM' | 'DOMAINS' | 'PROVIDER_DESPITE_CLAIM';

export interface OidcProtocol {
  type: 'OIDC';
  scopes: string[];
  issuer: { url: string };
  endpoints: { authorization: Endpoint; token: Endpoint; jwks?: Endpoint; userInfo?: Endpoint | null };
  algorithms?: unknown;
  credentials: {
    client: {
      client_id: string;
      client_secret?: string;
      pkce_required?: boolean | null;
      token_endpoint_auth_method?: string | null;
    };
  };
  settings?: {
    parseUserInfo?: 'json' | 'jwt' | 'quoted_jwt';
    perIdpRedirectUri?: boolean;
    requireIssParameter?: boolean;
    [name: string]: unknown;
  };
}

export interface IdentityProviderPolicy {
  accountLink: {
    action: 'AUTO' | 'DISABLED';
    filter: {
      groups?: { include?: string[] } | null;
      users?: { exclude?: string[]; excludeAdmins?: boolean } | null;
    } | null;
  };
  provisioning: {
    action: 'AUTO' | 'DISABLED';
    profileMaster: boolean;
    groups: {
      action: 'NONE' | 'ASSIGN' | 'APPEND' | 'SYNC';
      assignments?: string[];
      sourceAttributeName?: string;
      filter?: string[];
    };
    conditions?: {
      deprovisioned?: { action: 'NONE' | 'REACTIVATE' };
      suspended?: { action: 'NONE' | 'UNSUSPEND' };
    };
  };
  subject: {
    userNameTemplate: { template: string };
    filter: string | null;
    matchType: MatchType;
    matchAttribute: string | null;
  };
  /** Milliseconds. */
  maxClockSkew?: number;
  trustClaims?: boolean;
  trustEmail?: TrustEmail;
  trustedDomains?: string[];
  /** Milliseconds. */
  transactionLifetime?: number;
}

export interface IdentityProvider {
  id: string;
  type: string;
  name: string;
  displayName?: string | null;
  preset?: string | null;
  status: Status;
  created: string;
  lastUpdated: string;
  issuerMode?: string;
  protocol: OidcProtocol;
  policy: IdentityProviderPolicy;
  _links?: { clientRedirectUri?: { href: string }; [name: string]: unknown };
}

export type IdentityProviderInput = Pick<IdentityProvider, 'type' | 'name' | 'displayName' | 'protocol' | 'policy'> &
  Partial<Pick<IdentityProvider, 'issuerMode' | 'status' | 'preset'>>;

/** A kind of provider with its fields filled in; one body per environment where it has several. */
export interface ProviderPreset {
  id: string;
  type: string;
  name: string;
  description: string;
  environments: { id: string; name: string; body: IdentityProviderInput }[];
  body: IdentityProviderInput;
  /** What to say at a field, by its path. */
  help: Record<string, string>;
  links: { label: string; href: string }[];
}

export interface LintFinding {
  code: string;
  severity: 'error' | 'warning' | 'info';
  field: string;
  message: string;
}

export interface LinkedUser {
  id: string;
  externalId: string;
  created: string;
  lastUpdated: string;
  profile: Profile;
}

// People and groups

export type ProfileValue = string | number | boolean | null | ProfileValue[] | { [name: string]: ProfileValue };
export type Profile = Record<string, ProfileValue>;

export type UserStatus =
  | 'STAGED'
  | 'PROVISIONED'
  | 'ACTIVE'
  | 'RECOVERY'
  | 'PASSWORD_EXPIRED'
  | 'LOCKED_OUT'
  | 'SUSPENDED'
  | 'DEPROVISIONED';

export interface User {
  id: string;
  status: UserStatus;
  created: string;
  activated: string | null;
  lastLogin: string | null;
  lastUpdated: string;
  profile: Profile;
  credentials?: { provider?: { type: string; name: string }; password?: Record<string, never> };
}

export interface UserInput {
  profile: Profile;
  credentials?: { password?: { value: string } };
}

export interface Group {
  id: string;
  type: 'OKTA_GROUP' | 'APP_GROUP' | 'BUILT_IN';
  created: string;
  lastUpdated: string;
  lastMembershipUpdated: string;
  profile: { name: string; description?: string | null };
}

// Profile schemas and mappings

export type AttributeType = 'string' | 'boolean' | 'number' | 'integer' | 'array';

export interface SchemaProperty {
  title: string;
  type: AttributeType;
  description?: string;
  required?: boolean;
  minLength?: number;
  maxLength?: number;
  format?: string;
  enum?: (string | number)[];
  items?: { type: string };
  scope?: string;
  unique?: string;
  externalName?: string;
  permissions?: { principal: string; action: string }[];
  master?: { type: string };
}

export interface ProfileSchema {
  id: string;
  name: string;
  title: string;
  definitions: {
    base: { properties: Record<string, SchemaProperty>; required?: string[] };
    custom: { properties: Record<string, SchemaProperty>; required?: string[] };
  };
}

export interface SchemaChange {
  definitions: { custom: { id: '#custom'; type: 'object'; properties: Record<string, SchemaProperty | null> } };
}

export type PushStatus = 'PUSH' | 'DONT_PUSH';

export interface MappingEnd {
  id: string;
  name: string;
  type: string;
}

export interface ProfileMapping {
  id: string;
  source: MappingEnd;
  target: MappingEnd;
  properties?: Record<string, { expression: string; pushStatus: PushStatus }>;
}

export interface MappingChange {
  properties: Record<string, { expression: string; pushStatus: PushStatus } | null>;
}

// Routing rules

export interface Policy {
  id: string;
  name: string;
  type: string;
}

export interface RoutingRule {
  id: string;
  name: string;
  status: Status;
  priority: number;
  system: boolean;
  created: string | null;
  lastUpdated: string | null;
  type: 'IDP_DISCOVERY';
  conditions: RuleConditions | null;
  actions: RuleActions;
}

export interface RuleConditions {
  network?: { connection: string };
  platform?: { include: { type: string; os?: { type: string } }[]; exclude?: unknown[] };
  app?: { include: { type: string; id?: string; name?: string }[]; exclude: { type: string; id?: string }[] };
  userIdentifier?: { type?: string; patterns: unknown[] };
}

export interface RuleActions {
  idp: {
    providers: { type: string; id?: string; name?: string }[];
    idpSelectionType?: string;
    presentation?: 'PAGE' | 'REDIRECT' | null;
    enforce?: boolean;
  };
}

export interface RoutingRuleInput {
  type: 'IDP_DISCOVERY';
  name: string;
  priority?: number;
  conditions: RuleConditions;
  actions: RuleActions;
}

// Applications

export type ApplicationType = 'web' | 'browser' | 'native';
export type ClientAuthentication = 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt' | 'none';
export type IdTokenAlgorithm = 'RS256' | 'ES256';

export interface ApplicationClaim {
  name: string;
  expression: string;
  location: 'ID_TOKEN' | 'USERINFO';
}

export interface OAuthClientSettings {
  application_type: ApplicationType;
  grant_types: string[];
  response_types: string[];
  redirect_uris: string[];
  post_logout_redirect_uris?: string[];
  initiate_login_uri?: string | null;
  consent_method?: string;
  issuer_mode?: string;
  id_token_signed_response_alg?: IdTokenAlgorithm;
  claims?: ApplicationClaim[];
  client_secret_shown_again?: boolean;
  jwks?: { keys: unknown[] } | null;
  [name: string]: unknown;
}

export interface Application {
  id: string;
  name: string;
  label: string;
  status: Status;
  created: string;
  lastUpdated: string;
  signOnMode: string;
  visibility?: { hide?: { web?: boolean; iOS?: boolean }; [name: string]: unknown };
  credentials: {
    oauthClient: {
      client_id?: string;
      client_secret?: string;
      token_endpoint_auth_method: ClientAuthentication;
      pkce_required?: boolean | null;
      [name: string]: unknown;
    };
    [name: string]: unknown;
  };
  settings: { oauthClient: OAuthClientSettings; [name: string]: unknown };
}

export type ApplicationInput = Pick<
  Application,
  'name' | 'label' | 'signOnMode' | 'credentials' | 'settings' | 'visibility'
>;

export interface ClientSecret {
  id: string;
  created: string;
  status: string;
  /** Asterisks where the application does not show its secret again. */
  client_secret: string;
}

export interface ApplicationUser {
  id: string;
  scope: 'USER' | 'GROUP';
  status: string;
  created: string;
  credentials?: { userName?: string };
  profile?: Profile;
}

export interface ApplicationGroup {
  id: string;
  priority: number;
  lastUpdated: string;
}

// API tokens

export interface ApiToken {
  id: string;
  name: string;
  userId: string;
  clientName: string;
  tokenWindow: string;
  created: string;
  lastUpdated: string;
  expiresAt: string | null;
}

/** The answer to creating a token: the only time that its value is sent. */
export interface CreatedApiToken extends ApiToken {
  value: string;
}

// System Log and sign-in traces

export interface LogParty {
  id: string;
  type: string;
  alternateId: string | null;
  displayName: string | null;
}

export interface LogEvent {
  uuid: string;
  published: string;
  eventType: string;
  displayMessage: string;
  severity: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
  outcome: { result: string; reason: string | null };
  actor: LogParty;
  target: LogParty[] | null;
  client: { ipAddress: string | null; userAgent?: { browser: string; os: string; rawUserAgent: string } | null } | null;
  debugContext: { debugData: Record<string, unknown> };
  transaction: { type: string; id: string };
}

export type SignInOutcome = 'OPEN' | 'SUCCESS' | 'FAILURE';
export type StepOutcome = 'PASSED' | 'CHANGED' | 'FAILED' | 'INFO';

export interface SignIn {
  id: string;
  startedAt: string;
  lastAt: string;
  outcome: SignInOutcome;
  reason: string | null;
  application: { id: string; label: string | null } | null;
  identityProvider: { id: string; name: string | null } | null;
  user: { id: string | null; login: string | null } | null;
}

export interface SignInStep {
  at: string;
  kind: string;
  outcome: StepOutcome;
  title: string;
  code?: string | null;
  detail?: { label: string; received?: unknown; made?: unknown }[] | null;
}

export interface SignInTrace extends SignIn {
  steps: SignInStep[];
}
