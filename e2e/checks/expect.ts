/** Waits until something is so, and says what was expected where it does not come. Values are compared by node:assert. */
import type { Locator, Page } from 'playwright-core';

const WITHIN_MS = 10_000;
const PAUSE_MS = 50;

export function expect(locator: Locator) {
  return {
    toBeVisible: () => locator.first().waitFor({ state: 'visible', timeout: WITHIN_MS }),
    toBeAbsent: () => locator.first().waitFor({ state: 'detached', timeout: WITHIN_MS }),
  };
}

/** Polls `read` until `holds` says yes; throws `message` with the last value. */
export async function eventually<T>(message: string, read: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  const deadline = Date.now() + WITHIN_MS;
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    if (Date.now() > deadline) throw new Error(`${message}; it is ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** The page's address begins with `prefix`. */
export async function arrivesAt(page: Page, prefix: string): Promise<void> {
  await page.waitForURL((url) => url.href.startsWith(prefix), { timeout: WITHIN_MS });
}
