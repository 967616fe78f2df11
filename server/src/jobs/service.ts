/** Jobs as modules begin them and as administrators watch and steer them. */
import { type Database, type Executor, inTransaction } from '../database/index.ts';
import { ApiError, apiErrors, type Page, pageOf, requireVersion } from '../http/index.ts';
import { after, type Clock, DAY, MINUTE } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import type { Json } from '../shared/json.ts';
import type { Logger } from '../shared/log.ts';
import { type Caller, doneBy, type EventTypeName, record, SYSTEM_ACTOR } from '../system-log/index.ts';
import { type JobHandler, jobTarget, recordEnd, runJob, runningJob } from './run.ts';
import { type Job, OPERATIONS, type Operation } from './schema.ts';
import * as store from './store.ts';

export interface StartJob {
  /** Of the handler. */
  kind: string;
  /** What an administrator reads: "Apply ID.me IdP - OIDC to everybody". */
  title: string;
  params: Json;
  /** Things to do; null when a step will find out. */
  total: number | null;
  /** What it is about. A job of the same kind and subject that has not ended refuses a second one, unless `join`. */
  subjectId?: string;
  /**
   * A job of the same kind, subject and params that has not begun does this work too: the change that wants it commits before the first
   * step. Without one a job begins, beside those that run. `title`: of a job that does the work of several changes.
   */
  join?: { title: string };
}

export interface JobQuery {
  kind?: string;
  subjectId?: string;
  status?: string;
  after?: string;
}

export interface Jobs {
  /**
   * Begins a job in the caller's transaction, or joins one. Throws 409 when one of this kind is under way for the subject. With `join` it
   * is to be the last thing of the transaction that waits for others: they wait here until the transaction ends.
   */
  start(tx: Executor, caller: Caller, job: StartJob): Promise<Job>;
  /** Throws E0000007. */
  get(orgId: string, id: string): Promise<Job>;
  /** Newest first. */
  list(orgId: string, query: JobQuery, limit: number): Promise<Page<Job>>;
  /** What an administrator may do with it now. */
  possible(job: Job): Operation[];
  /** Throws E0000007, 412, and 409 where that is not possible. */
  steer(caller: Caller, id: string, operation: Operation, expectedVersion: number | null): Promise<Job>;
  problems(orgId: string, id: string, after: number, limit: number): Promise<store.ProblemRow[]>;
  /** The queue's task `job`. */
  run(payload: unknown, signal: AbortSignal): Promise<void>;
  /** Wakes jobs whose hub died under them. */
  wakeStalled(): Promise<void>;
  /**
   * Forgets jobs that ended a month ago; those that failed then, and that nobody resumed, are cancelled and kept for another month, or
   * resumed where they must end.
   */
  purge(): Promise<void>;
}

interface Deps {
  database: Database;
  clock: Clock;
  log: Logger;
  /** Read when a job runs: handlers come from modules that are made later. */
  handlers(): readonly JobHandler[];
}

const STALLED_AFTER = 2 * MINUTE;
const KEPT = 30 * DAY;

export function createJobs(deps: Deps): Jobs {
  const { database, clock } = deps;

  async function get(orgId: string, id: string): Promise<Job> {
    const job = await store.findJob(database, orgId, id);
    if (job === null) throw apiErrors.notFound(id, 'Job');
    return job;
  }
  const handlerOf = ({ kind }: Job) => deps.handlers().find((handler) => handler.kind === kind);

  return {
    get,
    async start(tx, caller, wanted) {
      const at = clock.now();
      const { orgId } = caller;
      const { kind, title, params, total, subjectId = null, join } = wanted;
      if (join === undefined && subjectId !== null) await refuseSecond(tx, orgId, kind, subjectId);
      const waiting = join === undefined ? null : await joinWaiting(tx, caller, { ...wanted, title: join.title }, at);
      if (waiting !== null) return waiting;
      const job: Job = {
        ...{
          id: newId('job', at),
          orgId,
          kind,
          title,
          subjectId,
          status: 'QUEUED',
          params,
          cursor: null,
          caller,
          total,
        },
        ...{ done: 0, failed: 0, attempts: 0, reason: null, created: at, started: null, ended: null },
        ...{ lastUpdated: at, version: 1 },
      };
      await store.insertJob(tx, job);
      await store.enqueue(tx, job);
      await record(tx, jobEvent('gatehouse.job.start', caller, job, at));
      return job;
    },
    list: async (orgId, query, limit) =>
      pageOf(await store.listJobs(database, orgId, { ...query, limit: limit + 1 }), limit, ({ id }) => id),
    possible: (job) =>
      (Object.keys(OPERATIONS) as Operation[]).filter(
        (name) => OPERATIONS[name].from.includes(job.status) && !(name === 'cancel' && handlerOf(job)?.mustEnd),
      ),
    steer: (caller, id, operation, expectedVersion) =>
      inTransaction(database, async (tx) => {
        const job = await store.findJob(tx, caller.orgId, id, true);
        if (job === null) throw apiErrors.notFound(id, 'Job');
        requireVersion(expectedVersion, job);
        if (!OPERATIONS[operation].from.includes(job.status)) throw wrongStatus(operation, job);
        const mustEnd = operation === 'cancel' && handlerOf(job)?.mustEnd;
        if (mustEnd) throw conflict('cancel', `cancel: "${job.title}" cannot be ended early: ${mustEnd}`);
        return steer(tx, deps, { caller, job, operation });
      }),
    async problems(orgId, id, from, limit) {
      await get(orgId, id);
      return store.problemsAfter(database, orgId, id, from, limit);
    },
    async run(payload, signal) {
      const { orgId, id } = payload as { orgId: string; id: string };
      await runJob(deps, { orgId, id }, signal);
    },
    async wakeStalled() {
      for (const job of await store.stalledJobs(database, after(clock.now(), -STALLED_AFTER))) {
        await store.enqueue(database, job);
      }
    },
    async purge() {
      const before = after(clock.now(), -KEPT);
      for (const job of await store.failedJobs(database, before)) await giveUp(deps, job);
      await store.deleteEnded(database, before);
    },
  };
}

