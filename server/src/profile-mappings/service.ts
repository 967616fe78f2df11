/** Mappings: created with their provider or application, read and changed by administrators, compiled for a sign-in. */
import { type Database, type Executor, inTransaction } from '../database/index.ts';
import type { CompiledSchema } from '../directory/profile-schemas/index.ts';
import { apiErrors, type Page, pageOf, requireVersion } from '../http/index.ts';
import type { Jobs } from '../jobs/index.ts';
import type { Configuration } from '../orgs/index.ts';
import { after, type Clock } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import { type Caller, doneBy, record } from '../system-log/index.ts';
import { changeProperties } from './change.ts';
import { type CompiledMapping, compileMapping } from './compile.ts';
import { defaultProperties, type ProviderType, SOURCE_NAMES } from './defaults.ts';
import { compileOutbound, type OutboundMappings } from './outbound/compile.ts';
import type { MappingChangeBody } from './schema.ts';
import { sourceProfile } from './source-profile.ts';
import type { StoredMapping } from './store.ts';
import * as store from './store.ts';
import type { ProfileRules, UpdatePorts } from './update/ports.ts';
import { type ProfileUpdate, profileUpdate, type UpdateInput } from './update/profile-update.ts';
import { createUpdates, isUnderWay, type Updates } from './update/service.ts';
import { titleOf, usesOf } from './uses.ts';
import { type MappingWire, mappingInList, mappingToWire } from './wire.ts';

export interface MappingsDeps {
  database: Database;
  configuration: Configuration;
  clock: Clock;
  schemas: {
    /** Of a user type; without one of the default type. */
    compiledUserSchema(orgId: string, typeId?: string): Promise<CompiledSchema>;
    hold(tx: Executor, orgId: string, schema: CompiledSchema): Promise<CompiledSchema>;
    userSchemas(orgId: string): Promise<Pick<CompiledSchema, 'id' | 'ownerId'>[]>;
    compiledSchemaOf(orgId: string, ownerId: string): Promise<Pick<CompiledSchema, 'attributes'> | null>;
  };
  rules: ProfileRules;
  updates: UpdatePorts;
  jobs: Pick<Jobs, 'start'>;
}

export interface Versioned<T> {
  version: number;
  body: T;
}

export type UserTypeEnd = { id: string; name: string };
type Owner = { id: string; at: Date; userTypes: readonly UserTypeEnd[] };

export interface OutboundContext {
  defaultTypeId: string;
  org: { name: string; subDomain: string };
}

export interface Mappings {
  /** The mappings of a new identity provider, one per user type. */
  createForIdp(
    tx: Executor,
    orgId: string,
    idp: { idpId: string; type: ProviderType; profileMaster: boolean; at: Date; userTypes: readonly UserTypeEnd[] },
  ): Promise<void>;
  /** The mappings of a new application, two per user type: to it and from it; they begin empty. */
  createForApplication(tx: Executor, orgId: string, app: Owner & { name: string }): Promise<void>;
  /** The mappings of a new user type: the same pairs as those of `like`, as they begin. `profileSources`: providers that are one. */
  createForUserType(
    tx: Executor,
    orgId: string,
    type: UserTypeEnd & { like: string; profileSources: ReadonlySet<string>; at: Date },
  ): Promise<void>;
  /** Every mapping of a provider, an application or a user type. */
  removeFor(tx: Executor, orgId: string, ownerId: string): Promise<void>;
  /** The mapping from a provider to a user type (without one to the default type); an empty one where there is none. */
  compiled(orgId: string, sourceId: string, userTypeId?: string): Promise<CompiledMapping>;
  sourceProfile: typeof sourceProfile;
  /** The mappings towards applications, to be kept with the compiled configuration. */
  outbound(db: Executor, orgId: string, about: OutboundContext): Promise<OutboundMappings>;
  preview: Updates['preview'];
  /** "Apply updates now". Throws E0000001 where the source is no profile source, E0000007, 409 while it is under way. */
  apply(caller: Caller, id: string): Promise<{ jobId: string }>;
  /** The same for a pair; does nothing where there is nothing to do, or where it is being done. */
  applyPair(caller: Caller, pair: { sourceId: string; targetId: string | null }): Promise<void>;
  /** Does the applying. */
  handler: Updates['handler'];
  /** What a source's profile changes in the profile of a known user. */
  profileUpdate(compiled: { userSchema: CompiledSchema; mapping: CompiledMapping }, input: UpdateInput): ProfileUpdate;
  list(
    caller: Caller,
    search: { sourceId: string | null; targetId: string | null; after: string | null },
    limit: number,
  ): Promise<Page<Omit<MappingWire, 'properties'>>>;
  read(caller: Caller, id: string): Promise<Versioned<MappingWire>>;
  /** Throws E0000001 with the place of every mistake, E0000007, 412. */
  change(
    caller: Caller,
    id: string,
    change: MappingChangeBody,
    expectedVersion: number | null,
  ): Promise<Versioned<MappingWire>>;
  /** Sentences that say which mappings use an attribute of a schema's owner; empty when none does. */
  usedBy(tx: Executor, orgId: string, attribute: { ownerId: string; name: string }): Promise<string[]>;
}

