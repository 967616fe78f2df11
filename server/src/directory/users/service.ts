/** Users as other modules and the routes use them. */
import { type Database, type Executor, inTransaction } from '../../database/index.ts';
import { apiErrors, type Page } from '../../http/index.ts';
import type { Clock } from '../../shared/clock.ts';
import { type Caller, record } from '../../system-log/index.ts';
import type { CompiledSchema, ProfileHolders } from '../profile-schemas/index.ts';
import { ensureAdministrator, resetAdministratorPassword } from './administrator.ts';
import { type BulkUsers, createBulkUsers } from './bulk/bulk.ts';
import { canonicalLogin } from './canonical.ts';
import { applyOperation, type LifecyclePorts, removeUser } from './lifecycle.ts';
import type { Passwords } from './password.ts';
import { checkProfile, reindexValues } from './profile.ts';
import { createRoles, type Roles } from './roles/roles.ts';
import { type ChangeBody, type CreateBody, type LifecycleOperation, type User, userToWire } from './schema.ts';
import { keepAttributeIndexes } from './search/attribute-indexes.ts';
import { listUsers } from './search/list.ts';
import type { ListQuery } from './search/selection.ts';
import { type Applied, type ApplyOutcome, applyProfiles, lockPeople } from './sources/apply.ts';
import type { ProvenanceWire, SourceNames } from './sources/provenance.ts';
import { readProvenance } from './sources/read.ts';
import { releaseSource, type SourceRow, sourcesOf } from './sources/store.ts';
import {
  countOfType,
  countUsers,
  findUser,
  findUserByLogin,
  findUserByShortLogin,
  findUsers,
  holdUsers,
  removeProfileAttributes,
  replaceHash,
  rolesOf,
  usersAfter,
} from './store.ts';
import {
  type CreateOptions,
  changeUser,
  newUser,
  passwordIn,
  storeNewUser,
  userEvent,
  type WritePorts,
} from './write.ts';

export interface UsersDeps extends WritePorts, LifecyclePorts {
  database: Database;
  clock: Clock;
  passwords: Passwords;
  /** Ids of active identity providers that are profile sources; from memory. */
  profileSources(orgId: string): Promise<ReadonlySet<string>>;
  /** What identity providers and applications are called; from memory. */
  sourceNames(orgId: string): Promise<SourceNames>;
}

type Place = Pick<Caller, 'orgId' | 'baseUrl'>;
type First = { email: string; passwordHash: string; at: Date };

export interface Users extends ProfileHolders {
  create(caller: Caller, body: CreateBody, options: CreateOptions): Promise<User>;
  /** By id, login, or the part of a login before the `@`. Throws E0000007. */
  get(orgId: string, idOrLogin: string): Promise<User>;
  /** Those of the ids that exist, in the order of ids. */
  byIds(orgId: string, ids: readonly string[], db?: Executor): Promise<User[]>;
  /** Everybody who is not deprovisioned, by id, after an id. */
  after(db: Executor, orgId: string, id: string, limit: number): Promise<User[]>;
  /** Those of the ids that exist, their rows held until the transaction ends. */
  hold(tx: Executor, orgId: string, ids: readonly string[]): Promise<User[]>;
  /** How many are not deprovisioned. */
  count(db: Executor, orgId: string): Promise<number>;
  /** Throws E0000031. `limit`: users per page. */
  list(orgId: string, query: ListQuery, limit: number): Promise<Page<User>>;
  /** Makes the indexes that the custom attributes of all user types need, and drops those that none needs any more. */
  keepAttributeIndexes(): Promise<void>;
  change(
    caller: Caller,
    idOrLogin: string,
    body: ChangeBody,
    how: { replace: boolean; expectedVersion: number | null },
  ): Promise<User>;
  lifecycle(caller: Caller, idOrLogin: string, operation: LifecycleOperation): Promise<User>;
  /** Deactivates, or deletes who is deactivated already. */
  remove(caller: Caller, idOrLogin: string): Promise<'deactivated' | 'deleted'>;
  clearSessions(caller: Caller, idOrLogin: string, options: { oauthTokens: boolean }): Promise<void>;
  /** Null costs as much as a hash, and fails. A hash of older parameters is renewed on the way. Throws 429 when too many are waiting. */
  verifyPassword(passwordHash: string | null, password: string): Promise<{ ok: boolean }>;
  readonly roles: Roles;
  /** Where the values of a profile come from. Throws E0000007. */
  provenance(orgId: string, idOrLogin: string): Promise<{ attributes: ProvenanceWire[] }>;
  /** Of one user, unlocked. */
  sourcesOf(orgId: string, userId: string): Promise<SourceRow[]>;
  /** Users with what their sources say, locked. */
  lockPeople: typeof lockPeople;
  /** Writes what a source makes of locked users' profiles, all or none; or says whose value is in the way. */
  applyProfiles(tx: Executor, caller: Caller, changes: readonly Applied[]): Promise<ApplyOutcome>;
  /** A source that the user was unlinked from: what it said stays, and masters nothing any more. */
  releaseSource(tx: Executor, orgId: string, userId: string, sourceId: string, at: Date): Promise<void>;
  readonly bulk: BulkUsers;
  /** False also for nobody. */
  isAdministrator(orgId: string, idOrLogin: string): Promise<boolean>;
  /** How many users have a user type. */
  countOfType(db: Executor, orgId: string, typeId: string): Promise<number>;
  toWire(place: Place, users: readonly User[]): Promise<ReturnType<typeof userToWire>[]>;
  ensureAdministrator(tx: Executor, orgId: string, administrator: First): Promise<{ id: string; created: boolean }>;
  resetAdministratorPassword(tx: Executor, orgId: string, administrator: First): Promise<boolean>;
}