/** Of a locked job whose status allows it. */
async function steer(
  tx: Executor,
  { clock, handlers }: Deps,
  { caller, job, operation }: { caller: Caller; job: Job; operation: Operation },
): Promise<Job> {
  const at = clock.now();
  const ended = operation === 'cancel' ? at : null;
  const { to } = OPERATIONS[operation];
  const steered: Job = { ...job, status: to, attempts: 0, ended, lastUpdated: at, version: job.version + 1 };
  await store.saveJob(tx, steered);
  await record(tx, jobEvent(`gatehouse.job.${operation}`, caller, steered, at));
  if (operation === 'resume') await store.enqueue(tx, steered);
  if (operation === 'cancel') {
    const handler = handlers().find(({ kind }) => kind === job.kind);
    await handler?.cancelled?.(tx, runningJob(steered, at), caller);
    await recordEnd(tx, steered, at);
  }
  return steered;
}

/** A job that failed and was not resumed is ended as an administrator would end it, or resumed: what it was about is not left half done. */
async function giveUp(deps: Deps, { orgId, id }: { orgId: string; id: string }): Promise<void> {
  try {
    await inTransaction(deps.database, async (tx) => {
      const job = await store.findJob(tx, orgId, id, true);
      if (job?.status !== 'FAILED') return;
      const caller: Caller = { orgId, baseUrl: job.caller.baseUrl, actor: SYSTEM_ACTOR };
      const handler = deps.handlers().find(({ kind }) => kind === job.kind);
      await steer(tx, deps, { caller, job, operation: handler?.mustEnd ? 'resume' : 'cancel' });
    });
  } catch (error) {
    deps.log.error('job.give_up_failed', { job: id, reason: error instanceof Error ? error.message : String(error) });
  }
}

/** Two changes at once do not begin two jobs: the later one finds what the earlier one has begun. */
async function joinWaiting(tx: Executor, caller: Caller, wanted: StartJob, at: Date): Promise<Job | null> {
  const { kind, subjectId = null, ...rest } = wanted;
  await store.lockSubject(tx, caller.orgId, kind, subjectId ?? '');
  const job = await store.joinWaiting(tx, caller.orgId, { ...rest, kind, subjectId, at });
  if (job === null) return null;
  await store.enqueue(tx, job);
  await record(tx, jobEvent('gatehouse.job.join', caller, job, at));
  return job;
}

async function refuseSecond(tx: Executor, orgId: string, kind: string, subjectId: string): Promise<void> {
  await store.lockSubject(tx, orgId, kind, subjectId);
  const last = await store.openJob(tx, orgId, kind, subjectId);
  if (last === null) return;
  throw conflict(
    'job',
    `job: "${last.title}" is under way already (${last.id}, ${last.status}): wait for it, or cancel it first`,
  );
}

function wrongStatus(operation: Operation, job: Job): ApiError {
  const done = { pause: 'paused', resume: 'resumed', cancel: 'cancelled' }[operation];
  return conflict('status', `status: a job that is ${job.status} cannot be ${done}`);
}

const conflict = (field: string, sentence: string) =>
  new ApiError(409, 'E0000001', `Api validation failed: ${field}`, [sentence]);

const jobEvent = (type: EventTypeName, caller: Caller, job: Job, at: Date) =>
  doneBy(caller, { type, at, targets: [jobTarget(job)] });
