/**
 * What writing many profiles at once would do, row by row: create, change, nothing, or every reason against it. By the same rules as one
 * create or change (profile.ts); people are found by login.
 */
import type { Executor } from '../../../database/index.ts';
import type { Json } from '../../../shared/json.ts';
import type { CompiledSchema, Schemas, ValueRow } from '../../profile-schemas/index.ts';
import { type CheckedProfile, changedNames, type ProfileProblem, readProfile } from '../profile.ts';
import type { User } from '../schema.ts';
import { hubChange } from '../sources/hub-change.ts';
import { type Origin, type SourceRow, sourcesOfUsers } from '../sources/store.ts';
import { type Found, findByLogins, valueOwners } from './store.ts';

export interface BulkRow {
  /** The caller's own number of the row. */
  at: number;
  /** Values by attribute; null takes one away. `login` says who is meant and is never changed. */
  values: Record<string, Json>;
}

export interface BulkOptions {
  /** What happens to people who are there already. */
  existing: 'UPDATE' | 'SKIP';
  /** Whether administrators may be changed. */
  administrators: boolean;
  /** Holds the schemas and the people whom the rows mean until the transaction ends. */
  lock: boolean;
  /** Where the values come from. */
  origin: Origin;
}

export interface BulkProblem {
  /** Null where the whole row is meant. */
  attribute: string | null;
  /** A violation's rule, or `administrator`, `deactivated`, `mastered`, `taken`. */
  code: string;
  message: string;
}

export type BulkOutcome = 'create' | 'update' | 'unchanged' | 'skipped' | 'error';

export interface BulkDecision {
  at: number;
  outcome: BulkOutcome;
  problems: BulkProblem[];
  /** Why nothing may happen to this person, whatever the row says. */
  barred: BulkProblem[];
  /** As the person is now; null for somebody new. */
  before: User | null;
  /** The profile afterwards; as it would be, where there are problems. */
  after: CheckedProfile;
  /** Of the person's user type; of the default one for somebody new. */
  schema: CompiledSchema;
  /** Everything that the hub says of the person afterwards; null for somebody new: the whole profile. */
  said: { values: Record<string, Json>; origins: Record<string, Origin> } | null;
  /** Attributes that change. */
  changed: string[];
  values: { added: ValueRow[]; gone: ValueRow[] };
}

export interface DecidePorts {
  schemas: Pick<Schemas, 'userSchemas' | 'holdUserSchemas' | 'validate' | 'valueRows'>;
  /** Ids of active identity providers that are profile sources. */
  profileSources(orgId: string): Promise<ReadonlySet<string>>;
}

/** What every row of a batch is decided with. */
interface Batch {
  ports: DecidePorts;
  /** The default user type's first. */
  schemas: readonly CompiledSchema[];
  sources: ReadonlyMap<string, SourceRow[]>;
  profileSources: ReadonlySet<string>;
  options: BulkOptions;
}

/** Throws nothing for a row: whatever is wrong with one is its own problem. */
export async function decide(
  db: Executor,
  ports: DecidePorts,
  { orgId, rows, options }: { orgId: string; rows: readonly BulkRow[]; options: BulkOptions },
): Promise<BulkDecision[]> {
  const remembered = await ports.schemas.userSchemas(orgId);
  const profileSources = await ports.profileSources(orgId);
  const schemas = options.lock ? await ports.schemas.holdUserSchemas(db, orgId, remembered) : remembered;
  const read = rows.map((row) => ({ row, own: readProfile(ports.schemas, schemas[0]!, row.values) }));
  const logins = read.map(({ own }) => own.loginKey).filter((key) => key !== '');
  const people = await findByLogins(db, orgId, logins, options.lock);
  const ids = [...people.values()].map(({ user }) => user.id);
  const sources = ids.length === 0 ? new Map() : await sourcesOfUsers(db, orgId, ids);
  const batch: Batch = { ports, schemas, sources, profileSources, options };
  const decisions = read.map(({ row, own }) => {
    const found = people.get(own.loginKey);
    return found === undefined ? newcomer(batch, row, own) : known(batch, row, found);
  });
  for (const [schema, of] of Map.groupBy(decisions, (decision) => decision.schema))
    await findTaken(db, orgId, schema.id, of);
  return decisions;
}

