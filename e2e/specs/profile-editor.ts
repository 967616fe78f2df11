/** Directory > Profile Editor: user types, their attributes with choices and source priority, groups, and what is used. */
import assert from 'node:assert/strict';
import { federate } from '../arrange/federation.ts';
import { expect } from '../checks/expect.ts';
import { choose, field, open, signInAsAdministrator } from '../people/administrator.ts';
import type { Spec } from '../spec.ts';
import type { Stage, Visitor } from '../stage/index.ts';

export const profileEditor: Spec = {
  title: 'Profile Editor',
  journey: true,
  async tests(stage) {
    const federation = await federate(stage, { displayName: 'ID.me' });
    const admin = await stage.visitor();
    await signInAsAdministrator(admin.page, stage);
    return [
      { name: 'a user type is created and gets its own profile', run: () => createsType(admin) },
      { name: 'an attribute with choices and an order of sources', run: () => addsAttribute(admin, federation.name) },
      { name: 'the source of a base attribute is changed', run: () => changesBase(admin) },
      { name: 'a person of that type is added with what it requires', run: () => addsPerson(admin) },
      { name: 'a type that somebody has is not deleted', run: () => keepsType(stage, admin) },
      { name: 'groups get an attribute', run: () => groupAttribute(stage, admin) },
      {
        name: 'an attribute that is used says where',
        run: () => usedAttribute(stage, admin, federation.idpId).finally(federation.end),
      },
    ];
  },
};

