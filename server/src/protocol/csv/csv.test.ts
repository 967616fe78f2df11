import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvLine, unmarkedCell } from '../../shared/csv.ts';
import { type CsvRow, createCsvParser } from './index.ts';

const LIMITS = { cell: 1_000, row: 5_000, cells: 50 };

/** All records of a text that arrives in pieces; the code of the problem where there is one. */
function read(...pieces: string[]): CsvRow[] | string {
  const parser = createCsvParser(LIMITS);
  const rows: CsvRow[] = [];
  for (const piece of pieces) {
    const read = parser.push(piece);
    if (!read.ok) return read.error.code;
    rows.push(...read.value);
  }
  const last = parser.end();
  return last.ok ? [...rows, ...last.value] : last.error.code;
}
const cells = (...pieces: string[]) => {
  const rows = read(...pieces);
  return typeof rows === 'string' ? rows : rows.map((row) => row.cells);
};

describe('reading', () => {
  it('takes quoted cells with commas, doubled quotes and line ends', () => {
    expect(cells('a,"b, c","d ""e""\r\nf"\r\ng,h,\r\n')).toEqual([
      ['a', 'b, c', 'd "e"\r\nf'],
      ['g', 'h', ''],
    ]);
  });

  it('takes LF, no line end after the last record, and passes over blank lines', () => {
    expect(cells('a,b\n\n\r\nc,d')).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect(cells('')).toEqual([]);
    expect(cells('\n\n')).toEqual([]);
    expect(cells('""\n')).toEqual([['']]);
    expect(cells('""')).toEqual([['']]);
    expect(cells(',\n')).toEqual([['', '']]);
  });

  it('counts the lines on which records begin', () => {
    expect(read('a\n"b\nc"\n\nd\n')).toEqual([
      { line: 1, cells: ['a'] },
      { line: 2, cells: ['b\nc'] },
      { line: 5, cells: ['d'] },
    ]);
  });

  it.each([
    ['a"b', 'quote_in_cell'],
    ['"a"b', 'text_after_quote'],
    ['"a\nb', 'open_quote'],
    ['a\rb', 'lone_return'],
    ['a\r', 'lone_return'],
    ['a\r\r\n', 'lone_return'],
    ['"a"\r"b"', 'lone_return'],
    ['x'.repeat(1_001), 'cell_too_long'],
    [`"${'x'.repeat(1_001)}"`, 'cell_too_long'],
    [','.repeat(50), 'too_many_cells'],
    [`${'x'.repeat(900)},`.repeat(6), 'row_too_long'],
  ])('refuses %j as %s', (text, code) => {
    expect(read(text)).toBe(code);
    expect(read(...text)).toBe(code);
  });

  it('says where a problem is and what to do', () => {
    const parser = createCsvParser(LIMITS);
    const { error } = parser.push('a,b\n1,2"3"\n') as { error: { message: string } };
    expect(error.message).toBe(
      'Line 2, column 2: there is a quotation mark inside a cell that does not begin with one. Put the whole cell into quotation marks and double those inside.',
    );
  });

  it('stops at a cell that never ends, long before the text does', () => {
    const parser = createCsvParser(LIMITS);
    expect(parser.push('"').ok).toBe(true);
    expect(parser.push('x'.repeat(999)).ok).toBe(true);
    expect(parser.push('x'.repeat(2)).ok).toBe(false);
  });
});

describe('any table', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'é', '😀', '"', ',', '\r', '\n', ' ', ';', '='), maxLength: 8 });
  // A record of one empty cell is a blank line.
  const record = fc.array(cell, { minLength: 1, maxLength: 5 }).filter((row) => row.join('') !== '' || row.length > 1);
  const table = fc.array(record, { maxLength: 8 });

  it('is read as it was written, in whatever pieces it arrives', () => {
    fc.assert(
      fc.property(table, fc.array(fc.nat({ max: 7 }), { minLength: 1, maxLength: 30 }), (rows, sizes) => {
        const text = rows.map(csvLine).join('');
        const pieces: string[] = [];
        for (let at = 0, i = 0; at < text.length; i++) {
          const size = sizes[i % sizes.length]! + (i % 7 === 0 ? 1 : 0);
          pieces.push(text.slice(at, at + size));
          at += size;
        }
        const found = cells(...pieces);
        expect(typeof found === 'string' ? found : found.map((row) => row.map(unmarkedCell))).toEqual(rows);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is read or refused alike whole and character by character', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '"', ',', '\r', '\n'), maxLength: 12 }), (text) => {
        expect(read(...text)).toEqual(read(text));
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('formulas', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])(
    'are marked as text, and the mark comes off: %j',
    (cell) => {
      const [[marked]] = cells(csvLine([cell])) as [[string]];
      expect(marked).toBe(`'${cell}`);
      expect(unmarkedCell(marked)).toBe(cell);
    },
  );

  it('are not seen where there are none', () => {
    for (const cell of ['a=b', "'quoted'", '1-2', ' =1']) {
      expect(cells(csvLine([cell]))).toEqual([[cell]]);
      expect(unmarkedCell(cell)).toBe(cell);
    }
  });
});