function newcomer(
  { ports, schemas: [schema] }: Batch,
  { at }: BulkRow,
  { problems, ...after }: CheckedProfile & { problems: ProfileProblem[] },
): BulkDecision {
  const wrong = problems.map(asBulkProblem);
  return {
    at,
    outcome: wrong.length > 0 ? 'error' : 'create',
    problems: wrong,
    ...{ barred: [], before: null, after, changed: Object.keys(after.profile), schema: schema!, said: null },
    values: { added: wrong.length > 0 ? [] : ports.schemas.valueRows(schema!, after.profile), gone: [] },
  };
}

function known(batch: Batch, row: BulkRow, { user, administrator }: Found): BulkDecision {
  const { ports, schemas, options } = batch;
  const schema = schemas.find(({ ownerId }) => ownerId === user.typeId) ?? schemas[0]!;
  const { login: _login, ...sent } = row.values;
  const barred = standing(user, administrator, options);
  const untouched = {
    ...{ at: row.at, problems: [], barred, before: user, schema, changed: [], values: { added: [], gone: [] } },
    ...{ after: keptProfile(user), said: null },
  };
  if (options.existing === 'SKIP') return { ...untouched, outcome: 'skipped' };
  const { profile, said, mastered } = hubChange({
    ...{ before: user.profile, sent, replace: false, schema, sources: batch.sources.get(user.id) ?? [] },
    ...{ profileSources: batch.profileSources, since: user.created, origin: options.origin },
  });
  const { problems, ...after } = readProfile(ports.schemas, schema, profile);
  const changed = changedNames(user.profile, after.profile);
  if (changed.length + mastered.length === 0) return { ...untouched, outcome: 'unchanged' };
  const wrong = [...barred, ...mastered.map(masteredProblem), ...problems.map(asBulkProblem)];
  if (wrong.length > 0) return { ...untouched, outcome: 'error', problems: wrong, after, changed };
  const [old, next] = [user.profile, after.profile].map((values) => ports.schemas.valueRows(schema, values));
  return {
    ...{ ...untouched, outcome: 'update', after, said, changed },
    values: { added: missingFrom(old!, next!), gone: missingFrom(next!, old!) },
  };
}

const keptProfile = ({ profile, loginKey, emailKey }: User): CheckedProfile => ({ profile, loginKey, emailKey });

/** Who may not be changed at all. */
function standing(user: User, administrator: boolean, options: BulkOptions): BulkProblem[] {
  const problems: BulkProblem[] = [];
  if (administrator && !options.administrators) {
    const message = 'This user is an administrator: only a super administrator can change them.';
    problems.push({ attribute: null, code: 'administrator', message });
  }
  if (user.status === 'DEPROVISIONED') {
    const message = 'This user is deactivated: activate them first, or leave the row out.';
    problems.push({ attribute: null, code: 'deactivated', message });
  }
  return problems;
}

async function findTaken(db: Executor, orgId: string, schemaId: string, decisions: BulkDecision[]): Promise<void> {
  const wanted = decisions.flatMap(({ values }) => values.added.filter(({ isUnique }) => isUnique));
  if (wanted.length === 0) return;
  const owners = await valueOwners(db, orgId, schemaId, wanted);
  for (const decision of decisions) {
    const taken = decision.values.added.filter((value) => {
      const owner = value.isUnique ? owners.get(ownerKey(value)) : undefined;
      return owner !== undefined && owner !== decision.before?.id;
    });
    if (taken.length === 0) continue;
    decision.outcome = 'error';
    decision.problems = [...new Set(taken.map(({ attribute }) => attribute))].map(takenProblem);
  }
}

export const ownerKey = ({ attribute, valueKey }: Pick<ValueRow, 'attribute' | 'valueKey'>) =>
  `${attribute}\n${valueKey}`;

export const takenProblem = (attribute: string): BulkProblem => ({
  attribute,
  code: 'taken',
  message: `${attribute}: somebody else has this value already, and it must be unique.`,
});

const masteredProblem = (attribute: string): BulkProblem => ({
  attribute,
  code: 'mastered',
  message: `${attribute}: this attribute takes its value from another profile source.`,
});

const asBulkProblem = ({ attribute, rule, message }: ProfileProblem): BulkProblem => ({
  attribute,
  code: rule,
  message,
});

function missingFrom(from: readonly ValueRow[], rows: readonly ValueRow[]): ValueRow[] {
  const there = new Set(from.map(ownerKey));
  return rows.filter((row) => !there.has(ownerKey(row)));
}
