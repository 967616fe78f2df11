import { NESTING_LIMIT } from '../limits.ts';
import { readOwn } from '../values.ts';
import type { Call } from './row.ts';
import { kindOf } from './text.ts';

/**
 * Numbers are IEEE doubles within ±(2^53 − 1). A division of two whole numbers drops the remainder towards zero (7 / 2 = 3, as in
 * the language that this one follows), unless one of them was written or computed with a decimal point (7 / 2.0 = 3.5).
 */
export function arithmetic(
  operator: '+' | '-' | '*' | '/' | '%',
  left: unknown,
  right: unknown,
  decimal: boolean,
  call: Call,
): number {
  if (typeof left !== 'number' || typeof right !== 'number') {
    const need = operator === '+' ? 'numbers, or text on one side' : 'numbers';
    return call.fail('type_mismatch', `"${operator}" needs ${need}, not ${kindOf(left)} and ${kindOf(right)}.`);
  }
  if (right === 0 && (operator === '/' || operator === '%')) call.fail('division_by_zero', 'A division by zero.');
  const whole = !decimal && Number.isInteger(left) && Number.isInteger(right);
  const result = compute(operator, left, right);
  if (!Number.isFinite(result) || Math.abs(result) > Number.MAX_SAFE_INTEGER) {
    call.fail('number_out_of_range', 'The result is too large a number.');
  }
  return (operator === '/' && whole ? Math.trunc(result) : result) + 0;
}

function compute(operator: '+' | '-' | '*' | '/' | '%', left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
  }
}

/** Order of two numbers or two texts (by UTF-16 unit); null comes before everything. Other pairs: `type_mismatch`. */
export function compare(operator: '<' | '<=' | '>' | '>=', left: unknown, right: unknown, call: Call): boolean {
  const order = orderOf(left, right, call);
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

function orderOf(left: unknown, right: unknown, call: Call): number {
  if (left === null || right === null) return Number(left !== null) - Number(right !== null);
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === 'string' && typeof right === 'string') {
    call.charge(Math.min(left.length, right.length));
    return left < right ? -1 : Number(left > right);
  }
  return call.fail('type_mismatch', `${kindOf(left)} and ${kindOf(right)} have no order.`);
}

/** Same type and same content; "1" and 1 differ. Lists and records are compared element by element, each for at least a step. */
export function equal(left: unknown, right: unknown, call: Call, depth = 1): boolean {
  call.charge(typeof left === 'string' && typeof right === 'string' ? Math.min(left.length, right.length) + 1 : 1);
  if (depth > NESTING_LIMIT) call.fail('too_deep', 'The values nest too deeply to be compared.');
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every(
      (name) => Object.hasOwn(right, name) && equal(readOwn(left, name), readOwn(right, name), call, depth + 1),
    )
  );
}
