/**
 * Several processes that serve one port (GATEHOUSE_WORKERS). The primary serves nothing: it owns the embedded database and the migrations,
 * starts the workers and replaces those that die. The first worker starts alone, so that what happens once at a first start happens once.
 */
import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { createApp, type StartSheet } from './app.ts';
import type { Config } from './config.ts';
import { openDatabase, StartRefusal } from './database/index.ts';
import { openMigrated, poolSizeOf } from './main-database.ts';
import { onStopSignal, printSheet, refuseUnusableAddress, stopOnce } from './main-process.ts';
import type { Logger } from './shared/log.ts';

const STOP = 'stop';
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** A worker that lived this long did not fail by its start: the pause begins anew. */
const SETTLED_MS = 60_000;

interface Ready {
  sheet: StartSheet;
}

export async function overseeWorkers(config: Config, log: Logger): Promise<void> {
  let stopping = false;
  const opening = openMigrated(config, log);
  onStopSignal(async () => {
    stopping = true;
    const opened = await opening.catch(() => undefined);
    await stopWorkers();
    await opened?.close();
  }, log);
  const opened = await opening;
  const environment = {
    GATEHOUSE_DATABASE_URL: opened.database.url,
    GATEHOUSE_SECRET_KEY: Buffer.from(config.secretKey).toString('base64'),
  };
  const sheet = await ready(cluster.fork(environment)).catch(async (error: unknown) => {
    if (!stopping) await opened.close();
    throw error;
  });
  cluster.on(
    'exit',
    replaceDead(environment, () => stopping, log),
  );
  const others = Array.from({ length: config.workers - 1 }, () => ready(cluster.fork(environment)));
  await Promise.allSettled(others);
  printSheet({ ...sheet, lines: [...sheet.lines, `Workers                  ${config.workers}`] });
}

async function ready(worker: Worker): Promise<StartSheet> {
  const exited = once(worker, 'exit').then(() => {
    throw new StartRefusal('A worker ended while it started: its reason stands above.');
  });
  const message = once(worker, 'message').then(([first]) => (first as Ready).sheet);
  return Promise.race([message, exited]);
}

function replaceDead(environment: Record<string, string>, isStopping: () => boolean, log: Logger) {
  let wait = FIRST_PAUSE_MS;
  let last = Date.now();
  return async (worker: Worker, code: number | null, signal: string | null) => {
    if (isStopping()) return;
    wait = Date.now() - last > SETTLED_MS ? FIRST_PAUSE_MS : Math.min(wait * 2, LONGEST_PAUSE_MS);
    last = Date.now();
    log.error('process.worker_died', { pid: worker.process.pid, code, signal, replacedInMs: wait });
    await pause(wait);
    if (!isStopping()) cluster.fork(environment);
  };
}

async function stopWorkers(): Promise<void> {
  await Promise.all(Object.values(cluster.workers ?? {}).map(stopWorker));
}

async function stopWorker(worker: Worker | undefined): Promise<void> {
  if (worker === undefined || worker.isDead()) return;
  const exited = once(worker, 'exit');
  worker.send(STOP);
  await exited;
}

/** A worker ends by the primary's word, by the primary's death, or by a SIGTERM of its own; a terminal's Ctrl-C is the primary's business. */
export async function serveAsWorker(config: Config, log: Logger): Promise<void> {
  const database = await openDatabase({ url: config.databaseUrl as string, poolSize: poolSizeOf(config), log });
  const app = await createApp({ config, database, log });
  let ending = false;
  const end = (reason: string) => {
    if (ending) return;
    ending = true;
    const stop = async () => {
      await app.close();
      await database.close();
    };
    void stopOnce(stop, log, reason);
  };
  process.on('SIGINT', () => {});
  process.on('SIGHUP', () => {});
  process.on('SIGTERM', () => end('SIGTERM'));
  process.on('message', (message) => message === STOP && end('primary'));
  process.on('disconnect', () => end('primary gone'));
  await app.listen().catch(refuseUnusableAddress(config));
  process.send?.({ sheet: app.startSheet } satisfies Ready);
}