const EMPTY = compileMapping({});

export function createMappings(deps: MappingsDeps): Mappings {
  const { database, configuration, clock, schemas } = deps;
  const slice = configuration.slice(async (db, orgId) => {
    const toUser = (await store.allOf(db, orgId)).filter((mapping) => mapping.targetKind === 'user');
    return new Map(toUser.map((mapping) => [pairKey(mapping), compileMapping(mapping.properties)]));
  });
  const context = async ({ orgId, baseUrl }: Caller) => {
    const ids = new Map((await schemas.userSchemas(orgId)).map(({ id, ownerId }) => [ownerId, id]));
    return { baseUrl, schemaIdOf: (userTypeId: string) => ids.get(userTypeId) ?? 'default' };
  };
  const existing = async (db: Executor, orgId: string, id: string, lock = false) => {
    const mapping = await store.find(db, orgId, id, lock);
    if (mapping === null) throw apiErrors.notFound(id, 'ProfileMapping');
    return mapping;
  };
  const compiled: Mappings['compiled'] = async (orgId, sourceId, userTypeId) => {
    const targetId = userTypeId ?? (await schemas.compiledUserSchema(orgId)).ownerId;
    return (await slice.get(orgId)).get(pairKey({ sourceId, targetId })) ?? EMPTY;
  };
  const updates = createUpdates({
    ...deps,
    ports: deps.updates,
    compiled,
    existing: (orgId, id) => existing(database, orgId, id),
  });
  return {
    ...creation(configuration),
    compiled,
    outbound: async (db, orgId, { defaultTypeId, org }) =>
      compileOutbound(await store.allOf(db, orgId), defaultTypeId, org),
    preview: updates.preview,
    handler: updates.handler,
    async apply(caller, id) {
      const job = await updates.apply(caller, await existing(database, caller.orgId, id));
      if (job !== null) return job;
      throw apiErrors.validation(
        'id',
        'id: the source is no profile source: its mapping counts when people are created',
      );
    },
    async applyPair(caller, pair) {
      for (const mapping of await store.search(database, caller.orgId, { ...pair, after: null }, 200))
        await updates.apply(caller, mapping).catch((error: unknown) => {
          if (!isUnderWay(error)) throw error;
        });
    },
    sourceProfile,
    profileUpdate: (compiled, input) => profileUpdate(deps.rules, compiled, input),
    async list(caller, search, limit) {
      const wire = await context(caller);
      const page = pageOf(
        await store.search(database, caller.orgId, search, limit + 1),
        limit,
        (mapping) => mapping.id,
      );
      return { items: page.items.map((mapping) => mappingInList(mapping, wire)), after: page.after };
    },
    async read(caller, id) {
      const mapping = await existing(database, caller.orgId, id);
      return { version: mapping.version, body: mappingToWire(mapping, await context(caller)) };
    },
    async change(caller, id, change, expectedVersion) {
      const known = await existing(database, caller.orgId, id);
      const attributes = await attributesOf(deps, caller.orgId, known);
      const title = titleOf(known, await deps.updates.sourceNames(caller.orgId));
      const mapping = await inTransaction(database, async (tx) => {
        const present = await existing(tx, caller.orgId, id, true);
        requireVersion(expectedVersion, present);
        const made = changeProperties(present.properties, change.properties ?? {}, {
          kind: present.targetKind,
          attributes,
        });
        if ('problems' in made) throw apiErrors.validation('properties', ...made.problems);
        const at = clock.now();
        await store.updateProperties(tx, caller.orgId, id, made.properties, at);
        await configuration.changed(tx, caller.orgId);
        await recordChange(tx, caller, { id, sourceId: present.sourceId, title }, change, at);
        return { ...present, properties: made.properties, lastUpdated: at, version: present.version + 1 };
      });
      return { version: mapping.version, body: mappingToWire(mapping, await context(caller)) };
    },
    async usedBy(tx, orgId, attribute) {
      const names = await deps.updates.sourceNames(orgId);
      return (await store.allOf(tx, orgId)).flatMap((mapping) => usesOf(mapping, attribute, names));
    },
  };
}

