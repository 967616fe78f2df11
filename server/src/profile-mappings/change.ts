/** What a posted change makes of a mapping's properties; everything that could not work is refused here. Pure. */
import { compileToSave, type Scope } from '../expressions/index.ts';
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
  const properties = mergeProperties(present, change);
  const problems = Object.keys(change)
    .filter((name) => Object.hasOwn(properties, name))
    .flatMap((name) => [
      ...targetProblems(name, target),
      ...expressionProblems(name, properties[name]!.expression, target.kind === 'user' ? 'idpToUser' : 'userToApp'),
    ]);
  return problems.length > 0 ? { problems } : { properties };
}

/** The merged properties without a question whether they can work: a draft. */
export function mergeProperties(
  present: StoredProperties,
  change: NonNullable<MappingChangeBody['properties']>,
): StoredProperties {
  const properties = new Map(Object.entries(present));
  for (const [name, wanted] of Object.entries(change)) {
    const expression = wanted?.expression ?? (wanted === null ? '' : (present[name]?.expression ?? ''));
    const pushStatus = wanted?.pushStatus ?? present[name]?.pushStatus ?? 'DONT_PUSH';
    if (expression.trim() === '') properties.delete(name);
    else properties.set(name, { expression, pushStatus });
  }
  return Object.fromEntries(properties);
}

function targetProblems(name: string, target: Target): string[] {
  if (isProtectedTarget(name)) return [`${name}: no mapping may write this attribute`];
  return target.attributes.has(name) ? [] : [`${name}: the target profile has no such attribute`];
}

function expressionProblems(name: string, expression: string, scope: Scope): string[] {
  const compiled = compileToSave(expression, scope);
  if (compiled.ok) return [];
  return compiled.error.map(
    ({ message, at, hint }) =>
      `${name}: ${message} (line ${at.line}, column ${at.column})${hint === undefined ? '' : ` ${hint}`}`,
  );
}
