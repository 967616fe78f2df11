/**
 * The wire shapes of the hub's API under the console's names: the server's own types, imported as types only. What the server has no
 * type for is written out here; `contract-agreement.ts` holds it against the server's as far as those go.
 */
import type {
  ApiTokenWire,
  AppGroupWire,
  ApplicationBody,
  ApplicationWire,
  AppUserWire,
  ClientRoleWire,
  ErrorCause,
  EventDeliveryWire,
  EventHookBody,
  EventHookWire,
  EventInput,
  EventTypeWire,
  GroupRuleBody,
  GroupRuleCheck as GroupRuleCheckWire,
  GroupRuleWire,
  GroupWire,
  IdentityProviderWire,
  ImportRowWire,
  ImportWire,
  JobWire,
  LinkWire,
  MailMessageWire,
  MappingChangeBody,
  MappingPreview,
  MappingPreviewBody,
  MappingWire,
  MemberWithOrigin,
  OrgWire,
  PolicyWire,
  PresetWire,
  ProvenanceWire,
  RuleBody,
  RuleWire,
  SchemaWire,
  ScopeGrantWire,
  SecretWire,
  SignInTraceWire,
  SignInWire,
  UserBody,
  UserTypeBody,
  UserTypeSummaryWire,
  UserWire,
  ZoneBody,
  ZoneWire,
} from '../../server/src/admin-api/contract.ts';

export type { LintFinding } from '../../server/src/admin-api/contract.ts';

export type Status = Application['status'];
export type Org = OrgWire;

export interface ErrorBody {
  errorCode: string;
  errorSummary: string;
  errorId?: string;
  errorCauses?: ErrorCause[];
}

// Identity providers

export type Endpoint = OidcProtocol['endpoints']['token'];
export type MatchType = IdentityProviderPolicy['subject']['matchType'];
export type TrustEmail = IdentityProviderPolicy['trustEmail'];
export type OidcProtocol = OidcProvider['protocol'];
export type SamlProtocol = SamlProvider['protocol'];
export type OidcProvider = Extract<IdentityProvider, { type: 'OIDC' }>;
export type SamlProvider = Extract<IdentityProvider, { type: 'SAML2' }>;
export type IdentityProviderPolicy = IdentityProvider['policy'];
export type IdentityProvider = IdentityProviderWire;

type WithPartial<T, Names extends keyof T> = Omit<T, Names> & { [Name in Names]?: Partial<T[Name]> };
type LinkFilter = NonNullable<IdentityProviderPolicy['accountLink']['filter']>;
type PolicyPart = 'provisioning' | 'accountLink' | 'subject';

/** What is sent, and what a preset fills in: the hub completes whatever is left out. */
export type IdentityProviderInput = OidcInput | SamlInput;

export type OidcInput = Pick<OidcProvider, 'type' | 'name'> &
  Partial<Pick<OidcProvider, 'displayName' | 'issuerMode' | 'status' | 'preset'>> &
  PolicyInput & { protocol: WithPartial<OidcProtocol, 'algorithms' | 'settings'> };

export type SamlInput = Pick<SamlProvider, 'type' | 'name'> &
  Partial<Pick<SamlProvider, 'displayName' | 'status' | 'preset'>> &
  PolicyInput & {
    protocol: Omit<SamlProtocol, 'settings' | 'credentials'> & {
      settings: Partial<SamlProtocol['settings']>;
      credentials: { trust: Pick<SamlProtocol['credentials']['trust'], 'issuer' | 'kid' | 'additionalKids'> };
    };
  };

interface PolicyInput {
  policy: Partial<Omit<IdentityProviderPolicy, PolicyPart>> & {
    provisioning: WithPartial<IdentityProviderPolicy['provisioning'], 'conditions'>;
    accountLink: {
      action: IdentityProviderPolicy['accountLink']['action'];
      filter: WithPartial<LinkFilter, 'users'> | null;
    };
    subject: IdentityProviderPolicy['subject'];
  };
}

