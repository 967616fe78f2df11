import { err, ok, type Result } from '../shared/result.ts';
import { type BinaryOperator, type Node, nodeBelow, type Program } from './ast.ts';
import { type ExpressionError, errorFrom, Stop } from './errors.ts';
import { DEFAULT_LIMITS, NESTING_LIMIT, SOURCE_LIMIT } from './limits.ts';
import { type Token, tokenize } from './tokenize.ts';

export interface ParseOptions {
  /** In UTF-16 units; never above 4,096. */
  maxLength?: number;
  /** Whether the whole source may stand in `${…}`, as user name formats are often written. */
  template?: boolean;
}

/**
 * Reads an expression (contract §14), with maps `{'key': value}` and projections `.![name]` beside it, which the search for a person's
 * groups needs. `NOT` binds weaker than a comparison, comparisons do not chain.
 * Errors: `source_empty`, `source_too_long`, `character_unexpected`, `string_unclosed`, `token_unexpected`, `template_mixed`,
 * `too_deep`, `number_out_of_range`.
 */
export function parse(source: string, options: ParseOptions = {}): Result<Program, ExpressionError> {
  try {
    const limit = Math.min(options.maxLength ?? SOURCE_LIMIT, SOURCE_LIMIT);
    if (source.length > limit) {
      throw new Stop(
        'source_too_long',
        `The expression has ${source.length} characters; the limit is ${limit}.`,
        limit,
      );
    }
    const root = new Parser(tokenize(options.template ? unwrap(source) : source)).program();
    const deep = nodeBelow(root, DEFAULT_LIMITS.depth);
    if (deep) throw new Stop('too_deep', `The expression nests deeper than ${DEFAULT_LIMITS.depth} levels.`, deep.at);
    return ok({ source, root });
  } catch (thrown) {
    return err(errorFrom(thrown, source));
  }
}

