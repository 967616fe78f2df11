/** The SQL of `app_users` and `app_groups`. Everyone's members are computed and have no rows in `app_users`. */
import type { Executor } from '../../database/index.ts';
import type { Json } from '../../shared/json.ts';

export type AssignmentScope = 'USER' | 'GROUP';

export interface AppUser {
  userId: string;
  scope: AssignmentScope;
  credentials: { userName?: string };
  profile: Record<string, Json>;
  status: string;
  created: Date;
  lastUpdated: Date;
  statusChanged: Date;
  version: number;
}

export interface AppGroup {
  groupId: string;
  priority: number;
  profile: Record<string, Json>;
  lastUpdated: Date;
  version: number;
}

const USER = `user_id as "userId", scope, credentials, profile, status, created, last_updated as "lastUpdated", status_changed as "statusChanged", version`;
const GROUP = `group_id as "groupId", priority, profile, last_updated as "lastUpdated", version`;

/** Assignments of groups are changed one after the other; what ends a person's own assignment looks at them meanwhile (membership.ts). */
export async function lockAssignments(tx: Executor, orgId: string, how: 'together' | 'alone'): Promise<void> {
  await tx.query({
    name: `app_groups_lock_${how}`,
    text: `select pg_advisory_xact_lock${how === 'together' ? '_shared' : ''}(hashtextextended($1, 0))`,
    values: [`app_groups ${orgId}`],
  });
}

/** The groups of an application. */
export async function groupsOfApp(db: Executor, orgId: string, appId: string): Promise<string[]> {
  const { rows } = await db.query<{ groupId: string }>({
    text: 'select group_id as "groupId" from app_groups where org_id = $1 and app_id = $2',
    values: [orgId, appId],
  });
  return rows.map((row) => row.groupId);
}

/** The groups, this one among them, of the applications that a group is assigned to. */
export async function groupsBeside(db: Executor, orgId: string, groupId: string): Promise<string[]> {
  const { rows } = await db.query<{ groupId: string }>({
    text: `select distinct beside.group_id as "groupId" from app_groups own join app_groups beside using (org_id, app_id)
      where own.org_id = $1 and own.group_id = $2`,
    values: [orgId, groupId],
  });
  return rows.map((row) => row.groupId);
}

/** Which of these groups are assigned to which application. */
export async function appsOfGroups(
  db: Executor,
  orgId: string,
  groupIds: readonly string[],
): Promise<{ appId: string; groupId: string }[]> {
  const { rows } = await db.query<{ appId: string; groupId: string }>({
    name: 'app_groups_of_groups',
    text: `select app_id as "appId", group_id as "groupId" from app_groups where org_id = $1 and group_id = any($2) order by app_id, group_id`,
    values: [orgId, groupIds],
  });
  return rows;
}

export async function groupsByApp(db: Executor, orgId: string): Promise<Map<string, string[]>> {
  const { rows } = await db.query<{ appId: string; groupIds: string[] }>({
    name: 'app_groups_of_org',
    text: `select app_id as "appId", array_agg(group_id order by priority, group_id) as "groupIds" from app_groups where org_id = $1 group by app_id`,
    values: [orgId],
  });
  return new Map(rows.map((row) => [row.appId, row.groupIds]));
}

export async function listGroups(
  db: Executor,
  orgId: string,
  appId: string,
  page: { after: string | null; rows: number },
): Promise<AppGroup[]> {
  const { rows } = await db.query<AppGroup>({
    text: `select ${GROUP} from app_groups where org_id = $1 and app_id = $2 and ($3::text is null or group_id > $3) order by group_id limit $4`,
    values: [orgId, appId, page.after, page.rows],
  });
  return rows;
}

export async function findGroup(db: Executor, orgId: string, appId: string, groupId: string): Promise<AppGroup | null> {
  const { rows } = await db.query<AppGroup>({
    text: `select ${GROUP} from app_groups where org_id = $1 and app_id = $2 and group_id = $3`,
    values: [orgId, appId, groupId],
  });
  return rows[0] ?? null;
}

export async function upsertGroup(tx: Executor, orgId: string, appId: string, group: AppGroup): Promise<void> {
  await tx.query({
    text: `insert into app_groups (org_id, app_id, group_id, priority, profile, last_updated, version) values ($1, $2, $3, $4, $5, $6, $7)
      on conflict (org_id, app_id, group_id) do update set priority = excluded.priority, profile = excluded.profile,
        last_updated = excluded.last_updated, version = excluded.version`,
    values: [
      orgId,
      appId,
      group.groupId,
      group.priority,
      JSON.stringify(group.profile),
      group.lastUpdated,
      group.version,
    ],
  });
}

export async function deleteGroup(tx: Executor, orgId: string, appId: string, groupId: string): Promise<void> {
  await tx.query({
    text: 'delete from app_groups where org_id = $1 and app_id = $2 and group_id = $3',
    values: [orgId, appId, groupId],
  });
}

