import { isUnsafeName } from '../shared/json.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { Node, Program } from './ast.ts';
import { type ExpressionError, errorFrom, Stop } from './errors.ts';
import { arithmetic, compare, equal } from './functions/arithmetic.ts';
import { patternOf } from './functions/patterns.ts';
import type { Call, FunctionRow, Group } from './functions/row.ts';
import { countFits, FUNCTIONS, METHOD_FUNCTIONS } from './functions/table.ts';
import { kindOf, textOf, textOrNullWord } from './functions/text.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { copyOut, elementsOf, normalise, readOwn, tooLarge, type Value } from './values.ts';

/** Values by root name; an absent one is null. Only own enumerable data properties are read, at any depth. */
export type Bindings = Readonly<Record<string, unknown>>;

export interface Evaluated {
  value: Value;
  /** A null was written as the text "null" on the way to this value, so "nullx" is no real name while "Null" may be one. */
  usedNull: boolean;
}

/**
 * Computes a program's value. Never throws. A missing attribute, and an attribute of null, is null.
 * Errors: `type_mismatch`, `number_out_of_range`, `division_by_zero`, `conversion_failed`, `function_unknown`,
 * `arguments_wrong`, `pattern_invalid`, `too_deep`, `limit_steps`, `limit_output`, `evaluation_failed`.
 */
export function evaluate(
  program: Program,
  bindings: Bindings,
  limits: Partial<Limits> = {},
): Result<Evaluated, ExpressionError> {
  try {
    const evaluation = new Evaluation(bindings, { ...DEFAULT_LIMITS, ...limits });
    return ok(evaluation.result(program.root));
  } catch (thrown) {
    return err(errorFrom(thrown, program.source));
  }
}

const UNITS_PER_STEP = 64;
/** Instructions × units of text that one step pays for in `matches`. */
const MATCHES_PER_STEP = 1024;

class Evaluation implements Call {
  private readonly bindings: Bindings;
  private readonly limits: Limits;
  private steps = 0;
  private depth = 0;
  private usedNull = false;
  /** The element that a selection is looking at; bare names are its attributes. */
  private element: { value: unknown } | null = null;
  /** The node at work, for the position of an error. */
  private at = 0;

  constructor(bindings: Bindings, limits: Limits) {
    this.bindings = bindings;
    this.limits = limits;
  }

  result(root: Node): Evaluated {
    const value = copyOut(this.value(root), this.limits);
    return { value, usedNull: this.usedNull };
  }

  private value(node: Node): unknown {
    this.step(1);
    if (++this.depth > this.limits.depth) throw new Stop('too_deep', 'The expression nests too deeply.', node.at);
    const value = this.dispatch(node);
    this.depth--;
    if (typeof value === 'string') this.allowText(value.length);
    return value;
  }

  private dispatch(node: Node): unknown {
    switch (node.kind) {
      case 'literal':
        return node.value;
      case 'root':
        return this.element ? this.attribute(this.element.value, node.name) : readOwn(this.bindings, node.name);
      case 'member':
        return this.attribute(this.value(node.object), node.name);
      case 'index':
        return this.index(node);
      case 'select':
        return this.select(node);
      case 'call':
        return this.call(node.name, FUNCTIONS, node.at, node.args);
      case 'method':
        return this.call(node.name, METHOD_FUNCTIONS, node.at, node.args, node.object);
      case 'unary':
        return this.unary(node);
      case 'binary':
        return this.binary(node);
      case 'conditional':
        return this.value(this.test(node.test) ? node.then : node.otherwise);
      case 'elvis':
        return this.elvis(node);
      case 'project':
        return this.project(node);
      case 'list':
        return node.items.map((item) => this.value(item));
      case 'map':
        return this.map(node);
    }
  }

  attribute(object: unknown, name: string): unknown {
    return typeof object === 'object' && object !== null && !Array.isArray(object) ? readOwn(object, name) : null;
  }

  private index(node: Node & { kind: 'index' }): unknown {
    const object = this.value(node.object);
    const index = this.aside(() => this.value(node.index));
    if (object === null || index === null) return null;
    if (Array.isArray(object) && typeof index === 'number') return readOwn(object, String(index));
    if (!Array.isArray(object) && typeof object === 'object' && typeof index !== 'object') {
      return readOwn(object, String(index));
    }
    throw new Stop('type_mismatch', `${kindOf(object)} cannot be indexed by ${kindOf(index)}.`, node.at);
  }

  private select(node: Node & { kind: 'select' }): unknown[] {
    const list = this.value(node.object) ?? [];
    if (!Array.isArray(list)) {
      throw new Stop('type_mismatch', `Only a list can be selected from, not ${kindOf(list)}.`, node.at);
    }
    const outer = this.element;
    const selected: unknown[] = [];
    for (const value of this.elements(list)) {
      this.element = { value };
      if (this.test(node.condition)) selected.push(value);
    }
    this.element = outer;
    return selected;
  }

  private project(node: Node & { kind: 'project' }): unknown[] {
    const list = this.value(node.object) ?? [];
    if (!Array.isArray(list)) {
      throw new Stop('type_mismatch', `Only a list can be projected, not ${kindOf(list)}.`, node.at);
    }
    const outer = this.element;
    const projected = this.elements(list).map((value) => {
      this.element = { value };
      return this.value(node.expression);
    });
    this.element = outer;
    return projected;
  }

  private map(node: Node & { kind: 'map' }): Record<string, unknown> {
    const map: Record<string, unknown> = Object.create(null);
    for (const entry of node.entries) {
      const key = this.aside(() => textOf(this.value(entry.key), this));
      if (key === null || isUnsafeName(key)) {
        throw new Stop('type_mismatch', 'A key of a map must be a text.', entry.key.at);
      }
      map[key] = this.value(entry.value);
    }
    return map;
  }

