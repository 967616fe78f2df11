/** What the guide asks the administrator to configure, in the console and at the onboarding desk. */
import assert from 'node:assert/strict';
import { expect } from '../../checks/expect.ts';
import { choose, field, handedOver, open, rowAction, signInAsAdministrator } from '../../people/administrator.ts';
import type { Test } from '../../spec.ts';
import { ATTRIBUTES, DISPLAY_NAME, type Guide, IDP_NAME, MAPPINGS, POLICY, RULE_NAME } from './guide.ts';

export const configuration = (guide: Guide): Test[] => [
  { name: 'the administrator signs in at the address that no routing rule reaches', run: () => signIn(guide) },
  { name: 'the onboarding desk gives a client id and a secret for the redirect URI', run: () => askDesk(guide) },
  {
    name: 'Security > Identity Providers > Add identity provider > OpenID Connect IdP > Next > Finish',
    run: () => addProvider(guide),
  },
  { name: 'Directory > Profile Editor > Gatehouse User (default) > + Add Attribute', run: () => addAttributes(guide) },
  {
    name: 'Identity Providers > Actions > Edit Profile and Mappings > Save Mappings > Apply updates now',
    run: () => editMappings(guide),
  },
  { name: 'Routing Rules > Add Routing Rule > Create Rule > Activate', run: () => addRule(guide) },
];

async function signIn({ stage, admin }: Guide): Promise<void> {
  await admin.page.goto(`${stage.url}/login/default`);
  await admin.look('password');
  await signInAsAdministrator(admin.page, stage);
  await admin.look('console-dashboard-new');
}

async function askDesk(guide: Guide): Promise<void> {
  const { stage } = guide;
  const { page } = await stage.visitor();
  await page.goto(`${stage.sandbox.url}/desk`);
  await page.getByLabel('Name of your application').fill('Gatehouse');
  await page.getByLabel('Redirect URI').fill(`${stage.url}/oauth2/v1/authorize/callback`);
  await page.getByLabel('Policy handle').selectOption(POLICY);
  await page.getByRole('button', { name: 'Register' }).click();
  const given = (label: string) => page.locator(`div:has(> dt:text-is("${label}")) dd`).innerText();
  guide.credentials = { id: await given('Client ID'), secret: await given('Client Secret') };
  assert.equal(await given('Scopes'), `openid ${POLICY}`);
}

async function addProvider(guide: Guide): Promise<void> {
  const { stage, admin, credentials } = guide;
  const { page } = admin;
  await open(page, 'Security', 'Identity Providers');
  await admin.look('console-identity-providers-empty');
  await page.getByRole('link', { name: 'Add identity provider' }).click();
  await page.getByRole('radio', { name: 'OpenID Connect IdP' }).check();
  await admin.look('console-identity-provider-type');
  await page.getByRole('button', { name: 'Next' }).click();

  await field(page, 'Name').fill(IDP_NAME);
  await field(page, 'Display name').fill(DISPLAY_NAME);
  await enterScopes(guide, `openid ${POLICY}`);
  await field(page, 'Client ID').fill(credentials.id);
  await page
    .getByLabel(/^Client Secret/)
    .and(page.locator('input[type=password]'))
    .fill(credentials.secret);

  const { url } = stage.sandbox;
  await field(page, 'Issuer').fill(`${url}/oidc`);
  await field(page, 'Authorization endpoint').fill(`${url}/oauth/authorize`);
  await field(page, 'Token endpoint').fill(`${url}/oauth/token`);
  await field(page, 'JWKS endpoint').fill(`${url}/oidc/.well-known/jwks`);
  assert.equal(await field(page, 'UserInfo endpoint').inputValue(), '', 'UserInfo endpoint: leave blank');

  await field(page, 'IdP Username').fill('idpuser.email');
  await choose(page, 'Match against', 'Gatehouse Username or Email');
  await page.getByRole('radiogroup', { name: 'Account Link Policy' }).getByLabel('Automatic').check();
  await page.getByLabel('Create New User (JIT)').check();
  await page.getByLabel('Update attributes for existing users').check();
  await admin.look('console-identity-provider-add');
  await page.getByRole('button', { name: 'Finish' }).click();

  await expect(page.getByRole('heading', { level: 1, name: IDP_NAME })).toBeVisible();
  guide.idpId = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  assert.match(guide.idpId, /^0oa/, 'the ID is visible in the address');
  assert.equal(await handedOver(page, 'Redirect URI'), `${stage.url}/oauth2/v1/authorize/callback`);
  await admin.look('console-identity-provider');
}

