/** One line of a CSV file (RFC 4180) that a spreadsheet may open: a cell that would begin a formula there is marked as text. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

const FORMULA = /^[=+\-@\t\r]/;

function csvCell(text: string): string {
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

const MARKED = /^'[=+\-@\t\r]/;

/** What a cell of `csvLine` began with, so that a corrected report can be read again. */
export function unmarkedCell(text: string): string {
  return MARKED.test(text) ? text.slice(1) : text;
}
