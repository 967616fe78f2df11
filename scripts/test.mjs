// npm test: every check, one after the other: types, format and lint, tests of server and sandboxes (with the borders), the console's
// build, the browser tests. All of them run even if one fails. The last lines name each test that failed, with what it said, and count; the
// exit code tells.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { ended, run } from './children.mjs';
import { launch, ROOT } from './launch.mjs';

const bin = (path) => join(ROOT, 'node_modules', path);
const node = (...args) => run(process.execPath, args, { cwd: ROOT });
const asOne = (code) => (code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });

const SAID_OF_A_FAILURE = 300;

/** Each `check` resolves with how many passed and failed, and, where tests have names, a line for each that failed. */
const STEPS = [
  {
    title: 'Types: server, sandbox, e2e, bench',
    check: async () => asOne(await node(bin('typescript/bin/tsc'), '-p', '.', '--noEmit')),
  },
  {
    title: 'Types: console',
    check: async () => asOne(await node(bin('typescript/bin/tsc'), '-p', 'console', '--noEmit')),
  },
  { title: 'Format and lint', check: async () => asOne(await node(bin('@biomejs/biome/bin/biome'), 'check', '.')) },
  { title: 'Tests: server, sandbox, borders', check: vitest },
  { title: 'Console build', check: async () => asOne(await consoleBuild()) },
  { title: 'Browser tests', check: browserTests },
];

async function perform({ title, check }) {
  process.stdout.write(`\n== ${title}\n`);
  const from = performance.now();
  const counts = await check();
  const seconds = ((performance.now() - from) / 1000).toFixed(1);
  process.stdout.write(`-- ${title}: ${counts.failed === 0 ? 'passed' : 'FAILED'} in ${seconds} s\n`);
  return { title, seconds, ...counts };
}

function summary(results) {
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const width = Math.max(...results.map(({ title }) => title.length));
  process.stdout.write('\n== Summary\n');
  for (const result of results) {
    process.stdout.write(
      `${result.failed === 0 ? 'ok    ' : 'FAILED'}  ${result.title.padEnd(width)}  ${result.seconds.padStart(6)} s  ${result.passed} passed, ${result.failed} failed\n`,
    );
  }
  const failures = results.flatMap((result) => result.failures ?? []);
  if (failures.length > 0) process.stdout.write(`\n== What failed\n${failures.join('\n')}\n`);
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

/** Counted test by test, from Vitest's own report. */
async function vitest() {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-report-'));
  const report = join(folder, 'vitest.json');
  try {
    const code = await node(
      bin('vitest/vitest.mjs'),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    );
    if (!existsSync(report)) return asOne(code || 1);
    const { numPassedTests, numFailedTests, numFailedTestSuites, testResults } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    const failed = numFailedTests || numFailedTestSuites;
    return {
      passed: numPassedTests,
      failed: failed || (code === 0 ? 0 : 1),
      failures: testResults.flatMap(failuresOfFile),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A file of Vitest's report: one line for each test that failed, or one for a file that could not be run. */
function failuresOfFile({ name, message, status, assertionResults }) {
  const file = relative(ROOT, name);
  const failed = assertionResults.filter((test) => test.status === 'failed');
  if (failed.length === 0 && status === 'failed') return [failure(file, message)];
  return failed.map(({ fullName, failureMessages }) => failure(`${file} > ${fullName}`, failureMessages.join(' ')));
}

function failure(what, said) {
  return `- ${what}: ${said.replace(/\s+/g, ' ').slice(0, SAID_OF_A_FAILURE)}`;
}

async function consoleBuild() {
  const { buildConsole } = await import('./console.mjs');
  return buildConsole().then(
    () => 0,
    (error) => {
      process.stdout.write(`${error.message}\n`);
      return 1;
    },
  );
}

/** `node e2e/run.ts`: non-zero on failure; its last "N passed, N failed" counts where it prints one. */
async function browserTests() {
  const child = spawn(process.execPath, [join(ROOT, 'e2e/run.ts')], {
    cwd: ROOT,
    stdio: ['inherit', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (data) => {
    process.stdout.write(data);
    output += data;
  });
  const code = await ended(child);
  const [, passed, failed] = [...output.matchAll(/(\d+) passed, (\d+) failed/g)].at(-1) ?? [];
  if (passed === undefined) return asOne(code);
  return {
    passed: Number(passed),
    failed: code === 0 ? Number(failed) : Math.max(1, Number(failed)),
    failures: [...output.matchAll(/^ {2}FAILED (.*) \([\d.]+ s\)\n(.*)/gm)].map(([, test, said]) =>
      failure(test, said),
    ),
  };
}

// Last, because it runs at once and needs the constants above.
await launch(import.meta.url, async () => {
  const results = [];
  for (const step of STEPS) results.push(await perform(step));
  process.exit(summary(results));
});
