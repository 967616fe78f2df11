import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ALEX, CLIENT, prepare, signIn, visit } from '../../../test/wire.ts';
import { type RunningIdme, startIdme } from '../index.ts';

let idme: RunningIdme;
beforeAll(async () => {
  idme = await startIdme({ port: 0, clients: [CLIENT] });
});
afterAll(() => idme.close());
beforeEach(async () => {
  for (const path of ['faults', 'approve', 'requests']) await call('DELETE', path);
});

async function call(method: string, path: string, body?: unknown) {
  const response = await fetch(`${idme.url}/control/${path}`, {
    method,
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text) };
}

/** A request with headers that fetch does not let one set. */
function raw(path: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((done, failed) => {
    request(`${idme.url}${path}`, { headers }, (response) => {
      response.resume();
      done(response.statusCode);
    })
      .on('error', failed)
      .end();
  });
}

describe('/control/approve', () => {
  test('approves sign-ins at once, until it is taken back', async () => {
    expect((await call('POST', 'approve', { person: ALEX })).body.approval).toMatchObject({ remaining: null });
    expect((await signIn(idme)).tokens.claims()?.email).toBe(ALEX);
    expect((await call('DELETE', 'approve')).status).toBe(204);
    expect((await visit((await prepare(idme)).address)).location).toMatch(/^\/sign-in\//);
  });

  test('approves as many as were asked for, with their fault', async () => {
    await call('POST', 'approve', { person: ALEX, fault: 'missing_claim', parameter: 'zip', times: 1 });
    expect((await signIn(idme)).tokens.claims()).not.toHaveProperty('zip');
    expect((await call('GET', 'approve')).body.approval).toBeNull();
  });

  test('takes the default fault when it has none of its own', async () => {
    await call('POST', 'faults', { fault: 'null_attribute', parameter: 'city', times: 1 });
    await call('POST', 'approve', { person: ALEX });
    expect((await signIn(idme)).tokens.claims()?.city).toBeNull();
    expect((await signIn(idme)).tokens.claims()?.city).toBe('Portland');
  });

  test.each([{}, { person: 'nobody' }, { person: ALEX, fault: 'nonsense' }, { person: ALEX, times: 0 }])(
    'refuses %j',
    async (body) => {
      expect(await call('POST', 'approve', body)).toMatchObject({ status: 400, body: { error: 'refused' } });
    },
  );
});

describe('/control/faults', () => {
  test('lists the table and the default', async () => {
    const { body } = await call('GET', 'faults');
    expect(body.default).toBeNull();
    expect(body.faults).toContainEqual(expect.objectContaining({ name: 'user_denies', row: 1 }));
  });

  test('fills in the parameter of the row', async () => {
    const { body } = await call('POST', 'faults', { fault: 'missing_claim' });
    expect(body.default).toEqual({ fault: 'missing_claim', parameter: 'email', remaining: null });
  });

  test.each([
    {},
    { fault: 'nonsense' },
    { fault: 'clock_skew_past', parameter: 'soon' },
    { fault: 'alg_none', times: 1.5 },
  ])('refuses %j', async (body) => {
    expect((await call('POST', 'faults', body)).status).toBe(400);
  });
});

describe('/control/persons', () => {
  test('creates, changes and lists', async () => {
    const created = await call('POST', 'persons', { fname: 'Olu', lname: 'Ade', email: 'olu@example.com' });
    expect(created.status).toBe(201);
    const changed = await call('PUT', `persons/${created.body.uuid}`, { email: 'olu.ade@example.com' });
    expect(changed.body).toEqual({ ...created.body, email: 'olu.ade@example.com' });
    expect((await call('GET', 'persons')).body.persons).toContainEqual(changed.body);
  });

  test('refuses what is incomplete or unknown', async () => {
    expect((await call('POST', 'persons', { fname: 'Olu' })).status).toBe(400);
    expect((await call('PUT', 'persons/nobody', { fname: 'Olu' })).status).toBe(404);
  });
});

describe('/control/clients', () => {
  test('registers a client, gives its secret once', async () => {
    const { status, body } = await call('POST', 'clients', {
      redirect_uris: ['http://localhost:9/a'],
      policies: ['nurse'],
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({ client_id: expect.stringMatching(/^[0-9a-f]{32}$/), client_name: 'localhost:9' });
    expect(JSON.stringify((await call('GET', 'clients')).body)).not.toContain(body.client_secret);
  });

  test.each([
    { policies: ['wizard'] },
    { policies: 'nurse' },
    { redirect_uris: [] },
    { token_endpoint_auth_method: 'none' },
    { encryption_jwk: { kty: 'oct' } },
  ])('refuses %j', async (change) => {
    const body = { redirect_uris: ['http://localhost:9/a'], policies: ['nurse'], ...change };
    expect((await call('POST', 'clients', body)).status).toBe(400);
  });
});

describe('/control/requests', () => {
  test('says what arrived, without secrets', async () => {
    await call('POST', 'approve', { person: ALEX });
    const { tokens } = await signIn(idme);
    const { requests } = (await call('GET', 'requests')).body;
    expect(requests.map(({ method, path, status }: Record<string, unknown>) => [method, path, status])).toEqual([
      ['GET', '/oidc/.well-known/openid-configuration', 200],
      ['GET', '/oauth/authorize', 303],
      ['POST', '/oauth/token', 200],
      ['GET', '/oidc/.well-known/jwks', 200],
    ]);
    expect(requests[1].parameters).toMatchObject({ scope: 'openid nist_aal2_ial2', nonce: 'n1', state: 's1' });
    expect(requests[2].parameters).toMatchObject({
      grant_type: 'authorization_code',
      client_secret: '(hidden)',
      code: '(hidden)',
    });
    const text = JSON.stringify(requests);
    for (const secret of [CLIENT.client_secret, tokens.access_token]) expect(text).not.toContain(secret);
  });
});

describe('who may call', () => {
  const path = '/control/persons';
  test.each<[string, Record<string, string>, number]>([
    ['a program of this machine', {}, 200],
    ['the sandbox in a browser', { 'sec-fetch-site': 'same-origin' }, 200],
    ['a page of another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a page of another port', { 'sec-fetch-site': 'same-site' }, 403],
    ['a rebound name', { host: 'rebound.evil.test' }, 403],
    ['somebody behind a proxy', { 'x-forwarded-for': '203.0.113.9' }, 403],
  ])('%s', async (_who, headers, status) => {
    expect(await raw(path, headers)).toBe(status);
  });
});
