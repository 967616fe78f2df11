import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const FLAG = '--max-semi-space-size=4';
const run = promisify(execFile);
let folder: string;
let entry: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-memory-'));
  entry = join(folder, 'entry.mjs');
  const report = `JSON.stringify({ pid: process.pid, flags: process.execArgv, words: process.argv.slice(2), env: process.env.PROBE })`;
  await writeFile(
    entry,
    `import { boundMemory } from ${JSON.stringify(join(import.meta.dirname, 'main-memory.ts'))};
     boundMemory(import.meta.filename, process.argv.slice(2));
     process.send ? process.send(${report}) : console.log(${report});`,
  );
});
afterAll(() => rm(folder, { recursive: true }));

describe('the memory setting', () => {
  test('is given to a process that was started without it, which stays the same process', async () => {
    const started = run(process.execPath, ['--no-warnings', entry, 'a', 'b c'], { env: { PROBE: 'kept' } });
    const { stdout } = await started;
    const given = process.platform === 'win32' ? [] : [FLAG];
    expect(JSON.parse(stdout)).toEqual({
      pid: started.child.pid,
      flags: [...given, '--no-warnings'],
      words: ['a', 'b c'],
      env: 'kept',
    });
  });

  test.each([[['--max-semi-space-size=64']], [['--max_semi_space_size=64']]])(
    'of the operator stays: %j',
    async (flags) => {
      const { stdout } = await run(process.execPath, [...flags, entry]);
      expect(JSON.parse(stdout)).toMatchObject({ flags });
    },
  );

  test('does not cost a child the channel to its parent', async () => {
    const child = fork(entry, { execArgv: [] });
    const [message] = await once(child, 'message');
    expect(JSON.parse(message)).toMatchObject({ flags: [] });
    child.disconnect();
    await once(child, 'exit');
  });

  test('is the same where the scripts give it', async () => {
    expect(await readFile(join(import.meta.dirname, '../../scripts/children.mjs'), 'utf8')).toContain(`'${FLAG}'`);
  });
});
