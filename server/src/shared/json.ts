/** What JSON can say. */
export type Json = null | string | number | boolean | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

const UNSAFE_NAMES = new Set(['__proto__', 'constructor', 'prototype']);

/** Names that could reach JavaScript's own machinery; they are never attribute names (security.md H5). */
export function isUnsafeName(name: string): boolean {
  return UNSAFE_NAMES.has(name);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** U+0000 and half a surrogate pair, as JSON writes them: jsonb takes neither. */
const UNSTORABLE = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g;

/** JSON text that the database accepts whatever the texts in it hold: what it cannot store becomes U+FFFD. */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value);
  return json.includes('\\u') ? json.replace(UNSTORABLE, '$1\\ufffd') : json;
}
