/**
 * How memberships become assignments: a group's members get rows of scope GROUP in the transaction that assigns the group or adds the
 * member, and lose them when no assigned group holds them any more (rulings 35).
 *
 * Whether another one holds them is decided on what no other transaction changes meanwhile. Who changes memberships holds the people (two
 * changes of one person's wait for each other) and shares the rows of the groups. Who changes which groups an application has is alone in
 * that, and holds the rows of all groups of the application: of none of them anybody is a member more or less until the transaction ends.
 */
import type { Executor } from '../../database/index.ts';
import type { EventInput, LogTarget } from '../../system-log/index.ts';
import type { ApplicationPorts } from '../ports.ts';
import * as store from './store.ts';

export interface MembershipChange {
  groupId: string;
  userIds: readonly string[];
  /** False: they left. The membership rows have changed already. */
  added: boolean;
}

/** Whose assignment changed at which application. */
export interface AssignmentChange {
  appId: string;
  userIds: string[];
  added: boolean;
}

/** First in the transaction that assigns these groups to an application, takes them away, or deletes it. */
export async function holdGroupsOfApp(
  tx: Executor,
  { groups }: ApplicationPorts,
  orgId: string,
  appId: string,
  more: readonly string[] = [],
): Promise<void> {
  await store.lockAssignments(tx, orgId, 'alone');
  await groups.hold(tx, orgId, [...(await store.groupsOfApp(tx, orgId, appId)), ...more]);
}

/** First in the transaction that deletes a group. */
export async function holdGroupsBeside(
  tx: Executor,
  { groups }: ApplicationPorts,
  orgId: string,
  groupId: string,
): Promise<void> {
  await store.lockAssignments(tx, orgId, 'alone');
  await groups.hold(tx, orgId, [groupId, ...(await store.groupsBeside(tx, orgId, groupId))]);
}

/** The people and the groups are held already. Who came is dealt with before who left, so that somebody who goes from one assigned group to another stays assigned. */
export async function applyMemberships(
  tx: Executor,
  ports: ApplicationPorts,
  orgId: string,
  { changes, at }: { changes: readonly MembershipChange[]; at: Date },
): Promise<AssignmentChange[]> {
  const groupIds = [...new Set(changes.flatMap(({ groupId, userIds }) => (userIds.length > 0 ? [groupId] : [])))];
  if (groupIds.length === 0) return [];
  const groupsOf = Map.groupBy(await store.appsOfGroups(tx, orgId, groupIds), ({ appId }) => appId);
  const concerned = (added: boolean) =>
    [...groupsOf].flatMap(([appId, of]) => {
      const here = new Set(of.map(({ groupId }) => groupId));
      const moved = changes.filter((change) => change.added === added && here.has(change.groupId));
      const userIds = [...new Set(moved.flatMap((change) => change.userIds))];
      return userIds.length === 0 ? [] : [{ appId, userIds, added }];
    });
  const done: AssignmentChange[] = [];
  for (const { appId, userIds } of concerned(true))
    done.push({ appId, added: true, userIds: await store.addGroupScope(tx, orgId, appId, userIds, at) });
  done.push(...(await leave(tx, ports, orgId, concerned(false))));
  return done.filter(({ userIds }) => userIds.length > 0);
}

/** Those whom no other assigned group holds lose their assignment. */
async function leave(
  tx: Executor,
  ports: ApplicationPorts,
  orgId: string,
  leaving: readonly AssignmentChange[],
): Promise<AssignmentChange[]> {
  if (leaving.length === 0) return [];
  const everybody = [...new Set(leaving.flatMap(({ userIds }) => userIds))];
  const memberships = await ports.groups.memberships(tx, orgId, everybody);
  const assigned = await store.groupsByApp(tx, orgId);
  const done: AssignmentChange[] = [];
  for (const change of leaving) {
    const groups = new Set(assigned.get(change.appId));
    const held = new Set(memberships.flatMap(({ groupId, userId }) => (groups.has(groupId) ? [userId] : [])));
    const userIds = change.userIds.filter((id) => !held.has(id));
    done.push({ ...change, userIds: await store.removeGroupScope(tx, orgId, change.appId, userIds) });
  }
  return done;
}

/** A group is assigned: its members follow. Returns who was not assigned before. */
export async function joinGroup(
  tx: Executor,
  ports: ApplicationPorts,
  orgId: string,
  appId: string,
  groupId: string,
  at: Date,
): Promise<string[]> {
  return store.addGroupScope(tx, orgId, appId, await ports.groups.memberIds(tx, orgId, [groupId]), at);
}

/** A group is no longer assigned (its row is gone): those whom no other assigned group holds leave. Returns them. */
export async function leaveGroup(
  tx: Executor,
  ports: ApplicationPorts,
  orgId: string,
  appId: string,
  groupId: string,
): Promise<string[]> {
  const others = (await store.groupsByApp(tx, orgId)).get(appId) ?? [];
  const held = new Set(others.length === 0 ? [] : await ports.groups.memberIds(tx, orgId, others));
  const members = await ports.groups.memberIds(tx, orgId, [groupId]);
  return store.removeGroupScope(
    tx,
    orgId,
    appId,
    members.filter((id) => !held.has(id)),
  );
}

export interface AssignmentFacts {
  orgId: string;
  at: Date;
  app: LogTarget;
  people: readonly LogTarget[];
}

/** One event per person (contract §15). */
export function assignmentEvents(
  type: 'application.user_membership.add' | 'application.user_membership.remove',
  facts: AssignmentFacts,
): EventInput[] {
  return facts.people.map((person) => ({
    orgId: facts.orgId,
    type,
    at: facts.at,
    targets: [{ ...person, type: 'AppUser' }, facts.app, person],
    subjectId: person.id,
  }));
}
