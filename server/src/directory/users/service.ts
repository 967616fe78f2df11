/** Users as other modules and the routes use them. */
import type { Executor } from '../../database/index.ts';
import { apiErrors, type Page, SUPER_ADMIN } from '../../http/index.ts';
import type { Caller } from '../../system-log/index.ts';
import type { CompiledSchema, ProfileHolders, ValueHolders } from '../profile-schemas/index.ts';
import { ensureAdministrator, resetAdministratorPassword } from './administrator.ts';
import { type BulkUsers, createBulkUsers } from './bulk/bulk.ts';
import { canonicalLogin } from './canonical.ts';
import { createChanges, type UserChanges, type UsersDeps } from './changes.ts';
import { createGuesses, type VerifyPassword } from './credentials/guesses.ts';
import { type Credentials, createCredentials } from './credentials/service.ts';
import { reindexValues } from './profile.ts';
import { userValues } from './removed-attributes.ts';
import { createRoles, type Roles } from './roles/roles.ts';
import { type User, userToWire } from './schema.ts';
import { keepAttributeIndexes } from './search/attribute-indexes.ts';
import { type Alike, listAlike, listUsers } from './search/list.ts';
import type { ListQuery } from './search/selection.ts';
import { type Applied, type ApplyOutcome, applyProfiles, lockPeople } from './sources/apply.ts';
import type { ProvenanceWire } from './sources/provenance.ts';
import { readProvenance } from './sources/read.ts';
import { releaseSource, type SourceRow, sourcesOf } from './sources/store.ts';
import {
  administratorsAmong,
  countOfType,
  countUsers,
  findUser,
  findUserByLogin,
  findUserByShortLogin,
  findUsers,
  holdersOf,
  holdUsers,
  rolesOf,
  usersAfter,
} from './store.ts';

type Place = Pick<Caller, 'orgId' | 'baseUrl'>;
type First = { email: string; passwordHash: string; at: Date };

export interface Users extends ProfileHolders, UserChanges {
  /** By id, login, or the part of a login before the `@`. Throws E0000007. */
  get(orgId: string, idOrLogin: string): Promise<User>;
  /** Who has this very login; null where nobody has. */
  byLogin(orgId: string, login: string): Promise<User | null>;
  /** Those of the ids that exist, in the order of ids. */
  byIds(orgId: string, ids: readonly string[], db?: Executor): Promise<User[]>;
  /** Everybody who is not deprovisioned, by id, after an id. */
  after(db: Executor, orgId: string, id: string, limit: number): Promise<User[]>;
  /** Everybody who is not deprovisioned and is called so, by id, after an id. */
  alike(db: Executor, orgId: string, wanted: Alike): Promise<User[]>;
  /** Those of the ids that exist, their rows held until the transaction ends. */
  hold(tx: Executor, orgId: string, ids: readonly string[]): Promise<User[]>;
  /** How many are not deprovisioned. */
  count(db: Executor, orgId: string): Promise<number>;
  /** Throws E0000031. `limit`: users per page. */
  list(orgId: string, query: ListQuery, limit: number): Promise<Page<User>>;
  /** Makes the indexes that the custom attributes of all user types need, and drops those that none needs any more. */
  keepAttributeIndexes(): Promise<void>;
  /** The id of a user. Throws E0000007 for a login that nobody has. */
  idOf(orgId: string, idOrLogin: string): Promise<string>;
  readonly credentials: Credentials;
  verifyPassword: VerifyPassword;
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
  /** Their values of attributes that a user type has lost. */
  readonly values: ValueHolders;
  /** Ids of those who have the role of super administrator. */
  superAdministrators(orgId: string): Promise<string[]>;
  /** Who has this id or login, if they have an administrator role; null otherwise. */
  administrator(orgId: string, idOrLogin: string): Promise<User | null>;
  administratorsAmong: typeof administratorsAmong;
  /** How many users have a user type. */
  countOfType(db: Executor, orgId: string, typeId: string): Promise<number>;
  toWire(place: Place, users: readonly User[]): Promise<ReturnType<typeof userToWire>[]>;
  ensureAdministrator(tx: Executor, orgId: string, administrator: First): Promise<{ id: string; created: boolean }>;
  resetAdministratorPassword(tx: Executor, orgId: string, administrator: First): Promise<boolean>;
}

const ID = /^00u[A-Za-z0-9]{17}$/;

export function createUsers(deps: UsersDeps): Users {
  const { database, schemas } = deps;

  async function get(orgId: string, idOrLogin: string): Promise<User> {
    const user = await findBy(database, orgId, idOrLogin);
    if (user === null) throw apiErrors.notFound(idOrLogin, 'User');
    return user;
  }
  const idOf = async (orgId: string, idOrLogin: string) =>
    ID.test(idOrLogin) ? idOrLogin : (await get(orgId, idOrLogin)).id;
  const verifyPassword = createGuesses(deps);

  return {
    get,
    idOf,
    roles: createRoles(deps),
    bulk: createBulkUsers(deps),
    credentials: createCredentials(deps, verifyPassword),
    verifyPassword,
    async administrator(orgId, idOrLogin) {
      const user = await findBy(database, orgId, idOrLogin);
      return user !== null && (await rolesOf(database, orgId, user.id)).length > 0 ? user : null;
    },
    administratorsAmong,
    releaseSource,
    lockPeople,
    applyProfiles: (tx, caller, changes) => applyProfiles(tx, schemas, caller, changes),
    sourcesOf: (orgId, userId) => sourcesOf(database, orgId, userId),
    superAdministrators: (orgId) => holdersOf(database, orgId, SUPER_ADMIN),
    async byLogin(orgId, login) {
      const key = canonicalLogin(login);
      return key.ok ? findUserByLogin(database, orgId, key.value) : null;
    },
    hold: holdUsers,
    count: countUsers,
    provenance: async (orgId, idOrLogin) => readProvenance(deps, orgId, await get(orgId, idOrLogin)),
    ...createChanges(deps, { get, idOf }),
    byIds: (orgId, ids, db = database) => findUsers(db, orgId, ids),
    after: usersAfter,
    alike: listAlike,
    list: async (orgId, query, limit) =>
      listUsers(database, orgId, { query, limit, schemas: await schemas.userSchemas(orgId) }),
    keepAttributeIndexes: async () => void (await keepAttributeIndexes(database, await schemas.everyUserSchema())),
    async toWire({ orgId, baseUrl }, users) {
      const known = new Map((await schemas.userSchemas(orgId)).map((schema) => [schema.ownerId, schema]));
      return users.map((user) => userToWire(user, { baseUrl, schema: known.get(user.typeId) }));
    },
    ensureAdministrator,
    resetAdministratorPassword: (tx, orgId, administrator) =>
      resetAdministratorPassword(tx, deps.access, orgId, administrator),
    reindexValues: (tx, orgId, schema: CompiledSchema) => reindexValues(tx, orgId, schema, schemas),
    values: userValues,
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
