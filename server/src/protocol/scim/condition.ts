/**
 * A parsed filter as a parameterised SQL condition. The caller's table of columns says which attributes exist, how they compare and
 * which operators they allow; every value becomes a parameter, never text.
 */
import { readTime } from '../../shared/clock.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { Comparison, Filter, FilterValue, Operator } from './filter.ts';

export interface Column {
  /** An SQL expression of the column, written by us. */
  sql: string;
  /** `text` compares without case; `set` is a JSON array of which any element may match. */
  type: 'text' | 'exact' | 'number' | 'boolean' | 'time' | 'set';
  operators: readonly Operator[];
  /** The condition of `pr` where `sql` always holds something. */
  present?: string;
  /** The form in which values of this column are stored, for example a canonical login. */
  canonical?(value: string): string;
  /** The condition of this column where it is written in a way of its own, for example as an index holds it; asked for all but `pr` of what is no set. */
  compare?(operator: Operator, value: unknown, parameters: Parameters): string;
}

export interface ConditionError {
  message: string;
}

/** Collects values and hands out their placeholders. */
export class Parameters {
  readonly values: unknown[];

  constructor(...values: unknown[]) {
    this.values = values;
  }

  add(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

/** The condition, with its values added to `parameters`. Fails with a sentence where an attribute, operator or value does not fit. */
export function toCondition(
  filter: Filter,
  columnOf: (attribute: string) => Column | null,
  parameters: Parameters,
): Result<string, ConditionError> {
  if (filter.kind === 'compare') return comparison(filter, columnOf(filter.attribute), parameters);
  if (filter.kind === 'not') {
    const condition = toCondition(filter.term, columnOf, parameters);
    return condition.ok ? ok(`not coalesce(${condition.value}, false)`) : condition;
  }
  const conditions: string[] = [];
  for (const term of filter.terms) {
    const condition = toCondition(term, columnOf, parameters);
    if (!condition.ok) return condition;
    conditions.push(condition.value);
  }
  return ok(`(${conditions.join(` ${filter.kind} `)})`);
}

const SYMBOLS: Readonly<Partial<Record<Operator, string>>> = {
  eq: '=',
  ne: 'is distinct from',
  gt: '>',
  ge: '>=',
  lt: '<',
  le: '<=',
};
const LIKE: Readonly<Partial<Record<Operator, (text: string) => string>>> = {
  sw: (text) => `${text}%`,
  ew: (text) => `%${text}`,
  co: (text) => `%${text}%`,
};

function comparison(
  { attribute, operator, value }: Comparison,
  column: Column | null,
  parameters: Parameters,
): Result<string, ConditionError> {
  if (column === null) return err({ message: `the attribute "${attribute.slice(0, 100)}" cannot be searched` });
  if (!column.operators.includes(operator))
    return err({ message: `the operator "${operator}" cannot be used with "${attribute}"` });
  if (operator === 'pr' && column.present !== undefined) return ok(column.present);
  if (operator === 'pr' && (column.compare === undefined || column.type !== 'set'))
    return ok(column.type === 'set' ? `jsonb_array_length(${column.sql}) > 0` : `${column.sql} is not null`);
  if (operator === 'pr') return ok(column.compare!(operator, null, parameters));
  if (value === null) return err({ message: `"${attribute}" cannot be compared with null: use "pr"` });
  const made = VALUES[column.type](value, column);
  if (made === undefined) {
    const why = column.type === 'time' ? 'is no ISO 8601 time such as 2026-01-31T08:00:00Z' : 'does not fit';
    return err({ message: `the value of "${attribute}" ${why}` });
  }

  if (column.compare !== undefined) return ok(column.compare(operator, made, parameters));

  const like = LIKE[operator];
  if (column.type === 'set')
    return ok(
      `exists (select 1 from jsonb_array_elements_text(${column.sql}) as item where ${matched('lower(item)', operator, made, parameters, true)})`,
    );
  if (like !== undefined && typeof made !== 'string')
    return err({ message: `the operator "${operator}" compares texts` });
  return ok(
    matched(
      column.type === 'text' ? `lower(${column.sql})` : column.sql,
      operator,
      made,
      parameters,
      column.type === 'text',
    ),
  );
}

/** `anyCase`: the database makes the value lower case as it does with what it is compared to, so that both agree in every script. */
function matched(sql: string, operator: Operator, value: unknown, parameters: Parameters, anyCase = false): string {
  const like = LIKE[operator];
  const given = parameters.add(like === undefined ? value : like(String(value).replace(/[\\%_]/g, '\\$&')));
  return `${sql} ${like === undefined ? SYMBOLS[operator] : 'like'} ${anyCase ? `lower(${given})` : given}`;
}

/** The value as the column's type; undefined where it does not fit. */
const VALUES: Readonly<Record<Column['type'], (value: Exclude<FilterValue, null>, column: Column) => unknown>> = {
  text: (value) => (typeof value === 'string' ? value : undefined),
  exact: (value, column) => (typeof value === 'string' ? (column.canonical?.(value) ?? value) : undefined),
  number: (value) => (typeof value === 'number' ? value : undefined),
  boolean: (value) =>
    typeof value === 'boolean' ? value : typeof value === 'string' ? BOOLEANS[value.toLowerCase()] : undefined,
  time: (value) => (typeof value === 'string' ? (readTime(value) ?? undefined) : undefined),
  set: (value) => String(value),
};

const BOOLEANS: Readonly<Record<string, boolean>> = { true: true, false: false };
