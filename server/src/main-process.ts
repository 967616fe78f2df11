import type { StartSheet } from './app.ts';
import type { Config } from './config.ts';
import { StartRefusal } from './database/index.ts';
import type { Logger } from './shared/log.ts';

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
/** A terminal's Ctrl-C reaches a process twice (from the terminal and from npm): only a later signal is a second one. */
const ONE_PRESS_MS = 1_000;
const STOP_WITHIN_MS = 60_000;

/** Ends the process by `stop` at the first signal, at once at a second one or after a minute. */
export function onStopSignal(stop: () => Promise<void>, log: Logger): void {
  let first: number | undefined;
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (first === undefined) {
        first = Date.now();
        void stopOnce(stop, log, signal);
      } else if (Date.now() - first > ONE_PRESS_MS) {
        log.warn('process.stop_forced', { signal });
        process.exit(1);
      }
    });
  }
}

/** Whoever read the output may be gone (a closed terminal, a killed parent): that must not keep the process from ending in order. */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

/** Runs `stop` and exits: 0 when it ended, 1 when it failed or took more than a minute. */
export async function stopOnce(stop: () => Promise<void>, log: Logger, reason: string): Promise<void> {
  log.info('process.stopping', { reason });
  setTimeout(() => {
    log.error('process.stop_timed_out');
    process.exit(1);
  }, STOP_WITHIN_MS).unref();
  try {
    await stop();
    log.info('process.stopped');
    process.exit(0);
  } catch (error) {
    log.error('process.stop_failed', { error });
    process.exit(1);
  }
}

/** The sheet that a person reads at the start; the generated password is on it once, at the first start. */
export function printSheet({ url, adminEmail, generatedPassword, lines }: StartSheet): void {
  const password =
    generatedPassword === null ? [] : [`Password                 ${generatedPassword}   (shown only now)`];
  const sheet = [`Gatehouse is ready:      ${url}`, `Administrator            ${adminEmail}`, ...password, ...lines];
  process.stdout.write(`\n${sheet.map((line) => `  ${line}\n`).join('')}\n`);
}

const UNUSABLE_ADDRESS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use',
  EACCES: 'needs more rights',
  EADDRNOTAVAIL: 'is not an address of this machine',
  ENOTFOUND: 'is not an address of this machine',
  EAI_AGAIN: 'is not an address of this machine',
};

/** For `.catch`: an address that cannot be listened on as one sentence, everything else unchanged. */
export function refuseUnusableAddress({ host, port }: Config): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    const why = UNUSABLE_ADDRESS[error.code ?? ''];
    if (why === undefined) throw error;
    throw new StartRefusal(
      `The address ${host} port ${port} ${why}: stop the program that has it, or set GATEHOUSE_PORT and GATEHOUSE_URL (and GATEHOUSE_HOST) to others.`,
    );
  };
}
