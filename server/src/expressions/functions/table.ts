import { CONVERT_FUNCTIONS } from './convert.ts';
import type { FunctionRow } from './row.ts';
import { METHODS, STRING_FUNCTIONS } from './strings.ts';

const byName = (rows: readonly FunctionRow[]): ReadonlyMap<string, FunctionRow> =>
  new Map(rows.map((row) => [row.signature.slice(0, row.signature.indexOf('(')), row]));

/** Functions by qualified or bare name. */
export const FUNCTIONS = byName([...STRING_FUNCTIONS, ...CONVERT_FUNCTIONS]);

/** Functions that are written behind a value; the value is the first argument of `run`, the counts leave it out. */
export const METHOD_FUNCTIONS = byName(METHODS);

export function countFits(row: FunctionRow, count: number): boolean {
  return count >= row.min && count <= row.max && (row.fits?.(count) ?? true);
}
