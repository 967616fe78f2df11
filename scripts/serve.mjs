// npm run serve: the hub alone, configured by the environment.
import { launch } from './launch.mjs';

await launch(import.meta.url, async () => {
  const { buildConsole } = await import('./console.mjs');
  await buildConsole();
  await import('../server/src/main.ts');
});
