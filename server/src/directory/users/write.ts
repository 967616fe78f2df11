/** Creating and changing one user inside a transaction, with everything that must be true at the same moment (contract §3). */
import type { Executor } from '../../database/index.ts';
import { apiErrors, requireVersion } from '../../http/index.ts';
import { newId } from '../../shared/ids.ts';
import { type Caller, doneBy, type EventInput, type EventTypeName, record } from '../../system-log/index.ts';
import type { CompiledSchema, Schemas } from '../profile-schemas/index.ts';
import { withPassword } from './credentials/set-password.ts';
import { MOST_COSTS, noteCost, setRecovery } from './credentials/store.ts';
import { passwordIn, recoveryIn } from './passwords/given.ts';
import { costOf } from './passwords/imported.ts';
import { type CheckedProfile, changedNames, checkProfile, keepValues } from './profile.ts';
import { type ChangeBody, type CreateBody, PROVIDER_TYPES, type User, type UserStatus, userTarget } from './schema.ts';
import { hubChange } from './sources/hub-change.ts';
import { HUB } from './sources/priority.ts';
import { type Origin, sourcesOf, writeSource } from './sources/store.ts';
import { insertUser, lockUser, updateUser } from './store.ts';

/** What others keep about a user's access; all of it inside the transaction of the change (security.md L9). */
export interface AccessPort {
  /** `except`: the id of a session that goes on. */
  endSessions(tx: Executor, orgId: string, userId: string, at: Date, except?: string | null): Promise<unknown>;
  revokeGrants(tx: Executor, orgId: string, userId: string, at: Date): Promise<unknown>;
  /** Forgets how often somebody guessed at a user's password; true where that had led to a wait that is not over. */
  forgetGuesses(tx: Executor, user: Pick<User, 'orgId' | 'loginKey'>, at: Date): Promise<boolean>;
}

export interface GroupPort {
  /** Makes a user member of groups and records it. Throws E0000001 for an unknown group or one that cannot be joined. */
  join(tx: Executor, caller: Caller, user: User, groupIds: readonly string[], at: Date): Promise<void>;
  /** A user was created, or profile or status changed: group rules look again, in the same transaction. */
  personChanged(tx: Executor, caller: Caller, user: User, at: Date): Promise<void>;
}

type Holding = 'hold' | 'holdUserSchemas' | 'holdUserType';

export interface WritePorts {
  schemas: Pick<Schemas, 'compiledUserSchema' | 'userSchemas' | 'everyUserSchema' | Holding | 'validate' | 'valueRows'>;
  access: AccessPort;
  groups: GroupPort;
}

export interface CreateOptions {
  activate: boolean;
  /** Whether `credentials.provider` counts. */
  provider: boolean;
  changePasswordNext: boolean;
}

function providerIn(body: CreateBody, options: CreateOptions): { type: string; name: string } {
  const sent = options.provider ? body.credentials?.provider : null;
  const type = sent?.type ?? 'OKTA';
  if (!PROVIDER_TYPES.some((known) => known === type))
    throw apiErrors.validation('provider', `provider: expected one of ${PROVIDER_TYPES.join(', ')}`);
  return { type, name: sent?.name ?? type };
}

function firstStatus(options: CreateOptions, provider: { type: string }, hasPassword: boolean): UserStatus {
  if (!options.activate) return 'STAGED';
  if (provider.type !== 'OKTA') return 'ACTIVE';
  if (!hasPassword) return 'PROVISIONED';
  return options.changePasswordNext ? 'PASSWORD_EXPIRED' : 'ACTIVE';
}

