/**
 * The filter language of RFC 7644 §3.4.2.2 as the management API uses it: comparisons, `and`, `or`, parentheses, and `not` where asked for. Bounded in length, depth and terms.
 */
import { err, ok, type Result } from '../../shared/result.ts';

export const OPERATORS = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le', 'pr'] as const;
export type Operator = (typeof OPERATORS)[number];
export type FilterValue = string | number | boolean | null;

export interface Comparison {
  kind: 'compare';
  /** As written, for example `profile.login`. */
  attribute: string;
  operator: Operator;
  /** null for `pr`. */
  value: FilterValue;
}

export type Filter = Comparison | { kind: 'and' | 'or'; terms: Filter[] } | { kind: 'not'; term: Filter };

export interface FilterOptions {
  /** Whether `not (…)` is part of the language here. */
  not?: boolean;
}

/** Where in the text the first mistake is (0-based), and what was expected. */
export interface FilterError {
  position: number;
  message: string;
}

const MAX_LENGTH = 4_096;
const MAX_DEPTH = 20;
const MAX_TERMS = 100;

type Token = { at: number } & (
  | { kind: 'word'; text: string }
  | { kind: 'value'; value: FilterValue }
  | { kind: '(' | ')' | 'end' }
);

const SPACE = /\s*/y;
const STRING = /"(?:[^"\\\p{Cc}]|\\["\\/bfnrt]|\\u(?!0000)[0-9A-Fa-f]{4})*"/uy;
const NUMBER = /-?\d{1,17}(?:\.\d{1,17})?(?=[\s)]|$)/y;
const WORD = /[A-Za-z_$][\w.$:-]*/y;

/** Parses a filter. The error says where the text stops making sense. */
export function parseFilter(text: string, options: FilterOptions = {}): Result<Filter, FilterError> {
  if (text.length > MAX_LENGTH)
    return err({ position: MAX_LENGTH, message: `the filter is longer than ${MAX_LENGTH} characters` });
  try {
    return ok(new Parser(tokenize(text), options).whole());
  } catch (error) {
    if (error instanceof Mistake) return err({ position: error.at, message: error.message });
    throw error;
  }
}

class Mistake extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const match = (pattern: RegExp, at: number) => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  for (let at = match(SPACE, 0)?.length ?? 0; at < text.length; at += match(SPACE, at)?.length ?? 0) {
    const c = text.charAt(at);
    const found = c === '(' || c === ')' ? c : (match(STRING, at) ?? match(NUMBER, at) ?? match(WORD, at));
    if (found === undefined)
      throw new Mistake(at, c === '"' ? 'a text is not closed or holds a wrong escape' : 'unexpected character');
    tokens.push(tokenOf(found, at));
    at += found.length;
  }
  tokens.push({ kind: 'end', at: text.length });
  return tokens;
}

const CONSTANTS: Readonly<Record<string, FilterValue>> = { true: true, false: false, null: null };

function tokenOf(text: string, at: number): Token {
  if (text === '(' || text === ')') return { kind: text, at };
  if (text.startsWith('"')) return { kind: 'value', value: JSON.parse(text) as string, at };
  if (/^[-\d]/.test(text)) return { kind: 'value', value: Number(text), at };
  return Object.hasOwn(CONSTANTS, text) ? { kind: 'value', value: CONSTANTS[text]!, at } : { kind: 'word', text, at };
}

class Parser {
  readonly #tokens: Token[];
  #index = 0;
  #terms = 0;

  readonly #options: FilterOptions;

  constructor(tokens: Token[], options: FilterOptions) {
    this.#tokens = tokens;
    this.#options = options;
  }

  whole(): Filter {
    const filter = this.#either(0);
    if (this.#next.kind !== 'end') throw new Mistake(this.#next.at, 'expected "and", "or" or the end');
    return filter;
  }

  get #next(): Token {
    return this.#tokens[this.#index]!;
  }

  #word(expected: string): boolean {
    const token = this.#next;
    if (token.kind !== 'word' || token.text.toLowerCase() !== expected) return false;
    this.#index++;
    return true;
  }

  #either(depth: number): Filter {
    const terms = [this.#both(depth)];
    while (this.#word('or')) terms.push(this.#both(depth));
    return terms.length === 1 ? terms[0]! : { kind: 'or', terms };
  }

  #both(depth: number): Filter {
    const terms = [this.#term(depth)];
    while (this.#word('and')) terms.push(this.#term(depth));
    return terms.length === 1 ? terms[0]! : { kind: 'and', terms };
  }

  #term(depth: number): Filter {
    const { at } = this.#next;
    if (depth > MAX_DEPTH) throw new Mistake(at, `nested deeper than ${MAX_DEPTH} levels`);
    if (this.#options.not === true && this.#word('not')) return { kind: 'not', term: this.#group(depth) };
    return this.#next.kind === '(' ? this.#group(depth) : this.#comparison();
  }

  #group(depth: number): Filter {
    this.#skip('(');
    const inner = this.#either(depth + 1);
    this.#skip(')');
    return inner;
  }

  #skip(kind: '(' | ')'): void {
    if (this.#next.kind !== kind) throw new Mistake(this.#next.at, `expected "${kind}"`);
    this.#index++;
  }

  #comparison(): Filter {
    if (++this.#terms > MAX_TERMS) throw new Mistake(this.#next.at, `more than ${MAX_TERMS} comparisons`);
    const attribute = this.#next;
    if (attribute.kind !== 'word') throw new Mistake(attribute.at, 'expected the name of an attribute');
    this.#index++;
    const written = this.#next;
    const operator =
      written.kind === 'word' ? OPERATORS.find((item) => item === written.text.toLowerCase()) : undefined;
    if (operator === undefined) throw new Mistake(written.at, `expected one of ${OPERATORS.join(', ')}`);
    this.#index++;
    if (operator === 'pr') return { kind: 'compare', attribute: attribute.text, operator, value: null };
    const value = this.#next;
    if (value.kind !== 'value')
      throw new Mistake(value.at, 'expected a text in double quotes, a number, true, false or null');
    this.#index++;
    return { kind: 'compare', attribute: attribute.text, operator, value: value.value };
  }
}