const ID = /^00u[A-Za-z0-9]{17}$/;

export function createUsers(deps: UsersDeps): Users {
  const { database, clock, passwords, schemas } = deps;

  async function get(orgId: string, idOrLogin: string): Promise<User> {
    const user = await findBy(database, orgId, idOrLogin);
    if (user === null) throw apiErrors.notFound(idOrLogin, 'User');
    return user;
  }
  const idOf = async (caller: Caller, idOrLogin: string) =>
    ID.test(idOrLogin) ? idOrLogin : (await get(caller.orgId, idOrLogin)).id;
  const hashOf = async (body: ChangeBody | CreateBody) => {
    const password = passwordIn(body);
    return password === null ? null : passwords.hash(password);
  };

  return {
    get,
    roles: createRoles(deps),
    bulk: createBulkUsers(deps),
    async isAdministrator(orgId, idOrLogin) {
      const user = await findBy(database, orgId, idOrLogin);
      return user !== null && (await rolesOf(database, orgId, user.id)).length > 0;
    },
    releaseSource,
    lockPeople,
    applyProfiles: (tx, caller, changes) => applyProfiles(tx, schemas, caller, changes),
    sourcesOf: (orgId, userId) => sourcesOf(database, orgId, userId),
    byIds: (orgId, ids, db = database) => findUsers(db, orgId, ids),
    after: usersAfter,
    hold: holdUsers,
    count: countUsers,
    async create(caller, body, options) {
      const schema = await schemas.compiledUserSchema(caller.orgId, body.type?.id ?? undefined);
      const checked = checkProfile(schemas, schema, body.profile, 'newUser');
      const user = newUser({ caller, body, options, checked, typeId: schema.ownerId, at: clock.now() });
      const passwordHash = await hashOf(body);
      const groupIds = [...new Set(body.groupIds ?? [])];
      await inTransaction(database, async (tx) => {
        // The default type cannot go.
        if (body.type?.id != null) await schemas.holdUserType(tx, caller.orgId, schema.ownerId);
        await storeNewUser(tx, deps, { caller, user, passwordHash, schema, groupIds });
      });
      return user;
    },
    provenance: async (orgId, idOrLogin) => readProvenance(deps, orgId, await get(orgId, idOrLogin)),
    list: async (orgId, query, limit) =>
      listUsers(database, orgId, { query, limit, schemas: await schemas.userSchemas(orgId) }),
    keepAttributeIndexes: async () => void (await keepAttributeIndexes(database, await schemas.everyUserSchema())),
    async change(caller, idOrLogin, body, how) {
      const { id, typeId } = await get(caller.orgId, idOrLogin);
      const schema = await schemas.compiledUserSchema(caller.orgId, typeId);
      const next = body.type?.id == null ? schema : await schemas.compiledUserSchema(caller.orgId, body.type.id);
      const profileSources = await deps.profileSources(caller.orgId);
      const passwordHash = await hashOf(body);
      return inTransaction(database, (tx) =>
        changeUser(tx, deps, { caller, id, body, ...how, schema, next, profileSources, passwordHash, at: clock.now() }),
      );
    },
    async lifecycle(caller, idOrLogin, operation) {
      const id = await idOf(caller, idOrLogin);
      return inTransaction(database, (tx) => applyOperation(tx, deps, operation, { caller, id, at: clock.now() }));
    },
    async remove(caller, idOrLogin) {
      const id = await idOf(caller, idOrLogin);
      return inTransaction(database, (tx) => removeUser(tx, deps, { caller, id, at: clock.now() }));
    },
    async clearSessions(caller, idOrLogin, { oauthTokens }) {
      const user = await get(caller.orgId, idOrLogin);
      const at = clock.now();
      await inTransaction(database, async (tx) => {
        await deps.access.endSessions(tx, caller.orgId, user.id, at);
        if (oauthTokens) await deps.access.revokeGrants(tx, caller.orgId, user.id, at);
        await record(tx, userEvent('user.session.clear', caller, user, at));
      });
    },
    async verifyPassword(passwordHash, password) {
      const { ok, rehash } = await passwords.verify(passwordHash, password);
      if (rehash && passwordHash !== null) await replaceHash(database, passwordHash, await passwords.hash(password));
      return { ok };
    },
    async toWire({ orgId, baseUrl }, users) {
      const ids = new Map((await schemas.userSchemas(orgId)).map((schema) => [schema.ownerId, schema.id]));
      return users.map((user) => userToWire(user, { baseUrl, schemaId: ids.get(user.typeId) ?? 'default' }));
    },
    ensureAdministrator,
    resetAdministratorPassword: (tx, orgId, administrator) =>
      resetAdministratorPassword(tx, deps.access, orgId, administrator),
    reindexValues: (tx, orgId, schema: CompiledSchema) => reindexValues(tx, orgId, schema, schemas),
    removeAttributes: (tx, orgId, schema, names) => removeProfileAttributes(tx, orgId, schema.ownerId, names),
    countOfType,
  };
}

/** What has the shape of an id is only looked for among ids (security.md L7). */
async function findBy(db: Executor, orgId: string, idOrLogin: string): Promise<User | null> {
  if (ID.test(idOrLogin)) return findUser(db, orgId, idOrLogin);
  const key = canonicalLogin(idOrLogin);
  if (!key.ok) return null;
  return (
    (await findUserByLogin(db, orgId, key.value)) ??
    (key.value.includes('@') ? null : findUserByShortLogin(db, orgId, key.value))
  );
}
