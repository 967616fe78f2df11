/** The console's screens that the guide does not come by: each opens, says nothing wrong, and has no finding. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { federate } from '../arrange/federation.ts';
import { expect } from '../checks/expect.ts';
import { field, open, signInAsAdministrator } from '../people/administrator.ts';
import { signInAtPortal } from '../people/person.ts';
import type { Spec } from '../spec.ts';
import type { Stage, Visitor } from '../stage/index.ts';

export const consolePages: Spec = {
  title: 'Console',
  journey: true,
  async tests(stage) {
    const admin = await stage.visitor();
    await signInAsAdministrator(admin.page, stage);
    return [
      { name: 'the dashboard shows the last sign-ins', run: () => dashboard(stage, admin) },
      { name: 'a person is added', run: () => addPerson(admin) },
      { name: 'a group is added and gets a member', run: () => addGroup(admin) },
      { name: 'a person’s tabs', run: () => personTabs(admin) },
      { name: 'a mapping is tried before it is saved', run: () => previewMapping(admin) },
      { name: 'an API token is created and shown once', run: () => createToken(admin) },
      { name: 'an API token is bound to a network zone', run: () => bindToken(admin) },
      { name: 'an application of type API Services gets scopes and a role', run: () => apiService(admin) },
      { name: 'System Log and sign-in traces', run: () => reports(admin) },
      { name: 'the palette finds a screen by a word', run: () => palette(admin) },
      { name: 'a phone opens the navigation as a sheet', run: () => onPhone(admin) },
      { name: 'an address that does not exist, and a thing that does not exist', run: () => missing(stage, admin) },
      { name: 'a person who administers nothing is told so', run: () => forbidden(stage) },
    ];
  },
};

const EMAIL = 'wanda.window@example.com';

async function dashboard(stage: Stage, { page, look }: Visitor): Promise<void> {
  const federation = await federate(stage, { displayName: 'ID.me' });
  await stage.sandbox.createPerson({ fname: 'Wanda', lname: 'Window', email: EMAIL });
  const { page: person } = await stage.visitor();
  await signInAtPortal(person, stage, 'ID.me', EMAIL).finally(federation.end);
  await page.goto(`${stage.url}/admin/`);
  await expect(page.getByText(EMAIL)).toBeVisible();
  await look('console-dashboard');
}

async function addPerson({ page, look }: Visitor): Promise<void> {
  await open(page, 'Directory', 'People');
  await page.getByRole('link', { name: 'Add Person' }).click();
  await field(page, 'Username').fill('paul.person@example.com');
  await field(page, 'Primary email').fill('paul.person@example.com');
  await field(page, 'First name').fill('Paul');
  await field(page, 'Last name').fill('Person');
  await look('console-person-add');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Paul Person' })).toBeVisible();
  await page.getByRole('button', { name: 'Actions' }).click();
  await page.getByRole('menuitem', { name: 'Resend activation' }).click();
  await expect(page.getByText('A link for Paul Person')).toBeVisible();
  await look('console-person-link');
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await open(page, 'Reports', 'Mail outbox');
  await page
    .getByRole('button', { name: /^Read message: Welcome/ })
    .first()
    .click();
  await expect(page.getByRole('dialog').getByText('Hello Paul Person')).toBeVisible();
  await look('console-mail-message');
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
}

async function addGroup({ page, look }: Visitor): Promise<void> {
  await open(page, 'Directory', 'Groups');
  await look('console-groups');
  await page.getByRole('button', { name: 'Add Group' }).click();
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('Veterans');
  await look('console-group-add');
  await page.getByRole('dialog').getByRole('button', { name: 'Add Group' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Veterans' })).toBeVisible();
  await page.getByRole('button', { name: 'Assign People' }).click();
  await page
    .getByRole('dialog')
    .getByRole('textbox')
    .or(page.getByRole('dialog').getByRole('combobox'))
    .first()
    .fill('Paul');
  await page.getByRole('option', { name: /paul.person@example.com/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
  await expect(page.getByRole('link', { name: /Paul Person|paul\.person/ })).toBeVisible();
  await look('console-group');
}

async function personTabs({ page, look }: Visitor): Promise<void> {
  await open(page, 'Directory', 'People');
  await page.getByRole('link', { name: 'Wanda Window' }).click();
  for (const tab of ['Where values come from', 'Applications', 'Groups', 'Linked identities', 'Recent sign-ins']) {
    await page.getByRole('tab', { name: tab }).click();
    await expect(page.getByRole('tabpanel', { name: tab })).toBeVisible();
    await look(`console-person-${tab.toLowerCase().replaceAll(' ', '-')}`);
  }
}

/** From the person's linked identity to its provider's mapping, with what the provider last said of the person. */
async function previewMapping({ page, look }: Visitor): Promise<void> {
  await page.getByRole('tab', { name: 'Linked identities' }).click();
  await page.getByRole('tabpanel', { name: 'Linked identities' }).getByRole('link').first().click();
  await page.getByRole('tab', { name: 'Profile and Mappings' }).click();
  await page.getByLabel('Source expression: mobilePhone').first().fill("'+1 ' + appuser.phone +");
  const preview = page.getByRole('region', { name: 'Preview' });
  await preview.getByLabel('A person who has signed in').first().fill('wanda');
  await page.getByRole('option', { name: EMAIL }).click();
  await expect(preview.getByRole('row', { name: /^mobilePhone/ }).getByText(/line 1/)).toBeVisible();
  await look('console-mapping-preview-broken');
  await page.getByLabel('Source expression: mobilePhone').first().fill("'+1 ' + appuser.fname");
  await preview.getByRole('textbox', { name: 'Or a profile as JSON' }).fill(`{"email": "${EMAIL}", "fname": "Wilma"}`);
  await preview.getByRole('button', { name: 'Preview profile' }).click();
  await expect(
    preview
      .getByRole('row', { name: /^mobilePhone/ })
      .getByText('+1 Wilma')
      .first(),
  ).toBeVisible();
  await look('console-mapping-preview');
}

