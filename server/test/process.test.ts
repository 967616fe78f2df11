import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startEmbeddedPostgres } from '../src/database/index.ts';
import { createTestDatabase } from './support/database.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const READY = 'Gatehouse is ready';
/** Several programs start in one test; on a machine that does much else this takes its time. */
const PATIENCE_MS = 90_000;

vi.setConfig({ testTimeout: PATIENCE_MS });

interface Hub {
  url: string;
  output: () => string;
  complaint: () => string;
  /** Resolves with the exit code (null after a signal that it did not handle). */
  ended: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
  /** Nobody reads its output any more. */
  closeOutput(): void;
}

let dataDir: string;
let processes: ChildProcess[];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-process-'));
  processes = [];
});

afterEach(async () => {
  for (const child of processes.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  // Whatever server a killed hub left behind ends with this visit.
  if (existsSync(join(dataDir, 'postgres'))) await startEmbeddedPostgres(dataDir).then((postgres) => postgres.stop());
  await rm(dataDir, { recursive: true });
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function start(env: Record<string, string> = {}, words: string[] = []): Promise<Hub> {
  const url = env.GATEHOUSE_URL ?? `http://localhost:${await freePort()}`;
  const { PATH = '', NODE_COMPILE_CACHE } = process.env;
  const machine = { PATH, ...(NODE_COMPILE_CACHE !== undefined && { NODE_COMPILE_CACHE }) };
  const own = { ...machine, GATEHOUSE_DATA_DIR: dataDir, GATEHOUSE_URL: url, ...env };
  const child = spawn(process.execPath, [MAIN, ...words], { env: own, stdio: ['ignore', 'pipe', 'pipe'] });
  processes.push(child);
  let [output, complaint] = ['', ''];
  child.stdout.on('data', (data) => {
    output += data;
  });
  child.stderr.on('data', (data) => {
    complaint += data;
  });
  return {
    url,
    output: () => output,
    complaint: () => complaint,
    ended: once(child, 'close').then(([code]) => code),
    kill: (signal) => child.kill(signal),
    closeOutput() {
      child.stdout.destroy();
      child.stderr.destroy();
    },
  };
}

async function ready(hub: Hub): Promise<Hub> {
  let ended = false;
  void hub.ended.then(() => {
    ended = true;
  });
  await expect.poll(() => ended || hub.output().includes(READY), { timeout: PATIENCE_MS / 2 }).toBe(true);
  expect(hub.complaint()).toBe('');
  expect(await status(hub, '/readyz')).toBe(200);
  return hub;
}

const status = (hub: Hub, path: string) => fetch(`${hub.url}${path}`).then((response) => response.status);

async function stop(hub: Hub): Promise<void> {
  hub.kill('SIGTERM');
  expect(await hub.ended).toBe(0);
}

describe('a hub on the embedded database', () => {
  test('prints its password at the first start only, and uses its data again at the second', async () => {
    const first = await ready(await start());
    expect(await status(first, '/healthz')).toBe(200);
    expect(first.output()).toMatch(/Password +\S{8,} +\(shown only now\)/);
    await stop(first);
    const second = await ready(await start());
    expect(second.output()).not.toMatch(/Password/);
    await stop(second);
  });

  test('starts again by itself after a SIGKILL', async () => {
    const killed = await ready(await start());
    killed.kill('SIGKILL');
    await killed.ended;
    await stop(await ready(await start()));
  });

  test('ends in order, its database too, when nobody reads its output any more', async () => {
    const hub = await ready(await start());
    hub.closeOutput();
    await stop(hub);
    expect(existsSync(join(dataDir, 'postgres/postmaster.pid'))).toBe(false);
  });

  test('gets a new administrator password from the command, also while it runs', async () => {
    const hub = await ready(await start());
    const command = await start({}, ['reset-admin-password']);
    expect(await command.ended).toBe(0);
    expect(command.output()).toMatch(/Administrator +admin@example\.com\n +New password +\S{8,} +\(shown only now\)/);
    expect(await status(hub, '/readyz')).toBe(200);
    await stop(hub);
  });

  test('serves with several workers and ends them', async () => {
    const hub = await ready(await start({ GATEHOUSE_WORKERS: '2' }));
    expect(hub.output()).toMatch(/Workers +2/);
    expect(hub.output().match(/shown only now/g)).toHaveLength(1);
    await stop(hub);
  });
});

test('two hubs serve one external database', async () => {
  const { url, drop } = await createTestDatabase();
  const env = { GATEHOUSE_DATABASE_URL: url, GATEHOUSE_SECRET_KEY: Buffer.alloc(32, 1).toString('base64') };
  const [first, second] = await Promise.all([start(env).then(ready), start(env).then(ready)]);
  const sheets = first.output() + second.output();
  expect(sheets.match(/shown only now/g)).toHaveLength(1);
  await stop(first);
  expect(await status(second, '/readyz')).toBe(200);
  await stop(second);
  await drop();
});

describe('a start is refused with one sentence', () => {
  async function refusal(env: Record<string, string>, words: string[] = []): Promise<string> {
    const hub = await start(env, words);
    expect(await hub.ended).toBe(1);
    expect(hub.complaint()).toMatch(/^[^\n]+\.\n$/);
    return hub.complaint();
  }

  test('for a wrong variable', async () => {
    expect(await refusal({ GATEHOUSE_WORKERS: 'many' })).toMatch(/^GATEHOUSE_WORKERS is "many": set it to /);
  });

  test('for a database that is not there, without its password', async () => {
    const env = {
      GATEHOUSE_DATABASE_URL: 'postgresql://hub:hunter22@127.0.0.1:1/hub',
      GATEHOUSE_SECRET_KEY: Buffer.alloc(32, 1).toString('base64'),
    };
    const text = await refusal(env);
    expect(text).toMatch(/^The database at 127\.0\.0\.1:1\/hub cannot be used/);
    expect(text).not.toContain('hunter22');
  });

  test('for a port that is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    expect(await refusal({ GATEHOUSE_URL: `http://localhost:${port}` })).toMatch(/is in use: .*GATEHOUSE_PORT/);
    await new Promise((resolve) => taken.close(resolve));
  });

  test('for a listen address that is none', async () => {
    const { url, drop } = await createTestDatabase();
    const env = { GATEHOUSE_DATABASE_URL: url, GATEHOUSE_SECRET_KEY: Buffer.alloc(32, 1).toString('base64') };
    const text = await refusal({ ...env, GATEHOUSE_HOST: 'nowhere.invalid' });
    await drop();
    expect(text).toMatch(/^The address nowhere\.invalid port \d+ is not an address of this machine: .*GATEHOUSE_HOST/);
  });

  test('for an unknown command', async () => {
    expect(await refusal({}, ['dance'])).toMatch(/^There is no command "dance"/);
  });
});
