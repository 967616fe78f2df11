/** "Test the integration" of the guide: the rule, a private window, ID.me and back, the user in People. */
import assert from 'node:assert/strict';
import { arrivesAt, expect } from '../../checks/expect.ts';
import { choose, field, open, readLog } from '../../people/administrator.ts';
import { agreeAtProvider, chooseAtProvider } from '../../people/person.ts';
import type { Test } from '../../spec.ts';
import { type Guide, IDP_NAME, MARY, RULE_NAME } from './guide.ts';

interface User {
  status: string;
  profile: Record<string, unknown>;
}

export const integration = (guide: Guide): Test[] => [
  { name: 'Routing Rules > Add Routing Rule > Create Rule and Activate', run: () => addsRule(guide) },
  { name: 'a private window is redirected to ID.me, and comes back signed in', run: () => signsIn(guide) },
  { name: 'Directory > People has the user with idme_uuid and identity_subgroups', run: () => showsPerson(guide) },
  { name: 'a person who does not agree is told so, and the System Log says why', run: () => refuses(guide) },
];

async function addsRule({ admin }: Guide): Promise<void> {
  const { page } = admin;
  await open(page, 'Security', 'Identity Providers');
  await page.getByRole('tab', { name: 'Routing Rules' }).click();
  await page.getByRole('link', { name: 'Add Routing Rule' }).click();
  await field(page, 'Name').fill(RULE_NAME);
  await choose(page, 'Use this identity provider', IDP_NAME);
  await page.getByText('Redirect at once').click();
  await page.getByRole('button', { name: 'Create Rule and Activate' }).click();
  await expect(page.getByRole('row', { name: RULE_NAME }).getByText('Active', { exact: true })).toBeVisible();
}

async function signsIn(guide: Guide): Promise<void> {
  const { stage } = guide;
  guide.person = await stage.sandbox.createPerson(MARY);
  const { page } = await stage.visitor();
  await page.goto(stage.url);
  await arrivesAt(page, stage.sandbox.url);
  await agreeAtProvider(page, stage, MARY.email);
  await expect(page.getByRole('heading', { name: 'Your applications' })).toBeVisible();
  await page.getByRole('link', { name: 'Your account' }).click();
  await expect(page.getByText(guide.person.uuid).first()).toBeVisible();
}

async function showsPerson({ stage, admin, person }: Guide): Promise<void> {
  const users = await stage.api.get<User[]>('/users?limit=200');
  const user = users.find(({ profile }) => profile.login === MARY.email);
  assert.equal(user?.status, 'ACTIVE');
  const { firstName, lastName, email, idme_uuid, identity_subgroups } = user.profile;
  assert.deepEqual(
    { firstName, lastName, email, idme_uuid, identity_subgroups },
    {
      firstName: 'Mary',
      lastName: 'Somerville',
      email: MARY.email,
      idme_uuid: person.uuid,
      identity_subgroups: 'IAL2,AAL2',
    },
  );
  const { page } = admin;
  await open(page, 'Directory', 'People');
  await page.getByRole('link', { name: 'Mary Somerville' }).click();
  await expect(field(page, 'Identity subgroups')).toBeVisible();
  assert.equal(await field(page, 'Identity subgroups').inputValue(), 'IAL2,AAL2');
  assert.equal(await field(page, 'ID.me UUID').inputValue(), person.uuid);
  await admin.look('console-person-saml');
}

async function refuses({ stage, admin }: Guide): Promise<void> {
  const { page } = await stage.visitor();
  await page.goto(stage.url);
  await chooseAtProvider(page, stage, MARY.email);
  await page.getByRole('button', { name: 'Deny' }).click();
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
  assert.match(await readLog(admin.page, IDP_NAME, 'Failure'), /user_canceled_request/);
}
