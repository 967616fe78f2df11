/** Option 1 of the guide: through the hosted sign-in page to the dashboard. */
import assert from 'node:assert/strict';
import { expect } from '../../checks/expect.ts';
import { field, open } from '../../people/administrator.ts';
import { agreeAtProvider, signInAtPortal, signInWith } from '../../people/person.ts';
import type { Test } from '../../spec.ts';
import { DISPLAY_NAME, foundUser, GARY, type Guide, IDP_NAME, type User, users } from './guide.ts';

export const option1 = (guide: Guide): Test[] => [
  {
    name: 'Option 1: a private window shows the button, then the provider, then the dashboard',
    run: () => firstSignIn(guide),
  },
  { name: 'Directory > People has the person with every mapped attribute', run: () => showsPerson(guide) },
  { name: 'a second sign-in updates an attribute that changed', run: () => updates(guide) },
  { name: 'a changed e-mail address keeps the same user', run: () => keepsUser(guide) },
  { name: 'somebody who exists already is signed in and linked, not created anew', run: () => links(guide) },
];

async function firstSignIn(guide: Guide): Promise<void> {
  const { stage } = guide;
  guide.person = await stage.sandbox.createPerson(GARY);
  const { page, look } = await stage.visitor();
  await page.goto(stage.url);
  await expect(signInWith(page, DISPLAY_NAME)).toBeVisible();
  await look('sign-in');
  await signInWith(page, DISPLAY_NAME).click();
  await agreeAtProvider(page, stage, GARY.email);
  await expect(page.getByRole('heading', { name: 'Your applications' })).toBeVisible();
  await look('dashboard');
  await page.getByRole('link', { name: 'Your account' }).click();
  await expect(page.getByText(guide.person.uuid)).toBeVisible();
  await look('account');
}

async function showsPerson(guide: Guide): Promise<void> {
  const { admin, person } = guide;
  const { status, profile } = await foundUser(guide);
  const expected: User['profile'] = {
    login: GARY.email,
    email: GARY.email,
    firstName: 'Gary',
    middleName: 'Lee',
    lastName: 'Twinkle',
    mobilePhone: '12025550177',
    streetAddress: '123 Main St',
    city: 'McLean',
    state: 'VA',
    zipCode: '22102',
    idme_uuid: person.uuid,
    birth_date: '1980-05-06',
    transaction_ial: 2,
  };
  assert.equal(status, 'ACTIVE');
  assert.deepEqual(Object.fromEntries(Object.keys(expected).map((name) => [name, profile[name]])), expected);

  const { page } = admin;
  await open(page, 'Directory', 'People');
  await admin.look('console-people');
  await page.getByRole('link', { name: 'Gary Twinkle' }).click();
  await expect(field(page, 'ID.me UUID')).toBeVisible();
  assert.equal(await field(page, 'ID.me UUID').inputValue(), person.uuid);
  assert.equal(await field(page, 'Birth date').inputValue(), GARY.birth_date);
  await admin.look('console-person');
  await page.getByRole('tab', { name: 'Linked identities' }).click();
  await expect(page.getByRole('link', { name: IDP_NAME })).toBeVisible();
}

async function updates(guide: Guide): Promise<void> {
  const { stage, person } = guide;
  const before = await foundUser(guide);
  await stage.sandbox.changePerson(person.uuid, { phone: '12025550188' });
  const { page } = await stage.visitor();
  await signInAtPortal(page, stage, DISPLAY_NAME, person.email);
  const after = await foundUser(guide);
  assert.equal(after.id, before.id);
  assert.equal(after.profile.mobilePhone, '12025550188');
}

async function keepsUser(guide: Guide): Promise<void> {
  const { stage } = guide;
  const before = await foundUser(guide);
  guide.person = await stage.sandbox.changePerson(guide.person.uuid, { email: 'gary.renamed@example.com' });
  const { page } = await stage.visitor();
  await signInAtPortal(page, stage, DISPLAY_NAME, guide.person.email);
  const after = await foundUser(guide);
  assert.equal(after.id, before.id);
  assert.equal(after.profile.email, 'gary.renamed@example.com');
}

async function links(guide: Guide): Promise<void> {
  const { stage } = guide;
  const { uuid, email } = await stage.sandbox.createPerson({ ...GARY, fname: 'Ada', email: 'ada.twinkle@example.com' });
  const profile = { login: email, email, firstName: 'Known', lastName: 'Before' };
  const { id } = await stage.api.post<User>('/users?activate=true', { profile });
  const { page } = await stage.visitor();
  await signInAtPortal(page, stage, DISPLAY_NAME, email);
  const same = (await users(guide)).filter((user) => user.profile.login === email);
  assert.deepEqual(
    same.map((user) => [user.id, user.profile.idme_uuid, user.profile.firstName]),
    [[id, uuid, 'Ada']],
  );
}
