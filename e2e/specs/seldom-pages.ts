/** Hosted pages that one comes by seldom: each says what to do, and has no finding. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { connect, federate, route } from '../arrange/federation.ts';
import { expect } from '../checks/expect.ts';
import { agreeAtProvider, signInAtPortal, signInWith } from '../people/person.ts';
import type { Spec } from '../spec.ts';
import type { Stage } from '../stage/index.ts';

const EMAIL = 'sam.seldom@example.com';
const NAMES = ['Ash', 'Birch', 'Cedar', 'Dogwood', 'Elm', 'Fir', 'Ginkgo'];

export const seldomPages: Spec = {
  title: 'Seldom pages',
  journey: false,
  async tests(stage) {
    await stage.sandbox.createPerson({ fname: 'Sam', lname: 'Seldom', email: EMAIL });
    return [
      { name: 'an address that the application never registered stays here', run: () => badRequest(stage) },
      { name: 'a wrong password', run: () => wrongPassword(stage) },
      { name: 'many providers can be searched', run: () => manyProviders(stage) },
      { name: 'an application that nobody gave access to', run: () => notAssigned(stage) },
      { name: 'signing out asks first where an application does not prove whom it means', run: () => signOut(stage) },
      { name: 'the account, and signing out everywhere else', run: () => elsewhere(stage) },
      { name: 'an answer that nobody waits for', run: () => staleAnswer(stage) },
    ];
  },
};

const heading = (page: Page, text: string) => page.getByRole('heading', { level: 1, name: text });

function authorizeUrl({ url, sample }: Stage, more: Record<string, string>): string {
  const query = new URLSearchParams({
    client_id: sample.clientId,
    redirect_uri: `${sample.url}/inspector`,
    response_type: 'id_token',
    response_mode: 'form_post',
    scope: 'openid',
    nonce: 'n-1',
    ...more,
  });
  return `${url}/oauth2/v1/authorize?${query}`;
}

async function badRequest(stage: Stage): Promise<void> {
  const { page, look } = await stage.visitor();
  await page.goto(authorizeUrl(stage, { redirect_uri: 'https://elsewhere.example.com/' }));
  await expect(heading(page, 'The application’s request cannot be used')).toBeVisible();
  await look('problem-bad-request');
}

async function wrongPassword(stage: Stage): Promise<void> {
  const { page, look } = await stage.visitor();
  await page.goto(`${stage.url}/login/default`);
  await page.getByLabel('User name').fill('nobody@example.com');
  await page.getByLabel('Password').fill('not the password');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  assert.equal(await page.getByLabel('User name').inputValue(), 'nobody@example.com');
  await look('password-wrong');
}

async function manyProviders(stage: Stage): Promise<void> {
  const idpIds: string[] = [];
  for (const displayName of NAMES) idpIds.push((await connect(stage, { displayName })).idpId);
  const rule = await route(stage, 'many', idpIds);
  const { page, look } = await stage.visitor();
  try {
    await page.goto(stage.url);
    await look('sign-in-many');
    await page.getByLabel('Find your sign-in service').fill('gink');
    assert.deepEqual(await page.getByRole('button', { name: /^Sign in with/ }).allInnerTexts(), [
      'Sign in with Ginkgo',
    ]);
    await signInWith(page, 'Ginkgo').click();
    await agreeAtProvider(page, stage, EMAIL);
    await expect(heading(page, 'Your applications')).toBeVisible();
  } finally {
    await rule.end();
  }
}

async function notAssigned(stage: Stage): Promise<void> {
  const [assigned] = await stage.api.get<{ id: string }[]>(`/apps/${stage.sample.id}/groups`);
  const assignment = `/apps/${stage.sample.id}/groups/${assigned?.id}`;
  const federation = await federate(stage, { displayName: 'ID.me' });
  await stage.api.delete(assignment);
  try {
    const { page } = await stage.visitor();
    await page.goto(stage.sample.url);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await agreeAtProvider(page, stage, EMAIL);
    await expect(page.getByText('User is not assigned to the client application.')).toBeVisible();
  } finally {
    await stage.api.put(assignment, {});
    await federation.end();
  }
}

async function signOut(stage: Stage): Promise<void> {
  const federation = await federate(stage, { displayName: 'ID.me' });
  const { page, look } = await stage.visitor();
  await signInAtPortal(page, stage, 'ID.me', EMAIL).finally(federation.end);
  await page.goto(`${stage.url}/oauth2/v1/logout`);
  await expect(heading(page, 'Sign out?')).toBeVisible();
  await look('sign-out');
  await page.getByRole('link', { name: 'Stay signed in' }).click();
  await expect(heading(page, 'Your applications')).toBeVisible();
  await page.goBack();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(heading(page, 'You are signed out')).toBeVisible();
  await look('signed-out');
}

/** At two windows of one person, without scripts in the one that ends the other. */
async function elsewhere(stage: Stage): Promise<void> {
  const federation = await federate(stage, { displayName: 'ID.me' });
  const other = await stage.visitor();
  const { page, look } = await stage.visitor();
  const plain = await stage.visitor({ javaScriptEnabled: false });
  try {
    for (const one of [other.page, page, plain.page]) await signInAtPortal(one, stage, 'ID.me', EMAIL);
  } finally {
    await federation.end();
  }
  await page.goto(`${stage.url}/account`);
  await expect(heading(page, 'Your account')).toBeVisible();
  await look('account');
  await plain.page.goto(`${stage.url}/account`);
  await plain.page.getByRole('button', { name: 'Sign out everywhere else' }).click();
  await expect(plain.page.getByText('This device')).toBeVisible();
  assert.equal(await plain.page.getByRole('button', { name: 'Sign out everywhere else' }).count(), 0);
  await other.page.goto(`${stage.url}/account`);
  await expect(heading(other.page, 'Sign in to Gatehouse')).toBeVisible();
}

async function staleAnswer(stage: Stage): Promise<void> {
  const { page, look } = await stage.visitor();
  await page.goto(`${stage.url}/oauth2/v1/authorize/callback?code=x&state=${'A'.repeat(22)}`);
  await expect(heading(page, 'We lost track of your sign-in')).toBeVisible();
  await look('problem-stale-answer');
}
