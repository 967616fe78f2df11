import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { SystemUser } from './system-user.ts';

interface Place {
  cwd: string;
  user: SystemUser | undefined;
}

/** PostgreSQL's environment: ours without PG… variables (they would redirect it) and with messages in plain English. */
function options({ cwd, user }: Place): SpawnOptions {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(PG|GATEHOUSE_|LC_|LANG)/.test(name)),
  );
  return { cwd, env: { ...env, LC_ALL: 'C' }, ...(user ?? {}), windowsHide: true };
}

/** Runs a program to its end. Throws with the last lines of its complaint when it fails. */
export async function runToEnd(program: string, args: string[], place: Place): Promise<void> {
  const child = spawn(program, args, { ...options(place), stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-2_000);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${program} failed: ${complaint.trim()}`);
}

/**
 * Starts a program in a process group of its own, so that a Ctrl-C for the hub does not reach it and it survives the hub's death; its
 * output goes to a file for the same reason.
 */
export function startDetached(program: string, args: string[], place: Place, output: number): ChildProcess {
  const child = spawn(program, args, { ...options(place), detached: true, stdio: ['ignore', output, output] });
  child.on('error', () => {});
  child.unref();
  return child;
}
