import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { runMigrations } from 'graphile-worker';
import pg from 'pg';
import type { Database } from './executor.ts';
import { jobLogger } from './job-log.ts';
import { connectionOptions } from './pool.ts';
import { StartRefusal } from './start-refusal.ts';

const OWN_FOLDER = new URL('./migrations/', import.meta.url);
const FILE_NAME = /^(\d{4})-[a-z0-9-]+\.sql$/;
/** Any constant does: it only has to be the same in every hub. */
const ADVISORY_LOCK = 7_166_250_481;

interface Migration {
  name: string;
  text: string;
  checksum: string;
}

/**
 * Brings the schema up to date: the job queue's tables, then each file of `migrations/` that has not been applied, in order, each in one
 * transaction. Hubs that start together wait for each other. Files unknown to this version are left alone: a newer hub applied them, and
 * every migration keeps the previous version working (rulings: expand, migrate, contract).
 * Returns the names that were applied now. Throws `StartRefusal` when an applied file was changed or a file name is wrong.
 */
export async function migrate(database: Database, folder: URL = OWN_FOLDER): Promise<string[]> {
  const files = await readMigrations(folder);
  const client = new pg.Client({ ...connectionOptions(database.url), lock_timeout: 0, statement_timeout: 0 });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK]);
    await runMigrations({ pgPool: database.pool, logger: jobLogger() });
    return await applyMissing(client, files);
  } finally {
    await client.end();
  }
}

async function readMigrations(folder: URL): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  const numbers = new Set<string>();
  for (const name of names) {
    const number = FILE_NAME.exec(name)?.[1];
    if (number === undefined || numbers.has(number)) {
      throw new StartRefusal(
        `The migration ${name} needs a name of the form NNNN-what-it-does.sql with a number of its own: rename it.`,
      );
    }
    numbers.add(number);
  }
  return Promise.all(
    names.map(async (name) => {
      const text = (await readFile(new URL(name, folder), 'utf8')).replaceAll('\r\n', '\n');
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') };
    }),
  );
}

async function applyMissing(client: pg.Client, files: Migration[]): Promise<string[]> {
  await client.query(
    `CREATE TABLE IF NOT EXISTS schema_migrations (
       name text COLLATE "C" PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL)`,
  );
  const applied = new Map(
    (await client.query<{ name: string; checksum: string }>('SELECT name, checksum FROM schema_migrations')).rows.map(
      (row) => [row.name, row.checksum],
    ),
  );
  for (const file of files) refuseChanged(file, applied.get(file.name));
  const missing = files.filter((file) => !applied.has(file.name));
  for (const file of missing) await apply(client, file);
  return missing.map((file) => file.name);
}

function refuseChanged(file: Migration, checksum: string | undefined): void {
  if (checksum === undefined || checksum === file.checksum) return;
  throw new StartRefusal(
    `The migration ${file.name} was changed after this database had applied it: restore the file and put the change into a new migration.`,
  );
}

async function apply(client: pg.Client, file: Migration): Promise<void> {
  try {
    await client.query('BEGIN');
    await client.query(file.text);
    await client.query('INSERT INTO schema_migrations (name, checksum, applied_at) VALUES ($1, $2, $3)', [
      file.name,
      file.checksum,
      new Date(),
    ]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw new Error(`The migration ${file.name} failed: ${(error as Error).message}`, { cause: error });
  }
}
