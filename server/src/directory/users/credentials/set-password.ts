/** A password takes effect: stored, what the old one reached is over, and who only waited for it is active (security.md L9). */
import type { Executor } from '../../../database/index.ts';
import type { Caller } from '../../../system-log/index.ts';
import { ACTIVATED_BY_PASSWORD } from '../lifecycle/operations.ts';
import type { User } from '../schema.ts';
import { setPasswordHash, updateUser } from '../store.ts';
import type { AccessPort, GroupPort } from '../write.ts';

/** The user as it is afterwards; the caller writes it with `updateUser`, or has it written by `setPassword`. */
export async function withPassword(
  tx: Executor,
  access: AccessPort,
  user: User,
  passwordHash: string,
  at: Date,
): Promise<User> {
  await setPasswordHash(tx, user, passwordHash, at);
  await access.endSessions(tx, user.orgId, user.id, at);
  await access.revokeGrants(tx, user.orgId, user.id, at);
  await access.forgetGuesses(tx, user, at);
  const activates = ACTIVATED_BY_PASSWORD.has(user.status);
  return {
    ...user,
    hasPassword: true,
    passwordChanged: at,
    lastUpdated: at,
    version: user.version + 1,
    ...(activates ? { status: 'ACTIVE', statusChanged: at, activated: user.activated ?? at } : {}),
  };
}

export interface PasswordPorts {
  access: AccessPort;
  groups: GroupPort;
}

/** The person's own new password, for a user whose row is locked: it also ends a status of LOCKED_OUT. */
export async function setPassword(
  tx: Executor,
  { access, groups }: PasswordPorts,
  caller: Caller,
  user: User,
  { passwordHash, at }: { passwordHash: string; at: Date },
): Promise<User> {
  const after = await withPassword(tx, access, user, passwordHash, at);
  if (after.status === 'LOCKED_OUT') Object.assign(after, { status: 'ACTIVE', statusChanged: at });
  await updateUser(tx, after);
  if (after.status !== user.status) await groups.personChanged(tx, caller, after, at);
  return after;
}
