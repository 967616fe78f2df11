/** The guide's hint for a button that does not appear: the rule must be active. */
import assert from 'node:assert/strict';
import { expect } from '../../checks/expect.ts';
import { open, readLog, rowAction } from '../../people/administrator.ts';
import { signInWith } from '../../people/person.ts';
import type { Test } from '../../spec.ts';
import { DISPLAY_NAME, type Guide, RULE_NAME } from './guide.ts';

export const inactiveRule = (guide: Guide): Test[] => [
  { name: 'Routing Rules > Deactivate: no button, and the System Log names the rule', run: () => deactivates(guide) },
];

async function deactivates({ stage, admin }: Guide): Promise<void> {
  const { page } = admin;
  await open(page, 'Security', 'Identity Providers');
  await page.getByRole('tab', { name: 'Routing Rules' }).click();
  await rowAction(page, RULE_NAME, 'Deactivate');
  await expect(page.getByRole('row', { name: RULE_NAME }).getByText('Inactive')).toBeVisible();

  const { page: person } = await stage.visitor();
  await person.goto(stage.url);
  await expect(person.getByRole('heading', { name: 'Sign in to Gatehouse' })).toBeVisible();
  assert.equal(await signInWith(person, DISPLAY_NAME).count(), 0);
  const event = await readLog(page, RULE_NAME, 'Skipped');
  assert.match(event, new RegExp(`"${RULE_NAME}".*inactive`, 'i'));
  await admin.look('console-system-log-skipped');
}