/** A kind of provider with its fields filled in; one body per environment where it has several. */
export type ProviderPreset = PresetOf<OidcInput> | PresetOf<SamlInput>;
export type OidcPreset = PresetOf<OidcInput>;
export type SamlPreset = PresetOf<SamlInput>;
type PresetOf<Input extends { type: string }> = Omit<PresetWire, 'environments' | 'body' | 'type'> & {
  type: Input['type'];
  environments: { id: string; name: string; body: Input }[];
  body: Input;
};

export type LinkedUser = LinkWire;

export type Job = JobWire;
export type MailMessage = MailMessageWire;

// Imports

export type Import = ImportWire;
export type ImportOptions = Import['options'];
export type ImportOutcome = keyof Import['totals'];
export type ImportRow = ImportRowWire;

// People and groups

export type Profile = User['profile'];
export type ProfileValue = Profile[string];
export type UserStatus = User['status'];
export type User = UserWire;
export type UserInput = UserBody;
export type Group = GroupWire;
/** A member with how they came: by hand, by group rules, by an identity provider. */
export type GroupMember = Omit<MemberWithOrigin, 'user'> & { user: User };
export type GroupRule = GroupRuleWire;
export type GroupRuleInput = GroupRuleBody;
export type GroupRuleCheck = GroupRuleCheckWire;

// Profile schemas and mappings

export type AttributeType = SchemaProperty['type'];
export type SchemaProperty = ProfileSchema['definitions']['base']['properties'][string];
export type ProfileSchema = SchemaWire;

export interface SchemaChange {
  definitions: {
    custom?: { id: '#custom'; type: 'object'; properties: Record<string, SchemaProperty | null> };
    base?: { id: '#base'; type: 'object'; properties: Record<string, Partial<SchemaProperty>> };
  };
}

export type UserType = UserTypeSummaryWire;
export type UserTypeInput = UserTypeBody;

export type PushStatus = MappingWire['properties'][string]['pushStatus'];

/** A list leaves the properties out. */
export type ProfileMapping = Omit<MappingWire, 'properties'> & Partial<Pick<MappingWire, 'properties'>>;
export type MappingChange = MappingChangeBody;
export type Preview = MappingPreview;
export type PreviewInput = MappingPreviewBody;

/** Where a value of a profile comes from. */
export type ValueOrigin = ProvenanceWire;
export type OriginOfValue = Omit<ProvenanceWire, 'attribute' | 'title' | 'writable' | 'wonAgainst'>;

// Routing rules

export type Policy = PolicyWire;
export type RoutingRule = RuleWire;
export type RuleConditions = NonNullable<RoutingRuleInput['conditions']>;
export type RoutingRuleInput = RuleBody;

// Applications

export type ApplicationType = OAuthClientSettings['application_type'];
export type ClientAuthentication = Application['credentials']['oauthClient']['token_endpoint_auth_method'];
export type IdTokenAlgorithm = OAuthClientSettings['id_token_signed_response_alg'];
export type ApplicationClaim = OAuthClientSettings['claims'][number];
export type OAuthClientSettings = Application['settings']['oauthClient'];
export type Application = ApplicationWire;
export type ApplicationInput = ApplicationBody;
export type ClientSecret = SecretWire;
export type ApplicationUser = AppUserWire;
export type ApplicationGroup = AppGroupWire;
export type ScopeGrant = ScopeGrantWire;
export type ClientRole = ClientRoleWire;

// Network zones

export type NetworkZone = ZoneWire;
export type NetworkZoneInput = ZoneBody;

// Event hooks

export type EventHook = EventHookWire;
export type EventDelivery = EventDeliveryWire;
export type EventHookInput = EventHookBody;
export type EventTypeChoice = EventTypeWire;

// API tokens

export type ApiToken = ApiTokenWire;

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
  severity: NonNullable<EventInput['severity']>;
  outcome: { result: NonNullable<EventInput['outcome']>['result']; reason: string | null };
  actor: LogParty;
  target: LogParty[] | null;
  client: { ipAddress: string | null; userAgent?: { browser: string; os: string; rawUserAgent: string } | null } | null;
  debugContext: { debugData: Record<string, unknown> };
  transaction: { type: string; id: string };
}

export type SignInOutcome = SignIn['outcome'];
export type StepOutcome = SignInStep['outcome'];
export type SignIn = SignInWire;
export type SignInStep = SignInTrace['steps'][number];
export type SignInTrace = SignInTraceWire;
