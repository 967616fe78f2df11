/** People from a CSV file in the console: dropped or chosen, looked through before anything happens, imported, and what failed corrected. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { expect } from '../checks/expect.ts';
import { open, signInAsAdministrator } from '../people/administrator.ts';
import type { Spec } from '../spec.ts';
import type { Stage, Visitor } from '../stage/index.ts';

const HEADER = 'Username,Primary email,First name,Last name,Department,Team,Password';
const PEOPLE = Array.from({ length: 12 }, (_, n) => {
  const login = `imported${n}@example.com`;
  return `${login},${login},Ada,Lovelace ${n},Law,${n % 2 === 0 ? 'Importers' : ''},secret`;
});
const FILE = `${HEADER}\n${PEOPLE.join('\n')}\nnobody,nobody@example.com,,Nobody,=1+1,Unknown,secret\n`;

export const importFromCsv: Spec = {
  title: 'Import from CSV',
  journey: true,
  async tests(stage) {
    const admin = await stage.visitor();
    await signInAsAdministrator(admin.page, stage);
    await stage.api.post('/groups', { profile: { name: 'Importers' } });
    return [
      { name: 'a file that is no CSV is refused with its line', run: () => refuse(stage, admin) },
      { name: 'the columns of a file are understood, and the others chosen', run: () => send(admin) },
      { name: 'a preview says what would happen to each row', run: () => preview(admin) },
      { name: 'the import says what it will do, does it, and can be left alone', run: () => run(stage, admin) },
      { name: 'what failed is a file without formulas', run: () => download(admin) },
    ];
  },
};

const choose = (page: Page, name: string, content: string) =>
  page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) });

async function refuse(stage: Stage, { page, look }: Visitor): Promise<void> {
  await open(page, 'Directory', 'People');
  await page.getByRole('link', { name: 'Import from CSV' }).click();
  await expect(page.getByText('No imports yet')).toBeVisible();
  await look('console-imports');
  await choose(page, 'broken.csv', 'Username\n"ada@example.com\n');
  await expect(page.getByText(/Line 2, column 1: the quotation mark .* is never closed/)).toBeVisible();
  stage.forgive('status of 400');
}

async function send({ page, look }: Visitor): Promise<void> {
  await choose(page, 'people.csv', FILE);
  await expect(page.getByRole('heading', { level: 1, name: 'people.csv' })).toBeVisible();
  const target = (column: string) => page.getByRole('combobox', { name: `Attribute of the column ${column}` });
  assert.equal(await target('Username').inputValue(), 'login');
  assert.equal(await target('Department').inputValue(), 'department');
  await expect(page.getByText('Looks like a password: not stored')).toBeVisible();
  await target('Team').selectOption('groups');
  await look('console-import-columns');
}

async function preview({ page, look }: Visitor): Promise<void> {
  await page.getByRole('button', { name: 'Preview' }).click();
  await expect(page.getByText('12 to create · 1 row with an error')).toBeVisible();
  await expect(page.getByText('First name: The field cannot be left blank')).toBeVisible();
  await look('console-import-preview');
}

async function run(stage: Stage, { page, look }: Visitor): Promise<void> {
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await expect(
    dialog.getByText('12 people will be created and 1 row has an error and is left out.', {
      exact: false,
    }),
  ).toBeVisible();
  await look('console-import-confirm');
  await dialog.getByRole('button', { name: 'Import' }).click();
  await expect(page.getByText('12 created · 1 row not imported')).toBeVisible();
  await look('console-import-done');
  await page.goto(`${stage.url}/admin/directory/people/import`);
  await expect(page.getByRole('row', { name: /people\.csv Imported/ })).toBeVisible();
  const groups = await stage.api.get<{ profile: { name: string } }[]>('/users/imported0@example.com/groups');
  assert.deepEqual(
    groups.map(({ profile }) => profile.name),
    ['Everyone', 'Importers'],
  );
}

async function download({ page }: Visitor): Promise<void> {
  await page.getByRole('link', { name: 'people.csv' }).click();
  const [answer] = await Promise.all([
    page.waitForResponse(/errors\.csv$/),
    page.getByRole('button', { name: 'Download rows with errors' }).click(),
  ]);
  const text = await page.evaluate(
    async (path) => (await fetch(path, { headers: { 'x-gatehouse-console': '1' } })).text(),
    answer.url(),
  );
  const lines = text.trim().split('\r\n');
  assert.deepEqual([answer.status(), lines.length], [200, 2]);
  assert.match(lines[1]!, /^nobody,nobody@example\.com,,Nobody,'=1\+1,Unknown,,14,/);
}
