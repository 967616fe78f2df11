import { afterAll, beforeAll, expect, it } from 'vitest';
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
