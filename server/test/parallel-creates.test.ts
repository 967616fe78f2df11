import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from './support/app.ts';
import { idpBody } from './support/federation.ts';
import { type StubProvider, startStubProvider } from './support/stub-openid-provider.ts';

let hub: TestHub;
let provider: StubProvider;

beforeAll(async () => {
  hub = await startHub();
  provider = await startStubProvider(() => hub.clock.now());
});
afterAll(async () => {
  await provider?.close();
  await hub?.close();
});

const statuses = async (path: string, bodies: unknown[]) =>
  Promise.all(bodies.map(async (body) => (await hub.call('POST', path, body)).status));

it('creates 40 applications at the same time, and 40 identity providers', async () => {
  const numbers = Array.from({ length: 40 }, (_, index) => index);
  const applications = numbers.map((n) => ({
    name: 'oidc_client',
    label: `Application ${n}`,
    signOnMode: 'OPENID_CONNECT',
    credentials: { oauthClient: { token_endpoint_auth_method: 'client_secret_basic' } },
    settings: {
      oauthClient: {
        application_type: 'web',
        grant_types: ['authorization_code'],
        response_types: ['code'],
        redirect_uris: ['https://app.example.com/callback'],
      },
    },
  }));
  expect(new Set(await statuses('/api/v1/apps', applications))).toEqual(new Set([200]));
  const providers = numbers.map((n) => idpBody(provider, { name: `Provider ${n}` }));
  expect(new Set(await statuses('/api/v1/idps', providers))).toEqual(new Set([200]));
});

describe('of 50 people created at once', () => {
  const create = (login: string) =>
    hub.call('POST', '/api/v1/users', {
      profile: { login, email: 'race@example.com', firstName: 'Ada', lastName: 'Lovelace' },
    });
  const spellings: [string, (n: number) => string][] = [
    ['with the same login', () => 'same@example.com'],
    [
      'whose logins differ by case only',
      (n) => `${[...'differing'].map((c, i) => (((n * 37) >> i) & 1 ? c.toUpperCase() : c)).join('')}@Example.com`,
    ],
    ['half of them with full-width letters', (n) => (n % 2 ? '\uff57idth@example.com' : 'width@example.com')],
    ['half of them with dotless letters', (n) => (n % 2 ? 'd\u0131m@example.com' : 'dim@example.com')],
    [
      'some with composed and some with decomposed letters',
      (n) => (n % 2 ? 'jos\u00e9@example.com' : 'jose\u0301@example.com'),
    ],
    ['some with the Kelvin sign', (n) => (n % 2 ? '\u212aim@example.com' : 'Kim@example.com')],
  ];
  it.each(spellings)('%s, one exists afterwards', async (_what, login) => {
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => create(login(n))));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status !== 200).every(({ status }) => status === 400)).toBe(true);
    const { rows } = await hub.database.query({
      text: 'select 1 from users where login_key = $1',
      values: [login(0).normalize('NFC').toLowerCase()],
    });
    expect(rows).toHaveLength(1);
  });
});
