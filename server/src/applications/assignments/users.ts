/** People of an application (contract §8.2). Each change in one transaction with its log events. */
import { isDeepStrictEqual } from 'node:util';
import { type Executor, inTransaction } from '../../database/index.ts';
import { apiErrors, type Page, pageOf, requireVersion } from '../../http/index.ts';
import { type Caller, doneBy, type EventInput, record } from '../../system-log/index.ts';
import { type CompiledApplication, known } from '../compile.ts';
import type { ApplicationPorts, AssignablePerson } from '../ports.ts';
import { applicationTarget, type Versioned } from '../service.ts';
import {
  type AppUserBody,
  type AssignmentDeps,
  appOf,
  heldPerson,
  movementEvents,
  type PageRequest,
  personOf,
  personTarget,
  safeProfile,
  stated,
} from './context.ts';
import { checkProfileChange } from './profile.ts';
import * as store from './store.ts';
import { type AppUserWire, appUserToWire } from './wire.ts';

/** An assignment, and the version at which it is expected; null: at any. */
export interface OneUser {
  appId: string;
  userId: string;
  expectedVersion: number | null;
}

export interface UserAssignments {
  listUsers(caller: Caller, appId: string, page: PageRequest & { q: string | null }): Promise<Page<AppUserWire>>;
  /** Of an application that everybody may use also of who has no row: at version 0. */
  getUser(caller: Caller, appId: string, userId: string): Promise<Versioned<AppUserWire>>;
  /** Throws E0000062 when the user is assigned directly already. */
  assignUser(caller: Caller, appId: string, body: AppUserBody): Promise<Versioned<AppUserWire>>;
  updateUser(caller: Caller, which: OneUser, body: AppUserBody): Promise<Versioned<AppUserWire>>;
  unassignUser(caller: Caller, which: OneUser): Promise<void>;
}

export function userAssignments({ database, clock, ports, applications }: AssignmentDeps): UserAssignments {
  return {
    async listUsers({ orgId, baseUrl }, appId, page) {
      return listPeople(database, ports, await appOf(applications, orgId, appId), { orgId, baseUrl, ...page });
    },
    async getUser({ orgId, baseUrl }, appId, userId) {
      const app = await appOf(applications, orgId, appId);
      const row = await store.findUser(database, orgId, appId, userId);
      if (row === null && !app.assignedToEveryone) throw apiErrors.notFound(userId, 'AppUser');
      const person = await personOf(database, ports, orgId, userId);
      return { version: row?.version ?? 0, body: appUserToWire(app, person, row, baseUrl) };
    },
    async assignUser(caller, appId, body) {
      const { orgId } = caller;
      const app = await appOf(applications, orgId, appId);
      if (typeof body.id !== 'string' || body.id === '')
        throw apiErrors.validation('id', 'id: The field cannot be left blank');
      const userId = body.id;
      return inTransaction(database, async (tx) => {
        const person = await heldPerson(tx, ports, orgId, userId);
        await applications.hold(tx, orgId, appId);
        const at = clock.now();
        // Whoever writes the row first brings the person; the others wait for it and find it.
        const isNew = (await store.addGroupScope(tx, orgId, appId, [userId], at)).length > 0;
        const present = await store.findUser(tx, orgId, appId, userId, true);
        if (present?.scope === 'USER') throw apiErrors.alreadyAssigned();
        const comes = isNew || present === null;
        const started = comes ? newRow(userId, app.profileAtAssignment(person), at) : present;
        const row = changed(ports, app, person, { ...started, scope: 'USER', lastUpdated: at }, body, 'all');
        await store.upsertUser(tx, orgId, appId, row);
        const came = { orgId, at, app, userIds: [userId], added: true };
        await record(
          tx,
          ...(comes ? stated(caller, await movementEvents(tx, ports, came)) : [changeEvent(caller, app, person, at)]),
        );
        return { version: row.version, body: appUserToWire(app, person, row, caller.baseUrl) };
      });
    },
    async updateUser(caller, { appId, userId, expectedVersion }, body) {
      const { orgId } = caller;
      const app = await appOf(applications, orgId, appId);
      return inTransaction(database, async (tx) => {
        const present = await store.findUser(tx, orgId, appId, userId, true);
        if (present === null) throw apiErrors.notFound(userId, 'AppUser');
        requireVersion(expectedVersion, present);
        const person = await personOf(tx, ports, orgId, userId);
        const row = changed(ports, app, person, { ...present, lastUpdated: clock.now() }, body, 'touched');
        await store.upsertUser(tx, orgId, appId, row);
        await record(tx, changeEvent(caller, app, person, row.lastUpdated));
        return { version: row.version, body: appUserToWire(app, person, row, caller.baseUrl) };
      });
    },
    async unassignUser(caller, { appId, userId, expectedVersion }) {
      const { orgId } = caller;
      const app = await appOf(applications, orgId, appId);
      await inTransaction(database, async (tx) => {
        // What the person has through groups stays as it is until it is looked at.
        const [person] = await ports.people.hold(tx, orgId, [userId]);
        await store.lockAssignments(tx, orgId, 'together');
        await applications.hold(tx, orgId, appId);
        const present = await store.findUser(tx, orgId, appId, userId, true);
        if (present === null) throw apiErrors.notFound(userId, 'AppUser');
        requireVersion(expectedVersion, present);
        if (present.scope === 'GROUP')
          throw apiErrors.validation(
            'scope',
            'scope: The user is assigned through a group; take the user out of the group or the group from the application',
          );
        await store.deleteUser(tx, orgId, appId, userId);
        const groupIds = await store.groupsOfApp(tx, orgId, appId);
        const through = (await ports.groups.memberships(tx, orgId, [userId])).some(({ groupId }) =>
          groupIds.includes(groupId),
        );
        const at = clock.now();
        if (through) await store.addGroupScope(tx, orgId, appId, [userId], at);
        const left = { orgId, at, app, userIds: [userId], added: false };
        const events = !through
          ? stated(caller, await movementEvents(tx, ports, left))
          : person === undefined
            ? []
            : [changeEvent(caller, app, person, at)];
        await record(tx, ...events);
      });
    },
  };
}

