// node scripts/api-examples.mjs: records the examples of the API's description anew, from a hub of its own.
import { join } from 'node:path';
import { ended, startNode } from './children.mjs';
import { launch, ROOT } from './launch.mjs';

await launch(import.meta.url, async () => {
  const child = startNode(
    process.execPath,
    [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', 'server/test/api-examples.test.ts'],
    { cwd: ROOT, env: { ...process.env, GATEHOUSE_RECORD_EXAMPLES: '1' } },
  );
  process.exit(await ended(child));
});
