/** Option 2 of the guide: an authorize URL made by hand, and the ID token that the hub posts to the inspector. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { arrivesAt, expect } from '../../checks/expect.ts';
import { field, handedOver, open } from '../../people/administrator.ts';
import { agreeAtProvider } from '../../people/person.ts';
import type { Test } from '../../spec.ts';
import { APPLICATION, foundUser, GARY, type Guide } from './guide.ts';

export const option2 = (guide: Guide): Test[] => [
  {
    name: 'Applications > Create App Integration: an application with Implicit, open to everyone',
    run: () => addApplication(guide),
  },
  { name: 'Applications > Sign On: a claim of one’s own', run: () => addClaim(guide) },
  { name: 'Option 2: the URL of the guide ends at an ID token with every claim', run: () => inspects(guide) },
  { name: 'Option 2 without state and with another nonce', run: () => inspectsWithoutState(guide) },
];

async function addApplication(guide: Guide): Promise<void> {
  const { admin, stage } = guide;
  const { page } = admin;
  await open(page, 'Applications', 'Applications');
  await admin.look('console-applications');
  await page.getByRole('link', { name: 'Create App Integration' }).click();
  await field(page, 'App integration name').fill(APPLICATION);
  await page.getByLabel('Implicit (hybrid)').check();
  await field(page, 'Sign-in redirect URIs').fill(`${stage.sample.url}/inspector`);
  assert.ok(await page.getByLabel('Allow everyone in your organization to access').isChecked());
  await admin.look('console-application-add');
  await page.getByRole('button', { name: 'Create App Integration' }).click();
  await expect(page.getByRole('heading', { level: 1, name: APPLICATION })).toBeVisible();
  guide.clientId = await handedOver(page, 'Client ID');
  await admin.look('console-application');
}

async function addClaim({ admin }: Guide): Promise<void> {
  const { page } = admin;
  await page.getByRole('tab', { name: 'Sign On' }).click();
  await page.getByRole('button', { name: 'Add claim' }).click();
  await field(page, 'Claim 1: Name').fill('idme_uuid');
  await field(page, 'Claim 1: Expression').fill('user.idme_uuid');
  assert.equal(await page.locator('[aria-invalid="true"]').count(), 0);
  await admin.look('console-application-claims');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Application saved.')).toBeVisible();
  await page.getByRole('tab', { name: 'Assignments' }).click();
  await expect(page.getByRole('link', { name: 'Everyone' })).toBeVisible();
  await admin.look('console-application-assignments');
}

/** The guide's URL, parameter by parameter in its order. */
function guideUrl({ stage, clientId, idpId }: Guide, ending: string): string {
  const redirectUri = encodeURIComponent(`${stage.sample.url}/inspector`);
  return `${stage.url}/oauth2/v1/authorize?client_id=${clientId}&idp=${idpId}&redirect_uri=${redirectUri}&response_type=id_token&response_mode=form_post&scope=openid%20profile%20email${ending}`;
}

async function inspects(guide: Guide): Promise<void> {
  const { stage, person } = guide;
  const { page } = await stage.visitor();
  await page.goto(guideUrl(guide, '&state=abc123&nonce=abc123'));
  await agreeAtProvider(page, stage, person.email);
  await arrivesAt(page, `${stage.sample.url}/inspector`);

  const user = await foundUser(guide);
  const claims = await claimsOn(page);
  const expected = {
    iss: stage.url,
    sub: user.id,
    aud: guide.clientId,
    nonce: 'abc123',
    idp: guide.idpId,
    amr: '["fed"]',
    name: `${GARY.fname} ${GARY.lname}`,
    given_name: GARY.fname,
    middle_name: GARY.mname,
    family_name: GARY.lname,
    preferred_username: String(user.profile.login),
    email: person.email,
    idme_uuid: person.uuid,
  };
  assert.deepEqual(Object.fromEntries(Object.keys(expected).map((name) => [name, claims[name]])), expected);
  for (const name of ['iat', 'exp', 'auth_time', 'ver', 'jti']) assert.ok(claims[name], `the ID token has no ${name}`);
  assert.equal(await receivedOn(page, 'state'), 'abc123');

  await page.getByLabel('Client ID you expect').fill(guide.clientId);
  await page.getByLabel('Nonce you sent').fill('abc123');
  await page.getByRole('button', { name: 'Check again' }).click();
  await expect(page.locator('tr[data-check]')).toBeVisible();
  assert.deepEqual(await page.locator('tr[data-check]:not([data-outcome=passed])').allInnerTexts(), []);
}

async function inspectsWithoutState(guide: Guide): Promise<void> {
  const { stage, person } = guide;
  const { page } = await stage.visitor();
  await page.goto(guideUrl(guide, '&nonce=n-0S6_WzA2Mj'));
  await agreeAtProvider(page, stage, person.email);
  await arrivesAt(page, `${stage.sample.url}/inspector`);
  const { aud, nonce } = await claimsOn(page);
  assert.deepEqual({ aud, nonce }, { aud: guide.clientId, nonce: 'n-0S6_WzA2Mj' });
  assert.equal(await receivedOn(page, 'state'), null);
}

/** The payload that the inspector shows: claim by claim, as text. */
async function claimsOn(page: Page): Promise<Record<string, string>> {
  const rows = page.locator('section:has(> h2:text-is("Payload")) tbody tr');
  await expect(rows).toBeVisible();
  const pairs = await rows.evaluateAll((all) =>
    all.map((row) => [row.querySelector('th')?.textContent ?? '', row.querySelector('td')?.textContent ?? '']),
  );
  return Object.fromEntries(pairs) as Record<string, string>;
}

/** A parameter of what arrived; null when it is not there. */
async function receivedOn(page: Page, name: string): Promise<string | null> {
  const value = page.locator(`div:has(> dt > code:text-is("${name}")) dd`);
  return (await value.count()) === 0 ? null : value.innerText();
}
