// Builds the console (console/ -> console/dist) when its sources changed since the last build.
import { createHash } from 'node:crypto';
import { globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './children.mjs';
import { Refusal, ROOT } from './launch.mjs';

const FOLDER = join(ROOT, 'console');
const STAMP = join(FOLDER, 'dist/.built-from');
const SOURCES = ['src/**/*', 'public/**/*', 'index.html', '*.ts', '*.json', '*.cjs', '../package-lock.json'];

/** Throws a Refusal when the build fails. */
export async function buildConsole() {
  const wanted = digestOfSources();
  if (digestOfBuild() === wanted) return;
  process.stdout.write('Building the console.\n');
  const code = await run(
    process.execPath,
    [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
    { cwd: FOLDER },
  );
  if (code !== 0) throw new Refusal('The console could not be built, the reason stands above.');
  writeFileSync(STAMP, wanted);
}

function digestOfSources() {
  const hash = createHash('sha256');
  const files = SOURCES.flatMap((pattern) => globSync(pattern, { cwd: FOLDER })).sort();
  for (const file of files.filter((name) => statSync(join(FOLDER, name)).isFile())) {
    hash
      .update(file.replaceAll('\\', '/'))
      .update('\0')
      .update(readFileSync(join(FOLDER, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

function digestOfBuild() {
  try {
    return readFileSync(STAMP, 'utf8');
  } catch {
    return undefined;
  }
}
