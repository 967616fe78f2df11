/** Imports as they are kept, and as clients see and send them. */
import Type, { type Static } from 'typebox';
import type { BulkOutcome } from '../directory/users/index.ts';
import type { LogActor } from '../system-log/index.ts';

/**
 * NEW waits for a file; UPLOADED for its check; CHECKED for the import. STOPPED: somebody cancelled it, what was imported stays.
 * A paused or failed job leaves the status as it is: the job tells.
 */
export type ImportStatus = 'NEW' | 'UPLOADED' | 'CHECKING' | 'CHECKED' | 'RUNNING' | 'STOPPED' | 'COMPLETED';

export const OUTCOMES = ['create', 'update', 'unchanged', 'skipped', 'error'] as const satisfies BulkOutcome[];
export type Totals = Partial<Record<BulkOutcome, number>>;

const Options = Type.Object(
  {
    /** People who are there already: changed by the file, or left alone. */
    existing: Type.Enum(['UPDATE', 'SKIP']),
    /** New people are PROVISIONED (true) or STAGED. */
    activate: Type.Boolean(),
    unknownGroups: Type.Enum(['ERROR', 'CREATE']),
    /** An empty cell keeps what is there, or takes it away. */
    emptyCells: Type.Enum(['KEEP', 'CLEAR']),
  },
  { additionalProperties: false },
);
export type ImportOptions = Static<typeof Options>;

export const DEFAULT_OPTIONS: ImportOptions = {
  existing: 'UPDATE',
  activate: true,
  unknownGroups: 'ERROR',
  emptyCells: 'KEEP',
};

/** The target of the column whose cells name groups. */
export const GROUPS = 'groups';

export interface Column {
  header: string;
  /** An attribute's variable name, GROUPS, or null: not imported. */
  target: string | null;
  /** False: the cells were not even stored (passwords). */
  stored: boolean;
}

const Target = Type.Object({
  header: Type.Optional(Type.String({ maxLength: 200 })),
  target: Type.Union([Type.Null(), Type.String({ maxLength: 100 })]),
});

const SentOptions = Type.Optional(Type.Partial(Options, { additionalProperties: false }));

export const CreateBody = Type.Object({ options: SentOptions });
export const ChangeBody = Type.Object({
  options: SentOptions,
  columns: Type.Optional(Type.Array(Target, { maxItems: 500 })),
});
export type CreateBody = Static<typeof CreateBody>;
export type ChangeBody = Static<typeof ChangeBody>;

export interface Import {
  id: string;
  orgId: string;
  status: ImportStatus;
  fileName: string | null;
  options: ImportOptions;
  columns: Column[];
  bytes: number;
  rows: number;
  totals: Totals;
  jobId: string | null;
  created: Date;
  createdBy: LogActor;
  checked: Date | null;
  started: Date | null;
  ended: Date | null;
  /** When the rows of the file were deleted. */
  rowsRemoved: Date | null;
  lastUpdated: Date;
  version: number;
}

export interface Change {
  attribute: string;
  /** Null: no value. Values of sensitive attributes are masked. */
  from: unknown;
  to: unknown;
}

export interface RowProblem {
  attribute: string | null;
  code: string;
  message: string;
}

export type ImportWire = ReturnType<typeof importToWire>;
export type ImportRowWire = ReturnType<typeof rowToWire>;

const time = (at: Date | null) => at?.toISOString() ?? null;

/** `samples`: the first cells of each column, where they are known. */
export function importToWire(stored: Import, baseUrl: string, samples: readonly string[][] = []) {
  const self = `${baseUrl}/api/gatehouse/v1/imports/${stored.id}`;
  return {
    id: stored.id,
    status: stored.status,
    fileName: stored.fileName,
    options: stored.options,
    columns: stored.columns.map((column, at) => ({ ...column, samples: samples.map((cells) => cells[at] ?? '') })),
    bytes: stored.bytes,
    rows: stored.rows,
    totals: Object.fromEntries(OUTCOMES.map((outcome) => [outcome, stored.totals[outcome] ?? 0])) as Record<
      BulkOutcome,
      number
    >,
    jobId: stored.jobId,
    created: stored.created.toISOString(),
    createdBy: { id: stored.createdBy.id, displayName: stored.createdBy.displayName },
    checked: time(stored.checked),
    started: time(stored.started),
    ended: time(stored.ended),
    rowsRemoved: time(stored.rowsRemoved),
    lastUpdated: stored.lastUpdated.toISOString(),
    _links: {
      self: { href: self },
      file: { href: `${self}/file` },
      rows: { href: `${self}/rows` },
      errors: { href: `${self}/errors.csv` },
      ...(stored.jobId === null ? {} : { job: { href: `${baseUrl}/api/gatehouse/v1/jobs/${stored.jobId}` } }),
    },
  };
}

export function rowToWire(row: {
  number: number;
  line: number;
  login: string;
  outcome: BulkOutcome | null;
  changes: Change[];
  problems: RowProblem[];
  userId: string | null;
}) {
  const { number, line, login, outcome, changes, problems, userId } = row;
  return { number, line, login, outcome, changes, problems, userId };
}

export const importTarget = (stored: Pick<Import, 'id' | 'fileName'>) => ({
  id: stored.id,
  type: 'Import',
  alternateId: stored.fileName ?? 'unknown',
  displayName: stored.fileName ?? 'CSV',
});
