import { type Node, type Program, walk } from './ast.ts';
import { type ExpressionError, errorAt, errorFrom } from './errors.ts';
import { patternOf } from './functions/patterns.ts';
import type { FunctionRow } from './functions/row.ts';
import { countFits, FUNCTIONS, METHOD_FUNCTIONS } from './functions/table.ts';
import { PATTERNS_PER_EXPRESSION } from './limits.ts';
import { SCOPES, type Scope, type ScopeRow, scopeRow } from './scopes.ts';
import { suggest } from './suggest.ts';

const ERRORS_REPORTED = 20;

/**
 * What can be known to be wrong before any value is there: unknown functions and roots, wrong numbers of arguments, attributes that
 * the scope does not have, unusable patterns. Empty = fine.
 * Codes: `function_unknown`, `arguments_wrong`, `root_unknown`, `attribute_unavailable`, `pattern_invalid`.
 */
export function check(program: Program, scope: Scope): ExpressionError[] {
  const checker = new Checker(program.source, scopeRow(scope));
  walk(program.root, (node, inSelection) => checker.visit(node, inSelection));
  return checker.errors.slice(0, ERRORS_REPORTED);
}

class Checker {
  readonly errors: ExpressionError[] = [];
  private readonly source: string;
  private readonly scope: ScopeRow;
  private readonly methods: ReadonlyMap<string, FunctionRow>;
  private patterns = 0;

  constructor(source: string, scope: ScopeRow) {
    this.source = source;
    this.scope = scope;
    this.methods = new Map([...METHOD_FUNCTIONS].filter(([name]) => !isScoped(name) || scope.methods?.includes(name)));
  }

  visit(node: Node, inSelection: boolean): boolean {
    if (this.errors.length >= ERRORS_REPORTED) return false;
    if (node.kind === 'method' && !inSelection && this.meantAsFunction(node)) return false;
    if (node.kind === 'root' && !inSelection) this.checkRoot(node.name, node.at);
    if (node.kind === 'call') this.checkFunction(node.name, node.args.length, node.at, FUNCTIONS);
    if (node.kind === 'method') this.checkFunction(node.name, node.args.length, node.at, this.methods);
    if (node.kind === 'binary' && node.operator === 'matches') this.checkPattern(node.right);
    if (!inSelection) this.checkAttribute(node);
    return true;
  }

  private checkRoot(name: string, at: number): void {
    if (Object.hasOwn(this.scope.roots, name)) return;
    const roots = Object.keys(this.scope.roots);
    const hint = suggest(name, roots) ?? `Here the expression can read ${roots.join(', ')}.`;
    this.report(at, 'root_unknown', `"${name.slice(0, 64)}" is not known here.`, hint);
  }

  /** `string.append(…)`: the class in the wrong case, which the grammar takes for a method of an attribute. */
  private meantAsFunction({ object, name }: Node & { kind: 'method' }): boolean {
    if (object.kind !== 'root' || Object.hasOwn(this.scope.roots, object.name)) return false;
    const prefix = `${object.name.toLowerCase()}.`;
    if (![...FUNCTIONS.keys()].some((known) => known.toLowerCase().startsWith(prefix))) return false;
    const written = `${object.name}.${name}`;
    const hint = suggest(written, FUNCTIONS.keys());
    this.report(object.at, 'function_unknown', `There is no function ${written.slice(0, 64)}.`, hint);
    return true;
  }

  private checkFunction(name: string, count: number, at: number, known: ReadonlyMap<string, FunctionRow>): void {
    const row = known.get(name);
    if (row?.needs !== undefined && !this.scope.offers?.includes(row.needs)) {
      this.report(at, 'function_unknown', `${name} is not available here.`);
    } else if (!row) {
      this.report(at, 'function_unknown', `There is no function ${name.slice(0, 64)}.`, suggest(name, known.keys()));
    } else if (!countFits(row, count)) {
      const given = `${count} ${count === 1 ? 'argument' : 'arguments'}`;
      this.report(at, 'arguments_wrong', `${name} cannot take ${given}.`, `It is written ${row.signature}.`);
    }
  }

  private checkAttribute(node: Node): void {
    const reference = referenceOf(node);
    const [attribute] = reference?.path ?? [];
    if (!reference || attribute === undefined || reference.path.length > 1) return;
    const name = `${reference.root}.${attribute}`;
    const reason = own(this.scope.unavailable ?? {}, name);
    if (reason) this.report(node.at, 'attribute_unavailable', `${name} is not available here: ${reason}.`);
    const attributes = own(this.scope.roots, reference.root)?.attributes;
    if (attributes && !attributes.includes(attribute)) {
      const message = `${reference.root} has no attribute "${attribute.slice(0, 64)}".`;
      this.report(node.at, 'attribute_unavailable', message, `It has ${attributes.join(', ')}.`);
    }
  }

  private checkPattern(node: Node): void {
    if (++this.patterns > PATTERNS_PER_EXPRESSION) {
      const message = `At most ${PATTERNS_PER_EXPRESSION} patterns fit into one expression.`;
      this.report(node.at, 'pattern_invalid', message);
      return;
    }
    try {
      patternOf(node);
    } catch (thrown) {
      this.errors.push(errorFrom(thrown, this.source));
    }
  }

  private report(at: number, code: ExpressionError['code'], message: string, hint?: string): void {
    this.errors.push(errorAt(this.source, at, code, message, hint));
  }
}

function isScoped(method: string): boolean {
  return Object.values<ScopeRow>(SCOPES).some((row) => row.methods?.includes(method));
}

function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

export interface Reference {
  root: string;
  path: string[];
}

/** Which attributes of which roots the program reads, in order of appearance, each once; only the longest path that is written out. */
export function references(program: Program): Reference[] {
  const found = new Map<string, Reference>();
  walk(program.root, (node, inSelection) => {
    const reference = inSelection ? null : referenceOf(node);
    if (reference) found.set(JSON.stringify(reference), reference);
    return reference === null;
  });
  return [...found.values()];
}

/** `appuser.address['street']` as root and path; null for anything that is not written out in full. */
function referenceOf(node: Node): Reference | null {
  if (node.kind === 'root') return { root: node.name, path: [] };
  if (node.kind === 'member') return extend(referenceOf(node.object), node.name);
  if (node.kind === 'index' && node.index.kind === 'literal' && typeof node.index.value === 'string') {
    return extend(referenceOf(node.object), node.index.value);
  }
  return null;
}

function extend(reference: Reference | null, name: string): Reference | null {
  return reference && { root: reference.root, path: [...reference.path, name] };
}
