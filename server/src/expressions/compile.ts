import { err, ok, type Result } from '../shared/result.ts';
import { type Node, walk } from './ast.ts';
import { check, type Reference, references } from './check.ts';
import type { ExpressionError } from './errors.ts';
import { type Bindings, type Evaluated, evaluate } from './evaluate.ts';
import type { Need } from './functions/row.ts';
import { FUNCTIONS, METHOD_FUNCTIONS } from './functions/table.ts';
import type { Limits } from './limits.ts';
import { parse } from './parse.ts';
import { type Scope, type ScopeRow, scopeRow } from './scopes.ts';

/** An expression that is ready to run; keep it as long as the configuration it came from. */
export interface Expression {
  source: string;
  scope: Scope;
  /** What it reads, by binding: aliases of a root (`saml`, `source`) are resolved. */
  references: Reference[];
  /** What its functions ask for beside them: a time, the person's groups. */
  needs: Need[];
  /** Takes the bindings of the scope's row in scopes.ts; a binding that is absent reads as null. */
  evaluate(bindings: Bindings, limits?: Partial<Limits>): Result<Evaluated, ExpressionError>;
}

/** Parses and checks once. The error holds every finding of `check`, or the one of `parse`. */
export function compile(source: string, scope: Scope): Result<Expression, ExpressionError[]> {
  const row = scopeRow(scope);
  const parsed = parse(source, row);
  if (!parsed.ok) return err([parsed.error]);
  const program = parsed.value;
  const errors = check(program, scope);
  if (errors.length > 0) return err(errors);
  resolveAliases(program.root, row);
  return ok({
    source,
    scope,
    references: references(program),
    needs: needsOf(program.root),
    evaluate: (bindings, limits) => evaluate(program, bindings, limits),
  });
}

function needsOf(root: Node): Need[] {
  const needs = new Set<Need>();
  walk(root, (node) => {
    const row =
      node.kind === 'call'
        ? FUNCTIONS.get(node.name)
        : node.kind === 'method'
          ? METHOD_FUNCTIONS.get(node.name)
          : undefined;
    if (row?.needs !== undefined) needs.add(row.needs);
    return true;
  });
  return [...needs];
}

/** Writes the bindings' names into the tree, so that an evaluation has nothing left to look up. */
function resolveAliases(root: Node, row: ScopeRow): void {
  walk(root, (node, inSelection) => {
    if (node.kind === 'root' && !inSelection) node.name = row.roots[node.name]!.binding;
    return true;
  });
}

/**
 * Whether an expression reads an attribute of a binding, written out (`user.company`, `user['company']`). One that does not compile reads
 * nothing: it was stored before its functions or roots went.
 */
export function readsAttribute(source: string, scope: Scope, binding: string, attribute: string): boolean {
  const compiled = compile(source, scope);
  return compiled.ok && compiled.value.references.some(({ root, path }) => root === binding && path[0] === attribute);
}
