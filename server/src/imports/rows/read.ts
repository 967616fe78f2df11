/** From the cells of a row to what they say: values in the types of their attributes, and the names of groups. */
import type { CompiledSchema, Schemas } from '../../directory/profile-schemas/index.ts';
import { unmarkedCell } from '../../shared/csv.ts';
import type { Json } from '../../shared/json.ts';
import { type Column, GROUPS, type ImportOptions, type RowProblem } from '../schema.ts';

export interface ReadRow {
  values: Record<string, Json>;
  groups: string[];
  problems: RowProblem[];
}

interface Reading {
  columns: readonly Column[];
  schema: CompiledSchema;
  options: Pick<ImportOptions, 'emptyCells'>;
  coerce: Schemas['coerce'];
}

const MAX_GROUP_NAME = 255;
/** A step holds the groups of all its rows, and a cell has room for thousands. */
const MAX_GROUPS = 500;

/** What stands between two values of one cell. */
export const SEPARATOR = ';';

export const partsOf = (cell: string) =>
  cell
    .split(SEPARATOR)
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** Blanks around a cell do not count. A row that has not as many cells as the header has values of nothing. */
export function readRow(cells: readonly string[], { columns, schema, options, coerce }: Reading): ReadRow {
  const read: ReadRow = { values: {}, groups: [], problems: [] };
  if (cells.length !== columns.length) {
    const message = `The row has ${cells.length} cells, and the header has ${columns.length}.`;
    return { ...read, problems: [{ attribute: null, code: 'columns', message }] };
  }
  for (const [at, { target }] of columns.entries()) {
    if (target === null) continue;
    const cell = unmarkedCell(cells[at]!).trim();
    if (target === GROUPS) readGroups(cell, read);
    else if (cell !== '') readValue(cell, target, read, { schema, coerce });
    else if (options.emptyCells === 'CLEAR' || target === 'login') read.values[target] = null;
  }
  return read;
}

function readGroups(cell: string, read: ReadRow): void {
  read.groups = [...new Set(partsOf(cell))];
  if (read.groups.length > MAX_GROUPS) {
    const message = `${GROUPS}: one row has at most ${MAX_GROUPS} groups, and this one has ${read.groups.length}.`;
    read.problems.push({ attribute: GROUPS, code: 'too_many', message });
    read.groups = [];
    return;
  }
  const long = read.groups.find((name) => name.length > MAX_GROUP_NAME);
  if (long === undefined) return;
  const message = `${GROUPS}: the name of a group has at most ${MAX_GROUP_NAME} characters, and "${long.slice(0, 40)}…" has ${long.length}.`;
  read.problems.push({ attribute: GROUPS, code: 'too_long', message });
  read.groups = [];
}

function readValue(
  cell: string,
  target: string,
  read: ReadRow,
  { schema, coerce }: Pick<Reading, 'schema' | 'coerce'>,
): void {
  const attribute = schema.attributes.get(target);
  // An attribute that was removed since the columns were chosen is told of as every unknown name is.
  if (attribute === undefined) read.values[target] = cell;
  else {
    const value = coerce(attribute, attribute.type === 'array' ? partsOf(cell) : cell);
    if (value.ok) read.values[target] = value.value;
    else {
      const { attribute: name, rule } = value.error;
      const message = `${name}: "${cell.slice(0, 60)}" is not of type ${attribute.type === 'array' ? `array of ${attribute.itemType}` : attribute.type}.`;
      read.problems.push({ attribute: name, code: rule, message });
    }
  }
}
