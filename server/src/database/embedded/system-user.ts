import { execFile } from 'node:child_process';
import { chown, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { StartRefusal } from '../start-refusal.ts';

const exec = promisify(execFile);

/** Whom PostgreSQL's processes run as: nothing special, or, below root, an unprivileged user (PostgreSQL refuses to run as root). */
export interface SystemUser {
  uid: number;
  gid: number;
}

const CANDIDATES = ['postgres', 'nobody'];
const ROOT = 0;

/**
 * The user for a cluster directory: undefined unless we are root; then the owner of an existing directory, else the first of `postgres`
 * and `nobody` that the system has. No user is created. Throws `StartRefusal` when there is none.
 */
export async function systemUserFor(clusterDir: string): Promise<SystemUser | undefined> {
  if (process.getuid?.() !== ROOT) return undefined;
  const owner = await stat(clusterDir).catch(() => undefined);
  if (owner !== undefined && owner.uid !== ROOT) return { uid: owner.uid, gid: owner.gid };
  for (const name of CANDIDATES) {
    const user = await lookUp(name);
    if (user !== undefined) return user;
  }
  throw new StartRefusal(
    'The embedded PostgreSQL does not run as root and this system has neither a user "postgres" nor "nobody": start the hub as another user, or set GATEHOUSE_DATABASE_URL.',
  );
}

async function lookUp(name: string): Promise<SystemUser | undefined> {
  try {
    const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => exec('id', [flag, name])));
    return { uid: Number(uid?.stdout), gid: Number(gid?.stdout) };
  } catch {
    return undefined;
  }
}

export async function give(path: string, user: SystemUser | undefined): Promise<void> {
  if (user !== undefined) await chown(path, user.uid, user.gid);
}

/** The first directory on the way to `path` that the user may not pass through, or undefined. */
export async function closedDirectoryAbove(path: string, user: SystemUser): Promise<string | undefined> {
  for (const directory of parents(resolve(path))) {
    const found = await stat(directory).catch(() => undefined);
    if (found === undefined) continue;
    const bit = found.uid === user.uid ? 0o100 : found.gid === user.gid ? 0o010 : 0o001;
    if ((found.mode & bit) === 0) return directory;
  }
  return undefined;
}

function parents(path: string): string[] {
  const above = dirname(path);
  return above === path ? [path] : [...parents(above), above];
}