  private call(
    name: string,
    table: ReadonlyMap<string, FunctionRow>,
    at: number,
    args: readonly Node[],
    receiver?: Node,
  ): unknown {
    const row = table.get(name);
    if (!row) throw new Stop('function_unknown', `There is no function ${name.slice(0, 64)}.`, at);
    if (!countFits(row, args.length)) {
      throw new Stop(
        'arguments_wrong',
        `${name} cannot take ${args.length} arguments.`,
        at,
        `It is written ${row.signature}.`,
      );
    }
    const values = (receiver ? [receiver, ...args] : args).map((arg) => this.value(arg));
    this.at = at;
    return normalise(row.run(values, this));
  }

  private unary(node: Node & { kind: 'unary' }): unknown {
    if (node.operator === '!') return !this.test(node.operand);
    const value = this.value(node.operand);
    if (typeof value === 'number') return 0 - value;
    throw new Stop('type_mismatch', `${kindOf(value)} has no negative.`, node.at);
  }

  private binary(node: Node & { kind: 'binary' }): unknown {
    const { operator, left, right } = node;
    switch (operator) {
      case '||':
        return this.test(left) || this.test(right);
      case '&&':
        return this.test(left) && this.test(right);
      case 'matches':
        return this.aside(() => this.matches(left, right, node.at));
      case '==':
      case '!=':
        return this.aside(() => equal(this.value(left), this.value(right), this) === (operator === '=='));
      case '<':
      case '<=':
      case '>':
      case '>=':
        return this.aside(() => {
          const [a, b] = [this.value(left), this.value(right)];
          this.at = node.at;
          return compare(operator, a, b, this);
        });
      default:
        return this.combine(node, operator);
    }
  }

  private combine(node: Node & { kind: 'binary' }, operator: '+' | '-' | '*' | '/' | '%'): unknown {
    const [left, right] = [this.value(node.left), this.value(node.right)];
    this.at = node.at;
    if (operator !== '+' || (typeof left !== 'string' && typeof right !== 'string')) {
      return arithmetic(operator, left, right, isDecimal(node), this);
    }
    const [head, tail] = [textOrNullWord(left, this), textOrNullWord(right, this)];
    this.allowText(head.length + tail.length);
    return head + tail;
  }

  private elvis(node: Node & { kind: 'elvis' }): unknown {
    const before = this.usedNull;
    const left = this.value(node.left);
    if (left !== null && left !== '') return left;
    this.usedNull = before;
    return this.value(node.right);
  }

  private matches(left: Node, right: Node, at: number): boolean {
    const value = this.value(left);
    const pattern = patternOf(right);
    if (value === null) return false;
    this.at = at;
    const text = textOf(value, this) ?? '';
    this.step(Math.ceil((pattern.size * text.length) / MATCHES_PER_STEP));
    return pattern.matches(text);
  }

  /** A condition's truth: null is false, and the texts "true" and "false" count, because SAML knows only text. */
  private test(node: Node): boolean {
    const value = this.aside(() => this.value(node));
    if (typeof value === 'boolean') return value;
    if (value === null) return false;
    const word = typeof value === 'string' ? value.toLowerCase() : '';
    if (word === 'true' || word === 'false') return word === 'true';
    throw new Stop('type_mismatch', `A condition must be true or false, not ${kindOf(value)}.`, node.at);
  }

  /** Runs a part whose text does not end up in the result, so a null in it does not count as used. */
  private aside<T>(part: () => T): T {
    const before = this.usedNull;
    const value = part();
    this.usedNull = before;
    return value;
  }

  private step(count: number): void {
    this.steps += count;
    if (this.steps > this.limits.steps) {
      throw new Stop('limit_steps', `The expression needs more than ${this.limits.steps} steps.`, this.at);
    }
  }

  charge(units: number): void {
    this.step(Math.ceil(units / UNITS_PER_STEP));
  }

  allowText(length: number): void {
    if (length > this.limits.characters) throw tooLarge(`${this.limits.characters} characters`, this.at);
  }

  elements(list: readonly unknown[]): unknown[] {
    const elements = elementsOf(list, this.limits);
    this.charge(elements.length);
    return elements;
  }

  noteNull(): void {
    this.usedNull = true;
  }

  fail(code: ExpressionError['code'], message: string, hint?: string): never {
    throw new Stop(code, message, this.at, hint);
  }

  now(): number {
    const now = readOwn(this.bindings, 'now');
    const milliseconds = now instanceof Date ? now.getTime() : Number.NaN;
    return Number.isNaN(milliseconds) ? this.fail('evaluation_failed', 'No time is known here.') : milliseconds;
  }

  groups(): Group[] {
    const groups = readOwn(this.bindings, 'groups');
    return this.elements(Array.isArray(groups) ? groups : []).map((group) => ({
      id: String(this.attribute(group, 'id')),
      name: String(this.attribute(group, 'name')),
      type: String(this.attribute(group, 'type') ?? 'OKTA_GROUP'),
    }));
  }

  internal(name: string): unknown {
    return this.attribute(readOwn(this.bindings, 'internal'), name);
  }
}

/** Whether a number was written with a decimal point anywhere in the arithmetic, so that a division is not one of integers. */
function isDecimal(node: Node): boolean {
  if (node.kind === 'literal') return node.decimal === true;
  if (node.kind === 'unary') return isDecimal(node.operand);
  return node.kind === 'binary' && (isDecimal(node.left) || isDecimal(node.right));
}
