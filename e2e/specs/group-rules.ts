/** Group rules: written with the check of the hub beside them, activated with their progress, and seen at a group's members. */
import { eventually, expect } from '../checks/expect.ts';
import { field, open, signInAsAdministrator } from '../people/administrator.ts';
import type { Spec } from '../spec.ts';
import type { Stage, Visitor } from '../stage/index.ts';

const GROUP = 'Analytical engines';
const RULE = 'People of the engine room';
const LOGIN = 'ada.engine@example.com';

export const groupRules: Spec = {
  title: 'Group rules',
  journey: true,
  async tests(stage) {
    await stage.api.post('/groups', { profile: { name: GROUP } });
    await stage.api.post('/users?activate=false', {
      profile: { login: LOGIN, email: LOGIN, firstName: 'Ada', lastName: 'Engine', department: 'Engines' },
    });
    const admin = await stage.visitor();
    await signInAsAdministrator(admin.page, stage);
    return [
      { name: 'a rule is written, and mistakes are told where they stand', run: () => write(admin) },
      { name: 'a rule is activated and puts people into its group', run: () => activate(admin, stage) },
      { name: 'an active rule is opened, and deactivated to be changed', run: () => change(admin) },
    ];
  },
};

async function write({ page, look }: Visitor): Promise<void> {
  await open(page, 'Directory', 'Groups');
  await page.getByRole('tab', { name: 'Rules' }).click();
  await expect(page.getByText('No rule', { exact: true })).toBeVisible();
  await look('group-rules-empty');
  await page.getByRole('link', { name: 'Add Rule' }).click();
  await field(page, 'Name').fill(RULE);
  const condition = page.getByRole('textbox', { name: 'If' });
  await condition.fill('String.startWith(user.department, "Eng")');
  await expect(page.getByText(/Line 1, column 1: .* Did you mean String.startsWith\?/)).toBeVisible();
  await look('group-rule-mistake');
  await condition.fill('String.startsWith(user.department, "Eng")');
  await expect(page.getByText('The expression can be saved.')).toBeVisible();
  await pick(page, 'Find a group to assign', 'Anal', GROUP);
  await pick(page, 'Find a person to except', 'admin', /admin/);
  await pick(page, 'Try it on a person', 'Ada', LOGIN);
  await expect(page.getByText('Ada Engine matches.')).toBeVisible();
  await look('group-rule-add');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('link', { name: RULE })).toBeVisible();
}

async function pick(page: Visitor['page'], label: string, typed: string, option: string | RegExp): Promise<void> {
  await page
    .getByRole('combobox', { name: label })
    .or(page.getByRole('textbox', { name: label }))
    .first()
    .fill(typed);
  await page.getByRole('option', { name: option }).first().click();
}

const row = (page: Visitor['page'], text: string) => page.getByRole('row').filter({ hasText: text });

async function activate({ page, look }: Visitor, stage: Stage): Promise<void> {
  await row(page, RULE).getByRole('button').click();
  await page.getByRole('menuitem', { name: 'Activate' }).click();
  await expect(row(page, RULE).getByText('Active', { exact: true })).toBeVisible();
  await look('group-rules');
  const [group] = await stage.api.get<{ id: string }[]>('/groups?q=Analytical');
  await eventually(
    'Expected the rule to put Ada into its group',
    () => stage.api.get<object[]>(`/groups/${group?.id}/users`),
    (members) => members.length === 1,
  );
  await page.goto(`${stage.url}/admin/directory/groups/${group?.id}`);
  await expect(page.getByRole('cell', { name: `Rule: ${RULE}` })).toBeVisible();
  await look('group-rule-members');
}

async function change({ page, look }: Visitor): Promise<void> {
  await open(page, 'Directory', 'Groups');
  await page.getByRole('tab', { name: 'Rules' }).click();
  await page.getByRole('link', { name: RULE }).click();
  await expect(page.getByText('An active rule cannot be changed.')).toBeVisible();
  await look('group-rule-active');
  await page.getByRole('button', { name: 'Deactivate' }).click();
  await expect(page.getByText('What is changed here counts from the next activation.')).toBeVisible();
  await page.getByRole('textbox', { name: 'If' }).fill('user.department == "Engines"');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(row(page, RULE).getByText('Inactive', { exact: true })).toBeVisible();
}
