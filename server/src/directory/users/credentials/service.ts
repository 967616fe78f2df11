/** What a person, or an administrator for them, does with credentials: change, recover, and the links that set a password (contract §3). */
import { type Database, type Executor, inTransaction } from '../../../database/index.ts';
import { apiErrors, type ClientInfo } from '../../../http/index.ts';
import type { Mail } from '../../../mail/index.ts';
import { after, type Clock, HOUR } from '../../../shared/clock.ts';
import { type Caller, record } from '../../../system-log/index.ts';
import { canonicalEmail } from '../canonical.ts';
import { CREDENTIAL_STATUSES } from '../lifecycle/operations.ts';
import { findLink, issueLink, type LinkPurpose, type PasswordLink, redeemLink } from '../password-links/links.ts';
import { acceptable, canonicalAnswer, recoveryIn } from '../passwords/given.ts';
import type { Passwords } from '../passwords/passwords.ts';
import {
  type ChangePasswordBody,
  type RecoveryCredentialsBody,
  type User,
  type UserStatus,
  userTarget,
} from '../schema.ts';
import { findUserByEmail, findUserByLogin, lockUser, updateUser } from '../store.ts';
import { userEvent } from '../write.ts';
import type { VerifyPassword } from './guesses.ts';
import { type GuessedFrom, lockOut } from './lock-out.ts';
import { type PasswordPorts, setPassword } from './set-password.ts';
import { hashesOf, setRecovery } from './store.ts';

export interface CredentialsDeps extends PasswordPorts {
  database: Database;
  clock: Clock;
  passwords: Passwords;
  mail: Pick<Mail, 'send' | 'sentSince'>;
}

export interface PasswordLinks {
  /** Whom a link belongs to while it can be used. Reading uses nothing up. */
  find(orgId: string, token: string): Promise<{ purpose: LinkPurpose; user: User } | null>;
  /** Sets the password and uses the link up; null, and nothing changed, where it cannot be used (any more). */
  redeem(input: {
    orgId: string;
    baseUrl: string;
    token: string;
    password: string;
    client: ClientInfo;
    requestId: string;
  }): Promise<User | null>;
  /** Mails a link to whoever has that login or address, if anybody may have one. Says nothing about it. */
  request(place: { orgId: string; baseUrl: string }, login: string, language: string): Promise<void>;
}

export interface Credentials {
  changePassword(caller: Caller, id: string, body: ChangePasswordBody): Promise<User>;
  changeRecoveryQuestion(caller: Caller, id: string, body: RecoveryCredentialsBody): Promise<User>;
  /** Null where the link went out by mail. */
  forgotPassword(caller: Caller, id: string, sendEmail: boolean): Promise<PasswordLink | null>;
  resetByRecovery(caller: Caller, id: string, body: RecoveryCredentialsBody): Promise<User>;
  /** A person whose password has expired chooses another one; false where it is the same, null where somebody changed the user meanwhile. */
  renewPassword(input: {
    orgId: string;
    baseUrl: string;
    userId: string;
    version: number;
    password: string;
    client: ClientInfo;
    requestId: string;
  }): Promise<User | false | null>;
  /** After so many wrong passwords in a row that no more of them may be tried. */
  lockOut(from: GuessedFrom, userId: string, guesses: number): Promise<void>;
  links: PasswordLinks;
}

const RESET_BY_MAIL: ReadonlySet<UserStatus> = new Set(['ACTIVE', 'PASSWORD_EXPIRED', 'RECOVERY', 'LOCKED_OUT']);
/** Reset messages that one person gets in an hour at most (security.md §4.5). */
const RESETS_PER_HOUR = 3;