const pairKey = ({ sourceId, targetId }: { sourceId: string; targetId: string }) => `${sourceId} ${targetId}`;

type Creation = Pick<Mappings, 'createForIdp' | 'createForApplication' | 'createForUserType' | 'removeFor'>;

function creation(configuration: Configuration): Creation {
  const user = ({ id, name }: UserTypeEnd) => ({ id, kind: 'user', name }) as const;
  const insert = async (
    tx: Executor,
    orgId: string,
    at: Date,
    source: End,
    target: End,
    properties: StoredMapping['properties'],
  ) =>
    store.insert(tx, orgId, {
      id: newId('mapping', at),
      ...{ sourceId: source.id, sourceKind: source.kind, sourceName: source.name },
      ...{ targetId: target.id, targetKind: target.kind, targetName: target.name },
      properties,
      created: at,
    });
  return {
    async createForIdp(tx, orgId, { idpId, type, profileMaster, at, userTypes }) {
      const idp = { id: idpId, kind: 'appuser', name: SOURCE_NAMES[type] } as const;
      // Ids of one millisecond have no order: clients that take the first mapping of a provider shall find the default type's.
      for (const [place, userType] of userTypes.entries())
        await insert(tx, orgId, after(at, place), idp, user(userType), defaultProperties(type, profileMaster));
      await configuration.changed(tx, orgId);
    },
    async createForApplication(tx, orgId, { id, name, at, userTypes }) {
      const app = { id, kind: 'appuser', name } as const;
      for (const [place, userType] of userTypes.entries()) {
        await insert(tx, orgId, after(at, place), app, user(userType), {});
        await insert(tx, orgId, after(at, place), user(userType), app, {});
      }
      await configuration.changed(tx, orgId);
    },
    async createForUserType(tx, orgId, { id, name, like, profileSources, at }) {
      for (const pair of await store.allOf(tx, orgId)) {
        const source = { id: pair.sourceId, kind: pair.sourceKind, name: pair.sourceName };
        const target = { id: pair.targetId, kind: pair.targetKind, name: pair.targetName };
        if (source.id === like) await insert(tx, orgId, at, user({ id, name }), target, {});
        if (target.id !== like) continue;
        const type = providerTypeOf(source.name);
        const properties = type === null ? {} : defaultProperties(type, profileSources.has(source.id));
        await insert(tx, orgId, at, source, user({ id, name }), properties);
      }
      await configuration.changed(tx, orgId);
    },
    async removeFor(tx, orgId, ownerId) {
      // First, so that a user type made at the same time has made its mappings before, or makes none with the owner.
      await configuration.changed(tx, orgId);
      await store.removeOf(tx, orgId, ownerId);
    },
  };
}

interface End {
  id: string;
  kind: 'appuser' | 'user';
  name: string;
}

function providerTypeOf(sourceName: string): ProviderType | null {
  const types = Object.keys(SOURCE_NAMES) as ProviderType[];
  return types.find((type) => SOURCE_NAMES[type] === sourceName) ?? null;
}

async function attributesOf(
  { schemas }: MappingsDeps,
  orgId: string,
  mapping: StoredMapping,
): Promise<{ has(name: string): boolean }> {
  if (mapping.targetKind === 'user') return (await schemas.compiledUserSchema(orgId, mapping.targetId)).attributes;
  return (await schemas.compiledSchemaOf(orgId, mapping.targetId))?.attributes ?? new Map();
}

async function recordChange(
  tx: Executor,
  caller: Caller,
  mapping: { id: string; sourceId: string; title: string },
  change: MappingChangeBody,
  at: Date,
): Promise<void> {
  const targets = [
    { id: mapping.id, type: 'ProfileMapping', alternateId: mapping.sourceId, displayName: mapping.title },
  ];
  const debugData = { properties: Object.keys(change.properties ?? {}).join(', ') };
  await record(tx, doneBy(caller, { type: 'directory.mapping.update', at, targets, debugData }));
}
