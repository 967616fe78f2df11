import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApp } from '../src/app.ts';
import { silentLogger } from '../src/shared/log.ts';
import { startHub, type TestHub } from './support/app.ts';
import { createBrowser } from './support/browser.ts';
import { atProvider, authorizeUrl, type Federation, federate, redeem } from './support/federation.ts';
import { type StubProvider, startStubProvider } from './support/stub-openid-provider.ts';

let hub: TestHub;
let provider: StubProvider;
let federation: Federation;

beforeAll(async () => {
  hub = await startHub();
  provider = await startStubProvider(() => hub.clock.now());
  federation = await federate(hub, provider);
});
afterAll(async () => {
  await provider?.close();
  await hub?.close();
});

async function signIn(): Promise<number> {
  const browser = createBrowser();
  const asked = authorizeUrl(hub, federation.clientId);
  const back = await atProvider(hub, provider, browser, await browser.get(asked.url));
  const code = new URL(back.location!).searchParams.get('code')!;
  return (await redeem(hub, federation, code, asked.verifier)).status;
}

async function restart(secretKey: Uint8Array, previousSecretKeys: Uint8Array[]) {
  const app = await createApp({
    config: { ...hub.config, secretKey, previousSecretKeys },
    database: hub.database,
    clock: hub.clock,
    log: silentLogger,
  });
  await app.listen();
  return app;
}

it('a new secret key takes over with the previous one beside it, and then stands alone', async () => {
  expect(await signIn()).toBe(200);
  await hub.app.close();
  const secretKey = randomBytes(32);
  await expect(restart(secretKey, [])).rejects.toThrow('GATEHOUSE_SECRET_KEY_PREVIOUS');

  const both = await restart(secretKey, [hub.config.secretKey]);
  expect(await signIn()).toBe(200);
  await both.close();

  const alone = await restart(secretKey, []);
  expect(await signIn()).toBe(200);
  await alone.close();
});
