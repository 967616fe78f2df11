import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['server/**/*.test.ts', 'sandbox/**/*.test.ts', 'console/**/*.test.ts'],
    globalSetup: ['server/test/support/database.ts'],
    environment: 'node',
    // Tests wait for servers and databases as often as they compute: as many at a time as there are processors, two at least.
    maxWorkers: Math.max(2, Math.min(4, availableParallelism())),
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // What is waited for comes when it comes: on a busy machine a second is not much.
    expect: { poll: { timeout: 20_000 } },
  },
});
