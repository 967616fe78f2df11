/**
 * How memberships become assignments: a group's members get rows of scope GROUP in the transaction that assigns the group or adds the
 * member, and lose them when no assigned group holds them any more (rulings 35).
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
  at: Date;
}

/** Whose assignment changed at which application. */
export interface AssignmentChange {
  appId: string;
  userIds: string[];
}

export async function applyMembership(
  tx: Executor,
  ports: ApplicationPorts,
  orgId: string,
  change: MembershipChange,
): Promise<AssignmentChange[]> {
  if (change.userIds.length === 0) return [];
  await store.lockGroup(tx, orgId, change.groupId);
  const appIds = await store.appsOfGroup(tx, orgId, change.groupId);
  if (appIds.length === 0) return [];
  const changes: AssignmentChange[] = [];
  const memberships = change.added ? [] : await ports.groups.memberships(tx, orgId, change.userIds);
  const assigned = change.added ? new Map<string, string[]>() : await store.groupsByApp(tx, orgId);
  for (const appId of appIds) {
    if (change.added) {
      changes.push({ appId, userIds: await store.addGroupScope(tx, orgId, appId, change.userIds, change.at) });
      continue;
    }
    const groups = new Set(assigned.get(appId));
    const held = new Set(
      memberships.filter((membership) => groups.has(membership.groupId)).map((membership) => membership.userId),
    );
    const leaving = change.userIds.filter((id) => !held.has(id));
    changes.push({ appId, userIds: await store.removeGroupScope(tx, orgId, appId, leaving) });
  }
  return changes.filter(({ userIds }) => userIds.length > 0);
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
