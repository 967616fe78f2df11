import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { type Logger, silentLogger } from '../shared/log.ts';
import type { Database, Executor, Statement, Tx } from './executor.ts';
import { StartRefusal } from './start-refusal.ts';

const STATEMENT_TIMEOUT_MS = 30_000;
const LOCK_TIMEOUT_MS = 10_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 60_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** Prepared statements keep the plan of their first runs, which on a new database was made for empty tables; a new connection plans anew. */
const LONGEST_LIFE_S = 600;
const OLDEST_SERVER = 150_000;

export interface OpenOptions {
  /** `postgresql://…`; a Unix socket's directory goes into `?host=`. */
  url: string;
  /** Connections at most, per process. */
  poolSize?: number;
  log?: Logger;
}

/**
 * Opens a pool and asks the server once for its version.
 * Throws `StartRefusal` when the server cannot be reached or is older than PostgreSQL 15.
 */
export async function openDatabase({ url, poolSize = 10, log = silentLogger }: OpenOptions): Promise<Database> {
  const pool = new pg.Pool({
    ...connectionOptions(url),
    max: poolSize,
    idleTimeoutMillis: 30_000,
    maxLifetimeSeconds: LONGEST_LIFE_S,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
  });
  const lost = (error: Error) => log.warn('database.connection_lost', { reason: error.message });
  pool.on('error', lost);
  pool.on('connect', (client) => client.on('error', lost));
  const database = databaseOver(pool, url);
  try {
    const { rows } = await database.query<{ version: string }>({
      text: `SELECT current_setting('server_version_num') AS version`,
      values: [],
    });
    requireVersion(Number(rows[0]?.version));
  } catch (error) {
    await database.close();
    throw error instanceof StartRefusal ? error : unreachable(url, error);
  }
  return database;
}

function requireVersion(version: number): void {
  if (version >= OLDEST_SERVER) return;
  throw new StartRefusal(
    `GATEHOUSE_DATABASE_URL names a PostgreSQL ${Math.floor(version / 10_000)} server: use PostgreSQL 15 or later.`,
  );
}

/** One sentence that names the place without its password. */
function unreachable(url: string, error: unknown): StartRefusal {
  const reason = error instanceof AggregateError ? String(error.errors[0]?.message) : String((error as Error).message);
  return new StartRefusal(
    `The database at ${placeOf(url)} cannot be used (${reason}): check GATEHOUSE_DATABASE_URL and that PostgreSQL runs there.`,
  );
}

function placeOf(url: string): string {
  const { host, port, database } = new pg.Client(url);
  return `${host}:${port}/${database ?? ''}`;
}

/** Options that every connection of ours shares: the URL, the types, a name in pg_stat_activity, a limit on connecting. */
export function connectionOptions(url: string): pg.ClientConfig {
  return {
    connectionString: url,
    types: { getTypeParser },
    application_name: 'gatehouse',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
  };
}

const INT8 = 20;
const DATE = 1082;

/** int8 as number (an error beyond the safe range), date as 'YYYY-MM-DD'; timestamptz as Date and jsonb parsed, as the driver does. */
const getTypeParser = ((oid: number, format?: 'text') => {
  if (oid === INT8) return safeInteger;
  if (oid === DATE) return String;
  return pg.types.getTypeParser(oid, format);
}) as typeof pg.types.getTypeParser;

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`The integer ${text} is beyond the range of a number.`);
  return value;
}

function databaseOver(pool: pg.Pool, url: string): Database {
  let closing: Promise<void> | undefined;
  return {
    pool,
    url,
    kysely: new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) }),
    query: <R>(statement: Statement) => run<R>(pool, statement),
    close() {
      closing ??= pool.end();
      return closing;
    },
  };
}

async function run<R>(target: pg.Pool | pg.PoolClient, statement: Statement): Promise<{ rows: R[]; rowCount: number }> {
  const result = await target.query(statement);
  return { rows: result.rows as R[], rowCount: result.rowCount ?? 0 };
}

/** So often at most is a transaction begun that PostgreSQL itself ended for the sake of others. */
const ATTEMPTS = 4;
/** deadlock_detected, serialization_failure: nothing was written, and the same work may well pass now (PostgreSQL, appendix A). */
const ENDED_FOR_OTHERS: ReadonlySet<unknown> = new Set(['40P01', '40001']);

/**
 * Runs `work` in one transaction on one connection: committed when it returns, rolled back when it throws. It is run again, a few times at
 * most, where PostgreSQL ended it because of others at the same rows: so it does nothing but through `tx`, or what may be done twice.
 * The error of `work` is passed on unchanged.
 */
export async function inTransaction<T>(database: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(database, work);
    } catch (error) {
      if (attempt === ATTEMPTS || !ENDED_FOR_OTHERS.has((error as { code?: unknown } | null)?.code)) throw error;
    }
  }
}

async function once<T>(database: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await database.pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const value = await work(executorOver(client));
    await client.query('COMMIT');
    return value;
  } catch (error) {
    await client.query('ROLLBACK').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Kysely is bound to the same client, and only when somebody asks for it: the hot path does without. */
function executorOver(client: pg.PoolClient): Executor {
  let kysely: Kysely<unknown> | undefined;
  return {
    query: <R>(statement: Statement) => run<R>(client, statement),
    get kysely() {
      kysely ??= new Kysely<unknown>({ dialect: new PostgresDialect({ pool: onlyClient(client) }) });
      return kysely;
    },
  };
}

/** A pool of one borrowed client, whose release belongs to `inTransaction`. */
function onlyClient(client: pg.PoolClient) {
  const borrowed = { query: client.query.bind(client), release: () => {} };
  return { connect: async () => borrowed as never, end: async () => {} };
}
