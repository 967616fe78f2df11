/** Assignments as `/api/v1/apps/{id}/users` and `/groups` send them (contract §8.2). Pure. */
import { type CompiledApplication, known } from '../compile.ts';
import type { AssignablePerson } from '../ports.ts';
import type { AppGroup, AppUser } from './store.ts';

export type AppUserWire = ReturnType<typeof appUserToWire>;
export type AppGroupWire = ReturnType<typeof appGroupToWire>;

export function appUserToWire(
  app: CompiledApplication,
  person: AssignablePerson,
  row: AppUser | null,
  baseUrl: string,
) {
  const created = (row?.created ?? person.created).toISOString();
  return {
    id: person.id,
    externalId: null,
    created,
    lastUpdated: row?.lastUpdated.toISOString() ?? created,
    scope: row?.scope ?? 'GROUP',
    status: row?.status ?? 'ACTIVE',
    statusChanged: row?.statusChanged.toISOString() ?? created,
    passwordChanged: null,
    syncState: 'DISABLED',
    credentials: { userName: row?.credentials.userName ?? userNameOf(app, person) },
    profile: app.profileOf(person, row?.profile ?? null),
    _links: {
      app: { href: `${baseUrl}/api/v1/apps/${app.id}` },
      user: { href: `${baseUrl}/api/v1/users/${person.id}` },
    },
  };
}

/** The application's user name template; the login where it yields nothing. */
export function userNameOf(app: CompiledApplication, { profile }: AssignablePerson): string {
  const made = app.userName?.evaluate({ user: profile, app: { label: app.label } });
  const value = made?.ok && !made.value.usedNull ? made.value.value : null;
  return typeof value === 'string' && value !== '' ? value : String(profile.login ?? '');
}

export function appGroupToWire({ id, schema }: CompiledApplication, group: AppGroup, baseUrl: string) {
  const app = `${baseUrl}/api/v1/apps/${id}`;
  return {
    id: group.groupId,
    lastUpdated: group.lastUpdated.toISOString(),
    priority: group.priority,
    profile: known(group.profile, schema),
    _links: {
      app: { href: app },
      self: { href: `${app}/groups/${group.groupId}` },
      group: { href: `${baseUrl}/api/v1/groups/${group.groupId}` },
    },
  };
}
