/** A mapping that is ready to run, and its evaluation: from what a source says to values of the target's profile. Pure. */
import { compile, type Expression } from '../expressions/index.ts';
import type { Json } from '../shared/json.ts';
import { isProtectedTarget } from './protected.ts';
import type { StoredProperties } from './schema.ts';

export interface CompiledProperty {
  target: string;
  program: Expression;
  push: boolean;
}

export interface MappingSource {
  /** The incoming profile: claims by their own names and by the variable names of the provider's schema. */
  appuser: Record<string, Json>;
  /** The transformed user name, `source.userName`. */
  userName: string | null;
  /** The present profile of the user; null for a new one. */
  user: Record<string, Json> | null;
  now: Date;
}

export interface MappingProblem {
  target: string;
  /** A code of expressions/errors.ts, or `null_in_text`, `protected_target`. */
  code: string;
  message: string;
}

export interface MappingResult {
  /** An absent target keeps its value, '' clears it (rulings 20). */
  values: Record<string, Json>;
  problems: MappingProblem[];
}

export interface CompiledMapping {
  properties: CompiledProperty[];
  /** 'create' takes every property, 'update' those that push. Never throws. */
  evaluate(source: MappingSource, mode: 'create' | 'update'): MappingResult;
}

export function compileMapping(properties: StoredProperties): CompiledMapping {
  const compiled = Object.entries(properties).flatMap(([target, { expression, pushStatus }]) => {
    const program = compile(expression, 'idpToUser');
    return program.ok ? [{ target, program: program.value, push: pushStatus === 'PUSH' }] : [];
  });
  return { properties: compiled, evaluate: (source, mode) => evaluateMapping(compiled, source, mode) };
}

function evaluateMapping(
  properties: readonly CompiledProperty[],
  source: MappingSource,
  mode: 'create' | 'update',
): MappingResult {
  const bindings = {
    idpuser: { ...source.appuser, userName: source.userName },
    user: source.user ?? {},
    now: source.now,
  };
  const result: MappingResult = { values: {}, problems: [] };
  for (const { target, program, push } of properties) {
    if (mode === 'update' && !push) continue;
    const made = isProtectedTarget(target) ? PROTECTED : computed(program, bindings);
    if ('code' in made) result.problems.push({ target, ...made });
    else if (made.value !== null) result.values[target] = made.value;
  }
  return result;
}

const PROTECTED = { code: 'protected_target', message: 'No mapping may write this attribute.' };

/** A null that was written into a text would make a name such as "null Doe": the old value stays instead. */
function computed(
  program: Expression,
  bindings: Record<string, unknown>,
): { value: Json } | { code: string; message: string } {
  const result = program.evaluate(bindings);
  if (!result.ok) return { code: result.error.code, message: result.error.message };
  const { value, usedNull } = result.value;
  if (!usedNull) return { value };
  const missing = program.references
    .filter(({ root, path }) => path[0] !== undefined && readPath(bindings[root], path) == null)
    .map(({ path }) => path.join('.'));
  return {
    code: 'null_in_text',
    message: `The text would hold "null"${missing.length === 0 ? '' : `: ${missing.join(', ')} is missing`}.`,
  };
}

function readPath(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, name) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, name) ? (at as Record<string, unknown>)[name] : null,
    value,
  );
}
