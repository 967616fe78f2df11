import { Stop } from './errors.ts';

export interface Token {
  type: 'name' | 'text' | 'integer' | 'decimal' | 'symbol' | 'end';
  /** The name, symbol or digits as written; of a text literal, its value. */
  text: string;
  at: number;
}

// Longest first: '.?[' opens a selection and '.![' a projection, '?:' is the elvis operator.
const SYMBOLS = [
  ...['.?[', '.!['],
  ...['?:', '==', '!=', '<=', '>=', '&&', '||'],
  ...['?', ':', '<', '>', '!', '+', '-', '*', '/', '%', '.', ',', '(', ')', '[', ']', '{', '}'],
];
const SPACE = /[ \t\r\n]*/y;
const NAME = /[A-Za-z_$][A-Za-z0-9_$]*/y;
const NUMBER = /[0-9]+(\.[0-9]+)?/y;

const HINTS: Record<string, string> = {
  '=': 'Equality is written ==.',
  '&': 'Write && or AND.',
  '|': 'Write || or OR.',
  '#': 'Variables are not part of the language.',
  '@': 'Put text between quotes.',
  '“': 'Use straight quotes.',
  '”': 'Use straight quotes.',
  '‘': 'Use straight quotes.',
  '’': 'Use straight quotes.',
};

/** Splits the source into tokens, the last of which is `end`. Throws Stop: `character_unexpected`, `string_unclosed`. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  const read = (pattern: RegExp): string => {
    pattern.lastIndex = offset;
    return pattern.exec(source)?.[0] ?? '';
  };
  for (;;) {
    offset += read(SPACE).length;
    const first = source.charAt(offset);
    if (first === '') break;
    const token = first === "'" || first === '"' ? readText(source, offset) : readWord(source, offset, read);
    tokens.push(token.token);
    offset = token.end;
  }
  tokens.push({ type: 'end', text: '', at: source.length });
  return tokens;
}

function readWord(source: string, at: number, read: (pattern: RegExp) => string): { token: Token; end: number } {
  const name = read(NAME);
  if (name !== '') return { token: { type: 'name', text: name, at }, end: at + name.length };
  const number = read(NUMBER);
  if (number !== '') {
    return { token: { type: number.includes('.') ? 'decimal' : 'integer', text: number, at }, end: at + number.length };
  }
  const symbol = SYMBOLS.find((candidate) => source.startsWith(candidate, at));
  if (symbol !== undefined) return { token: { type: 'symbol', text: symbol, at }, end: at + symbol.length };
  const character = String.fromCodePoint(source.codePointAt(at)!);
  throw new Stop(
    'character_unexpected',
    `The character ${JSON.stringify(character)} has no meaning here.`,
    at,
    HINTS[character],
  );
}

/** A quote inside a text is written twice; a backslash stands for itself, as in the language that this one follows. */
function readText(source: string, at: number): { token: Token; end: number } {
  const quote = source.charAt(at);
  let text = '';
  for (let from = at + 1; ; ) {
    const close = source.indexOf(quote, from);
    if (close === -1) {
      throw new Stop('string_unclosed', `The text that begins here has no closing ${quote}.`, at);
    }
    text += source.slice(from, close);
    if (source.charAt(close + 1) !== quote) return { token: { type: 'text', text, at }, end: close + 1 };
    text += quote;
    from = close + 2;
  }
}