/** Applications that a group is assigned to. */
export async function appsOfGroup(db: Executor, orgId: string, groupId: string): Promise<string[]> {
  const { rows } = await db.query<{ appId: string }>({
    text: `select app_id as "appId" from app_groups where org_id = $1 and group_id = $2 order by app_id`,
    values: [orgId, groupId],
  });
  return rows.map((row) => row.appId);
}

/** Applications that a user is assigned to, Everyone's left out. */
export async function appsOfUser(db: Executor, orgId: string, userId: string): Promise<string[]> {
  const { rows } = await db.query<{ appId: string }>({
    text: `select app_id as "appId" from app_users where org_id = $1 and user_id = $2 and status = 'ACTIVE' order by app_id`,
    values: [orgId, userId],
  });
  return rows.map((row) => row.appId);
}

export async function isUserAssigned(db: Executor, orgId: string, appId: string, userId: string): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'app_users_assigned',
    text: `select 1 from app_users where org_id = $1 and app_id = $2 and user_id = $3 and status = 'ACTIVE'`,
    values: [orgId, appId, userId],
  });
  return rowCount > 0;
}

export async function findUser(
  db: Executor,
  orgId: string,
  appId: string,
  userId: string,
  lock = false,
): Promise<AppUser | null> {
  const { rows } = await db.query<AppUser>({
    text: `select ${USER} from app_users where org_id = $1 and app_id = $2 and user_id = $3${lock ? ' for update' : ''}`,
    values: [orgId, appId, userId],
  });
  return rows[0] ?? null;
}

export async function listUsers(
  db: Executor,
  orgId: string,
  appId: string,
  page: { after: string | null; rows: number; ids: string[] | null },
): Promise<AppUser[]> {
  const { rows } = await db.query<AppUser>({
    text: `select ${USER} from app_users where org_id = $1 and app_id = $2 and ($3::text is null or user_id > $3)
      and ($4::text[] is null or user_id = any($4)) order by user_id limit $5`,
    values: [orgId, appId, page.after, page.ids, page.rows],
  });
  return rows;
}

/** Everybody with a row; with `userName` those whose own user name begins so. */
export async function userIds(
  db: Executor,
  orgId: string,
  appId: string,
  userName: string | null = null,
): Promise<string[]> {
  const { rows } = await db.query<{ userId: string }>({
    text: `select user_id as "userId" from app_users where org_id = $1 and app_id = $2
      and ($3::text is null or starts_with(lower(credentials ->> 'userName'), lower($3))) order by user_id`,
    values: [orgId, appId, userName],
  });
  return rows.map((row) => row.userId);
}

export async function upsertUser(tx: Executor, orgId: string, appId: string, user: AppUser): Promise<void> {
  await tx.query({
    text: `insert into app_users (org_id, app_id, user_id, scope, credentials, profile, status, created, last_updated,
        status_changed, version)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
      on conflict (org_id, app_id, user_id) do update set scope = excluded.scope, credentials = excluded.credentials, profile = excluded.profile,
        status = excluded.status, last_updated = excluded.last_updated, status_changed = excluded.status_changed,
        version = excluded.version`,
    values: [
      orgId,
      appId,
      user.userId,
      user.scope,
      JSON.stringify(user.credentials),
      JSON.stringify(user.profile),
      user.status,
      user.created,
      user.lastUpdated,
      user.statusChanged,
      user.version,
    ],
  });
}

export async function deleteUser(tx: Executor, orgId: string, appId: string, userId: string): Promise<void> {
  await tx.query({
    text: 'delete from app_users where org_id = $1 and app_id = $2 and user_id = $3',
    values: [orgId, appId, userId],
  });
}

/** Rows of scope GROUP for those users who have none yet; returns these users. */
export async function addGroupScope(
  tx: Executor,
  orgId: string,
  appId: string,
  userIds: readonly string[],
  at: Date,
): Promise<string[]> {
  if (userIds.length === 0) return [];
  const { rows } = await tx.query<{ userId: string }>({
    text: `insert into app_users (org_id, app_id, user_id, scope, created, last_updated, status_changed)
      select $1, $2, u, 'GROUP', $4, $4, $4 from unnest($3::text[]) as u order by u on conflict do nothing returning user_id as "userId"`,
    values: [orgId, appId, userIds, at],
  });
  return rows.map((row) => row.userId);
}

/** Takes rows of scope GROUP away from those users; returns whose there were. */
export async function removeGroupScope(
  tx: Executor,
  orgId: string,
  appId: string,
  userIds: readonly string[],
): Promise<string[]> {
  if (userIds.length === 0) return [];
  const { rows } = await tx.query<{ userId: string }>({
    text: `delete from app_users where org_id = $1 and app_id = $2 and user_id = any($3::text[]) and scope = 'GROUP' returning user_id as "userId"`,
    values: [orgId, appId, userIds],
  });
  return rows.map((row) => row.userId);
}

/** A deleted user leaves every application. */
export async function forgetUser(tx: Executor, orgId: string, userId: string): Promise<void> {
  await tx.query({ text: 'delete from app_users where org_id = $1 and user_id = $2', values: [orgId, userId] });
}
