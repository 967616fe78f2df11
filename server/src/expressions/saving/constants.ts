/** What the text of an expression says about its values before there are any. Pure. */
import { childrenOf, type Node, type Program, walk } from '../ast.ts';
import { type ExpressionError, errorAt } from '../errors.ts';
import { evaluate } from '../evaluate.ts';
import { FUNCTIONS, METHOD_FUNCTIONS } from '../functions/table.ts';

/** An expression may have thousands of parts; so many of them are computed. */
const MOST_COMPUTED = 100;
const MOST_REPORTED = 20;

/** For what a function asks for beside its arguments: its answer means nothing then, its complaint about an argument does. */
const STAND_INS = { now: new Date(0), groups: [], internal: {} };

const HINT = 'This part is the same for everybody, so it never has a value.';

/**
 * The failures of parts in which no attribute is read, such as `1 / 0`, a pattern that cannot be used or a format that does not exist:
 * they fail for everybody. `scoped`: the methods whose object does not matter.
 */
export function constantErrors({ root, source }: Program, scoped: readonly string[]): ExpressionError[] {
  const errors: ExpressionError[] = [];
  const settled = new Set<Node>();
  let computed = 0;
  walk(root, (node) => {
    const part = settled.has(node) ? null : fixedPart(node, scoped);
    if (part === null || computed === MOST_COMPUTED || errors.length === MOST_REPORTED) return true;
    computed++;
    const result = evaluate({ source, root: part }, STAND_INS);
    if (!result.ok) errors.push({ hint: HINT, ...result.error });
    else if (isConstant(node)) settle(node, settled);
    return result.ok;
  });
  return errors;
}

/** What can be computed of a node without a person; null where nothing can. */
function fixedPart(node: Node, scoped: readonly string[]): Node | null {
  if (node.kind === 'literal') return null;
  if (isConstant(node)) return node;
  if (node.kind === 'call') return node.args.every(isConstant) ? node : null;
  if (node.kind !== 'method' || !scoped.includes(node.name) || !node.args.every(isConstant)) return null;
  return { ...node, object: { kind: 'literal', value: null, at: node.at } };
}

function isConstant(node: Node): boolean {
  if (node.kind === 'root') return false;
  if (node.kind === 'call' && FUNCTIONS.get(node.name)?.needs !== undefined) return false;
  if (node.kind === 'method' && METHOD_FUNCTIONS.get(node.name)?.needs !== undefined) return false;
  return childrenOf(node).every(isConstant);
}

/** A part that has a value may have others within that are never reached: `true || 1 / 0 == 1`. */
function settle(node: Node, settled: Set<Node>): void {
  settled.add(node);
  for (const child of childrenOf(node)) settle(child, settled);
}

/** A whole expression that is never true or false, whoever it is asked of. */
export function neverBooleanError({ root, source }: Program): ExpressionError[] {
  if (!isNeverBoolean(root)) return [];
  const hint = 'Compare it with something, for example user.department == "Sales".';
  return [errorAt(source, root.at, 'type_mismatch', 'The expression is never true or false.', hint)];
}

const NUMBERS_AND_TEXTS: readonly string[] = ['+', '-', '*', '/', '%'];

function isNeverBoolean(node: Node): boolean {
  switch (node.kind) {
    case 'literal':
      return typeof node.value !== 'boolean';
    case 'root':
    case 'list':
    case 'map':
    case 'select':
    case 'project':
      return true;
    case 'unary':
      return node.operator === '-';
    case 'binary':
      return NUMBERS_AND_TEXTS.includes(node.operator);
    case 'conditional':
      return isNeverBoolean(node.then) && isNeverBoolean(node.otherwise);
    case 'elvis':
      return isNeverBoolean(node.left) && isNeverBoolean(node.right);
    default:
      return false;
  }
}
