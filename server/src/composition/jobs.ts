/** What the hub does by the calendar. */

import { type Jobs, startJobs } from '../database/index.ts';
import { forgetUnusedCosts, purgeTokens } from '../directory/users/index.ts';
import { purgeMessages, SEND_TASK } from '../mail/index.ts';
import { after, DAY, HOUR } from '../shared/clock.ts';
import { purgePasswordAttempts, purgeSessions, purgeTraces, purgeTransactions } from '../sign-in/index.ts';
import { maintainPartitions } from '../system-log/index.ts';
import type { Modules } from './modules.ts';
import { PASSWORD_LINK_TASK, sendPasswordLink } from './password-links.ts';

const TRACE_DAYS = 30;
/** A person at whose password nobody guessed for so long starts from none. */
const GUESS_DAYS = 30;
const MESSAGE_DAYS = 30;

/** Work of minutes or hours has a queue of its own: a message to somebody who waits for it does not stand behind an import. */
export async function startHouseJobs(house: Modules): Promise<Jobs> {
  const queues = [await startShortWork(house), await startLongWork(house)];
  return { stop: async () => void (await Promise.all(queues.map((queue) => queue.stop()))) };
}

function startLongWork({ database, log, jobs, users }: Modules): Promise<Jobs> {
  const tasks = { job: jobs.run, 'index-attributes': async () => users.keepAttributeIndexes() };
  return startJobs({ database, log, tasks, schedules: [] });
}

function startShortWork(house: Modules): Promise<Jobs> {
  const { database, clock, log, authorizationServer, jobs } = house;
  return startJobs({
    database,
    log,
    tasks: {
      'stalled-jobs': () => jobs.wakeStalled(),
      [SEND_TASK]: (payload) => house.mail.deliver(payload),
      [PASSWORD_LINK_TASK]: (payload) => sendPasswordLink(house, payload),
      hourly: async (_payload, signal) => {
        const anHourAgo = after(clock.now(), -HOUR);
        await authorizationServer.purge(signal);
        await purgeTransactions(database, anHourAgo);
        await purgeSessions(database, anHourAgo);
        await purgePasswordAttempts(database, {
          ofNobody: after(clock.now(), -DAY),
          ofUser: after(clock.now(), -GUESS_DAYS * DAY),
        });
        await purgeTokens(database, anHourAgo);
      },
      daily: async (_payload, signal) => {
        await maintainPartitions(database, clock.now());
        await jobs.purge();
        await house.users.keepAttributeIndexes();
        await house.imports.purge();
        await house.deliveries.purge();
        await purgeTraces(database, after(clock.now(), -TRACE_DAYS * DAY));
        await purgeMessages(database, after(clock.now(), -MESSAGE_DAYS * DAY));
        await forgetUnusedCosts(database);
        await authorizationServer.rotateSigningKeys();
        await house.identityProviders.daily(signal);
      },
    },
    schedules: [
      { task: 'stalled-jobs', match: '* * * * *' },
      { task: 'hourly', match: '7 * * * *' },
      { task: 'daily', match: '23 2 * * *', backfillMs: DAY },
    ],
  });
}
