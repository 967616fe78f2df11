export type BinaryOperator =
  | '||'
  | '&&'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'matches'
  | '+'
  | '-'
  | '*'
  | '/'
  | '%';

/** Every node knows the offset of its first own token, for error messages. */
export type Node = { at: number } & (
  | { kind: 'literal'; value: null | string | number | boolean; decimal?: true }
  | { kind: 'root'; name: string }
  | { kind: 'member'; object: Node; name: string }
  | { kind: 'index'; object: Node; index: Node }
  | { kind: 'select'; object: Node; condition: Node }
  | { kind: 'project'; object: Node; expression: Node }
  | { kind: 'call'; name: string; args: Node[] }
  | { kind: 'method'; object: Node; name: string; args: Node[] }
  | { kind: 'unary'; operator: '-' | '!'; operand: Node }
  | { kind: 'binary'; operator: BinaryOperator; left: Node; right: Node }
  | { kind: 'conditional'; test: Node; then: Node; otherwise: Node }
  | { kind: 'elvis'; left: Node; right: Node }
  | { kind: 'list'; items: Node[] }
  | { kind: 'map'; entries: { key: Node; value: Node }[] }
);

/** A parsed expression with the text it came from; plain data, so it can be kept and evaluated again and again. */
export interface Program {
  source: string;
  root: Node;
}

export function childrenOf(node: Node): Node[] {
  switch (node.kind) {
    case 'literal':
    case 'root':
      return [];
    case 'member':
      return [node.object];
    case 'index':
      return [node.object, node.index];
    case 'select':
      return [node.object, node.condition];
    case 'project':
      return [node.object, node.expression];
    case 'call':
      return node.args;
    case 'method':
      return [node.object, ...node.args];
    case 'unary':
      return [node.operand];
    case 'binary':
    case 'elvis':
      return [node.left, node.right];
    case 'conditional':
      return [node.test, node.then, node.otherwise];
    case 'list':
      return node.items;
    case 'map':
      return node.entries.flatMap(({ key, value }) => [key, value]);
  }
}

/**
 * Visits a tree from the outside in; `visit` answers false to leave a node's children out. Inside a selection's condition and a
 * projection's expression a bare name is an attribute of the element and not a root, so `visit` is told where it is.
 */
export function walk(node: Node, visit: (node: Node, inSelection: boolean) => boolean, inSelection = false): void {
  if (!visit(node, inSelection)) return;
  for (const child of childrenOf(node)) {
    const ofElement =
      (node.kind === 'select' && child === node.condition) || (node.kind === 'project' && child === node.expression);
    walk(child, visit, inSelection || ofElement);
  }
}

/** The first node that lies deeper than `limit` levels, found without recursion, so that a long chain cannot exhaust the stack. */
export function nodeBelow(root: Node, limit: number): Node | null {
  let level = [root];
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > limit) return level[0]!;
    level = level.flatMap(childrenOf);
  }
  return null;
}
