/** The first administrator and the recovery of one who lost the password: what the start and a command do, not the API. */
import type { Executor } from '../../database/index.ts';
import { SUPER_ADMIN } from '../../http/index.ts';
import { newId } from '../../shared/ids.ts';
import { PRODUCT } from '../../shared/product.ts';
import { record, SYSTEM_ACTOR } from '../../system-log/index.ts';
import { canonicalEmail } from './canonical.ts';
import { type User, userTarget } from './schema.ts';
import { defaultTypeId, findUserByLogin, grantRole, insertUser, setPasswordHash, updateUser } from './store.ts';
import { type AccessPort, writeFirstValues } from './write.ts';

interface Administrator {
  email: string;
  /** PHC string. */
  passwordHash: string;
  at: Date;
}

/** A super administrator with this login: created, or the existing user given the role. The default user type must exist. */
export async function ensureAdministrator(
  tx: Executor,
  orgId: string,
  { email, passwordHash, at }: Administrator,
): Promise<{ id: string; created: boolean }> {
  const key = canonicalEmail(email);
  if (!key.ok)
    throw new Error(`GATEHOUSE_ADMIN_EMAIL "${email}" is not an e-mail address: set one such as admin@example.com.`);
  const existing = await findUserByLogin(tx, orgId, key.value);
  if (existing !== null) {
    await grantRole(tx, orgId, existing.id, SUPER_ADMIN, at);
    return { id: existing.id, created: false };
  }
  const typeId = await defaultTypeId(tx, orgId);
  if (typeId === null) throw new Error('The default user type must be created before the first administrator.');
  const profile = { login: email, email, firstName: PRODUCT, lastName: 'Administrator' };
  const user: User = {
    id: newId('user', at),
    orgId,
    typeId,
    status: 'ACTIVE',
    loginKey: key.value,
    emailKey: key.value,
    emailVerified: false,
    profile,
    provider: { type: 'OKTA', name: 'OKTA' },
    hasPassword: true,
    recoveryQuestion: null,
    created: at,
    createdBy: SYSTEM_ACTOR.id,
    activated: at,
    statusChanged: at,
    lastLogin: null,
    lastUpdated: at,
    passwordChanged: at,
    version: 1,
  };
  await insertUser(tx, user, passwordHash);
  await writeFirstValues(tx, user, { at: at.toISOString(), by: SYSTEM_ACTOR.id });
  await grantRole(tx, orgId, user.id, SUPER_ADMIN, at);
  const event = { orgId, at, targets: [userTarget(user)] };
  await record(
    tx,
    { ...event, type: 'user.lifecycle.create' },
    { ...event, type: 'user.lifecycle.activate' },
    { ...event, type: 'user.account.privilege.grant', debugData: { role: SUPER_ADMIN } },
  );
  return { id: user.id, created: true };
}

/** Gives an administrator a new password and makes the account usable; false when nobody has that login. Sessions and grants end. */
export async function resetAdministratorPassword(
  tx: Executor,
  access: AccessPort,
  orgId: string,
  { email, passwordHash, at }: Administrator,
): Promise<boolean> {
  const key = canonicalEmail(email);
  const user = key.ok ? await findUserByLogin(tx, orgId, key.value) : null;
  if (user === null) return false;
  await setPasswordHash(tx, user, passwordHash, at);
  await updateUser(tx, {
    ...user,
    status: 'ACTIVE',
    statusChanged: at,
    activated: user.activated ?? at,
    lastUpdated: at,
  });
  await grantRole(tx, orgId, user.id, SUPER_ADMIN, at);
  await access.endSessions(tx, orgId, user.id, at);
  await access.revokeGrants(tx, orgId, user.id, at);
  await access.forgetGuesses(tx, user, at);
  await record(tx, { orgId, type: 'user.account.update_password', at, targets: [userTarget(user)] });
  return true;
}
