/** Looks at a page as people see it: axe-core in light and dark, at desk and phone width; screenshots where E2E_SHOTS asks for them. */
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

export const SHOTS = process.env.E2E_SHOTS || null;

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SIZES = { 1280: { width: 1280, height: 800 }, 390: { width: 390, height: 844 } };

/** What is looked at with axe: between them both themes and both widths. The other two are for screenshots only. */
const VIEWS = [
  { width: 1280, scheme: 'light', audited: true },
  { width: 390, scheme: 'dark', audited: true },
  { width: 1280, scheme: 'dark', audited: false },
  { width: 390, scheme: 'light', audited: false },
] as const;

/** Resolves with every finding. Leaves the page at desk width in the light theme. */
export async function look(page: Page, name: string): Promise<string[]> {
  const findings: string[] = [];
  for (const { width, scheme, audited } of VIEWS) {
    if (!audited && SHOTS === null) continue;
    await page.setViewportSize(SIZES[width]);
    await page.emulateMedia({ colorScheme: scheme });
    await settled(page);
    if (audited) findings.push(...(await audit(page)).map((finding) => `${name}, ${width} px, ${scheme}: ${finding}`));
    if (audited && width === 390) findings.push(...(await overflow(page, name)));
    if (SHOTS !== null) await shoot(page, SHOTS, `${name}-${width}-${scheme}`);
  }
  await page.setViewportSize(SIZES[1280]);
  await page.emulateMedia({ colorScheme: 'light' });
  return findings;
}

/** A page of the console is itself when nothing is loading and its fonts are there. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"], [data-loading="true"]') === null);
  await page.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
}

/** Run through the debugger: the page's own policy stays as it is. */
async function audit(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = (await page.evaluate('axe.run({ resultTypes: ["violations"] })')) as AxeResults;
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}\n  ${html}\n  ${failureSummary?.replace(/\n/g, '\n  ')}`),
  );
}

/** Nothing may make a phone scroll sideways. */
async function overflow(page: Page, name: string): Promise<string[]> {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  return (content ?? 0) > (window ?? 0) ? [`${name}, 390 px: the page is ${content} px wide`] : [];
}

async function shoot(page: Page, folder: string, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
