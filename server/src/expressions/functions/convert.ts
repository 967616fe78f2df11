import type { Call, FunctionRow } from './row.ts';
import { kindOf, textOf } from './text.ts';

const DECIMAL = /^[+-]?[0-9]{1,30}(\.[0-9]{1,30})?$/;

/** A number, or a text that is one (sign, digits, point; no exponent). null stays null; anything else is `conversion_failed`. */
function toNumber(value: unknown, call: Call): number | null {
  if (value === null || typeof value === 'number') return value;
  const text = typeof value === 'string' ? textOf(value, call)!.trim() : '';
  if (!DECIMAL.test(text)) return call.fail('conversion_failed', `${kindOf(value)} here is not a number.`);
  const number = Number(text);
  if (Math.abs(number) > Number.MAX_SAFE_INTEGER) call.fail('number_out_of_range', 'The number is too large.');
  return number;
}

export const CONVERT_FUNCTIONS: readonly FunctionRow[] = [
  {
    // Halves round up: 123.6 → 124, 2.5 → 3, -2.5 → -2.
    signature: 'Convert.toInt(value)',
    min: 1,
    max: 1,
    run: ([value], call) => {
      const number = toNumber(value, call);
      return number === null ? null : Math.round(number) + 0;
    },
  },
  { signature: 'Convert.toNum(value)', min: 1, max: 1, run: ([value], call) => toNumber(value, call) },
];
