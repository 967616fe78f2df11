/** One step of a check: what would happen to the next rows, written beside them. Nothing else changes. */
import type { Executor } from '../../database/index.ts';
import type { ImportPorts } from '../ports.ts';
import type { Import, RowProblem } from '../schema.ts';
import { type Deciding, decideRows, type RowDecision } from './decide.ts';
import { claimKeys, type Detail, type Key, saveOutcomes } from './store.ts';

export const DUPLICATE = 'duplicate_in_file';

export async function checkRows(tx: Executor, ports: ImportPorts, input: Deciding): Promise<RowDecision[]> {
  const { stored } = input;
  const decisions = await decideRows(tx, ports, input);
  for (const { number, attribute, line } of await claimKeys(tx, stored, decisions.flatMap(keysOf))) {
    const decision = decisions.find((candidate) => candidate.number === number)!;
    decision.outcome = 'error';
    decision.problems = [...decision.problems, duplicate(attribute, line)];
  }
  await keepDecisions(tx, stored, decisions);
  return decisions;
}

export async function keepDecisions(tx: Executor, stored: Import, decisions: readonly RowDecision[]): Promise<void> {
  const rows = decisions.map((decision) => ({
    number: decision.number,
    outcome: decision.outcome,
    detail: detailOf(decision),
    userId: decision.person.before?.id ?? null,
  }));
  await saveOutcomes(tx, stored, rows);
}

export function detailOf({ problems, changes }: Pick<RowDecision, 'problems' | 'changes'>): Detail | null {
  if (problems.length > 0) return { problems };
  return changes.length > 0 ? { changes } : null;
}

function keysOf({ number, person }: RowDecision): Key[] {
  const login = person.before?.loginKey ?? person.after.loginKey;
  const unique = person.values.added.filter(({ isUnique }) => isUnique);
  return [
    ...(login === '' ? [] : [{ number, attribute: 'login', valueKey: login }]),
    ...unique.map(({ attribute, valueKey }) => ({ number, attribute, valueKey })),
  ];
}

const duplicate = (attribute: string, line: number): RowProblem => ({
  attribute,
  code: DUPLICATE,
  message: `${attribute}: line ${line} of the file has the same value. Leave one of the two rows out.`,
});
