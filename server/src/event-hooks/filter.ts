/** The conditions of a hook's filter: compiled when it is saved, asked of each event. Pure. */
import { compile, compileToSave, type Expression } from '../expressions/index.ts';
import type { JsonObject } from '../shared/json.ts';
import type { HookFilter } from './schema.ts';

/** Sentences about what is wrong; none: every condition can be asked. */
export function filterProblems(filter: HookFilter, subscribed: readonly string[]): string[] {
  const seen = new Set<string>();
  return filter.flatMap(({ event, expression }) => {
    if (!subscribed.includes(event)) return [`"${event}" is filtered, but not among the subscribed events`];
    if (seen.has(event)) return [`"${event}" has two conditions; join them with &&`];
    seen.add(event);
    const compiled = compileToSave(expression, 'hookFilter');
    if (compiled.ok) return [];
    return compiled.error.map(
      ({ message, hint, at }) =>
        `the condition of "${event}", line ${at.line}, column ${at.column}: ${message}${hint ? ` ${hint}` : ''}`,
    );
  });
}

export type Wanted = (event: JsonObject) => boolean;

/** Whether a hook with this filter wants an event. A condition that cannot be computed for it does not keep it back: nothing is lost. */
export function compileFilter(filter: HookFilter | null): Wanted {
  const conditions = new Map<unknown, Expression>();
  for (const { event, expression } of filter ?? []) {
    const compiled = compile(expression, 'hookFilter');
    if (compiled.ok) conditions.set(event, compiled.value);
  }
  return (event) => {
    const condition = conditions.get(event.eventType);
    if (condition === undefined) return true;
    const result = condition.evaluate({ event });
    return !result.ok || result.value.value === true || result.value.value === 'true';
  };
}
