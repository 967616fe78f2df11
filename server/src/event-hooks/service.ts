/** Rules of event hooks: what may be subscribed to and called, a secret that never comes out, and a verification that the address earns. */
import { type Database, type Executor, inTransaction } from '../database/index.ts';
import { apiErrors, type Egress, requireVersion } from '../http/index.ts';
import type { Clock } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import type { SecretBox } from '../shared/secret-box.ts';
import { type Caller, doneBy, type EventInput, type EventTypeName, outboxEnd, record } from '../system-log/index.ts';
import * as deliveries from './delivery/store.ts';
import { type ReadHook, readHook } from './read-hook.ts';
import type { EventHookBody } from './schema.ts';
import type { EventHook } from './store.ts';
import * as store from './store.ts';
import { challenge, placeOf } from './verify.ts';

export interface EventHooks {
  list(orgId: string): Promise<EventHook[]>;
  /** Throws E0000007. */
  get(orgId: string, id: string): Promise<EventHook>;
  /** Throws E0000001. */
  create(caller: Caller, body: EventHookBody): Promise<EventHook>;
  /** Throws E0000001, E0000007, and 412 when it is not at `expectedVersion` any more. */
  replace(caller: Caller, id: string, body: EventHookBody, expectedVersion: number | null): Promise<EventHook>;
  /** Nothing happens where it has the status already. */
  setStatus(
    caller: Caller,
    id: string,
    status: EventHook['status'],
    expectedVersion: number | null,
  ): Promise<EventHook>;
  /** Calls the address once. Throws E0000001 with the cause where it does not answer as it must. */
  verify(caller: Caller, id: string, expectedVersion: number | null): Promise<EventHook>;
  /** Throws E0000001 while it is active. */
  remove(caller: Caller, id: string, expectedVersion: number | null): Promise<void>;
}

export interface EventHooksDeps {
  database: Database;
  clock: Clock;
  secretBox: SecretBox;
  egress: Pick<Egress, 'request' | 'admits'>;
}

const MOST_HOOKS = 100;
const MOST_DELIVERING = 25;

export function createEventHooks(deps: EventHooksDeps): EventHooks {
  const { database, clock, secretBox, egress } = deps;
  const update = (caller: Caller, which: Which, work: (tx: Executor, before: EventHook) => Promise<Change>) =>
    inTransaction(database, (tx) => changeHook(deps, tx, caller, which, work));
  const checked = (body: EventHookBody): ReadHook => {
    const read = readHook(body, (uri) => addressProblem(egress, uri));
    if ('problems' in read) throw apiErrors.validation(read.problems[0]!.split(':')[0]!, ...read.problems);
    return read;
  };

  return {
    list: (orgId) => store.list(database, orgId),
    get: async (orgId, id) => existing(await store.find(database, orgId, id), id),
    create: (caller, body) =>
      inTransaction(database, async (tx) => {
        const { authSecret, ...made } = checked(body);
        if ((await store.countThem(tx, caller.orgId)).all >= MOST_HOOKS)
          throw apiErrors.validation(
            'eventHook',
            `eventHook: an org has at most ${MOST_HOOKS} event hooks; delete one`,
          );
        const at = clock.now();
        const id = newId('eventHook', at);
        const hook: EventHook = {
          id,
          ...made,
          status: 'ACTIVE',
          verificationStatus: 'UNVERIFIED',
          authValue: authSecret === null ? null : secretBox.seal(authSecret, placeOf(id)),
          created: at,
          createdBy: caller.actor.id,
          lastUpdated: at,
          version: 1,
        };
        await store.save(tx, caller.orgId, hook);
        await record(tx, eventOf(caller, 'event_hook.created', hook, at));
        return hook;
      }),
    replace: (caller, id, body, expectedVersion) =>
      update(caller, { id, expectedVersion }, async (_tx, before) => {
        const { authSecret, ...made } = checked(body);
        const authValue = authSecret === null ? keptSecret(before, made) : secretBox.seal(authSecret, placeOf(id));
        const verificationStatus = made.uri === before.uri ? before.verificationStatus : 'UNVERIFIED';
        return { type: 'event_hook.updated', after: { ...before, ...made, authValue, verificationStatus } };
      }),
    setStatus: (caller, id, status, expectedVersion) =>
      update(caller, { id, expectedVersion }, async (tx, before) => {
        if (before.status === status) return null;
        const after = { ...before, status };
        await refuseTooMany(tx, caller.orgId, after);
        return { type: status === 'ACTIVE' ? 'event_hook.activated' : 'event_hook.deactivated', after };
      }),
    async verify(caller, id, expectedVersion) {
      const asked = existing(await store.find(database, caller.orgId, id), id);
      requireVersion(expectedVersion, asked);
      const secret = asked.authValue === null ? null : secretBox.open(asked.authValue, placeOf(id));
      // Outside any transaction: an address that hangs holds nothing up.
      const answer = await challenge(egress, asked, secret);
      if (!answer.ok) {
        const outcome = { result: 'FAILURE' as const, reason: answer.error };
        await record(database, { ...eventOf(caller, 'event_hook.verified', asked, clock.now()), outcome });
        throw apiErrors.validation('eventHook', `channel.config.uri: ${answer.error}`);
      }
      return update(caller, { id, expectedVersion }, async (tx, before) => {
        if (before.uri !== asked.uri)
          throw apiErrors.validation(
            'eventHook',
            'channel.config.uri: it was changed while it was verified; verify again',
          );
        const after: EventHook = { ...before, verificationStatus: 'VERIFIED' };
        if (before.verificationStatus !== 'VERIFIED') await refuseTooMany(tx, caller.orgId, after);
        return { type: 'event_hook.verified', after };
      });
    },
    remove: (caller, id, expectedVersion) =>
      inTransaction(database, async (tx) => {
        const hook = existing(await store.find(tx, caller.orgId, id, true), id);
        requireVersion(expectedVersion, hook);
        if (hook.status === 'ACTIVE')
          throw apiErrors.validation('eventHook', 'status: the event hook is ACTIVE; deactivate it before deleting it');
        await store.remove(tx, caller.orgId, id);
        await deliveries.forget(tx, caller.orgId, id);
        await record(tx, eventOf(caller, 'event_hook.deleted', hook, clock.now()));
      }),
  };
}

