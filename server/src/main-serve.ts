import { type App, createApp } from './app.ts';
import type { Config } from './config.ts';
import { openMigrated } from './main-database.ts';
import { onStopSignal, printSheet, refuseUnusableAddress } from './main-process.ts';
import type { Logger } from './shared/log.ts';

/** One process does everything. Resolves when it serves; it ends by a signal: requests, then jobs, then the database. */
export async function serve(config: Config, log: Logger): Promise<void> {
  const starting = bringUp(config, log);
  // A signal during the start waits for it, so that nothing is left half started.
  onStopSignal(async () => (await starting.catch(() => undefined))?.close(), log);
  printSheet((await starting).app.startSheet);
}

async function bringUp(config: Config, log: Logger): Promise<{ app: App; close(): Promise<void> }> {
  const opened = await openMigrated(config, log);
  let app: App | undefined;
  const close = async () => {
    await app?.close();
    await opened.close();
  };
  try {
    app = await createApp({ config, database: opened.database, log });
    await app.listen().catch(refuseUnusableAddress(config));
    return { app, close };
  } catch (error) {
    await close();
    throw error;
  }
}
