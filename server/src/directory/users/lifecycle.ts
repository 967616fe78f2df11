/** Lifecycle operations and deletion: the table of status.ts, applied inside a transaction (contract §3; security.md L9, L10). */
import type { Executor } from '../../database/index.ts';
import { apiErrors, SUPER_ADMIN } from '../../http/index.ts';
import { type Caller, record } from '../../system-log/index.ts';
import { type LifecycleOperation, OPERATIONS, type User } from './schema.ts';
import { deleteUser, lockActiveHolders, lockUser, setPasswordHash, updateUser } from './store.ts';
import { type AccessPort, type GroupPort, userEvent } from './write.ts';

export interface LifecyclePorts {
  access: AccessPort;
  groups: GroupPort;
  /** Removes what other modules keep about a deleted user: memberships, assignments, links, API tokens. */
  forget(tx: Executor, orgId: string, userId: string, at: Date): Promise<void>;
}

interface Input {
  caller: Caller;
  id: string;
  at: Date;
}

/** Throws the refusal of the operation's row, E0000007, or E0000006 for the last administrator. */
export async function applyOperation(
  tx: Executor,
  ports: LifecyclePorts,
  name: LifecycleOperation,
  input: Input,
): Promise<User> {
  const user = await lockExisting(tx, input);
  const operation = OPERATIONS[name];
  if (!operation.from.includes(user.status)) throw operation.refusal();
  return change(tx, ports, name, user, input);
}

/** The first call deactivates, the second one deletes. Tells which it was. */
export async function removeUser(
  tx: Executor,
  ports: LifecyclePorts,
  input: Input,
): Promise<'deactivated' | 'deleted'> {
  const user = await lockExisting(tx, input);
  if (user.status !== 'DEPROVISIONED') {
    await change(tx, ports, 'deactivate', user, input);
    return 'deactivated';
  }
  const { caller, at } = input;
  await ports.access.endSessions(tx, user.orgId, user.id, at);
  await ports.access.revokeGrants(tx, user.orgId, user.id, at);
  await ports.forget(tx, user.orgId, user.id, at);
  await deleteUser(tx, user, at);
  await record(
    tx,
    userEvent('user.lifecycle.delete.initiated', caller, user, at),
    userEvent('user.lifecycle.delete.completed', caller, user, at),
  );
  return 'deleted';
}

async function lockExisting(tx: Executor, { caller, id }: Input): Promise<User> {
  const user = await lockUser(tx, caller.orgId, id);
  if (user === null) throw apiErrors.notFound(id, 'User');
  return user;
}

async function change(
  tx: Executor,
  ports: LifecyclePorts,
  name: LifecycleOperation,
  user: User,
  { caller, at }: Input,
): Promise<User> {
  const operation = OPERATIONS[name];
  if (operation.endsAccess) await keepOneAdministrator(tx, user);
  const status = operation.to({ hasPassword: user.hasPassword, federated: user.provider.type !== 'OKTA' });
  const after: User = { ...user, status, statusChanged: at, lastUpdated: at, version: user.version + 1 };
  if (name === 'activate') after.activated = at;
  if (status === 'DEPROVISIONED') {
    after.hasPassword = false;
    await setPasswordHash(tx, user, null, at);
  }
  await updateUser(tx, after);
  if (operation.endsAccess) {
    await ports.access.endSessions(tx, user.orgId, user.id, at);
    await ports.access.revokeGrants(tx, user.orgId, user.id, at);
  }
  await record(tx, userEvent(operation.event, caller, after, at));
  await ports.groups.personChanged(tx, caller, after, at);
  return after;
}

/** Throws E0000006 where nobody else is an active super administrator; holds the lock that keeps it so. */
export async function keepOneAdministrator(tx: Executor, user: User): Promise<void> {
  const holders = await lockActiveHolders(tx, user.orgId, SUPER_ADMIN);
  if (!holders.all.includes(user.id) || holders.active.some((id) => id !== user.id)) return;
  throw apiErrors.forbidden('This is the last active administrator. Make somebody else an administrator first.');
}
