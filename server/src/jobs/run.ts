/**
 * Doing a job: step by step, each step one transaction that also moves the job's row. So a crash undoes a step with its progress, and
 * two hubs that take the same job do different steps of it.
 */
import { type Database, type Executor, inTransaction } from '../database/index.ts';
import type { Clock } from '../shared/clock.ts';
import type { Json } from '../shared/json.ts';
import type { Logger } from '../shared/log.ts';
import { type Caller, record } from '../system-log/index.ts';
import type { Job } from './schema.ts';
import * as store from './store.ts';

/** Something that could not be done. `at`: a user's login, a line; `code`: stable; `message`: a whole sentence. */
export interface Problem {
  at: string;
  code: string;
  message: string;
}

export interface RunningJob {
  id: string;
  orgId: string;
  subjectId: string | null;
  params: Json;
  /** What the step before has left; null at the first one. */
  cursor: Json;
  /** Who began it: the actor of the events that the work records. */
  caller: Caller;
  /** Counted so far. */
  done: number;
  failed: number;
  /** The time of this step. */
  at: Date;
}

export interface Step {
  cursor: Json;
  /** Things that this step dealt with, those that failed included. */
  done: number;
  failed?: number;
  problems?: readonly Problem[];
  /** When it is known, or known better. */
  total?: number;
  finished: boolean;
}

export interface JobHandler {
  kind: string;
  /** Why nobody may end it early; absent: an administrator may. One that failed is tried again a month later. */
  mustEnd?: string;
  /** At most a few seconds of work. Whatever it throws undoes the step, which is tried again a few times. */
  step(tx: Executor, job: RunningJob): Promise<Step>;
  /** In the transaction of the last step. */
  finished?(tx: Executor, job: RunningJob): Promise<void>;
  /** When somebody ends it early, in that transaction: an administrator, or the hub itself where it failed long ago. */
  cancelled?(tx: Executor, job: RunningJob, by: Caller): Promise<void>;
}

export interface RunDeps {
  database: Database;
  clock: Clock;
  log: Logger;
  handlers(): readonly JobHandler[];
}

/** So many steps that fail one after the other end a job. */
export const MAX_ATTEMPTS = 5;

/** Does what is left of a job until it ends, somebody pauses it, or `signal` asks for a pause of the process. */
export async function runJob(
  deps: RunDeps,
  { orgId, id }: { orgId: string; id: string },
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    if (signal.aborted) {
      await store.enqueue(deps.database, { orgId, id });
      return;
    }
    const more = await attempt(deps, orgId, id);
    if (!more) return;
  }
}

/** True when there is more to do. Throws what a step threw, so that the queue waits before the next attempt; not after the last one. */
async function attempt(deps: RunDeps, orgId: string, id: string): Promise<boolean> {
  try {
    return await inTransaction(deps.database, (tx) => oneStep(tx, deps, orgId, id));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    deps.log.error('job.step_failed', { job: id, reason });
    const ended = await inTransaction(deps.database, (tx) => noteFailure(tx, deps, { orgId, id, reason }));
    if (ended) return false;
    throw error;
  }
}

async function oneStep(tx: Executor, deps: RunDeps, orgId: string, id: string): Promise<boolean> {
  const job = await store.findJob(tx, orgId, id, true);
  if (job === null || (job.status !== 'QUEUED' && job.status !== 'RUNNING')) return false;
  const handler = deps.handlers().find(({ kind }) => kind === job.kind);
  if (handler === undefined)
    throw new Error(`No handler for jobs of kind "${job.kind}": a newer hub may have begun it.`);
  const at = deps.clock.now();
  const step = await handler.step(tx, runningJob(job, at));
  const after: Job = {
    ...job,
    status: step.finished ? 'COMPLETED' : 'RUNNING',
    cursor: step.cursor,
    total: step.total ?? job.total,
    done: job.done + step.done,
    failed: job.failed + (step.failed ?? 0),
    attempts: 0,
    reason: null,
    started: job.started ?? at,
    ended: step.finished ? at : null,
    lastUpdated: at,
  };
  if (step.problems !== undefined && step.problems.length > 0) await keepProblems(tx, job, step.problems);
  await store.saveJob(tx, after);
  if (step.finished) {
    await handler.finished?.(tx, runningJob(after, at));
    await recordEnd(tx, after, at);
  }
  return !step.finished;
}

async function keepProblems(tx: Executor, job: Job, problems: readonly Problem[]): Promise<void> {
  const last = await store.lastProblem(tx, job.orgId, job.id);
  const rows = problems.map(({ at, code, message }, index) => ({ number: last + index + 1, place: at, code, message }));
  await store.insertProblems(tx, job, rows);
}

/** True when it was the last attempt. */
async function noteFailure(
  tx: Executor,
  { clock }: RunDeps,
  { orgId, id, reason }: { orgId: string; id: string; reason: string },
): Promise<boolean> {
  const job = await store.findJob(tx, orgId, id, true);
  if (job === null) return true;
  const at = clock.now();
  const attempts = job.attempts + 1;
  const ended = attempts >= MAX_ATTEMPTS;
  const after: Job = { ...job, attempts, reason, lastUpdated: at };
  if (ended) Object.assign(after, { status: 'FAILED', ended: at });
  await store.saveJob(tx, after);
  if (ended) await recordEnd(tx, after, at);
  return ended;
}

export const runningJob = (job: Job, at: Date): RunningJob => ({
  id: job.id,
  orgId: job.orgId,
  subjectId: job.subjectId,
  params: job.params,
  cursor: job.cursor,
  caller: job.caller,
  done: job.done,
  failed: job.failed,
  at,
});

export async function recordEnd(tx: Executor, job: Job, at: Date): Promise<void> {
  const failed = job.status === 'FAILED';
  await record(tx, {
    orgId: job.orgId,
    type: 'gatehouse.job.end',
    at,
    actor: job.caller.actor,
    outcome: failed ? { result: 'FAILURE', reason: job.reason ?? 'unknown' } : { result: 'SUCCESS' },
    targets: [jobTarget(job)],
    debugData: { status: job.status, done: job.done, failed: job.failed },
  });
}

export const jobTarget = (job: Pick<Job, 'id' | 'kind' | 'title'>) => ({
  id: job.id,
  type: 'Job',
  alternateId: job.kind,
  displayName: job.title,
});
