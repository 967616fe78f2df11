import { open, readFile, rm, stat, truncate } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { connectionOptions } from '../pool.ts';
import { StartRefusal } from '../start-refusal.ts';
import type { Binaries } from './binaries.ts';
import { type Layout, MAINTENANCE_DATABASE, SOCKET_PORT, SUPERUSER } from './layout.ts';
import { isAlive, isStillPostgres, type Postmaster, readPostmaster } from './postmaster.ts';
import { startDetached } from './process.ts';
import type { SystemUser } from './system-user.ts';

const READY_WITHIN_MS = 60_000;
const POLL_MS = 20;
const LONGEST_SOCKET_PATH = 100;
const LARGEST_LOG_BYTES = 10 * 1024 * 1024;

const OWN_SETTINGS = {
  max_connections: '200',
  timezone: 'UTC',
  log_timezone: 'UTC',
  jit: 'off',
  // A table that fills for the first time gets its statistics soon: until then statements are planned as if it were empty.
  autovacuum_naptime: '30s',
  log_min_messages: 'warning',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  wal_level: 'minimal',
  max_wal_senders: '0',
};

export interface Server {
  layout: Layout;
  binaries: Binaries;
  user: SystemUser | undefined;
  settings: Record<string, string>;
}

/**
 * A server that accepts connections: the live one, else a new one. Resolves with the URL of a database on it.
 * Throws `StartRefusal` with PostgreSQL's own reason when it does not start.
 */
export async function ensureRunning(server: Server): Promise<(database: string) => string> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    const found = await livePostmaster(server.layout);
    const url = found ? await urlOf(server.layout, found) : await launch(server, deadline);
    if (url !== undefined && (await accepts(server.layout, url(MAINTENANCE_DATABASE)))) return url;
    await pause(POLL_MS);
  }
  throw new StartRefusal(
    `The embedded PostgreSQL did not become ready within ${READY_WITHIN_MS / 1000} seconds: read ${server.layout.logFile}.`,
  );
}

/** The live server of this directory. A pid file whose number now belongs to another program is removed; other remains PostgreSQL clears. */
async function livePostmaster(layout: Layout): Promise<Postmaster | undefined> {
  const found = await readPostmaster(layout.pidFile);
  if (found === undefined || !isAlive(found.pid)) return undefined;
  if (await isStillPostgres(found)) return found;
  await rm(layout.pidFile, { force: true });
  await rm(join(layout.socketDir, `.s.PGSQL.${SOCKET_PORT}.lock`), { force: true });
  return undefined;
}

async function urlOf(layout: Layout, postmaster: Postmaster): Promise<(database: string) => string> {
  const password = (await readFile(layout.passwordFile, 'utf8').catch(() => '')).trim();
  if (password === '') throw wrongPassword(layout);
  const place = postmaster.socketDir ? `localhost:${postmaster.port}` : `127.0.0.1:${postmaster.port}`;
  const query = postmaster.socketDir ? `?host=${encodeURIComponent(postmaster.socketDir)}` : '';
  return (database) => `postgresql://${SUPERUSER}:${password}@${place}/${database}${query}`;
}

async function accepts(layout: Layout, url: string): Promise<boolean> {
  const client = new pg.Client(connectionOptions(url));
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === '28P01') throw wrongPassword(layout);
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

function wrongPassword(layout: Layout): StartRefusal {
  return new StartRefusal(
    `${layout.passwordFile} does not hold the embedded database's password: restore that file from a backup of the data directory.`,
  );
}

/** Starts the server and waits until its pid file names it; undefined when remains of a crash are still ending and it must be tried again. */
async function launch(server: Server, deadline: number): Promise<((database: string) => string) | undefined> {
  const { layout, binaries, user } = server;
  const log = await openLog(layout.logFile);
  const before = (await log.stat()).size;
  const args = ['-D', layout.cluster, ...(await placeArguments(layout)), ...settingArguments(server.settings)];
  const child = startDetached(binaries.postgres, args, { cwd: layout.cluster, user }, log.fd);
  let ended = child.pid === undefined;
  child.once('exit', () => {
    ended = true;
  });
  await log.close();
  while (!ended && Date.now() < deadline) {
    const found = await readPostmaster(layout.pidFile);
    if (found !== undefined && found.pid === child.pid) return urlOf(layout, found);
    await pause(POLL_MS);
  }
  const reason = (await readFile(layout.logFile, 'utf8')).slice(before).trim();
  // Orphans of a killed server end by themselves within moments; another hub may have started the server meanwhile.
  if (/shared memory block .* still in use|lock file "[^"]*" already exists/.test(reason)) return undefined;
  throw new StartRefusal(`The embedded PostgreSQL does not start (${firstFatal(reason)}): read ${layout.logFile}.`);
}

async function openLog(path: string) {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size > LARGEST_LOG_BYTES) await truncate(path);
  return open(path, 'a', 0o600);
}

/** A Unix socket in a private directory; loopback TCP where the system has no such sockets or the path is too long for one. */
async function placeArguments(layout: Layout): Promise<string[]> {
  if (process.platform !== 'win32' && layout.socketDir.length < LONGEST_SOCKET_PATH - '.s.PGSQL.5432'.length) {
    const place = { listen_addresses: '', unix_socket_directories: layout.socketDir, unix_socket_permissions: '0700' };
    return ['-p', String(SOCKET_PORT), ...settingArguments(place)];
  }
  return [
    '-p',
    String(await freePort()),
    ...settingArguments({ listen_addresses: '127.0.0.1', unix_socket_directories: '' }),
  ];
}

function settingArguments(settings: Record<string, string>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

export function withOwnSettings(settings: Record<string, string>): Record<string, string> {
  return { ...OWN_SETTINGS, ...settings };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No free port was found.');
  return address.port;
}

function firstFatal(log: string): string {
  const line = log.split('\n').find((text) => /FATAL|PANIC/.test(text)) ?? log.split('\n')[0] ?? '';
  return line.replace(/^.*?(FATAL|PANIC):\s*/, '').trim() || 'no reason given';
}
