/** "Configure Okta" and "Configure ID.me" of the guide: the console, the profile, the onboarding desk. */
import assert from 'node:assert/strict';
import { expect } from '../../checks/expect.ts';
import { choose, field, handedOver, open, rowAction, signInAsAdministrator } from '../../people/administrator.ts';
import type { Test } from '../../spec.ts';
import { ATTRIBUTES, type Guide, IDP_NAME, ISSUER, MAPPINGS, ssoUrl } from './guide.ts';

export const configuration = (guide: Guide): Test[] => [
  {
    name: 'Security > Identity Providers > Add Identity Provider > SAML 2.0 IdP > Next',
    run: () => choosesType(guide),
  },
  { name: 'General, User Matches, JIT and SAML Protocol Settings > Finish', run: () => addsProvider(guide) },
  { name: 'Directory > Profile Editor > Gatehouse User (default) > + Add Attribute', run: () => addsAttributes(guide) },
  { name: 'Edit Profile and Mappings > Save Mappings > Apply updates now', run: () => editsMappings(guide) },
  { name: 'Download metadata, and the Solution Consultant takes it', run: () => handsOver(guide) },
];

async function choosesType({ stage, admin }: Guide): Promise<void> {
  const { page } = admin;
  await signInAsAdministrator(page, stage);
  await open(page, 'Security', 'Identity Providers');
  await page.getByRole('link', { name: 'Add identity provider' }).click();
  await page.getByRole('radio', { name: 'SAML 2.0 IdP' }).check();
  await admin.look('console-identity-provider-type-saml');
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Configure SAML 2.0 IdP' })).toBeVisible();
  await choose(page, 'Start from a preset', 'ID.me (SAML 2.0), Sandbox');
}

async function addsProvider(guide: Guide): Promise<void> {
  const { page } = guide.admin;
  assert.equal(await field(page, 'Name').inputValue(), IDP_NAME);
  assert.equal(await field(page, 'IdP Issuer URI').inputValue(), ISSUER);
  await field(page, 'IdP Username').fill('idpuser.email');
  await choose(page, 'Match against', 'Gatehouse Username or Email');
  await page.getByRole('radiogroup', { name: 'Account Link Policy' }).getByLabel('Automatic').check();
  await page.getByLabel('Create New User (JIT)').check();
  await page.getByLabel('Update attributes for existing users').check();

  await field(page, 'IdP Single Sign-On URL').fill(ssoUrl(guide));
  await field(page, 'Destination').fill(ssoUrl(guide));
  await field(page, 'Paste a certificate').fill(await publishedCertificate(guide));
  await page.getByRole('button', { name: 'Add pasted certificate' }).click();
  await expect(page.getByRole('button', { name: /^Remove CN=/ })).toBeVisible();
  await page.getByRole('radiogroup', { name: 'Request Binding' }).getByLabel('HTTP Post').check();
  assert.ok(await page.getByLabel('Sign SAML Authentication Requests').isChecked());
  await guide.admin.look('console-identity-provider-add-saml');
  await page.getByRole('button', { name: 'Finish' }).click();

  await expect(page.getByRole('heading', { level: 1, name: IDP_NAME })).toBeVisible();
  guide.idpId = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  assert.equal(
    await handedOver(page, 'Assertion Consumer Service (ACS) URL'),
    `${guide.stage.url}/sso/saml2/${guide.idpId}`,
  );
  await expect(field(page, 'IdP Issuer URI')).toBeVisible();
  assert.equal(
    await page.getByRole('button', { name: 'Save' }).count(),
    0,
    'nothing is changed, and there is something to save',
  );
  await guide.admin.look('console-identity-provider-saml');
  await field(page, 'Display name').fill('ID.me for this test');
  await page.getByLabel('Require encrypted assertions').check();
  await expect(
    page.getByRole('button', { name: '2 changes: Display name, Require encrypted assertions' }),
  ).toBeVisible();
  await guide.admin.look('console-identity-provider-saml-changed');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Identity provider saved.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save' })).toBeAbsent();
  assert.equal(await page.getByText('Unsaved work').count(), 0);
  await page.getByLabel('Require encrypted assertions').uncheck();
  await field(page, 'Display name').fill('ID.me');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('button', { name: 'Save' })).toBeAbsent();
  await page.getByRole('tab', { name: 'Keys and certificates' }).click();
  await expect(page.getByText('Active', { exact: true }).last()).toBeVisible();
  await guide.admin.look('console-identity-provider-keys');
}

