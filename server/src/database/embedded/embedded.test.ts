import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startEmbeddedPostgres } from '../index.ts';
import { reachableBinaries } from './binaries.ts';
import { layoutOf } from './layout.ts';
import { isStillPostgres, readPostmaster } from './postmaster.ts';

const PROGRAM = fileURLToPath(new URL('../../../test/support/embedded-process.ts', import.meta.url));
const asRoot = process.getuid?.() === 0;

interface Hub {
  process: ChildProcess;
  url: string;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

let root: string;
let dataDir: string;
let hubs: Hub[];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gatehouse-embedded-'));
  await chmod(root, 0o711);
  dataDir = join(root, 'data');
  hubs = [];
});

afterEach(async () => {
  await Promise.all(hubs.map((hub) => hub.kill()));
  const left = await serverOf(dataDir);
  if (left !== undefined) await killServer(left.pid);
  await rm(root, { recursive: true, force: true });
});

async function startHub(directory = dataDir): Promise<Hub> {
  const child = spawn(process.execPath, [PROGRAM, directory], { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  const end = (signal: NodeJS.Signals) => async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };
  const hub: Hub = { process: child, url: '', stop: end('SIGTERM'), kill: end('SIGKILL') };
  hubs.push(hub);
  const [line] = await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), 'line');
  hub.url = line;
  return hub;
}

/** The live server below a data directory. */
async function serverOf(directory: string) {
  const found = await readPostmaster(layoutOf(directory).pidFile);
  return found !== undefined && (await isStillPostgres(found)) ? found : undefined;
}

async function killServer(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).toBe('');
}

async function ask<R>(url: string, text: string): Promise<R[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(text)).rows as R[];
  } finally {
    await client.end();
  }
}

