/**
 * Links by which a person sets a password: at the first sign-in (`activate`) or after losing one (`reset`). A link works once, until it
 * expires, a newer one of its purpose is made, the password is changed another way, or the person is given a role. It is sent by mail or
 * given to the caller.
 */
import type { Executor } from '../../../database/index.ts';
import type { ClientInfo } from '../../../http/index.ts';
import type { Mail } from '../../../mail/index.ts';
import { after, DAY, HOUR } from '../../../shared/clock.ts';
import { randomSecret } from '../../../shared/ids.ts';
import { sha256 } from '../../../shared/secrets.ts';
import { type EventTypeName, record } from '../../../system-log/index.ts';
import { type PasswordPorts, setPassword } from '../credentials/set-password.ts';
import { displayNameOf, type User, type UserStatus, userTarget } from '../schema.ts';
import { findUser, lockUser } from '../store.ts';
import { userEvent } from '../write.ts';
import { findToken, putToken, takeToken } from './store.ts';

export type LinkPurpose = 'activate' | 'reset';

export interface PasswordLink {
  url: string;
  token: string;
}

const PURPOSES = {
  activate: { path: '/welcome/', lifetime: 7 * DAY, template: 'activation', statuses: ['PROVISIONED', 'ACTIVE'] },
  reset: {
    path: '/signin/reset-password/',
    lifetime: HOUR,
    template: 'password_reset',
    statuses: ['PROVISIONED', 'ACTIVE', 'RECOVERY', 'PASSWORD_EXPIRED', 'LOCKED_OUT'],
  },
} as const satisfies Record<LinkPurpose, { statuses: readonly UserStatus[]; [more: string]: unknown }>;

const ACTIVATE = 'user.lifecycle.activate';
/** The event of becoming active again, where it is another one. */
const BACK_BY: Partial<Record<UserStatus, EventTypeName>> = { LOCKED_OUT: 'user.account.unlock' };

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** Makes a link; with `mail` it is put into the outbox in the same transaction. `language`: a tag, where the person's is known better than by the profile. */
export async function issueLink(
  tx: Executor,
  place: { baseUrl: string },
  user: User,
  how: { purpose: LinkPurpose; at: Date; mail: Pick<Mail, 'send'> | null; language?: string },
): Promise<PasswordLink> {
  const { purpose, at, mail } = how;
  const { path, lifetime, template } = PURPOSES[purpose];
  const token = randomSecret(32);
  const expires = after(at, lifetime);
  const url = place.baseUrl + path + token;
  await putToken(tx, {
    orgId: user.orgId,
    userId: user.id,
    purpose,
    tokenSha256: sha256(token),
    created: at,
    expires,
  });
  if (mail !== null) {
    await mail.send(tx, {
      orgId: user.orgId,
      userId: user.id,
      recipient: String(user.profile.email ?? ''),
      template,
      language: how.language ?? String(user.profile.preferredLanguage ?? user.profile.locale ?? ''),
      values: { name: displayNameOf(user.profile), login: String(user.profile.login ?? ''), url },
      at,
    });
  }
  return { url, token };
}

const usable = (user: User, purpose: LinkPurpose) =>
  user.provider.type === 'OKTA' && (PURPOSES[purpose].statuses as readonly UserStatus[]).includes(user.status);

/** Whom a link belongs to while it can be used; null for anything else. It stays usable: reading a page uses nothing up. */
export async function findLink(
  db: Executor,
  orgId: string,
  token: string,
  at: Date,
): Promise<{ purpose: LinkPurpose; user: User } | null> {
  const found = TOKEN.test(token) ? await findToken(db, orgId, sha256(token), at) : null;
  const user = found === null ? null : await findUser(db, orgId, found.userId);
  return found === null || user === null || !usable(user, found.purpose) ? null : { purpose: found.purpose, user };
}

/** Uses a link up: the person has the password, and is active. Null, and nothing changed, where the link cannot be used (any more). */
export async function redeemLink(
  tx: Executor,
  ports: PasswordPorts,
  input: {
    orgId: string;
    baseUrl: string;
    token: string;
    passwordHash: string;
    at: Date;
    client: ClientInfo;
    requestId: string;
  },
): Promise<User | null> {
  const { orgId, baseUrl, token, at, client, requestId } = input;
  const found = TOKEN.test(token) ? await findToken(tx, orgId, sha256(token), at) : null;
  // The user is locked first, as by everybody who changes passwords: so two uses of one link wait for each other.
  const user = found === null ? null : await lockUser(tx, orgId, found.userId);
  if (found === null || user === null || !usable(user, found.purpose)) return null;
  if (!(await takeToken(tx, orgId, sha256(token)))) return null;
  const caller = { orgId, baseUrl, actor: userTarget(user), client, requestId };
  const changed = await setPassword(tx, ports, caller, user, input);
  const event = userEvent('user.account.update_password', caller, changed, at);
  await record(
    tx,
    { ...event, debugData: { link: found.purpose } },
    ...(changed.status === user.status ? [] : [userEvent(BACK_BY[user.status] ?? ACTIVATE, caller, changed, at)]),
  );
  return changed;
}
