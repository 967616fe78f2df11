/** Somebody guessed at a password too often: it opens nothing until the person, or an administrator, has done something about it. */
import type { Executor } from '../../../database/index.ts';
import { type Caller, record } from '../../../system-log/index.ts';
import { isLastAdministrator } from '../lifecycle/apply.ts';
import { type UserStatus, userTarget } from '../schema.ts';
import { lockUser, updateUser } from '../store.ts';
import { type GroupPort, userEvent } from '../write.ts';

/** Where a guess came from. */
export type GuessedFrom = Pick<Caller, 'orgId' | 'baseUrl' | 'client' | 'requestId'>;

const LOCKED_FROM: readonly UserStatus[] = ['ACTIVE', 'PASSWORD_EXPIRED'];

/**
 * ACTIVE and PASSWORD_EXPIRED become LOCKED_OUT: for people with a password of the hub, and never the last active administrator, to whom
 * guessing must not shut the hub (rulings 8). Sessions are not ended, but wait like the person.
 */
export async function lockOut(
  tx: Executor,
  groups: GroupPort,
  from: GuessedFrom,
  { userId, guesses, at }: { userId: string; guesses: number; at: Date },
): Promise<void> {
  const user = await lockUser(tx, from.orgId, userId);
  if (user === null || !LOCKED_FROM.includes(user.status)) return;
  if (user.provider.type !== 'OKTA' || !user.hasPassword || (await isLastAdministrator(tx, user))) return;
  const after = {
    ...user,
    status: 'LOCKED_OUT' as const,
    statusChanged: at,
    lastUpdated: at,
    version: user.version + 1,
  };
  await updateUser(tx, after);
  const caller = { ...from, actor: userTarget(after) };
  await record(tx, {
    ...userEvent('user.account.lock', caller, after, at),
    outcome: { result: 'FAILURE', reason: 'LOCKED_OUT' },
    debugData: { wrongPasswords: guesses },
  });
  await groups.personChanged(tx, caller, after, at);
}