/** What the guide tells to copy from between the tags: the current one of several. */
async function publishedCertificate({ stage }: Guide): Promise<string> {
  const metadata = await (await fetch(`${stage.sandbox.url}/saml/metadata/provider`)).text();
  const [, certificate] =
    /<(?:\w+:)?KeyDescriptor[^>]*active="true"[\s\S]*?X509Certificate>([^<]+)</.exec(metadata) ?? [];
  if (certificate === undefined) throw new Error(`No current certificate is in ${metadata.slice(0, 500)}`);
  return certificate;
}

async function addsAttributes({ admin }: Guide): Promise<void> {
  const { page } = admin;
  await open(page, 'Directory', 'Profile Editor');
  await page.getByRole('link', { name: 'Gatehouse User (default)' }).click();
  await expect(page.getByRole('button', { name: '+ Add Attribute' })).toBeVisible();
  for (const [name, title] of ATTRIBUTES) {
    // On an org that followed the other guide too, the first of them exists already.
    if ((await page.getByRole('cell', { name, exact: true }).count()) > 0) continue;
    await page.getByRole('button', { name: '+ Add Attribute' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add Attribute' });
    await dialog.getByRole('textbox', { name: 'Display Name' }).fill(title);
    await dialog.getByRole('textbox', { name: 'Variable Name' }).fill(name);
    await dialog.getByRole('button', { name: 'Save Attribute' }).click();
    await expect(dialog).toBeAbsent();
    await expect(page.getByRole('cell', { name, exact: true })).toBeVisible();
  }
}

async function editsMappings({ admin }: Guide): Promise<void> {
  const { page } = admin;
  await open(page, 'Security', 'Identity Providers');
  await rowAction(page, IDP_NAME, 'Edit Profile and Mappings');
  const source = (attribute: string) =>
    page.getByRole('combobox', { name: `Source expression: ${attribute}`, exact: true });
  await expect(page.getByRole('region', { name: 'Profile and Mappings' })).toBeVisible();
  for (const [expression, attribute] of MAPPINGS) {
    if ((await source(attribute).count()) === 0) await choose(page, 'Add a mapping for', attribute);
    await source(attribute).fill(expression);
    await source(attribute).press('Escape');
  }
  await admin.look('console-mappings-saml');
  await page.getByRole('button', { name: 'Save Mappings' }).click();
  await page.getByRole('button', { name: 'Apply updates now' }).click();
  await expect(page.getByText('Mappings saved.')).toBeVisible();
}

async function handsOver(guide: Guide): Promise<void> {
  const { stage, admin } = guide;
  const { page } = admin;
  await open(page, 'Security', 'Identity Providers');
  const [download] = await Promise.all([page.waitForEvent('download'), rowAction(page, IDP_NAME, 'Download metadata')]);
  const metadata = await readAll(await download.createReadStream());
  assert.match(metadata, /EntityDescriptor/);

  const desk = await stage.visitor();
  await desk.page.goto(`${stage.sandbox.url}/desk/saml`);
  await desk.page.getByLabel('Name of your application').fill('Gatehouse');
  await desk.page.getByLabel('Metadata (XML)').fill(metadata);
  await desk.page.getByRole('button', { name: 'Register' }).click();
  await expect(desk.page.getByRole('heading', { name: 'What to enter for ID.me' })).toBeVisible();
  assert.ok((await desk.page.locator('dd').allInnerTexts()).includes(ssoUrl(guide)));
}

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const piece of stream) text += piece.toString();
  return text;
}
