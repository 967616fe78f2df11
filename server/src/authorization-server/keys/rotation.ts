/**
 * When keys come and go (security.md §4.1): the next key is published before it signs, the old one stays until nothing that it signed
 * is valid any more.
 */
import { type Database, type Executor, inTransaction } from '../../database/index.ts';
import type { Configuration } from '../../orgs/index.ts';
import { after, type Clock, DAY, HOUR } from '../../shared/clock.ts';
import type { SecretBox } from '../../shared/secret-box.ts';
import { type LogActor, record } from '../../system-log/index.ts';
import { createKey } from './create.ts';
import { deleteRetiredKeys, insertKey, listKeysForChange, orgIds, type StoredKey, setKeyTimes } from './store.ts';

const ROTATE_AFTER = 90 * DAY;
const PUBLISH_AHEAD = 14 * DAY;
/** How long others may keep the published key set: the shortest notice of a new key. */
const SHORTEST_NOTICE = HOUR;
const KEEP_AFTER = DAY;
const TOKEN_ALGORITHMS = ['RS256', 'ES256'] as const;

export interface RotationDeps {
  database: Database;
  configuration: Configuration;
  secretBox: SecretBox;
  clock: Clock;
  /** Milliseconds of the longest-lived signed token. */
  longestToken: number;
}

/** The org's first keys: two that sign tokens, one that proves the hub to identity providers. Does nothing where they exist. */
export async function ensureKeys(deps: RotationDeps, tx: Executor, orgId: string): Promise<void> {
  const existing = await listKeysForChange(tx, orgId);
  const now = deps.clock.now();
  const wanted = [
    ...TOKEN_ALGORITHMS.map((alg) => ({ purpose: 'token', alg }) as const),
    { purpose: 'client', alg: 'RS256' } as const,
  ];
  const missing = wanted.filter(
    (wish) => !existing.some((key) => key.purpose === wish.purpose && key.alg === wish.alg),
  );
  for (const wish of missing) {
    await insertKey(tx, orgId, await createKey(deps.secretBox, { ...wish, created: now, activeFrom: now }));
  }
  if (missing.length > 0) await deps.configuration.changed(tx, orgId);
}

/**
 * Publishes a successor for each signing key; it signs as soon as everybody can know it (an hour later). A successor that is published
 * already is brought forward instead. Records `gatehouse.signing_key.rotate`.
 */
export async function rotateNow(deps: RotationDeps, orgId: string, actor?: LogActor): Promise<StoredKey[]> {
  return inTransaction(deps.database, async (tx) => {
    const keys = await listKeysForChange(tx, orgId);
    for (const alg of TOKEN_ALGORITHMS) {
      const { current, next } = statesOf(keys, alg, deps.clock.now());
      await succeed(deps, tx, orgId, { alg, current, next, activeFrom: earliest(next, deps.clock.now()), actor });
    }
    await deps.configuration.changed(tx, orgId);
    return listKeysForChange(tx, orgId);
  });
}

/** The daily job: publishes successors of keys that will be 90 days old in 14 days, removes keys whose time is over; returns how many it published. */
export async function rotateDue(deps: RotationDeps): Promise<number> {
  let published = 0;
  for (const orgId of await orgIds(deps.database)) {
    published += await inTransaction(deps.database, async (tx) => {
      const now = deps.clock.now();
      const keys = await listKeysForChange(tx, orgId);
      let successors = 0;
      const removed = await deleteRetiredKeys(tx, orgId, now);
      for (const alg of TOKEN_ALGORITHMS) {
        const { current, next } = statesOf(keys, alg, now);
        if (current === undefined || next !== undefined) continue;
        const due = after(current.activeFrom, ROTATE_AFTER);
        if (due.getTime() - PUBLISH_AHEAD > now.getTime()) continue;
        const activeFrom = new Date(Math.max(due.getTime(), now.getTime() + PUBLISH_AHEAD));
        await succeed(deps, tx, orgId, { alg, current, next, activeFrom });
        successors++;
      }
      if (removed + successors > 0) await deps.configuration.changed(tx, orgId);
      return successors;
    });
  }
  return published;
}

function statesOf(
  keys: StoredKey[],
  alg: string,
  now: Date,
): { current: StoredKey | undefined; next: StoredKey | undefined } {
  const fitting = keys.filter((key) => key.purpose === 'token' && key.alg === alg);
  return {
    current: fitting.filter((key) => key.activeFrom <= now).at(-1),
    next: fitting.find((key) => key.activeFrom > now),
  };
}

const earliest = (next: StoredKey | undefined, now: Date): Date =>
  next === undefined
    ? after(now, SHORTEST_NOTICE)
    : new Date(Math.min(next.activeFrom.getTime(), Math.max(next.created.getTime() + SHORTEST_NOTICE, now.getTime())));

interface Succession {
  alg: StoredKey['alg'];
  current: StoredKey | undefined;
  next: StoredKey | undefined;
  activeFrom: Date;
  actor?: LogActor | undefined;
}

async function succeed(
  deps: RotationDeps,
  tx: Executor,
  orgId: string,
  { alg, current, next, activeFrom, actor }: Succession,
): Promise<void> {
  const now = deps.clock.now();
  const key = next ?? (await createKey(deps.secretBox, { purpose: 'token', alg, created: now, activeFrom }));
  if (next === undefined) await insertKey(tx, orgId, key);
  else await setKeyTimes(tx, orgId, key.kid, { activeFrom, retireAfter: null });
  if (current !== undefined) {
    const retireAfter = after(activeFrom, deps.longestToken + KEEP_AFTER);
    await setKeyTimes(tx, orgId, current.kid, { activeFrom: current.activeFrom, retireAfter });
  }
  await record(tx, {
    orgId,
    type: 'gatehouse.signing_key.rotate',
    at: now,
    ...(actor === undefined ? {} : { actor }),
    targets: [{ id: key.kid, type: 'SigningKey', alternateId: alg, displayName: `${alg} signing key` }],
    debugData: { alg, signsFrom: activeFrom.toISOString(), replaces: current?.kid ?? null },
  });
}
