/** Writing RFC 4180, with cells that a spreadsheet cannot take for a formula (security.md H8). */

/** What spreadsheets calculate, or what moves a cell's content to where it is calculated. */
const FORMULA = /^[=+\-@\t\r]/;
const GUARDED = /^'[=+\-@\t\r]/;
const QUOTED = /[",\r\n]/;

/** One record with its line end. A record of one empty cell is quoted, so that it is no blank line. */
export function csvLine(cells: readonly string[]): string {
  if (cells.length === 1 && cells[0] === '') return '""\r\n';
  return `${cells.map(quoted).join(',')}\r\n`;
}

/** The cell with an apostrophe before what a spreadsheet would calculate. */
export function guarded(cell: string): string {
  return FORMULA.test(cell) ? `'${cell}` : cell;
}

/** What `guarded` began with: a guarded report can be corrected and read again. */
export function unguarded(cell: string): string {
  return GUARDED.test(cell) ? cell.slice(1) : cell;
}

function quoted(cell: string): string {
  return QUOTED.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