/** A user as a create body describes it, not stored yet. Throws E0000001. */
export function newUser(input: {
  caller: Caller;
  body: CreateBody;
  options: CreateOptions;
  checked: CheckedProfile;
  typeId: string;
  at: Date;
}): User {
  const { caller, body, options, checked, typeId, at } = input;
  const provider = providerIn(body, options);
  const hasPassword = passwordIn(body) !== null;
  if (provider.type !== 'OKTA' && hasPassword)
    throw apiErrors.validation('password', 'password: a user of another provider has no password here');
  if (options.changePasswordNext && !hasPassword)
    throw apiErrors.validation('nextLogin', 'nextLogin: changePassword needs a password');
  const status = firstStatus(options, provider, hasPassword);
  return {
    id: newId('user', at),
    orgId: caller.orgId,
    typeId,
    status,
    ...checked,
    emailVerified: false,
    provider,
    hasPassword,
    recoveryQuestion: recoveryIn(body)?.question ?? null,
    created: at,
    createdBy: caller.actor.id,
    activated: status === 'STAGED' ? null : at,
    statusChanged: status === 'STAGED' ? null : at,
    lastLogin: null,
    lastUpdated: at,
    passwordChanged: hasPassword && !(status === 'STAGED' && options.changePasswordNext) ? at : null,
    version: 1,
  };
}

/** Stores a new user with value rows, source and groups. Throws E0000001 for a login or a unique value that is taken. */
export async function storeNewUser(
  tx: Executor,
  ports: WritePorts,
  input: {
    caller: Caller;
    user: User;
    secrets: Secrets;
    schema: CompiledSchema;
    groupIds: readonly string[];
  },
): Promise<void> {
  const { caller, user, secrets, schema, groupIds } = input;
  const at = user.created;
  if (!(await insertUser(tx, user, secrets.passwordHash))) throw apiErrors.duplicate('login');
  await keepSecrets(tx, user, secrets, at);
  await keepValues(tx, user, schema.id, ports.schemas.valueRows(schema, user.profile));
  await writeFirstValues(tx, user, originOf(caller, at));
  await record(
    tx,
    userEvent('user.lifecycle.create', caller, user, at),
    ...(user.activated === null ? [] : [userEvent('user.lifecycle.activate', caller, user, at)]),
  );
  if (groupIds.length > 0) await ports.groups.join(tx, caller, user, groupIds, at);
  await ports.groups.personChanged(tx, caller, user, at);
}

/** The origin of values that a call of the management API sends. */
export const originOf = (caller: Pick<Caller, 'actor' | 'requestId'>, at: Date): Origin => ({
  at: at.toISOString(),
  by: caller.actor.id,
  ...(caller.requestId === undefined ? {} : { request: caller.requestId }),
});

/** Of somebody who is new, the hub says everything. */
export async function writeFirstValues(tx: Executor, user: User, origin: Origin): Promise<void> {
  const origins = Object.fromEntries(Object.keys(user.profile).map((name) => [name, origin]));
  await writeSource(tx, user, { sourceId: HUB, values: user.profile, origins, at: new Date(origin.at) });
}

/** Of a body's secrets what is stored: PHC strings. */
export interface Secrets {
  passwordHash: string | null;
  recovery: { question: string; answerHash: string } | null;
}

/** What stands beside the password: the recovery question, and the cost of a hash of another system. Throws E0000001 for one cost too many. */
async function keepSecrets(tx: Executor, user: User, { passwordHash, recovery }: Secrets, at: Date): Promise<void> {
  if (recovery !== null) await setRecovery(tx, user, recovery);
  const cost = passwordHash === null ? null : costOf(passwordHash);
  if (cost !== null && !(await noteCost(tx, user.orgId, cost, at)))
    throw apiErrors.validation(
      'password',
      `password.hash: people have hashes of ${MOST_COSTS} different costs already, and every wrong guess costs all of them. Use one of those work factors or iteration counts, or send the password itself`,
    );
}

export interface ChangeInput {
  caller: Caller;
  id: string;
  body: ChangeBody;
  /** PUT: what is not sent is gone. POST: it stays. */
  replace: boolean;
  expectedVersion: number | null;
  /** Of the user's type as it was read before the transaction. */
  schema: CompiledSchema;
  /** Of the type that the user is to have: the same one, except where a body names another. As it was read before the transaction, too. */
  next: CompiledSchema;
  /** The providers that are profile sources: what they say last goes before what is sent. */
  profileSources: { has(sourceId: string): boolean };
  secrets: Secrets;
  at: Date;
}

/**
 * Changes profile and password. `other-type`: the user's type has changed since it was read, and nothing was written. Throws E0000001,
 * E0000007, E0000023 for attributes that another source masters, E0000038, 412.
 */
