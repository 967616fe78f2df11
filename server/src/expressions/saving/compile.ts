import { err, type Result } from '../../shared/result.ts';
import { compile, type Expression } from '../compile.ts';
import type { ExpressionError } from '../errors.ts';
import { parse } from '../parse.ts';
import { type Scope, scopeRow } from '../scopes.ts';
import { constantErrors, neverBooleanError } from './constants.ts';

/**
 * Compiles what somebody is about to save. Beyond `compile` it refuses what cannot work for anybody; one that was saved before
 * still runs, and tells its failures where it runs.
 */
export function compileToSave(source: string, scope: Scope): Result<Expression, ExpressionError[]> {
  const compiled = compile(source, scope);
  const row = scopeRow(scope);
  const parsed = parse(source, row);
  if (!compiled.ok || !parsed.ok) return compiled;
  const never = row.answers === 'boolean' ? neverBooleanError(parsed.value) : [];
  const errors = [...never, ...constantErrors(parsed.value, row.methods ?? [])];
  return errors.length > 0 ? err(errors) : compiled;
}
