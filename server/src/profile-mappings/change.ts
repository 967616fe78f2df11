/** What a posted change makes of a mapping's properties; everything that could not work is refused here. Pure. */
import { compile, type Scope } from '../expressions/index.ts';
import { isProtectedTarget } from './protected.ts';
import type { MappingChangeBody, ProfileKind, StoredProperties } from './schema.ts';

export interface Target {
  kind: ProfileKind;
  /** Names of the attributes that exist there. */
  attributes: { has(name: string): boolean };
}

/** The merged properties, or one sentence per mistake (`target: …`, with line and column of an expression). */
export function changeProperties(
  present: StoredProperties,
  change: NonNullable<MappingChangeBody['properties']>,
  target: Target,
): { properties: StoredProperties } | { problems: string[] } {
  const properties = new Map(Object.entries(present));
  const problems: string[] = [];
  for (const [name, wanted] of Object.entries(change)) {
    const expression = wanted?.expression ?? (wanted === null ? '' : (present[name]?.expression ?? ''));
    if (expression.trim() === '') {
      properties.delete(name);
      continue;
    }
    problems.push(
      ...targetProblems(name, target),
      ...expressionProblems(name, expression, target.kind === 'user' ? 'idpToUser' : 'userToApp'),
    );
    properties.set(name, {
      expression,
      pushStatus: wanted?.pushStatus ?? properties.get(name)?.pushStatus ?? 'DONT_PUSH',
    });
  }
  return problems.length > 0 ? { problems } : { properties: Object.fromEntries(properties) };
}

function targetProblems(name: string, target: Target): string[] {
  if (isProtectedTarget(name)) return [`${name}: no mapping may write this attribute`];
  return target.attributes.has(name) ? [] : [`${name}: the target profile has no such attribute`];
}

function expressionProblems(name: string, expression: string, scope: Scope): string[] {
  const compiled = compile(expression, scope);
  if (compiled.ok) return [];
  return compiled.error.map(
    ({ message, at, hint }) =>
      `${name}: ${message} (line ${at.line}, column ${at.column})${hint === undefined ? '' : ` ${hint}`}`,
  );
}
