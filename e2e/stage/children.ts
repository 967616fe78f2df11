/** Programs under test as child processes: started with a clean environment, watched until they answer, ended in order. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const END_WITH_PARENT = new URL('../../scripts/end-with-parent.mjs', import.meta.url).href;
const READY_WITHIN_MS = 90_000;
const STOP_WITHIN_MS = 20_000;
const KEPT_OUTPUT = 20_000;

export interface Child {
  name: string;
  /** The end of what it printed: shown where something failed. */
  output(): string;
  stop(): Promise<void>;
  readonly gone: boolean;
}

/** `file` is relative to the repository; `env` is everything that the program sees beside the machine's own variables. */
export function startChild(name: string, file: string, env: Record<string, string>): Child {
  const child = spawn(process.execPath, ['--import', END_WITH_PARENT, `${ROOT}${file}`], {
    cwd: ROOT,
    env: { ...machineEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data: Buffer) => {
      output = (output + data.toString()).slice(-KEPT_OUTPUT);
    });
  }
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    name,
    output: () => output,
    stop: () => stop(child, exited),
    get gone() {
      return child.exitCode !== null || child.signalCode !== null;
    },
  };
}

/** Without the variables of a hub or a sandbox that somebody runs beside. */
function machineEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(GATEHOUSE|IDME|SAMPLE|E2E)_/.test(name)),
  );
}

async function stop(child: ChildProcess, exited: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await exited;
  clearTimeout(late);
}

/** Resolves when `url` answers with success; throws with the program's own words when it ends before or takes too long. */
export async function answers(url: string, child: Child): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline && !child.gone) {
    const ok = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return;
    await pause(50);
  }
  throw new Error(`${child.name} did not come up at ${url}:\n${child.output()}`);
}

/** `count` different ports of the loopback interface that nobody listens on. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  return Promise.all(
    servers.map(async (server) => {
      const { port } = server.address() as { port: number };
      await new Promise((resolve) => server.close(resolve));
      return port;
    }),
  );
}
