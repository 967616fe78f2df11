/** A person without a mouse. */
import type { Locator, Page } from 'playwright-core';

const MOST_STOPS = 60;

/** Presses Tab until the control has the focus and shows it; throws when it cannot be reached or its focus cannot be seen. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    const focused = await target.evaluate((element) => element === document.activeElement);
    if (focused) return seen(target);
    await page.keyboard.press('Tab');
  }
  throw new Error(`${target} was not reached with ${MOST_STOPS} presses of Tab.`);
}

async function seen(target: Locator): Promise<void> {
  const visible = await target.evaluate((element) => {
    const { outlineStyle, outlineWidth, boxShadow, borderColor } = getComputedStyle(element);
    const field = element instanceof HTMLInputElement && borderColor !== '';
    return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none' || field;
  });
  if (!visible) throw new Error(`${target} has the focus, but nothing shows it.`);
}

/** Reaches a control and presses Enter. */
export async function press(page: Page, target: Locator): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press('Enter');
}
