/** What identity providers need of others, what they offer to others, and how their changes are recorded. */
import type { Database, Executor } from '../database/index.ts';
import type { UsedAttribute } from '../directory/profile-schemas/index.ts';
import type { Egress, Page } from '../http/index.ts';
import type { Configuration } from '../orgs/index.ts';
import type { Clock } from '../shared/clock.ts';
import type { SecretBox } from '../shared/secret-box.ts';
import { type Caller, doneBy, type EventInput, type EventTypeName } from '../system-log/index.ts';
import type { IdentityProvider } from './compile.ts';
import type { ProviderKeys } from './keys/service.ts';
import type { MetadataReader } from './metadata/read.ts';
import type { ClientKeys } from './oidc/client-authentication.ts';
import type { IdentityProviderWire } from './schema.ts';
import type { Search } from './store.ts';

export interface IdentityProvidersDeps {
  database: Database;
  configuration: Configuration;
  clock: Clock;
  secretBox: SecretBox;
  egress: Egress;
  /** The hub's key of purpose "client", for private_key_jwt. */
  clientKeys: ClientKeys;
  /** The org's name, for the metadata. */
  orgName(orgId: string): Promise<string>;
  directory: DirectoryPort;
  /** Makes what belongs to a new provider: its profile's schema and its mappings. */
  onCreated(tx: Executor, provider: CreatedProvider): Promise<void>;
  /** Removes it again, and the links of people to the provider. */
  onRemoved(tx: Executor, provider: { orgId: string; id: string; at: Date }): Promise<void>;
}

export interface CreatedProvider {
  orgId: string;
  id: string;
  type: 'OIDC' | 'SAML2';
  name: string;
  profileMaster: boolean;
  /** External names of base attributes of its profile that differ from the usual ones. */
  externalNames: Record<string, string>;
  at: Date;
}

export interface DirectoryPort {
  /** Type and format of an attribute of the default user profile; null where there is none of that name. */
  userAttribute(orgId: string, name: string): Promise<{ type: string; format?: string } | null>;
  /** Which of these ids are no groups. */
  unknownGroups(orgId: string, ids: readonly string[]): Promise<string[]>;
}

/** A provider in wire shape with its version, for ETag. */
export interface Versioned {
  body: IdentityProviderWire;
  version: number;
}

export interface IdentityProviders {
  /** The compiled provider, inactive ones included; from memory. */
  byId(orgId: string, id: string): Promise<IdentityProvider | null>;
  /** Keeps a provider from being deleted until the transaction ends; false when there is none. */
  hold(tx: Executor, orgId: string, id: string): Promise<boolean>;
  /** All compiled providers, oldest first; from memory. */
  list(orgId: string): Promise<IdentityProvider[]>;
  /** The ids of providers that are a profile source, as the transaction sees them. */
  profileSources(tx: Executor, orgId: string): Promise<Set<string>>;
  /** Sentences that say which providers' settings name an attribute. */
  usedBy(tx: Executor, orgId: string, attribute: UsedAttribute): Promise<string[]>;
  /** Providers in wire shape without secrets, for other resources that embed them. */
  describe(orgId: string, baseUrl: string, ids: readonly string[]): Promise<IdentityProviderWire[]>;
  search(orgId: string, baseUrl: string, search: Search, limit: number): Promise<Page<IdentityProviderWire>>;
  /** With the client secret, which is recorded. E0000007 where there is none of that id. */
  read(caller: Caller, id: string): Promise<Versioned>;
  /** E0000001 with every fault of the body. */
  create(caller: Caller, body: unknown): Promise<Versioned>;
  /** E0000001, E0000007; 412 where `version` is given and no longer the current one. */
  replace(caller: Caller, id: string, body: unknown, version: number | null): Promise<Versioned>;
  setStatus(caller: Caller, id: string, status: 'ACTIVE' | 'INACTIVE', version: number | null): Promise<Versioned>;
  remove(caller: Caller, id: string, version: number | null): Promise<void>;
  keys: ProviderKeys;
  /** The hub's metadata towards a SAML provider, as XML; E0000007 for another type. */
  metadata(place: { orgId: string; baseUrl: string }, id: string): Promise<string>;
  readMetadata: MetadataReader['read'];
  /** Warns of certificates that end soon, and keeps the others in step with their metadata; called by the calendar. */
  daily(signal: AbortSignal): Promise<void>;
}

/** How a missing provider is called in E0000007. */
export const NOT_FOUND_TYPE = 'Idp';

export function eventOf(
  caller: Caller,
  type: EventTypeName,
  provider: { id: string; name: string },
  at: Date,
): EventInput {
  const { id, name } = provider;
  return doneBy(caller, {
    type,
    at,
    targets: [{ id, type: 'IdentityProvider', alternateId: name, displayName: name }],
  });
}