/** Removes what the form proposes (email and profile), then enters what the guide says. */
async function enterScopes({ admin: { page } }: Guide, scopes: string): Promise<void> {
  const input = page.getByLabel('Scopes').locator('visible=true').last();
  await input.click();
  for (let left = 5; left > 0; left -= 1) await input.press('Backspace');
  await input.pressSequentially(scopes);
  await input.press('Enter');
}

async function addAttributes({ admin }: Guide): Promise<void> {
  const { page } = admin;
  await open(page, 'Directory', 'Profile Editor');
  await admin.look('console-profile-editor');
  await page.getByRole('link', { name: 'Gatehouse User (default)' }).click();
  for (const [name, title, type] of ATTRIBUTES) {
    await page.getByRole('button', { name: '+ Add Attribute' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add Attribute' });
    await expect(dialog).toBeVisible();
    if (type !== 'string') await choose(page, 'Data Type', type);
    await dialog.getByRole('textbox', { name: 'Display Name' }).fill(title);
    await dialog.getByRole('textbox', { name: 'Variable Name' }).fill(name);
    if (name === 'idme_uuid') await admin.look('console-add-attribute');
    await dialog.getByRole('button', { name: 'Save Attribute' }).click();
    await expect(dialog).toBeAbsent();
    await expect(page.getByRole('cell', { name, exact: true })).toBeVisible();
  }
  await admin.look('console-profile');
}

async function editMappings({ stage, admin, idpId }: Guide): Promise<void> {
  const { page } = admin;
  await open(page, 'Security', 'Identity Providers');
  await admin.look('console-identity-providers');
  await rowAction(page, IDP_NAME, 'Edit Profile and Mappings');
  const source = (attribute: string) =>
    page.getByRole('combobox', { name: `Source expression: ${attribute}`, exact: true });
  await expect(page.getByRole('region', { name: 'Profile and Mappings' })).toBeVisible();
  for (const [claim, attribute] of MAPPINGS) {
    if ((await source(attribute).count()) === 0) await choose(page, 'Add a mapping for', attribute);
    await source(attribute).fill(`appuser.${claim}`);
    await source(attribute).press('Escape');
  }
  await admin.look('console-mappings');
  await page.getByRole('button', { name: 'Save Mappings' }).click();
  await page.getByRole('button', { name: 'Apply updates now' }).click();
  await expect(page.getByText('Mappings saved.')).toBeVisible();

  const [listed] = await stage.api.get<{ id: string }[]>(`/mappings?sourceId=${idpId}`);
  const mapping = await stage.api.get<{ properties: Record<string, { expression: string }> }>(
    `/mappings/${listed?.id}`,
  );
  const saved = Object.entries(mapping.properties).map(([name, { expression }]) => `${expression} to ${name}`);
  for (const [claim, name] of MAPPINGS) assert.ok(saved.includes(`appuser.${claim} to ${name}`), `${claim} to ${name}`);
}

async function addRule({ admin }: Guide): Promise<void> {
  const { page } = admin;
  await open(page, 'Security', 'Identity Providers');
  await page.getByRole('tab', { name: 'Routing Rules' }).click();
  await page.getByRole('link', { name: 'Add Routing Rule' }).click();
  await field(page, 'Name').fill(RULE_NAME);
  await choose(page, 'Use this identity provider', IDP_NAME);
  await admin.look('console-routing-rule-add');
  await page.getByRole('button', { name: 'Create Rule', exact: true }).click();
  const row = page.getByRole('row', { name: RULE_NAME });
  await expect(row.getByText('Inactive')).toBeVisible();
  await row.getByRole('button', { name: 'Activate' }).click();
  await expect(row.getByText('Active', { exact: true })).toBeVisible();
  await admin.look('console-routing-rules');
}
