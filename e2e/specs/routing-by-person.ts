/** A routing rule on an attribute of the person: made in the console, met by a person who types a user name. */
import { connect } from '../arrange/federation.ts';
import { arrivesAt, expect } from '../checks/expect.ts';
import { field, signInAsAdministrator } from '../people/administrator.ts';
import type { Spec } from '../spec.ts';
import type { Stage, Visitor } from '../stage/index.ts';

const LOGIN = 'registered@example.com';
const RULE = 'Registered people';

export const routingByPerson: Spec = {
  title: 'Routing by person',
  journey: true,
  async tests(stage) {
    const admin = await stage.visitor();
    await signInAsAdministrator(admin.page, stage);
    const { name } = await connect(stage, { displayName: 'Wallet' });
    await stage.api.post('/users', {
      profile: { login: LOGIN, email: LOGIN, firstName: 'Rita', lastName: 'Registered', userType: 'wallet' },
    });
    return [
      { name: 'Add Routing Rule > User matches > User attribute', run: () => addRule(stage, admin, name) },
      { name: 'who fits is sent to the provider after the user name', run: () => fits(stage) },
      { name: 'who does not fit is asked for the password, and may type another name', run: () => fitsNot(stage) },
      { name: 'the rule is taken away again', run: () => takeAway(stage) },
    ];
  },
};

async function addRule(stage: Stage, { page, look }: Visitor, provider: string): Promise<void> {
  await page.goto(`${stage.url}/admin/security/identity-providers/routing-rules/new`);
  await field(page, 'Name').fill(RULE);
  await page.getByRole('radio', { name: 'User attribute', exact: true }).check();
  await choose(page, 'Attribute', 'User type');
  await field(page, 'Value').fill('wallet');
  await choose(page, 'Use this identity provider', provider);
  await look('console-rule-person');
  await page.getByRole('button', { name: 'Create Rule and Activate' }).click();
  await expect(page.getByText('User type equals wallet')).toBeVisible();
  await look('console-rules-person');
}

async function choose(page: Visitor['page'], label: string, option: string | RegExp): Promise<void> {
  await page
    .getByRole('textbox', { name: label })
    .or(page.getByRole('combobox', { name: label }))
    .first()
    .click();
  await page.getByRole('option', { name: option }).first().click();
}

async function fits(stage: Stage): Promise<void> {
  const { page, look } = await stage.visitor();
  await page.goto(stage.url);
  await expect(page.locator('#login:focus')).toBeVisible();
  await look('sign-in-user-name');
  await page.keyboard.type(LOGIN);
  await page.keyboard.press('Enter');
  await arrivesAt(page, stage.sandbox.url);
}

async function fitsNot(stage: Stage): Promise<void> {
  const { page, look } = await stage.visitor();
  await page.goto(stage.url);
  await page.getByLabel('User name').fill('nobody@example.com');
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page.locator('#password:focus')).toBeVisible();
  await look('sign-in-after-user-name');
  await page.getByRole('button', { name: 'Use another user name' }).click();
  await page.getByLabel('User name').fill(LOGIN);
  await page.getByRole('button', { name: 'Next' }).click();
  await arrivesAt(page, stage.sandbox.url);
}

async function takeAway(stage: Stage): Promise<void> {
  const [policy] = await stage.api.get<{ id: string }[]>('/policies?type=IDP_DISCOVERY');
  const rules = await stage.api.get<{ id: string; name: string }[]>(`/policies/${policy!.id}/rules`);
  const rule = rules.find(({ name }) => name === RULE);
  await stage.api.delete(`/policies/${policy!.id}/rules/${rule!.id}`);
}
