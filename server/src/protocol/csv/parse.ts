/**
 * Reading RFC 4180 piece by piece: text goes in as it arrives, whole records come out. Strict: what the RFC does not allow is a problem
 * with its line, never a guess. Blank lines are passed over, a line may end with LF alone.
 */
import { err, ok, type Result } from '../../shared/result.ts';

export interface CsvRow {
  /** Where the record begins, counted from 1; a quoted cell may hold further lines. */
  line: number;
  cells: string[];
}

export interface CsvProblem {
  code:
    | 'quote_in_cell'
    | 'text_after_quote'
    | 'open_quote'
    | 'lone_return'
    | 'cell_too_long'
    | 'row_too_long'
    | 'too_many_cells';
  line: number;
  /** A whole sentence. */
  message: string;
}

export interface CsvLimits {
  /** UTF-16 units of one cell. */
  cell: number;
  /** UTF-16 units of all cells of a record. */
  row: number;
  /** Cells of one record. */
  cells: number;
}

export interface CsvParser {
  /** The records that end within this piece of text. After a problem the parser is of no further use. */
  push(text: string): Result<CsvRow[], CsvProblem>;
  /** The last record, where the text does not end with a line end. */
  end(): Result<CsvRow[], CsvProblem>;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const LF = 0x0a;
const CR = 0x0d;

/** Where the reader stands between two characters. */
type At = 'start' | 'plain' | 'quoted' | 'after_quote' | 'after_return';

export function createCsvParser(limits: CsvLimits): CsvParser {
  let at: At = 'start';
  let line = 1;
  let row: CsvRow = { line: 1, cells: [] };
  let cell = '';
  let size = 0;
  let rows: CsvRow[] = [];
  let quoteLine = 1;
  let problem: CsvProblem | null = null;
  /** Whether the record has nothing in it yet, not even an empty cell. */
  let blank = true;

  const fail = (code: CsvProblem['code'], onLine = line) => {
    problem ??= { code, line: onLine, message: sentenceOf(code, onLine, row.cells.length + 1, limits) };
  };
  const add = (text: string) => {
    cell += text;
    size += text.length;
    if (cell.length > limits.cell) fail('cell_too_long');
    else if (size > limits.row) fail('row_too_long');
  };
  const endCell = () => {
    row.cells.push(cell);
    cell = '';
    if (row.cells.length > limits.cells) fail('too_many_cells');
  };
  /** A line end after nothing at all ends no record. */
  const endRow = () => {
    if (!blank) {
      endCell();
      rows.push(row);
    }
    line++;
    size = 0;
    row = { line, cells: [] };
    at = 'start';
    blank = true;
  };

  /** Reads on from `i` in the state of the moment and returns where it stopped: at a character that changes the state, or at the end. */
  function run(text: string, i: number): number {
    const end = at === 'quoted' ? closingQuote(text, i) : endOfPlain(text, i);
    if (end === i) return end;
    if (at === 'quoted') line += lineFeeds(text, i, end);
    else {
      if (at === 'after_quote') fail('text_after_quote');
      else if (at === 'after_return') fail('lone_return');
      at = 'plain';
      blank = false;
    }
    add(text.slice(i, end));
    return end;
  }

  /** What a quote, comma or line end means in each state. */
  function turn(c: number): void {
    if (at === 'quoted') at = 'after_quote';
    else if (at === 'after_return' && c !== LF) fail('lone_return');
    else if (c === LF) endRow();
    else if (c === CR) at = 'after_return';
    else if (c === COMMA) {
      endCell();
      at = 'start';
      blank = false;
    } else {
      if (at === 'plain') fail('quote_in_cell');
      if (at === 'after_quote') add('"');
      else quoteLine = line;
      at = 'quoted';
      blank = false;
    }
  }

  const taken = (): Result<CsvRow[], CsvProblem> => {
    if (problem !== null) return err(problem);
    const done = rows;
    rows = [];
    return ok(done);
  };

  return {
    push(text) {
      for (let i = 0; problem === null; i++) {
        i = run(text, i);
        if (i >= text.length) break;
        turn(text.charCodeAt(i));
      }
      return taken();
    },
    end() {
      if (at === 'quoted') fail('open_quote', quoteLine);
      else if (at === 'after_return') fail('lone_return');
      else if (!blank) endRow();
      return taken();
    },
  };
}

function closingQuote(text: string, from: number): number {
  const at = text.indexOf('"', from);
  return at < 0 ? text.length : at;
}

function endOfPlain(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === COMMA || c === LF || c === CR || c === QUOTE) return at;
  }
  return text.length;
}

function lineFeeds(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

function sentenceOf(code: CsvProblem['code'], line: number, column: number, limits: CsvLimits): string {
  const place = `Line ${line}, column ${column}`;
  switch (code) {
    case 'quote_in_cell':
      return `${place}: there is a quotation mark inside a cell that does not begin with one. Put the whole cell into quotation marks and double those inside.`;
    case 'text_after_quote':
      return `${place}: there is text after the quotation mark that ends the cell. Double the quotation marks inside a cell.`;
    case 'open_quote':
      return `${place}: the quotation mark that begins this cell is never closed.`;
    case 'lone_return':
      return `${place}: there is a carriage return without a line feed. End the lines with CR LF or LF.`;
    case 'cell_too_long':
      return `${place}: the cell is longer than ${limits.cell} characters.`;
    case 'row_too_long':
      return `Line ${line}: the row is longer than ${limits.row} characters.`;
    case 'too_many_cells':
      return `Line ${line}: there are more than ${limits.cells} columns.`;
  }
}
