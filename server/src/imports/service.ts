/** Imports of users and memberships: created, given a file, checked, run, looked at and forgotten. The work itself is done in jobs (jobs.ts). */
import { type Database, type Executor, inTransaction } from '../database/index.ts';
import type { CompiledSchema } from '../directory/profile-schemas/index.ts';
import type { BulkOutcome } from '../directory/users/index.ts';
import { ApiError, apiErrors, type Page, pageOf, requireVersion } from '../http/index.ts';
import type { JobHandler } from '../jobs/index.ts';
import { after, type Clock, DAY } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import { type Caller, doneBy, record } from '../system-log/index.ts';
import { CHECK, importJobs, RUN } from './jobs.ts';
import type { ImportPorts } from './ports.ts';
import { errorReport } from './rows/report.ts';
import { forgetKeys, removeRows, rowsAfter, type StoredRow } from './rows/store.ts';
import { shownRows } from './rows/wire.ts';
import {
  type ChangeBody,
  type Column,
  type CreateBody,
  DEFAULT_OPTIONS,
  GROUPS,
  type Import,
  type ImportOptions,
  type ImportRowWire,
  type ImportStatus,
  importTarget,
} from './schema.ts';
import * as store from './store.ts';
import { templateHeader } from './upload/columns.ts';
import { finishUpload, receive } from './upload/receive.ts';

export interface Imports {
  /** Newest first. */
  list(orgId: string, page: { after?: string; limit: number }): Promise<Page<Import>>;
  /** Throws E0000007. */
  get(orgId: string, id: string): Promise<Import>;
  create(caller: Caller, body: CreateBody): Promise<Import>;
  /** What was checked must be checked again afterwards. Throws E0000001, 409 while it runs, 412. */
  change(caller: Caller, id: string, body: ChangeBody, expectedVersion: number | null): Promise<Import>;
  /** Throws 409 while a check or an import is under way, 412. */
  remove(caller: Caller, id: string, expectedVersion: number | null): Promise<void>;
  /** A new file takes the place of the one before. Throws E0000001 with the line, 409, 413. */
  upload(caller: Caller, id: string, fileName: string | null, bytes: AsyncIterable<Uint8Array>): Promise<Import>;
  /** Begins to find out what would happen. */
  check(caller: Caller, id: string, expectedVersion: number | null): Promise<Import>;
  /** Begins the import of what was checked. Throws 409 for what was not. */
  run(caller: Caller, id: string, expectedVersion: number | null): Promise<Import>;
  rows(
    orgId: string,
    id: string,
    query: { outcome: BulkOutcome | null; after: number; limit: number },
  ): Promise<Page<ImportRowWire>>;
  /** The first cells of the columns. */
  samples(stored: Import): Promise<string[][]>;
  /** Throws E0000007, and 410 when the rows are gone. */
  report(orgId: string, id: string): Promise<AsyncGenerator<string>>;
  template(orgId: string): Promise<string[]>;
  readonly jobs: JobHandler[];
  /** Deletes the rows of imports with which nothing has happened for a week, and those of imports that are gone. */
  purge(): Promise<void>;
}

interface Deps {
  database: Database;
  clock: Clock;
  ports: ImportPorts;
}

type Which = { id: string; expectedVersion: number | null };

const SAMPLES = 3;
const ROWS_KEPT = 7 * DAY;
const QUIET: readonly ImportStatus[] = ['NEW', 'UPLOADED', 'CHECKED', 'STOPPED', 'COMPLETED'];
const WITH_FILE = QUIET.filter((status) => status !== 'NEW');
const RUNNABLE: readonly ImportStatus[] = ['CHECKED', 'STOPPED', 'COMPLETED'];

