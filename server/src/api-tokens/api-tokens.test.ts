import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ADMIN_EMAIL,
  API_TOKEN,
  createTestDirectory,
  person,
  type TestDirectory,
} from '../../test/support/directory.ts';
import { inTransaction } from '../database/index.ts';
import { DAY, MINUTE } from '../shared/clock.ts';

let directory: TestDirectory;
let call: TestDirectory['call'];

beforeAll(async () => {
  directory = await createTestDirectory();
  call = directory.call;
});
afterAll(() => directory.close());

const as = (token: string) => ({ authorization: `SSWS ${token}` });
const issue = async (name: string, more: object = {}) =>
  (await call('POST', '/api-tokens', { name, ...more })).body as { id: string; value: string };

describe('API tokens', () => {
  it('show their value once and act as their owner', async () => {
    const { status, body } = await call('POST', '/api-tokens', { name: 'My API Token' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: expect.stringMatching(/^00T[A-Za-z0-9]{17}$/),
      name: 'My API Token',
      userId: directory.adminId,
      tokenWindow: 'P30D',
      network: { connection: 'ANYWHERE' },
      expiresAt: '2026-12-21T10:00:00.000Z',
    });
    expect(body.value).toMatch(/^hub_api_[A-Za-z0-9_-]{43}$/);
    const { value, ...wire } = body;
    expect((await call('GET', `/api-tokens/${body.id}`)).body).toEqual(wire);
    expect((await call('GET', '/users/me', undefined, as(value))).body.profile.login).toBe(ADMIN_EMAIL);
    expect(JSON.stringify((await call('GET', '/api-tokens')).body)).not.toContain(value);
    const { rows } = await directory.database.query({
      text: 'select * from api_tokens where id = $1',
      values: [body.id],
    });
    expect(JSON.stringify(rows)).not.toContain(value);
  });
  it('are renamed, keep their owner, and revoked', async () => {
    const { id, value } = await issue('Before');
    const renamed = await call('PUT', `/api-tokens/${id}`, {
      name: 'After',
      clientName: 'Script',
      created: 'ignored',
      network: { connection: 'ANYWHERE' },
      userId: directory.adminId,
    });
    expect([renamed.body.name, renamed.body.clientName]).toEqual(['After', 'Script']);
    expect((await call('PUT', `/api-tokens/${id}`, { name: 'x', userId: '00uSomebodyElse00000' })).status).toBe(400);
    for (const network of [
      { connection: 'ZONE' },
      { connection: 'ZONE', include: ['nzoUnknown0000000000'] },
      { connection: 'ANYWHERE', include: ['nzoUnknown0000000000'] },
      { connection: 'MOON' },
    ])
      expect((await call('PUT', `/api-tokens/${id}`, { name: 'x', network })).status).toBe(400);
    expect((await call('DELETE', `/api-tokens/${id}`)).status).toBe(204);
    const refused = await call('GET', '/users/me', undefined, as(value));
    expect([refused.status, refused.body.errorCode]).toEqual([401, 'E0000011']);
    expect((await call('DELETE', `/api-tokens/${id}`)).status).toBe(404);
  });
  it('revoke themselves as current', async () => {
    const { value } = await issue('Short');
    expect((await call('DELETE', '/api-tokens/current', undefined, as(value))).status).toBe(204);
    expect((await call('DELETE', '/api-tokens/current', undefined, as(value))).status).toBe(401);
  });
  it('revoke themselves as current whatever role their owner still has, and nothing else without one', async () => {
    const { body: owner } = await call('POST', '/users', {
      ...person('no-role@example.com'),
      credentials: { password: { value: 'Abcd1234#@' } },
    });
    const [{ id, value }, other] = [await issue('Of nobody'), await issue('Of somebody')];
    await directory.database.query({
      text: 'update api_tokens set user_id = $1 where id = $2',
      values: [owner.id, id],
    });
    expect((await call('DELETE', `/api-tokens/${other.id}`, undefined, as(value))).status).toBe(403);
    expect((await call('DELETE', `/api-tokens/${id}`, undefined, as(value))).status).toBe(403);
    expect((await call('DELETE', '/api-tokens/current', undefined, as(value))).status).toBe(204);
    expect((await call('DELETE', '/api-tokens/current', undefined, as(value))).status).toBe(401);
    expect((await call('GET', `/api-tokens/${other.id}`)).status).toBe(200);
  });
  it('slide with use, at most one write a minute, and end without it', async () => {
    const { id, value } = await issue('Sliding', { tokenWindow: 'P2D' });
    const expires = async () =>
      Date.parse((await call('GET', `/api-tokens/${id}`)).body.expiresAt) - directory.clock.now().getTime();
    directory.clock.advance(DAY);
    await directory.apiTokens.verify(directory.orgId, value, '127.0.0.1');
    expect(await expires()).toBe(2 * DAY);
    directory.clock.advance(MINUTE / 2);
    await directory.apiTokens.verify(directory.orgId, value, '127.0.0.1');
    expect(await expires()).toBe(2 * DAY - MINUTE / 2);
    directory.clock.advance(2 * DAY);
    expect(await directory.apiTokens.verify(directory.orgId, value, '127.0.0.1')).toBeNull();
  });
  it('stop with their owner', async () => {
    const { database, orgId, clock, apiTokens } = directory;
    const user = (
      await call('POST', '/users', {
        ...person('owner@example.com'),
        credentials: { password: { value: 'Abcd1234#@' } },
      })
    ).body;
    await database.query({ text: `update api_tokens set user_id = $1 where name = 'Owned'`, values: [user.id] });
    const { id, value } = await issue('Owned');
    await database.query({ text: 'update api_tokens set user_id = $1 where id = $2', values: [user.id, id] });
    expect(await apiTokens.verify(orgId, value, '127.0.0.1')).toMatchObject({ userId: user.id, roles: [] });
    expect((await call('GET', '/users', undefined, as(value))).body.errorCode).toBe('E0000006');
    await call('POST', `/users/${user.id}/lifecycle/suspend`);
    expect(await apiTokens.verify(orgId, value, '127.0.0.1')).toBeNull();
    await call('POST', `/users/${user.id}/lifecycle/unsuspend`);
    expect(await apiTokens.verify(orgId, value, '127.0.0.1')).not.toBeNull();
    expect(clock.now()).toBeInstanceOf(Date);
  });
  it.each(['', 'x'.repeat(2_000), 'hub_api_unknown', "' or 1=1 --"])('do not exist as %j', async (secret) => {
    expect(await directory.apiTokens.verify(directory.orgId, secret, '127.0.0.1')).toBeNull();
  });
  it.each(['P0D', 'P366D', 'PT1H', '30'])('have no window of %s', async (tokenWindow) => {
    expect((await call('POST', '/api-tokens', { name: 'Window', tokenWindow })).status).toBe(400);
  });
});

describe('the configured token', () => {
  it('is kept by a second start and replaced when another one is configured', async () => {
    const { database, orgId, adminId, apiTokens, clock } = directory;
    const ensure = (secret: string) =>
      inTransaction(database, (tx) => apiTokens.ensureBootstrapToken(tx, orgId, adminId, secret, clock.now()));
    await ensure(API_TOKEN);
    expect(await apiTokens.verify(orgId, API_TOKEN, '127.0.0.1')).not.toBeNull();
    await ensure('another one');
    expect(await apiTokens.verify(orgId, API_TOKEN, '127.0.0.1')).toBeNull();
    expect(await apiTokens.verify(orgId, 'another one', '127.0.0.1')).toMatchObject({
      userId: adminId,
      roles: ['SUPER_ADMIN'],
    });
  });
});
