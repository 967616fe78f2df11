/** Giving and taking back what rules give, for many people at once, with the assignments and events that follow. */
import type { Executor } from '../../../database/index.ts';
import { type Caller, type EventInput, type LogTarget, record } from '../../../system-log/index.ts';
import type { AssignmentPort } from '../members.ts';
import { groupTarget } from '../schema.ts';
import { shareGroups } from '../store.ts';
import { deleteGifts, type Gift, insertGifts, type Pair, touchGroups } from './store.ts';

export interface GiftChange {
  give: readonly Gift[];
  withdraw: readonly Gift[];
}

/** On whose occasion: the request whose change made the rules be evaluated; nothing for a job. */
export type Occasion = Pick<Caller, 'orgId'> & Partial<Pick<Caller, 'client' | 'requestId'>>;

export interface GiftContext {
  occasion: Occasion;
  at: Date;
  /** Of every rule and person that the change names. */
  ruleNames: ReadonlyMap<string, string>;
  people: ReadonlyMap<string, LogTarget>;
}

/** First what is given, then what is taken back, so that a membership that goes from one rule to another stays. */
export async function applyGifts(
  tx: Executor,
  assignments: AssignmentPort,
  { give, withdraw }: GiftChange,
  context: GiftContext,
): Promise<void> {
  if (give.length === 0 && withdraw.length === 0) return;
  const { orgId } = context.occasion;
  const groupIds = [...new Set([...give, ...withdraw].map((gift) => gift.groupId))].sort();
  const groups = new Map((await shareGroups(tx, orgId, groupIds)).map((group) => [group.id, group]));
  const joined = give.length === 0 ? [] : await insertGifts(tx, orgId, give, context.at);
  const left = withdraw.length === 0 ? [] : await deleteGifts(tx, orgId, withdraw);
  const changed = [...new Set([...joined, ...left].map((pair) => pair.groupId))];
  if (changed.length === 0) return;
  await touchGroups(tx, orgId, changed, context.at);
  const events: EventInput[] = [];
  const changes: { groupId: string; userIds: string[]; added: boolean }[] = [];
  for (const [pairs, gifts, added] of [
    [joined, give, true],
    [left, withdraw, false],
  ] as const) {
    for (const [groupId, of] of Map.groupBy(pairs, (pair) => pair.groupId)) {
      const group = groups.get(groupId);
      if (group === undefined) continue;
      changes.push({ groupId, userIds: of.map(({ userId }) => userId), added });
      const target = groupTarget(group);
      events.push(...of.map((pair) => membershipEvent(pair, target, gifts, added, context)));
    }
  }
  await record(tx, ...events, ...(await assignments.membershipsChanged(tx, orgId, { changes, at: context.at })));
}

function membershipEvent(
  pair: Pair,
  group: LogTarget,
  gifts: readonly Gift[],
  added: boolean,
  { occasion, at, ruleNames, people }: GiftContext,
): EventInput {
  const { userId, groupId } = pair;
  const ruleIds = gifts.filter((gift) => gift.userId === userId && gift.groupId === groupId).map((gift) => gift.ruleId);
  const person = people.get(userId) ?? { id: userId, type: 'User', alternateId: userId, displayName: userId };
  return {
    orgId: occasion.orgId,
    client: occasion.client,
    requestId: occasion.requestId,
    type: added ? 'group.user_membership.add' : 'group.user_membership.remove',
    at,
    targets: [person, group],
    debugData: { groupRule: ruleIds.map((id) => ruleNames.get(id) ?? id).join(', '), groupRuleIds: ruleIds.join(',') },
  };
}
