/**
 * Administrator roles of a user: granted and taken away, each with its event; the last super administrator keeps theirs. What led to the
 * account before it had a role does not lead to the role: links, sessions and grants of applications end (security.md §4.3).
 */
import { type Database, type Executor, inTransaction } from '../../../database/index.ts';
import { apiErrors, ROLES, type Role, SUPER_ADMIN } from '../../../http/index.ts';
import type { Clock } from '../../../shared/clock.ts';
import { type Caller, record } from '../../../system-log/index.ts';
import { keepOneAdministrator } from '../lifecycle/apply.ts';
import type { User } from '../schema.ts';
import { grantRole, lockUser, rolesOf, takeRole } from '../store.ts';
import { type AccessPort, userEvent } from '../write.ts';

export interface GrantedRole {
  role: Role;
  created: Date;
}

export interface Roles {
  list(orgId: string, userId: string, db?: Executor): Promise<GrantedRole[]>;
  /**
   * Throws E0000007, E0000038 for a deprovisioned user, E0000090 for a role that the user has. `except`: the id of the session by which
   * the caller acts, which goes on where it is the user's own.
   */
  grant(caller: Caller, userId: string, role: Role, except?: string | null): Promise<GrantedRole>;
  /** Throws E0000007, and E0000006 for the last active super administrator. */
  revoke(caller: Caller, userId: string, role: string): Promise<void>;
}

export function createRoles(deps: { database: Database; clock: Clock; access: AccessPort }): Roles {
  const { database, clock, access } = deps;
  return {
    list: (orgId, userId, db = database) => rolesOf(db, orgId, userId),
    grant: (caller, userId, role, except) =>
      inTransaction(database, async (tx) => {
        const at = clock.now();
        const user = await lockExisting(tx, caller, userId);
        if (user.status === 'DEPROVISIONED') throw apiErrors.wrongStatus();
        if ((await rolesOf(tx, caller.orgId, userId)).some((granted) => granted.role === role))
          throw apiErrors.roleAssigned();
        await grantRole(tx, caller.orgId, userId, role, at);
        await access.endSessions(tx, caller.orgId, userId, at, except);
        await access.revokeGrants(tx, caller.orgId, userId, at);
        await record(tx, {
          ...userEvent('user.account.privilege.grant', caller, user, at),
          debugData: { privilegeGranted: ROLES[role] },
        });
        return { role, created: at };
      }),
    revoke: (caller, userId, role) =>
      inTransaction(database, async (tx) => {
        const user = await lockExisting(tx, caller, userId);
        const granted = (await rolesOf(tx, caller.orgId, userId)).find((known) => known.role === role);
        if (granted === undefined) throw apiErrors.notFound(role, 'RoleAssignment');
        if (role === SUPER_ADMIN) await keepOneAdministrator(tx, user);
        await takeRole(tx, caller.orgId, userId, role);
        await record(tx, {
          ...userEvent('user.account.privilege.revoke', caller, user, clock.now()),
          debugData: { privilegeRevoked: ROLES[granted.role] },
        });
      }),
  };
}

async function lockExisting(tx: Executor, { orgId }: Caller, userId: string): Promise<User> {
  const user = await lockUser(tx, orgId, userId);
  if (user === null) throw apiErrors.notFound(userId, 'User');
  return user;
}
