/** What is done to users from outside, each in one transaction with its log event: the write half of the service. */
import { inTransaction } from '../../database/index.ts';
import { type Caller, record } from '../../system-log/index.ts';
import type { CredentialsDeps } from './credentials/service.ts';
import { applyOperation, type LifecyclePorts, type Outcome, removeUser } from './lifecycle/apply.ts';
import type { LifecycleOperation } from './lifecycle/operations.ts';
import { issueLink } from './password-links/links.ts';
import { passwordIn, recoveryIn, storedFrom } from './passwords/given.ts';
import { newPassword } from './passwords/passwords.ts';
import { checkProfile } from './profile.ts';
import type { ChangeBody, CreateBody, User } from './schema.ts';
import type { SourceNames } from './sources/provenance.ts';
import {
  type CreateOptions,
  changeUser,
  newUser,
  type Secrets,
  storeNewUser,
  userEvent,
  type WritePorts,
} from './write.ts';

export interface UsersDeps extends WritePorts, LifecyclePorts, CredentialsDeps {
  mail: CredentialsDeps['mail'];
  /** Ids of active identity providers that are profile sources; from memory. */
  profileSources(orgId: string): Promise<ReadonlySet<string>>;
  /** What identity providers and applications are called; from memory. */
  sourceNames(orgId: string): Promise<SourceNames>;
}

export interface UserChanges {
  create(caller: Caller, body: CreateBody, options: CreateOptions): Promise<User>;
  change(
    caller: Caller,
    idOrLogin: string,
    body: ChangeBody,
    how: { replace: boolean; expectedVersion: number | null },
  ): Promise<User>;
  /** `sendEmail`: a link goes to the person by mail instead of to the caller. */
  lifecycle(
    caller: Caller,
    idOrLogin: string,
    operation: LifecycleOperation,
    how?: { sendEmail?: boolean; revokeSessions?: boolean; expectedVersion?: number | null },
  ): Promise<Outcome & { temporaryPassword: string | null }>;
  /** Deactivates, or deletes who is deactivated already. */
  remove(caller: Caller, idOrLogin: string, expectedVersion: number | null): Promise<'deactivated' | 'deleted'>;
  clearSessions(caller: Caller, idOrLogin: string, options: { oauthTokens: boolean }): Promise<void>;
}

interface Lookup {
  get(orgId: string, idOrLogin: string): Promise<User>;
  idOf(orgId: string, idOrLogin: string): Promise<string>;
}

export function createChanges(deps: UsersDeps, { get, idOf }: Lookup): UserChanges {
  const { database, clock, passwords, schemas } = deps;
  const secretsOf = async (body: ChangeBody | CreateBody): Promise<Secrets> => {
    const [password, recovery] = [passwordIn(body), recoveryIn(body)];
    return {
      passwordHash: await storedFrom(passwords, password),
      recovery:
        recovery === null ? null : { question: recovery.question, answerHash: await passwords.hash(recovery.answer) },
    };
  };
  return {
    async create(caller, body, options) {
      const schema = await schemas.compiledUserSchema(caller.orgId, body.type?.id ?? undefined);
      const checked = checkProfile(schemas, schema, body.profile, 'newUser');
      const user = newUser({ caller, body, options, checked, typeId: schema.ownerId, at: clock.now() });
      const secrets = await secretsOf(body);
      const groupIds = [...new Set(body.groupIds ?? [])];
      await inTransaction(database, async (tx) => {
        // The default type cannot go.
        if (body.type?.id != null) await schemas.holdUserType(tx, caller.orgId, schema.ownerId);
        const held = await schemas.hold(tx, caller.orgId, schema);
        if (held !== schema) Object.assign(user, checkProfile(schemas, held, body.profile, 'newUser'));
        await storeNewUser(tx, deps, { caller, user, secrets, schema: held, groupIds });
        if (user.status === 'PROVISIONED')
          await issueLink(tx, caller, user, { purpose: 'activate', at: user.created, mail: deps.mail });
      });
      return user;
    },
    async change(caller, idOrLogin, body, how) {
      const secrets = await secretsOf(body);
      for (;;) {
        const { id, typeId } = await get(caller.orgId, idOrLogin);
        const schema = await schemas.compiledUserSchema(caller.orgId, typeId);
        const next = body.type?.id == null ? schema : await schemas.compiledUserSchema(caller.orgId, body.type.id);
        const profileSources = await deps.profileSources(caller.orgId);
        const changed = await inTransaction(database, (tx) =>
          changeUser(tx, deps, { caller, id, body, ...how, schema, next, profileSources, secrets, at: clock.now() }),
        );
        if (changed !== 'other-type') return changed;
      }
    },
    async lifecycle(caller, idOrLogin, operation, how = {}) {
      const { sendEmail = true, revokeSessions = false, expectedVersion = null } = how;
      const id = await idOf(caller.orgId, idOrLogin);
      const temporaryPassword = operation === 'expire_password_with_temp_password' ? newPassword() : null;
      const passwordHash = temporaryPassword === null ? null : await passwords.hash(temporaryPassword);
      const input = { caller, id, at: clock.now(), expectedVersion, sendEmail, revokeSessions, passwordHash };
      const outcome = await inTransaction(database, (tx) => applyOperation(tx, deps, operation, input));
      return { ...outcome, temporaryPassword };
    },
    async remove(caller, idOrLogin, expectedVersion) {
      const id = await idOf(caller.orgId, idOrLogin);
      return inTransaction(database, (tx) => removeUser(tx, deps, { caller, id, at: clock.now(), expectedVersion }));
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
  };
}
