import { ARRAY_FUNCTIONS } from './arrays.ts';
import { CONVERT_FUNCTIONS } from './convert.ts';
import { COUNTRY_FUNCTIONS } from './countries/functions.ts';
import { GROUP_LIST_FUNCTIONS, GROUP_LIST_METHODS } from './group-lists.ts';
import { MEMBERSHIP_FUNCTIONS } from './membership.ts';
import type { FunctionRow } from './row.ts';
import { METHODS, STRING_FUNCTIONS } from './strings.ts';
import { TIME_FUNCTIONS } from './time.ts';

const byName = (rows: readonly FunctionRow[]): ReadonlyMap<string, FunctionRow> =>
  new Map(rows.map((row) => [row.signature.slice(0, row.signature.indexOf('(')), row]));

/** Functions by qualified or bare name. */
export const FUNCTIONS = byName([
  ...STRING_FUNCTIONS,
  ...ARRAY_FUNCTIONS,
  ...CONVERT_FUNCTIONS,
  ...COUNTRY_FUNCTIONS,
  ...TIME_FUNCTIONS,
  ...MEMBERSHIP_FUNCTIONS,
  ...GROUP_LIST_FUNCTIONS,
]);

/** Functions that are written behind a value; the value is the first argument of `run`, the counts leave it out. */
export const METHOD_FUNCTIONS = byName([...METHODS, ...GROUP_LIST_METHODS]);

export function countFits(row: FunctionRow, count: number): boolean {
  return count >= row.min && count <= row.max && (row.fits?.(count) ?? true);
}
