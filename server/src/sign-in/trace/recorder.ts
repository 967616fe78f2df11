/**
 * Collects the steps of running sign-ins and writes them in batches, off the sign-in's path (rulings 40: best effort). Memory is
 * bounded: beyond the limit the oldest unwritten steps are given up, and the loss is logged.
 */
import type { Database } from '../../database/index.ts';
import type { Clock } from '../../shared/clock.ts';
import { timeOrdered } from '../../shared/ids.ts';
import type { Logger } from '../../shared/log.ts';
import type { SecretBox } from '../../shared/secret-box.ts';
import { TRACE_PURPOSE, writtenStep } from './sealing.ts';
import { type TraceBatch, writeTraces } from './store.ts';
import type { Trace, TraceFacts } from './trace.ts';

const FLUSH_AFTER_MS = 250;
const MAX_WAITING = 5_000;
const MAX_BATCH = 200;
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
  const waiting = new Map<string, TraceBatch>();
  const key = deps.secretBox.derive(TRACE_PURPOSE);
  let timer: NodeJS.Timeout | null = null;
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
    const fresh: TraceBatch = { orgId, id, startedAt: now, lastAt: now, steps: [] };
    waiting.set(place, fresh);
    timer ??= setTimeout(() => void flush(), FLUSH_AFTER_MS).unref();
    return fresh;
  }

  async function flush(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const batch = [...waiting.entries()].slice(0, MAX_BATCH);
    for (const [place] of batch) waiting.delete(place);
    if (batch.length > 0) {
      writing = writing
        .then(() =>
          writeTraces(
            database,
            batch.map(([, value]) => value),
          ),
        )
        .catch((error: unknown) => log.warn('trace_not_written', { traces: batch.length, error }));
    }
    await writing;
    if (waiting.size > 0) await flush();
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
    flush,
  };
}

/** 16 characters, ordered by time: short enough to be read out on the telephone, long enough not to be guessed. */
export const newTraceId = (at: Date): string => timeOrdered(at, 8);
