/** What a person does on the way in: at the hub's sign-in page and at the provider. */
import type { Page } from 'playwright-core';
import { arrivesAt, expect } from '../checks/expect.ts';
import type { Stage } from '../stage/index.ts';

/** The button of one provider on the hosted sign-in page. */
export const signInWith = (page: Page, name: string) =>
  page.getByRole('button', { name: `Sign in with ${name}`, exact: true });

/** Chooses who one is at the provider, by e-mail address, as far as the question whether to share. */
export async function chooseAtProvider(page: Page, { sandbox }: Stage, email: string): Promise<void> {
  await arrivesAt(page, sandbox.url);
  await page.getByRole('button', { name: email }).click();
  await expect(page.getByRole('button', { name: 'Allow' })).toBeVisible();
}

/** Signs in at the provider and agrees to share. */
export async function agreeAtProvider(page: Page, stage: Stage, email: string): Promise<void> {
  await chooseAtProvider(page, stage, email);
  await page.getByRole('button', { name: 'Allow' }).click();
}

/** From the portal's address to the dashboard, through the button of one provider. */
export async function signInAtPortal(page: Page, stage: Stage, provider: string, email: string): Promise<void> {
  await page.goto(stage.url);
  await signInWith(page, provider).click();
  await agreeAtProvider(page, stage, email);
  await expect(page.getByRole('heading', { name: 'Your applications' })).toBeVisible();
}

/** The code on an error page that a person gives to the administrator. */
export async function codeOn(page: Page): Promise<string> {
  return (await page.locator('#code').innerText()).trim();
}
