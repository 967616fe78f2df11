import { type CronItem, parseCronItems, run, type TaskList } from 'graphile-worker';
import type { Json } from '../shared/json.ts';
import type { Logger } from '../shared/log.ts';
import type { Database, Executor } from './executor.ts';
import { jobLogger } from './job-log.ts';

/** Does one job. A thrown error means: try again later, with growing pauses. `signal` fires when the process wants to stop. */
export type Task = (payload: unknown, signal: AbortSignal) => Promise<void>;

/** A task that runs by the calendar: `match` in crontab's five fields, in UTC, at most once over all hubs. */
export interface Schedule {
  task: string;
  match: string;
  /** The window in which a run that was missed while no hub was up is made good. Default: none. */
  backfillMs?: number;
}

/** Leaves a job for `startJobs`' task of that name, in the caller's transaction. */
export async function addJob(tx: Executor, task: string, payload: Json): Promise<void> {
  await tx.query({
    text: 'select graphile_worker.add_job($1::text, $2::json)',
    values: [task, JSON.stringify(payload)],
  });
}

export interface JobsOptions {
  database: Database;
  tasks: Record<string, Task>;
  schedules: readonly Schedule[];
  log: Logger;
  /** Jobs at a time in this process. */
  concurrency?: number;
}

export interface Jobs {
  /** Takes no more jobs and waits for the running ones; what does not end within five seconds is told so and tried again later. */
  stop(): Promise<void>;
}

/**
 * Runs jobs that were committed with `SELECT graphile_worker.add_job(…)`, in this and every other hub on the database. A NOTIFY wakes
 * it at once; a poll every two seconds stands beside it. Shares the pool: each running job may hold one connection of its own, and one
 * listens.
 */
export async function startJobs({ database, tasks, schedules, log, concurrency = 2 }: JobsOptions): Promise<Jobs> {
  const runner = await run({
    pgPool: database.pool,
    concurrency,
    pollInterval: 2_000,
    noHandleSignals: true,
    taskList: taskList(tasks),
    parsedCronItems: parseCronItems(schedules.map(cronItem)),
    logger: jobLogger(log),
  });
  // The queue ends by itself only after an error of its own; the promise must not go unobserved.
  runner.promise.catch((error: Error) => log.error('jobs.stopped', { reason: error.message }));
  let stopping: Promise<void> | undefined;
  return {
    stop() {
      stopping ??= runner.stop();
      return stopping;
    },
  };
}

function taskList(tasks: Record<string, Task>): TaskList {
  return Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [
      name,
      (payload: unknown, helpers: { abortSignal: AbortSignal }) => task(payload, helpers.abortSignal),
    ]),
  );
}

function cronItem({ task, match, backfillMs = 0 }: Schedule): CronItem {
  return { task, match, identifier: task, options: { backfillPeriod: backfillMs, jobKey: task } };
}