const newRow = (userId: string, profile: store.AppUser['profile'], at: Date): store.AppUser => ({
  ...{ userId, scope: 'USER', credentials: {}, profile, status: 'ACTIVE' },
  ...{ created: at, lastUpdated: at, statusChanged: at, version: 0 },
});

/** Somebody who may use the application before and afterwards is assigned in another way. */
function changeEvent(caller: Caller, app: CompiledApplication, person: AssignablePerson, at: Date): EventInput {
  const target = personTarget(person);
  const targets = [{ ...target, type: 'AppUser' }, applicationTarget(app), target];
  return doneBy(caller, { type: 'application.user_membership.update', at, targets, subjectId: person.id });
}

/** Of an application that everybody may use, everybody; the rows supply what was said of them one by one. */
async function listPeople(
  db: Executor,
  ports: ApplicationPorts,
  app: CompiledApplication,
  page: PageRequest & { orgId: string; baseUrl: string; q: string | null },
): Promise<Page<AppUserWire>> {
  const { orgId, baseUrl, after, limit } = page;
  const everyone = await chosenPeople(db, ports, app, page);
  const ids = everyone?.map((person) => person.id) ?? null;
  const rows = await store.listUsers(db, orgId, app.id, { after: ids === null ? after : null, rows: limit + 1, ids });
  const people =
    everyone ??
    (await ports.people.byIds(
      db,
      orgId,
      rows.map((row) => row.userId),
    ));
  const byId = new Map(rows.map((row) => [row.userId, row]));
  const cut = pageOf(everyone?.map((person) => person.id) ?? rows.map((row) => row.userId), limit, (id) => id);
  const shown = new Set(cut.items);
  const items = people
    .filter((person) => shown.has(person.id))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((person) => appUserToWire(app, person, byId.get(person.id) ?? null, baseUrl));
  return { items, after: cut.after };
}

/** Where a page begins with people and not with rows: everybody may use the application, or people of some name are asked for. */
async function chosenPeople(
  db: Executor,
  ports: ApplicationPorts,
  app: CompiledApplication,
  { orgId, after, limit, q }: PageRequest & { orgId: string; q: string | null },
): Promise<AssignablePerson[] | null> {
  if (q === null || q === '') return app.assignedToEveryone ? ports.people.page(db, orgId, after, limit + 1) : null;
  const also = await store.userIds(db, orgId, app.id, q);
  const among = app.assignedToEveryone ? null : await store.userIds(db, orgId, app.id);
  return ports.people.alike(db, orgId, { q, also, among, after: after ?? '', limit: limit + 1 });
}

/** What was sent, over what is there. Throws E0000001, and E0000075 for a value that the user's profile would push away again. */
function changed(
  { schemas }: ApplicationPorts,
  app: CompiledApplication,
  person: AssignablePerson,
  row: store.AppUser,
  body: AppUserBody,
  required: 'all' | 'touched',
): store.AppUser {
  const userName = body.credentials?.userName;
  const sent = safeProfile(body.profile);
  const pushed = app.pushedTo(person);
  for (const [name, value] of Object.entries(sent))
    if (pushed.names.has(name) && !isDeepStrictEqual(value, pushed.values[name] ?? null)) throw apiErrors.pushed(name);
  const before = app.profileOf(person, row.profile);
  checkProfileChange(schemas, app, { before, after: { ...before, ...sent }, required, object: 'appUser' });
  return {
    ...row,
    credentials: typeof userName === 'string' && userName !== '' ? { userName } : row.credentials,
    profile: { ...known(row.profile, app.schema), ...sent },
    version: row.version + 1,
  };
}
