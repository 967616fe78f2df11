/** The ways in and back: refusing, trying again, the back button, the keyboard alone, without scripts, in other languages. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { type FederationWish, federate } from '../arrange/federation.ts';
import { arrivesAt, expect } from '../checks/expect.ts';
import { press, tabTo } from '../people/keyboard.ts';
import { agreeAtProvider, chooseAtProvider, signInWith } from '../people/person.ts';
import type { Spec, Test } from '../spec.ts';
import type { Stage } from '../stage/index.ts';

const PROVIDER = 'ID.me';

interface Given {
  stage: Stage;
  email: string;
}

export const waysIn: Spec = {
  title: 'Ways in and back',
  journey: false,
  async tests(stage) {
    let count = 0;
    const test = (name: string, run: (given: Given) => Promise<void>, wish: Partial<FederationWish> = {}): Test => ({
      name,
      async run() {
        count += 1;
        const email = `vera.${count}@example.com`;
        await stage.sandbox.createPerson({ fname: 'Vera', lname: `Number${count}`, email });
        const federation = await federate(stage, { displayName: PROVIDER, ...wish });
        await run({ stage, email }).finally(federation.end);
      },
    });
    return [
      test('who refuses at the provider can try again', refusesThenTries),
      test('who refuses at the provider can return to the application', refusesThenReturns),
      test('the back button works at each step', goesBack),
      test('the keyboard alone is enough, from the portal to the account', byKeyboard),
      test('without scripts: to the dashboard and out again', withoutScripts),
      test('without scripts: an ID token by form post goes on with a button', formPostWithoutScripts),
      test('nobody matches and nobody may be created: user name and password, with the reason', noMatch, {
        jit: 'DISABLED',
      }),
      test('German, French and Dutch browsers get their own words', otherLanguages),
    ];
  },
};

const heading = (page: Page, text: string) => page.getByRole('heading', { level: 1, name: text });

/** From the sample application to the question whether to share, and no. */
async function refuse({ stage, email }: Given) {
  const visitor = await stage.visitor();
  const { page } = visitor;
  await page.goto(stage.sample.url);
  await page.getByRole('link', { name: 'Sign in' }).click();
  await chooseAtProvider(page, stage, email);
  await page.getByRole('button', { name: 'Deny' }).click();
  await expect(heading(page, 'You cancelled the sign-in')).toBeVisible();
  return visitor;
}

async function refusesThenTries(given: Given): Promise<void> {
  const { page, look } = await refuse(given);
  await look('problem-cancelled');
  await page.getByRole('button', { name: 'Try again' }).click();
  await agreeAtProvider(page, given.stage, given.email);
  await expect(heading(page, 'You are signed in')).toBeVisible();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await arrivesAt(page, given.stage.sample.url);
  await expect(page.getByRole('link', { name: 'Sign in' })).toBeVisible();
}

async function refusesThenReturns(given: Given): Promise<void> {
  const { page } = await refuse(given);
  await page.getByRole('button', { name: `Return to ${given.stage.sample.label}` }).click();
  await expect(heading(page, 'You are not signed in')).toBeVisible();
  await expect(page.getByText('access_denied')).toBeVisible();
}

async function goesBack({ stage, email }: Given): Promise<void> {
  const { page, look } = await stage.visitor();
  await page.goto(stage.url);
  await signInWith(page, PROVIDER).click();
  await arrivesAt(page, stage.sandbox.url);
  await page.goBack();
  await signInWith(page, PROVIDER).click();
  await chooseAtProvider(page, stage, email);
  await page.goBack();
  await chooseAtProvider(page, stage, email);
  await page.goBack();
  await page.goBack();
  await page.getByRole('button', { name: 'Use another way to sign in' }).click();
  await expect(page.getByLabel('Password')).toBeVisible();
  await page.goBack();
  await page.reload();
  await page.getByRole('button', { name: 'Use another way to sign in' }).click();
  await signInWith(page, PROVIDER).click();
  await agreeAtProvider(page, stage, email);
  await expect(heading(page, 'Your applications')).toBeVisible();
  const left = page.url();
  await page.goBack();
  await page.goForward();
  await expect(heading(page, 'Your applications')).toBeVisible();
  assert.equal(page.url(), left);
  await page.goto(`${stage.url}/signin/${'0'.repeat(22)}`);
  await expect(heading(page, 'This page is no longer in use')).toBeVisible();
  await look('problem-page-expired');
}