async function createToken({ page, look }: Visitor): Promise<void> {
  await open(page, 'Security', 'API');
  await look('console-api-tokens');
  await page.getByRole('button', { name: 'Create Token' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').fill('For the browser test');
  await dialog.getByRole('button', { name: 'Create Token' }).click();
  await expect(dialog.locator('code')).toBeVisible();
  await look('console-api-token');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('cell', { name: 'For the browser test' })).toBeVisible();
}

async function bindToken({ page, look }: Visitor): Promise<void> {
  const row = page.getByRole('row').filter({ hasText: 'For the browser test' });
  await row.getByRole('button').last().click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: 'Addresses in none of these zones' }).click();
  await dialog.getByRole('textbox', { name: 'Network zones' }).or(dialog.getByRole('combobox')).first().click();
  await page.getByRole('option').first().click();
  await page.keyboard.press('Escape');
  await look('console-api-token-network');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(row.getByText('Not in')).toBeVisible();
  await look('console-api-token-bound');
}

async function apiService({ page, look }: Visitor): Promise<void> {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'RS256' }];
  await open(page, 'Applications', 'Applications');
  await page.getByRole('link', { name: 'Create App Integration' }).click();
  await page.getByRole('radio', { name: /^API Services/ }).click();
  await field(page, 'App integration name').fill('Nightly export');
  await page.getByLabel('Public keys (JWKS)').fill(JSON.stringify({ keys }));
  await look('console-api-service-add');
  await page.getByRole('button', { name: 'Create App Integration' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Nightly export' })).toBeVisible();
  await look('console-api-service');
  await page.getByRole('tab', { name: 'API scopes' }).click();
  await page.getByLabel('Filter scopes').fill('users');
  await page.getByRole('button', { name: 'Grant okta.users.read' }).click();
  await expect(page.getByRole('button', { name: 'Revoke okta.users.read' })).toBeVisible();
  await look('console-api-service-scopes');
  await page.getByRole('tab', { name: 'Admin roles' }).click();
  await page.getByLabel('Grant a role').click();
  await page.getByRole('option', { name: 'Read-only Administrator' }).click();
  await page.getByRole('button', { name: 'Grant', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Revoke Read-only Administrator' })).toBeVisible();
  await look('console-api-service-roles');
}

async function reports({ page, look }: Visitor): Promise<void> {
  await open(page, 'Reports', 'System Log');
  await expect(page.getByRole('cell').first()).toBeVisible();
  await look('console-system-log');
  await open(page, 'Reports', 'Sign-in traces');
  await expect(page.getByRole('cell', { name: EMAIL })).toBeVisible();
  await look('console-sign-in-traces');
  await page.getByRole('row').filter({ hasText: EMAIL }).getByRole('link').first().click();
  await expect(page.getByRole('region', { name: 'Steps' })).toBeVisible();
  await look('console-sign-in-trace-passed');
}

async function palette({ page, look }: Visitor): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('textbox').or(page.getByRole('combobox')).last().fill('federation');
  await expect(page.getByText('Identity Providers').last()).toBeVisible();
  await look('console-palette');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Identity Providers' })).toBeVisible();
}

async function onPhone({ page }: Visitor): Promise<void> {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole('button', { name: 'Open navigation' }).click();
  await page.getByRole('dialog').getByRole('link', { name: 'People' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'People' })).toBeVisible();
  await page.setViewportSize({ width: 1280, height: 800 });
}

async function missing(stage: Stage, { page, look }: Visitor): Promise<void> {
  await page.goto(`${stage.url}/admin/no/such/page`);
  await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible();
  await look('console-missing');
  const answered = page.waitForResponse((response) => response.url().includes('/api/v1/idps/0oaNobody'));
  await page.goto(`${stage.url}/admin/security/identity-providers/0oaNobody0000000000x`);
  assert.equal((await answered).status(), 404);
  await expect(page.getByRole('heading', { level: 1, name: 'There is no such page or object' })).toBeVisible();
  await look('console-error');
  await page.getByRole('link', { name: 'Go to Identity Providers' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Identity Providers' })).toBeVisible();
  stage.forgive('status of 404');
}

async function forbidden(stage: Stage): Promise<void> {
  const federation = await federate(stage, { displayName: 'ID.me' });
  const { page, look } = await stage.visitor();
  await signInAtPortal(page, stage, 'ID.me', EMAIL).finally(federation.end);
  assert.equal(await page.getByRole('link', { name: 'Administration' }).count(), 0);
  await page.goto(`${stage.url}/admin/`);
  await expect(page.getByRole('heading', { level: 1, name: 'You do not administer this org' })).toBeVisible();
  await look('console-forbidden');
  stage.forgive('status of 403');
}
