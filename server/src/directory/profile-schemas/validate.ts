/** Whether a profile satisfies its schema: pure, so that a sign-in can ask before it decides (contract §3; §13 rows 9-11). */
import { isoInstant, isTimeZone } from '../../shared/dates.ts';
import { isUnsafeName, type Json } from '../../shared/json.ts';
import type { Attribute, CompiledSchema } from './attribute.ts';

const EMAIL = /^[^\s@<>()[\]\\,;:"\p{Cc}]{1,64}@[^\s@<>()[\]\\,;:"\p{Cc}.]+(?:\.[^\s@<>()[\]\\,;:"\p{Cc}.]+)*$/u;
const DATE = /^\d{4}-\d\d-\d\d$/;
const DATE_TIME = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)$/;

/** The formats that a text attribute may have, and what counts as one. */
const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  email: (text) => EMAIL.test(text),
  uri: (text) => URL.canParse(text),
  hyperlink: (text) => URL.canParse(text) && /^https?:/i.test(text),
  date: (text) => DATE.test(text) && isoInstant(text) !== null,
  'date-time': (text) => DATE_TIME.test(text) && isoInstant(text.toUpperCase()) !== null,
  'country-code': (text) => /^[A-Za-z]{2}$/.test(text),
  'language-code': (text) => /^[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8})*$/.test(text),
  locale: (text) => /^[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8})*$/.test(text),
  timezone: isTimeZone,
};

export const FORMAT_NAMES: readonly string[] = Object.keys(FORMATS);

function hasFormat(text: string, format: string): boolean {
  return FORMATS[format]?.(text) ?? true;
}

export type ViolationRule = 'required' | 'type' | 'too_long' | 'too_short' | 'pattern' | 'enum' | 'format' | 'unknown';

export interface Violation {
  attribute: string;
  rule: ViolationRule;
  /** A whole sentence for the API's `errorCauses`. */
  message: string;
}

/** Lists are bounded whatever the schema says. */
export const MAX_LENGTH = 10_000;
const MAX_ITEMS = 1_000;

/** Everything wrong with a profile: in the schema's order, unknown names last. Null and absent are the same. */
export function validateProfile(schema: CompiledSchema, profile: Readonly<Record<string, Json>>): Violation[] {
  const violations: Violation[] = [];
  for (const attribute of schema.attributes.values()) {
    const value = Object.hasOwn(profile, attribute.name) ? profile[attribute.name] : undefined;
    const violation = isBlank(attribute, value) ? missing(attribute) : checkValue(attribute, value as Json);
    if (violation !== null) violations.push(violation);
  }
  for (const name of Object.keys(profile)) {
    if (schema.attributes.has(name) && !isUnsafeName(name)) continue;
    violations.push({
      attribute: name,
      rule: 'unknown',
      message: `Property name '${name.slice(0, 100)}' is not defined in profile`,
    });
  }
  return violations;
}

function isBlank(attribute: Attribute, value: Json | undefined): boolean {
  return (
    value === undefined ||
    value === null ||
    (Array.isArray(value) && value.length === 0) ||
    (attribute.type === 'string' && typeof value === 'string' && value.trim() === '')
  );
}

function missing(attribute: Attribute): Violation | null {
  if (!attribute.required) return null;
  return { attribute: attribute.name, rule: 'required', message: `${attribute.name}: The field cannot be left blank` };
}

function checkValue(attribute: Attribute, value: Json): Violation | null {
  if (attribute.type !== 'array') return checkScalar(attribute, attribute.type, value);
  if (!Array.isArray(value)) return broken(attribute, 'type', 'expected an array');
  if (value.length > MAX_ITEMS) return broken(attribute, 'too_long', `at most ${MAX_ITEMS} values`);
  for (const item of value) {
    const violation = checkScalar(attribute, attribute.itemType, item);
    if (violation !== null) return violation;
  }
  return null;
}

function checkScalar(attribute: Attribute, type: string, value: Json): Violation | null {
  if (!hasType(type, value)) return broken(attribute, 'type', `expected ${type === 'integer' ? 'an' : 'a'} ${type}`);
  if (attribute.enum !== undefined && !attribute.enum.includes(value)) {
    return broken(attribute, 'enum', 'the value is not one of the allowed values');
  }
  return typeof value === 'string' ? checkText(attribute, value) : null;
}

function checkText(attribute: Attribute, text: string): Violation | null {
  const length = text.length > MAX_LENGTH ? text.length : [...text].length;
  const longest = Math.min(attribute.maxLength ?? MAX_LENGTH, MAX_LENGTH);
  if (length > longest) return broken(attribute, 'too_long', `at most ${longest} characters`);
  if (attribute.minLength !== undefined && length < attribute.minLength) {
    return broken(attribute, 'too_short', `at least ${attribute.minLength} characters`);
  }
  if (text.includes('\u0000')) return broken(attribute, 'pattern', 'the character U+0000 is not allowed');
  if (attribute.format !== undefined && !hasFormat(text, attribute.format)) {
    const what =
      attribute.format === 'email' ? 'must be in the form of an email address' : `is not a valid ${attribute.format}`;
    return broken(attribute, 'format', what);
  }
  return attribute.matches(text) ? null : broken(attribute, 'pattern', "the value doesn't match the required pattern");
}

export function hasType(type: string, value: Json): boolean {
  if (type === 'integer') return Number.isSafeInteger(value);
  if (type === 'number') return typeof value === 'number' && Number.isFinite(value);
  return typeof value === type;
}

function broken(attribute: Attribute, rule: ViolationRule, what: string): Violation {
  return { attribute: attribute.name, rule, message: `${attribute.name}: ${what}` };
}
