/** One step of a check: what would happen to the next rows, written beside them. Nothing else changes. */
import type { Executor } from '../../database/index.ts';
import type { ImportPorts } from '../ports.ts';
import type { Import, RowProblem } from '../schema.ts';
import { type Deciding, decideRows, type RowDecision } from './decide.ts';
import { claimKeys, type Detail, type Key, keyText, ownersOf, type StoredRow, saveOutcomes } from './store.ts';

export const DUPLICATE = 'duplicate_in_file';

export async function checkRows(tx: Executor, ports: ImportPorts, input: Deciding): Promise<RowDecision[]> {
  const { stored } = input;
  const decisions = await decideRows(tx, ports, input);
  await refuseRepeated(tx, stored, input.rows, decisions);
  await keepDecisions(tx, stored, decisions);
  return decisions;
}

/** Of the rows that would be imported, the first with a login or unique value has it for itself; those after it become errors. */
export async function refuseRepeated(
  tx: Executor,
  stored: Import,
  rows: readonly StoredRow[],
  decisions: readonly RowDecision[],
): Promise<void> {
  const lines = new Map(rows.map(({ number, line }) => [number, line]));
  const wanted = decisions
    .filter(({ outcome }) => outcome !== 'error' && outcome !== 'skipped')
    .map((decision) => ({ decision, keys: keysOf(decision) }));
  const owners = await ownersOf(
    tx,
    stored,
    wanted.flatMap(({ keys }) => keys),
  );
  const claimed: Key[] = [];
  for (const { decision, keys } of wanted) {
    const taken = keys.flatMap((key) => {
      const owner = owners.get(keyText(key));
      return owner === undefined || owner.number === decision.number ? [] : [duplicate(key.attribute, owner.line)];
    });
    if (taken.length > 0) Object.assign(decision, { outcome: 'error', problems: taken, changes: [] });
    else {
      claimed.push(...keys);
      for (const key of keys) owners.set(keyText(key), { number: key.number, line: lines.get(key.number)! });
    }
  }
  await claimKeys(tx, stored, claimed);
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
