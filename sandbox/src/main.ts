/** Starts the identity provider sandbox and, where a hub is named, the sample application; ends both at SIGTERM or SIGINT. */
import { InvalidConfiguration, readConfiguration } from './configuration.ts';
import { InvalidClient, startIdme } from './idme/index.ts';
import { startSample } from './sample/index.ts';

interface Running {
  url: string;
  close(): Promise<void>;
}

const running: Running[] = [];

async function start(): Promise<void> {
  const { idme, sample } = readConfiguration(process.env);
  running.push(await startIdme(idme));
  process.stdout.write(`ID.me sandbox on ${running[0]?.url}\n`);
  if (sample === null) return;
  running.push(await startSample(sample));
  process.stdout.write(`Sample application on ${running[1]?.url}, signing in through ${sample.issuer}\n`);
}

let stopping = false;
async function stop(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  await Promise.allSettled(running.map(({ close }) => close()));
  process.exit(code);
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(0));

try {
  await start();
} catch (error) {
  process.stderr.write(`${sentenceOf(error)}\n`);
  await stop(1);
}

function sentenceOf(error: unknown): string {
  if (error instanceof InvalidConfiguration) return error.message;
  if (error instanceof InvalidClient) return `IDME_CLIENTS: ${error.message}`;
  const { code, port, stack, message } = error as Error & { code?: string; port?: number };
  if (code === 'EADDRINUSE') return `Port ${port} is taken: stop what uses it, or set IDME_PORT or SAMPLE_PORT.`;
  return stack ?? message;
}
