/** What would happen to each row of a batch: the directory's decision about the person, and the groups that the row names. */
import type { Executor } from '../../database/index.ts';
import type { Group } from '../../directory/groups/index.ts';
import type { CompiledSchema } from '../../directory/profile-schemas/index.ts';
import type { BulkDecision, BulkOptions, BulkOutcome } from '../../directory/users/index.ts';
import type { ImportPorts } from '../ports.ts';
import { type Change, GROUPS, type Import, type RowProblem } from '../schema.ts';
import { type ReadRow, readRow } from './read.ts';
import type { StoredRow } from './store.ts';

export interface RowDecision {
  number: number;
  outcome: BulkOutcome;
  problems: RowProblem[];
  /** What changes of somebody who is there; empty for somebody new. */
  changes: Change[];
  person: BulkDecision;
  /** Groups that the person joins: existing ones, and names of those to be made. */
  joins: { groups: Group[]; names: string[] };
}

export interface Deciding {
  stored: Import;
  schema: CompiledSchema;
  rows: readonly StoredRow[];
  how: Pick<BulkOptions, 'administrators' | 'lock' | 'origin'>;
}

const MASK = '•••';

export async function decideRows(db: Executor, ports: ImportPorts, deciding: Deciding): Promise<RowDecision[]> {
  const { stored, schema, rows, how } = deciding;
  const { columns, options, orgId } = stored;
  const read = rows.map((row) =>
    readRow(row.cells, {
      columns,
      schema,
      options,
      coerce: (attribute, value) => ports.schemas.coerce(attribute, value),
    }),
  );
  const people = await ports.users.decide(db, {
    orgId,
    rows: rows.map(({ number }, at) => ({ at: number, values: read[at]!.values })),
    options: { ...how, existing: options.existing },
  });
  const named = [...new Set(read.flatMap(({ groups }) => groups))];
  const groups = await ports.groups.byNames(db, orgId, named);
  const members = await membershipsOf(db, ports, orgId, named.length === 0 ? [] : people);
  const impossible = await impossibleGroups(
    ports,
    stored,
    named.filter((name) => !groups.has(name)),
  );
  return people.map((person, at) => combine({ read: read[at]!, person, groups, impossible, members, schema }));
}

/** Names of no group with the problem of each: all of them, or those that cannot be made. */
async function impossibleGroups(ports: ImportPorts, { orgId, options }: Import, names: readonly string[]) {
  const problems = new Map<string, RowProblem>();
  for (const name of names) {
    if (options.unknownGroups === 'ERROR') problems.set(name, unknownGroup(name));
    else {
      const reason = await ports.groups.whyNot(orgId, name);
      if (reason !== null) problems.set(name, { attribute: GROUPS, code: 'group', message: `${GROUPS}: ${reason}` });
    }
  }
  return problems;
}

/** The ids of the groups of each person. */
async function membershipsOf(db: Executor, ports: ImportPorts, orgId: string, people: readonly BulkDecision[]) {
  const ids = people.flatMap(({ before }) => (before === null ? [] : [before.id]));
  const memberships = ids.length === 0 ? [] : await ports.groups.memberships(db, orgId, ids);
  const byUser = Map.groupBy(memberships, ({ userId }) => userId);
  return new Map([...byUser].map(([userId, of]) => [userId, new Set(of.map(({ groupId }) => groupId))]));
}

interface Combining {
  read: ReadRow;
  person: BulkDecision;
  groups: ReadonlyMap<string, Group>;
  impossible: ReadonlyMap<string, RowProblem>;
  members: ReadonlyMap<string, ReadonlySet<string>>;
  schema: CompiledSchema;
}

function combine({ read, person, groups, impossible, members, schema }: Combining): RowDecision {
  const skipped = person.outcome === 'skipped';
  const found = skipped ? [] : read.groups;
  const missing = found.filter((name) => !groups.has(name));
  const of = members.get(person.before?.id ?? '');
  const joined = found
    .flatMap((name) => groups.get(name) ?? [])
    .filter((group, at, all) => all.indexOf(group) === at && group.type !== 'BUILT_IN' && of?.has(group.id) !== true);
  const problems = [...problemsOf(read, person), ...missing.flatMap((name) => impossible.get(name) ?? [])];
  const joins = { groups: joined, names: missing };
  const joining = joins.groups.length + joins.names.length > 0;
  if (joining && person.outcome === 'unchanged') problems.push(...person.barred);
  const decided = { number: person.at, person, joins };
  if (problems.length > 0) return { ...decided, outcome: 'error', problems, changes: [] };
  const outcome = person.outcome === 'unchanged' && joining ? 'update' : person.outcome;
  return { ...decided, outcome, problems, changes: outcome === 'update' ? changesOf(person, joins, schema) : [] };
}

/** A cell that could not be read is told of once; a row of another shape has no person to speak of. */
function problemsOf(read: ReadRow, person: BulkDecision): RowProblem[] {
  if (read.problems.some(({ code }) => code === 'columns')) return read.problems;
  const told = new Set(read.problems.map(({ attribute }) => attribute));
  return [...read.problems, ...person.problems.filter(({ attribute }) => attribute === null || !told.has(attribute))];
}

function changesOf({ before, after, changed }: BulkDecision, joins: RowDecision['joins'], schema: CompiledSchema) {
  const changes: Change[] = changed.map((attribute) => {
    const [from, to] = [before!.profile[attribute] ?? null, after.profile[attribute] ?? null];
    return schema.attributes.get(attribute)?.sensitive
      ? { attribute, from: masked(from), to: masked(to) }
      : { attribute, from, to };
  });
  const names = [...joins.groups.map(({ profile }) => profile.name), ...joins.names];
  if (names.length > 0) changes.push({ attribute: GROUPS, from: null, to: names });
  return changes;
}

export const masked = (value: unknown) => (value === null ? null : MASK);

const unknownGroup = (name: string): RowProblem => ({
  attribute: GROUPS,
  code: 'unknown_group',
  message: `${GROUPS}: there is no group "${name}". Create it first, or let the import create unknown groups.`,
});
