/** Everything the tests stand on: a real hub with its own database, the provider sandbox, the sample application and one browser. */
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { answers, type Child, freePorts, startChild } from './children.ts';
import { type Management, managementOf } from './management.ts';
import { createSampleApplication, type SampleApplication } from './sample.ts';
import { type Sandbox, sandboxAt } from './sandbox.ts';
import { createVisitors, type Visitors } from './visitors.ts';

export { NoBrowser } from './browser.ts';
export type { Visitor } from './visitors.ts';

export interface Stage extends Visitors {
  /** Public base URL of the hub. */
  url: string;
  admin: { email: string; password: string };
  api: Management;
  sandbox: Sandbox;
  sample: SampleApplication;
  /** A port of this computer that the hub may call: for the receiver of an event hook. */
  receiverPort: number;
  /** What the programs printed last, for a test that failed. */
  output(): string;
  close(): Promise<void>;
}

const ADMIN_EMAIL = 'admin@example.com';

/** Starts all of it; throws with the reason of whatever did not come up, after ending the rest. */
export async function openStage(): Promise<Stage> {
  const directory = mkdtempSync(join(tmpdir(), 'gatehouse-e2e-'));
  chmodSync(directory, 0o755);
  const children: Child[] = [];
  let browser: Browser | undefined;
  const close = async () => {
    await browser?.close();
    for (const child of children.reverse()) await child.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const [hubPort, idmePort, samplePort, receiverPort] = (await freePorts(4)) as [number, number, number, number];
    const url = `http://localhost:${hubPort}`;
    const idmeUrl = `http://localhost:${idmePort}`;
    const sampleUrl = `http://localhost:${samplePort}`;
    const token = randomBytes(24).toString('hex');
    const password = randomBytes(12).toString('base64url');
    const hub = startChild('The hub', 'server/src/main.ts', {
      GATEHOUSE_URL: url,
      GATEHOUSE_DATA_DIR: join(directory, 'data'),
      GATEHOUSE_API_TOKEN: token,
      GATEHOUSE_ADMIN_EMAIL: ADMIN_EMAIL,
      GATEHOUSE_ADMIN_PASSWORD: password,
      GATEHOUSE_ALLOW_EGRESS: `${new URL(idmeUrl).host},localhost:${receiverPort}`,
    });
    children.push(hub);
    const opening = launchBrowser();
    opening.catch(() => {});
    await answers(`${url}/readyz`, hub);
    const api = managementOf(url, token);
    const sample = await createSampleApplication(api, sampleUrl);
    const sandbox = startChild('The sandbox', 'sandbox/src/main.ts', {
      IDME_PORT: String(idmePort),
      SAMPLE_PORT: String(samplePort),
      SAMPLE_ISSUER: url,
      SAMPLE_CLIENT_ID: sample.clientId,
      SAMPLE_CLIENT_SECRET: sample.clientSecret,
    });
    children.push(sandbox);
    browser = await opening;
    await answers(`${idmeUrl}/readyz`, sandbox);
    await answers(`${sampleUrl}/`, sandbox);
    return {
      url,
      admin: { email: ADMIN_EMAIL, password },
      api,
      sandbox: sandboxAt(idmeUrl),
      sample,
      receiverPort,
      ...createVisitors(browser, url),
      output: () => children.map((child) => `--- ${child.name}\n${child.output()}`).join('\n'),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
