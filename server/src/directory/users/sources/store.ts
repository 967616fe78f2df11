/** The SQL of `user_profile_sources`: what each source last said of a user, and when and by what it said each value. */
import type { Executor } from '../../../database/index.ts';
import type { Json } from '../../../shared/json.ts';
import { HUB, type Say } from './priority.ts';

/** Where a value came from: a call (`request`, `by`), a sign-in (`trace`) or a job. `at` is an ISO 8601 instant. */
export interface Origin {
  at: string;
  /** The acting user's id. */
  by?: string;
  request?: string;
  trace?: string;
  job?: string;
}

export interface SourceRow {
  sourceId: string;
  values: Record<string, Json>;
  origins: Record<string, Origin>;
  /** The last sign-in that wrote the row. */
  traceId: string | null;
  lastUpdated: Date;
  /** Set when the person was unlinked: the source masters nothing since. */
  released: Date | null;
}

const COLUMNS = `source_id as "sourceId", "values", origins, trace_id as "traceId", last_updated as "lastUpdated", released`;

export async function sourcesOf(db: Executor, orgId: string, userId: string): Promise<SourceRow[]> {
  const { rows } = await db.query<SourceRow>({
    name: 'user_profile_sources_of_user',
    text: `select ${COLUMNS} from user_profile_sources where org_id = $1 and user_id = $2 order by source_id`,
    values: [orgId, userId],
  });
  return rows;
}

/** The rows of several users, by user id. */
export async function sourcesOfUsers(
  db: Executor,
  orgId: string,
  userIds: readonly string[],
): Promise<Map<string, SourceRow[]>> {
  const { rows } = await db.query<SourceRow & { userId: string }>({
    text: `select user_id as "userId", ${COLUMNS} from user_profile_sources where org_id = $1 and user_id = any($2) order by user_id, source_id`,
    values: [orgId, userIds],
  });
  const byUser = new Map<string, SourceRow[]>();
  for (const { userId, ...row } of rows) byUser.set(userId, [...(byUser.get(userId) ?? []), row]);
  return byUser;
}

/** Writes all that a source says of a user, in place of what it said before. */
export function writeSource(
  tx: Executor,
  user: { orgId: string; id: string },
  row: Pick<SourceRow, 'sourceId' | 'values' | 'origins'> & { at: Date },
): Promise<void> {
  return writeSources(tx, user.orgId, [{ userId: user.id, ...row }]);
}

export async function writeSources(
  tx: Executor,
  orgId: string,
  rows: readonly (Pick<SourceRow, 'sourceId' | 'values' | 'origins'> & { userId: string; at: Date })[],
): Promise<void> {
  await tx.query({
    name: 'user_profile_sources_write',
    text: `insert into user_profile_sources (org_id, user_id, source_id, "values", origins, last_updated)
           select $1, r."userId", r."sourceId", r."values", r.origins, r.at
           from jsonb_to_recordset($2::jsonb) as r("userId" text, "sourceId" text, "values" jsonb, origins jsonb, at timestamptz)
           on conflict (org_id, user_id, source_id) do update
             set "values" = excluded."values", origins = excluded.origins, last_updated = excluded.last_updated`,
    values: [orgId, JSON.stringify(rows)],
  });
}

/** What a source said stays, and masters nothing any more. A sign-in by that source takes it up again. */
export async function releaseSource(
  tx: Executor,
  orgId: string,
  userId: string,
  sourceId: string,
  at: Date,
): Promise<void> {
  await tx.query({
    text: 'update user_profile_sources set released = $4 where org_id = $1 and user_id = $2 and source_id = $3',
    values: [orgId, userId, sourceId, at],
  });
}

/** What each source said of one attribute; a value that none of them said counts as the hub's. */
export function saysOf(rows: readonly SourceRow[], name: string, held: { value?: Json; since: Date }): Say[] {
  const says = rows
    .filter(({ values }) => Object.hasOwn(values, name))
    .map((row) => ({ sourceId: row.sourceId, value: row.values[name]!, at: saidAt(row, name) }));
  return says.length > 0 || held.value === undefined ? says : [{ sourceId: HUB, value: held.value, at: held.since }];
}

const saidAt = (row: SourceRow, name: string): Date =>
  row.origins[name] === undefined ? row.lastUpdated : new Date(row.origins[name].at);

/** The profile sources without those that this user was unlinked from. */
export function mastersOf(
  profileSources: { has(id: string): boolean },
  rows: readonly Pick<SourceRow, 'sourceId' | 'released'>[],
): { has(sourceId: string): boolean } {
  const released = new Set(rows.filter((row) => row.released !== null).map((row) => row.sourceId));
  return { has: (id) => profileSources.has(id) && !released.has(id) };
}
