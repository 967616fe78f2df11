/** The rows of a mapping, and what of them has to be sent to the hub. */
import type { Versioned } from '../../api/hooks.ts';
import type { ProfileMapping, PushStatus } from '../../contract.ts';

export interface MappingRow {
  target: string;
  expression: string;
  pushStatus: PushStatus;
}

export function rowsOf(read: Versioned<ProfileMapping>): MappingRow[] {
  return Object.entries(read.value.properties ?? {}).map(([target, row]) => ({ target, ...row }));
}

/** What the server is asked to change: new and altered rows, and null for the removed ones. */
export function differences(before: MappingRow[], after: MappingRow[]) {
  const properties: Record<string, { expression: string; pushStatus: PushStatus } | null> = {};
  for (const row of after) {
    const old = before.find((other) => other.target === row.target);
    if (old?.expression === row.expression && old.pushStatus === row.pushStatus) continue;
    properties[row.target] = { expression: row.expression.trim(), pushStatus: row.pushStatus };
  }
  for (const row of before) {
    if (!after.some((other) => other.target === row.target)) properties[row.target] = null;
  }
  return properties;
}
