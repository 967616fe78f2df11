/** Network zones in the console: an office, a blocklist that would shut out who saves it, and a rule that asks for a zone. */
import assert from 'node:assert/strict';
import { expect } from '../checks/expect.ts';
import { field, open, signInAsAdministrator } from '../people/administrator.ts';
import type { Spec } from '../spec.ts';
import type { Stage, Visitor } from '../stage/index.ts';

export const networks: Spec = {
  title: 'Networks',
  journey: true,
  async tests(stage) {
    const admin = await stage.visitor();
    await signInAsAdministrator(admin.page, stage);
    return [
      { name: 'a zone is added, with what is wrong said at its field', run: () => addZone(admin) },
      { name: 'nobody blocks their own address', run: () => blockOneself(stage, admin) },
      { name: 'a dynamic zone says that it contains nobody', run: () => dynamicZone(stage, admin) },
      { name: 'a routing rule asks for the zone, and the zone stays for it', run: () => ruleWithZone(stage, admin) },
    ];
  },
};

async function addZone({ page, look }: Visitor): Promise<void> {
  await open(page, 'Security', 'Networks');
  await expect(page.getByRole('link', { name: 'BlockedIpZone' })).toBeVisible();
  await look('console-networks');
  await page.getByRole('link', { name: 'Add zone' }).click();
  await field(page, 'Zone name').fill('Head office');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Enter at least one address.')).toBeVisible();
  await field(page, 'Gateway IPs').fill('192.0.2.0/24\n2001:db8::/32\n198.51.100.10-198.51.100.20');
  await look('console-zone-add');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('link', { name: 'Head office' })).toBeVisible();
}

async function blockOneself(stage: Stage, { page, look }: Visitor): Promise<void> {
  await page.getByRole('link', { name: 'Add zone' }).click();
  await field(page, 'Zone name').fill('Everybody');
  await field(page, 'Gateway IPs').fill('0.0.0.0/0');
  await page.getByRole('checkbox', { name: 'Block access from IPs matching conditions listed in this zone' }).check();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText(/you would be shut out/).first()).toBeVisible();
  await look('console-zone-refused');
  stage.forgive('status of 400');
  await page.getByRole('button', { name: 'Cancel' }).click();
}

async function dynamicZone(stage: Stage, { page, look }: Visitor): Promise<void> {
  await stage.api.post('/zones', {
    type: 'DYNAMIC',
    name: 'Belgium',
    locations: [{ country: 'BE', region: null }],
    asns: ['23457'],
  });
  await page.goto(`${stage.url}/admin/security/networks`);
  await page.getByRole('link', { name: 'Belgium' }).click();
  await expect(page.getByText(/it contains nobody/)).toBeVisible();
  await look('console-zone-dynamic');
}

async function ruleWithZone(stage: Stage, { page, look }: Visitor): Promise<void> {
  await page.goto(`${stage.url}/admin/security/identity-providers/routing-rules/new`);
  await field(page, 'Name').fill('From the office');
  await page.getByRole('radio', { name: 'In zone', exact: true }).check();
  await page
    .getByRole('combobox', { name: 'Zones' })
    .or(page.getByRole('textbox', { name: 'Zones' }))
    .first()
    .click();
  await page.getByRole('option', { name: 'Head office' }).click();
  await page.keyboard.press('Escape');
  await page
    .getByRole('textbox', { name: 'Use this identity provider' })
    .or(page.getByRole('combobox', { name: 'Use this identity provider' }))
    .first()
    .click();
  await page.getByRole('option', { name: /user name and password/ }).click();
  await look('console-rule-zone');
  await page.getByRole('button', { name: 'Create Rule', exact: true }).click();
  await expect(page.getByText('IP is in Head office')).toBeVisible();

  const [zone] = await stage.api.get<{ id: string }[]>(`/zones?filter=${encodeURIComponent('name eq "Head office"')}`);
  await open(page, 'Security', 'Networks');
  await page.getByRole('button', { name: 'Actions for Head office' }).click();
  await page.getByRole('menuitem', { name: 'Deactivate' }).click();
  await expect(page.getByText(/is used by the routing rule "From the office"/)).toBeVisible();
  await look('console-zone-used');
  stage.forgive('status of 400');
  assert.equal((await stage.api.get<{ status: string }>(`/zones/${zone?.id}`)).status, 'ACTIVE');
}
