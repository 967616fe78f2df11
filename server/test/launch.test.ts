import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const SCRIPTS = fileURLToPath(new URL('../../scripts/', import.meta.url));
const LOCK = {
  packages: {
    '': { name: 'p' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/b-other-system': { version: '1.0.0', integrity: 'sha512-b', optional: true },
  },
};
const INSTALLED = { packages: { 'node_modules/a': LOCK.packages['node_modules/a'] } };

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gatehouse-launch-'));
  await cp(SCRIPTS, join(root, 'scripts'), { recursive: true });
  await writeFile(join(root, 'package-lock.json'), JSON.stringify(LOCK));
  await writeFile(
    join(root, 'scripts/command.mjs'),
    `import { launch } from './launch.mjs'; await launch(import.meta.url, async () => { console.log('ran'); process.exit(7); });`,
  );
  await writeFile(
    join(root, 'npm.mjs'),
    `import { writeFileSync } from 'node:fs'; writeFileSync('npm-arguments', process.argv.slice(2).join(' ')); process.exit(Number(process.env.NPM_EXIT));`,
  );
});
afterEach(() => rm(root, { recursive: true }));

async function installed(lock: object): Promise<void> {
  await mkdir(join(root, 'node_modules'));
  await writeFile(join(root, 'node_modules/.package-lock.json'), JSON.stringify(lock));
}

async function command(npmExit = 0) {
  const env = { ...process.env, npm_execpath: join(root, 'npm.mjs'), NPM_EXIT: String(npmExit) };
  const child = spawn(process.execPath, [join(root, 'scripts/command.mjs')], { env, cwd: root });
  let [output, complaint] = ['', ''];
  child.stdout.on('data', (data) => {
    output += data;
  });
  child.stderr.on('data', (data) => {
    complaint += data;
  });
  const [code] = await once(child, 'close');
  const npm = await readFile(join(root, 'npm-arguments'), 'utf8').catch(() => undefined);
  return { code, output, complaint, npm };
}

describe('a command of package.json', () => {
  test('runs at once when node_modules is what the lock says; packages of other systems may be absent', async () => {
    await installed(INSTALLED);
    expect(await command()).toEqual({ code: 7, output: 'ran\n', complaint: '', npm: undefined });
  });

  test.each([
    ['there is no node_modules', undefined],
    ['a package is missing', { packages: {} }],
    ['a package has another version', { packages: { 'node_modules/a': { version: '1.0.1', integrity: 'sha512-a' } } }],
    ['a package has other content', { packages: { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-z' } } }],
  ])('installs first when %s', async (_when, lock) => {
    if (lock !== undefined) await installed(lock);
    const { code, output, npm } = await command();
    expect({ code, npm }).toMatchObject({
      code: 7,
      npm: expect.stringMatching(/^ci --include=dev --include=optional/),
    });
    expect(output).toMatch(/^Installing dependencies .*\nran\n$/);
  });

  test('says so in one sentence when the installation fails', async () => {
    const { code, output, complaint } = await command(3);
    expect(code).toBe(1);
    expect(output).not.toContain('ran');
    expect(complaint).toMatch(/^npm ci failed, [^\n]*\.\n$/);
  });
});
