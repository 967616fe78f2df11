import type { Call } from './row.ts';

/** The text of a scalar, null for null. Lists and records have none: `type_mismatch`. Longer than the limit: `limit_output`. */
export function textOf(value: unknown, call: Call): string | null {
  if (value === null) return null;
  if (typeof value === 'object') {
    return call.fail('type_mismatch', `${kindOf(value)} cannot be used as text.`);
  }
  const text = String(value);
  call.allowText(text.length);
  call.charge(text.length);
  return text;
}

/** The text of a scalar; null becomes "null", and the result says so. */
export function textOrNullWord(value: unknown, call: Call): string {
  const text = textOf(value, call);
  if (text !== null) return text;
  call.noteNull();
  return 'null';
}

export function wholeNumber(value: unknown, call: Call): number {
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  return call.fail('type_mismatch', `A whole number is needed here, not ${kindOf(value)}.`);
}

/** A value's kind in words, for messages; never the value itself, which may be personal. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a record';
  if (typeof value === 'string') return 'text';
  return typeof value === 'number' ? 'a number' : 'a boolean';
}
