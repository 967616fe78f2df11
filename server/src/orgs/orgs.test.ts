/** The org as clients read it (contract §10.3). */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHub, type TestHub } from '../../test/support/app.ts';
import { overlapping } from '../../test/support/overlapping.ts';

const WELL_KNOWN = '/.well-known/okta-organization';
let hub: TestHub;

beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

it('is changed field by field, replaced whole, and keeps what is read-only', async () => {
  const before = await hub.api('GET', '/api/v1/org');
  expect(before).toMatchObject({ id: expect.stringMatching(/^00o/), status: 'ACTIVE', website: null, expiresAt: null });
  const changed = await hub.api('POST', '/api/v1/org', {
    companyName: 'Acme',
    website: 'https://acme.example',
    id: 'x',
  });
  expect(changed).toMatchObject({ id: before.id, companyName: 'Acme', website: 'https://acme.example' });
  const replaced = await hub.api('PUT', '/api/v1/org', { companyName: 'Acme', city: 'Utrecht' });
  expect(replaced).toMatchObject({ companyName: 'Acme', website: null, city: 'Utrecht', created: before.created });
  expect(await hub.api('GET', '/api/v1/org')).toEqual(replaced);
  expect((await hub.events('gatehouse.org.update')).map(({ actor }) => actor.id)).toEqual([
    expect.stringMatching(/^00u/),
    expect.stringMatching(/^00u/),
  ]);
});

it('is not changed by somebody who read an older version', async () => {
  const { headers } = await hub.call('GET', '/api/v1/org');
  const change = (companyName: string) =>
    hub.call('POST', '/api/v1/org', { companyName }, { 'if-match': headers.get('etag')! });
  expect((await change('First')).status).toBe(200);
  expect((await change('Second')).status).toBe(412);
  expect(await hub.api('GET', '/api/v1/org')).toMatchObject({ companyName: 'First' });
});

it.each(['website', 'endUserSupportHelpURL'])('has only web addresses as %s', async (field) => {
  const before = await hub.api('GET', '/api/v1/org');
  for (const method of ['POST', 'PUT'])
    for (const address of [
      'javascript:alert(1)',
      'data:text/html,x',
      'https:',
      '//evil.example',
      ' https://a.example',
      'x',
    ])
      expect(await hub.call(method, '/api/v1/org', { [field]: address })).toMatchObject({
        status: 400,
        body: { errorCode: 'E0000001' },
      });
  expect(await hub.api('GET', '/api/v1/org')).toEqual(before);
  for (const address of ['https://help.example/a?b=c#d', 'HTTP://help.example', '', null])
    expect(await hub.api('POST', '/api/v1/org', { [field]: address })).toMatchObject({ [field]: address });
});

it('keeps both of two changes that come at once', async () => {
  const change = (body: object) => async () => (await hub.call('POST', '/api/v1/org', body)).status;
  const calls = { first: change({ city: 'Utrecht' }), second: change({ state: 'UT' }) };
  expect(await overlapping(hub, calls)).toEqual([200, 200]);
  expect(await hub.api('GET', '/api/v1/org')).toMatchObject({ city: 'Utrecht', state: 'UT' });
});

it('is known to everybody, pages of other origins included', async () => {
  const response = await fetch(hub.url + WELL_KNOWN, { headers: { origin: 'https://app.example' } });
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  expect(await response.json()).toEqual({
    id: expect.stringMatching(/^00o/),
    cell: 'local',
    _links: { organization: { href: hub.url } },
    pipeline: 'v1',
    settings: { analyticsCollectionEnabled: false, bugReportingEnabled: false, omEnabled: false },
  });
  const preflight = await fetch(hub.url + WELL_KNOWN, {
    method: 'OPTIONS',
    headers: { origin: 'https://app.example', 'access-control-request-headers': 'x-okta-user-agent-extended' },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-headers')).toContain('X-Okta-User-Agent-Extended');
});
