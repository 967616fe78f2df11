/** What the parts of assignments share: shapes, and the events of who came and went. */
import type { Executor } from '../../database/index.ts';
import { apiErrors } from '../../http/index.ts';
import { isObject, isUnsafeName, type Json } from '../../shared/json.ts';
import { type Caller, doneBy, type EventInput, type LogTarget } from '../../system-log/index.ts';
import type { CompiledApplication } from '../compile.ts';
import type { ApplicationPorts, AssignablePerson } from '../ports.ts';
import { type ApplicationService, type ApplicationsDeps, applicationTarget } from '../service.ts';
import { assignmentEvents } from './membership.ts';

export type AssignmentDeps = ApplicationsDeps & { applications: ApplicationService };

export interface AppUserBody {
  id?: string | null;
  credentials?: { userName?: string | null } | null;
  profile?: Record<string, Json> | null;
}

export interface AppGroupBody {
  priority?: number | null;
  profile?: Record<string, Json> | null;
}

export interface PageRequest {
  after: string | null;
  limit: number;
}

/** The application, or E0000007. To be called outside a transaction: it reads the compiled view. */
export async function appOf(applications: ApplicationService, orgId: string, id: string): Promise<CompiledApplication> {
  const app = await applications.byId(orgId, id);
  if (app === null) throw apiErrors.notFound(id, 'AppInstance');
  return app;
}

export async function personOf(
  db: Executor,
  ports: ApplicationPorts,
  orgId: string,
  id: string,
): Promise<AssignablePerson> {
  const [person] = await ports.people.byIds(db, orgId, [id]);
  if (person === undefined) throw apiErrors.notFound(id, 'User');
  return person;
}

/** The same, held until the transaction ends. */
export async function heldPerson(
  tx: Executor,
  ports: ApplicationPorts,
  orgId: string,
  id: string,
): Promise<AssignablePerson> {
  const [person] = await ports.people.hold(tx, orgId, [id]);
  if (person === undefined || person.status === 'DEPROVISIONED') throw apiErrors.notFound(id, 'User');
  return person;
}

export function personTarget({ id, profile }: AssignablePerson): LogTarget {
  const name = [profile.firstName, profile.lastName]
    .filter((part) => typeof part === 'string' && part !== '')
    .join(' ');
  const login = String(profile.login ?? '');
  return { id, type: 'User', alternateId: login, displayName: name || login };
}

export interface Movement {
  orgId: string;
  at: Date;
  app: { id: string; label: string };
  userIds: readonly string[];
  added: boolean;
}

/** The events of people who came to an application or left it. */
export async function movementEvents(
  tx: Executor,
  ports: ApplicationPorts,
  { orgId, at, app, userIds, added }: Movement,
): Promise<EventInput[]> {
  if (userIds.length === 0) return [];
  const people = (await ports.people.byIds(tx, orgId, userIds)).map(personTarget);
  return assignmentEvents(added ? 'application.user_membership.add' : 'application.user_membership.remove', {
    orgId,
    at,
    app: applicationTarget(app),
    people,
  });
}

/** The events as something that a caller did. */
export const stated = (caller: Caller, events: EventInput[]): EventInput[] =>
  events.map((event) => doneBy(caller, event));

/** Attributes sent with an assignment; null counts as none. Throws E0000001. */
export function safeProfile(profile: Record<string, Json> | null | undefined): Record<string, Json> {
  if (profile === undefined || profile === null) return {};
  if (!isObject(profile) || Object.keys(profile).some(isUnsafeName))
    throw apiErrors.validation('profile', 'profile: expected an object of attributes');
  return profile;
}
