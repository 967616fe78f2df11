/**
 * The rows that could not be imported, as a file that can be corrected and imported: the cells as they came, then line, codes and
 * sentences. A row of another shape than the header keeps another shape, so that it stays an error until somebody has mended it.
 */
import type { Database } from '../../database/index.ts';
import { csvLine, unmarkedCell } from '../../shared/csv.ts';
import type { Import } from '../schema.ts';
import { rowsAfter } from './store.ts';

const EXTRA = ['error_line', 'error_code', 'error_message'];
const MISSING = 'Cells are missing in this row: fill them in, and take this one away.';
const AT_A_TIME = 1_000;

export async function* errorReport(database: Database, stored: Import): AsyncGenerator<string> {
  // A corrected report that is imported again has these columns already.
  const kept = stored.columns.flatMap(({ header }, at) => (EXTRA.includes(header) ? [] : [at]));
  yield csvLine([...kept.map((at) => stored.columns[at]!.header), ...EXTRA]);
  for (let after = 0; ; ) {
    const rows = await rowsAfter(database, stored, after, AT_A_TIME, 'error');
    for (const { line, cells, detail } of rows) {
      const problems = detail?.problems ?? [];
      yield csvLine([
        ...kept.map((at) => unmarkedCell(cells[at] ?? '')),
        String(line),
        problems.map(({ code }) => code).join(' '),
        problems.map(({ message }) => message).join(' '),
        ...surplusOf(cells, stored.columns.length),
      ]);
    }
    if (rows.length < AT_A_TIME) return;
    after = rows.at(-1)!.number;
  }
}

/** What stands behind the last column. */
function surplusOf(cells: readonly string[], columns: number): string[] {
  return cells.length < columns ? [MISSING] : cells.slice(columns).map(unmarkedCell);
}
