/** Who may use an application: directly, through a group, or because everybody may; and what follows from memberships. */
import type { Executor } from '../../database/index.ts';
import type { EventInput } from '../../system-log/index.ts';
import type { CompiledApplication } from '../compile.ts';
import { labelsOf } from '../store.ts';
import { type AssignmentDeps, movementEvents } from './context.ts';
import { type GroupAssignments, groupAssignments } from './groups.ts';
import { applyMemberships, holdGroupsBeside, leaveGroup, type MembershipChange } from './membership.ts';
import * as store from './store.ts';
import { type UserAssignments, userAssignments } from './users.ts';

export interface Assignments extends UserAssignments, GroupAssignments {
  /** Whether a user may use an application: directly, through a group, or because everybody may. */
  isAssigned(db: Executor, orgId: string, appId: string, userId: string): Promise<boolean>;
  /** Active applications that a user is assigned to. */
  ofUser(db: Executor, orgId: string, userId: string): Promise<CompiledApplication[]>;
  appsOfGroup(orgId: string, groupId: string): Promise<string[]>;
  /** Called in the transaction that changes memberships, after their rows; the events are to be recorded there. */
  membershipsChanged(
    tx: Executor,
    orgId: string,
    change: { changes: readonly MembershipChange[]; at: Date },
  ): Promise<EventInput[]>;
  forgetUser(tx: Executor, orgId: string, userId: string): Promise<void>;
  beforeGroupRemoved(tx: Executor, orgId: string, groupId: string): Promise<void>;
  groupRemoved(tx: Executor, orgId: string, groupId: string, at: Date): Promise<EventInput[]>;
}

export function createAssignments(deps: AssignmentDeps): Assignments {
  const { database, ports, applications, configuration } = deps;
  return {
    ...userAssignments(deps),
    ...groupAssignments(deps),
    async isAssigned(db, orgId, appId, userId) {
      const app = await applications.byId(orgId, appId);
      return app !== null && (app.assignedToEveryone || (await store.isUserAssigned(db, orgId, appId, userId)));
    },
    async ofUser(db, orgId, userId) {
      const own = new Set(await store.appsOfUser(db, orgId, userId));
      return (await applications.list(orgId)).filter(
        (app) => app.status === 'ACTIVE' && (app.assignedToEveryone || own.has(app.id)),
      );
    },
    appsOfGroup: (orgId, groupId) => store.appsOfGroup(database, orgId, groupId),
    async membershipsChanged(tx, orgId, { changes: memberships, at }) {
      const events: EventInput[] = [];
      const changes = await applyMemberships(tx, ports, orgId, { changes: memberships, at });
      const labels = await labelsOf(
        tx,
        orgId,
        changes.map(({ appId }) => appId),
      );
      for (const { appId, userIds, added } of changes) {
        const app = { id: appId, label: labels.get(appId) ?? appId };
        events.push(...(await movementEvents(tx, ports, { orgId, at, app, userIds, added })));
      }
      return events;
    },
    forgetUser: (tx, orgId, userId) => store.forgetUser(tx, orgId, userId),
    beforeGroupRemoved: (tx, orgId, groupId) => holdGroupsBeside(tx, ports, orgId, groupId),
    async groupRemoved(tx, orgId, groupId, at) {
      const appIds = await store.appsOfGroup(tx, orgId, groupId);
      const labels = await labelsOf(tx, orgId, appIds);
      const events: EventInput[] = [];
      for (const appId of appIds) {
        await store.deleteGroup(tx, orgId, appId, groupId);
        const userIds = await leaveGroup(tx, ports, orgId, appId, groupId);
        events.push(
          ...(await movementEvents(tx, ports, {
            orgId,
            at,
            app: { id: appId, label: labels.get(appId) ?? appId },
            userIds,
            added: false,
          })),
        );
      }
      if (appIds.length > 0) await configuration.changed(tx, orgId);
      return events;
    },
  };
}
