// npm start: the hub with its demo: sandboxes, the sample application and an org that is ready to try.
import { launch } from './launch.mjs';

await launch(import.meta.url, async () => {
  const { runDemo } = await import('./demo.mjs');
  await runDemo();
});
