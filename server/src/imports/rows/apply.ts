/** One step of an import: the next rows are decided about anew, as the directory is now, and written together with their events. */
import { type Executor, sideBySide } from '../../database/index.ts';
import type { Group, Joining, Member } from '../../directory/groups/index.ts';
import type { User } from '../../directory/users/index.ts';
import type { Caller } from '../../system-log/index.ts';
import type { ImportPorts } from '../ports.ts';
import { DUPLICATE, detailOf, refuseRepeated } from './check.ts';
import { type Deciding, decideRows, type RowDecision } from './decide.ts';
import { type StoredRow, saveOutcomes } from './store.ts';

export interface Applied {
  row: StoredRow;
  decision: Pick<RowDecision, 'number' | 'outcome' | 'problems' | 'changes'>;
}

interface Applying extends Deciding {
  caller: Caller;
  at: Date;
}

export async function applyRows(tx: Executor, ports: ImportPorts, input: Applying): Promise<Applied[]> {
  const { caller, stored, at } = input;
  const repeated = input.rows.filter(isRepeated);
  const rows = input.rows.filter((row) => !isRepeated(row));
  const decisions = await decideRows(tx, ports, { ...input, rows });
  // What was an error at the check, and is none now, has not been compared with the other rows of the file yet.
  const mended = rows.filter(({ outcome }) => outcome === 'error');
  const numbers = new Set(mended.map(({ number }) => number));
  await refuseRepeated(
    tx,
    stored,
    mended,
    decisions.filter(({ number }) => numbers.has(number)),
  );
  const { written, lost, tell } = await ports.users.write(tx, {
    caller,
    decisions: decisions.filter(({ outcome }) => outcome !== 'error').map(({ person }) => person),
    origin: input.how.origin,
    activate: stored.options.activate,
    at,
  });
  const byNumber = new Map(decisions.map((decision) => [decision.number, decision]));
  for (const { at: number, problems } of lost) Object.assign(byNumber.get(number)!, { outcome: 'error', problems });
  // Only now: whoever lost a login or a value to somebody else wants no group.
  const groups = await makeGroups(tx, ports, caller, decisions, at);
  const users = new Map(written.map((entry) => [entry.at, entry.user]));
  const joinings = joiningsOf(ports, decisions, users, groups);
  const concerned = [...users.values(), ...joinings.flatMap(({ members }) => members)].map(({ id }) => id);
  // People are written and held by now. What is left is put into words while the database works.
  await sideBySide<unknown>(tx, [
    tell,
    async (turn) => {
      await ports.groups.join(turn, caller, joinings, at);
      await ports.evaluateRules(turn, caller, [...new Set(concerned)], at);
    },
    (turn) => saveOutcomes(turn, stored, outcomesOf(decisions, users)),
  ]);
  return [
    ...repeated.map((row) => ({
      row,
      decision: { number: row.number, outcome: 'error' as const, problems: row.detail?.problems ?? [], changes: [] },
    })),
    ...rows.map((row) => ({ row, decision: byNumber.get(row.number)! })),
  ];
}

const outcomesOf = (decisions: readonly RowDecision[], users: ReadonlyMap<number, User>) =>
  decisions.map((decision) => ({
    number: decision.number,
    outcome: decision.outcome,
    detail: detailOf(decision),
    userId: (users.get(decision.number) ?? decision.person.before)?.id ?? null,
  }));

/** What the check found twice in the file stays an error: the first row would be changed by the second. */
const isRepeated = ({ detail }: StoredRow) => detail?.problems?.some(({ code }) => code === DUPLICATE) === true;

async function makeGroups(
  tx: Executor,
  ports: ImportPorts,
  caller: Caller,
  decisions: readonly RowDecision[],
  at: Date,
): Promise<ReadonlyMap<string, Group>> {
  const names = decisions.filter(({ outcome }) => outcome !== 'error').flatMap(({ joins }) => joins.names);
  return names.length === 0 ? new Map() : ports.groups.create(tx, caller, [...new Set(names)], at);
}

function joiningsOf(
  { users: people }: Pick<ImportPorts, 'users'>,
  decisions: readonly RowDecision[],
  users: ReadonlyMap<number, User>,
  made: ReadonlyMap<string, Group>,
): Joining[] {
  const joinings = new Map<string, { group: Group; members: Map<string, Member> }>();
  for (const { number, outcome, person, joins } of decisions) {
    const user = users.get(number) ?? person.before;
    if (user === null || (outcome !== 'create' && outcome !== 'update')) continue;
    for (const group of [...joins.groups, ...joins.names.flatMap((name) => made.get(name) ?? [])]) {
      const joining = joinings.get(group.id) ?? { group, members: new Map() };
      joinings.set(group.id, joining);
      joining.members.set(user.id, { id: user.id, target: people.target(user) });
    }
  }
  return [...joinings.values()].map(({ group, members }) => ({ group, members: [...members.values()] }));
}
