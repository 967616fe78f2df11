/** Membership: who may be put where, in the transaction that also moves the assignments that follow from it (rulings 35). */
import type { Executor } from '../../database/index.ts';
import { apiErrors } from '../../http/index.ts';
import { type Caller, doneBy, type EventInput, type LogTarget, record } from '../../system-log/index.ts';
import { deleteGiftsOf, giversOf, makeDirect } from './gifts/store.ts';
import { type Group, groupTarget } from './schema.ts';
import { deleteMember, insertMember, shareGroups } from './store.ts';

/** Applications keep the assignments that come of groups. */
export interface AssignmentPort {
  /** Members came or left; returns the events that the change of assignments makes. */
  membershipsChanged(
    tx: Executor,
    orgId: string,
    change: { changes: readonly { groupId: string; userIds: string[]; added: boolean }[]; at: Date },
  ): Promise<EventInput[]>;
  /** First in the transaction that deletes a group: it and those who share its applications are held, in the order of ids. */
  beforeGroupRemoved(tx: Executor, orgId: string, groupId: string): Promise<void>;
  /** The group is about to go: its assignments and everything that came of them end. */
  groupRemoved(tx: Executor, orgId: string, groupId: string, at: Date): Promise<EventInput[]>;
}

/** Group rules: they look at memberships, and give them. */
export interface RulePort {
  /**
   * First in the transaction that changes memberships of these people: their rows are held, so that nothing else changes theirs meanwhile.
   * Everybody takes locks in this order: people by their ids, the rules, groups by their ids; then applications and providers, and the
   * version of the configuration last.
   */
  beforeChange(tx: Executor, orgId: string, userIds: readonly string[]): Promise<void>;
  /** Memberships were changed by hand. */
  membershipsChanged(tx: Executor, caller: Caller, userIds: readonly string[], at: Date): Promise<void>;
  /** Somebody was taken out of a group by hand although these rules put them there: they are excepted from the rules. */
  except(tx: Executor, caller: Caller, userId: string, ruleIds: readonly string[], at: Date): Promise<void>;
  /** First in the transaction that changes or deletes a group, before its row is held. */
  beforeGroupChange(tx: Executor, orgId: string): Promise<void>;
  /** Last there: the group has another name, or is gone. */
  groupChanged(tx: Executor, caller: Caller, group: { id: string; name: string }): Promise<void>;
  /** Names of rules. */
  names(db: Executor, orgId: string, ids: readonly string[]): Promise<Map<string, string>>;
}

/** A user as far as membership needs one. */
export interface Member {
  id: string;
  target: LogTarget;
}

const CLOSED: Readonly<Partial<Record<Group['type'], string>>> = {
  BUILT_IN: 'The members of this group are all people of the org.',
  APP_GROUP: 'The members of this group come from an application.',
};

/** Throws E0000006 for a group whose members are not chosen here. */
function requireOpen(group: Group): void {
  const reason = CLOSED[group.type];
  if (reason !== undefined) throw apiErrors.forbidden(reason);
}

interface Change {
  caller: Caller;
  groupId: string;
  member: Member;
  added: boolean;
  at: Date;
}

export interface MembershipPorts {
  members: {
    /** Keeps a user from being deleted until the transaction ends; false where there is none. */
    hold(tx: Executor, orgId: string, id: string): Promise<boolean>;
  };
  assignments: AssignmentPort;
  rules: RulePort;
}

/**
 * Adds or removes one member by hand; nothing happens when it is so already. A membership that a rule gave becomes one set by hand when
 * it is set again; taken away by hand, it stays away: the person is excepted from the rules that gave it. Throws E0000007.
 */
export async function changeMembership(tx: Executor, ports: MembershipPorts, change: Change): Promise<void> {
  const { caller, groupId, member, added, at } = change;
  await ports.rules.beforeChange(tx, caller.orgId, [member.id]);
  if (!(await ports.members.hold(tx, caller.orgId, member.id))) throw apiErrors.notFound(member.id, 'User');
  const [group] = await shareGroups(tx, caller.orgId, [groupId]);
  if (group === undefined) throw apiErrors.notFound(groupId, 'UserGroup');
  requireOpen(group);
  const givers = added ? [] : await giversOf(tx, caller.orgId, member.id, groupId);
  if (givers.length > 0) await deleteGiftsOf(tx, caller.orgId, { userId: member.id, groupId });
  const changed = await apply(tx, ports.assignments, group, change);
  if (added && !changed) await makeDirect(tx, caller.orgId, member.id, groupId);
  if (givers.length > 0) await ports.rules.except(tx, caller, member.id, givers, at);
  if (changed) await ports.rules.membershipsChanged(tx, caller, [member.id], at);
}

/** A new user's first groups. Throws E0000001 for one that does not exist, E0000006 for one that is closed. */
export async function joinGroups(
  tx: Executor,
  assignments: AssignmentPort,
  { caller, member, groupIds, at }: { caller: Caller; member: Member; groupIds: readonly string[]; at: Date },
): Promise<void> {
  const groups = await shareGroups(tx, caller.orgId, groupIds);
  const missing = groupIds.find((id) => !groups.some((group) => group.id === id));
  if (missing !== undefined) throw apiErrors.validation('groupIds', `groupIds: the group "${missing}" does not exist`);
  for (const group of groups) {
    if (group.type === 'BUILT_IN') continue;
    requireOpen(group);
    await apply(tx, assignments, group, { caller, groupId: group.id, member, added: true, at });
  }
}

async function apply(
  tx: Executor,
  assignments: AssignmentPort,
  group: Group,
  { caller, member, added, at }: Change,
): Promise<boolean> {
  const changed = added ? await insertMember(tx, group, member.id, at) : await deleteMember(tx, group, member.id, at);
  if (!changed) return false;
  const changes = [{ groupId: group.id, userIds: [member.id], added }];
  const followed = await assignments.membershipsChanged(tx, caller.orgId, { changes, at });
  const type = added ? 'group.user_membership.add' : 'group.user_membership.remove';
  const targets = [member.target, groupTarget(group)];
  await record(tx, doneBy(caller, { type, at, targets }), ...followed);
  return true;
}
