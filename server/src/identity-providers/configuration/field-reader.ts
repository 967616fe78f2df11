/** Reads fields of a request body by their paths, collecting a cause for each that cannot be used. Unknown fields are never looked at. */
import { isObject } from '../../shared/json.ts';

export interface FieldReader {
  /** `<path>: <sentence>`, in the order in which the fields were read. */
  readonly causes: string[];
  refuse(path: string, sentence: string): void;
  /** The value at a path; null counts as absent. */
  at(path: string): unknown;
  text(path: string, options: { max: number; required?: boolean }): string | null;
  flag(path: string, fallback: boolean): boolean;
  choice<const T extends readonly string[], F extends T[number] | null>(
    path: string,
    values: T,
    fallback: F,
  ): T[number] | F;
  integer(path: string, range: { min: number; max: number; unit: string }, fallback: number): number;
  texts(path: string, options: { maxItems: number; maxLength: number }): string[] | null;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
const CONTROL = /[\u0000-\u001f\u007f]/;

export function createFieldReader(body: Record<string, unknown>): FieldReader {
  const causes: string[] = [];
  const refuse = (path: string, sentence: string) => {
    causes.push(`${path}: ${sentence}`);
  };
  const at = (path: string): unknown => {
    let value: unknown = body;
    for (const name of path.split('.')) value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
    return value ?? undefined;
  };
  function isText(path: string, value: unknown, max: number): value is string {
    if (typeof value !== 'string') refuse(path, 'must be a text');
    else if (value.length > max) refuse(path, `must not be longer than ${max} characters`);
    else if (CONTROL.test(value)) refuse(path, 'must not contain control characters');
    else return true;
    return false;
  }

  return {
    causes,
    refuse,
    at,
    text(path, { max, required }) {
      const value = at(path);
      if (value === undefined || value === '') {
        if (required) refuse(path, 'is required');
        return null;
      }
      return isText(path, value, max) ? value : null;
    },
    flag(path, fallback) {
      const value = at(path);
      if (value === undefined || typeof value === 'boolean') return value ?? fallback;
      refuse(path, 'must be true or false');
      return fallback;
    },
    choice(path, values, fallback) {
      const value = at(path);
      if (value === undefined) return fallback;
      if (typeof value === 'string' && values.includes(value)) return value as (typeof values)[number];
      refuse(path, `must be one of ${values.join(', ')}`);
      return fallback;
    },
    integer(path, { min, max, unit }, fallback) {
      const value = at(path);
      if (value === undefined) return fallback;
      if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) return value as number;
      refuse(path, `must be a whole number of ${unit} from ${min} to ${max}`);
      return fallback;
    },
    texts(path, { maxItems, maxLength }) {
      const value = at(path);
      if (value === undefined) return null;
      if (!Array.isArray(value)) refuse(path, 'must be a list of texts');
      else if (value.length > maxItems) refuse(path, `must not have more than ${maxItems} entries`);
      else if (value.every((item, index) => isText(`${path}.${index}`, item, maxLength))) return value;
      return null;
    },
  };
}
