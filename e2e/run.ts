/**
 * The browser tests: `node e2e/run.ts [word]` runs all of them, or those whose title has the word. One line per test; the last line counts;
 * the exit code tells. E2E_SHOTS names a folder for screenshots of every page that is looked at.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SHOTS } from './checks/look.ts';
import type { Spec, Test } from './spec.ts';
import { specs } from './specs/index.ts';
import { NoBrowser, openStage, type Stage } from './stage/index.ts';

const TEST_WITHIN_MS = 60_000;

const [word = ''] = process.argv.slice(2);
const chosen = specs.filter(({ title }) => title.toLowerCase().includes(word.toLowerCase()));
const counts = { passed: 0, failed: 0 };

try {
  const stage = await openStage();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void stage.close().finally(() => process.exit(1)));
  }
  try {
    for (const spec of chosen) await runSpec(spec, stage);
  } finally {
    await stage.close();
  }
} catch (error) {
  counts.failed += 1;
  console.log(error instanceof NoBrowser ? error.message : error);
}
console.log(`\n${counts.passed} passed, ${counts.failed} failed`);
process.exit(counts.failed === 0 && counts.passed > 0 ? 0 : 1);

async function runSpec({ title, journey, tests }: Spec, stage: Stage): Promise<void> {
  console.log(`\n${title}`);
  let stopped = false;
  const all = await tests(stage).catch((error: unknown): Test[] => [
    { name: 'what the tests need is arranged', run: () => Promise.reject(error) },
  ]);
  for (const test of all) {
    if (stopped) report(test, 0, ['Not reached, because an earlier step of this journey failed.']);
    else if (!(await runTest(test, stage)) && journey) stopped = true;
  }
  await stage.leave();
  stage.complaints();
}

/** Whether the test came to its end: complaints fail it, but do not stop a journey. */
async function runTest(test: Test, stage: Stage): Promise<boolean> {
  const from = performance.now();
  const errors = await withinTime(test.run()).then(
    (): unknown[] => [],
    (reason: unknown) => [reason],
  );
  const went = errors.length === 0;
  const complaints = stage.complaints();
  if (complaints.length > 0) errors.push(`The browser complained:\n${complaints.join('\n')}`);
  report(test, performance.now() - from, errors);
  if (errors.length > 0) await showWhere(test, stage);
  return went;
}

async function withinTime(running: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Not done within ${TEST_WITHIN_MS / 1000} seconds.`)), TEST_WITHIN_MS);
  });
  await Promise.race([running, late]).finally(() => clearTimeout(timer));
}

function report({ name }: Test, milliseconds: number, errors: unknown[]): void {
  counts[errors.length === 0 ? 'passed' : 'failed'] += 1;
  console.log(`  ${errors.length === 0 ? 'ok    ' : 'FAILED'} ${name} (${(milliseconds / 1000).toFixed(1)} s)`);
  for (const error of errors) console.log(indented(error instanceof Error ? String(error.stack) : String(error)));
}

function indented(text: string): string {
  return text.replace(/^/gm, '         ');
}

/** Where every window stood, what it said, and the last words of the programs. */
async function showWhere({ name }: Test, stage: Stage): Promise<void> {
  for (const [index, page] of stage.pages().entries()) {
    const text = await page
      .locator('body')
      .innerText({ timeout: 1000 })
      .catch(() => '');
    console.log(indented(`window ${index + 1}: ${page.url()}\n${text.slice(0, 1500)}`));
    if (SHOTS === null) continue;
    mkdirSync(SHOTS, { recursive: true });
    const file = join(SHOTS, `failed-${name.replace(/\W+/g, '-').slice(0, 60)}-${index + 1}.png`);
    await page.screenshot({ path: file }).catch(() => {});
  }
  console.log(indented(stage.output().slice(-3000)));
}
