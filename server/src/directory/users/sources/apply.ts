/** Writes what a source makes of profiles outside a sign-in: keys, value rows, the sources' rows and the events, or nothing at all. */
import type { Executor } from '../../../database/index.ts';
import type { Json } from '../../../shared/json.ts';
import { type Caller, record } from '../../../system-log/index.ts';
import type { CompiledSchema, Schemas } from '../../profile-schemas/index.ts';
import { canonicalEmail, canonicalLogin } from '../canonical.ts';
import type { User } from '../schema.ts';
import { deleteValueRows, holdUsers, insertValueRows, updateProfiles } from '../store.ts';
import { userEvent } from '../write.ts';
import { type Origin, type SourceRow, sourcesOfUsers, writeSources } from './store.ts';

/** A change of one user; all changes that are written together are of one schema. */
export interface Applied {
  /** As it was locked. */
  user: User;
  schema: CompiledSchema;
  /** Valid by the schema. */
  profile: Record<string, Json>;
  changed: readonly string[];
  source: { id: string; values: Record<string, Json>; origins: Record<string, Origin> };
  jobId: string;
  at: Date;
}

export type ApplyOutcome = 'done' | 'login-taken' | 'value-taken';

/** Users with what their sources say, locked in the order of ids. */
export async function lockPeople(
  tx: Executor,
  orgId: string,
  ids: readonly string[],
): Promise<{ user: User; sources: SourceRow[] }[]> {
  const users = await holdUsers(tx, orgId, ids);
  const rows = await sourcesOfUsers(tx, orgId, ids);
  return users.map((user) => ({ user, sources: rows.get(user.id) ?? [] }));
}

/**
 * All of them or none: a value that somebody else has undoes the changes, not the transaction. The outcome of several that could not be
 * written says nothing of who was in the way: write them one by one then.
 */
export async function applyProfiles(
  tx: Executor,
  schemas: Pick<Schemas, 'valueRows'>,
  caller: Caller,
  changes: readonly Applied[],
): Promise<ApplyOutcome> {
  if (changes.length === 0) return 'done';
  await tx.query({ text: 'savepoint profiles', values: [] });
  const outcome = await write(tx, schemas, caller, changes);
  const end = outcome === 'done' ? 'release savepoint profiles' : 'rollback to savepoint profiles';
  await tx.query({ text: end, values: [] });
  return outcome;
}

async function write(
  tx: Executor,
  schemas: Pick<Schemas, 'valueRows'>,
  caller: Caller,
  changes: readonly Applied[],
): Promise<ApplyOutcome> {
  await writeSources(
    tx,
    caller.orgId,
    changes.map(({ user, source, at }) => ({ userId: user.id, sourceId: source.id, ...source, at })),
  );
  const changed = changes.filter((change) => change.changed.length > 0);
  if (changed.length === 0) return 'done';
  const users = changed.map(({ user, profile, at }) => ({
    ...user,
    ...keysOf(user, profile),
    profile,
    lastUpdated: at,
  }));
  if (!(await updateProfiles(tx, caller.orgId, users))) return 'login-taken';
  if (!(await keepValuesOf(tx, schemas, caller.orgId, changed))) return 'value-taken';
  await record(
    tx,
    ...changed.map(({ source, changed: names, jobId, at }, index) => ({
      ...userEvent('user.account.update_profile', caller, users[index]!, at),
      debugData: { changedAttributes: names.join(','), source: source.id, job: jobId },
    })),
  );
  return 'done';
}

/** Only where a changed attribute is unique or sensitive is there anything beside the profiles. */
async function keepValuesOf(
  tx: Executor,
  schemas: Pick<Schemas, 'valueRows'>,
  orgId: string,
  changes: readonly Applied[],
): Promise<boolean> {
  const indexed = changes.filter(({ schema, changed }) =>
    changed.some((name) => {
      const attribute = schema.attributes.get(name);
      return attribute !== undefined && (attribute.unique || attribute.sensitive);
    }),
  );
  const [first] = indexed;
  if (first === undefined) return true;
  for (const { user } of indexed) await deleteValueRows(tx, orgId, { userId: user.id });
  const rows = indexed.flatMap(({ user, schema, profile }) =>
    schemas.valueRows(schema, profile).map((row) => ({ ...row, userId: user.id })),
  );
  return (await insertValueRows(tx, orgId, first.schema.id, rows)).length === 0;
}

/** An address that changes is no longer a proven one. */
function keysOf(user: User, profile: Record<string, Json>) {
  const login = canonicalLogin(String(profile.login));
  const email = typeof profile.email === 'string' ? canonicalEmail(profile.email) : null;
  const emailKey = email?.ok ? email.value : null;
  return {
    loginKey: login.ok ? login.value : user.loginKey,
    emailKey,
    emailVerified: user.emailVerified && emailKey === user.emailKey,
  };
}
