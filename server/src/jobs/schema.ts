/** A job as it is stored and as others see it; which change of status is possible, as a table. */
import type { Json } from '../shared/json.ts';
import type { Caller } from '../system-log/index.ts';

export type JobStatus = 'QUEUED' | 'RUNNING' | 'PAUSED' | 'COMPLETED' | 'FAILED' | 'CANCELLED';

export interface Job {
  id: string;
  orgId: string;
  kind: string;
  /** A whole sentence or heading that an administrator reads. */
  title: string;
  /** What the work is about: a mapping, a rule, an import. */
  subjectId: string | null;
  status: JobStatus;
  params: Json;
  cursor: Json;
  caller: Caller;
  /** Things to do; null until it is known. */
  total: number | null;
  done: number;
  /** Of those done, how many could not be done. */
  failed: number;
  /** Steps that failed as a whole, one after the other. */
  attempts: number;
  /** Why the last step failed as a whole. */
  reason: string | null;
  created: Date;
  started: Date | null;
  ended: Date | null;
  lastUpdated: Date;
  version: number;
}

export type Operation = 'pause' | 'resume' | 'cancel';

export const OPERATIONS: Readonly<Record<Operation, { from: readonly JobStatus[]; to: JobStatus }>> = {
  pause: { from: ['QUEUED', 'RUNNING'], to: 'PAUSED' },
  resume: { from: ['PAUSED', 'FAILED'], to: 'QUEUED' },
  cancel: { from: ['QUEUED', 'RUNNING', 'PAUSED', 'FAILED'], to: 'CANCELLED' },
};

export type JobWire = ReturnType<typeof jobToWire>;

/** `possible`: what an administrator may do with it now. */
export function jobToWire(job: Job, { baseUrl, possible }: { baseUrl: string; possible: readonly Operation[] }) {
  const self = `${baseUrl}/api/gatehouse/v1/jobs/${job.id}`;
  return {
    id: job.id,
    kind: job.kind,
    title: job.title,
    subjectId: job.subjectId,
    status: job.status,
    total: job.total,
    done: job.done,
    failed: job.failed,
    reason: job.reason,
    startedBy: { id: job.caller.actor.id, displayName: job.caller.actor.displayName },
    created: job.created.toISOString(),
    started: job.started?.toISOString() ?? null,
    ended: job.ended?.toISOString() ?? null,
    lastUpdated: job.lastUpdated.toISOString(),
    _links: {
      self: { href: self },
      problems: { href: `${self}/problems.csv` },
      ...Object.fromEntries(possible.map((name) => [name, { href: `${self}/lifecycle/${name}`, method: 'POST' }])),
    },
  };
}
