import type { Config } from './config.ts';
import { type Database, migrate, openDatabase, startEmbeddedPostgres } from './database/index.ts';
import type { Logger } from './shared/log.ts';

export interface OpenedDatabase {
  database: Database;
  /** Closes the pool; then leaves the embedded server, which ends with its last hub. */
  close(): Promise<void>;
}

const LARGEST_POOL = 10;
/** Of all processes of a hub together; the embedded server accepts 200. */
const CONNECTIONS = 150;

/** Connections that each process of a hub may hold. */
export function poolSizeOf({ workers }: Config): number {
  return Math.min(LARGEST_POOL, Math.floor(CONNECTIONS / workers));
}

/** The configured database, or the embedded one brought up, with the schema of this version. */
export async function openMigrated(config: Config, log: Logger): Promise<OpenedDatabase> {
  const embedded = config.databaseUrl === null ? await startEmbeddedPostgres(config.dataDir, { log }) : undefined;
  try {
    const url = embedded?.url ?? (config.databaseUrl as string);
    const database = await openDatabase({ url, poolSize: poolSizeOf(config), log });
    try {
      await migrate(database);
    } catch (error) {
      await database.close();
      throw error;
    }
    return {
      database,
      async close() {
        await database.close();
        await embedded?.stop();
      },
    };
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}
