/** Schemas as others use them: compiled for a sign-in, read and changed by administrators, created with what owns them. */
import { type Database, type Executor, inTransaction } from '../../database/index.ts';
import { apiErrors } from '../../http/index.ts';
import type { JobHandler } from '../../jobs/index.ts';
import type { Clock } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import type { Json } from '../../shared/json.ts';
import { PRODUCT } from '../../shared/product.ts';
import type { Caller } from '../../system-log/index.ts';
import type { CompiledSchema, OwnerKind } from './attribute.ts';
import { baseAttributes, type ChangePorts, changeSchema, compileSchema } from './change.ts';
import { coerce } from './coerce.ts';
import { removalJob } from './removal/removal.ts';
import { schemaToWire, USER_SCHEMA_DESCRIPTION } from './schema.ts';
import {
  deleteSchemaOf,
  findSchema,
  holdSchema,
  holdUserSchemas,
  insertSchema,
  listSchemas,
  listUserSchemas,
  type SchemaRow,
} from './store.ts';
import { holdUserType, insertUserType, listUserTypes } from './user-types/store.ts';
import { validateProfile } from './validate.ts';
import { type ValueRow, valueRows } from './values.ts';

export interface SchemasDeps extends ChangePorts {
  database: Database;
  clock: Clock;
  /** Keys the blind index of sensitive values: the secret box's key for 'attribute-values'. */
  blindKey: Uint8Array;
}

/** How a client names a schema: by user type's schema id or 'default', by the owning provider or application, or that of groups. */
export type SchemaKey = { kind: 'user'; schemaId: string } | { kind: 'app'; ownerId: string } | { kind: 'group' };

/** The owner of the one schema of groups. */
const GROUP = 'group';

export interface Versioned {
  version: number;
  body: unknown;
}

type Place = Pick<Caller, 'orgId' | 'baseUrl'>;
interface Owner {
  ownerKind: 'idp' | 'app';
  ownerId: string;
}

export interface Schemas {
  /** A user type's schema, compiled; without a type the default one's. Its `ownerId` is the type's id. Throws E0000001 for an unknown type. */
  compiledUserSchema(orgId: string, typeId?: string): Promise<CompiledSchema>;
  /** The schemas of all user types, the default one first. */
  userSchemas(orgId: string): Promise<CompiledSchema[]>;
  /** Those of all orgs, as the database has them now. */
  everyUserSchema(): Promise<CompiledSchema[]>;
  /**
   * Keeps a schema until the transaction ends, so that what is written by it is not what its change has just passed over: the one that was
   * read before, or the newer one where it has changed since. To be called before people or groups are held: a change of the schema holds
   * them after it. Throws E0000001 when its user type is gone.
   */
  hold(tx: Executor, orgId: string, schema: CompiledSchema): Promise<CompiledSchema>;
  /** The same for the schemas of all user types, the default one first. `known`: as they were read before. */
  holdUserSchemas(tx: Executor, orgId: string, known: readonly CompiledSchema[]): Promise<CompiledSchema[]>;
  /** Keeps a user type from being deleted until the transaction ends. Throws E0000001 when it is gone. */
  holdUserType(tx: Executor, orgId: string, typeId: string): Promise<void>;
  /** The ids of all user types, the default one first, as the transaction sees them. */
  userTypesIn(tx: Executor, orgId: string): Promise<{ id: string; name: string }[]>;
  compiledSchemaOf(orgId: string, ownerId: string): Promise<CompiledSchema | null>;
  /** The compiled schemas of providers and applications, by their owner's id. */
  ownedSchemas(orgId: string): Promise<ReadonlyMap<string, CompiledSchema>>;
  compiledGroupSchema(orgId: string): Promise<CompiledSchema>;
  validate: typeof validateProfile;
  coerce: typeof coerce;
  /** Rows for `attribute_values` of a profile. */
  valueRows(schema: CompiledSchema, profile: Readonly<Record<string, Json>>): ValueRow[];
  read(place: Place, key: SchemaKey): Promise<Versioned>;
  /** Merges a posted schema into the stored one. Throws E0000001, E0000007, 412. */
  change(caller: Caller, key: SchemaKey, body: unknown, expectedVersion: number | null): Promise<Versioned>;
  /** `name`: 'oidc_idp', 'saml_idp' or the application's name: it chooses the base attributes. */
  /** `externalNames`: of base attributes, where they differ from the usual ones. */
  createOwned(
    tx: Executor,
    orgId: string,
    owner: Owner & { name: string; title: string; externalNames?: Record<string, string>; at: Date },
  ): Promise<void>;
  removeOwned(tx: Executor, orgId: string, owner: Owner): Promise<void>;
  /** Takes away what people or groups hold of attributes that are gone. */
  readonly handler: JobHandler;
  /** The default user type with its schema and the schema of groups, where they do not exist. */
  ensureDefaults(tx: Executor, orgId: string, at: Date): Promise<{ userTypeId: string }>;
}

interface View {
  rows: SchemaRow[];
  /** The default type first. */
  typeIds: string[];
  defaultTypeId: string | undefined;
  byOwner: Map<string, CompiledSchema>;
}

