/** Writing what was decided about many users, in a few statements, with one event for each thing that happened to one of them. */
import type { Executor } from '../../../database/index.ts';
import { newId } from '../../../shared/ids.ts';
import { type Caller, type EventInput, record } from '../../../system-log/index.ts';
import type { User } from '../schema.ts';
import type { Origin } from '../sources/store.ts';
import type { OwnedValueRow } from '../store.ts';
import { userEvent } from '../write.ts';
import { type BulkDecision, type BulkProblem, takenProblem } from './decide.ts';
import { addValues, insertUsers, removeValues, takeBack, updateProfiles, writeHubSources } from './store.ts';

export interface BulkWritten {
  at: number;
  user: User;
}

export interface BulkResult {
  /** Who is there now, created or changed. */
  written: BulkWritten[];
  /** Rows that lost a login or a unique value to somebody else since the decision: nothing of them was written. */
  lost: { at: number; problems: BulkProblem[] }[];
  /** Keeps where the values of changed people come from, and the events; to be called before the transaction ends. */
  tell(tx: Executor): Promise<void>;
}

interface Input {
  caller: Caller;
  decisions: readonly BulkDecision[];
  /** Where the values come from. */
  origin: Origin;
  /** False: new people are STAGED. Without a password nobody is ACTIVE. */
  activate: boolean;
  at: Date;
}

interface Pending {
  decision: BulkDecision;
  user: User;
}

/** Applies the decisions `create` and `update`, made with `lock` in the same transaction; the others are passed over. The rest is `tell`. */
export async function write(tx: Executor, input: Input): Promise<BulkResult> {
  const { caller, decisions, at } = input;
  const { orgId } = caller;
  const lost = new Map<number, BulkProblem[]>();
  const created = decisions
    .filter(({ outcome }) => outcome === 'create')
    .map((decision) => ({ decision, user: newcomer(decision, input) }));
  const changed = decisions
    .filter(({ outcome }) => outcome === 'update')
    .map((decision) => ({ decision, user: changedUser(decision, at) }));
  const inserted = await insertNewcomers(tx, input, created);
  for (const { decision, user } of created) if (!inserted.has(user.id)) lost.set(decision.at, [takenProblem('login')]);
  await claimValues(tx, { orgId, created, changed, lost });
  const stay = ({ decision }: Pending) => !lost.has(decision.at);
  const [newcomers, others] = [created.filter(stay), changed.filter(stay)];
  await updateProfiles(
    tx,
    orgId,
    others.map(({ user }) => user),
  );
  await removeValues(
    tx,
    orgId,
    others.flatMap(({ decision, user }) => owned(decision.values.gone, user.id)),
  );
  return {
    written: [...newcomers, ...others].map(({ decision, user }) => ({ at: decision.at, user })),
    lost: [...lost].map(([row, problems]) => ({ at: row, problems })),
    tell: (turn) => tell(turn, input, newcomers, others),
  };
}

async function insertNewcomers(tx: Executor, { caller, origin }: Input, created: readonly Pending[]) {
  const inserted = new Set<string>();
  const users = created.map(({ user }) => user);
  for (const of of Map.groupBy(users, ({ typeId }) => typeId).values())
    for (const id of await insertUsers(tx, caller.orgId, { ...of[0]!, origin }, of)) inserted.add(id);
  return inserted;
}

async function tell(
  tx: Executor,
  { caller, at }: Input,
  newcomers: readonly Pending[],
  others: readonly Pending[],
): Promise<void> {
  const sources = others.map(({ decision, user }) => ({ userId: user.id, ...decision.said! }));
  await writeHubSources(tx, caller.orgId, sources, at);
  await record(
    tx,
    ...newcomers.flatMap(({ user }) => creationEvents(caller, user, at)),
    ...others.map(({ user, decision }) => ({
      ...userEvent('user.account.update_profile', caller, user, at),
      debugData: { changedAttributes: decision.changed.join(',') },
    })),
  );
}

function newcomer(decision: BulkDecision, { caller, activate, at }: Input): User {
  const since = activate ? at : null;
  return {
    ...decision.after,
    ...{ id: newId('user', at), orgId: caller.orgId, typeId: decision.schema.ownerId, emailVerified: false },
    ...{ status: activate ? 'PROVISIONED' : 'STAGED', provider: { type: 'OKTA', name: 'OKTA' }, hasPassword: false },
    ...{ created: at, createdBy: caller.actor.id, activated: since, statusChanged: since, lastLogin: null },
    ...{ lastUpdated: at, passwordChanged: null, recoveryQuestion: null, version: 1 },
  };
}

function changedUser({ before, after }: BulkDecision, at: Date): User {
  const user = before!;
  const emailVerified = user.emailVerified && user.emailKey === after.emailKey;
  return { ...user, ...after, emailVerified, lastUpdated: at, version: user.version + 1 };
}

/** The database decides about unique values; whoever loses one is taken back entirely. */
async function claimValues(
  tx: Executor,
  input: {
    orgId: string;
    created: readonly Pending[];
    changed: readonly Pending[];
    lost: Map<number, BulkProblem[]>;
  },
): Promise<void> {
  const { orgId, created, changed, lost } = input;
  const pending = [...created, ...changed].filter(({ decision }) => !lost.has(decision.at));
  const lostRows: OwnedValueRow[] = [];
  for (const [schema, of] of Map.groupBy(pending, ({ decision }) => decision.schema)) {
    const rows = of.flatMap(({ decision, user }) => owned(decision.values.added, user.id));
    lostRows.push(...(await addValues(tx, orgId, schema.id, rows)));
  }
  const taken = Map.groupBy(lostRows, ({ userId }) => userId);
  if (taken.size === 0) return;
  for (const { decision, user } of pending) {
    const attributes = new Set(taken.get(user.id)?.map(({ attribute }) => attribute));
    if (attributes.size > 0) lost.set(decision.at, [...attributes].map(takenProblem));
  }
  const losers = (all: readonly Pending[]) => all.filter(({ user }) => taken.has(user.id));
  await takeBack(
    tx,
    orgId,
    losers(created).map(({ user }) => user.id),
  );
  await removeValues(
    tx,
    orgId,
    losers(changed).flatMap(({ decision, user }) => owned(decision.values.added, user.id)),
  );
}

const owned = (rows: BulkDecision['values']['added'], userId: string): OwnedValueRow[] =>
  rows.map((row) => ({ ...row, userId }));

function creationEvents(caller: Caller, user: User, at: Date): EventInput[] {
  const events = [userEvent('user.lifecycle.create', caller, user, at)];
  if (user.activated !== null) events.push(userEvent('user.lifecycle.activate', caller, user, at));
  return events;
}
