/** The wire shapes of the management API, for whoever calls it from TypeScript (the console). Types only. */
// Gives route schemas their tags and summaries wherever this file is the entry of a program.
import type {} from '@fastify/swagger';

export type { ApiTokenWire } from '../api-tokens/index.ts';
export type {
  AppGroupWire,
  AppLink,
  ApplicationBody,
  ApplicationWire,
  AppUserWire,
  SecretWire,
} from '../applications/index.ts';
export type { ClientRoleWire, ScopeGrantWire } from '../client-access/index.ts';
export type { LinkWire } from '../directory/external-identities/index.ts';
export type { CheckResult as GroupRuleCheck, GroupRuleBody, GroupRuleWire } from '../directory/group-rules/index.ts';
export type { GroupWire, MemberWithOrigin } from '../directory/groups/index.ts';
export type {
  SchemaWire,
  UserTypeBody,
  UserTypeSummaryWire,
  UserTypeWire,
} from '../directory/profile-schemas/index.ts';
export type { CreateBody as UserBody, ProvenanceWire, UserWire } from '../directory/users/index.ts';
export type { EventDeliveryWire, EventHookBody, EventHookWire, EventTypeWire } from '../event-hooks/index.ts';
export type { ErrorCause } from '../http/index.ts';
export type { IdentityProviderWire, LintFinding, PresetWire } from '../identity-providers/index.ts';
export type { ImportRowWire, ImportWire } from '../imports/index.ts';
export type { JobWire } from '../jobs/index.ts';
export type { MailMessageWire } from '../mail/index.ts';
export type { ZoneBody, ZoneWire } from '../network-zones/index.ts';
export type { OrgWire } from '../orgs/index.ts';
export type {
  MappingChangeBody,
  MappingPreview,
  MappingPreviewBody,
  MappingWire,
  PreviewLine,
} from '../profile-mappings/index.ts';
export type { PolicyWire, RuleBody, RuleWire, SignOnPolicyWire, SignOnRuleWire } from '../routing-rules/index.ts';
export type { SignInTraceWire, SignInWire } from '../sign-in/index.ts';
export type { EventInput, LogActor } from '../system-log/index.ts';
