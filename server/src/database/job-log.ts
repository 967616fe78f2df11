import { Logger as JobLogger } from 'graphile-worker';
import { type Logger, silentLogger } from '../shared/log.ts';

/** The job queue's own messages, in our log: its warnings and errors only. */
export function jobLogger(log: Logger = silentLogger): JobLogger {
  return new JobLogger((scope) => (level, message) => {
    const fields = { task: scope.taskIdentifier, message };
    if (level === 'error') log.error('jobs.error', fields);
    else if (level === 'warning') log.warn('jobs.warning', fields);
  });
}
