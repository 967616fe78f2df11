import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';

const exec = promisify(execFile);

/** What a running PostgreSQL wrote into its postmaster.pid. */
export interface Postmaster {
  pid: number;
  /** Its data directory as it was started with. */
  directory: string;
  port: number;
  /** Empty when it listens on TCP only. */
  socketDir: string;
}

/** Reads postmaster.pid (PostgreSQL: miscadmin.h, LOCK_FILE_LINE_*); undefined when there is none or it is half written. */
export async function readPostmaster(pidFile: string): Promise<Postmaster | undefined> {
  const lines = (await readFile(pidFile, 'utf8').catch(() => '')).split('\n').map((line) => line.trim());
  const [pid, directory, , port, socketDir] = lines;
  if (!pid || !directory || !port) return undefined;
  return { pid: Number(pid), directory, port: Number(port), socketDir: socketDir ?? '' };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Whether the process of a postmaster.pid is still that PostgreSQL: after a crash its number may belong to somebody else, in a container
 * even usually does. Where the system does not tell, the number counts.
 */
export async function isStillPostgres(postmaster: Postmaster): Promise<boolean> {
  if (!isAlive(postmaster.pid)) return false;
  const command = await commandLine(postmaster.pid);
  if (command === undefined) return true;
  return basename(command[0] ?? '').startsWith('postgres') && command.includes(postmaster.directory);
}

async function commandLine(pid: number): Promise<string[] | undefined> {
  if (process.platform === 'win32') return undefined;
  if (process.platform === 'linux') {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
  }
  const output = await exec('ps', ['-p', String(pid), '-o', 'command=']).catch(() => undefined);
  return output?.stdout.trim().split(' ') ?? [];
}
