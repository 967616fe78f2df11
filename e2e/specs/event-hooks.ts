/** Event hooks in the console, by the labels that guides use: create, be refused by an address, verify, switch off, delete. */
import { createServer, type Server } from 'node:http';
import { expect } from '../checks/expect.ts';
import { field, open, signInAsAdministrator } from '../people/administrator.ts';
import type { Spec } from '../spec.ts';
import type { Stage, Visitor } from '../stage/index.ts';

export const eventHooks: Spec = {
  title: 'Event hooks',
  journey: true,
  async tests(stage) {
    const admin = await stage.visitor();
    await signInAsAdministrator(admin.page, stage);
    const receiver = await startReceiver(stage.receiverPort);
    return [
      { name: 'a hook is created with the guide’s labels', run: () => create(receiver, admin) },
      { name: 'an address that does not answer as it must says why', run: () => refused(stage, admin) },
      { name: 'the address verifies, and is told of what happens', run: () => verified(stage, receiver, admin) },
      { name: 'the hook can be switched off and deleted', run: () => remove(admin) },
    ];
  },
};

interface Receiver {
  server: Server;
  url: string;
  honest: boolean;
  /** Resolves once it has been told of an event. */
  told(): Promise<void>;
}

async function startReceiver(port: number): Promise<Receiver> {
  let heard = () => {};
  const first = new Promise<void>((resolve) => {
    heard = resolve;
  });
  const server = createServer((request, response) => {
    if (request.method === 'POST') heard();
    const verification = receiver.honest ? request.headers['x-okta-verification-challenge'] : 'something else';
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ verification }));
  });
  server.unref();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const receiver: Receiver = { server, url: `http://localhost:${port}/okta_events`, honest: false, told: () => first };
  return receiver;
}

const NAME = 'Beyond Identity Provisioning flow';
const EVENTS = ['User Added to Group', 'User Removed from Group', 'User suspended', 'User unsuspended'];

async function create(receiver: Receiver, { page, look }: Visitor): Promise<void> {
  await open(page, 'Workflow', 'Event Hooks');
  await expect(page.getByRole('heading', { name: 'No event hook' })).toBeVisible();
  await look('console-event-hooks-empty');
  await page.getByRole('link', { name: 'Create Event Hook' }).click();
  await field(page, 'Name').fill(NAME);
  await field(page, 'Endpoint URL').fill(receiver.url);
  await field(page, 'Authentication field').fill('Authorization');
  await field(page, 'Authentication secret').fill('Bearer from-the-provider');
  await field(page, 'Custom header fields').fill('X-Tenant: acme');
  const events = page
    .getByRole('combobox', { name: 'Subscribe to events' })
    .or(field(page, 'Subscribe to events'))
    .first();
  for (const event of EVENTS) {
    await events.fill(event);
    await page.getByRole('option', { name: event, exact: true }).click();
  }
  await page.keyboard.press('Escape');
  await look('console-event-hook-add');
  await page.getByRole('button', { name: 'Save & Continue' }).click();
  await expect(page.getByRole('heading', { level: 1, name: NAME })).toBeVisible();
  await expect(page.getByText('Not verified')).toBeVisible();
}

async function refused(stage: Stage, { page, look }: Visitor): Promise<void> {
  await page.getByRole('button', { name: 'Verify' }).click();
  await expect(page.getByText(/did not send the challenge back/)).toBeVisible();
  await look('console-event-hook-refused');
  stage.forgive('status of 400');
}

async function verified(stage: Stage, receiver: Receiver, { page, look }: Visitor): Promise<void> {
  receiver.honest = true;
  await page.getByRole('button', { name: 'Verify' }).click();
  await expect(page.getByText('Verified', { exact: true })).toBeVisible();
  await expect(page.getByText(/did not send the challenge back/)).toBeAbsent();
  await look('console-event-hook');
  const login = 'sue.suspended@example.com';
  const profile = { login, email: login, firstName: 'Sue', lastName: 'Suspended' };
  const { id } = await stage.api.post<{ id: string }>('/users?activate=true', {
    profile,
    credentials: { password: { value: 'a long enough password' } },
  });
  await stage.api.post(`/users/${id}/lifecycle/suspend`, {});
  await receiver.told();
  await page.getByRole('tab', { name: 'Deliveries' }).click();
  await expect(page.getByRole('cell', { name: 'User suspended' })).toBeVisible();
  await look('console-event-hook-deliveries');
}

async function remove({ page, look }: Visitor): Promise<void> {
  await page.getByRole('link', { name: 'Event Hooks' }).first().click();
  await expect(page.getByRole('link', { name: NAME })).toBeVisible();
  await look('console-event-hooks');
  await page.getByRole('link', { name: NAME }).click();
  await page.getByRole('button', { name: 'Deactivate' }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('heading', { name: 'No event hook' })).toBeVisible();
}