export function createCredentials(deps: CredentialsDeps, verify: VerifyPassword): Credentials {
  const { database, clock, passwords } = deps;

  /** The user, locked, in one of the statuses, with a password that is the given one. */
  async function proven(
    tx: Executor,
    caller: Caller,
    id: string,
    proof: { of: 'passwordHash' | 'answerHash'; value: string; statuses: readonly UserStatus[]; refusal: string },
  ): Promise<User> {
    const user = await lockUser(tx, caller.orgId, id);
    if (user === null) throw apiErrors.notFound(id, 'User');
    if (!proof.statuses.includes(user.status) || user.provider.type !== 'OKTA' || !user.hasPassword)
      throw apiErrors.wrongStatus();
    const hash = (await hashesOf(tx, user))[proof.of];
    const { ok } = await passwords.verify(hash, proof.value);
    if (!ok) throw apiErrors.wrongCredentials(proof.refusal);
    return user;
  }

  return {
    async changePassword(caller, id, { oldPassword, newPassword }) {
      const passwordHash = await passwords.hash(acceptable(newPassword.value));
      const at = clock.now();
      return inTransaction(database, async (tx) => {
        const user = await proven(tx, caller, id, {
          of: 'passwordHash',
          value: oldPassword.value,
          statuses: CREDENTIAL_STATUSES.change_password,
          refusal: 'oldPassword: Old Password is not correct',
        });
        const changed = await setPassword(tx, deps, caller, user, { passwordHash, at });
        await record(tx, userEvent('user.account.update_password', caller, changed, at));
        return changed;
      });
    },
    async changeRecoveryQuestion(caller, id, body) {
      const recovery = recoveryIn({ credentials: body });
      if (recovery === null)
        throw apiErrors.validation('recovery_question', 'recovery_question: The field cannot be left blank');
      const answerHash = await passwords.hash(recovery.answer);
      const at = clock.now();
      return inTransaction(database, async (tx) => {
        const user = await proven(tx, caller, id, {
          of: 'passwordHash',
          value: body.password.value,
          statuses: CREDENTIAL_STATUSES.change_recovery_question,
          refusal: 'password: Password is not correct',
        });
        await setRecovery(tx, user, { question: recovery.question, answerHash });
        const changed = { ...user, recoveryQuestion: recovery.question, lastUpdated: at, version: user.version + 1 };
        await updateUser(tx, changed);
        await record(tx, userEvent('gatehouse.user.recovery_question', caller, changed, at));
        return changed;
      });
    },
    async forgotPassword(caller, id, sendEmail) {
      const at = clock.now();
      return inTransaction(database, async (tx) => {
        const user = await lockUser(tx, caller.orgId, id);
        if (user === null) throw apiErrors.notFound(id, 'User');
        const statuses: readonly UserStatus[] = CREDENTIAL_STATUSES.forgot_password;
        if (!statuses.includes(user.status) || user.provider.type !== 'OKTA') throw apiErrors.wrongStatus();
        const link = await issueLink(tx, caller, user, { purpose: 'reset', at, mail: sendEmail ? deps.mail : null });
        await record(tx, userEvent('gatehouse.user.password_link', caller, user, at));
        return sendEmail ? null : link;
      });
    },
    async resetByRecovery(caller, id, body) {
      const passwordHash = await passwords.hash(acceptable(body.password.value));
      const at = clock.now();
      return inTransaction(database, async (tx) => {
        const user = await proven(tx, caller, id, {
          of: 'answerHash',
          value: canonicalAnswer(body.recovery_question.answer ?? ''),
          statuses: CREDENTIAL_STATUSES.change_recovery_question,
          refusal: 'recovery_question: The credentials provided were incorrect.',
        });
        const changed = await setPassword(tx, deps, caller, user, { passwordHash, at });
        await record(tx, userEvent('user.account.update_password', caller, changed, at));
        return changed;
      });
    },
    lockOut: (from, userId, guesses) =>
      inTransaction(database, (tx) => lockOut(tx, deps.groups, from, { userId, guesses, at: clock.now() })),
    renewPassword: (input) => renewPassword(deps, verify, input),
    links: passwordLinks(deps),
  };
}

async function renewPassword(
  deps: CredentialsDeps,
  verify: VerifyPassword,
  input: Parameters<Credentials['renewPassword']>[0],
): Promise<User | false | null> {
  const { orgId, baseUrl, userId, version, password, client, requestId } = input;
  const current = await hashesOf(deps.database, { orgId, id: userId });
  if ((await verify(current.passwordHash, password, null)).ok) return false;
  const passwordHash = await deps.passwords.hash(acceptable(password));
  const at = deps.clock.now();
  return inTransaction(deps.database, async (tx) => {
    const user = await lockUser(tx, orgId, userId);
    if (user?.version !== version || user.status !== 'PASSWORD_EXPIRED') return null;
    const caller = { orgId, baseUrl, actor: userTarget(user), client, requestId };
    const changed = await setPassword(tx, deps, caller, user, { passwordHash, at });
    const event = userEvent('user.account.update_password', caller, changed, at);
    await record(tx, { ...event, debugData: { why: 'expired' } });
    return changed;
  });
}

function passwordLinks(deps: CredentialsDeps): PasswordLinks {
  const { database, clock, passwords, mail } = deps;
  return {
    find: (orgId, token) => findLink(database, orgId, token, clock.now()),
    async redeem({ password, ...input }) {
      const passwordHash = await passwords.hash(acceptable(password));
      return inTransaction(database, (tx) => redeemLink(tx, deps, { ...input, passwordHash, at: clock.now() }));
    },
    async request({ orgId, baseUrl }, login, language) {
      const key = canonicalEmail(login);
      if (!key.ok) return;
      const at = clock.now();
      await inTransaction(database, async (tx) => {
        const found = (await findUserByLogin(tx, orgId, key.value)) ?? (await findUserByEmail(tx, orgId, key.value));
        const user = found === null ? null : await lockUser(tx, orgId, found.id);
        const purpose = user === null ? null : purposeFor(user);
        if (user === null || purpose === null) return;
        if ((await mail.sentSince(tx, orgId, user.id, after(at, -HOUR))) >= RESETS_PER_HOUR) return;
        await issueLink(tx, { baseUrl }, user, { purpose, at, mail, language });
        await record(tx, { orgId, type: 'gatehouse.user.password_link', at, targets: [userTarget(user)] });
      });
    },
  };
}

/** Which link a person may ask for: one who never signed in the welcome, one with a password the reset, others none. */
function purposeFor({ status, provider }: User): LinkPurpose | null {
  if (provider.type !== 'OKTA') return null;
  if (status === 'PROVISIONED') return 'activate';
  return RESET_BY_MAIL.has(status) ? 'reset' : null;
}