/** A page puts the focus into its first field with the first frame that it draws, which can be after it has loaded. */
async function byKeyboard({ stage, email }: Given): Promise<void> {
  const { page } = await stage.visitor();
  await page.goto(stage.url);
  await press(page, signInWith(page, PROVIDER));
  await arrivesAt(page, stage.sandbox.url);
  await press(page, page.getByRole('button', { name: email }));
  await press(page, page.getByRole('button', { name: 'Allow' }));
  await expect(heading(page, 'Your applications')).toBeVisible();
  await tabTo(page, page.getByRole('link', { name: stage.sample.label }));
  await page.goto(stage.url);
  await press(page, page.getByRole('link', { name: 'Your account' }));
  await expect(heading(page, 'Your account')).toBeVisible();
  await press(page, page.getByRole('button', { name: 'Sign out' }));
  await expect(heading(page, 'You are signed out')).toBeVisible();

  await page.goto(`${stage.url}/login/default`);
  await expect(page.locator('#login:focus')).toBeVisible();
  await page.keyboard.type(stage.admin.email);
  await page.keyboard.press('Tab');
  await page.keyboard.type('not the password');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/password');
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.locator('#password:focus')).toBeVisible();
  await page.keyboard.type(stage.admin.password);
  await page.keyboard.press('Enter');
  await expect(heading(page, 'Your applications')).toBeVisible();
}

async function withoutScripts({ stage, email }: Given): Promise<void> {
  const { page } = await stage.visitor({ javaScriptEnabled: false });
  await page.goto(stage.url);
  await signInWith(page, PROVIDER).click();
  await agreeAtProvider(page, stage, email);
  await expect(heading(page, 'Your applications')).toBeVisible();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(heading(page, 'You are signed out')).toBeVisible();
}

async function formPostWithoutScripts({ stage, email }: Given): Promise<void> {
  const { page } = await stage.visitor({ javaScriptEnabled: false });
  await page.goto(formPostUrl(stage));
  await agreeAtProvider(page, stage, email);
  await expect(heading(page, 'One more step')).toBeVisible();
  await page.getByRole('button', { name: 'Continue' }).click();
  await arrivesAt(page, `${stage.sample.url}/inspector`);
  await expect(page.getByRole('heading', { name: 'Payload' })).toBeVisible();

  const { page: waiting, look } = await stage.visitor();
  await waiting.route(`${stage.sample.url}/inspector`, (route) => route.fulfill({ status: 204 }));
  await waiting.goto(formPostUrl(stage));
  await agreeAtProvider(waiting, stage, email);
  await expect(heading(waiting, 'One more step')).toBeVisible();
  await look('form-post');
}

function formPostUrl({ url, sample }: Stage): string {
  const query = new URLSearchParams({
    client_id: sample.clientId,
    redirect_uri: `${sample.url}/inspector`,
    response_type: 'id_token',
    response_mode: 'form_post',
    scope: 'openid profile email',
    nonce: 'n-1',
  });
  return `${url}/oauth2/v1/authorize?${query}`;
}

async function noMatch({ stage, email }: Given): Promise<void> {
  const { page, look } = await stage.visitor();
  await page.goto(stage.sample.url);
  await page.getByRole('link', { name: 'Sign in' }).click();
  await agreeAtProvider(page, stage, email);
  await expect(page.getByRole('status').filter({ hasText: 'we found no account for you here' })).toBeVisible();
  await look('sign-in-no-match');
  await page.getByRole('button', { name: `Return to ${stage.sample.label}` }).click();
  await expect(page.getByText('User creation was disabled.')).toBeVisible();
}

async function otherLanguages({ stage }: Given): Promise<void> {
  for (const language of ['de', 'fr', 'nl']) {
    const { page, look } = await stage.visitor({ locale: language });
    await page.goto(stage.url);
    assert.equal(await page.locator('html').getAttribute('lang'), language);
    assert.equal(await signInWith(page, PROVIDER).count(), 0, 'the button is not in English');
    await expect(page.getByRole('button', { name: PROVIDER })).toBeVisible();
    await look(`sign-in-${language}`);
  }
}
