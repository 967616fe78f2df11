/**
 * The PostgreSQL that the hub brings along: created, started, adopted and stopped below the data directory. It is not a pool (pool.ts)
 * and knows nothing of the schema (migrate.ts).
 *
 * Life: the server runs in a process group of its own and outlives a hub that is killed. A hub that starts adopts a live server and
 * otherwise starts one. Each hub is present by a shared advisory lock; the hub that stops as the last one present stops the server,
 * whoever started it.
 */
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { type Logger, silentLogger } from '../../shared/log.ts';
import { connectionOptions } from '../pool.ts';
import { attend } from './attendance.ts';
import { findBinaries, reachableBinaries } from './binaries.ts';
import { initialise, prepareDirectories } from './initialise.ts';
import { DATABASE, type Layout, layoutOf, MAINTENANCE_DATABASE } from './layout.ts';
import { isStillPostgres, readPostmaster } from './postmaster.ts';
import { ensureRunning, type Server, withOwnSettings } from './run.ts';
import { withStartLock } from './start-lock.ts';
import { systemUserFor } from './system-user.ts';

const STOP_WITHIN_MS = 30_000;

export interface EmbeddedOptions {
  log?: Logger;
  /** PostgreSQL settings beside our own, for example `{ fsync: 'off' }` in tests; they count for a server that is started now. */
  settings?: Record<string, string>;
}

export interface EmbeddedPostgres {
  /** The connection URL of the hub's database; it contains the generated password. */
  url: string;
  /** Leaves the server, and stops it when no other hub is present. May be called again. */
  stop(): Promise<void>;
}

/**
 * Brings up the server below `dataDir`, creating it at the first start. Throws `StartRefusal` where one sentence tells what to do:
 * no binaries, a directory closed to the unprivileged user, another major version, PostgreSQL's own complaint.
 */
export async function startEmbeddedPostgres(dataDir: string, options: EmbeddedOptions = {}): Promise<EmbeddedPostgres> {
  const { log = silentLogger, settings = {} } = options;
  const layout = layoutOf(resolve(dataDir));
  const user = await systemUserFor(layout.cluster);
  await prepareDirectories(layout, user);
  const binaries = await reachableBinaries(await findBinaries(), layout.dataDir, user);
  const server: Server = { layout, binaries, user, settings: withOwnSettings(settings) };

  const ensure = () =>
    withStartLock(layout.startLock, async () => {
      await initialise(layout, binaries, user);
      const url = await ensureRunning(server);
      await ensureDatabase(url(MAINTENANCE_DATABASE));
      return url;
    });
  const url = await ensure();
  const attendance = await attend(
    async () => (await ensure())(MAINTENANCE_DATABASE),
    (reason) => log.warn('database.embedded_lost', { reason }),
  );
  let stopping: Promise<void> | undefined;
  return {
    url: url(DATABASE),
    stop() {
      stopping ??= attendance.leave().then((alone) => (alone ? stopServer(layout) : undefined));
      return stopping;
    },
  };
}

async function ensureDatabase(maintenanceUrl: string): Promise<void> {
  const client = new pg.Client(connectionOptions(maintenanceUrl));
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(DATABASE)}`);
  } finally {
    await client.end();
  }
}

/** PostgreSQL's "fast" stop: open transactions are rolled back, connections closed, everything written. */
async function stopServer(layout: Layout): Promise<void> {
  const found = await readPostmaster(layout.pidFile);
  if (found === undefined || !(await isStillPostgres(found))) return;
  process.kill(found.pid, 'SIGINT');
  const deadline = Date.now() + STOP_WITHIN_MS;
  while (Date.now() < deadline && (await readPostmaster(layout.pidFile))?.pid === found.pid) await pause(20);
}