/** Blanks out the `${` and `}` around the source, so that positions stay those of the source as written. */
function unwrap(source: string): string {
  const open = source.indexOf('${');
  if (open === -1 || /['"]/.test(source.slice(0, open))) return source;
  const close = source.lastIndexOf('}');
  const mixed = source.slice(0, open).trim() !== '' || source.slice(close + 1).trim() !== '';
  if (close < open || mixed || source.indexOf('${', open + 1) !== -1) {
    const hint = 'Write one expression and join its parts with +, for example source.login + "@example.com".';
    throw new Stop('template_mixed', 'The braces of a template must enclose the whole expression.', open, hint);
  }
  return `${' '.repeat(open + 2)}${source.slice(open + 2, close)}${' '.repeat(source.length - close)}`;
}

const COMPARISONS: Record<string, BinaryOperator> = {
  ...{ '==': '==', '!=': '!=', '<': '<', '<=': '<=', '>': '>', '>=': '>=' },
  ...{ eq: '==', ne: '!=', lt: '<', le: '<=', gt: '>', ge: '>=', matches: 'matches' },
};
const LEVELS: Record<string, BinaryOperator>[] = [
  { '||': '||', or: '||' },
  { '&&': '&&', and: '&&' },
];
const SUMS: Record<string, BinaryOperator> = { '+': '+', '-': '-' };
const PRODUCTS: Record<string, BinaryOperator> = { '*': '*', '/': '/', '%': '%' };
const CONSTANTS = new Map<string, null | boolean>([
  ['true', true],
  ['false', false],
  ['null', null],
]);
const WORDS = new Set(['or', 'and', 'not', 'eq', 'ne', 'lt', 'le', 'gt', 'ge', 'matches']);

/** Recursive descent: one method per rule of the grammar, weakest binding first. */
class Parser {
  private readonly tokens: Token[];
  private next = 0;
  private nesting = 0;

  constructor(tokens: Token[]) {
    this.tokens = tokens;
  }

  program(): Node {
    if (this.peek().type === 'end') throw new Stop('source_empty', 'The expression is empty.', 0);
    const root = this.expression();
    if (this.peek().type !== 'end') this.unexpected('the end of the expression');
    return root;
  }

  private expression(): Node {
    return this.nested(() => {
      const test = this.elvis();
      if (!this.accept('?')) return test;
      const then = this.expression();
      this.expect(':');
      return { kind: 'conditional', test, then, otherwise: this.expression(), at: test.at };
    });
  }

  private elvis(): Node {
    const left = this.logical(0);
    if (!this.accept('?:')) return left;
    return { kind: 'elvis', left, right: this.expression(), at: left.at };
  }

  private logical(level: number): Node {
    const operators = LEVELS[level];
    return operators ? this.chain(operators, () => this.logical(level + 1)) : this.not();
  }

  private not(): Node {
    const token = this.peek();
    if (!this.accept('!') && !this.acceptWord('not')) return this.comparison();
    return { kind: 'unary', operator: '!', operand: this.nested(() => this.not()), at: token.at };
  }

  private comparison(): Node {
    const left = this.sum();
    const operator = this.operator(COMPARISONS);
    if (!operator) return left;
    return { kind: 'binary', operator: operator.operator, left, right: this.sum(), at: operator.at };
  }

  private sum(): Node {
    return this.chain(SUMS, () => this.chain(PRODUCTS, () => this.negation()));
  }

  private negation(): Node {
    const token = this.peek();
    if (!this.accept('-')) return this.postfix();
    return { kind: 'unary', operator: '-', operand: this.nested(() => this.negation()), at: token.at };
  }

  private postfix(): Node {
    let node = this.primary();
    for (;;) {
      const token = this.peek();
      if (this.accept('.')) {
        const name = this.name();
        if (this.accept('(')) node = { kind: 'method', object: node, name, args: this.args(')'), at: token.at + 1 };
        else node = { kind: 'member', object: node, name, at: token.at + 1 };
      } else if (this.accept('[')) {
        node = { kind: 'index', object: node, index: this.expression(), at: token.at };
        this.expect(']');
      } else if (this.accept('.?[')) {
        node = { kind: 'select', object: node, condition: this.expression(), at: token.at };
        this.expect(']');
      } else if (this.accept('.![')) {
        node = { kind: 'project', object: node, expression: this.expression(), at: token.at };
        this.expect(']');
      } else return node;
    }
  }

  private primary(): Node {
    const token = this.peek();
    const { at } = token;
    if (token.type === 'text') {
      this.next++;
      return { kind: 'literal', value: token.text, at };
    }
    if (token.type === 'integer' || token.type === 'decimal') return this.number();
    if (this.accept('(')) {
      const inner = this.expression();
      this.expect(')');
      return inner;
    }
    if (this.accept('{')) return this.braces(at);
    if (token.type !== 'name' || isWord(token.text)) this.unexpected('a value');
    const constant = CONSTANTS.get(token.text.toLowerCase());
    if (constant !== undefined) {
      this.next++;
      return { kind: 'literal', value: constant, at };
    }
    return this.rootOrCall();
  }

  /** `String.append(…)`: a capital first letter marks a class of functions; everything else is a root or a bare function. */
  private rootOrCall(): Node {
    const { text, at } = this.peek();
    this.next++;
    const [dot, name, open] = this.tokens.slice(this.next, this.next + 3);
    if (/^[A-Z]/.test(text) && dot?.text === '.' && name?.type === 'name' && isSymbol(open, '(')) {
      this.next += 3;
      return { kind: 'call', name: `${text}.${name.text}`, args: this.args(')'), at };
    }
    if (this.accept('(')) return { kind: 'call', name: text, args: this.args(')'), at };
    return { kind: 'root', name: text, at };
  }

  private number(): Node {
    const token = this.peek();
    this.next++;
    const value = Number(token.text);
    const following = this.peek();
    if (following.type === 'name' && following.at === token.at + token.text.length) this.unexpected('an operator');
    if (value > Number.MAX_SAFE_INTEGER) {
      throw new Stop('number_out_of_range', `${token.text.slice(0, 40)} is too large a number.`, token.at);
    }
    return { kind: 'literal', value, ...(token.type === 'decimal' && { decimal: true }), at: token.at };
  }

  /** A list of values, or a map of keys and values: which of them the first colon tells. */
  private braces(at: number): Node {
    if (this.accept('}')) return { kind: 'list', items: [], at };
    const first = this.expression();
    if (isSymbol(this.peek(), ':')) {
      const entries = [{ key: first, value: this.valueOfEntry() }];
      while (this.accept(',')) entries.push({ key: this.expression(), value: this.valueOfEntry() });
      this.expect('}');
      return { kind: 'map', entries, at };
    }
    const items = [first];
    while (this.accept(',')) items.push(this.expression());
    this.expect('}');
    return { kind: 'list', items, at };
  }

  private valueOfEntry(): Node {
    this.expect(':');
    return this.expression();
  }

  private args(close: ')'): Node[] {
    const args: Node[] = [];
    if (this.accept(close)) return args;
    do args.push(this.expression());
    while (this.accept(','));
    this.expect(close);
    return args;
  }

  private chain(operators: Record<string, BinaryOperator>, operand: () => Node): Node {
    let left = operand();
    for (;;) {
      const operator = this.operator(operators);
      if (!operator) return left;
      left = { kind: 'binary', operator: operator.operator, left, right: operand(), at: operator.at };
    }
  }

  private operator(operators: Record<string, BinaryOperator>): { operator: BinaryOperator; at: number } | null {
    const token = this.peek();
    if (token.type !== 'symbol' && !(token.type === 'name' && isWord(token.text))) return null;
    const key = token.text.toLowerCase();
    if (!Object.hasOwn(operators, key)) return null;
    this.next++;
    return { operator: operators[key]!, at: token.at };
  }

  private name(): string {
    const token = this.peek();
    if (token.type !== 'name') {
      this.unexpected('a name', "A name with other characters is written in brackets: appuser['the name'].");
    }
    this.next++;
    return token.text;
  }

  private nested(rule: () => Node): Node {
    if (++this.nesting > NESTING_LIMIT) {
      throw new Stop('too_deep', `The expression nests deeper than ${NESTING_LIMIT} levels.`, this.peek().at);
    }
    const node = rule();
    this.nesting--;
    return node;
  }

  private peek(): Token {
    return this.tokens[this.next]!;
  }

  private accept(symbol: string): boolean {
    if (!isSymbol(this.peek(), symbol)) return false;
    this.next++;
    return true;
  }

  private acceptWord(word: string): boolean {
    const token = this.peek();
    if (token.type !== 'name' || !isWord(token.text) || token.text.toLowerCase() !== word) return false;
    this.next++;
    return true;
  }

  private expect(symbol: string): void {
    if (!this.accept(symbol)) this.unexpected(symbol);
  }

  private unexpected(expected: string, hint?: string): never {
    const token = this.peek();
    const found = token.type === 'end' ? 'the expression ends' : `there is ${JSON.stringify(token.text.slice(0, 40))}`;
    throw new Stop('token_unexpected', `Expected ${expected}, but ${found}.`, token.at, hint);
  }
}

function isSymbol(token: Token | undefined, symbol: string): boolean {
  return token?.type === 'symbol' && token.text === symbol;
}

/** Operators in words are written in lower or in upper case throughout. */
function isWord(text: string): boolean {
  const lower = text.toLowerCase();
  return WORDS.has(lower) && (text === lower || text === text.toUpperCase());
}
