/** The SQL of `jobs` and `job_problems`. */
import type { Executor } from '../database/index.ts';
import { storableJson } from '../shared/json.ts';
import type { Job } from './schema.ts';

/** The queue's task that does the steps of a job. */
export const TASK = 'job';

const COLUMNS = `id, org_id as "orgId", kind, title, subject_id as "subjectId", status, params, cursor, caller, total::float8 as total,
  done::float8 as done, failed::float8 as failed, attempts, reason, created, started, ended, last_updated as "lastUpdated", version`;

export async function insertJob(tx: Executor, job: Job): Promise<void> {
  await tx.query({
    text: `insert into jobs (org_id, id, kind, title, subject_id, status, params, caller, total, created, last_updated)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)`,
    values: [
      job.orgId,
      job.id,
      job.kind,
      job.title,
      job.subjectId,
      job.status,
      storableJson(job.params),
      storableJson(job.caller),
      job.total,
      job.created,
    ],
  });
}

/** Wakes a hub when the transaction commits; a job that runs already only runs on. */
export async function enqueue(tx: Executor, { orgId, id }: { orgId: string; id: string }): Promise<void> {
  await tx.query({
    text: `select graphile_worker.add_job($1::text, $2::json, job_key := $3::text)`,
    values: [TASK, JSON.stringify({ orgId, id }), `job ${orgId} ${id}`],
  });
}

export async function findJob(db: Executor, orgId: string, id: string, lock = false): Promise<Job | null> {
  const { rows } = await db.query<Job>({
    text: `select ${COLUMNS} from jobs where org_id = $1 and id = $2${lock ? ' for update' : ''}`,
    values: [orgId, id],
  });
  return rows[0] ?? null;
}

/** Until the transaction ends nobody else begins a job of this kind about this. */
export async function lockSubject(tx: Executor, orgId: string, kind: string, subjectId: string): Promise<void> {
  await tx.query({
    text: 'select pg_advisory_xact_lock(hashtextextended($1, 0))',
    values: [`job ${orgId} ${kind} ${subjectId}`],
  });
}

/** One that has not come to its end: also one that failed can be resumed. */
export async function openJob(tx: Executor, orgId: string, kind: string, subjectId: string): Promise<Job | null> {
  const { rows } = await tx.query<Job>({
    text: `select ${COLUMNS} from jobs where org_id = $1 and kind = $2 and subject_id = $3
             and status in ('QUEUED', 'RUNNING', 'PAUSED', 'FAILED') limit 1`,
    values: [orgId, kind, subjectId],
  });
  return rows[0] ?? null;
}

/**
 * One that has done nothing yet, held so that its first step waits for the end of the transaction. One whose first step goes on at this
 * moment is passed over: it may have looked already at what the transaction changes.
 */
export async function joinWaiting(
  tx: Executor,
  orgId: string,
  wanted: Pick<Job, 'kind' | 'subjectId' | 'params' | 'title' | 'total'> & { at: Date },
): Promise<Job | null> {
  const { rows } = await tx.query<Job>({
    text: `update jobs set title = $5, total = $6, attempts = 0, reason = null, last_updated = $7, version = version + 1
           where org_id = $1 and id = (
             select id from jobs where org_id = $1 and status = 'QUEUED' and started is null and kind = $2
               and subject_id is not distinct from $3 and params = $4 order by id limit 1 for update skip locked)
           returning ${COLUMNS}`,
    values: [orgId, wanted.kind, wanted.subjectId, storableJson(wanted.params), wanted.title, wanted.total, wanted.at],
  });
  return rows[0] ?? null;
}

/** Newest first. */
export async function listJobs(
  db: Executor,
  orgId: string,
  query: { kind?: string; subjectId?: string; status?: string; after?: string; limit: number },
): Promise<Job[]> {
  const { rows } = await db.query<Job>({
    text: `select ${COLUMNS} from jobs where org_id = $1 and ($2::text is null or kind = $2) and ($3::text is null or subject_id = $3)
             and ($4::text is null or status = $4) and ($5::text is null or id < $5) order by id desc limit $6`,
    values: [
      orgId,
      query.kind ?? null,
      query.subjectId ?? null,
      query.status ?? null,
      query.after ?? null,
      query.limit,
    ],
  });
  return rows;
}

/** Writes what moves of a locked job. */
export async function saveJob(tx: Executor, job: Job): Promise<void> {
  await tx.query({
    text: `update jobs set status = $3, cursor = $4, total = $5, done = $6, failed = $7, attempts = $8, reason = $9, started = $10,
             ended = $11, last_updated = $12, version = version + 1 where org_id = $1 and id = $2`,
    values: [
      job.orgId,
      job.id,
      job.status,
      storableJson(job.cursor),
      job.total,
      job.done,
      job.failed,
      job.attempts,
      job.reason,
      job.started,
      job.ended,
      job.lastUpdated,
    ],
  });
}

export interface ProblemRow {
  number: number;
  place: string;
  code: string;
  message: string;
}

export async function insertProblems(
  tx: Executor,
  { orgId, id }: { orgId: string; id: string },
  rows: readonly ProblemRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.query({
    text: `insert into job_problems (org_id, job_id, number, place, code, message)
           select $1, $2, p.number, p.place, p.code, p.message
           from jsonb_to_recordset($3::jsonb) as p(number bigint, place text, code text, message text)`,
    values: [orgId, id, storableJson(rows)],
  });
}

export async function lastProblem(tx: Executor, orgId: string, id: string): Promise<number> {
  const { rows } = await tx.query<{ last: number }>({
    text: 'select coalesce(max(number), 0)::float8 as last from job_problems where org_id = $1 and job_id = $2',
    values: [orgId, id],
  });
  return rows[0]!.last;
}

export async function problemsAfter(
  db: Executor,
  orgId: string,
  id: string,
  after: number,
  limit: number,
): Promise<ProblemRow[]> {
  const { rows } = await db.query<ProblemRow>({
    text: `select number::float8 as number, place, code, message from job_problems
           where org_id = $1 and job_id = $2 and number > $3 order by number limit $4`,
    values: [orgId, id, after, limit],
  });
  return rows;
}

/** Jobs of every org that should be running and have not moved since then. */
export async function stalledJobs(db: Executor, since: Date): Promise<{ orgId: string; id: string }[]> {
  const { rows } = await db.query<{ orgId: string; id: string }>({
    text: `select org_id as "orgId", id from jobs where status in ('QUEUED', 'RUNNING') and last_updated < $1`,
    values: [since],
  });
  return rows;
}

/** Jobs of every org that failed before then. */
export async function failedJobs(db: Executor, before: Date): Promise<{ orgId: string; id: string }[]> {
  const { rows } = await db.query<{ orgId: string; id: string }>({
    text: `select org_id as "orgId", id from jobs where status = 'FAILED' and ended < $1 order by org_id, id`,
    values: [before],
  });
  return rows;
}

export async function deleteEnded(db: Executor, before: Date): Promise<void> {
  await db.query({
    text: `with gone as (delete from jobs where status in ('COMPLETED', 'CANCELLED') and ended < $1 returning org_id, id)
           delete from job_problems p using gone where p.org_id = gone.org_id and p.job_id = gone.id`,
    values: [before],
  });
}