export function createSchemas(deps: SchemasDeps): Schemas {
  const { database, configuration, clock, blindKey } = deps;
  const view = configuration.slice(loadView);

  return {
    async compiledUserSchema(orgId, typeId) {
      const { byOwner, defaultTypeId, typeIds } = await view.get(orgId);
      if (typeId !== undefined && !typeIds.includes(typeId)) throw unknownType(typeId);
      const schema = byOwner.get(typeId ?? defaultTypeId ?? '');
      if (schema === undefined) throw new Error(`The org ${orgId} has no default user type.`);
      return schema;
    },
    async userSchemas(orgId) {
      const { byOwner, typeIds } = await view.get(orgId);
      return typeIds.flatMap((id) => byOwner.get(id) ?? []);
    },
    everyUserSchema: async () => (await listUserSchemas(database)).map(compileSchema),
    async holdUserType(tx, orgId, typeId) {
      if (!(await holdUserType(tx, orgId, typeId))) throw unknownType(typeId);
    },
    async hold(tx, orgId, schema) {
      const version = await holdSchema(tx, orgId, schema.id);
      if (version === schema.version) return schema;
      const row = version === null ? null : await findSchema(tx, orgId, schema.id);
      if (row === null) throw unknownType(schema.ownerId);
      return compileSchema(row);
    },
    async holdUserSchemas(tx, orgId, known) {
      const rows = await holdUserSchemas(tx, orgId);
      const types = await listUserTypes(tx, orgId);
      const same = (row: SchemaRow) => known.find(({ id, version }) => id === row.id && version === row.version);
      return types.flatMap((type) => {
        const row = rows.find(({ ownerId }) => ownerId === type.id);
        return row === undefined ? [] : [same(row) ?? compileSchema(row)];
      });
    },
    userTypesIn: async (tx, orgId) => (await listUserTypes(tx, orgId)).map(({ id, name }) => ({ id, name })),
    compiledSchemaOf: async (orgId, ownerId) => (await view.get(orgId)).byOwner.get(ownerId) ?? null,
    ownedSchemas: async (orgId) => (await view.get(orgId)).byOwner,
    async compiledGroupSchema(orgId) {
      const schema = (await view.get(orgId)).byOwner.get(GROUP);
      if (schema === undefined) throw new Error(`The org ${orgId} has no schema of groups.`);
      return schema;
    },
    validate: validateProfile,
    coerce,
    handler: removalJob(deps),
    valueRows: (schema, profile) => valueRows(schema, profile, blindKey),
    async read({ orgId, baseUrl }, key) {
      return present(findRow(await view.get(orgId), key), key, baseUrl);
    },
    async change(caller, key, body, expectedVersion) {
      const { id } = findRow(await view.get(caller.orgId), key);
      const change = { caller, id, body, expectedVersion, at: clock.now() };
      return present(await inTransaction(database, (tx) => changeSchema(tx, deps, change)), key, caller.baseUrl);
    },
    async createOwned(tx, orgId, { at, externalNames = {}, ...owner }) {
      const names = Object.entries(externalNames).map(([name, externalName]) => [name, { externalName }] as const);
      const base = Object.fromEntries(names);
      await insertSchema(tx, orgId, { ...owner, id: newId('schema', at), base, created: at });
      await configuration.changed(tx, orgId);
    },
    async removeOwned(tx, orgId, { ownerKind, ownerId }) {
      await deleteSchemaOf(tx, orgId, ownerKind, ownerId);
      await configuration.changed(tx, orgId);
    },
    async ensureDefaults(tx, orgId, at) {
      const existing = (await listUserTypes(tx, orgId)).find((type) => type.isDefault);
      if (existing !== undefined) return { userTypeId: existing.id };
      const userTypeId = newId('userType', at);
      await insertUserType(tx, orgId, {
        ...{ id: userTypeId, name: 'user', displayName: 'User', description: USER_SCHEMA_DESCRIPTION, isDefault: true },
        ...{ created: at, createdBy: 'system', lastUpdated: at, lastUpdatedBy: 'system' },
      });
      const schema = { id: newId('schema', at), ownerKind: 'user_type', ownerId: userTypeId, created: at } as const;
      await insertSchema(tx, orgId, { ...schema, name: 'user', title: 'User', base: {} });
      const group = { id: newId('schema', at), ownerKind: 'group', ownerId: GROUP, created: at } as const;
      await insertSchema(tx, orgId, { ...group, name: GROUP, title: `${PRODUCT} group`, base: {} });
      await configuration.changed(tx, orgId);
      return { userTypeId };
    },
  };
}

async function loadView(db: Executor, orgId: string): Promise<View> {
  const rows = await listSchemas(db, orgId);
  const types = await listUserTypes(db, orgId);
  return {
    rows,
    typeIds: types.map((type) => type.id),
    defaultTypeId: types.find((type) => type.isDefault)?.id,
    byOwner: new Map(rows.map((row) => [row.ownerId, compileSchema(row)])),
  };
}

const unknownType = (id: string) =>
  apiErrors.validation('type', `type: the user type ${id.slice(0, 100)} does not exist`);

function findRow({ rows, defaultTypeId }: View, key: SchemaKey): SchemaRow {
  const row = rows.find((candidate) => {
    if (key.kind === 'group') return candidate.ownerKind === 'group';
    if (key.kind === 'app') return OWNED.has(candidate.ownerKind) && candidate.ownerId === key.ownerId;
    if (candidate.ownerKind !== 'user_type') return false;
    return key.schemaId === 'default' ? candidate.ownerId === defaultTypeId : candidate.id === key.schemaId;
  });
  if (row !== undefined) return row;
  if (key.kind === 'group') throw new Error('The org has no schema of groups.');
  throw key.kind === 'app'
    ? apiErrors.notFound(key.ownerId, 'AppInstance')
    : apiErrors.notFound(key.schemaId, 'UserSchema');
}

const OWNED: ReadonlySet<string> = new Set<OwnerKind>(['idp', 'app']);
const pathOf = (key: SchemaKey) =>
  key.kind === 'app' ? `apps/${key.ownerId}/default` : key.kind === 'user' ? `user/${key.schemaId}` : 'group/default';

function present(row: SchemaRow, key: SchemaKey, baseUrl: string): Versioned {
  return { version: row.version, body: schemaToWire(row, baseAttributes(row), { baseUrl, path: pathOf(key) }) };
}
