/** Stored rows as clients see them. */
import type { CompiledSchema, Schemas } from '../../directory/profile-schemas/index.ts';
import { type Change, GROUPS, type Import, type ImportRowWire, rowToWire } from '../schema.ts';
import { masked } from './decide.ts';
import { readRow } from './read.ts';
import type { StoredRow } from './store.ts';

/** What somebody new gets is read from the cells again; of others the changes were kept. */
export function shownRows(
  rows: readonly StoredRow[],
  { columns, options }: Import,
  schema: CompiledSchema,
  coerce: Schemas['coerce'],
): ImportRowWire[] {
  const login = columns.findIndex(({ target }) => target === 'login');
  return rows.map((row) => {
    const { number, line, outcome, detail, userId } = row;
    const created = (): Change[] => {
      const { values, groups } = readRow(row.cells, { columns, schema, options, coerce });
      return [
        ...Object.entries(values)
          .filter(([, to]) => to !== null)
          .map(([attribute, to]) => {
            const shown = schema.attributes.get(attribute)?.sensitive ? masked(to) : to;
            return { attribute, from: null, to: shown };
          }),
        ...(groups.length > 0 ? [{ attribute: GROUPS, from: null, to: groups }] : []),
      ];
    };
    return rowToWire({
      ...{ number, line, login: (row.cells[login] ?? '').trim(), outcome, userId },
      changes: outcome === 'create' ? created() : (detail?.changes ?? []),
      problems: detail?.problems ?? [],
    });
  });
}
