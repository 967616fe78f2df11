/** Checks and imports as jobs: 1,000 rows a step, each step one transaction with the totals that it moves. */
import type { Executor } from '../database/index.ts';
import type { JobHandler, Problem, RunningJob, Step } from '../jobs/index.ts';
import { record } from '../system-log/index.ts';
import type { ImportPorts } from './ports.ts';
import { applyRows } from './rows/apply.ts';
import { checkRows } from './rows/check.ts';
import type { RowDecision } from './rows/decide.ts';
import { rowsAfter, type StoredRow } from './rows/store.ts';
import { type Import, type ImportStatus, importTarget, type Totals } from './schema.ts';
import { findImport, saveImport, saveTotals } from './store.ts';

export const CHECK = 'import.check';
export const RUN = 'import.run';
const ROWS_A_STEP = 1_000;

type Outcome = { row: StoredRow; decision: Pick<RowDecision, 'outcome' | 'problems'> };
type DealWith = (tx: Executor, job: RunningJob, stored: Import, rows: readonly StoredRow[]) => Promise<Outcome[]>;

export function importJobs(ports: ImportPorts): JobHandler[] {
  const facts = async (tx: Executor, { id, orgId, caller, at }: RunningJob, lock: boolean) => ({
    schema: await ports.schemas.compiledUserSchema(orgId),
    how: {
      // Read at each step: a role that was taken away counts at once.
      administrators: await ports.isSuperAdministrator(tx, orgId, caller.actor.id),
      lock,
      origin: { at: at.toISOString(), by: caller.actor.id, job: id },
    },
  });
  return [
    handler(CHECK, { finished: 'CHECKED', cancelled: 'UPLOADED' }, async (tx, job, stored, rows) => {
      const decisions = await checkRows(tx, ports, { stored, rows, ...(await facts(tx, job, false)) });
      return decisions.map((decision, at) => ({ row: rows[at]!, decision }));
    }),
    handler(RUN, { finished: 'COMPLETED', cancelled: 'STOPPED' }, async (tx, job, stored, rows) => {
      const { caller, at } = job;
      return applyRows(tx, ports, { caller, stored, rows, at, ...(await facts(tx, job, true)) });
    }),
  ];
}

function handler(
  kind: typeof CHECK | typeof RUN,
  ends: { finished: ImportStatus; cancelled: ImportStatus },
  dealWith: DealWith,
): JobHandler {
  const end = async (tx: Executor, job: RunningJob, status: ImportStatus) => {
    const stored = await lockImport(tx, job);
    const times = kind === CHECK ? { checked: status === 'CHECKED' ? job.at : null } : { ended: job.at };
    const after = { ...stored, ...times, status, lastUpdated: job.at };
    await saveImport(tx, after);
    if (kind === RUN) await recordComplete(tx, job, after);
  };
  return {
    kind,
    async step(tx, job): Promise<Step> {
      const stored = await lockImport(tx, job);
      const after = Number(job.cursor ?? 0);
      const rows = await rowsAfter(tx, stored, after, ROWS_A_STEP);
      const outcomes = rows.length === 0 ? [] : await dealWith(tx, job, stored, rows);
      const totals: Totals = { ...stored.totals };
      for (const { decision } of outcomes) totals[decision.outcome] = (totals[decision.outcome] ?? 0) + 1;
      await saveTotals(tx, stored.orgId, stored.id, totals, job.at);
      const failed = outcomes.filter(({ decision }) => decision.outcome === 'error');
      return {
        cursor: rows.at(-1)?.number ?? after,
        done: rows.length,
        failed: failed.length,
        problems: failed.flatMap(problemsOf),
        finished: rows.length < ROWS_A_STEP,
      };
    },
    finished: (tx, job) => end(tx, job, ends.finished),
    cancelled: (tx, job) => end(tx, job, ends.cancelled),
  };
}

async function lockImport(tx: Executor, { orgId, subjectId }: RunningJob): Promise<Import> {
  const stored = await findImport(tx, orgId, subjectId ?? '', true);
  if (stored === null) throw new Error(`The import ${subjectId} is gone.`);
  return stored;
}

function problemsOf({ row, decision }: Outcome): Problem[] {
  return decision.problems.map(({ code, message }) => ({ at: `line ${row.line}`, code, message }));
}

async function recordComplete(tx: Executor, { orgId, caller, at }: RunningJob, stored: Import): Promise<void> {
  await record(tx, {
    orgId,
    type: 'system.import.complete',
    at,
    actor: caller.actor,
    targets: [importTarget(stored)],
    debugData: { status: stored.status, rows: stored.rows, ...stored.totals },
  });
}
