/** Indexes that come and go while the hub runs, built without keeping anybody from writing. */
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Database } from './executor.ts';
import { connectionOptions } from './pool.ts';

export interface WantedIndexes {
  table: string;
  /** Every index of the table whose name begins so is looked after here. */
  prefix: string;
  /** By name: what follows `create index … on {table}`. */
  definitions: ReadonlyMap<string, string>;
}

/** Any constant does: it only has to be the same in every hub. */
const ADVISORY_LOCK = 7_166_250_482;
const RETRY_MS = 250;

/**
 * Makes what is wanted and missing, and drops what is there and no longer wanted or was left unfinished by a crash. Whoever comes while
 * another hub does it waits. Returns the names that were made and dropped.
 */
export async function keepIndexes(
  database: Database,
  { table, prefix, definitions }: WantedIndexes,
): Promise<{ made: string[]; dropped: string[] }> {
  const client = new pg.Client({ ...connectionOptions(database.url), lock_timeout: 0, statement_timeout: 0 });
  client.on('error', () => {});
  await client.connect();
  try {
    await lock(client);
    const { rows } = await client.query<{ name: string; valid: boolean }>(
      `select c.relname as name, i.indisvalid as valid from pg_index i join pg_class c on c.oid = i.indexrelid
       where i.indrelid = $1::regclass and starts_with(c.relname, $2)`,
      [table, prefix],
    );
    const dropped = rows.filter(({ name, valid }) => !valid || !definitions.has(name)).map(({ name }) => name);
    const kept = new Set(rows.map(({ name }) => name).filter((name) => !dropped.includes(name)));
    const made = [...definitions.keys()].filter((name) => !kept.has(name));
    for (const name of dropped)
      await client.query(`drop index concurrently if exists ${client.escapeIdentifier(name)}`);
    for (const name of made)
      await client.query(
        `create index concurrently ${client.escapeIdentifier(name)} on ${table} ${definitions.get(name)}`,
      );
    // The planner knows what an expression holds only after this.
    if (made.length > 0) await client.query(`analyze ${table}`);
    return { made, dropped };
  } finally {
    await client.end();
  }
}

/** By asking again and again: a statement that waits would itself be waited for by the index that is being built. */
async function lock(client: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [ADVISORY_LOCK]);
    if (rows[0]?.mine === true) return;
    await pause(RETRY_MS);
  }
}
