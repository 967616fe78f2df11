/** Groups of an application (contract §8.2). Each change in one transaction with its log events. */
import { type Executor, inTransaction } from '../../database/index.ts';
import { apiErrors, type Page, pageOf, requireVersion } from '../../http/index.ts';
import { type Caller, type EventInput, type LogTarget, record } from '../../system-log/index.ts';
import { type CompiledApplication, known } from '../compile.ts';
import { applicationTarget, type Versioned } from '../service.ts';
import {
  type AppGroupBody,
  type AssignmentDeps,
  appOf,
  movementEvents,
  type PageRequest,
  safeProfile,
  stated,
} from './context.ts';
import { holdGroupsOfApp, joinGroup, leaveGroup } from './membership.ts';
import { type GroupPatch, type GroupSettings, patched } from './patch.ts';
import { checkProfileChange } from './profile.ts';
import * as store from './store.ts';
import { type AppGroupWire, appGroupToWire } from './wire.ts';

/** An assignment, and the version at which it is expected; null: at any, or not there yet. */
export interface OneGroup {
  appId: string;
  groupId: string;
  expectedVersion: number | null;
}

export interface GroupAssignments {
  listGroups(caller: Caller, appId: string, page: PageRequest): Promise<Page<AppGroupWire>>;
  getGroup(caller: Caller, appId: string, groupId: string): Promise<Versioned<AppGroupWire>>;
  /** What the body names replaces what was there. */
  assignGroup(caller: Caller, which: OneGroup, body: AppGroupBody): Promise<Versioned<AppGroupWire>>;
  /** Throws E0000007 for a group that is not assigned. */
  patchGroup(caller: Caller, which: OneGroup, patch: GroupPatch): Promise<Versioned<AppGroupWire>>;
  unassignGroup(caller: Caller, which: OneGroup): Promise<void>;
}

const unassigned = (groupId: string) => apiErrors.notFound(groupId, 'ApplicationGroupAssignment');

export function groupAssignments(deps: AssignmentDeps): GroupAssignments {
  const { database, clock, ports, configuration, applications } = deps;
  const eventOf = (
    type: 'add' | 'remove' | 'update',
    app: CompiledApplication,
    group: LogTarget,
    orgId: string,
  ): EventInput => ({
    orgId,
    type: `group.application_assignment.${type}`,
    at: clock.now(),
    targets: [group, applicationTarget(app)],
  });
  const existing = async (db: Executor, orgId: string, appId: string, groupId: string) => {
    const group = await store.findGroup(db, orgId, appId, groupId);
    if (group === null) throw unassigned(groupId);
    return group;
  };
  const targetOf = async (db: Executor, orgId: string, id: string): Promise<LogTarget> => {
    const name = (await ports.groups.names(db, orgId, [id])).get(id);
    if (name === undefined) throw apiErrors.notFound(id, 'UserGroup');
    return { id, type: 'UserGroup', alternateId: 'unknown', displayName: name };
  };
  /** Makes the assignment or changes it; its people come with it. */
  async function setGroup(
    caller: Caller,
    { appId, groupId, expectedVersion }: OneGroup,
    settings: (present: store.AppGroup | null) => GroupSettings,
  ): Promise<Versioned<AppGroupWire>> {
    const { orgId } = caller;
    const app = await appOf(applications, orgId, appId);
    const everyone = await ports.everyoneGroupId(orgId);
    return inTransaction(database, async (tx) => {
      await holdGroupsOfApp(tx, ports, orgId, appId, [groupId]);
      await applications.hold(tx, orgId, appId);
      const target = await targetOf(tx, orgId, groupId);
      const present = await store.findGroup(tx, orgId, appId, groupId);
      requireVersion(expectedVersion, present ?? { version: 0 });
      const at = clock.now();
      const version = (present?.version ?? 0) + 1;
      const kept = present === null ? null : { ...present, profile: known(present.profile, app.schema) };
      const group: store.AppGroup = { groupId, ...settings(kept), lastUpdated: at, version };
      checkProfileChange(ports.schemas, app, {
        ...{ before: kept?.profile ?? {}, after: group.profile },
        ...{ required: 'none', object: 'appGroup' },
      });
      await store.upsertGroup(tx, orgId, appId, group);
      const userIds =
        present === null && groupId !== everyone ? await joinGroup(tx, ports, orgId, appId, groupId, at) : [];
      await configuration.changed(tx, orgId);
      const people = await movementEvents(tx, ports, { orgId, at, app, userIds, added: true });
      await record(
        tx,
        ...stated(caller, [eventOf(present === null ? 'add' : 'update', app, target, orgId), ...people]),
      );
      return { version, body: appGroupToWire(app, group, caller.baseUrl) };
    });
  }
  return {
    async listGroups({ orgId, baseUrl }, appId, { after, limit }) {
      const app = await appOf(applications, orgId, appId);
      const page = pageOf(
        await store.listGroups(database, orgId, appId, { after, rows: limit + 1 }),
        limit,
        (group) => group.groupId,
      );
      return { items: page.items.map((group) => appGroupToWire(app, group, baseUrl)), after: page.after };
    },
    async getGroup({ orgId, baseUrl }, appId, groupId) {
      const app = await appOf(applications, orgId, appId);
      const group = await existing(database, orgId, appId, groupId);
      return { version: group.version, body: appGroupToWire(app, group, baseUrl) };
    },
    assignGroup: (caller, which, { priority, profile }) =>
      setGroup(caller, which, (present) => ({
        priority: priority ?? present?.priority ?? 0,
        profile: profile ? safeProfile(profile) : (present?.profile ?? {}),
      })),
    patchGroup: (caller, which, patch) =>
      setGroup(caller, which, (present) => {
        if (present === null) throw unassigned(which.groupId);
        return patched(present, patch);
      }),
    async unassignGroup(caller, { appId, groupId, expectedVersion }) {
      const { orgId } = caller;
      const app = await appOf(applications, orgId, appId);
      await inTransaction(database, async (tx) => {
        await holdGroupsOfApp(tx, ports, orgId, appId);
        await applications.hold(tx, orgId, appId);
        requireVersion(expectedVersion, await existing(tx, orgId, appId, groupId));
        const target = await targetOf(tx, orgId, groupId);
        await store.deleteGroup(tx, orgId, appId, groupId);
        const userIds = await leaveGroup(tx, ports, orgId, appId, groupId);
        await configuration.changed(tx, orgId);
        const people = await movementEvents(tx, ports, { orgId, at: clock.now(), app, userIds, added: false });
        await record(tx, ...stated(caller, [eventOf('remove', app, target, orgId), ...people]));
      });
    },
  };
}
