import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { isAlive } from './postmaster.ts';

const OLDEST_MS = 120_000;
const PAUSE_MS = 50;

/** Runs `work` while no other hub on this data directory does: two that start together must not both create or start the database. */
export async function withStartLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  while (!(await take(path))) {
    if (await isAbandoned(path)) await clear(path);
    else await pause(PAUSE_MS);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function take(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Its process is dead, or is ourselves (numbers repeat in containers), or it has taken too long. */
async function isAbandoned(path: string): Promise<boolean> {
  const [text, found] = await Promise.all([readFile(path, 'utf8').catch(() => ''), stat(path).catch(() => undefined)]);
  if (found === undefined) return false;
  if (Date.now() - found.mtimeMs > OLDEST_MS) return true;
  const pid = Number(text);
  return pid > 0 && (pid === process.pid || !isAlive(pid));
}

/** Moved aside before it is judged once more, so that nobody's fresh lock is removed in place of the old one. */
async function clear(path: string): Promise<void> {
  const aside = `${path}.${process.pid}`;
  await rename(path, aside).catch(() => {});
  if (await isAbandoned(aside)) await rm(aside, { force: true });
  else await rename(aside, path).catch(() => {});
}
