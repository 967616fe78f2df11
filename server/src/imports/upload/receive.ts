/**
 * A file on its way in: bytes to text to rows, stored a batch at a time, so that neither the file is ever held whole nor a transaction
 * stays open while a slow client sends. Whatever is wrong with it, nothing of it stays.
 */
import { type Database, inTransaction } from '../../database/index.ts';
import type { CompiledSchema } from '../../directory/profile-schemas/index.ts';
import { ApiError, apiErrors } from '../../http/index.ts';
import { type CsvRow, createCsvParser } from '../../protocol/csv/index.ts';
import { randomSecret } from '../../shared/ids.ts';
import type { Result } from '../../shared/result.ts';
import { insertRows, removeRows } from '../rows/store.ts';
import type { Column } from '../schema.ts';
import { findImport, isUploading, saveImport, setUpload } from '../store.ts';
import { columnsOf } from './columns.ts';
import { createTextReader } from './text.ts';

const MAX_FILE_BYTES = 256 * 1024 * 1024;
const MAX_ROWS = 500_000;
const LIMITS = { cell: 32_768, row: 131_072, cells: 500 };

const BATCH_ROWS = 1_000;
const BATCH_CHARACTERS = 1_000_000;

interface Receiving {
  database: Database;
  schema: CompiledSchema;
  /** MAX_FILE_BYTES unless stated. */
  maxBytes?: number;
}

export interface Received {
  columns: Column[];
  rows: number;
  bytes: number;
}

/** Stores the rows of a file in the place of those before. Throws 400 with the line, 409, and 413 above `MAX_FILE_BYTES`. */
export async function receive(
  deps: Receiving,
  place: { orgId: string; id: string },
  bytes: AsyncIterable<Uint8Array>,
): Promise<Received & { upload: string }> {
  const { database } = deps;
  const upload = randomSecret(12);
  await setUpload(database, place.orgId, place.id, upload);
  await removeRows(database, place);
  try {
    return { ...(await readAll(deps, place, upload, bytes)), upload };
  } catch (error) {
    await inTransaction(database, async (tx) => {
      if (await isUploading(tx, place.orgId, place.id, upload)) await removeRows(tx, place);
    });
    throw error;
  }
}

/** The last word of an upload; throws 409 where another one has begun meanwhile. */
export async function finishUpload(
  database: Database,
  { orgId, id }: { orgId: string; id: string },
  { upload, ...received }: Received & { upload: string },
  at: Date,
): Promise<void> {
  await inTransaction(database, async (tx) => {
    const stored = (await isUploading(tx, orgId, id, upload)) ? await findImport(tx, orgId, id) : null;
    if (stored === null) throw superseded();
    await saveImport(tx, { ...stored, ...received, status: 'UPLOADED', lastUpdated: at });
    await setUpload(tx, orgId, id, null);
  });
}

async function readAll(
  { database, schema, maxBytes = MAX_FILE_BYTES }: Receiving,
  place: { orgId: string; id: string },
  upload: string,
  bytes: AsyncIterable<Uint8Array>,
): Promise<Received> {
  const reader = createTextReader();
  const parser = createCsvParser(LIMITS);
  const received: Received = { columns: [], rows: 0, bytes: 0 };
  let batch: { number: number; line: number; cells: string[] }[] = [];
  let characters = 0;

  const flush = async () => {
    if (batch.length > 0 && !(await insertRows(database, place, upload, batch))) throw superseded();
    batch = [];
    characters = 0;
  };
  const take = async (rows: readonly CsvRow[]) => {
    for (const { line, cells } of rows) {
      if (received.columns.length === 0) {
        received.columns = headerOf(cells, schema);
        continue;
      }
      if (received.rows === MAX_ROWS) throw refused(`The file has more than ${MAX_ROWS} rows. Divide it.`);
      received.rows++;
      batch.push({ number: received.rows, line, cells: storedCells(cells, received.columns) });
      characters += cells.reduce((sum, cell) => sum + cell.length, 0);
      if (batch.length >= BATCH_ROWS || characters >= BATCH_CHARACTERS) await flush();
    }
  };

  for await (const piece of bytes) {
    received.bytes += piece.length;
    if (received.bytes > maxBytes) throw apiErrors.payloadTooLarge(maxBytes);
    await take(parsed(parser.push(textIn(reader.push(piece)))));
  }
  await take(parsed(parser.push(textIn(reader.end()))));
  await take(parsed(parser.end()));
  if (received.columns.length === 0) throw refused('The file is empty: expected a header and a row for each user.');
  if (received.rows === 0) throw refused('The file has a header and no rows.');
  await flush();
  return received;
}

function headerOf(cells: readonly string[], schema: CompiledSchema): Column[] {
  const columns = columnsOf(cells, schema);
  if (typeof columns === 'string') throw refused(columns);
  return columns;
}

/** In a row of another shape than the header, what is not to be stored may stand in any cell from its column on. */
function storedCells(cells: string[], columns: readonly Column[]): string[] {
  const first = columns.findIndex(({ stored }) => !stored);
  if (first < 0) return cells;
  if (cells.length === columns.length) return cells.map((cell, at) => (columns[at]!.stored ? cell : ''));
  const shift = Math.max(0, columns.length - cells.length);
  return cells.map((cell, at) => (at < first - shift ? cell : ''));
}

function textIn(read: Result<string, string>): string {
  if (!read.ok) throw refused(read.error);
  return read.value;
}

function parsed(read: Result<CsvRow[], { message: string }>): CsvRow[] {
  if (!read.ok) throw refused(read.error.message);
  return read.value;
}

const refused = (sentence: string) => apiErrors.validation('file', `file: ${sentence}`);

const superseded = () =>
  new ApiError(409, 'E0000001', 'Api validation failed: file', [
    'file: another file was sent for this import meanwhile, and takes its place.',
  ]);
