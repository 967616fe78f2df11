/**
 * Collects the steps of running sign-ins and writes them in batches, off the sign-in's path (rulings 40: best effort). Each waits long
 * enough that requests that follow each other closely (callback, token) make one write. Memory is bounded: beyond the limit the oldest
 * unwritten steps are given up, and the loss is logged.
 */
import { createSecretKey } from 'node:crypto';
import type { Database } from '../../database/index.ts';
import type { Clock } from '../../shared/clock.ts';
import { timeOrdered } from '../../shared/ids.ts';
import type { Logger } from '../../shared/log.ts';
import type { SecretBox } from '../../shared/secret-box.ts';
import { TRACE_PURPOSE, writtenStep } from './sealing.ts';
import { type TraceBatch, writeTraces } from './store.ts';
import type { Trace, TraceFacts } from './trace.ts';

const WAIT_MS = 2_000;
const BETWEEN_WRITES_MS = 500;
const MAX_WAITING = 5_000;
/** Small enough that its JSON does not hold up the requests of the moment. */
const MAX_BATCH = 50;
const MAX_STEPS_PER_REQUEST = 60;

export interface Traces {
  start(orgId: string, facts?: TraceFacts): Trace;
  /** The trace of a sign-in that began in an earlier request. */
  resume(orgId: string, id: string): Trace;
  /** Writes what waits; for reading one's own trace, and at the end of the process. */
  flush(): Promise<void>;
}

export function createTraces(deps: { database: Database; clock: Clock; log: Logger; secretBox: SecretBox }): Traces {
  const { database, clock, log } = deps;
  /** The map's order is the order of their first step, and so of the time at which they are due. */
  const waiting = new Map<string, TraceBatch & { due: number }>();
  const key = createSecretKey(deps.secretBox.derive(TRACE_PURPOSE));
  let waking = false;
  let writing: Promise<void> = Promise.resolve();

  function entry(orgId: string, id: string): TraceBatch {
    const place = `${orgId}/${id}`;
    const kept = waiting.get(place);
    if (kept !== undefined) return kept;
    const oldest = waiting.size >= MAX_WAITING ? waiting.keys().next().value : undefined;
    if (oldest !== undefined) {
      waiting.delete(oldest);
      log.warn('trace_given_up', { waiting: waiting.size });
    }
    const now = clock.now();
    const fresh = { orgId, id, startedAt: now, lastAt: now, steps: [], due: performance.now() + WAIT_MS };
    waiting.set(place, fresh);
    wake(WAIT_MS);
    return fresh;
  }

  function wake(afterMs: number): void {
    if (waking) return;
    waking = true;
    setTimeout(() => void writeDue(), afterMs).unref();
  }

  async function writeDue(): Promise<void> {
    const time = performance.now();
    await write((entry) => entry.due <= time);
    waking = false;
    const next = waiting.values().next().value;
    if (next !== undefined) wake(Math.max(BETWEEN_WRITES_MS, next.due - performance.now()));
  }

  /** Writes from the oldest on, as long as they are `wanted`. */
  async function write(wanted: (entry: { due: number }) => boolean): Promise<void> {
    for (let batch = take(wanted); batch.length > 0; batch = take(wanted)) {
      const written = batch;
      writing = writing
        .then(() => writeTraces(database, written))
        .catch((error: unknown) => log.warn('trace_not_written', { traces: written.length, error }));
      await writing;
    }
    await writing;
  }

  function take(wanted: (entry: { due: number }) => boolean): TraceBatch[] {
    const batch: TraceBatch[] = [];
    for (const [place, { due, ...entry }] of waiting) {
      if (batch.length === MAX_BATCH || !wanted({ due })) break;
      waiting.delete(place);
      batch.push(entry);
    }
    return batch;
  }

  const traceOf = (orgId: string, id: string): Trace => ({
    id,
    fact(facts) {
      Object.assign(entry(orgId, id), facts);
    },
    step(step) {
      const batch = entry(orgId, id);
      const at = clock.now();
      batch.lastAt = at;
      if (batch.steps.length >= MAX_STEPS_PER_REQUEST) return;
      batch.steps.push(writtenStep(step, at, { orgId, traceId: id, key }));
    },
  });

  return {
    start(orgId, facts = {}) {
      const trace = traceOf(orgId, newTraceId(clock.now()));
      trace.fact(facts);
      return trace;
    },
    resume: traceOf,
    flush: () => write(() => true),
  };
}

/** 16 characters, ordered by time: short enough to be read out on the telephone, long enough not to be guessed. */
export const newTraceId = (at: Date): string => timeOrdered(at, 8);