export async function changeUser(tx: Executor, ports: WritePorts, input: ChangeInput): Promise<User | 'other-type'> {
  const { caller, at, secrets } = input;
  const next = await holdNext(tx, ports, input);
  const before = await lockUser(tx, caller.orgId, input.id);
  if (before === null) throw apiErrors.notFound(input.id, 'User');
  requireVersion(input.expectedVersion, before);
  if (before.status === 'DEPROVISIONED') throw apiErrors.wrongStatus();
  if (before.typeId !== input.schema.ownerId) return 'other-type';
  const after = await changeCredentials(tx, ports, await changeProfile(tx, ports, before, { ...input, next }), input);
  if (after.version === before.version) return before;
  if (!(await updateUser(tx, after))) throw apiErrors.duplicate('login');
  const changed = changedNames(before.profile, after.profile);
  if (after.typeId !== before.typeId) changed.push('type');
  const events: EventInput[] = [];
  if (changed.length > 0)
    events.push({
      ...userEvent('user.account.update_profile', caller, after, at),
      debugData: { changedAttributes: changed.join(',') },
    });
  if (secrets.passwordHash !== null) events.push(userEvent('user.account.update_password', caller, after, at));
  if (secrets.recovery !== null) events.push(userEvent('gatehouse.user.recovery_question', caller, after, at));
  if (after.status !== before.status) events.push(userEvent('user.lifecycle.activate', caller, after, at));
  await record(tx, ...events);
  if (changed.length > 0 || after.status !== before.status) await ports.groups.personChanged(tx, caller, after, at);
  return after;
}

/** The schema that a profile is written by; without a profile nothing is. */
async function holdNext(tx: Executor, { schemas }: WritePorts, { caller, body, schema, next }: ChangeInput) {
  if (next.ownerId !== schema.ownerId) await schemas.holdUserType(tx, caller.orgId, next.ownerId);
  return body.profile === undefined ? next : schemas.hold(tx, caller.orgId, next);
}

async function changeProfile(
  tx: Executor,
  ports: WritePorts,
  before: User,
  { caller, body, replace, next, profileSources, at }: ChangeInput,
): Promise<User> {
  const typeId = next.ownerId;
  if (typeId !== before.typeId && !replace)
    throw apiErrors.validation('type', "type: a user's type is changed by PUT, with the whole profile");
  if (body.profile === undefined) {
    if (replace) throw apiErrors.validation('profile', 'profile: The field cannot be left blank');
    return before;
  }
  const { profile, said, mastered } = hubChange({
    before: before.profile,
    sent: body.profile,
    replace,
    schema: next,
    sources: await sourcesOf(tx, before.orgId, before.id),
    profileSources,
    since: before.created,
    origin: originOf(caller, at),
  });
  const checked = checkProfile(ports.schemas, next, profile, 'user');
  if (mastered.length > 0) throw apiErrors.masteredElsewhere(mastered);
  await writeSource(tx, before, { sourceId: HUB, ...said, at });
  if (typeId === before.typeId && changedNames(before.profile, checked.profile).length === 0) return before;
  await keepValues(tx, before, next.id, ports.schemas.valueRows(next, checked.profile));
  const emailVerified = before.emailVerified && before.emailKey === checked.emailKey;
  return { ...before, ...checked, typeId, emailVerified, lastUpdated: at, version: before.version + 1 };
}

async function changeCredentials(
  tx: Executor,
  ports: WritePorts,
  user: User,
  { secrets, at }: ChangeInput,
): Promise<User> {
  const { passwordHash, recovery } = secrets;
  if (passwordHash === null && recovery === null) return user;
  if (user.provider.type !== 'OKTA')
    throw apiErrors.validation('password', 'password: a user of another provider has no password here');
  await keepSecrets(tx, user, secrets, at);
  const asked =
    recovery === null
      ? user
      : { ...user, recoveryQuestion: recovery.question, lastUpdated: at, version: user.version + 1 };
  return passwordHash === null ? asked : withPassword(tx, ports.access, asked, passwordHash, at);
}

export const userEvent = (type: EventTypeName, caller: Caller, user: User, at: Date) =>
  doneBy(caller, { type, at, targets: [userTarget(user)] });
