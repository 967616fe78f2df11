// Child processes of the scripts. Plain JavaScript: runs on every Node from 20.19 without node_modules.
import { spawn } from 'node:child_process';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
// A Ctrl-C reaches a script from the terminal and once more from npm: only a later signal is a second one.
const ONE_PRESS_MS = 1000;
const END_WITH_PARENT = new URL('./end-with-parent.mjs', import.meta.url).href;

// The hub's own setting (server/src/main-memory.ts), which it cannot give itself where it has a channel to its parent.
const YOUNG_OBJECTS = '--max-semi-space-size=4';

/** A Node process that ends with this one. `output`: 'inherit', or 'pipe' to read its lines. */
export function startNode(node, args, { env = process.env, cwd, output = 'inherit', ownGroup = false } = {}) {
  return spawn(node, [YOUNG_OBJECTS, '--import', END_WITH_PARENT, ...args], {
    cwd,
    env,
    detached: ownGroup && process.platform !== 'win32',
    stdio: [ownGroup ? 'ignore' : 'inherit', output, output, 'ipc'],
  });
}

/** Resolves with the exit code (128 + number for a signal, as shells have it). Rejects when the program cannot be started. */
export function ended(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + signalNumber(signal)));
  });
}

function signalNumber(signal) {
  return { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[signal] ?? 0;
}

/** Calls `first` at the first of the signals and `again` at a later second one. */
export function onSignals(first, again) {
  let since;
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (since === undefined) {
        since = Date.now();
        first(signal);
      } else if (Date.now() - since > ONE_PRESS_MS) {
        again(signal);
      }
    });
  }
}

/** Runs a program to its end with our terminal; resolves with its exit code. */
export function run(program, args, options = {}) {
  return ended(spawn(program, args, { stdio: 'inherit', ...options }));
}