export function createImports({ database, clock, ports }: Deps): Imports {
  async function get(orgId: string, id: string): Promise<Import> {
    return existing(await store.findImport(database, orgId, id), id);
  }
  const locked = async (tx: Executor, caller: Caller, one: Which, allowed: readonly ImportStatus[]) => {
    const stored = existing(await store.findImport(tx, caller.orgId, one.id, true), one.id);
    requireVersion(one.expectedVersion, stored);
    if (!allowed.includes(stored.status)) throw wrongStatus(stored);
    return stored;
  };
  const save = async (tx: Executor, stored: Import, changes: Partial<Import>): Promise<Import> => {
    await store.saveImport(tx, { ...stored, ...changes, lastUpdated: clock.now() });
    return existing(await store.findImport(tx, stored.orgId, stored.id), stored.id);
  };
  const begin = async (tx: Executor, caller: Caller, stored: Import, kind: typeof CHECK | typeof RUN) => {
    requireLogin(stored);
    const title = `${kind === CHECK ? 'Check' : 'Import'} ${stored.fileName ?? 'a CSV file'}`;
    return ports.jobs.start(tx, caller, { kind, title, params: {}, total: stored.rows, subjectId: stored.id });
  };

  return {
    get,
    list: async (orgId, { after: from, limit }) =>
      pageOf(await store.listImports(database, orgId, from ?? null, limit + 1), limit, ({ id }) => id),
    create: (caller, { options }) =>
      inTransaction(database, async (tx) => {
        const stored = newImport(caller, { ...DEFAULT_OPTIONS, ...options }, clock.now());
        await store.insertImport(tx, stored);
        return stored;
      }),
    async change(caller, id, body, expectedVersion) {
      const schema = await ports.schemas.compiledUserSchema(caller.orgId);
      return inTransaction(database, async (tx) => {
        const stored = await locked(tx, caller, { id, expectedVersion }, QUIET);
        return save(tx, stored, {
          options: { ...stored.options, ...body.options },
          columns: body.columns === undefined ? stored.columns : retargeted(stored.columns, body.columns, schema),
          ...(stored.status === 'NEW' ? {} : { status: 'UPLOADED', totals: {}, checked: null }),
        });
      });
    },
    async remove(caller, id, expectedVersion) {
      await inTransaction(database, async (tx) => {
        await locked(tx, caller, { id, expectedVersion }, QUIET);
        await store.deleteImport(tx, caller.orgId, id);
      });
      // Nothing can begin with them any more; what a crash leaves here is removed by the next purge.
      await removeRows(database, { orgId: caller.orgId, id });
    },
    async upload(caller, id, fileName, bytes) {
      const schema = await ports.schemas.compiledUserSchema(caller.orgId);
      const empty = { fileName, columns: [], rows: 0, bytes: 0, totals: {}, jobId: null };
      const times = { checked: null, started: null, ended: null, rowsRemoved: null };
      await inTransaction(database, async (tx) => {
        await save(tx, await locked(tx, caller, { id, expectedVersion: null }, QUIET), {
          status: 'NEW',
          ...empty,
          ...times,
        });
      });
      const place = { orgId: caller.orgId, id };
      await finishUpload(database, place, await receive({ database, schema }, place, bytes), clock.now());
      return get(caller.orgId, id);
    },
    check: (caller, id, expectedVersion) =>
      inTransaction(database, async (tx) => {
        const stored = withRows(await locked(tx, caller, { id, expectedVersion }, WITH_FILE));
        const job = await begin(tx, caller, stored, CHECK);
        await forgetKeys(tx, stored);
        return save(tx, stored, { status: 'CHECKING', jobId: job.id, totals: {}, checked: null });
      }),
    run: (caller, id, expectedVersion) =>
      inTransaction(database, async (tx) => {
        const stored = withRows(await locked(tx, caller, { id, expectedVersion }, RUNNABLE));
        const job = await begin(tx, caller, stored, RUN);
        const at = clock.now();
        const told = { targets: [importTarget(stored)], debugData: { rows: stored.rows } };
        await record(tx, doneBy(caller, { type: 'system.import.start', at, ...told }));
        return save(tx, stored, { status: 'RUNNING', jobId: job.id, totals: {}, started: at, ended: null });
      }),
    rows: async (orgId, id, query) => readRows(database, ports, await get(orgId, id), query),
    samples: async (stored) =>
      stored.rowsRemoved === null ? (await rowsAfter(database, stored, 0, SAMPLES)).map(({ cells }) => cells) : [],
    report: async (orgId, id) => errorReport(database, withRows(await get(orgId, id))),
    template: async (orgId) => templateHeader(await ports.schemas.compiledUserSchema(orgId)),
    jobs: importJobs(ports),
    async purge() {
      const at = clock.now();
      await store.giveUpOldRows(database, after(at, -ROWS_KEPT), at);
      for (const place of await store.abandonedRows(database)) await removeAbandoned(database, place);
    },
  };
}

