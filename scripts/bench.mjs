// npm run bench: the benchmarks; each prints its figures and the comparison.
import { join } from 'node:path';
import { ended, onSignals, startNode } from './children.mjs';
import { launch, ROOT } from './launch.mjs';

await launch(import.meta.url, async () => {
  const child = startNode(process.execPath, [join(ROOT, 'bench/src/main.ts'), ...process.argv.slice(2)], { cwd: ROOT });
  onSignals(
    (signal) => child.kill(signal),
    () => child.kill('SIGKILL'),
  );
  process.exit(await ended(child));
});
