import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { connectionOptions } from '../pool.ts';

/** Any constant does: it only has to be the same in every hub. */
const PRESENCE_LOCK = 7_166_250_482;
const LONGEST_PAUSE_MS = 5_000;

export interface Attendance {
  /** Gives up the presence; true when nobody else was present, which then stays so until the connection ends. */
  leave(): Promise<boolean>;
}

/**
 * Makes this hub's presence known to the server by a shared lock of a connection of its own. When that connection is lost, the server is
 * brought up again (`ensure`) and the presence renewed.
 */
export async function attend(ensure: () => Promise<string>, onLoss: (reason: string) => void): Promise<Attendance> {
  let leaving = false;
  let renewing: Promise<void> | undefined;
  let client = await present(await ensure());
  watch(client);

  function watch(current: pg.Client): void {
    current.once('end', () => {
      if (!leaving) renewing = renew();
    });
  }
  async function renew(): Promise<void> {
    onLoss('connection ended');
    for (let wait = 100; !leaving; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
      try {
        client = await present(await ensure());
        watch(client);
        return;
      } catch (error) {
        onLoss((error as Error).message);
        await pause(wait, undefined, { ref: false });
      }
    }
  }
  return {
    async leave() {
      leaving = true;
      await renewing;
      const alone = await leaveAndLock(client).catch(() => false);
      // When alone, the lock stays until the server's end closes the connection: a hub that starts now waits for the next server.
      if (!alone) await client.end().catch(() => {});
      return alone;
    },
  };
}

async function leaveAndLock(client: pg.Client): Promise<boolean> {
  await client.query('SELECT pg_advisory_unlock_shared($1)', [PRESENCE_LOCK]);
  const { rows } = await client.query<{ alone: boolean }>('SELECT pg_try_advisory_lock($1) AS alone', [PRESENCE_LOCK]);
  return rows[0]?.alone === true;
}

async function present(url: string): Promise<pg.Client> {
  const client = new pg.Client({ ...connectionOptions(url), application_name: 'gatehouse presence' });
  client.on('error', () => {});
  await client.connect();
  await client.query('SELECT pg_advisory_lock_shared($1)', [PRESENCE_LOCK]);
  return client;
}
