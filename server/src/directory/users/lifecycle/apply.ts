/** Lifecycle operations and deletion: the table of operations.ts, applied inside a transaction (contract §3; security.md L9, L10). */
import type { Executor } from '../../../database/index.ts';
import { apiErrors, requireVersion, SUPER_ADMIN } from '../../../http/index.ts';
import type { Mail } from '../../../mail/index.ts';
import { type Caller, record } from '../../../system-log/index.ts';
import { setRecovery } from '../credentials/store.ts';
import { issueLink, type LinkPurpose, type PasswordLink } from '../password-links/links.ts';
import type { User } from '../schema.ts';
import { deleteUser, lockActiveHolders, lockUser, setPasswordHash, updateUser } from '../store.ts';
import { type AccessPort, type GroupPort, userEvent } from '../write.ts';
import { allows, type LifecycleOperation, OPERATIONS } from './operations.ts';

export interface LifecyclePorts {
  access: AccessPort;
  groups: GroupPort;
  mail: Pick<Mail, 'send'>;
  /** Removes what other modules keep about a deleted user: memberships, assignments, links, API tokens, messages. */
  forget(tx: Executor, orgId: string, userId: string, at: Date): Promise<void>;
}

interface Input {
  caller: Caller;
  id: string;
  at: Date;
  expectedVersion: number | null;
}

export interface OperationInput extends Input {
  /** Whether a link goes to the person by mail; else the caller gets it. */
  sendEmail: boolean;
  /** End sessions and grants also where the operation alone would not. */
  revokeSessions: boolean;
  /** Of the temporary password, where the operation makes one. */
  passwordHash: string | null;
}

export interface Outcome {
  user: User;
  /** Where one was made and not sent by mail. */
  link: PasswordLink | null;
}

const LINKS: Partial<Record<LifecycleOperation, LinkPurpose>> = {
  activate: 'activate',
  reactivate: 'activate',
  reset_password: 'reset',
};

/** Throws the refusal of the operation's row, E0000007, or E0000006 for the last administrator. A refusal changes nothing. */
export async function applyOperation(
  tx: Executor,
  ports: LifecyclePorts,
  name: LifecycleOperation,
  input: OperationInput,
): Promise<Outcome> {
  const user = await lockExisting(tx, input);
  if (!allows(name, user)) {
    // Who has to wait after wrong guesses has no status for it (security.md §4.5), and can be helped all the same.
    if (name === 'unlock' && user.status === 'ACTIVE' && (await ports.access.forgetGuesses(tx, user, input.at))) {
      await record(tx, userEvent('user.account.unlock', input.caller, user, input.at));
      return { user, link: null };
    }
    throw OPERATIONS[name].refusal(user);
  }
  const after = await change(tx, ports, name, user, input);
  if (name === 'unlock') await ports.access.forgetGuesses(tx, user, input.at);
  return { user: after, link: await linkAfter(tx, ports, name, after, input) };
}

async function linkAfter(
  tx: Executor,
  ports: LifecyclePorts,
  name: LifecycleOperation,
  user: User,
  { caller, at, sendEmail }: OperationInput,
): Promise<PasswordLink | null> {
  const purpose = LINKS[name];
  if (purpose === undefined || user.provider.type !== 'OKTA') return null;
  // Who has a password already needs no mail to choose one.
  if (sendEmail && name === 'activate' && user.hasPassword) return null;
  const link = await issueLink(tx, caller, user, { purpose, at, mail: sendEmail ? ports.mail : null });
  return sendEmail ? null : link;
}

/** The first call deactivates, the second one deletes. Tells which it was. */
export async function removeUser(
  tx: Executor,
  ports: LifecyclePorts,
  input: Input,
): Promise<'deactivated' | 'deleted'> {
  const user = await lockExisting(tx, input);
  if (user.status !== 'DEPROVISIONED') {
    await change(tx, ports, 'deactivate', user, { ...input, revokeSessions: false, passwordHash: null });
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

async function lockExisting(tx: Executor, { caller, id, expectedVersion }: Input): Promise<User> {
  const user = await lockUser(tx, caller.orgId, id);
  if (user === null) throw apiErrors.notFound(id, 'User');
  requireVersion(expectedVersion, user);
  return user;
}

async function change(
  tx: Executor,
  ports: LifecyclePorts,
  name: LifecycleOperation,
  user: User,
  input: Input & Pick<OperationInput, 'revokeSessions' | 'passwordHash'>,
): Promise<User> {
  const { caller, at, revokeSessions, passwordHash } = input;
  const operation = OPERATIONS[name];
  if (operation.shutsOut) await keepOneAdministrator(tx, user);
  const status = operation.to(user);
  const after: User = { ...user, status, lastUpdated: at, version: user.version + 1 };
  if (status !== user.status) after.statusChanged = at;
  if (name === 'activate') after.activated = at;
  if (status === 'DEPROVISIONED') {
    Object.assign(after, { hasPassword: false, recoveryQuestion: null });
    await setPasswordHash(tx, user, null, at);
    await setRecovery(tx, user, null);
  }
  if (passwordHash !== null) {
    Object.assign(after, { hasPassword: true, passwordChanged: at });
    await setPasswordHash(tx, user, passwordHash, at);
  }
  await updateUser(tx, after);
  if (operation.endsAccess || revokeSessions) {
    await ports.access.endSessions(tx, user.orgId, user.id, at);
    await ports.access.revokeGrants(tx, user.orgId, user.id, at);
  }
  await record(
    tx,
    userEvent(operation.event, caller, after, at),
    ...(passwordHash === null ? [] : [userEvent('user.account.update_password', caller, after, at)]),
  );
  await ports.groups.personChanged(tx, caller, after, at);
  return after;
}

/** Throws E0000006 where nobody else is an active super administrator; holds the lock that keeps it so. */
export async function keepOneAdministrator(tx: Executor, user: User): Promise<void> {
  if (await isLastAdministrator(tx, user))
    throw apiErrors.forbidden('This is the last active administrator. Make somebody else an administrator first.');
}

/** Whether the user is a super administrator and nobody else is an active one; holds the lock that keeps the answer so. */
export async function isLastAdministrator(tx: Executor, user: User): Promise<boolean> {
  const holders = await lockActiveHolders(tx, user.orgId, SUPER_ADMIN);
  return holders.all.includes(user.id) && !holders.active.some((id) => id !== user.id);
}
