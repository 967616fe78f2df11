/**
 * User types (contract §5): the kinds of people an org has, each with a schema of its own. What belongs to a type elsewhere (people,
 * mappings) is asked for and made through ports.
 */
import { type Database, type Executor, inTransaction } from '../../../database/index.ts';
import { apiErrors, requireVersion } from '../../../http/index.ts';
import type { Configuration } from '../../../orgs/index.ts';
import type { Clock } from '../../../shared/clock.ts';
import { newId } from '../../../shared/ids.ts';
import { type Caller, doneBy, type EventTypeName, record } from '../../../system-log/index.ts';
import { deleteSchemaOf, insertSchema, renameSchemaOf } from '../store.ts';
import { readDescription, readDisplayName, readName, type UserType, type UserTypeBody } from './schema.ts';
import * as store from './store.ts';

export interface UserTypesDeps {
  database: Database;
  configuration: Configuration;
  clock: Clock;
  /** How many users have a type. */
  countUsers(db: Executor, orgId: string, typeId: string): Promise<number>;
  belongings: {
    /** The mappings between every provider, every application and the new type. */
    create(tx: Executor, orgId: string, type: { id: string; name: string; at: Date }): Promise<void>;
    remove(tx: Executor, orgId: string, typeId: string): Promise<void>;
  };
}

export interface UserTypes {
  list(orgId: string): Promise<UserType[]>;
  /** How many users have a type. */
  countUsers(orgId: string, typeId: string): Promise<number>;
  /** `id`: a type's, or 'default'. Throws E0000007. */
  get(orgId: string, id: string): Promise<UserType>;
  /** Throws E0000001. */
  create(caller: Caller, body: UserTypeBody): Promise<UserType>;
  /** `replace`: what is not sent is gone; otherwise it stays. The name never changes. Throws E0000001, E0000007, 412. */
  change(
    caller: Caller,
    id: string,
    body: UserTypeBody,
    how: { replace: boolean; expectedVersion: number | null },
  ): Promise<UserType>;
  /** Throws E0000001 for the default type and while users have it, E0000007. */
  remove(caller: Caller, id: string, expectedVersion: number | null): Promise<void>;
}

/** Each type costs a schema and a mapping per provider and application, all of them compiled in memory. */
const MAX_TYPES = 50;

export function createUserTypes(deps: UserTypesDeps): UserTypes {
  const { database, configuration, clock } = deps;
  const existing = async (db: Executor, orgId: string, id: string, lock = false) => {
    const type = await store.findUserType(db, orgId, id, { lock });
    if (type === null) throw apiErrors.notFound(id, 'UserType');
    return type;
  };
  return {
    list: (orgId) => store.listUserTypes(database, orgId),
    countUsers: (orgId, typeId) => deps.countUsers(database, orgId, typeId),
    get: (orgId, id) => existing(database, orgId, id),
    create: (caller, body) => inTransaction(database, (tx) => createType(tx, deps, caller, body)),
    change: (caller, id, body, { replace, expectedVersion }) =>
      inTransaction(database, async (tx) => {
        const before = await existing(tx, caller.orgId, id, true);
        requireVersion(expectedVersion, before);
        if (body.name != null && body.name !== before.name)
          throw apiErrors.validation('name', `name: cannot be changed, it stays ${before.name}`);
        const sent = (key: 'displayName' | 'description') => replace || body[key] !== undefined;
        const at = clock.now();
        const after: UserType = {
          ...before,
          displayName: sent('displayName') ? readDisplayName(body.displayName) : before.displayName,
          description: sent('description') ? readDescription(body.description) : before.description,
          lastUpdated: at,
          lastUpdatedBy: caller.actor.id,
          version: before.version + 1,
        };
        await store.updateUserType(tx, caller.orgId, after);
        if (!after.isDefault) await renameSchemaOf(tx, caller.orgId, 'user_type', after.id, after.displayName);
        await configuration.changed(tx, caller.orgId);
        await recordType(tx, caller, 'gatehouse.user_type.update', after, at);
        return after;
      }),
    remove: (caller, id, expectedVersion) =>
      inTransaction(database, async (tx) => {
        const type = await existing(tx, caller.orgId, id, true);
        requireVersion(expectedVersion, type);
        if (type.isDefault) throw apiErrors.validation('userType', 'userType: the default type cannot be deleted');
        const users = await deps.countUsers(tx, caller.orgId, type.id);
        if (users > 0) {
          const { displayName } = type;
          throw apiErrors.validation(
            'userType',
            users === 1
              ? `userType: 1 user has the type ${displayName}; give this user another type or delete the user first`
              : `userType: ${users} users have the type ${displayName}; give them another type or delete them first`,
          );
        }
        await configuration.changed(tx, caller.orgId);
        await deps.belongings.remove(tx, caller.orgId, type.id);
        await deleteSchemaOf(tx, caller.orgId, 'user_type', type.id);
        await store.deleteUserType(tx, caller.orgId, type.id);
        await recordType(tx, caller, 'gatehouse.user_type.delete', type, clock.now());
      }),
  };
}

/** The configuration's row is locked first: a provider or application made at the same time sees this type, or is seen by it. */
async function createType(tx: Executor, deps: UserTypesDeps, caller: Caller, body: UserTypeBody): Promise<UserType> {
  const { orgId } = caller;
  const name = readName(body.name);
  const displayName = readDisplayName(body.displayName);
  const description = readDescription(body.description);
  await deps.configuration.changed(tx, orgId);
  const types = await store.listUserTypes(tx, orgId);
  if (types.length >= MAX_TYPES)
    throw apiErrors.validation('userType', `userType: at most ${MAX_TYPES} user types, there are ${types.length}`);
  const at = deps.clock.now();
  const type = {
    id: newId('userType', at),
    ...{ name, displayName, description, isDefault: false },
    ...{ created: at, createdBy: caller.actor.id, lastUpdated: at, lastUpdatedBy: caller.actor.id },
  };
  if (!(await store.insertUserType(tx, orgId, type))) throw apiErrors.duplicate('name');
  const schemaId = newId('schema', at);
  await insertSchema(tx, orgId, {
    id: schemaId,
    ownerKind: 'user_type',
    ownerId: type.id,
    name,
    title: displayName,
    base: {},
    created: at,
  });
  await deps.belongings.create(tx, orgId, { id: type.id, name, at });
  const made: UserType = { ...type, schemaId, version: 1 };
  await recordType(tx, caller, 'directory.non_default_user_profile.create', made, at);
  return made;
}

async function recordType(tx: Executor, caller: Caller, type: EventTypeName, of: UserType, at: Date): Promise<void> {
  const targets = [{ id: of.id, type: 'UserType', alternateId: of.name, displayName: of.displayName }];
  await record(tx, doneBy(caller, { type, at, targets }));
}