describe('the first start', () => {
  test('makes a UTF-8 cluster behind a private socket, with a password of its own', async () => {
    const hub = await startHub();
    const [settings] = await ask<Record<string, string>>(
      hub.url,
      `SELECT pg_encoding_to_char(encoding) AS encoding, datlocprovider AS provider, datlocale AS locale,
              current_setting('listen_addresses') AS tcp, current_database() AS name
       FROM pg_database WHERE datname = current_database()`,
    );
    expect(settings).toEqual({ encoding: 'UTF8', provider: 'b', locale: 'C.UTF-8', tcp: '', name: 'gatehouse' });
    const layout = layoutOf(dataDir);
    expect((await stat(layout.socketDir)).mode & 0o777).toBe(0o700);
    expect((await stat(layout.passwordFile)).mode & 0o777).toBe(0o600);
    await expect(ask(hub.url.replace(/:[^:@]+@/, ':wrong@'), 'SELECT 1')).rejects.toThrow(
      /password authentication failed/,
    );
  });

  test('of two hubs at the same moment makes one cluster, which both use until the last one stops', async () => {
    const [first, second] = (await Promise.all([startHub(), startHub()])) as [Hub, Hub];
    expect(first.url).toBe(second.url);
    const server = await serverOf(dataDir);
    await first.stop();
    expect(await ask(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect((await serverOf(dataDir))?.pid).toBe(server?.pid);
    await second.stop();
    expect(await serverOf(dataDir)).toBeUndefined();
  });

  test('that was interrupted leaves nothing in the way of the next', async () => {
    await mkdir(join(dataDir, 'postgres.new', 'base'), { recursive: true });
    await writeFile(join(dataDir, 'postgres.starting'), '999999999');
    const hub = await startHub();
    expect(await ask(hub.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('with a path too long for a socket listens on a loopback port', async () => {
    const deep = join(root, 'd'.repeat(90));
    const hub = await startHub(deep);
    expect(new URL(hub.url)).toMatchObject({ hostname: '127.0.0.1', search: '' });
    expect(await ask(hub.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await hub.stop();
    expect(await serverOf(deep)).toBeUndefined();
  });
});

describe('after a violent end', () => {
  test('of the hub alone the server lives on, the next hub adopts it and stops it', async () => {
    const hub = await startHub();
    const before = await serverOf(dataDir);
    await ask(hub.url, 'CREATE TABLE kept AS SELECT 7 AS value');
    await hub.kill();
    expect((await serverOf(dataDir))?.pid).toBe(before?.pid);
    const next = await startHub();
    expect((await serverOf(dataDir))?.pid).toBe(before?.pid);
    expect(await ask(next.url, 'SELECT value FROM kept')).toEqual([{ value: 7 }]);
    await next.stop();
    expect(await serverOf(dataDir)).toBeUndefined();
  });

  test('of both the next start recovers by itself', async () => {
    const hub = await startHub();
    await ask(hub.url, 'CREATE TABLE kept AS SELECT 7 AS value');
    const server = await serverOf(dataDir);
    await Promise.all([hub.kill(), killServer(server?.pid as number)]);
    const next = await startHub();
    expect(await ask(next.url, 'SELECT value FROM kept')).toEqual([{ value: 7 }]);
  });

  test('of the server alone the hub brings it up again', async () => {
    const hub = await startHub();
    const server = await serverOf(dataDir);
    await killServer(server?.pid as number);
    await expect.poll(() => ask(hub.url, 'SELECT 1 AS one').catch(() => []), { timeout: 20_000 }).toEqual([{ one: 1 }]);
    await hub.stop();
    expect(await serverOf(dataDir)).toBeUndefined();
  });

  test('a pid file whose number now belongs to another program does not hinder the start', async () => {
    const hub = await startHub();
    const layout = layoutOf(dataDir);
    const pidFile = await readFile(layout.pidFile, 'utf8');
    await hub.stop();
    await writeFile(layout.pidFile, pidFile.replace(/^\d+/, String(process.pid)));
    const next = await startHub();
    expect(await ask(next.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

test('a Ctrl-C for the process group of the hub does not reach the server', async () => {
  const hub = await startHub();
  process.kill(-(hub.process.pid as number), 'SIGINT');
  expect(await ask(hub.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect(await serverOf(dataDir)).toBeDefined();
});

describe('a start is refused with one sentence', () => {
  test('for the directory of another major version, with the way to move the data', async () => {
    await mkdir(join(dataDir, 'postgres'), { recursive: true });
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '16\n');
    await expect(startEmbeddedPostgres(dataDir)).rejects.toMatchObject({
      code: 'start_refused',
      message: expect.stringMatching(
        /^GATEHOUSE_DATA_DIR .* holds a PostgreSQL 16 database .* "pg_dump .* "psql [^\n]*\.$/,
      ),
    });
  });

  test('when the password file is lost', async () => {
    const hub = await startHub();
    await rm(layoutOf(dataDir).passwordFile);
    await expect(startEmbeddedPostgres(dataDir)).rejects.toMatchObject({
      code: 'start_refused',
      message: expect.stringMatching(/postgres-password does not hold .* restore/),
    });
    await hub.kill();
  });

  test.runIf(asRoot)('below root, for a data directory that another user cannot reach', async () => {
    await chmod(root, 0o700);
    await expect(startEmbeddedPostgres(dataDir)).rejects.toMatchObject({
      code: 'start_refused',
      message: expect.stringMatching(/^GATEHOUSE_DATA_DIR .* is closed to it: set GATEHOUSE_DATA_DIR to [^\n]*\.$/),
    });
  });
});

test.runIf(asRoot)(
  'below root, programs in a closed directory are copied once to where the other user reaches them',
  async () => {
    const closed = join(root, 'closed');
    await mkdir(join(closed, 'native', 'bin'), { recursive: true, mode: 0o700 });
    const found = { postgres: join(closed, 'native/bin/postgres'), initdb: join(closed, 'native/bin/initdb') };
    await Promise.all(Object.values(found).map((file) => writeFile(file, 'program', { mode: 0o755 })));
    await mkdir(dataDir, { mode: 0o711 });
    const user = { uid: 65_534, gid: 65_534 };
    const copy = await reachableBinaries(found, dataDir, user);
    expect(copy.postgres.startsWith(dataDir)).toBe(true);
    expect(await readFile(copy.postgres, 'utf8')).toBe('program');
    expect(await reachableBinaries(found, dataDir, user)).toEqual(copy);
    expect(await reachableBinaries(found, dataDir, undefined)).toEqual(found);
  },
);