/** The import is held, so that no new file comes in between. */
const removeAbandoned = (database: Database, place: { orgId: string; id: string }) =>
  inTransaction(database, async (tx) => {
    const stored = await store.findImport(tx, place.orgId, place.id, true);
    if (stored === null || stored.rowsRemoved !== null) await removeRows(tx, place);
  });

function newImport({ orgId, actor }: Caller, options: ImportOptions, at: Date): Import {
  return {
    ...{ id: newId('import', at), orgId, status: 'NEW', fileName: null, options, columns: [] },
    ...{ bytes: 0, rows: 0, totals: {}, jobId: null, created: at, createdBy: actor, checked: null, started: null },
    ...{ ended: null, rowsRemoved: null, lastUpdated: at, version: 1 },
  };
}

function existing(stored: Import | null, id: string): Import {
  if (stored === null) throw apiErrors.notFound(id, 'Import');
  return stored;
}

function withRows(stored: Import): Import {
  if (stored.rowsRemoved === null) return stored;
  throw new ApiError(410, 'E0000007', 'The rows of this import are gone', [
    `The rows of the file were deleted on ${stored.rowsRemoved.toISOString()}, a week after the last change. Send the file again.`,
  ]);
}

async function readRows(
  database: Database,
  { schemas }: ImportPorts,
  stored: Import,
  { outcome, after: from, limit }: Parameters<Imports['rows']>[2],
): Promise<Page<ImportRowWire>> {
  if (stored.rowsRemoved !== null) return { items: [], after: null };
  const done = doneRows(stored);
  const last = outcome === null || outcome === 'error' ? null : done;
  const rows = await rowsAfter(database, stored, from, limit + 1, outcome, last);
  const page = pageOf(rows, limit, ({ number }) => String(number));
  const items = page.items.map((row) => asDone(row, done));
  const schema = await schemas.compiledUserSchema(stored.orgId);
  return { items: shownRows(items, stored, schema, schemas.coerce), after: page.after };
}

/** How many rows a stopped import has dealt with, in their order; of others what was found out last counts for every row. */
const doneRows = ({ status, totals }: Import): number | null =>
  status === 'STOPPED' ? Object.values(totals).reduce((sum, count) => sum + count, 0) : null;

/** What the check found out about a row that was not reached has not happened; an error is one still. */
const asDone = (row: StoredRow, done: number | null): StoredRow =>
  done === null || row.number <= done || row.outcome === 'error' ? row : { ...row, outcome: null, detail: null };

const EXPECTED: Readonly<Record<ImportStatus, string>> = {
  NEW: 'it has no file yet: send one first',
  UPLOADED: 'it was not checked since the last change: check it first',
  CHECKING: 'its check is under way: wait for it, or cancel its job',
  CHECKED: 'it is checked',
  RUNNING: 'it runs: wait for it, or cancel its job',
  STOPPED: 'it was stopped',
  COMPLETED: 'it is complete',
};

function wrongStatus({ status }: Import): ApiError {
  return new ApiError(409, 'E0000001', 'Api validation failed: status', [
    `status: this is not possible while the import is ${status}: ${EXPECTED[status]}.`,
  ]);
}

/** People are found by login, so some column must be one. */
function requireLogin({ columns }: Import): void {
  if (columns.some(({ target }) => target === 'login')) return;
  throw apiErrors.validation(
    'columns',
    'columns: choose the column that holds the login (Username); people are found by it',
  );
}

/** The stored columns with the targets that a client has chosen. Throws E0000001. */
function retargeted(
  columns: readonly Column[],
  sent: NonNullable<ChangeBody['columns']>,
  schema: CompiledSchema,
): Column[] {
  const problem = (what: string) => apiErrors.validation('columns', `columns: ${what}`);
  if (sent.length !== columns.length)
    throw problem(`expected ${columns.length}, one for each column of the file, and found ${sent.length}`);
  const taken = new Set<string>();
  return columns.map((column, at) => {
    const { header, target } = sent[at]!;
    if (header !== undefined && header !== column.header)
      throw problem(`column ${at + 1} of the file is "${column.header}", not "${header}"`);
    if (target === null) return { ...column, target };
    if (!column.stored) throw problem(`"${column.header}" looks like a password; its cells were not stored`);
    if (target !== GROUPS && !schema.attributes.has(target)) throw problem(`there is no attribute "${target}"`);
    if (taken.has(target)) throw problem(`two columns are "${target}"`);
    taken.add(target);
    return { ...column, target };
  });
}
