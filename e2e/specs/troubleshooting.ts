/** The guide's troubleshooting section: each cause stands in the System Log, and the person gets a page that helps. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { type Connection, type FederationWish, federate, type Route } from '../arrange/federation.ts';
import { expect } from '../checks/expect.ts';
import { field, open, readLog, signInAsAdministrator } from '../people/administrator.ts';
import { agreeAtProvider, codeOn, signInAtPortal, signInWith } from '../people/person.ts';
import type { Spec, Test } from '../spec.ts';
import type { Stage, Visitor } from '../stage/index.ts';

interface User {
  id: string;
  profile: Record<string, unknown>;
}

interface Case {
  stage: Stage;
  admin: Visitor;
  federation: Connection & Route;
  email: string;
}

export const troubleshooting: Spec = {
  title: 'Troubleshooting',
  journey: false,
  async tests(stage) {
    const first = await stage.visitor();
    await signInAsAdministrator(first.page, stage);
    const storageState = await first.context.storageState();
    let count = 0;
    const test = (name: string, wish: FederationWish, run: (given: Case) => Promise<void>): Test => ({
      name,
      async run() {
        count += 1;
        const { email } = await stage.sandbox.createPerson({
          fname: 'Trudy',
          lname: `Number${count}`,
          email: `trudy.${count}@example.com`,
          phone: '12025550111',
        });
        const federation = await federate(stage, wish);
        const admin = await stage.visitor({ storageState });
        await admin.page.goto(`${stage.url}/admin/`);
        try {
          await run({ stage, admin, federation, email });
        } finally {
          await federation.end();
        }
      },
    });
    return [
      test(
        'UserInfo endpoint filled in: the log names it, and clearing it helps',
        { displayName: 'With UserInfo', userInfo: true },
        userInfoSet,
      ),
      test(
        'scope that does not match the policy handle',
        { displayName: 'Other scope', policy: 'teacher' },
        scopeMismatch,
      ),
      test('a policy that releases no claims', { displayName: 'No claims' }, noClaims),
      test(
        'missing mapping: nobody is created, and the log names the attribute',
        { displayName: 'No first name', unmapped: ['firstName'] },
        missingMapping,
      ),
      test(
        'missing mapping of what is not required: created with the gap',
        { displayName: 'Gap', unmapped: ['firstName'] },
        createdWithGap,
      ),
      test('an inactive provider: no button, and the log says why', { displayName: 'Switched off' }, inactiveProvider),
    ];
  },
};

/** A first attempt in a private window; resolves with the window, which shows whatever came of it. */
async function attempt({ stage, federation, email }: Case): Promise<Visitor> {
  const person = await stage.visitor();
  await person.page.goto(stage.url);
  await signInWith(person.page, federation.displayName).click();
  await agreeAtProvider(person.page, stage, email);
  return person;
}

const heading = (page: Page, text: string) => page.getByRole('heading', { level: 1, name: text });

/** From the code that the person sees, by the log, to the trace, whose failed step is open. */
async function causeByCode({ admin }: Case, person: Page, reason: RegExp, hint: RegExp = reason): Promise<void> {
  const code = await codeOn(person);
  assert.match(code, /^\S{8,}$/);
  const event = await readLog(admin.page, code, 'Failure');
  assert.match(event, reason);
  assert.match(event, hint);
  await admin.look('console-system-log-event');
  await admin.page.getByRole('link', { name: 'Open the sign-in’s trace' }).click();
  await expect(admin.page.getByRole('region', { name: 'Steps' })).toBeVisible();
  const trace = await admin.page.getByRole('region', { name: 'Steps' }).innerText();
  assert.match(trace, /Failed/);
  assert.match(trace, reason);
}

async function userInfoSet(given: Case): Promise<void> {
  const { stage, admin, federation, email } = given;
  const { page, look } = await attempt(given);
  await expect(heading(page, 'We could not confirm who you are')).toBeVisible();
  await look('problem-not-accepted');
  await causeByCode(given, page, /UserInfo/i, /Leave this blank/);
  await admin.look('console-sign-in-trace');

  const { page: console } = admin;
  await open(console, 'Security', 'Identity Providers');
  await console.getByRole('link', { name: federation.name }).click();
  await expect(console.getByText('Leave this blank')).toBeVisible();
  await field(console, 'UserInfo endpoint').fill('');
  await admin.look('console-identity-provider-change');
  await console.getByRole('button', { name: 'Save' }).click();
  await expect(console.getByText('Identity provider saved.')).toBeVisible();
  await signInAtPortal((await stage.visitor()).page, stage, federation.displayName, email);
}

async function scopeMismatch(given: Case): Promise<void> {
  const { stage, federation } = given;
  const { page, look } = await stage.visitor();
  await page.goto(stage.url);
  await signInWith(page, federation.displayName).click();
  await expect(heading(page, 'This way to sign in is not set up correctly')).toBeVisible();
  await look('problem-misconfigured');
  await causeByCode(given, page, /scope cant be resolved/, /policy handle/);
}

async function noClaims(given: Case): Promise<void> {
  const { stage, federation, email } = given;
  const { page } = await stage.visitor();
  await page.goto(stage.url);
  await signInWith(page, federation.displayName).click();
  await page.getByText('Rehearse a fault').click();
  await page.getByLabel('Fault of this sign-in').selectOption('scope_silently_no_claims');
  await agreeAtProvider(page, stage, email);
  await expect(heading(page, 'We could not tell which account is yours')).toBeVisible();
  await causeByCode(given, page, /'?email'?/);
}

async function missingMapping(given: Case): Promise<void> {
  const { stage, email } = given;
  const { page, look } = await attempt(given);
  await expect(heading(page, 'We could not create your account')).toBeVisible();
  await look('problem-missing-details');
  await causeByCode(given, page, /'firstName'/);
  assert.equal(await userWith(stage, email), undefined);
}

async function createdWithGap(given: Case): Promise<void> {
  const { stage, federation, email } = given;
  const require = (required: boolean) =>
    stage.api.post('/meta/schemas/user/default', {
      definitions: { base: { id: '#base', type: 'object', properties: { firstName: { required } } } },
    });
  await require(false);
  try {
    await signInAtPortal((await stage.visitor()).page, stage, federation.displayName, email);
  } finally {
    await require(true);
  }
  const user = await userWith(stage, email);
  assert.equal(user?.profile.firstName ?? null, null);
  assert.match(String(user?.profile.lastName), /^Number/);
}

async function inactiveProvider(given: Case): Promise<void> {
  const { stage, admin, federation } = given;
  await stage.api.post(`/idps/${federation.idpId}/lifecycle/deactivate`);
  const { page } = await stage.visitor();
  await page.goto(stage.url);
  await expect(heading(page, 'Sign in to Gatehouse')).toBeVisible();
  assert.equal(await signInWith(page, federation.displayName).count(), 0);
  const event = await readLog(admin.page, federation.ruleName, 'Skipped');
  assert.match(event, /inactive/i);
}

async function userWith({ api }: Stage, email: string): Promise<User | undefined> {
  const users = await api.get<User[]>('/users?limit=200');
  return users.find(({ profile }) => profile.email === email);
}
