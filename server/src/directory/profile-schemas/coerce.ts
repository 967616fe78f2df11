/**
 * From what a provider sends to what an attribute holds (rulings 57): a table of conversions, nothing guessed. Several values into a
 * text are joined by a comma; into an array they are kept.
 */
import type { Json } from '../../shared/json.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { Attribute, AttributeType } from './attribute.ts';
import type { Violation } from './validate.ts';

type Scalar = string | number | boolean;

/** The value in the attribute's type; null stays null. Fails where there is no faithful conversion. */
export function coerce(attribute: Attribute, value: Json): Result<Json, Violation> {
  if (value === null) return ok(null);
  const made = attribute.type === 'array' ? toArray(attribute, value) : single(attribute.type, value);
  if (made !== undefined) return ok(made);
  const expected = attribute.type === 'array' ? `array of ${attribute.itemType}` : attribute.type;
  const message = `${attribute.name}: a value of type ${typeName(value)} cannot become ${expected}`;
  return err({ rule: 'type', attribute: attribute.name, message });
}

function toArray(attribute: Attribute, value: Json): Json[] | undefined {
  const items = (Array.isArray(value) ? value : [value]).filter((item) => item !== null);
  const made = items.map((item) => (isScalar(item) ? CONVERSIONS[attribute.itemType](item) : undefined));
  return made.every((item) => item !== undefined) ? made : undefined;
}

function single(type: Exclude<AttributeType, 'array'>, value: Json): Json | undefined {
  if (!Array.isArray(value)) return isScalar(value) ? CONVERSIONS[type](value) : undefined;
  const items = value.filter((item) => item !== null);
  if (!items.every(isScalar)) return undefined;
  if (type === 'string') return items.map(String).join(',');
  return items.length === 1 ? CONVERSIONS[type](items[0]!) : undefined;
}

const CONVERSIONS: Readonly<Record<Exclude<AttributeType, 'array'>, (value: Scalar) => Scalar | undefined>> = {
  string: (value) => String(value),
  boolean(value) {
    if (typeof value === 'boolean') return value;
    const text = String(value).trim().toLowerCase();
    return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : undefined;
  },
  number: (value) => toNumber(value),
  integer(value) {
    const number = toNumber(value);
    return Number.isSafeInteger(number) ? number : undefined;
  },
};

const DECIMAL = /^[+-]?\d{1,30}(?:\.\d{1,30})?(?:[eE][+-]?\d{1,3})?$/;

function toNumber(value: Scalar): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'boolean') return value ? 1 : 0;
  const number = DECIMAL.test(value.trim()) ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

function isScalar(value: Json): value is Scalar {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function typeName(value: Json): string {
  return Array.isArray(value) ? 'array' : typeof value;
}
