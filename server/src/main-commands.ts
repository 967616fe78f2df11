/** What the hub's process does: configuration, database, schema, application, a sheet of URLs, and a graceful end. Runs when it is imported. */
import cluster from 'node:cluster';
import { type Config, readConfig, unknownVariables } from './config.ts';
import { StartRefusal } from './database/index.ts';
import { outliveReaders } from './main-process.ts';
import { resetPassword } from './main-reset.ts';
import { serve } from './main-serve.ts';
import { overseeWorkers, serveAsWorker } from './main-workers.ts';
import { createLogger, type Logger } from './shared/log.ts';

const RESET = 'reset-admin-password';

async function main(words: string[]): Promise<void> {
  const log = createLogger();
  const config = readConfig(process.env);
  if (cluster.isWorker) return serveAsWorker(config, log);
  for (const name of unknownVariables(process.env)) log.warn('configuration.unknown_variable', { variable: name });
  const [command, ...rest] = words;
  if (command === undefined) return start(config, log);
  if (command === RESET && rest.length === 0) return resetPassword(config);
  throw new StartRefusal(`There is no command "${words.join(' ')}": start without one to serve, or with ${RESET}.`);
}

function start(config: Config, log: Logger): Promise<void> {
  return config.workers > 1 ? overseeWorkers(config, log) : serve(config, log);
}

outliveReaders();
main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof StartRefusal ? error.message : ((error as Error).stack ?? error)}\n`);
  process.exit(1);
});
