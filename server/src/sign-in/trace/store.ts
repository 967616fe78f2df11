/** The SQL of sign-in traces: one row per sign-in, steps appended, many sign-ins written in one statement. */
import type { Executor } from '../../database/index.ts';
import { type Json, storableJson } from '../../shared/json.ts';
import type { TraceFacts, TraceStep } from './trace.ts';

export interface WrittenStep {
  at: string;
  kind: string;
  outcome: TraceStep['outcome'];
  code?: string;
  /** Lines without personal values: theirs are in `sealed`, by their position. */
  detail?: { label: string; received?: Json; made?: Json; personal?: boolean }[];
  sealed?: string;
}

export interface TraceBatch extends TraceFacts {
  orgId: string;
  id: string;
  startedAt: Date;
  lastAt: Date;
  steps: WrittenStep[];
}

/**
 * Traces are best effort, so their commit does not wait for the disk: a crash of the database server may lose the last moments of them
 * (and nothing else). The setting ends with the statement's transaction. A success has no reason: that of an earlier try goes.
 */
const WRITE = `with quiet as (select set_config('synchronous_commit', 'off', true))
  insert into sign_in_traces as t (org_id, id, started_at, last_at, outcome, reason, app_id, idp_id, user_id, login, steps)
  select "orgId", id, "startedAt", "lastAt", coalesce(outcome, 'OPEN'), case when outcome = 'SUCCESS' then null else reason end, "appId", "idpId", "userId", login, steps
  from jsonb_to_recordset($1::jsonb) as r("orgId" text, id text, "startedAt" timestamptz, "lastAt" timestamptz, outcome text, reason text,
    "appId" text, "idpId" text, "userId" text, login text, steps jsonb), quiet
  on conflict (org_id, id) do update set
    last_at = greatest(t.last_at, excluded.last_at), started_at = least(t.started_at, excluded.started_at), steps = t.steps || excluded.steps,
    outcome = case when excluded.outcome = 'OPEN' then t.outcome else excluded.outcome end,
    reason = case when excluded.outcome = 'SUCCESS' then null else coalesce(excluded.reason, t.reason) end, app_id = coalesce(excluded.app_id, t.app_id), idp_id = coalesce(excluded.idp_id, t.idp_id),
    user_id = coalesce(excluded.user_id, t.user_id), login = coalesce(excluded.login, t.login)`;

export async function writeTraces(db: Executor, batch: readonly TraceBatch[]): Promise<void> {
  await db.query({ name: 'sign_in_traces_write', text: WRITE, values: [storableJson(batch)] });
}

export interface StoredTrace {
  id: string;
  startedAt: Date;
  lastAt: Date;
  outcome: NonNullable<TraceFacts['outcome']>;
  reason: string | null;
  appId: string | null;
  idpId: string | null;
  userId: string | null;
  login: string | null;
  steps: WrittenStep[];
}

const COLUMNS = `id, started_at as "startedAt", last_at as "lastAt", outcome, reason, app_id as "appId", idp_id as "idpId", user_id as "userId", login`;

/** Newest first: ids are ordered by their time. */
export async function listTraces(
  db: Executor,
  orgId: string,
  filter: { outcome: string | null; userId: string | null; after: string | null; limit: number },
): Promise<Omit<StoredTrace, 'steps'>[]> {
  const { rows } = await db.query<Omit<StoredTrace, 'steps'>>({
    text: `select ${COLUMNS} from sign_in_traces where org_id = $1 and ($2::text is null or outcome = $2) and ($3::text is null or user_id = $3)
      and ($4::text is null or id < $4) order by id desc limit $5`,
    values: [orgId, filter.outcome, filter.userId, filter.after, filter.limit],
  });
  return rows;
}

export async function findTrace(db: Executor, orgId: string, id: string): Promise<StoredTrace | null> {
  const { rows } = await db.query<StoredTrace>({
    text: `select ${COLUMNS}, steps from sign_in_traces where org_id = $1 and id = $2`,
    values: [orgId, id],
  });
  return rows[0] ?? null;
}

export async function purgeTraces(db: Executor, before: Date): Promise<number> {
  const { rowCount } = await db.query({ text: 'delete from sign_in_traces where started_at < $1', values: [before] });
  return rowCount;
}