type Which = { id: string; expectedVersion: number | null };

/** Null: nothing changes, and no event is written. */
type Change = { type: EventTypeName; after: EventHook } | null;

async function changeHook(
  { clock }: EventHooksDeps,
  tx: Executor,
  caller: Caller,
  { id, expectedVersion }: Which,
  work: (tx: Executor, before: EventHook) => Promise<Change>,
): Promise<EventHook> {
  const before = existing(await store.find(tx, caller.orgId, id, true), id);
  requireVersion(expectedVersion, before);
  const at = clock.now();
  const change = await work(tx, before);
  if (change === null) return before;
  const hook = { ...change.after, lastUpdated: at, version: before.version + 1 };
  await store.save(tx, caller.orgId, hook);
  await follow(tx, caller.orgId, hook, at);
  await record(tx, eventOf(caller, change.type, hook, at));
  return hook;
}

/** From when on events are kept for a hook: from its verification, or from being switched on again; not while it is switched off. */
async function follow(tx: Executor, orgId: string, hook: EventHook, at: Date): Promise<void> {
  if (hook.status === 'INACTIVE') await deliveries.end(tx, orgId, hook.id);
  else if (hook.verificationStatus === 'VERIFIED')
    await deliveries.beginAt(tx, orgId, hook.id, await outboxEnd(tx, at));
}

function eventOf(caller: Caller, type: EventTypeName, hook: EventHook, at: Date): EventInput {
  const targets = [{ id: hook.id, type: 'EventHook', alternateId: hook.uri, displayName: hook.name }];
  return doneBy(caller, { type, at, targets });
}

/** https, unless the operator opened that very peer (rulings 5); a URL keeps no secret of its own. */
function addressProblem(egress: Pick<Egress, 'admits'>, uri: string): string | null {
  const admitted = egress.admits(uri);
  if (!admitted.ok) return admitted.error.message;
  return new URL(uri).hash === '' ? null : 'An address with "#" cannot be called: remove what follows it.';
}

/** A PUT without a value keeps the secret, but never takes it to another server than the one it was entered for. */
function keptSecret(before: EventHook, { authKey, uri }: Pick<EventHook, 'authKey' | 'uri'>): string | null {
  if (authKey === null || before.authValue === null) return null;
  if (new URL(uri).origin !== new URL(before.uri).origin)
    throw apiErrors.validation(
      'channel.config.authScheme.value',
      'channel.config.authScheme.value: the address is on another server; enter the secret again',
    );
  return before.authValue;
}

async function refuseTooMany(tx: Executor, orgId: string, hook: EventHook): Promise<void> {
  if (hook.status !== 'ACTIVE' || hook.verificationStatus !== 'VERIFIED') return;
  if ((await store.countThem(tx, orgId)).delivering >= MOST_DELIVERING)
    throw apiErrors.validation(
      'eventHook',
      `eventHook: at most ${MOST_DELIVERING} hooks can be active and verified; deactivate one first`,
    );
}

function existing(hook: EventHook | null, id: string): EventHook {
  if (hook === null) throw apiErrors.notFound(id, 'EventHook');
  return hook;
}
