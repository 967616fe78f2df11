import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartRefusal } from '../start-refusal.ts';
import { type Binaries, PINNED_MAJOR } from './binaries.ts';
import { DATABASE, type Layout, SUPERUSER } from './layout.ts';
import { runToEnd } from './process.ts';
import { closedDirectoryAbove, give, type SystemUser } from './system-user.ts';

/** Makes the data directory ready for `user`; throws `StartRefusal` when that user could not pass through to it. */
export async function prepareDirectories(layout: Layout, user: SystemUser | undefined): Promise<void> {
  await mkdir(layout.dataDir, { recursive: true, mode: 0o700 });
  // Below root another user must pass through (not look into) the data directory, whose secrets are 0600.
  if (user !== undefined) await chmod(layout.dataDir, 0o711);
  const closed = user && (await closedDirectoryAbove(layout.cluster, user));
  if (closed !== undefined) {
    throw new StartRefusal(
      `GATEHOUSE_DATA_DIR ${layout.dataDir} cannot be reached by the unprivileged user that the embedded PostgreSQL needs under root, because ${closed} is closed to it: set GATEHOUSE_DATA_DIR to a place such as /var/lib/gatehouse, or start the hub as another user.`,
    );
  }
  await mkdir(layout.socketDir, { recursive: true, mode: 0o700 });
  await give(layout.socketDir, user);
}

/**
 * Creates the cluster when there is none. It is made beside its place and moved there when complete, so that a kill in between leaves
 * nothing half made. Throws `StartRefusal` for a directory of another major version.
 */
export async function initialise(layout: Layout, binaries: Binaries, user: SystemUser | undefined): Promise<void> {
  const version = await readFile(join(layout.cluster, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (version !== undefined) return requireMajor(layout, version.trim());
  const fresh = `${layout.cluster}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { mode: 0o700 });
  await give(fresh, user);
  const password = randomBytes(24).toString('base64url');
  const handOver = join(layout.dataDir, 'postgres-password.new');
  await rm(handOver, { force: true });
  await writeFile(handOver, `${password}\n`, { mode: 0o600 });
  await give(handOver, user);
  await runToEnd(binaries.initdb, initdbArguments(fresh, handOver), { cwd: fresh, user });
  await rm(handOver);
  await writeFile(layout.passwordFile, `${password}\n`, { mode: 0o600 });
  await rename(fresh, layout.cluster);
}

function initdbArguments(directory: string, passwordFile: string): string[] {
  return [
    `--pgdata=${directory}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--data-checksums',
    '--no-instructions',
  ];
}

function requireMajor(layout: Layout, found: string): void {
  if (found === String(PINNED_MAJOR)) return;
  const connection = `-h ${layout.socketDir} -U ${SUPERUSER} ${DATABASE}`;
  throw new StartRefusal(
    `GATEHOUSE_DATA_DIR ${layout.dataDir} holds a PostgreSQL ${found} database and this version needs PostgreSQL ${PINNED_MAJOR}: start the version that made it, run "pg_dump ${connection} > gatehouse.sql" (password in ${layout.passwordFile}), move ${layout.cluster} away, start this version and run "psql ${connection} < gatehouse.sql".`,
  );
}