async function createsType({ page, look }: Visitor): Promise<void> {
  await open(page, 'Directory', 'Profile Editor');
  await page.getByRole('button', { name: 'Create user type' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create user type' });
  await dialog.getByRole('textbox', { name: 'Display name' }).fill('Contractor');
  await dialog.getByRole('textbox', { name: 'Variable name' }).fill('contractor');
  await dialog.getByRole('textbox', { name: 'Description' }).fill('People of other firms, for a time.');
  await look('console-user-type-add');
  await dialog.getByRole('button', { name: 'Create user type' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Contractor' })).toBeVisible();
  await look('console-user-type-profile');
  await open(page, 'Directory', 'Profile Editor');
  await expect(page.getByText('31 base, 0 custom')).toBeVisible();
  await look('console-profile-editor-types');
}

async function addsAttribute({ page, look }: Visitor, provider: string): Promise<void> {
  await page.getByRole('link', { name: 'Contractor' }).click();
  await page.getByRole('button', { name: '+ Add Attribute' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add Attribute' });
  await dialog.getByRole('textbox', { name: 'Display Name' }).fill('Firm');
  await dialog.getByRole('textbox', { name: 'Variable Name' }).fill('firm');
  await dialog.getByLabel('Define enumerated list of values').check();
  await dialog.getByRole('textbox', { name: 'Display name of the value 1' }).fill('Acme Inc.');
  await dialog.getByRole('textbox', { name: 'Value 1', exact: true }).fill('acme');
  await dialog.getByLabel('Required: nothing can be saved without it').check();
  await dialog.getByLabel('Override profile source').check();
  await choose(page, 'Add a source', provider);
  await dialog.getByRole('button', { name: `Move up: ${provider}` }).click();
  await look('console-attribute-sources');
  await dialog.getByRole('button', { name: 'Save Attribute' }).click();
  await expect(dialog).toBeAbsent();
  await expect(page.getByText('Custom, required, Override profile source')).toBeVisible();
  await page.getByRole('button', { name: 'Edit: firm' }).click();
  const editing = page.getByRole('dialog', { name: 'Attribute “Firm”' });
  await expect(editing.getByText(`1. ${provider}`)).toBeVisible();
  assert.equal(await editing.getByRole('textbox', { name: 'Value 1', exact: true }).inputValue(), 'acme');
  await editing.getByRole('button', { name: 'Cancel' }).click();
}

async function changesBase({ page, look }: Visitor): Promise<void> {
  await page.getByRole('button', { name: 'Edit: lastName' }).click();
  const dialog = page.getByRole('dialog', { name: 'Attribute “Last name”' });
  await dialog.getByLabel('Inherit from Gatehouse').check();
  await dialog.getByLabel('Hide').check();
  await look('console-attribute-base');
  await dialog.getByRole('button', { name: 'Save Attribute' }).click();
  await expect(page.getByText('Base, required, Inherit from Gatehouse')).toBeVisible();
}

async function addsPerson({ page, look }: Visitor): Promise<void> {
  await open(page, 'Directory', 'People');
  await page.getByRole('link', { name: 'Add Person' }).click();
  await choose(page, 'User type', 'Contractor');
  await field(page, 'Username').fill('connie.contractor@example.com');
  await field(page, 'Primary email').fill('connie.contractor@example.com');
  await field(page, 'First name').fill('Connie');
  await field(page, 'Last name').fill('Contractor');
  await choose(page, 'Firm', 'Acme Inc.');
  await look('console-person-add-type');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Connie Contractor' })).toBeVisible();
  await expect(page.getByText('Further attributes')).toBeVisible();
  await look('console-person-of-type');
}

async function keepsType(stage: Stage, { page, look }: Visitor): Promise<void> {
  await open(page, 'Directory', 'Profile Editor');
  await page.getByRole('link', { name: 'Contractor' }).click();
  await page.getByRole('button', { name: 'Actions' }).click();
  await page.getByRole('menuitem', { name: 'Delete user type' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete the user type Contractor?' });
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(dialog.getByText(/1 user has the type Contractor/)).toBeVisible();
  await look('console-user-type-kept');
  stage.forgive('status of 400');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toBeAbsent();
}

async function groupAttribute(stage: Stage, { page, look }: Visitor): Promise<void> {
  await open(page, 'Directory', 'Profile Editor');
  await page.getByRole('link', { name: 'Gatehouse Group' }).click();
  await page.getByRole('button', { name: '+ Add Attribute' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add Attribute' });
  await dialog.getByRole('textbox', { name: 'Display Name' }).fill('Cost center');
  await dialog.getByRole('textbox', { name: 'Variable Name' }).fill('costCenter');
  await dialog.getByLabel('Required: nothing can be saved without it').check();
  await dialog.getByRole('button', { name: 'Save Attribute' }).click();
  await expect(page.getByRole('cell', { name: 'costCenter', exact: true })).toBeVisible();
  await look('console-group-profile');
  await open(page, 'Directory', 'Groups');
  await page.getByRole('button', { name: 'Add Group' }).click();
  const adding = page.getByRole('dialog', { name: 'Add Group' });
  await adding.getByRole('textbox', { name: 'Name', exact: true }).fill('Payers');
  await adding.getByRole('button', { name: 'Add Group' }).click();
  await expect(adding.getByText(/Cost center/).last()).toBeVisible();
  await adding.getByRole('textbox', { name: 'Cost center' }).fill('1234');
  await look('console-group-add-attributes');
  await adding.getByRole('button', { name: 'Add Group' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Payers' })).toBeVisible();
  await stage.api.post('/meta/schemas/group/default', {
    definitions: { custom: { properties: { costCenter: null } } },
  });
}

async function usedAttribute(stage: Stage, { page, look }: Visitor, idpId: string): Promise<void> {
  const { api } = stage;
  await api.post('/meta/schemas/user/default', {
    definitions: { custom: { properties: { usedSomewhere: { title: 'Used', type: 'string' } } } },
  });
  const [mapping] = await api.get<{ id: string }[]>(`/mappings?sourceId=${idpId}`);
  const map = (usedSomewhere: unknown) => api.post(`/mappings/${mapping!.id}`, { properties: { usedSomewhere } });
  await map({ expression: 'appuser.email', pushStatus: 'PUSH' });
  await open(page, 'Directory', 'Profile Editor');
  await page.getByRole('link', { name: 'Gatehouse User (default)' }).click();
  await page.getByRole('button', { name: 'Delete: usedSomewhere' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete the attribute “Used”?' });
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(dialog.getByText(/it is used by the mapping from/)).toBeVisible();
  await look('console-attribute-used');
  stage.forgive('status of 400');
  await map(null);
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(dialog).toBeAbsent();
  await expect(page.getByRole('cell', { name: 'usedSomewhere', exact: true })).toBeAbsent();
}
