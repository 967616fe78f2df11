/** The module's factory: applications with their assignments, as the rest of the house uses them. */
import type { Executor } from '../database/index.ts';
import { ApiError, apiErrors, type Page } from '../http/index.ts';
import type { Caller } from '../system-log/index.ts';
import { type Assignments, createAssignments } from './assignments/service.ts';
import { groupsByApp } from './assignments/store.ts';
import type { AppUserWire } from './assignments/wire.ts';
import type { CompiledApplication } from './compile.ts';
import type { ListFilter } from './list-filter.ts';
import { type ApplicationService, type ApplicationsDeps, createApplicationService } from './service.ts';
import { type ApplicationWire, launchPath } from './wire.ts';

export interface Listing {
  q?: string;
  after?: string;
  limit: number;
  filter: ListFilter;
  /** `user/{id}`: each application with what it says of that person. */
  expand?: string;
}

/** An application, where asked for with its assignment of one person. */
export type ListedApplication = ApplicationWire & { _embedded?: { user: AppUserWire } };

/** A tile of the dashboard (`/api/v1/users/{id}/appLinks`). */
export interface AppLink {
  id: string;
  label: string;
  linkUrl: string;
  logoUrl: string | null;
  appName: string;
  appInstanceId: string;
  appAssignmentId: string;
  credentialsSetup: boolean;
  hidden: boolean;
  sortOrder: number;
}

export interface Applications extends ApplicationService {
  assignments: Assignments;
  isAssigned: Assignments['isAssigned'];
  membershipsChanged: Assignments['membershipsChanged'];
  /** Throws E0000001 for an expansion that there is not. */
  listed(caller: Caller, listing: Listing): Promise<Page<ListedApplication>>;
  /** The applications that a group is assigned to (`/api/v1/groups/{id}/apps`). */
  ofGroup(
    place: Pick<Caller, 'orgId' | 'baseUrl'>,
    groupId: string,
    page: { after?: string; limit: number },
  ): Promise<Page<ApplicationWire>>;
  /** How many applications each of the groups is assigned to: one walk through the applications in memory, however many groups. */
  countsOfGroups(orgId: string, groupIds: readonly string[]): Promise<Map<string, number>>;
  /** The visible applications that a user may open, by label. Throws E0000007. */
  appLinks(orgId: string, baseUrl: string, userId: string): Promise<AppLink[]>;
  /** Where a sign-in at an active application is begun from outside (OpenID Connect Core §4); null where that is not possible. */
  launchUri(orgId: string, baseUrl: string, appId: string): Promise<string | null>;
  /** Every application has the org's access policy; another one is a 404. */
  setAccessPolicy(caller: Caller, appId: string, policyId: string): Promise<void>;
}

export function createApplications(deps: ApplicationsDeps): Applications {
  const applications = createApplicationService({ ...deps, assignedGroups: groupsByApp });
  const assignments = createAssignments({ ...deps, applications });
  const { database, ports } = deps;
  return {
    ...applications,
    assignments,
    isAssigned: assignments.isAssigned,
    membershipsChanged: assignments.membershipsChanged,
    async listed(caller, { q, after, limit, filter, expand }) {
      const person = expandedPerson(expand);
      const ids = await idsOf(database, applications, assignments, caller.orgId, filter);
      const page = await applications.search(
        caller,
        { q: q || null, after: after ?? null, status: filter.status, name: filter.name, ids },
        limit,
      );
      if (person === null) return page;
      return {
        ...page,
        items: await Promise.all(page.items.map((app) => withPerson(assignments, caller, app, person))),
      };
    },
    async ofGroup(place, groupId, { after = null, limit }) {
      const ids = await assignments.appsOfGroup(place.orgId, groupId);
      return applications.search(place, { q: null, after, status: null, name: null, ids }, limit);
    },
    async countsOfGroups(orgId, groupIds) {
      const everyone = await ports.everyoneGroupId(orgId);
      const counts = new Map(groupIds.map((id) => [id, 0]));
      for (const { assignedToEveryone, assignedGroups } of await applications.list(orgId)) {
        for (const id of assignedToEveryone ? [everyone, ...assignedGroups] : assignedGroups) {
          const count = counts.get(id);
          if (count !== undefined) counts.set(id, count + 1);
        }
      }
      return counts;
    },
    async appLinks(orgId, baseUrl, userId) {
      if ((await ports.people.byIds(database, orgId, [userId])).length === 0) throw apiErrors.notFound(userId, 'User');
      const visible = (await assignments.ofUser(database, orgId, userId)).filter((app) => app.visible);
      return visible.sort((a, b) => a.label.localeCompare(b.label)).map((app, index) => linkOf(app, index, baseUrl));
    },
    async launchUri(orgId, baseUrl, appId) {
      const app = await applications.byId(orgId, appId);
      if (app === null || app.status !== 'ACTIVE' || app.initiateLoginUri === null) return null;
      const location = new URL(app.initiateLoginUri);
      location.searchParams.set('iss', baseUrl);
      return location.href;
    },
    async setAccessPolicy({ orgId }, appId, policyId) {
      if ((await applications.byId(orgId, appId)) === null) throw apiErrors.notFound(appId, 'AppInstance');
      if (policyId !== (await ports.accessPolicyId(orgId))) throw apiErrors.notFound(policyId, 'Policy');
    },
  };
}

function expandedPerson(expand: string | undefined): string | null {
  if (expand === undefined || expand === '') return null;
  const id = /^user\/(\w{1,100})$/.exec(expand)?.[1];
  if (id === undefined) throw apiErrors.validation('expand', 'expand: expected user/{id}');
  return id;
}

async function withPerson(
  assignments: Assignments,
  caller: Caller,
  app: ApplicationWire,
  userId: string,
): Promise<ListedApplication> {
  try {
    return { ...app, _embedded: { user: (await assignments.getUser(caller, app.id, userId)).body } };
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return app;
    throw error;
  }
}

/** The ids that `user.id` and `group.id` leave; null for all. */
async function idsOf(
  db: Executor,
  applications: ApplicationService,
  assignments: Assignments,
  orgId: string,
  filter: ListFilter,
): Promise<string[] | null> {
  const { userId, groupId } = filter;
  if (userId === null && groupId === null) return null;
  let ids = (await applications.list(orgId)).map((app) => app.id);
  if (userId !== null) {
    const checks = await Promise.all(ids.map((id) => assignments.isAssigned(db, orgId, id, userId)));
    ids = ids.filter((_, index) => checks[index]);
  }
  if (groupId === null) return ids;
  const assigned = new Set(await assignments.appsOfGroup(orgId, groupId));
  return ids.filter((id) => assigned.has(id));
}

function linkOf(app: CompiledApplication, index: number, baseUrl: string): AppLink {
  return {
    id: app.id,
    label: app.label,
    linkUrl: baseUrl + launchPath(app),
    logoUrl: null,
    appName: app.name,
    appInstanceId: app.id,
    appAssignmentId: app.id,
    credentialsSetup: false,
    hidden: false,
    sortOrder: index,
  };
}
