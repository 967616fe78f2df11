/** API tokens and where they may be used from, over a whole hub with its network zones. */
import { Client } from '@okta/okta-sdk-nodejs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from './support/app.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;

let hub: TestHub;
let here: string;
let elsewhere: string;

beforeAll(async () => {
  hub = await startHub();
  here = await zone('Here', '127.0.0.0/8');
  elsewhere = await zone('Elsewhere', '198.51.100.0/24');
});
afterAll(() => hub.close());

const zone = async (name: string, value: string): Promise<string> =>
  (
    await hub.api<Any>('POST', '/api/v1/zones', {
      type: 'IP',
      name,
      gateways: [{ type: 'CIDR', value }],
      usage: 'POLICY',
    })
  ).id;
const token = async (network: object): Promise<{ id: string; value: string }> =>
  hub.api('POST', '/api/v1/api-tokens', { name: 'Bound', network });
const use = async ({ value }: { value: string }) =>
  (await hub.call('GET', '/api/v1/users/me', undefined, { authorization: `SSWS ${value}` })).status;

describe('an API token that is bound to a network', () => {
  it('is used inside the zones that are included and outside those that are excluded', async () => {
    const from = (include: string[], exclude: string[]) => ({ connection: 'ZONE', include, exclude });
    for (const [network, status] of [
      [{ connection: 'ANYWHERE' }, 200],
      [from([here], []), 200],
      [from([elsewhere], []), 403],
      [from([elsewhere, here], []), 200],
      [from([], [here]), 403],
      [from([], [elsewhere]), 200],
      [from([here], [here]), 403],
    ] as const)
      expect([network, await use(await token(network))]).toEqual([network, status]);
  });

  it('is bound, and let go again, by a change', async () => {
    const made = await token({ connection: 'ANYWHERE' });
    const path = `/api/v1/api-tokens/${made.id}`;
    const changed: Any = await hub.api('PUT', path, {
      name: 'Bound',
      network: { connection: 'ZONE', include: [elsewhere] },
    });
    expect(changed.network).toEqual({ connection: 'ZONE', include: [elsewhere], exclude: [] });
    expect(await use(made)).toBe(403);
    await hub.api('PUT', path, { name: 'Renamed' });
    expect((await hub.api<Any>('GET', path)).network).toEqual(changed.network);
    await hub.api('PUT', path, { name: 'Renamed', network: { connection: 'ANYWHERE' } });
    expect(await use(made)).toBe(200);
  });

  it('keeps its zone: that one is not taken away while a token refers to it', async () => {
    const office = await zone('Office', '203.0.113.0/24');
    const made = await token({ connection: 'ZONE', exclude: [office] });
    const refused = await hub.call('POST', `/api/v1/zones/${office}/lifecycle/deactivate`);
    expect([refused.status, JSON.stringify(refused.body)]).toEqual([
      400,
      expect.stringContaining('the API token \\"Bound\\"'),
    ]);
    await hub.api('DELETE', `/api/v1/api-tokens/${made.id}`);
    expect((await hub.call('POST', `/api/v1/zones/${office}/lifecycle/deactivate`)).status).toBe(200);
  });

  it('is read and changed by the management SDK', async () => {
    const client = new Client({ orgUrl: hub.url, token: hub.token });
    const made = await token({ connection: 'ZONE', include: [here] });
    const read = await client.apiTokenApi.getApiToken({ apiTokenId: made.id });
    expect(read.network).toMatchObject({ connection: 'ZONE', include: [here] });
    const changed = await client.apiTokenApi.upsertApiToken({
      apiTokenId: made.id,
      apiTokenUpdate: { name: 'By the SDK', network: { connection: 'ZONE', include: [elsewhere], exclude: [] } } as Any,
    });
    expect(changed.network).toMatchObject({ include: [elsewhere] });
    expect(await use(made)).toBe(403);
  });
});

describe('the owner of an API token', () => {
  it('decides with every call what it may do: demoted, suspended, back again', async () => {
    const login = 'owner@example.com';
    const owner: Any = await hub.api('POST', '/api/v1/users', {
      profile: { login, email: login, firstName: 'Ada', lastName: 'Owner' },
      credentials: { password: { value: 'a long enough password' } },
    });
    await hub.api('POST', `/api/v1/users/${owner.id}/roles`, { type: 'ORG_ADMIN' });
    const made = await token({ connection: 'ANYWHERE' });
    await hub.database.query({ text: 'update api_tokens set user_id = $1 where id = $2', values: [owner.id, made.id] });
    const list = async () =>
      (await hub.call('GET', '/api/v1/users', undefined, { authorization: `SSWS ${made.value}` })).status;
    expect(await list()).toBe(200);
    await hub.api('DELETE', `/api/v1/users/${owner.id}/roles/ORG_ADMIN`);
    expect(await list()).toBe(403);
    await hub.api('POST', `/api/v1/users/${owner.id}/lifecycle/suspend`);
    expect(await list()).toBe(401);
    await hub.api('POST', `/api/v1/users/${owner.id}/lifecycle/unsuspend`);
    await hub.api('POST', `/api/v1/users/${owner.id}/roles`, { type: 'ORG_ADMIN' });
    expect(await list()).toBe(200);
  });
});
