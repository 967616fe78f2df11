/** People set their own password: by the link of an activation, by one of a reset, because theirs has expired; and they ask for a link. */
import { expect } from '../checks/expect.ts';
import type { Spec } from '../spec.ts';
import type { Stage } from '../stage/index.ts';

const LOGIN = 'olive.own@example.com';
const [FIRST, SECOND, THIRD] = ['a first long password', 'a second long password', 'a third long password'];
let userId = '';

export const ownPassword: Spec = {
  title: 'Own password',
  journey: true,
  async tests(stage) {
    return [
      { name: 'an activation link asks for a password and signs in', run: () => activates(stage) },
      { name: 'a reset link sets another one, and works once', run: () => resets(stage) },
      { name: 'an expired password is changed on the way in', run: () => renews(stage) },
      { name: '"Forgot password?" says the same to everybody', run: () => forgets(stage) },
    ];
  },
};

async function activates(stage: Stage): Promise<void> {
  const user = await stage.api.post<{ id: string }>('/users?activate=false', {
    profile: { login: LOGIN, email: LOGIN, firstName: 'Olive', lastName: 'Own' },
  });
  userId = user.id;
  const { activationUrl } = await stage.api.post<{ activationUrl: string }>(
    `/users/${userId}/lifecycle/activate?sendEmail=false`,
  );
  const { page, look } = await stage.visitor();
  await page.goto(activationUrl);
  await look('own-password-welcome');
  await page.locator('input[type=password]').first().fill('short');
  if ((await page.locator('input[type=password]').count()) > 1)
    await page.locator('input[type=password]').nth(1).fill('short');
  await page.locator('main button, form button').first().click();
  await expect(page.getByRole('alert').filter({ hasText: 'The password is too short.' })).toBeVisible();
  await look('own-password-too-short');
  stage.forgive('status of 400');
  await setPassword(page, FIRST!);
  await expect(page.getByRole('heading', { name: 'Your applications' })).toBeVisible();
}

type Page = Awaited<ReturnType<Stage['visitor']>>['page'];

async function setPassword(page: Page, password: string): Promise<void> {
  const fields = page.locator('input[type=password]');
  for (let i = 0; i < (await fields.count()); i++) await fields.nth(i).fill(password);
  await page.locator('form button').first().click();
}

async function resets(stage: Stage): Promise<void> {
  const { resetPasswordUrl } = await stage.api.post<{ resetPasswordUrl: string }>(
    `/users/${userId}/lifecycle/reset_password?sendEmail=false`,
  );
  const { page, look } = await stage.visitor();
  await page.goto(resetPasswordUrl);
  await look('own-password-reset');
  await setPassword(page, SECOND!);
  await expect(page.getByRole('heading', { name: 'Your applications' })).toBeVisible();
  await page.goto(resetPasswordUrl);
  await expect(page.locator('#code')).toBeVisible();
  await look('own-password-used-link');
  stage.forgive('status of 4');
  await page.getByRole('link', { name: 'Back to sign in' }).click();
  await expect(page.getByRole('link', { name: 'Forgot password?' })).toBeVisible();
}

async function renews(stage: Stage): Promise<void> {
  await stage.api.post(`/users/${userId}/lifecycle/expire_password`);
  const { page, look } = await stage.visitor();
  await page.goto(`${stage.url}/login/default`);
  await page.getByLabel('User name').fill(LOGIN);
  await page.getByLabel('Password').fill(SECOND!);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.locator('input[autocomplete=new-password]').first()).toBeVisible();
  await look('own-password-expired');
  await setPassword(page, THIRD!);
  await expect(page.getByRole('heading', { name: 'Your applications' })).toBeVisible();
}

async function forgets(stage: Stage): Promise<void> {
  const { page, look } = await stage.visitor();
  const said: string[] = [];
  for (const login of [LOGIN, 'nobody@example.com']) {
    await page.goto(`${stage.url}/login/default`);
    await page.getByText('Forgot').first().click();
    await look('own-password-forgot');
    await page.locator('input[name=login]').fill(login);
    await page.locator('form button').first().click();
    await look('own-password-sent');
    said.push((await page.locator('main').innerText()).replaceAll(login, ''));
  }
  if (said[0] !== said[1]) throw new Error(`Somebody who exists is told "${said[0]}", nobody "${said[1]}".`);
}
