/** What an administrator does in the console, by the words on the screen. */

import type { Page } from 'playwright-core';
import { expect } from '../checks/expect.ts';
import type { Stage } from '../stage/index.ts';

/** By the address that always shows user name and password; ends in the console. */
export async function signInAsAdministrator(page: Page, { url, admin }: Stage): Promise<void> {
  await page.goto(`${url}/login/default`);
  await page.getByLabel('User name').fill(admin.email);
  await page.getByLabel('Password').fill(admin.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('link', { name: 'Administration' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Dashboard' })).toBeVisible();
}

/** Follows the navigation at the left: `open(page, 'Security', 'Identity Providers')`. */
export async function open(page: Page, section: string, entry: string): Promise<void> {
  const list = page.getByRole('navigation', { name: 'Main' }).getByRole('list', { name: section, exact: true });
  await list.getByRole('link', { name: entry, exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: entry })).toBeVisible();
}

/** A field of text by its label. */
export const field = (page: Page, label: string) => page.getByRole('textbox', { name: label, exact: true });

/** A field that shows a list of choices. */
export async function choose(page: Page, label: string, choice: string): Promise<void> {
  await page.getByRole('combobox', { name: label, exact: true }).or(field(page, label)).first().click();
  await page.getByRole('option', { name: choice, exact: true }).click();
}

/** An entry of the menu "Actions" of one row of a list. */
export async function rowAction(page: Page, name: string, action: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${name}` }).click();
  await page.getByRole('menuitem', { name: action }).click();
}

/** A value of a block "Give these to …". */
export async function handedOver(page: Page, label: string): Promise<string> {
  const value = page.getByRole('region', { name: /^Give these to/ }).locator(`div:has(> div:text-is("${label}")) code`);
  return (await value.innerText()).trim();
}

/**
 * Searches the System Log and opens the newest event with this outcome ("Failure", "Skipped"); resolves with everything that is shown of
 * it. The drawer stays open.
 */
export async function readLog(page: Page, words: string, outcome: string): Promise<string> {
  await open(page, 'Reports', 'System Log');
  const answered = page.waitForResponse((response) => new URL(response.url()).searchParams.get('q') === words);
  await page.getByRole('searchbox', { name: 'Search in the events' }).fill(words);
  await answered;
  await page.getByRole('row').filter({ hasText: outcome }).getByRole('button').first().click();
  const drawer = page.getByRole('dialog');
  await expect(drawer.getByText('The whole event')).toBeVisible();
  return drawer.innerText();
}
