import { isUnsafeName } from '../shared/json.ts';
import { Stop } from './errors.ts';
import type { Limits } from './limits.ts';

/** What an expression can result in. Records have no prototype. */
export type Value = null | string | number | boolean | Value[] | { [name: string]: Value };

/** Anything that is not JSON (functions, symbols, undefined, NaN) reads as null. */
export function normalise(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'object':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : null;
    default:
      return null;
  }
}

/** An own, enumerable data property, normalised; null for everything else. Never runs a getter, never follows a prototype. */
export function readOwn(object: object, name: string): unknown {
  if (isUnsafeName(name)) return null;
  const property = Object.getOwnPropertyDescriptor(object, name);
  return property?.enumerable && 'value' in property ? normalise(property.value) : null;
}

/** The elements of a list, each read as an attribute is. Throws Stop `limit_output`. */
export function elementsOf(list: readonly unknown[], limits: Limits): unknown[] {
  if (list.length > limits.elements) throw tooLarge(`${limits.elements} elements`, 0);
  return Array.from({ length: list.length }, (_, i) => readOwn(list, String(i)));
}

export function tooLarge(limit: string, offset: number): Stop {
  return new Stop('limit_output', `The result, or a part on the way to it, is larger than ${limit}.`, offset);
}

/** A copy of a result that shares nothing with the bindings. Throws Stop `limit_output`, `too_deep`. */
export function copyOut(value: unknown, limits: Limits): Value {
  return new Copy(limits).value(value, 1);
}

class Copy {
  private readonly limits: Limits;
  private count = 0;
  private characters = 0;

  constructor(limits: Limits) {
    this.limits = limits;
  }

  value(item: unknown, depth: number): Value {
    // The list itself is one value beside its elements.
    if (++this.count > this.limits.elements + 1) throw tooLarge(`${this.limits.elements} elements`, 0);
    if (depth > this.limits.depth) throw new Stop('too_deep', 'The result nests too deeply.', 0);
    if (typeof item === 'string') return this.text(item);
    if (typeof item === 'number' || typeof item === 'boolean') return item;
    if (typeof item !== 'object' || item === null) return null;
    if (Array.isArray(item)) return elementsOf(item, this.limits).map((element) => this.value(element, depth + 1));
    const record: Record<string, Value> = Object.create(null);
    for (const name of Object.keys(item)) {
      if (!isUnsafeName(name)) record[this.text(name)] = this.value(readOwn(item, name), depth + 1);
    }
    return record;
  }

  /** Half a surrogate pair, which a substring can leave behind, becomes U+FFFD: databases refuse it otherwise. */
  private text(text: string): string {
    this.characters += text.length;
    const { characters, resultCharacters } = this.limits;
    if (text.length > characters) throw tooLarge(`${characters} characters`, 0);
    if (this.characters > resultCharacters) throw tooLarge(`${resultCharacters} characters`, 0);
    return text.toWellFormed();
  }
}
