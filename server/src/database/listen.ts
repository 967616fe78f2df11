import pg from 'pg';
import type { Database } from './executor.ts';
import { connectionOptions } from './pool.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

export interface Listening {
  stop(): Promise<void>;
}

/**
 * LISTENs to a channel on a connection of its own and opens a new one whenever it is lost. Notifications sent in between are gone:
 * `onReconnect` is called after each new connection, so that the caller looks at the tables once. Resolves when the first connection listens.
 */
export async function listen(
  database: Database,
  channel: string,
  onPayload: (payload: string) => void,
  onReconnect: () => void,
): Promise<Listening> {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let client = await connect();

  async function connect(): Promise<pg.Client> {
    const next = new pg.Client({ ...connectionOptions(database.url), application_name: `gatehouse listen ${channel}` });
    next.on('notification', (message) => onPayload(message.payload ?? ''));
    next.on('error', () => {});
    await next.connect();
    await next.query(`LISTEN ${next.escapeIdentifier(channel)}`);
    next.once('end', () => again(FIRST_PAUSE_MS));
    return next;
  }
  function again(pause: number): void {
    if (stopped) return;
    timer = setTimeout(() => {
      reconnect().catch(() => again(Math.min(pause * 2, LONGEST_PAUSE_MS)));
    }, pause);
  }
  async function reconnect(): Promise<void> {
    client = await connect();
    if (stopped) await client.end();
    else onReconnect();
  }

  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await client.end();
    },
  };
}
