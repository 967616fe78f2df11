import { join } from 'node:path';

/** Where everything of the embedded PostgreSQL lies below the data directory. */
export interface Layout {
  dataDir: string;
  /** PostgreSQL's own directory (PGDATA). */
  cluster: string;
  /** The private directory of its Unix socket. */
  socketDir: string;
  passwordFile: string;
  logFile: string;
  pidFile: string;
  startLock: string;
}

export const SUPERUSER = 'gatehouse';
export const DATABASE = 'gatehouse';
export const MAINTENANCE_DATABASE = 'postgres';
export const SOCKET_PORT = 5432;

export function layoutOf(dataDir: string): Layout {
  const cluster = join(dataDir, 'postgres');
  return {
    dataDir,
    cluster,
    socketDir: join(dataDir, 'run'),
    passwordFile: join(dataDir, 'postgres-password'),
    logFile: join(dataDir, 'postgres.log'),
    pidFile: join(cluster, 'postmaster.pid'),
    startLock: join(dataDir, 'postgres.starting'),
  };
}
