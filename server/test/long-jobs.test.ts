/** Long work and the rest of what a hub does by itself: neither waits for the other. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createModules, type Modules, prepareOrg, startHouseJobs } from '../src/composition/index.ts';
import type { Config } from '../src/config.ts';
import { addJob, type Jobs } from '../src/database/index.ts';
import { silentLogger } from '../src/shared/log.ts';
import { maintainPartitions } from '../src/system-log/index.ts';
import { ADMIN } from './support/app.ts';
import { testClock } from './support/clock.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';

const clock = testClock();
const begun: string[] = [];
let test: TestDatabase;
let house: Modules;
let orgId: string;
let queue: Jobs | undefined;
let release: () => void;

beforeAll(async () => {
  test = await createTestDatabase();
  const config = {
    url: 'http://localhost:3000',
    secretKey: randomBytes(32),
    previousSecretKeys: [],
    adminEmail: ADMIN.email,
    adminPassword: ADMIN.password,
    apiToken: null,
    allowEgress: [],
    smtpUrl: null,
  } as unknown as Config;
  house = createModules({ config, database: test.database, clock, log: silentLogger });
  await maintainPartitions(test.database, clock.now());
  ({ orgId } = await prepareOrg(house));
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  house.jobs = {
    ...house.jobs,
    async run(payload) {
      begun.push((payload as { id: string }).id);
      await released;
    },
  };
}, 120_000);
afterAll(async () => {
  release();
  await queue?.stop();
  await test?.drop();
});

it('a link to a new password is written while imports and mappings of hours are under way', async () => {
  for (const id of ['one', 'two', 'three', 'four']) await addJob(test.database, 'job', { orgId, id });
  queue = await startHouseJobs(house);
  await vi.waitFor(() => expect(begun.length).toBeGreaterThanOrEqual(2), 20_000);
  await addJob(test.database, 'password-link', { orgId, login: ADMIN.email, language: 'en' });
  const messages = async () => (await house.mail.list(orgId, null, 10)).items.map(({ template }) => template);
  await vi.waitFor(async () => expect(await messages()).toEqual(['password_reset']), 20_000);
}, 60_000);
